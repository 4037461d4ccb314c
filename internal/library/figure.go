package library

import (
	"fmt"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/indicator"
	"qingfeng/internal/matter"
	"qingfeng/internal/obligation"
	"qingfeng/internal/org"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
)

func (l *loader) obligations() {
	each(l, "obligations/*.yaml", func(p page, ob obligation.Obligation) {
		p.named(ob.ID)
		p.take(ob.Check())
		p.kinds("of", ob.Of)
		p.recorded("steps", ob.Steps)
		if r, ok := l.lib.Law.Book[ob.Times]; !ok {
			p.bad("times", "no rule %q", ob.Times)
		} else if r.Unit != "time" {
			p.bad("times", "rule %s counts in %q, not in times", ob.Times, r.Unit)
		}
		p.function("only_if", ob.OnlyIf, func(f matter.Function) bool { return f.Applies != nil })
		if len(ob.Basis) == 0 {
			p.bad("basis", "names no basis")
		}
		p.cites("basis", ob.Basis...)
		_, ok := l.lib.Procedures[ob.Begin]
		p.known("begin", "procedure", ob.Begin, ok)
		l.lib.Obligations = append(l.lib.Obligations, ob)
	})
}

// recorded complains of kinds of records that no procedure makes.
func (p page) recorded(at string, kinds []string) {
	for i, k := range kinds {
		p.known(fmt.Sprintf("%s[%d]", at, i), "step", k, len(p.l.lib.steps(k)) > 0)
	}
}

func (l *loader) indicators() {
	pages := map[string]page{}
	each(l, "indicators/*.yaml", func(p page, in indicator.Indicator) {
		p.named(in.ID)
		p.take(in.Check())
		if len(in.Basis) == 0 {
			p.bad("basis", "names no basis")
		}
		if in.Topic != "" {
			p.known("topic", "area", in.Topic, slices.ContainsFunc(l.lib.Areas, func(a Area) bool { return a.ID == in.Topic }))
		}
		p.cites("basis", in.Basis...)
		p.kinds("of", in.Of)
		p.kinds("base.orgs", in.Base.Orgs)
		p.function("base.only_if", in.Base.OnlyIf, func(f matter.Function) bool { return f.Applies != nil })
		p.recorded("with", in.With)
		for _, kind := range in.With {
			for _, s := range l.lib.steps(kind) {
				p.counted(in, kind, s)
			}
		}
		l.lib.Indicators[in.ID], pages[in.ID] = in, p
	})
	for id, p := range pages {
		p.base(l.lib.Indicators[id])
	}
}

// base checks what in is divided by.
func (p page) base(in indicator.Indicator) {
	if in.Base.OnlyIf != "" && len(in.Base.Orgs) == 0 {
		p.bad("base", "only_if narrows orgs, and there are none")
	}
	set := 0
	for _, is := range []bool{len(in.Base.Orgs) > 0, in.Base.Roster, in.Base.Indicator != ""} {
		if is {
			set++
		}
	}
	if set > 1 {
		p.bad("base", "want one of orgs, roster and indicator")
	}
	if in.Base.Indicator == "" {
		return
	}
	over, ok := p.l.lib.Indicators[in.Base.Indicator]
	p.known("base.indicator", "indicator", in.Base.Indicator, ok)
	if ok && over.Per != in.Per {
		p.bad("base.indicator", "%s counts per %s, this per %s: they cannot be divided", over.ID, over.Per, in.Per)
	}
}

// counted checks that step s has what in counts.
func (p page) counted(in indicator.Indicator, kind string, s procedure.Step) {
	form := s.Form
	if in.Field != "" {
		f, ok := s.Field(in.Field)
		if !ok {
			p.bad("field", "%s has no field %q", kind, in.Field)
			return
		}
		if !slices.Contains(countable(in.Measure), f.Type) {
			p.bad("field", "measure %s cannot count field %q, which is of type %s", in.Measure, f.ID, f.Type)
		}
		if in.Measure == indicator.Sum && in.Money != (f.Type == record.TypeMoney) {
			p.bad("money", "field %q is of type %s; money says whether it is an amount", f.ID, f.Type)
		}
		if in.Measure == indicator.Items {
			form = f.Rows
		}
	}
	for id, code := range in.Where {
		p.where("where."+id, form, id, code)
	}
}

func countable(m indicator.Measure) []record.Type {
	switch m {
	case indicator.People, indicator.Attendances:
		return []record.Type{record.TypePeople}
	case indicator.Items:
		return []record.Type{record.TypeItems}
	case indicator.Sum:
		return []record.Type{record.TypeNumber, record.TypeMoney}
	}
	return nil
}

// where checks that form has a choice id, with code among its codes.
func (p page) where(at string, form []procedure.Field, id, code string) {
	i := slices.IndexFunc(form, func(f procedure.Field) bool { return f.ID == id && f.Type == record.TypeChoice })
	if i < 0 {
		p.bad(at, "no field %q of type choice", id)
		return
	}
	p.known(at, "code of "+form[i].Codes+" called", code, p.l.lib.Law.Codes[form[i].Codes].Has(code))
}

// An Identity is something that figures must keep: parts that make up a whole, a
// figure that cannot be above another, figures of the organisations below that
// add up to the one above. Exactly one of them.
type Identity struct {
	ID       string      `yaml:"id"`
	Title    title.Title `yaml:"title"`
	Why      title.Title `yaml:"why"`      // what it means when it fails
	From     day.Day     `yaml:"from"`     // checked for spans from then on
	Of       []string    `yaml:"of"`       // only for these kinds of organisations; empty: for all
	Parts    []string    `yaml:"parts"`    // indicators that together make …
	Whole    string      `yaml:"whole"`    // … this one
	Figure   string      `yaml:"figure"`   // indicator that is at most …
	AtMost   string      `yaml:"at_most"`  // … this one
	Children []string    `yaml:"children"` // indicators whose figures below add up to the one above
}

// Binds reports whether x is checked for an organisation of that kind.
func (x Identity) Binds(k org.Kind) bool { return len(x.Of) == 0 || slices.Contains(x.Of, string(k)) }

func (l *loader) identities() {
	each(l, "checks/*.yaml", func(p page, x Identity) {
		p.named(x.ID)
		p.whole("title", x.Title.ZH, x.Title.EN)
		p.whole("why", x.Why.ZH, x.Why.EN)
		p.kinds("of", x.Of)
		sum, most, below := len(x.Parts) > 0 && x.Whole != "", x.Figure != "" && x.AtMost != "", len(x.Children) > 0
		if count(sum, most, below) != 1 || count(len(x.Parts) > 0, x.Whole != "", x.Figure != "", x.AtMost != "", below) > 2 {
			p.bad("", "want exactly one of: parts and whole; figure and at_most; children")
		}
		p.comparable(slices.Concat(x.Parts, x.Children, []string{x.Whole, x.Figure, x.AtMost}), below)
		l.lib.Identities = append(l.lib.Identities, x)
	})
}

// comparable complains of indicators that there are not, or that count in
// different spans.
func (p page) comparable(ids []string, apart bool) {
	var per indicator.Per
	for _, id := range ids {
		if id == "" {
			continue
		}
		in, ok := p.l.lib.Indicators[id]
		p.known("", "indicator", id, ok)
		if ok && per != "" && per != in.Per && !apart {
			p.bad("", "%s counts per %s, the others per %s", id, in.Per, per)
		}
		if ok {
			per = in.Per
		}
	}
}

func count(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}
