package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// beginPage asks what the first record of a new matter needs.
func (s *Server) beginPage(c *Call) (templ.Component, error) {
	f, err := s.beginning(c)
	if err != nil {
		return nil, err
	}
	if page, err := s.whichBranch(c, f); page != nil || err != nil {
		return page, err
	}
	return s.ask(c, f)
}

// begin takes the first step of a new matter.
func (s *Server) begin(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f, err := s.beginning(c)
	if err != nil {
		return nil, err
	}
	return s.take(c, f)
}

// beginCheck says how the rules stand with what was typed for a new matter.
func (s *Server) beginCheck(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f, err := s.beginning(c)
	if err != nil {
		return nil, err
	}
	return s.live(c, f)
}

// stepPage asks what a step of a matter needs, or what is to be put right in one
// of its records.
func (s *Server) stepPage(c *Call) (templ.Component, error) {
	f, err := s.ongoing(c)
	if err != nil {
		return nil, err
	}
	return s.ask(c, f)
}

// step takes a step of a matter.
func (s *Server) step(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f, err := s.ongoing(c)
	if err != nil {
		return nil, err
	}
	return s.take(c, f)
}

// stepCheck says how the rules stand with what was typed for a step.
func (s *Server) stepCheck(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f, err := s.ongoing(c)
	if err != nil {
		return nil, err
	}
	return s.live(c, f)
}

// beginning is the form of the step that begins a matter: the one that the query
// names, or the one by which it is held.
func (s *Server) beginning(c *Call) (*stepForm, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	p, ok := s.App.Library().Procedure(c.R.PathValue("procedure"), c.Today())
	if !ok {
		return nil, fault.NotFound
	}
	step := app.MeetingStep(p)
	if name := c.R.URL.Query().Get("step"); name != "" {
		if step, ok = p.Step(name); !ok {
			return nil, fault.NotFound
		}
	}
	action := view.BeginPath(p.ID, o)
	if name := c.R.URL.Query().Get("step"); name != "" {
		action += "&step=" + step.ID
	}
	return s.newForm(c, stepForm{procedure: p, step: step, org: o, action: action})
}

// ongoing is the form of a step of a matter that has begun.
func (s *Server) ongoing(c *Call) (*stepForm, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	step, ok := d.Procedure.Step(c.R.PathValue("step"))
	if !ok {
		return nil, fault.NotFound
	}
	f := stepForm{procedure: d.Procedure, step: step, org: d.Org.ID, matter: d.ID, have: d.AsOf, action: view.StepPath(d.ID, step.ID), dossier: &d}
	if text := c.R.URL.Query().Get("corrects"); text != "" {
		f.corrects, err = strconv.ParseInt(text, 10, 64)
		i := slices.IndexFunc(d.Entries, func(e app.Entry) bool { return e.Record.Seq == f.corrects && e.Step.ID == step.ID })
		if err != nil || i < 0 {
			return nil, fault.NotFound
		}
		if d.Entries[i].Hidden {
			return nil, fault.Forbidden // what is not shown cannot be put right
		}
		f.old = &d.Entries[i].Record
		f.action += "?corrects=" + text
	}
	if only := c.R.URL.Query().Get("only"); only != "" {
		f.only = strings.Split(only, ",")
		f.action = view.With(view.StepPath(d.ID, step.ID), "only", only)
	}
	return s.newForm(c, f)
}

// ask draws the form with what is known already. Whoever may not take the step is
// not asked.
func (s *Server) ask(c *Call, f *stepForm) (templ.Component, error) {
	if !f.mine(c) {
		return nil, fault.Forbidden
	}
	if err := f.prefill(c); err != nil {
		return nil, err
	}
	return view.StepPage(f.view(c)), nil
}

