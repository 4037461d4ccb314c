package library

import (
	"fmt"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/rule"
	"qingfeng/internal/title"
)

// A Source is a regulation that content may cite. Its clauses are put in our own
// words.
type Source struct {
	ID        string            `yaml:"id"`
	Title     title.Title       `yaml:"title"`
	Issuer    title.Title       `yaml:"issuer"`
	Certainty rule.Certainty    `yaml:"certainty"`
	Note      title.Title       `yaml:"note"` // how sure we are, and of what
	Periods   []day.Period      `yaml:"in_force"`
	Clauses   map[string]Clause `yaml:"clauses"`
}

// A Clause is one part of a source: what it is about, and what it says.
type Clause struct {
	Name title.Title `yaml:"name"`
	ZH   string      `yaml:"zh"`
	EN   string      `yaml:"en"`
}

// Words returns what the clause says, in both languages.
func (c Clause) Words() title.Title { return title.Title{ZH: c.ZH, EN: c.EN} }

// InForce reports whether s was in force on d.
func (s Source) InForce(d day.Day) bool {
	return slices.ContainsFunc(s.Periods, func(p day.Period) bool { return p.Contains(d) })
}

func (l *loader) sources() {
	each(l, "sources/*.yaml", func(p page, s Source) {
		p.named(s.ID)
		p.whole("title", s.Title.ZH, s.Title.EN)
		p.whole("issuer", s.Issuer.ZH, s.Issuer.EN)
		p.whole("note", s.Note.ZH, s.Note.EN)
		p.certain(s.Certainty)
		p.periods(s.Periods)
		if len(s.Clauses) == 0 {
			p.bad("clauses", "no clauses")
		}
		for number, c := range s.Clauses {
			if at := "clauses." + number; !c.Name.Whole() || !c.Words().Whole() {
				p.bad(at, "clause %s needs a name and words in zh and en", number)
			}
		}
		l.lib.Sources[s.ID] = s
	})
}

func (p page) certain(c rule.Certainty) {
	if c != rule.Found && c != rule.Known && c != rule.Unsure {
		p.bad("certainty", "certainty %q: want S, K or U", c)
	}
}

// periods checks that the days in force are in order and do not overlap.
func (p page) periods(all []day.Period) {
	if len(all) == 0 {
		p.bad("in_force", "in_force is missing: the days on which it holds")
	}
	for i, q := range all {
		at := fmt.Sprintf("in_force[%d]", i)
		if q.From.IsZero() || q.To != 0 && q.To < q.From {
			p.bad(at, "a period needs a first day, and no last day before it")
		}
		if i > 0 && all[i-1].Overlaps(q) {
			p.bad(at, "overlap: the period before it is %s, this one begins on %s", all[i-1], q.From)
		}
	}
}
