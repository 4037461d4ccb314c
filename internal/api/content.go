package api

import (
	"maps"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/procedure"
	"qingfeng/internal/rule"
)

// Procedure is one procedure in the edition that is in force.
type Procedure struct {
	ID      string   `json:"id"`
	Edition day.Day  `json:"edition"`
	Title   string   `json:"title"`
	Area    string   `json:"area"`
	Subject string   `json:"subject,omitzero"`
	Of      []string `json:"of"` // kinds of organisations; empty: any
	Clauses []string `json:"clauses"`
	Steps   []Step   `json:"steps,omitzero"`
}

// Step is one step of a procedure.
type Step struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	By      []string `json:"by"`
	After   []string `json:"after"`
	Repeats bool     `json:"repeats"`
	Closes  bool     `json:"closes"`
	Clauses []string `json:"clauses"`
	Form    []Field  `json:"form"`
}

// Field is one question of a form.
type Field struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Type     string  `json:"type"`
	Optional bool    `json:"optional"`
	Computed bool    `json:"computed"` // the platform works it out
	Codes    []Code  `json:"codes,omitzero"`
	Rows     []Field `json:"rows,omitzero"`
	Clause   string  `json:"clause,omitzero"`
}

// Code is one answer that a choice allows.
type Code struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

func (c *call) procedures() (all []Procedure, _ error) {
	lib := c.s.App.Library()
	for _, name := range slices.Sorted(maps.Keys(lib.Procedures)) {
		if p, ok := lib.Procedure(name, c.visit.Today()); ok {
			all = append(all, c.outline(p))
		}
	}
	return all, nil
}

func (c *call) procedure() (Procedure, error) {
	p, ok := c.s.App.Library().Procedure(c.text("id"), c.visit.Today())
	if !ok {
		return Procedure{}, fault.NotFound
	}
	out := c.outline(p)
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, Step{s.ID, c.say(s.Title), s.By, s.After, s.Repeats, s.Closes, s.Basis, c.form(s.Form)})
	}
	return out, nil
}

func (c *call) outline(p procedure.Procedure) Procedure {
	return Procedure{ID: p.ID, Edition: p.From, Title: c.say(p.Title), Area: p.Area, Subject: p.Subject, Of: p.Of, Clauses: p.Basis}
}

func (c *call) form(form []procedure.Field) (all []Field) {
	for _, f := range form {
		one := Field{ID: f.ID, Title: c.say(f.Title), Type: string(f.Type), Optional: f.Optional, Computed: f.Computed != "", Clause: f.Basis, Rows: c.form(f.Rows)}
		for _, code := range c.s.App.Library().Law.Codes[f.Codes].Values {
			one.Codes = append(one.Codes, Code{code.Code, c.words.Pick(code.ZH, code.EN)})
		}
		all = append(all, one)
	}
	return all
}

// Rule is one number set by regulation.
type Rule struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Unit   string      `json:"unit"`
	Values []RuleValue `json:"values"`
}

// RuleValue is what a rule is worth from one day on: a number, a share or a scale.
type RuleValue struct {
	From     day.Day   `json:"from"`
	To       day.Day   `json:"to,omitzero"`
	Value    *int64    `json:"value,omitzero"`
	Share    string    `json:"share,omitzero"`
	More     bool      `json:"more,omitzero"` // the share must be exceeded
	Brackets []Bracket `json:"brackets,omitzero"`
	Clause   string    `json:"clause"`
}

// Bracket is one step of a scale.
type Bracket struct {
	Above string `json:"above"`
	Value int64  `json:"value"`
}

func (c *call) rules() (all []Rule, _ error) {
	book := c.s.App.Library().Law.Book
	for _, name := range slices.Sorted(maps.Keys(book)) {
		all = append(all, c.ruleOf(book[name]))
	}
	return all, nil
}

func (c *call) rule() (Rule, error) {
	p, ok := c.s.App.Library().Law.Book[c.text("id")]
	if !ok {
		return Rule{}, fault.NotFound
	}
	return c.ruleOf(p), nil
}

func (c *call) ruleOf(p rule.Param) Rule {
	out := Rule{ID: p.ID, Title: c.say(p.Title), Unit: p.Unit}
	for _, v := range p.Values {
		one := RuleValue{From: v.From, To: v.To, Value: v.Value, More: v.More, Clause: v.Basis}
		if v.Share != nil {
			one.Share = v.Share.String()
		}
		for _, b := range v.Brackets {
			one.Brackets = append(one.Brackets, Bracket{b.Above.String(), b.Value})
		}
		out.Values = append(out.Values, one)
	}
	return out
}

// Source is one regulation.
type Source struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Issuer  string   `json:"issuer"`
	Clauses []Clause `json:"clauses,omitzero"`
}

// Clause is one part of a regulation, in our own words.
type Clause struct {
	ID   string `json:"id"` // as clauses are cited everywhere
	Name string `json:"name"`
	Text string `json:"text"`
}

func (c *call) sources() (all []Source, _ error) {
	sources := c.s.App.Library().Sources
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		s := sources[name]
		all = append(all, Source{ID: s.ID, Title: c.say(s.Title), Issuer: c.say(s.Issuer)})
	}
	return all, nil
}

func (c *call) source() (Source, error) {
	s, ok := c.s.App.Library().Sources[c.text("id")]
	if !ok {
		return Source{}, fault.NotFound
	}
	out := Source{ID: s.ID, Title: c.say(s.Title), Issuer: c.say(s.Issuer)}
	for _, name := range slices.Sorted(maps.Keys(s.Clauses)) {
		clause := s.Clauses[name]
		out.Clauses = append(out.Clauses, Clause{s.ID + "#" + name, c.say(clause.Name), c.say(clause.Words())})
	}
	return out, nil
}
