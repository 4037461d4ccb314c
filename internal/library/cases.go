package library

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"

	"qingfeng/internal/day"
)

// A Case is a test of a procedure, written beside it: acts, one after the other,
// and what must come of them.
type Case struct {
	Name   string             `yaml:"name"`
	Org    string             `yaml:"org"`    // the organisation concerned, if an act does not say
	After  string             `yaml:"after"`  // the case above it whose acts are played first
	Acts   []CaseAct          `yaml:"acts"`   //
	Due    map[string]day.Day `yaml:"due"`    // deadlines of the last matter, by step
	Next   []string           `yaml:"next"`   // steps that can be taken then, if given
	Closed bool               `yaml:"closed"` // whether it is closed then
	Usual  answers            `yaml:"usual"`  // no case: what the cases below it answer where they say nothing

	Procedure string `yaml:"-"`
	file      string
	line      int
}

// answers are those of steps, by field. An empty answer, written ~, leaves a
// usual one out.
type answers map[string]map[string]yaml.Node

// A CaseAct is one act of a case.
type CaseAct struct {
	Procedure string               `yaml:"procedure"` // if another
	Matter    string               `yaml:"matter"`    // a name for it where a case has several; or whose own file
	Step      string               `yaml:"step"`
	On        day.Day              `yaml:"on"`
	Today     day.Day              `yaml:"today"` // if it is not recorded on the same day
	By        string               `yaml:"by"`    // a person, or who holds this role; empty: the installation
	Behalf    string               `yaml:"behalf"`
	Org       string               `yaml:"org"`
	Corrects  int64                `yaml:"corrects"` // number of the act of this case, from 1
	Fields    map[string]yaml.Node `yaml:"fields"`
	Gives     map[string]yaml.Node `yaml:"gives"`   // computed fields
	Refused   string               `yaml:"refused"` // key of the reason
	Field     string               `yaml:"field"`   // at which field it is refused
	Cites     string               `yaml:"cites"`   // by which clause
	Asks      []string             `yaml:"asks"`    // keys of the questions that it raises
}

// Cases returns the cases of every procedure, and as [Problems] what cannot be
// read and which procedures have none.
func (lib *Library) Cases() ([]Case, error) {
	l := &loader{lib: lib}
	has := map[string]bool{}
	var all []Case
	each(l, "procedures/*/cases.yaml", func(p page, cases []Case) {
		dir := path.Base(path.Dir(p.file))
		var usual answers
		for i, c := range cases {
			if c.Usual != nil {
				usual = c.Usual
				continue
			}
			c.Procedure, c.file, c.line = dir, p.file, line(p.root, fmt.Sprintf("[%d]", i))
			for j := range c.Acts {
				c.Acts[j].Fields = usual.complete(c.Acts[j])
			}
			c = p.following(c, fmt.Sprintf("[%d].after", i), all)
			all, has[dir] = append(all, c), true
		}
	})
	for _, dir := range slices.Sorted(maps.Keys(lib.Procedures)) {
		if !has[dir] {
			l.problems = append(l.problems, Problem{"procedures/" + dir + "/cases.yaml", 0, "the procedure has no cases"})
		}
	}
	if len(l.problems) > 0 {
		return all, l.problems.sorted()
	}
	return all, nil
}

// following returns c with the acts of the case that it goes on from before its own.
func (p page) following(c Case, at string, above []Case) Case {
	if c.After == "" {
		return c
	}
	i := slices.IndexFunc(above, func(a Case) bool { return a.Procedure == c.Procedure && a.Name == c.After })
	p.known(at, "case above it called", c.After, i >= 0)
	if i < 0 {
		return c
	}
	c.Acts = slices.Concat(above[i].Acts, c.Acts)
	if c.Org == "" {
		c.Org = above[i].Org
	}
	return c
}

// complete returns what a answers, and where it says nothing what is usual.
func (usual answers) complete(a CaseAct) map[string]yaml.Node {
	fields := maps.Clone(usual[a.Step])
	if fields == nil {
		fields = map[string]yaml.Node{}
	}
	maps.Copy(fields, a.Fields)
	maps.DeleteFunc(fields, func(_ string, n yaml.Node) bool { return n.Tag == "!!null" })
	return fields
}
