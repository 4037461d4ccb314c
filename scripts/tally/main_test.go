package main

import (
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	for name, c := range map[string]struct{ in, last, says string }{
		"passed tests and subtests count": {
			`{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"A/b"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Elapsed":1.25}`,
			"2 passed, 0 failed", "ok  \tp\t1.2s\n"},
		"a failed test says what it said": {
			`{"Action":"output","Package":"p","Test":"A","Output":"want 1\n"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t2s\n"}
{"Action":"fail","Package":"p","Elapsed":2}`,
			"0 passed, 1 failed", "want 1\nFAIL\tp\t2s\n"},
		"a package that does not build is a failure": {
			`{"Action":"build-output","ImportPath":"p","Output":"p.go:1: no\n"}
{"Action":"fail","Package":"p","Elapsed":0}`,
			"0 passed, 1 failed", "p.go:1: no\n"},
		"a skipped test is told": {
			`{"Action":"output","Package":"p","Test":"A","Output":"why\n"}
{"Action":"skip","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Elapsed":0}`,
			"0 passed, 0 failed, 1 skipped", "why\nok  \tp\t0.0s\n"},
		"a package without tests is nothing": {
			`{"Action":"skip","Package":"p"}`, "0 passed, 0 failed", ""},
		"other lines go through": {
			"ld: warning", "0 passed, 0 failed", "ld: warning\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			tl := &tally{out: &out, said: map[string][]string{}, failing: map[string]bool{}}
			if err := tl.read(strings.NewReader(c.in)); err != nil {
				t.Fatal(err)
			}
			if tl.closing() != c.last || out.String() != c.says {
				t.Errorf("closing %q, said %q; want %q and %q", tl.closing(), out.String(), c.last, c.says)
			}
		})
	}
}
