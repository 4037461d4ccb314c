package arch

import (
	"io/fs"
	"os"
	"regexp"
	"testing"
	"testing/fstest"

	"qingfeng/content"
	"qingfeng/internal/library"
)

// example finds a file shown on a page: its path, then its text.
var example = regexp.MustCompile("(?m)^`content/([^`]+)`\n\n```yaml\n((?s:.*?))```\n")

// TestTheTasksAreTrue loads what the pages of docs/tasks tell a reader to
// write, over the content that comes with the program.
func TestTheTasksAreTrue(t *testing.T) {
	shown := fstest.MapFS{}
	pages, err := fs.Glob(os.DirFS("../.."), "docs/tasks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		text, err := os.ReadFile("../../" + p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range example.FindAllStringSubmatch(string(text), -1) {
			shown[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
		}
	}
	if len(shown) < 3 {
		t.Fatalf("only %d files are shown", len(shown))
	}
	lib, err := library.Load(content.FS, shown)
	if err != nil {
		t.Fatal(err)
	}
	if len(lib.Procedures["visit"]) == 0 || lib.Indicators["visit_coverage"].ID == "" {
		t.Error("the examples were not read")
	}
	all, err := lib.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Procedure != "visit" {
			continue // the others are played by package library
		}
		if err := lib.Play(c); err != nil {
			t.Error(err)
		}
	}
}
