package web

import (
	"slices"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/obligation"
	"qingfeng/internal/web/view"
)

// todo is the inbox: what the visitor's own organisation has to do, what was asked
// of it, and what is behind.
func (s *Server) todo(c *Call) (templ.Component, error) {
	v := view.TodoView{Base: c.Base}
	v.At = view.AtTodo
	tasks, err := s.tasks(c)
	if err != nil {
		return nil, err
	}
	grants, err := s.grantTasks(c)
	if err != nil {
		return nil, err
	}
	ways, err := s.wayTasks(c)
	if err != nil {
		return nil, err
	}
	waiting, err := s.waitingTasks(c)
	if err != nil {
		return nil, err
	}
	tasks = slices.Concat(grants, ways, waiting, tasks)
	for _, t := range tasks {
		switch {
		case t.Deadline.Urgency == view.Late:
			v.Late = append(v.Late, t)
		case t.Deadline.Urgency == view.Soon:
			v.Week = append(v.Week, t)
		default:
			v.Later = append(v.Later, t)
		}
	}
	if v.Asked, err = s.asked(c); err != nil {
		return nil, err
	}
	v.Meta = []string{c.T("todo.count", "count", c.Base.W.N(len(tasks)), "late", c.Base.W.N(len(v.Late)))}
	return view.Todo(v), nil
}

// tasks are what the branch acted for has still to hold: what is behind first.
func (s *Server) tasks(c *Call) (tasks []view.Task, err error) {
	a, ok := c.acting()
	if !ok || !a.Org.Kind.Basic() || !c.Visit.May(access.ReadOrg, a.Org.ID) {
		return nil, nil
	}
	cal, err := c.Visit.Calendar(c.R.Context(), a.Org.ID, c.Today())
	if err != nil {
		return nil, err
	}
	for _, status := range []obligation.Status{obligation.Behind, obligation.Open} {
		for _, row := range cal.Rows {
			for _, due := range row.Dues {
				if due.Status == status {
					tasks = append(tasks, s.task(c, a, row.Obligation, due))
				}
			}
		}
	}
	return tasks, nil
}

// grantTasks are the rights that wait for the visitor's confirmation.
func (s *Server) grantTasks(c *Call) (tasks []view.Task, err error) {
	waiting, err := c.Visit.WaitingGrants(c.R.Context())
	for _, w := range waiting {
		by := w.By.Name
		if w.By.ID == 0 {
			by = c.T("journal.system")
		}
		tasks = append(tasks, view.Task{Title: c.T("todo.grant", "person", w.Who.Name, "role", c.roleTitle(w.Role)),
			Small: c.T("todo.grant_by", "org", w.Org.Name, "person", by, "day", c.Base.W.Day(w.Record.On)), Href: view.MatterPath(w.Matter)})
	}
	return tasks, err
}

// waitingTasks are the steps of matters between two sides that wait for the visitor.
func (s *Server) waitingTasks(c *Call) (tasks []view.Task, err error) {
	waiting, err := c.Visit.WaitingSteps(c.R.Context())
	for _, w := range waiting {
		tasks = append(tasks, view.Task{Title: c.T("todo.step", "kind", c.Say(w.Procedure.Title), "step", c.Say(w.Step.Title), "person", w.Who.Name),
			Small: w.Org.Name, Href: view.MatterPath(w.Matter), Deadline: c.deadline(w.Due.On)})
	}
	return tasks, err
}

func (s *Server) task(c *Call, a app.Acting, ob obligation.Obligation, due obligation.Due) view.Task {
	rule, _ := c.clause(due.Basis)
	return view.Task{
		Title: c.dutyTitle(ob, due.Span), Small: c.T("todo.by_rule", "org", a.Org.Name, "rule", rule),
		Href: view.BeginPath(ob.Begin, a.Org.ID), Deadline: c.deadline(due.Span.To),
	}
}

// asked are the questions of the system that wait for an answer.
func (s *Server) asked(c *Call) (tasks []view.Task, err error) {
	a, ok := c.acting()
	if !ok {
		return nil, nil
	}
	questions, err := c.Visit.Questions(c.R.Context(), a.Org.ID)
	if err != nil {
		return nil, err
	}
	for _, q := range questions {
		if q.Answer == 0 {
			text, _ := c.Base.W.Reason(q.Why, c.named(q.Args))
			tasks = append(tasks, view.Task{Title: text, Small: a.Org.Name, Href: view.MatterPath(q.Matter)})
		}
	}
	return tasks, nil
}

// named replaces ids among the arguments of a question by names.
func (c *Call) named(args map[string]string) map[string]string {
	named := map[string]string{}
	for k, v := range args {
		named[k] = v
	}
	c.title(named, "", "")
	if o, err := id.ParseOrg(args["org"]); err == nil && o != 0 {
		named["org"] = c.Visit.OrgNames([]id.Org{o})[o]
	}
	return named
}

