package web

import (
	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
)

// way is the line of a long matter to its end, with what each day rests on.
func (c *Call) way(d app.Dossier) (way []view.WayStep) {
	for _, s := range d.Way {
		if s.Done != 0 {
			way = append(way, view.WayStep{Title: c.Say(s.Step.Title), Day: c.Base.W.Day(s.Done), Tag: view.Tag{Tone: view.Good, Icon: "check", Text: c.T("way.done")}})
			continue
		}
		way = append(way, c.wayAhead(d, s))
	}
	return way
}

// wayAhead is a step to come: from which day on, and what holds it back until then.
func (c *Call) wayAhead(d app.Dossier, s app.WayStep) view.WayStep {
	stop := s.Stop
	out := view.WayStep{Title: c.Say(s.Step.Title), Day: c.Base.W.Day(stop.From), Tag: view.Tag{Tone: view.Line, Icon: "calendar", Text: c.T("way.ahead")}}
	switch {
	case stop.Err != nil:
		out.Tag, out.Why = view.Tag{Tone: view.Warn, Icon: "clock", Text: c.T("way.waits")}, c.T("way.uncounted")
	case stop.TooLate():
		out.Tag = view.Tag{Tone: view.Bad, Icon: "clock", Text: c.T("way.over")}
		out.Why = c.T("way.until", "day", c.Base.W.Day(stop.Until.On))
		out.Clause, out.Href = c.clause(stop.Until.Basis)
	case stop.Ready && stop.From > c.Today():
		out.Tag = view.Tag{Tone: view.Warn, Icon: "clock", Text: c.T("way.waits")}
	case stop.Ready && stop.Due.On != 0 && stop.Due.On < c.Today():
		out.Tag = view.Tag{Tone: view.Bad, Icon: "clock", Text: c.T("way.overdue")}
		out.Why = c.T("way.due", "day", c.Base.W.Day(stop.Due.On))
		out.Clause, out.Href = c.clause(stop.Due.Basis)
	case stop.Ready:
		out.Tag = view.Tag{Tone: view.Act, Icon: "circle-dashed", Text: c.T("way.now")}
	case len(stop.Missing) > 0:
		args := map[string]string{"step": stop.Missing[len(stop.Missing)-1]}
		c.title(args, d.Procedure.ID, "")
		out.Why = c.T("way.after", "step", args["step"])
	}
	if out.Href == "" && stop.Waits.Rule != "" {
		args := map[string]string{"rule": stop.Waits.Rule}
		c.title(args, d.Procedure.ID, "")
		out.Why = c.T("way.rule", "rule", args["rule"])
		out.Clause, out.Href = c.clause(stop.Waits.Basis)
	}
	return out
}

// wayTasks are the steps with a deadline in the admissions of the organisation acted for.
func (s *Server) wayTasks(c *Call) (tasks []view.Task, err error) {
	a, ok := c.acting()
	if !ok || !c.Visit.May(access.ReadOrg, a.Org.ID) {
		return nil, nil
	}
	due, err := c.Visit.WayTasks(c.R.Context(), a.Org.ID)
	for _, t := range due {
		rule, _ := c.clause(t.Step.Due.Basis)
		tasks = append(tasks, view.Task{Title: c.T("way.task", "step", c.Say(t.Step.Step.Title), "person", t.Person.Name),
			Small: c.T("todo.by_rule", "org", t.Org.Name, "rule", rule), Href: view.MatterPath(t.Matter), Deadline: c.deadline(t.Step.Due.On)})
	}
	return tasks, err
}

// whose is the name of the person whom a matter with a long way is about.
func (c *Call) whose(d app.Dossier) string {
	if len(d.Way) == 0 || len(d.Entries) == 0 {
		return ""
	}
	p := d.Entries[0].Record.Fields.Person("person")
	if p == 0 {
		return ""
	}
	return c.Visit.Names([]id.Person{p})[p]
}

// memberArea is the area whose matters lead somebody into the Party.
const memberArea = "membership"

// wayActs adds the matter in which somebody is on the way to membership, or what begins
// one.
func (c *Call) wayActs(all []view.Doing, page app.PersonPage) []view.Doing {
	stand := page.Person.Stand(c.Today())
	if !stand.Standing.OnTheWay() {
		return all
	}
	for _, b := range c.Visit.Begins(page.Branch.ID, memberArea) {
		if f, asks := b.Step.Field("person"); asks && f.Computed == "" && stand.Matter == "" {
			all = add(all, c.Say(b.Procedure.Title), c.beginAction(b, page.Branch.ID, "person", page.ID.String()))
		}
	}
	if stand.Matter != "" {
		all = add(all, c.T("way.title"), view.Action{Text: c.T("way.open"), Href: view.MatterPath(stand.Matter)})
	}
	return all
}
