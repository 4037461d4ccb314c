package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/checkin"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// checkIn is the secretary's screen with the code of a meeting. Looking at it opens
// the door if nobody has: without the screen nobody could come in.
func (s *Server) checkIn(c *Call) (templ.Component, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	v := view.CheckInView{Base: c.Base, Key: c.Visit.NewKey(), Kind: c.Say(d.Procedure.Title), Org: d.Org.Name}
	v.Matter = d.ID
	card := c.card(d)
	v.Theme, v.When, v.Place = card.Theme, card.When, card.Place
	if err := s.screen(c, d.ID, &v.CheckInBox); err != nil {
		return nil, err
	}
	if err := s.hereAndWaiting(c, d, &v); err != nil {
		return nil, err
	}
	for _, means := range []record.Means{record.ByProxy, record.ByVideo, record.ByList} {
		v.Means = append(v.Means, view.Option{Value: string(means), Text: c.codeTitle("means", string(means)), Selected: means == record.ByProxy})
	}
	return view.CheckIn(v), nil
}

// screen fills in the code of this moment.
func (s *Server) screen(c *Call, m id.Matter, box *view.CheckInBox) error {
	ctx := c.R.Context()
	now, err := c.Session.Screen(ctx, m)
	if errors.Is(err, checkin.ErrClosed) {
		in, err2 := c.Session.CheckedIn(ctx, m)
		if errors.Is(err2, checkin.ErrClosed) || err2 == nil && len(in.Marks) > 0 {
			return nil // it is over
		}
		if err2 != nil {
			return err2
		}
		if _, err = c.Session.OpenCheckIn(ctx, m); err == nil {
			now, err = c.Session.Screen(ctx, m)
		}
	}
	if err != nil {
		return err
	}
	box.Code = now.Digits[:3] + " " + now.Digits[3:]
	box.Every = max(1, int(now.Slot/time.Second))
	box.Left = c.T("checkin.open")
	code, err := qrOf(s.origin(c)+view.CodePath(string(m)+"."+now.Token), c.T("checkin.qr", "code", box.Code))
	if err != nil {
		return err
	}
	box.QR = *code
	return nil
}

// hereAndWaiting lists who checked in, who was put down, and who is awaited.
func (s *Server) hereAndWaiting(c *Call, d app.Dossier, v *view.CheckInView) error {
	in, err := c.Session.CheckedIn(c.R.Context(), d.ID)
	if errors.Is(err, checkin.ErrClosed) {
		return nil
	}
	if err != nil {
		return err
	}
	f, q, err := s.holdForm(c, d)
	if err != nil {
		return err
	}
	if err := f.prefill(c); err != nil {
		return err
	}
	due := f.due(q)
	v.Due = len(due)
	for _, m := range slices.Backward(in.Marks) {
		at := c.T("checkin.at", "time", c.Base.W.Clock(m.At.In(s.App.Zone())), "means", c.codeTitle("means", string(record.ByCode)))
		v.Here = append(v.Here, view.SignedIn{Name: c.Visit.Names([]id.Person{m.Person})[m.Person], How: at})
	}
	for _, p := range due {
		state, means := record.State(f.values.Get(q.ID+"."+p.ID.String())), f.values.Get(q.ID+"."+p.ID.String()+".means")
		switch {
		case state == record.Leave:
			v.Leave++
		case state != record.Present:
			v.Waiting = append(v.Waiting, view.Awaited{Person: p.ID, Name: p.Name})
		case record.Means(means) != record.ByCode:
			v.Here = append(v.Here, view.SignedIn{Name: p.Name, How: c.codeTitle("means", means)})
		}
	}
	v.Present = len(v.Here)
	return nil
}

// holdForm is the form by which the meeting will be recorded, and its question of
// who was there.
func (s *Server) holdForm(c *Call, d app.Dossier) (*stepForm, procedure.Field, error) {
	step := app.MeetingStep(d.Procedure)
	i := slices.IndexFunc(step.Form, asksPresence)
	if i < 0 {
		return nil, procedure.Field{}, fault.NotFound
	}
	f, err := s.newForm(c, stepForm{procedure: d.Procedure, step: step, org: d.Org.ID, matter: d.ID, have: d.AsOf, action: view.StepPath(d.ID, step.ID), dossier: &d})
	return f, step.Form[i], err
}

