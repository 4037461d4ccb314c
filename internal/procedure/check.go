package procedure

import (
	"fmt"
	"slices"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
)

// Check reports everything wrong with p that can be seen from p alone.
func (p Procedure) Check() []fault.Problem {
	c := &checker{}
	c.head(p)
	for i, s := range p.Steps {
		at := fmt.Sprintf("steps[%d]", i)
		c.step(at, p, p.Steps[:i], s)
		c.form(at+".form", s.Form, true)
		c.effect(at, p, s)
	}
	return c.problems
}

type checker struct{ problems []fault.Problem }

func (c *checker) bad(path, format string, args ...any) {
	c.problems = append(c.problems, fault.Problem{Path: path, Why: fmt.Sprintf(format, args...)})
}

func (c *checker) head(p Procedure) {
	if !p.Title.Whole() {
		c.bad("title", "title needs zh and en")
	}
	if p.Area == "" {
		c.bad("area", "area is missing")
	}
	if p.From.IsZero() {
		c.bad("from", "from is missing: the day this edition comes into force")
	}
	if len(p.Basis) == 0 {
		c.bad("basis", "names no basis")
	}
	if !slices.Contains([]string{"", "org", "person", "year"}, p.Subject) {
		c.bad("subject", "subject %q: want org, person or year", p.Subject)
	}
	if p.Subject == "year" {
		c.year(p)
	}
	if !slices.Contains([]string{"", "members", "sides"}, p.Visible) {
		c.bad("visible", "visible %q: want members, sides, or nothing", p.Visible)
	}
	if len(p.Steps) == 0 {
		c.bad("steps", "no steps")
	}
	if (p.Subject == "" || p.Subject == "year") && !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Closes }) {
		c.bad("steps", "no step closes the matter")
	}
}

// year checks that the book of a year begins with the one step that says which.
func (c *checker) year(p Procedure) {
	for i, s := range p.Steps {
		f, asks := s.Field(YearField)
		if i == 0 && (!asks || f.Type != record.TypeNumber || f.Optional) {
			c.bad("steps[0]", "step %s: a book of one year begins with the number %s", s.ID, YearField)
		}
		if i > 0 && len(s.After) == 0 {
			c.bad(fmt.Sprintf("steps[%d]", i), "step %s: comes after no step, and the book has not begun", s.ID)
		}
	}
}

func (c *checker) step(at string, p Procedure, before []Step, s Step) {
	known := func(id string) bool { return slices.ContainsFunc(before, func(b Step) bool { return b.ID == id }) }
	later := func(id string) bool { _, ok := p.Step(id); return ok && !known(id) }
	if s.ID == "" || !s.Title.Whole() {
		c.bad(at, "step needs an id and a title in zh and en")
	}
	if known(s.ID) {
		c.bad(at, "step %s: declared twice", s.ID)
	}
	if len(s.By) == 0 {
		c.bad(at, "step %s: nobody may take it (by is missing)", s.ID)
	}
	for _, a := range s.After {
		switch {
		case later(a):
			c.bad(at+".after", "step %s: after %s, which does not come before it (a circle)", s.ID, a)
		case !known(a):
			c.bad(at+".after", "step %s: after %s, and there is no such step", s.ID, a)
		}
	}
	c.over(at, p, s, known)
	c.length(at, "within", s, s.Within, known)
	c.length(at, "until", s, s.Until, known)
	for _, w := range s.Waits {
		if w.None() {
			c.bad(at+".waits", "step %s: waits names no rule", s.ID)
		}
		c.length(at, "waits", s, w, known)
	}
	c.adopts(at, s)
	if s.Standing && s.Closes {
		c.bad(at, "step %s: a standing step cannot close", s.ID)
	}
}

// length checks a length of time that step s keeps to.
func (c *checker) length(at, key string, s Step, w Within, known func(string) bool) {
	switch {
	case w.At != "" && w != Within{At: w.At}:
		c.bad(at+"."+key, "step %s: %s is a rule after a step, or a function; not both", s.ID, key)
	case w.At != "":
	case w.Rule != "" && !known(w.Of):
		c.bad(at+"."+key, "step %s: %s %s of %q, which does not come before it", s.ID, key, w.Rule, w.Of)
	case w.Rule == "" && !w.None():
		c.bad(at+"."+key, "step %s: %s names no rule", s.ID, key)
	case w.Every && !s.Repeats:
		c.bad(at+"."+key, "step %s: %s counts from every record, and the step does not repeat", s.ID, key)
	}
}

