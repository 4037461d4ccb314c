package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/content"
	"qingfeng/internal/record"
)

// started is the installation in dir with the content directory over it, as serve
// starts it.
func started(t *testing.T, dir, over string) *house {
	t.Helper()
	h := reopened(t, dir, func(f *dataFlags) { f.Content = over })
	h.recordContent(&invocation{ctx: t.Context(), out: io.Discard, errs: io.Discard, log: slog.New(slog.DiscardHandler)})
	return h
}

// ended closes the installation before its test ends.
func (h *house) ended() {
	h.t.Helper()
	if !h.closed {
		must(h.t, h.close())
	}
	h.closed = true
}

// overrides are the records about replaced content, one line each.
func (h *house) overrides() (lines []string) {
	for _, r := range h.records() {
		if r.Procedure() == "override" {
			if r.Actor != 0 || r.Org != 1 {
				h.t.Errorf("record %d is an act of %s in %s", r.Seq, r.Actor, r.Org)
			}
			lines = append(lines, r.Step()+" "+r.Fields.Text("path"))
		}
	}
	return lines
}

func TestReplacedContentIsRecordedOnce(t *testing.T) {
	const file = "rules/late.tolerance.yaml"
	builtIn, err := content.FS.ReadFile(file)
	must(t, err)
	dir, over := newHouse(t).sealed().copied(), t.TempDir()
	put := func(name, text string) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(over, name)), 0o700))
		must(t, os.WriteFile(filepath.Join(over, name), []byte(text), 0o600))
	}
	for _, step := range []struct {
		name string
		do   func()
		want []string // everything recorded so far
	}{
		{"control: an empty directory replaces nothing", func() {}, nil},
		{"a file is replaced", func() { put(file, string(builtIn)+"# ours\n") }, []string{"replace " + file}},
		{"nothing new at the next start", func() {}, []string{"replace " + file}},
		{"the file is changed", func() { put(file, string(builtIn)+"# ours, again\n") }, []string{"replace " + file, "replace " + file}},
		{"it is withdrawn", func() { must(t, os.Remove(filepath.Join(over, file))) }, []string{"replace " + file, "replace " + file, "withdraw " + file}},
		{"and stays so", func() {}, []string{"replace " + file, "replace " + file, "withdraw " + file}},
		{"the first one comes back", func() { put(file, string(builtIn)+"# ours\n") }, []string{"replace " + file, "replace " + file, "withdraw " + file, "replace " + file}},
	} {
		step.do()
		h := started(t, dir, over)
		if got := h.overrides(); strings.Join(got, "\n") != strings.Join(step.want, "\n") {
			t.Errorf("%s: recorded %q", step.name, got)
		}
		o, ok := h.app.Overridden(file)
		if last := step.want[max(0, len(step.want)-1):]; len(last) > 0 && ok != strings.HasPrefix(last[0], "replace") || ok && (o.Record == 0 || len(o.Hash) != 64 || len(o.Replaced) != 64) {
			t.Errorf("%s: a page would say %v %+v", step.name, ok, o)
		}
		h.ended()
	}
}

func TestAnEmptyInstallationRecordsItsContentAtSetUp(t *testing.T) {
	over := t.TempDir()
	text, err := content.FS.ReadFile("rules/late.tolerance.yaml")
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(over, "rules"), 0o700))
	must(t, os.WriteFile(filepath.Join(over, "rules", "late.tolerance.yaml"), append(text, "# ours\n"...), 0o600))
	h := started(t, filepath.Join(t.TempDir(), "data"), over)
	if h.app.Size() != 0 {
		t.Fatal("there is nowhere to record anything")
	}
	h.setUp()
	if got := h.overrides(); len(got) != 1 {
		t.Errorf("recorded %q", got)
	}
	var last record.Record
	for _, r := range h.records() {
		last = r
	}
	if last.Fields.Text("hash") == "" || last.Fields.Text("replaced") == "" {
		t.Errorf("without digest: %v", last.Fields)
	}
}
