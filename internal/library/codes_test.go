package library_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// secondSource reads testdata/standards.txt: table → code → name in content.
func secondSource(t *testing.T) map[string]map[string]string {
	t.Helper()
	f, err := os.Open("testdata/standards.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // only read
	all, table := map[string]map[string]string{}, ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		code, name, row := strings.Cut(lines.Text(), " ")
		switch {
		case strings.HasPrefix(code, "#"):
		case !row:
			table = code
			all[table] = map[string]string{}
		default:
			if _, ours, differs := strings.Cut(name, " --- "); differs {
				name = ours
			}
			all[table][code] = name
		}
	}
	return all
}

func TestCodeTablesAgreeWithASecondSource(t *testing.T) {
	lib, second := shipped(t), secondSource(t)
	for id, c := range lib.Law.Codes {
		if _, ok := second[id]; c.Standard != "" && !ok {
			t.Errorf("%s: said to be %s, and nothing to read it against", id, c.Standard)
		}
	}
	for id, want := range second {
		c := lib.Law.Codes[id]
		if c.Standard == "" {
			t.Errorf("%s: does not name its standard", id)
		}
		if len(c.Values) != len(want) {
			t.Errorf("%s: %d codes, the second source has %d", id, len(c.Values), len(want))
		}
		for _, v := range c.Values {
			if want[v.Code] != v.ZH {
				t.Errorf("%s: %s is %q, in the second source %q", id, v.Code, v.ZH, want[v.Code])
			}
		}
	}
}
