package arch

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// law is one rule of the house. It answers with a complaint for every place
// that breaks it, each beginning with the path.
type law struct {
	name     string
	breaches func(*tree) []string
}

// laws are all of them, by the chapter they stand in.
var laws = slices.Concat(importLaws, codeLaws, nameLaws, sizeLaws, wordLaws, contentLaws, docLaws)

// TestTheHouseKeepsItsLaws reads the whole tree.
func TestTheHouseKeepsItsLaws(t *testing.T) {
	house, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			for _, b := range l.breaches(house) {
				t.Error(b)
			}
		})
	}
}

// TestEveryLawCanBeBroken is the control: in testdata/<law>.txtar stands a tree
// that breaks the law, and under "want" exactly what must be said of it.
func TestEveryLawCanBeBroken(t *testing.T) {
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			broken, want := control(t, l.name)
			got := l.breaches(broken)
			if !slices.Equal(got, want) {
				t.Errorf("complaints:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if len(want) == 0 {
				t.Error("the control breaks nothing")
			}
		})
	}
}

// TestNoControlWithoutLaw finds controls whose law is gone.
func TestNoControlWithoutLaw(t *testing.T) {
	controls, err := fs.Glob(os.DirFS("testdata"), "*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range controls {
		if !slices.ContainsFunc(laws, func(l law) bool { return l.name+".txtar" == c }) {
			t.Errorf("testdata/%s belongs to no law", c)
		}
	}
}

// control reads the tree of a control: files one after the other, each under
// a line "-- name --".
func control(t *testing.T, name string) (broken *tree, want []string) {
	t.Helper()
	archive, err := os.ReadFile(path.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, part := range strings.Split("\n"+string(archive), "\n-- ")[1:] {
		head, body, _ := strings.Cut(part, " --\n")
		if head == "want" {
			want = strings.Split(strings.TrimSpace(body), "\n")
			continue
		}
		files[head] = &fstest.MapFile{Data: []byte(body + "\n")}
	}
	if broken, err = read(files); err != nil {
		t.Fatal(err)
	}
	return broken, want
}