// putDown notes in the draft of the record that somebody without a phone is there.
func (s *Server) putDown(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	if _, err := c.Session.CheckedIn(c.R.Context(), d.ID); err != nil && !errors.Is(err, checkin.ErrClosed) {
		return nil, err // whoever may not record who was there puts nobody down
	}
	f, q, err := s.holdForm(c, d)
	if err != nil {
		return nil, err
	}
	p, err := id.ParsePerson(c.R.PostFormValue("person"))
	means := record.Means(c.R.PostFormValue("means"))
	known := slices.ContainsFunc(f.due(q), func(x app.PersonRef) bool { return x.ID == p })
	if err != nil || !known || !slices.Contains([]record.Means{record.ByProxy, record.ByVideo, record.ByList}, means) {
		return nil, &fault.Invalid{Field: "person", Why: "form.unreadable"}
	}
	if err := f.prefill(c); err != nil {
		return nil, err
	}
	f.setPeople(q.ID, record.People{{Person: p, State: record.Present, Means: means}})
	if err := f.keep(c); err != nil {
		return nil, err
	}
	return nil, c.To(view.CheckInPath(d.ID))
}

// codeEntry asks for the code, or takes one that was typed.
func (s *Server) codeEntry(c *Call) (templ.Component, error) {
	if code := strings.TrimSpace(c.R.FormValue("code")); code != "" {
		return nil, c.To(view.CodePath(code))
	}
	return view.CodeEntry(view.CodeEntryView{Base: c.Base, Help: c.helper(0)}), nil
}

// codePage asks whoever opened a code whether they are themselves.
func (s *Server) codePage(c *Call) (templ.Component, error) {
	code := c.R.PathValue("code")
	if failed, err := s.notReady(c, code); failed != nil || err != nil {
		return failed, err
	}
	d, _, err := s.meetingOfCode(c, code)
	if err != nil {
		return s.checkInFailed(c, code, nil, err)
	}
	v := view.CheckInAskView{Base: c.Base, Meeting: c.card(d), Code: code, Name: c.Visit.Name(), Key: c.Visit.NewKey(), Help: c.helper(d.Org.ID)}
	if branch, err := c.Visit.Branch(); err == nil {
		v.Detail = branch.Name
	}
	return view.CheckInAsk(v), nil
}

// useCode checks in whoever is signed in.
func (s *Server) useCode(c *Call) (templ.Component, error) {
	code := c.R.PathValue("code")
	if failed, err := s.notReady(c, code); failed != nil || err != nil {
		return failed, err
	}
	d, secret, err := s.meetingOfCode(c, code)
	if err != nil {
		return s.checkInFailed(c, code, nil, err)
	}
	mark, err := c.Session.CheckIn(c.R.Context(), d.ID, secret)
	if err != nil {
		return s.checkInFailed(c, code, &checkedIn{d, mark}, err)
	}
	return view.CheckInDone(view.CheckInDoneView{Base: c.Base, Meeting: c.card(d), Name: c.Visit.Name(), Clock: c.Base.W.Clock(mark.At.In(s.App.Zone())), Place: s.placeOf(c, d.ID)}), nil
}

// placeOf is how many have checked in; only who keeps the door knows, so for
// everybody else it is not said.
func (s *Server) placeOf(c *Call, m id.Matter) int {
	in, err := c.Session.CheckedIn(c.R.Context(), m)
	if err != nil {
		return 0
	}
	return len(in.Marks)
}

// checkedIn is a meeting with the mark that somebody has there.
type checkedIn struct {
	d    app.Dossier
	mark checkin.Mark
}

// notReady answers whoever has still to sign in; nil: nothing is missing.
func (s *Server) notReady(c *Call, code string) (templ.Component, error) {
	if c.Session == nil {
		c.status = http.StatusUnauthorized
		return view.CheckInFailed(view.CheckInFailedView{Base: c.Base, Reason: view.NotSignedIn, Code: code}), nil
	}
	if c.Visit == nil {
		_, err := c.Session.Visit(c.R.Pattern)
		return nil, err
	}
	return nil, nil
}