// due is the calendar of obligations of a branch; above a branch, how those below
// stand.
func (s *Server) due(c *Call) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	in := c.Today()
	if d, err := day.Parse(c.R.FormValue("in")); err == nil && d != 0 {
		in = d
	}
	page, err := c.Visit.OrgPage(c.R.Context(), o, 0)
	if err != nil {
		return nil, err
	}
	if page.Kind.Basic() {
		return s.branchDues(c, page, in)
	}
	v := view.DueView{Base: c.Base, Crumbs: s.crumbs(page), Org: page.Name}
	v.At = view.AtDue
	behind, err := c.Visit.Behind(c.R.Context(), o, in, 400)
	if err != nil {
		return nil, err
	}
	for _, b := range behind {
		v.Totals = append(v.Totals, s.total(c, o, b))
	}
	chosen := c.R.FormValue("duty")
	if i := slices.IndexFunc(behind, func(b app.Behind) bool { return b.Obligation.ID == chosen }); i >= 0 {
		behind = behind[i : i+1]
	} else if len(behind) > 0 {
		behind = behind[:1]
	}
	v.Behind, _ = s.behindRows(c, behind, 400)
	return view.DuePage(v), nil
}

func (s *Server) total(c *Call, o id.Org, b app.Behind) view.DutyTotal {
	rule := b.Obligation.Basis
	t := view.DutyTotal{Duty: c.duty(b.Obligation), Period: c.span(b.Obligation.Per, b.Span), Deadline: c.deadline(b.Span.To),
		Href: view.With(view.PathDue, "org", o.String(), "duty", b.Obligation.ID)}
	if len(rule) > 0 {
		t.Rule, t.RuleHref = c.clause(rule[0])
	}
	if b.Bound > 0 {
		t.Permille = b.Done * 1000 / b.Bound
	}
	t.Done, t.Value = c.Base.W.N(b.Done)+" / "+c.Base.W.N(b.Bound), percent(t.Permille)
	return t
}

func (s *Server) branchDues(c *Call, page app.OrgPage, in day.Day) (templ.Component, error) {
	cal, err := c.Visit.Calendar(c.R.Context(), page.ID, in)
	if err != nil {
		return nil, err
	}
	v := view.BranchDuesView{Base: c.Base, Crumbs: s.crumbs(page), Org: page.Name, Year: c.span(indicator.PerYear, cal.Year), Calendar: *s.calendar(c, cal)}
	v.At = view.AtDue
	v.Earlier = view.With(view.PathDue, "org", page.ID.String(), "in", in.AddYears(-1).String())
	if cal.Year.To < c.Today() {
		v.Later = view.With(view.PathDue, "org", page.ID.String(), "in", in.AddYears(1).String())
	}
	for _, row := range cal.Rows {
		for _, due := range row.Dues {
			if due.Status == obligation.Open || due.Status == obligation.Behind {
				v.Running = append(v.Running, s.running(c, row.Obligation, due))
			}
		}
	}
	return view.BranchDues(v), nil
}

func (s *Server) running(c *Call, ob obligation.Obligation, due obligation.Due) view.RunningDuty {
	r := view.RunningDuty{Duty: c.duty(ob), Span: c.span(ob.Per, due.Span), Times: due.Times, Held: len(due.Held),
		Deadline: c.deadline(due.Span.To), Do: view.BeginPath(ob.Begin, due.Org)}
	if c.keepsBook(ob) {
		r.Do = view.With(view.PathDues, "org", due.Org.String()) // where the steps of the book begin
	}
	r.Rule, r.RuleHref = c.clause(due.Basis)
	return r
}

// calendar draws the obligations of a year, month by month.
func (s *Server) calendar(c *Call, cal app.Calendar) *view.Calendar {
	out := &view.Calendar{}
	for _, m := range cal.Year.Months() {
		out.Months = append(out.Months, view.CalendarMonth{Name: c.Base.W.MonthName(m.From.Time().Month()), Now: m.Contains(c.Today())})
	}
	for _, row := range cal.Rows {
		r := view.CalendarRow{Duty: c.duty(row.Obligation), Rhythm: c.T("rhythm." + string(row.Obligation.Per)), Cells: make([]view.CalendarCell, 12)}
		if len(row.Obligation.Basis) > 0 {
			_, r.Href = c.clause(row.Obligation.Basis[0])
		}
		for _, due := range row.Dues {
			_, last, _ := due.Span.To.Date()
			r.Cells[last-1] = view.CalendarCell{State: dutyState(due)}
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

func dutyState(due obligation.Due) view.DutyState {
	switch due.Status {
	case obligation.Done:
		return view.DutyDone
	case obligation.Open:
		return view.DutyNow
	case obligation.Behind:
		return view.DutyOver
	case obligation.Ahead:
		return view.DutyLater
	}
	return view.DutyNone
}