// over checks that the organisation of a step is one that a step before it named.
func (c *checker) over(at string, p Procedure, s Step, known func(string) bool) {
	if s.Over.None() {
		return
	}
	of, _ := p.Step(s.Over.Of)
	if f, ok := of.Field(s.Over.Field); !known(s.Over.Of) || !ok || f.Type != record.TypeOrg || f.Optional {
		c.bad(at+".over", "step %s: over %q of %q, which is no field of type org that a step before it asks", s.ID, s.Over.Field, s.Over.Of)
	}
}

// adopts checks the rows by which a step tells what was done on paper.
func (c *checker) adopts(at string, s Step) {
	if s.Adopts == "" {
		return
	}
	f, _ := s.Field(s.Adopts)
	for _, n := range []Need{{"step", record.TypeChoice}, {"on", record.TypeDay}} {
		if !slices.ContainsFunc(f.Rows, func(r Field) bool { return r.ID == n.Field && r.Type == n.Type && !r.Optional }) {
			c.bad(at+".adopts", "step %s: adopts %s, which needs a column %s of type %s", s.ID, s.Adopts, n.Field, n.Type)
		}
	}
}

// form checks the questions; rows may not hold rows.
func (c *checker) form(at string, form []Field, top bool) {
	for i, f := range form {
		at := fmt.Sprintf("%s[%d]", at, i)
		if f.ID == "" || !f.Title.Whole() {
			c.bad(at, "field needs an id and a title in zh and en")
		}
		if f.ID == record.Correction {
			c.bad(at, "field %s: every correction has one of that name", f.ID)
		}
		if !slices.Contains(record.Types(), f.Type) {
			c.bad(at+".type", "field %s: unknown type %q", f.ID, f.Type)
		}
		if slices.ContainsFunc(form[:i], func(g Field) bool { return g.ID == f.ID }) {
			c.bad(at, "field %s: declared twice", f.ID)
		}
		if (f.Type == record.TypeChoice) != (f.Codes != "") {
			c.bad(at+".codes", "field %s: codes go with type choice, and only with it", f.ID)
		}
		if (f.Type == record.TypeItems) != (len(f.Rows) > 0) {
			c.bad(at+".rows", "field %s: rows go with type items, and only with it", f.ID)
		}
		if f.Personal && f.Type != record.TypeItems {
			c.bad(at+".personal", "field %s: personal goes with type items, and only with it", f.ID)
		}
		if f.Masked && f.Type != record.TypeText {
			c.bad(at+".masked", "field %s: masked goes with type text, and only with it", f.ID)
		}
		if len(f.Expected) > 0 && !f.Optional {
			c.bad(at+".expected", "field %s: what may not be missing is no part of expected data", f.ID)
		}
		if f.Type == record.TypeItems && !top {
			c.bad(at+".type", "field %s: rows within rows", f.ID)
		}
		if f.Whom != "" && (f.Type != record.TypePeople && f.Type != record.TypePerson || !slices.Contains([]string{"roster", "committee", "group"}, f.Whom)) {
			c.bad(at+".whom", "field %s: whom %q: want roster, committee or group, of people", f.ID, f.Whom)
		}
		c.form(at+".rows", f.Rows, false)
	}
}

func (c *checker) effect(at string, p Procedure, s Step) {
	if s.Effect == "" {
		return
	}
	needs, ok := Needs(s.Effect)
	if !ok {
		c.bad(at+".effect", "step %s: unknown effect %q", s.ID, s.Effect)
	}
	if onPerson(s.Effect) && p.Subject != "person" {
		needs = append(slices.Clone(needs), Need{"person", record.TypePerson})
	}
	for _, n := range needs {
		if f, ok := s.Field(n.Field); !ok || f.Type != n.Type {
			c.bad(at+".form", "step %s: effect %s needs a field %s of type %s", s.ID, s.Effect, n.Field, n.Type)
		}
	}
}

// onPerson reports whether an effect changes a person: the one whose file the matter
// is, or else the one in the field "person".
func onPerson(effect string) bool {
	return effect == "person.standing" || effect == "person.join" || effect == "person.leave"
}
