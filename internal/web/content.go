package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/fault"
	"qingfeng/internal/procedure"
	"qingfeng/internal/rule"
	"qingfeng/internal/web/view"
)

// orderedRules are all rules by id.
func (s *Server) orderedRules() (all []rule.Param) {
	for _, p := range s.App.Library().Law.Book {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b rule.Param) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// rules lists every rule with its value of today.
func (s *Server) rules(c *Call) (templ.Component, error) {
	v := view.ContentListView{Base: c.Base, Kind: view.ContentRules}
	for _, p := range s.orderedRules() {
		row := view.ContentRow{Title: c.Say(p.Title), Href: view.Under(view.PathRule, p.ID), ID: p.ID, Own: c.own(ruleFile(p.ID)) != nil}
		if now, err := s.App.Library().Law.Book.At(p.ID, c.Today()); err == nil {
			row.Now = ruleText(now)
			row.Basis, _ = c.clause(now.Basis)
		}
		v.Rows = append(v.Rows, row)
	}
	return view.ContentList(v), nil
}

// ruleText writes the value of a rule.
func ruleText(v rule.Value) string {
	switch {
	case v.Share != nil && v.More:
		return "> " + v.Share.String()
	case v.Share != nil:
		return "≥ " + v.Share.String()
	case v.Value != nil:
		return strconv.FormatInt(*v.Value, 10)
	}
	var parts []string
	for _, b := range v.Brackets {
		parts = append(parts, "> "+b.Above.String()+": "+strconv.FormatInt(b.Value, 10))
	}
	return strings.Join(parts, "; ")
}

// rule shows one rule with its whole history and the clause of each value.
func (s *Server) rule(c *Call) (templ.Component, error) {
	p, ok := s.App.Library().Law.Book[c.R.PathValue("id")]
	if !ok {
		return nil, fault.NotFound
	}
	v := view.RuleView{Base: c.Base, Title: c.Say(p.Title), ID: p.ID, Unit: c.T("unit." + p.Unit), Sure: c.sure(p.Certainty), Own: c.own(ruleFile(p.ID))}
	now, _ := s.App.Library().Law.Book.At(p.ID, c.Today()) // a rule that is not in force has no present value
	for _, value := range p.Values {
		row := view.RuleValue{From: c.Base.W.Day(value.From), To: c.Base.W.Day(value.To), Value: ruleText(value), Now: value.From == now.From && now.From != 0}
		row.Basis, row.Href = c.clause(value.Basis)
		if _, clause, ok := s.App.Library().Clause(value.Basis); ok {
			row.Quoted = c.Say(clause.Words())
		}
		v.Values = append(v.Values, row)
	}
	for _, ob := range s.App.Library().Obligations {
		if ob.Times == p.ID {
			v.UsedBy = append(v.UsedBy, view.TextLink{Text: c.Say(ob.Title), Href: view.Under(view.PathProcedure, ob.Begin)})
		}
	}
	return view.Rule(v), nil
}

// sure says how well a rule or a source is attested.
func (c *Call) sure(certainty rule.Certainty) view.Tag {
	tone := map[rule.Certainty]view.Tone{rule.Found: view.Good, rule.Known: view.Line, rule.Unsure: view.Warn}[certainty]
	return view.Tag{Tone: tone, Text: c.T("certainty." + strings.ToLower(string(certainty)))}
}

// sources lists the regulations that content cites.
func (s *Server) sources(c *Call) (templ.Component, error) {
	v := view.ContentListView{Base: c.Base, Kind: view.ContentSources}
	lib := s.App.Library()
	ids := make([]string, 0, len(lib.Sources))
	for id := range lib.Sources {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		src := lib.Sources[id]
		row := view.ContentRow{Title: c.Say(src.Title), Href: view.Under(view.PathSource, id), ID: id, Basis: c.Say(src.Issuer), Own: c.own(sourceFile(id)) != nil}
		if len(src.Periods) > 0 {
			row.Now = c.Base.W.Day(src.Periods[0].From)
		}
		v.Rows = append(v.Rows, row)
	}
	return view.ContentList(v), nil
}

// source shows one regulation with its clauses, in our own words.
func (s *Server) source(c *Call) (templ.Component, error) {
	src, ok := s.App.Library().Sources[c.R.PathValue("id")]
	if !ok {
		return nil, fault.NotFound
	}
	v := view.SourceView{Base: c.Base, Title: c.Say(src.Title), ID: src.ID, Issuer: c.Say(src.Issuer), Note: c.Say(src.Note), Sure: c.sure(src.Certainty), Own: c.own(sourceFile(src.ID))}
	var periods []string
	for _, p := range src.Periods {
		periods = append(periods, c.T("source.in_force", "from", c.Base.W.Day(p.From), "to", c.Base.W.Day(p.To)))
	}
	v.InForce = strings.Join(periods, " ")
	names := make([]string, 0, len(src.Clauses))
	for name := range src.Clauses {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		clause := src.Clauses[name]
		v.Clauses = append(v.Clauses, view.ClauseView{ID: name, Name: c.Say(clause.Name), Text: c.Say(clause.Words()), UsedBy: s.citing(c, src.ID+"#"+name)})
	}
	return view.Source(v), nil
}

// citing lists the rules and procedures that rest on a clause.
func (s *Server) citing(c *Call, basis string) (links []view.TextLink) {
	for _, p := range s.orderedRules() {
		if slices.ContainsFunc(p.Values, func(v rule.Value) bool { return v.Basis == basis }) {
			links = append(links, view.TextLink{Text: c.Say(p.Title), Href: view.Under(view.PathRule, p.ID)})
		}
	}
	for _, p := range s.orderedProcedures() {
		cites := slices.Contains(p.Basis, basis) || slices.ContainsFunc(p.Steps, func(st procedure.Step) bool { return slices.Contains(st.Basis, basis) })
		if cites {
			links = append(links, view.TextLink{Text: c.Say(p.Title), Href: view.Under(view.PathProcedure, p.ID)})
		}
	}
	return links
}

// orderedProcedures are the newest editions of all procedures by id.
func (s *Server) orderedProcedures() (all []procedure.Procedure) {
	for id := range s.App.Library().Procedures {
		if p, ok := s.App.Library().Latest(id); ok {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b procedure.Procedure) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// procedures lists the procedures.
func (s *Server) procedures(c *Call) (templ.Component, error) {
	v := view.ContentListView{Base: c.Base, Kind: view.ContentProcedures}
	for _, p := range s.orderedProcedures() {
		row := view.ContentRow{Title: c.Say(p.Title), Href: view.Under(view.PathProcedure, p.ID), ID: p.ID, Now: c.Base.W.Day(p.From), Own: c.own(procedureFiles(p)...) != nil}
		row.Basis, _ = c.clause(p.Basis[0])
		v.Rows = append(v.Rows, row)
	}
	return view.ContentList(v), nil
}

// procedure shows one procedure, step by step.
func (s *Server) procedure(c *Call) (templ.Component, error) {
	p, ok := s.App.Library().Latest(c.R.PathValue("id"))
	if !ok {
		return nil, fault.NotFound
	}
	v := view.ProcedureView{Base: c.Base, Title: c.Say(p.Title), ID: p.ID, Area: p.Area, Edition: c.Base.W.Day(p.From), Basis: c.links(p.Basis), Own: c.own(procedureFiles(p)...)}
	for _, area := range s.App.Library().Areas {
		if area.ID == p.Area {
			v.Area = c.Say(area.Title)
		}
	}
	for _, st := range p.Steps {
		v.Steps = append(v.Steps, s.procedureStep(c, p, st))
	}
	return view.Procedure(v), nil
}

func (c *Call) links(basis []string) (links []view.TextLink) {
	for _, b := range basis {
		text, href := c.clause(b)
		links = append(links, view.TextLink{Text: text, Href: href})
	}
	return links
}

func (s *Server) procedureStep(c *Call, p procedure.Procedure, st procedure.Step) view.ProcedureStep {
	out := view.ProcedureStep{Title: c.Say(st.Title), Basis: c.links(st.Basis), Closes: st.Closes}
	var by, after []string
	for _, role := range st.By {
		by = append(by, c.callerTitle(role))
	}
	for _, a := range st.After {
		before, _ := p.Step(a)
		after = append(after, c.Say(before.Title))
	}
	out.By, out.After = strings.Join(by, c.T("list.comma")), strings.Join(after, c.T("list.comma"))
	if rule, ok := s.App.Library().Law.Book[st.Within.Rule]; ok {
		out.Limit = view.TextLink{Text: c.Say(rule.Title), Href: view.Under(view.PathRule, rule.ID)}
		out.Within = c.Say(rule.Title)
	}
	for _, f := range st.Form {
		out.Fields = append(out.Fields, view.ProcedureField{Title: c.Say(f.Title), Type: c.T("type." + string(f.Type)), Optional: f.Optional, Computed: f.Computed != ""})
	}
	return out
}

// callerTitle names who may take a step: an office, every member, or oneself.
func (c *Call) callerTitle(role string) string {
	if r, ok := c.s.App.Library().Law.Roles[role]; ok {
		return c.Say(r.Title)
	}
	return c.T("role." + role)
}

func (s *Server) help(c *Call) (templ.Component, error) {
	return view.Help(view.HelpView{Base: c.Base}), nil
}
