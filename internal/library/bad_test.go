package library_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/content"
	"qingfeng/internal/library"
)

var update = flag.Bool("update", false, "write what is said of bad content into want.txt")

// TestBad lays one mistake at a time over the content of the program. want.txt is
// all that may be said of it: the place, the reason, and nothing else.
func TestBad(t *testing.T) {
	dirs, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			dir := filepath.Join("testdata/bad", d.Name())
			_, err := library.Load(content.FS, os.DirFS(dir))
			var problems library.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("loaded: %v", err)
			}
			got := problems.Error() + "\n"
			if *update {
				if err := os.WriteFile(filepath.Join(dir, "want.txt"), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := fs.ReadFile(os.DirFS(dir), "want.txt")
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestOneMistakeDoesNotHideAnother is what "all at once" means.
func TestOneMistakeDoesNotHideAnother(t *testing.T) {
	_, err := library.Load(content.FS, os.DirFS("testdata/bad/all_at_once"), os.DirFS("testdata/bad/rule_gap"), os.DirFS("testdata/bad/stray_file"))
	var problems library.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("loaded: %v", err)
	}
	files := map[string]int{}
	for _, p := range problems {
		if p.Line == 0 != strings.HasPrefix(p.File, "rule/") {
			t.Errorf("%s: only a whole file has no line", p)
		}
		files[p.File]++
	}
	for file, n := range map[string]int{"procedures/x/procedure.yaml": 4, "rules/late.tolerance.yaml": 1, "rule/late.tolerance.yaml": 1} {
		if files[file] != n {
			t.Errorf("%s: %d problems, want %d:\n%v", file, files[file], n, problems)
		}
	}
}
