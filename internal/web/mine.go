package web

import (
	"slices"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/obligation"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// mine is what somebody sees first on a phone: whoever keeps the records of the own
// branch sees what is to be done, everybody else what they are invited to.
func (s *Server) mine(c *Call) (templ.Component, error) {
	branch, err := c.Visit.Branch()
	if err != nil {
		return nil, c.To(view.PathHome) // not of any branch
	}
	if theme, ok := s.App.Library().Latest(themeDay); ok && c.Visit.MayTake(theme, app.MeetingStep(theme), branch.ID) {
		return s.secretaryHome(c, branch)
	}
	return s.memberHome(c, branch)
}

// themeDay is the procedure that every branch has; who records it keeps the records
// of the branch.
const themeDay = "theme_day"

// today writes the day as a phone does.
func (c *Call) today() string {
	return c.Base.W.MonthDay(c.Today()) + " " + c.Base.W.Weekday(c.Today())
}

// planned are the meetings of the own branch that were announced and not held yet.
func (s *Server) planned(c *Call) (all []app.Meeting, err error) {
	branch, err := c.Visit.Branch()
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, p := range s.lifeProcedures(c) {
		kinds = append(kinds, p.ID)
	}
	page, err := c.Visit.Meetings(c.R.Context(), app.MeetingQuery{Org: branch.ID, Kinds: kinds, Limit: recentMeetings})
	if err != nil {
		return nil, err
	}
	for _, m := range page.Meetings {
		if d := m.Record.Fields.Day("day"); !m.Held && !m.Closed && d >= c.Today() {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b app.Meeting) int {
		return int(a.Record.Fields.Day("day") - b.Record.Fields.Day("day"))
	})
	return all, nil
}

// recentMeetings is among how many meetings the next ones are looked for.
const recentMeetings = 40

func (s *Server) memberHome(c *Call, branch app.OrgRef) (templ.Component, error) {
	v := view.MemberHomeView{Base: c.Base, Today: c.today(), Name: c.Visit.Name(), Branch: branch.Name, BranchRef: view.Under(view.PathOrg, branch.ID.String()), Secretary: c.helper(branch.ID)}
	v.At = view.AtOverview
	planned, err := s.planned(c)
	if err != nil {
		return nil, err
	}
	for _, m := range planned {
		if err := s.invited(c, m, &v); err != nil {
			return nil, err
		}
	}
	page, err := c.Visit.PersonPage(c.R.Context(), c.Visit.Me())
	if err != nil {
		return nil, err
	}
	v.Attended = c.attendance(page)
	if n := len(page.Looked); n > 0 {
		v.Looked, v.LookedRef = c.T("mine.looked_n", "n", c.Base.W.N(n)), view.Under(view.PathPerson, c.Visit.Me().String())
	}
	if v.Dues, err = c.duesLine(branch.ID); err != nil {
		return nil, err
	}
	if err := s.myAppraisal(c, branch, &v); err != nil {
		return nil, err
	}
	return view.MemberHome(v), nil
}

// invited adds a meeting to those that are coming, or makes it the one of today.
func (s *Server) invited(c *Call, m app.Meeting, v *view.MemberHomeView) error {
	d, err := c.Visit.Dossier(c.R.Context(), m.Matter)
	if err != nil {
		return err
	}
	next := view.NextMeeting{MeetingCard: c.card(d), Href: view.MatterPath(m.Matter)}
	i := slices.IndexFunc(d.Entries, func(e app.Entry) bool { return e.Step.ID == excuseStep && whose(e) == c.Visit.Me() })
	if i >= 0 {
		next.State = view.Tag{Tone: view.Line, Icon: "check", Text: c.codeTitle("presence", string(record.Leave))}
		reason := d.Entries[i].Record.Fields.Choice("reason")
		v.Leaves = append(v.Leaves, view.LeaveLine{Meeting: next.Theme, Reason: c.reason(reason), State: next.State, Href: next.Href})
	} else if _, ok := d.Procedure.Step(excuseStep); ok {
		next.Leave = view.StepPath(m.Matter, excuseStep)
		if v.Ask == "" {
			v.Ask = next.Leave
		}
	}
	if m.Record.Fields.Day("day") == c.Today() && v.Now == nil {
		v.Now = &next
		return nil
	}
	v.Next = append(v.Next, next)
	return nil
}

// excuseStep is the step by which a member asks for leave.
const excuseStep = "excuse"

// whose is the person whose act a record is: the one on whose behalf it was made, or
// else who made it.
func whose(e app.Entry) id.Person {
	if e.Behalf.ID != 0 {
		return e.Behalf.ID
	}
	return e.Actor.ID
}

// attendance is the own last year.
func (c *Call) attendance(page app.PersonPage) view.Attendance {
	a := view.Attendance{Year: c.T("meeting.last_year"), Due: len(page.Attended), Href: view.Under(view.PathPerson, c.Visit.Me().String())}
	for _, x := range page.Attended {
		if x.Presence.State == record.Present {
			a.Present++
		}
	}
	if a.Due > 0 {
		a.Permille = a.Present * 1000 / a.Due
	}
	a.Share = percent(a.Permille)
	return a
}

// myAppraisal says where the own appraisal stands: the newest one of the branch.
func (s *Server) myAppraisal(c *Call, branch app.OrgRef, v *view.MemberHomeView) error {
	page, err := c.Visit.Meetings(c.R.Context(), app.MeetingQuery{Org: branch.ID, Kinds: []string{"appraisal"}, Limit: 1})
	if err != nil || len(page.Meetings) == 0 {
		return err
	}
	d, err := c.Visit.Dossier(c.R.Context(), page.Meetings[0].Matter)
	if err != nil {
		return err
	}
	mine := &view.MyAppraisal{Title: c.Say(d.Procedure.Title), Stages: c.stages(d), Href: view.MatterPath(d.ID)}
	a, _ := newAppraised(d)
	if a.told != nil {
		var m view.AppraisedMember
		s.graded(c, a, c.Visit.Me(), &m)
		mine.Grade = m.Grade
	}
	done := slices.ContainsFunc(d.Entries, func(e app.Entry) bool { return e.Step.ID == "self_appraisal" && whose(e) == c.Visit.Me() })
	i := slices.IndexFunc(d.Open, func(o app.OpenStep) bool { return o.Step.ID == "self_appraisal" && o.Mine })
	if !done && i >= 0 && a.held == nil {
		mine.Do, mine.Href = c.Say(d.Open[i].Step.Title), view.StepPath(d.ID, "self_appraisal")
	}
	v.Appraisal = mine
	return nil
}

// secretaryHome is what is to be done in the branch, in order of urgency.
func (s *Server) secretaryHome(c *Call, branch app.OrgRef) (templ.Component, error) {
	v := view.SecretaryHomeView{Base: c.Base, Today: c.today(), Name: c.Visit.Name(), Year: view.With(view.PathDue, "org", branch.ID.String()), Month: c.T("mine.month", "month", c.Base.W.MonthName(c.Today().Time().Month()))}
	v.At = view.AtOverview
	planned, err := s.planned(c)
	if err != nil {
		return nil, err
	}
	for _, m := range planned {
		if m.Record.Fields.Day("day") == c.Today() {
			v.Errands = append(v.Errands, view.Errand{Icon: "qr-code", Text: c.Say(m.Procedure.Title), Sub: c.T("mine.held_today"), Href: view.CheckInPath(m.Matter)})
		}
	}
	if err := s.month(c, branch, &v); err != nil {
		return nil, err
	}
	asked, err := s.asked(c)
	if err != nil {
		return nil, err
	}
	for _, t := range asked {
		v.Errands = append(v.Errands, view.Errand{Icon: "message-square", Text: t.Title, Sub: c.T("mine.question"), Href: t.Href})
	}
	v.Count = len(v.Errands)
	v.Errands = v.Errands[:min(5, len(v.Errands))]
	v.Keys = s.keys(c, branch.ID, planned)
	return view.SecretaryHome(v), nil
}

// keys are the four things that a secretary does most.
func (s *Server) keys(c *Call, o id.Org, planned []app.Meeting) [4]view.Errand {
	door := view.BeginPath(themeDay, o) + "&step=plan"
	if len(planned) > 0 && planned[0].Record.Fields.Day("day") == c.Today() {
		door = view.CheckInPath(planned[0].Matter)
	}
	return [4]view.Errand{
		{Icon: "qr-code", Text: c.T("mine.key_door"), Href: door},
		{Icon: "notebook-pen", Text: c.T("mine.key_record"), Href: view.BeginPath(themeDay, o)},
		{Icon: "users", Text: c.T("mine.key_people"), Href: view.With(view.PathPerson, "org", o.String())},
		{Icon: "messages-square", Text: c.T("mine.key_talk"), Href: view.BeginPath("talk", o)},
	}
}

// month lists the obligations whose span runs, and what is behind as errands.
func (s *Server) month(c *Call, branch app.OrgRef, v *view.SecretaryHomeView) error {
	cal, err := c.Visit.Calendar(c.R.Context(), branch.ID, c.Today())
	if err != nil {
		return err
	}
	for _, row := range cal.Rows {
		for _, due := range row.Dues {
			title := c.dutyTitle(row.Obligation, due.Span)
			begin := view.BeginPath(row.Obligation.Begin, branch.ID)
			switch {
			case due.Status == obligation.Behind:
				v.Errands = append(v.Errands, view.Errand{Icon: "calendar-check", Text: title, Sub: c.deadline(due.Span.To).Text, Late: true, Href: begin})
			case !due.Span.Contains(c.Today()):
			case due.Status == obligation.Done:
				v.Duties = append(v.Duties, view.Errand{Icon: "circle-check", Text: title, Tag: &view.Tag{Tone: view.Good, Icon: "check", Text: c.T("meeting.filed")}})
			case due.Status == obligation.Open && row.Obligation.Per != indicator.PerYear:
				v.Duties = append(v.Duties, view.Errand{Icon: "circle-dashed", Text: title, Sub: c.deadline(due.Span.To).Text, Href: begin})
			}
		}
	}
	return nil
}
