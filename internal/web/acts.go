package web

import (
	"errors"
	"slices"
	"strconv"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/web/view"
)

// orgActs are what the visitor may do with an organisation and in it, area by area,
// but for organisation life, which has registers of its own.
func (c *Call) orgActs(page app.OrgPage) (all []view.Doing, err error) {
	steps, err := c.fileSteps(page.ID.Matter())
	if err != nil {
		return nil, err
	}
	for _, area := range c.s.App.Library().Areas {
		if area.ID == lifeArea {
			continue
		}
		for _, b := range c.Visit.Begins(page.ID, area.ID) {
			switch {
			case b.Procedure.Subject == "org" && page.Kind.Basic():
			case b.Procedure.Subject == "org":
				all = add(all, c.Say(b.Procedure.Title), view.Action{Text: c.T("doing.found_below"), Href: view.BeginPath(b.Procedure.ID, page.ID)})
			case b.Procedure.Subject == "person" && !page.Kind.Basic():
			default:
				all = add(all, c.Say(b.Procedure.Title), c.beginAction(b, page.ID))
			}
		}
	}
	if p, ok := c.s.App.Library().Latest(organisationFile); ok {
		for _, s := range steps {
			if s.ID != answerStep { // a question is answered where it stands
				all = add(all, c.Say(p.Title), view.Action{Text: c.Say(s.Title), Href: view.StepPath(page.ID.Matter(), s.ID)})
			}
		}
	}
	return all, nil
}

// officeArea is the area whose matters give somebody an office or a right.
const officeArea = "office"

// The procedures of the files of organisations and of people.
const (
	organisationFile = "organisation"
	personFile       = "membership"
)

// add puts an act under its title.
func add(all []view.Doing, title string, a view.Action) []view.Doing {
	i := slices.IndexFunc(all, func(d view.Doing) bool { return d.Title == title })
	if i < 0 {
		return append(all, view.Doing{Title: title, Acts: []view.Action{a}})
	}
	all[i].Acts = append(all[i].Acts, a)
	return all
}

// beginAction leads to the form by which a matter is begun.
func (c *Call) beginAction(b app.Begin, o id.Org, pairs ...string) view.Action {
	if b.Step.ID != app.MeetingStep(b.Procedure).ID {
		pairs = append(pairs, "step", b.Step.ID)
	}
	href := view.With(view.Under(view.PathAct, b.Procedure.ID), append(pairs, "org", o.String())...)
	return view.Action{Text: c.Say(b.Step.Title), Href: href}
}

// fileSteps are the steps of a file that the visitor may take; none where there is
// no file for the visitor.
func (c *Call) fileSteps(m id.Matter) ([]procedure.Step, error) {
	steps, err := c.Visit.FileSteps(c.R.Context(), m)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return steps, err
}

// personActs are what the visitor may do with the file of a person, and the office
// that the visitor may give.
func (c *Call) personActs(page app.PersonPage) (all []view.Doing, err error) {
	steps, err := c.fileSteps(page.ID.Matter())
	if err != nil {
		return nil, err
	}
	lib := c.s.App.Library()
	if p, ok := lib.Latest(personFile); ok {
		for _, s := range steps {
			all = add(all, c.Say(p.Title), view.Action{Text: c.Say(s.Title), Href: view.StepPath(page.ID.Matter(), s.ID)})
		}
	}
	all = c.wayActs(all, page)
	for _, b := range c.Visit.Begins(page.Branch.ID, officeArea) {
		if _, asks := b.Step.Field("person"); asks {
			all = add(all, c.Say(b.Procedure.Title), c.beginAction(b, page.Branch.ID, "person", page.ID.String()))
		}
	}
	return all, nil
}

// terms are the offices of an organisation with what the visitor may do about them.
func (c *Call) terms(o id.Org) (rows []view.TermRow, err error) {
	terms, err := c.Visit.Terms(c.R.Context(), o, officeArea)
	for _, t := range terms {
		row := view.TermRow{Name: t.Name, Href: c.s.personHref(c, t.ID), Role: c.roleTitle(t.Role), From: c.T("terms.pending")}
		if t.Held.From != 0 {
			row.From = c.Base.W.Day(t.Held.From)
		}
		if t.Held.To != 0 {
			row.To = c.Base.W.Day(t.Held.To)
		}
		for _, s := range t.Steps {
			row.Acts = append(row.Acts, view.Action{Text: c.Say(s.Title), Href: view.StepPath(t.Matter, s.ID)})
		}
		rows = append(rows, row)
	}
	return rows, err
}

// doneFlash says that the record named in the address was written down just now, to
// whoever wrote it.
func (c *Call) doneFlash() *view.Flash {
	seq, err := strconv.ParseInt(c.R.FormValue("done"), 10, 64)
	if err != nil || seq < 1 {
		return nil
	}
	r, err := c.s.App.Record(c.R.Context(), seq)
	if err != nil || r.Actor != c.Visit.Me() {
		return nil
	}
	p, ok := c.s.App.Library().ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return nil
	}
	s, _ := p.Step(r.Step())
	return &view.Flash{Text: c.T("matter.recorded", "n", strconv.FormatInt(seq, 10), "step", c.Say(s.Title))}
}