// meetingOfCode finds the meeting that a code is for. A scanned code names it; for
// typed digits it is the meeting of the own branch that is planned for today.
func (s *Server) meetingOfCode(c *Call, code string) (app.Dossier, string, error) {
	name, secret, scanned := strings.Cut(code, ".")
	if scanned {
		m, err := id.ParseMatter(name)
		if err != nil {
			return app.Dossier{}, "", errUnknownCode
		}
		d, err := c.Visit.Dossier(c.R.Context(), m)
		return d, secret, err
	}
	if !slices.Contains([]int{6, 7}, len([]rune(code))) {
		return app.Dossier{}, "", errUnknownCode
	}
	planned, err := s.planned(c)
	if err != nil {
		return app.Dossier{}, "", err
	}
	for _, m := range planned {
		if m.Record.Fields.Day("day") == c.Today() {
			d, err := c.Visit.Dossier(c.R.Context(), m.Matter)
			return d, code, err
		}
	}
	return app.Dossier{}, "", checkin.ErrClosed
}

// errUnknownCode: nothing like a code of ours.
var errUnknownCode = errors.New("no such code")

// checkInFailed says why somebody is not checked in.
func (s *Server) checkInFailed(c *Call, code string, at *checkedIn, err error) (templ.Component, error) {
	v := view.CheckInFailedView{Base: c.Base, Code: code, Help: c.helper(0)}
	switch {
	case errors.Is(err, checkin.ErrTwice):
		v.Reason, v.Clock = view.AlreadyIn, c.Base.W.Clock(at.mark.At.In(s.App.Zone()))
	case errors.Is(err, checkin.ErrCode):
		v.Reason, c.status = view.CodeExpired, http.StatusUnprocessableEntity
	case errors.Is(err, checkin.ErrClosed):
		v.Reason, c.status = view.CheckInClosed, http.StatusUnprocessableEntity
	case errors.Is(err, checkin.ErrNotDue):
		v.Reason, c.status = view.NotOnList, http.StatusForbidden
	case errors.Is(err, errUnknownCode), errors.Is(err, fault.NotFound):
		v.Reason, c.status = view.CodeUnknown, http.StatusNotFound
	default:
		return nil, err
	}
	if at != nil {
		card := c.card(at.d)
		v.Meeting, v.Help = &card, c.helper(at.d.Org.ID)
	}
	return view.CheckInFailed(v), nil
}

// card says which meeting a page is about.
func (c *Call) card(d app.Dossier) view.MeetingCard {
	card := view.MeetingCard{Head: d.Org.Name + " " + c.Say(d.Procedure.Title), Theme: c.Say(d.Procedure.Title)}
	if len(d.Entries) == 0 {
		return card
	}
	announced := d.Entries[0].Record
	f, day := announced.Fields, announced.On
	if planned := f.Day("day"); planned != 0 {
		day = planned
	}
	card.When = c.Base.W.MonthDay(day) + " " + c.Base.W.Weekday(day)
	if start, ok := f.Get("start").(record.Time); ok {
		card.When += " " + start.String()
	}
	if place := f.Text("place"); place != "" {
		card.Place = place
	}
	if topic := f.Text("topic"); topic != "" {
		card.Theme = topic
	}
	return card
}

// helper is whom to ask when something does not work: the secretary of the branch.
func (c *Call) helper(o id.Org) view.Helper {
	if c.Visit == nil {
		return view.Helper{}
	}
	if o == 0 {
		branch, err := c.Visit.Branch()
		if err != nil {
			return view.Helper{}
		}
		o = branch.ID
	}
	page, err := c.Visit.OrgPage(c.R.Context(), o, 0)
	if err != nil {
		return view.Helper{}
	}
	for _, officer := range page.Officers {
		if officer.Role == secretaryRole {
			return view.Helper{Name: officer.Name}
		}
	}
	return view.Helper{}
}
