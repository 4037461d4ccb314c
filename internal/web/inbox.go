package web

import (
	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
)

// inbox lists what concerns the visitor: who waits, who went on, what was set right.
// What it says of a matter is its kind and its place, never what was written.
func (s *Server) inbox(c *Call) (templ.Component, error) {
	notices, err := c.Visit.Inbox(c.R.Context())
	if err != nil {
		return nil, err
	}
	v := view.InboxView{Base: c.Base}
	v.Me.Unread = 0
	for _, n := range notices {
		who := n.Actor.Name
		if n.Actor.ID == 0 {
			who = c.T("journal.system")
		}
		task := view.Task{Title: c.T(n.Kind, "who", who, "what", c.kindTitle(n.Record.Kind)), Href: view.MatterPath(n.Matter),
			Small: c.T("notice.where", "org", n.Org.Name, "time", c.Base.W.Moment(n.Record.Time.In(s.App.Zone())))}
		if n.Unread {
			task.Tag = &view.Tag{Tone: view.Act, Text: c.T("notice.new")}
		}
		v.Notices = append(v.Notices, task)
	}
	tasks, err := s.tasks(c)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if t.Deadline.Urgency == view.Late || t.Deadline.Urgency == view.Soon {
			v.Near = append(v.Near, t)
		}
	}
	return view.InboxPage(v), nil
}

// unread counts for the top bar what came since the visitor last looked.
func (c *Call) unread() {
	n, err := c.Visit.Unread(c.R.Context())
	if err != nil {
		c.s.Logger.Warn("notices not counted", "err", err)
	}
	c.Base.Me.Unread = n
}
