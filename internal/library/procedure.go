package library

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
)

// first is the file name of the first edition of a procedure; later ones are
// called by the day they come into force.
const first = "procedure"

func (l *loader) procedures() {
	each(l, "procedures/*/procedure.yaml", l.edition)
	each(l, "procedures/*/[0-9]*.yaml", l.edition)
	for id, all := range l.lib.Procedures {
		slices.SortFunc(all, func(a, b procedure.Procedure) int { return cmp.Compare(a.From, b.From) })
		for i := 1; i < len(all); i++ {
			if all[i-1].From == all[i].From {
				l.problems = append(l.problems, Problem{"procedures/" + id, 0, fmt.Sprintf("two editions from %s", all[i].From)})
			}
		}
	}
	l.used()
}

// edition takes one edition of a procedure into the library.
func (l *loader) edition(p page, v procedure.Procedure) {
	dir := path.Base(path.Dir(p.file))
	if v.ID != dir {
		p.bad("id", "id is %q, but the directory is %s", v.ID, dir)
	}
	if p.name() != first && p.name() != v.From.String() {
		p.bad("from", "this edition is in force from %s, but the file is %s", v.From, path.Base(p.file))
	}
	p.take(v.Check())
	p.procedure(v)
	l.lib.Procedures[dir] = append(l.lib.Procedures[dir], v)
}

// used complains of areas in which there is nothing to do.
func (l *loader) used() {
	for _, a := range l.lib.Areas {
		in := func(all []procedure.Procedure) bool {
			return slices.ContainsFunc(all, func(p procedure.Procedure) bool { return p.Area == a.ID })
		}
		found := false
		for _, all := range l.lib.Procedures {
			found = found || in(all)
		}
		if !found {
			l.problems = append(l.problems, Problem{"areas.yaml", 0, fmt.Sprintf("area %q has no procedure", a.ID)})
		}
	}
}

// procedure checks what v names outside its own file.
func (p page) procedure(v procedure.Procedure) {
	p.known("area", "area", v.Area, slices.ContainsFunc(p.l.lib.Areas, func(a Area) bool { return a.ID == v.Area }))
	p.kinds("of", v.Of)
	p.cites("basis", v.Basis...)
	for i, s := range v.Steps {
		p.step(fmt.Sprintf("steps[%d]", i), v, s)
	}
}

func (p page) step(at string, v procedure.Procedure, s procedure.Step) {
	for i, role := range s.By {
		_, office := p.l.lib.Law.Roles[role]
		p.known(fmt.Sprintf("%s.by[%d]", at, i), "role", role, office || role == access.AnyMember || role == access.Self)
	}
	p.length(at+".within", s.Within)
	p.length(at+".until", s.Until)
	for _, w := range s.Waits {
		p.length(at+".waits", w)
	}
	p.function(at+".only_if", s.OnlyIf, func(f matter.Function) bool { return f.Only != nil })
	for i, name := range s.Checks {
		p.function(fmt.Sprintf("%s.checks[%d]", at, i), name, func(f matter.Function) bool { return f.Check != nil })
	}
	for i, name := range s.Asks {
		p.function(fmt.Sprintf("%s.asks[%d]", at, i), name, func(f matter.Function) bool { return f.Ask != nil })
	}
	p.adopted(at+".adopts", v, s)
	p.cites(at+".basis", s.Basis...)
	p.form(at+".form", s.Form)
}

// adopted complains of steps that papers could tell and the procedure does not have.
func (p page) adopted(at string, v procedure.Procedure, s procedure.Step) {
	f, _ := s.Field(s.Adopts)
	for _, col := range f.Rows {
		if s.Adopts == "" || col.ID != "step" {
			continue
		}
		for _, code := range p.l.lib.Law.Codes[col.Codes].Values {
			_, ok := v.Step(code.Code)
			p.known(at, "step", code.Code, ok)
		}
	}
}

// length checks what a length of time names.
func (p page) length(at string, w procedure.Within) {
	if w.Rule != "" {
		p.deadline(at, w.Rule)
	}
	p.function(at, w.At, func(f matter.Function) bool { return f.Day != nil })
}

// deadline complains of a rule that says no length of time.
func (p page) deadline(at, id string) {
	r, ok := p.l.lib.Law.Book[id]
	if !ok {
		p.bad(at, "no rule %q", id)
		return
	}
	if !slices.Contains([]string{"day", "working_day", "month"}, r.Unit) {
		p.bad(at, "rule %s counts in %q, not in days, working days or months", id, r.Unit)
	}
}

// function complains of a name that no function has, or one that cannot serve here.
func (p page) function(at, name string, fits func(matter.Function) bool) {
	if name == "" {
		return
	}
	f, ok := p.l.lib.Law.Functions[name]
	switch {
	case !ok:
		p.bad(at, "no function %q", name)
	case !fits(f):
		p.bad(at, "function %q does something else", name)
	}
}

func (p page) form(at string, form []procedure.Field) {
	for i, f := range form {
		at := fmt.Sprintf("%s[%d]", at, i)
		if f.Codes != "" {
			_, ok := p.l.lib.Law.Codes[f.Codes]
			p.known(at+".codes", "code table", f.Codes, ok)
		}
		if (f.Hint.ZH == "") != (f.Hint.EN == "") {
			p.bad(at+".hint", "hint needs zh and en")
		}
		p.function(at+".computed", f.Computed, func(f matter.Function) bool { return f.Compute != nil })
		if f.Basis != "" {
			p.cites(at+".basis", f.Basis)
		}
		p.expected(at, f)
		p.form(at+".rows", f.Rows)
	}
}
