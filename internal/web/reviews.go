package web

import (
	"slices"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// review draws the matters that have pages of their own; nil: it is none of them.
func (s *Server) review(c *Call, d app.Dossier) templ.Component {
	switch d.Procedure.ID {
	case "life_meeting":
		return view.LifeMeeting(s.lifeMeeting(c, d))
	case "appraisal":
		return view.Appraisal(s.appraisal(c, d))
	}
	return nil
}

// lifeMeeting shows the problems with what became of them, and the opinions.
func (s *Server) lifeMeeting(c *Call, d app.Dossier) view.LifeMeetingView {
	v := view.LifeMeetingView{MatterView: s.matterView(c, d)}
	v.Lists = slices.DeleteFunc(v.Lists, func(l view.AnswerList) bool { return l.ID == "opinions" || l.ID == "problems" })
	problems := foundProblems(d)
	states := map[view.ProblemState]int{}
	sources := map[string]int{}
	for _, p := range problems {
		row := s.problemRow(c, d, p)
		states[row.State]++
		sources[p.source]++
		v.Problems = append(v.Problems, row)
	}
	for state := view.ProblemOpen; state <= view.ProblemRelapsed; state++ {
		if n := states[state]; n > 0 {
			name := c.codeTitle("problem_state", stateCodes[state])
			v.States = append(v.States, view.Part{Name: name, Count: n, Text: c.Base.W.N(n)})
			v.StateLine += name + " " + c.Base.W.N(n) + "  "
		}
	}
	for _, code := range s.App.Library().Law.Codes["problem_source"].Values {
		if n := sources[code.Code]; n > 0 {
			v.Sources = append(v.Sources, view.SourceCount{Name: c.Base.W.Pick(code.ZH, code.EN), Count: n})
		}
	}
	if held, ok := heldEntry(d); ok {
		v.Opinions = c.opinions(held.Record)
		v.OpinionCount = len(v.Opinions)
	}
	return v
}

func (c *Call) opinions(r record.Record) (all []view.Opinion) {
	for _, row := range r.Fields.Items("opinions") {
		giver, receiver := row.Person("giver"), row.Person("receiver")
		names := c.Visit.Names([]id.Person{giver, receiver})
		all = append(all, view.Opinion{Giver: names[giver], Receiver: names[receiver], Text: row.Text("text"), Private: true})
	}
	return all
}

// stateCodes are the codes of the states of a problem, in the order of the view.
var stateCodes = [...]string{view.ProblemOpen: "open", view.ProblemWorking: "working", view.ProblemDone: "done", view.ProblemClosed: "closed", view.ProblemReturned: "returned", view.ProblemRelapsed: "relapsed"}

// A foundProblem is one problem of the list, as the later steps left it.
type foundProblem struct {
	number   int64
	text     string
	source   string
	owner    id.Person
	measure  string
	until    day.Day
	done     day.Day
	verifier app.PersonRef
	verified day.Day
	state    view.ProblemState
	record   int64
}

// foundProblems follows every problem through the records of the meeting.
func foundProblems(d app.Dossier) (all []*foundProblem) {
	find := func(n int64) *foundProblem {
		i := slices.IndexFunc(all, func(p *foundProblem) bool { return p.number == n })
		if i < 0 {
			return nil
		}
		return all[i]
	}
	for _, e := range d.Entries {
		if e.Corrected != 0 {
			continue
		}
		for _, f := range e.Record.Fields {
			rows, ok := f.Value.(record.Items)
			if !ok {
				continue
			}
			for _, row := range rows {
				n, asks := row.Get("number").(record.Number)
				if !asks {
					continue
				}
				if e.Step.ID == "prepare" && find(int64(n)) == nil {
					all = append(all, &foundProblem{number: int64(n), text: row.Text("text"), source: row.Choice("source"), record: e.Record.Seq})
				}
				if p := find(int64(n)); p != nil {
					p.follow(e, row)
				}
			}
		}
	}
	return all
}

// follow takes one row about the problem into account.
func (p *foundProblem) follow(e app.Entry, row record.Fields) {
	if owner := row.Person("owner"); owner != 0 {
		p.owner = owner
	}
	if until := row.Day("until"); until != 0 {
		p.until = until
	}
	if measure := row.Text("measure"); measure != "" {
		p.measure, p.state = measure, max(p.state, view.ProblemWorking)
	}
	switch e.Step.ID {
	case "done":
		p.done, p.state = e.Record.On, view.ProblemDone
	case "verify":
		p.verifier, p.verified = e.Actor, e.Record.On
		p.state = view.ProblemClosed
		if row.Choice("verdict") != stateCodes[view.ProblemClosed] {
			p.state, p.done = view.ProblemReturned, 0
		}
	case "relapse":
		p.state, p.done = view.ProblemRelapsed, 0
	}
}

// nextSteps are the steps that a problem waits for in each state.
var nextSteps = map[view.ProblemState]string{view.ProblemOpen: "measure", view.ProblemWorking: "done", view.ProblemDone: "verify", view.ProblemReturned: "done", view.ProblemRelapsed: "done"}

func (s *Server) problemRow(c *Call, d app.Dossier, p *foundProblem) view.FoundProblem {
	row := view.FoundProblem{No: int(p.number), Text: p.text, Source: c.codeTitle("problem_source", p.source), Measure: p.measure, Until: p.until, Done: p.done,
		Verifier: p.verifier.Name, Verified: p.verified, State: p.state, StateText: c.codeTitle("problem_state", stateCodes[p.state]), RecordHref: view.RecordPath(p.record)}
	row.Owner = d.Org.Name
	if p.owner != 0 {
		row.Owner = c.Visit.Names([]id.Person{p.owner})[p.owner]
	}
	if p.done == 0 {
		row.Deadline = c.deadline(p.until)
	}
	i := slices.IndexFunc(d.Open, func(o app.OpenStep) bool { return o.Step.ID == nextSteps[p.state] && o.Mine })
	if i >= 0 {
		row.Step, row.StepHref = c.Say(d.Open[i].Step.Title), view.StepPath(d.ID, d.Open[i].Step.ID)
	}
	return row
}

// appraised is what the records of an appraisal say of each member.
type appraised struct {
	held     *record.Record
	proposed *record.Record
	told     *record.Record
}

func newAppraised(d app.Dossier) (appraised, bool) {
	a := appraised{held: latest(d, "hold"), proposed: latest(d, "propose"), told: latest(d, "feedback")}
	return a, d.Procedure.ID == "appraisal"
}

// year is the year that was appraised: a meeting in the first months is about the
// year before.
func (a appraised) year() int {
	if a.held == nil {
		return a.proposed.On.Year() - 1
	}
	return a.held.On.AddMonths(-6).Year()
}

// withGrade are the people proposed for a grade, in the order of the record.
func (a appraised) withGrade(code string) (all []id.Person) {
	if a.proposed == nil {
		return nil
	}
	for _, row := range a.proposed.Fields.Items("grades") {
		if row.Choice("grade") == code {
			all = append(all, row.Person("person"))
		}
	}
	return all
}

// appraisal shows the grades against the quota, and the members one by one.
func (s *Server) appraisal(c *Call, d app.Dossier) view.AppraisalView {
	v := view.AppraisalView{MatterView: s.matterView(c, d)}
	a, _ := newAppraised(d)
	v.Lists = slices.DeleteFunc(v.Lists, func(l view.AnswerList) bool { return l.ID == "ballots" })
	if a.held != nil {
		v.Due, v.Took = int(a.held.Fields.Number("due")), a.held.Fields.People("attended").Count(record.Present)
	}
	if v.Due > 0 {
		v.Permille = min(1000, v.Took*1000/v.Due)
	}
	v.Share = percent(v.Permille)
	graded := 0
	for _, code := range s.App.Library().Law.Codes["grade"].Values {
		n, name := len(a.withGrade(code.Code)), c.Base.W.Pick(code.ZH, code.EN)
		graded += n
		v.Grades = append(v.Grades, view.GradeCount{Grade: name, Count: n})
		v.Line += name + " " + c.Base.W.N(n) + "  "
	}
	v.Quota = s.quota(c, d, a, graded)
	v.Members = s.members(c, d, a)
	v.MayNotice = a.proposed != nil
	return v
}

// quotaRule is the rule that says how many may have the best grade; the grades are
// those of the code table.
const (
	quotaRule = "appraisal.excellent"
	bestGrade = "excellent"

	lowestGrade = "unqualified" // leads to help with a deadline
)

func (s *Server) quota(c *Call, d app.Dossier, a appraised, graded int) view.Quota {
	on := c.Today()
	if a.proposed != nil {
		on = a.proposed.On
	}
	q := view.Quota{Grade: c.codeTitle("grade", bestGrade), Of: graded, Used: len(a.withGrade(bestGrade))}
	rule, ok := s.App.Library().Law.Book[quotaRule]
	value, err := s.App.Library().Law.Book.At(quotaRule, on)
	if !ok || err != nil || value.Share == nil {
		return q
	}
	q.Rule, q.Most = c.Say(rule.Title), int(value.Share.Floor(int64(graded)))
	q.Clause, q.ClauseHref = c.clause(value.Basis)
	return q
}

// members are the people on the roster with what the records say of each.
func (s *Server) members(c *Call, d app.Dossier, a appraised) (all []view.AppraisedMember) {
	on := c.Today()
	if a.held != nil {
		on = a.held.On
	}
	roster, err := c.Visit.Roster(d.Org.ID, on)
	if err != nil {
		return nil // the reader may not list people
	}
	for _, l := range roster {
		m := view.AppraisedMember{Name: l.Name}
		if c.Visit.MayPerson(access.ReadPerson, l.ID) {
			m.Href = view.Under(view.PathPerson, l.ID.String())
		}
		if l.Standing == person.Probationary {
			m.NoGrade = c.codeTitle("standing", string(l.Standing))
		}
		for _, e := range d.Entries {
			who := e.Actor.ID
			if e.Behalf.ID != 0 {
				who = e.Behalf.ID
			}
			switch {
			case e.Corrected != 0:
			case e.Step.ID == "self_appraisal" && who == l.ID:
				m.Self = e.Record.On
			case e.Step.ID == "mutual" && e.Record.Fields.Person("receiver") == l.ID:
				m.Mutual++
			}
		}
		s.graded(c, a, l.ID, &m)
		all = append(all, m)
	}
	return all
}

// graded fills in the votes for a member, the grade, and when it was told.
func (s *Server) graded(c *Call, a appraised, p id.Person, m *view.AppraisedMember) {
	codes := s.App.Library().Law.Codes["grade"].Values
	if a.held != nil {
		for _, row := range a.held.Fields.Items("ballots") {
			if row.Person("person") != p {
				continue
			}
			for _, code := range codes {
				m.Ballots = append(m.Ballots, int(row.Number(code.Code)))
			}
		}
	}
	for _, code := range codes {
		if slices.Contains(a.withGrade(code.Code), p) {
			m.Proposed = c.Base.W.Pick(code.ZH, code.EN)
			m.Low = code.Code == lowestGrade
		}
	}
	if a.told != nil && slices.ContainsFunc(a.told.Fields.People("told"), func(x record.Presence) bool { return x.Person == p }) {
		m.Grade, m.Told = m.Proposed, a.told.On
	}
}
