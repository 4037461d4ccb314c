package web

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// minutes is the record of a meeting as a sheet of paper.
func (s *Server) minutes(c *Call) (templ.Component, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	var parts view.MatterView
	s.answers(c, d, &parts)
	v := view.MinutesView{Base: c.Base, ID: d.ID, Issuer: d.Org.Name, Head: c.T("sheet.head"), Title: c.T("sheet.minutes_of", "kind", c.Say(d.Procedure.Title)),
		Facts: parts.Facts, Presence: parts.Presence, Texts: parts.Texts, Votes: parts.Votes, Lists: parts.Lists,
		Changed: c.corrections(d), Issued: d.Org.Name, Printed: c.Today(), Signers: []string{c.T("sheet.chair"), c.T("sheet.recorder")}}
	for _, f := range parts.Files {
		v.Files = append(v.Files, f.Name)
	}
	if main, ok := mainEntry(d); ok {
		v.Day, v.LateDays = main.Record.On, main.Late
		v.Facts = slices.Insert(v.Facts, 0, view.Fact{Name: c.T("form.on"), Text: c.Base.W.Day(main.Record.On)})
	}
	for _, e := range d.Entries {
		v.Records = append(v.Records, view.SheetRecord{Seq: e.Record.Seq, Day: e.Record.On, Step: c.Say(e.Step.Title), Digest: s.sealOf(e.Record.Seq, e.Leaf).Digest})
	}
	return view.Minutes(v), nil
}

// signSheet is the sheet that people sign with a pen: everybody due, with who is on
// leave or has checked in.
func (s *Server) signSheet(c *Call) (templ.Component, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	f, q, err := s.holdForm(c, d)
	if err != nil {
		return nil, err
	}
	if e, held := heldEntry(d); held {
		f.setPeople(q.ID, e.Record.Fields.People(q.ID))
	} else if err := f.prefill(c); err != nil {
		return nil, err
	}
	card := c.card(d)
	v := view.SignSheetView{Base: c.Base, ID: d.ID, Issuer: d.Org.Name, Title: c.T("sheet.signin_of", "kind", c.Say(d.Procedure.Title)), Printed: c.Today(),
		Facts: []view.Fact{{Name: c.T("checkin.when"), Text: card.When}, {Name: c.T("checkin.place"), Text: card.Place}, {Name: c.T("matter.what"), Text: card.Theme}}}
	for _, p := range f.due(q) {
		v.Names = append(v.Names, view.SheetName{Name: p.Name, Note: f.noteOf(c, q.ID, p.ID)})
	}
	code, err := qrOf(s.origin(c)+view.StepPath(d.ID, f.step.ID), string(d.ID))
	if err != nil {
		return nil, err
	}
	v.Code = *code
	return view.SignSheet(v), nil
}

// noteOf is what stands beside a name on the sheet: nothing where a signature goes.
func (f *stepForm) noteOf(c *Call, name string, p id.Person) string {
	at := name + "." + p.String()
	switch record.State(f.values.Get(at)) {
	case record.Leave:
		return c.codeTitle("presence", string(record.Leave))
	case record.Present:
		if means := f.values.Get(at + ".means"); means != string(record.ByPaper) {
			return c.codeTitle("means", means)
		}
	}
	return ""
}

// appraisalNotice is the sheet of results that a branch posts up: names by grade,
// and never a count of votes.
func (s *Server) appraisalNotice(c *Call) (templ.Component, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	a, ok := newAppraised(d)
	if !ok || a.proposed == nil {
		return nil, errNowhere
	}
	held, _ := heldEntry(d)
	v := view.AppraisalNoticeView{NoticeHead: view.NoticeHead{Base: c.Base, Back: view.MatterPath(d.ID), Issuer: d.Org.Name,
		Number: c.T("sheet.number", "id", string(d.ID)), Title: c.T("sheet.appraisal_of", "year", strconv.Itoa(a.year())), Day: a.proposed.On}}
	due := held.Record.Fields.Number("due")
	v.Lead = c.T("sheet.appraisal_lead", "day", c.Base.W.Day(held.Record.On), "due", strconv.FormatInt(due, 10), "took", strconv.Itoa(held.Record.Fields.People("attended").Count(record.Present)))
	v.Close = c.T("sheet.appraisal_close")
	for _, code := range s.App.Library().Law.Codes["grade"].Values {
		people := a.withGrade(code.Code)
		if len(people) == 0 {
			continue
		}
		names := c.Visit.Names(people)
		list := view.NoticeList{Title: c.T("sheet.grade", "grade", c.Base.W.Pick(code.ZH, code.EN), "n", strconv.Itoa(len(people)))}
		for _, p := range people {
			list.Names = append(list.Names, names[p])
		}
		v.Lists = append(v.Lists, list)
	}
	return view.AppraisalNotice(v), nil
}

// latest is the standing record of a step, if there is one.
func latest(d app.Dossier, step string) *record.Record {
	for _, e := range slices.Backward(d.Entries) {
		if e.Step.ID == step && e.Corrected == 0 {
			return &e.Record
		}
	}
	return nil
}