// take does what the pressed button says: records the step, or draws the form again
// with a row more or less, or checked, or kept as a draft.
func (s *Server) take(c *Call, f *stepForm) (templ.Component, error) {
	if err := f.read(c); err != nil {
		return nil, err
	}
	do := c.R.PostFormValue("do")
	if do != "" && do != "submit" {
		return s.again(c, f, do)
	}
	f.dropEmptyRows()
	act, problems := f.act(c)
	if len(problems) > 0 {
		f.problems = problems
		f.offerRows()
		c.status = http.StatusUnprocessableEntity
		return view.StepPage(f.view(c)), nil
	}
	receipt, err := c.Session.Act(c.R.Context(), c.R.Pattern, act, c.R.PostFormValue("key"))
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		f.refused(c, refusal)
		f.offerRows()
		c.status = http.StatusUnprocessableEntity
		return view.StepPage(f.view(c)), nil
	}
	if errors.Is(err, account.ErrProve) {
		return nil, f.proveFirst(c)
	}
	if err != nil {
		return nil, err
	}
	f.forget(c)
	return nil, c.To(view.With(f.leadsTo(c, receipt.Record), "done", strconv.FormatInt(receipt.Record.Seq, 10)))
}

// proveFirst keeps what was typed while somebody proves once more who they are, and
// leads back to it.
func (f *stepForm) proveFirst(c *Call) error {
	if err := f.keep(c); err != nil {
		return err
	}
	return c.To(view.With(view.PathProve, "back", f.action))
}

// leadsTo is where somebody goes after a step: to the organisation or the person
// that it changed, and else to the matter.
func (f *stepForm) leadsTo(c *Call, r record.Record) string {
	o, isOrg := r.Matter.Org()
	p, isPerson := r.Matter.Person()
	switch {
	case isOrg && c.Visit.May(access.ReadOrg, o):
		return view.Under(view.PathOrg, o.String())
	case isPerson && c.Visit.MayPerson(access.ReadPerson, p):
		return view.Under(view.PathPerson, p.String())
	case f.procedure.Area != officeArea:
	case c.Visit.May(access.ReadOrg, r.Org):
		return view.Under(view.PathOrg, r.Org.String())
	case c.Visit.MayAnywhere(access.ManageUsers):
		return view.PathAccount
	}
	return view.MatterPath(r.Matter)
}

// again draws the form with what was typed, changed as the button do says.
func (s *Server) again(c *Call, f *stepForm, do string) (templ.Component, error) {
	verb, rest, _ := strings.Cut(do, ":")
	switch verb {
	case "check":
		f.check(c)
	case "draft":
		if err := f.keep(c); err != nil {
			return nil, err
		}
	case "add":
		f.addRow(rest)
	case "drop":
		f.drop(rest)
	case "all":
		f.allPresent(rest)
	case "find":
		f.find(c, rest)
	default:
		return nil, &fault.Invalid{Field: "do", Why: "form.unknown_button", Value: do}
	}
	return view.StepPage(f.view(c)), nil
}

// live answers with the panel of rules alone.
func (s *Server) live(c *Call, f *stepForm) (templ.Component, error) {
	if err := f.read(c); err != nil {
		return nil, err
	}
	f.check(c)
	return view.CompliancePanel(c.Base.W, f.compliance(c)), nil
}

// mine reports whether the visitor may take the step.
func (f *stepForm) mine(c *Call) bool {
	if p, ok := f.matter.Person(); ok && p == c.Visit.Me() && slices.Contains(f.step.By, "self") {
		return true
	}
	over := f.org
	if f.dossier != nil {
		over = f.dossier.Over(f.step)
	}
	return c.Visit.MayTake(f.procedure, f.step, over)
}

// stepTitle is the heading of a form.
func (c *Call) stepTitle(p procedure.Procedure, s procedure.Step) string {
	if s.ID == app.MeetingStep(p).ID && p.Area == lifeArea {
		return c.T("form.record_of", "kind", c.Say(p.Title))
	}
	return c.T("form.step_of", "kind", c.Say(p.Title), "step", c.Say(s.Title))
}

// lastLike is the record of the same step that the branch made last: place and
// time are often the same again.
func (c *Call) lastLike(p procedure.Procedure, s procedure.Step, o id.Org) (record.Record, bool) {
	page, err := c.Visit.Meetings(c.R.Context(), app.MeetingQuery{Org: o, Kinds: []string{p.ID}, Limit: 3})
	if err != nil {
		return record.Record{}, false
	}
	i := slices.IndexFunc(page.Meetings, func(m app.Meeting) bool { return m.Held && m.Step.ID == s.ID })
	if i < 0 {
		return record.Record{}, false
	}
	return page.Meetings[i].Record, true
}
