package library

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
)

// A loader fills a library file by file and collects what is wrong.
type loader struct {
	lib      *Library
	problems Problems
}

// A page is one file as read: where it is, and its lines.
type page struct {
	l    *loader
	file string
	root *yaml.Node
	torn bool // not all of it could be read
}

// bad notes a problem at path of the file, as "steps[2].form[0]". Of a torn page
// it notes none: what seems to be missing may just not have been read.
func (p page) bad(path, format string, args ...any) {
	if p.torn {
		return
	}
	p.l.problems = append(p.l.problems, Problem{p.file, line(p.root, path), fmt.Sprintf(format, args...)})
}

// take notes the problems that a piece of content found in itself.
func (p page) take(found []fault.Problem) {
	for _, f := range found {
		p.bad(f.Path, "%s", f.Why)
	}
}

// name returns the name of the file, which is the id of what stands in it.
func (p page) name() string { return strings.TrimSuffix(path.Base(p.file), ".yaml") }

// named complains unless id is the name of the file.
func (p page) named(id string) {
	if id != p.name() {
		p.bad("id", "id is %q, but the file is %s", id, path.Base(p.file))
	}
}

// whole complains of a title without both languages.
func (p page) whole(at string, zh, en string) {
	if zh == "" || en == "" {
		p.bad(at, "%s needs zh and en", at)
	}
}

// known complains unless name is one of those known.
func (p page) known(at, what, name string, ok bool) {
	if !ok {
		p.bad(at, "no %s %q", what, name)
	}
}

// cites complains of citations that lead nowhere.
func (p page) cites(at string, basis ...string) {
	for i, b := range basis {
		if _, _, ok := p.l.lib.Clause(b); !ok {
			p.bad(fmt.Sprintf("%s[%d]", at, i), "cites %q, which is not in sources/", b)
		}
	}
}

// citesOn complains of a citation that leads nowhere, or to a source that was not
// in force on d.
func (p page) citesOn(at, basis string, d day.Day) {
	s, _, ok := p.l.lib.Clause(basis)
	switch {
	case !ok:
		p.bad(at, "cites %q, which is not in sources/", basis)
	case !s.InForce(d):
		p.bad(at, "cites %q, which was not in force on %s", basis, d)
	}
}

// each reads every file that glob names into a T and hands it on, also what could
// be read of a file with mistakes, so that nothing else complains of missing it.
func each[T any](l *loader, glob string, use func(p page, v T)) {
	for _, file := range l.lib.files.match(glob) {
		bad := func(line int, why string) { l.problems = append(l.problems, Problem{file, line, why}) }
		root, ok := parse(l.lib.files.bytes[file], bad)
		if !ok {
			continue
		}
		var v T
		before := len(l.problems)
		decoder{bad}.value(root, reflect.ValueOf(&v).Elem())
		use(page{l, file, root, len(l.problems) > before}, v)
	}
}

// strays complains of files that nobody reads: a misspelt directory would
// otherwise be a rule that does not hold.
func (l *loader) strays() {
	for file := range l.lib.files.bytes {
		if !isDeclared(file) {
			l.problems = append(l.problems, Problem{file, 0, "nothing reads this file; content stands in " + strings.Join(declared, ", ")})
		}
	}
}

// functions complains of functions whose rules content lacks.
func (l *loader) functions() {
	for name, f := range l.lib.Law.Functions {
		for _, r := range f.Rules {
			if _, ok := l.lib.Law.Book[r]; !ok {
				l.problems = append(l.problems, Problem{"rules/" + r + ".yaml", 0, fmt.Sprintf("no rule %q, which function %s applies", r, name)})
			}
		}
	}
}

// repeated returns the values that are in all more than once.
func repeated(all []string) (twice []string) {
	for i, s := range all {
		if slices.Contains(all[:i], s) && !slices.Contains(twice, s) {
			twice = append(twice, s)
		}
	}
	return twice
}
