package web

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
)

// accountsListed is how many rows a page of accounts has: a branch fits on one.
const accountsListed = 50

// accounts lists people by how their accounts stand, for whoever manages them.
func (s *Server) accounts(c *Call) (templ.Component, error) {
	v := view.AccountsView{Base: c.Base, Q: c.R.FormValue("q"), Show: c.R.FormValue("show"), Prove: c.proveLink()}
	v.At, v.Flash = view.AtAccount, c.doneFlash()
	shows := []app.AccountShow{app.ShowWaiting, app.ShowOffices, app.ShowKnown, app.ShowInvited, app.ShowAll}
	if v.Show == "" {
		v.Show = string(shows[0])
	}
	page := c.page()
	q := app.AccountQuery{Name: v.Q, Show: app.AccountShow(v.Show), Offset: (page - 1) * accountsListed, Limit: accountsListed}
	if text := c.R.FormValue("org"); text != "" {
		o, err := id.ParseOrg(text)
		if err != nil {
			return nil, fault.NotFound
		}
		q.Org, v.Org, v.OrgName = o, text, c.Visit.OrgNames([]id.Org{o})[o]
	}
	found, err := c.Session.AccountList(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	for _, show := range shows {
		v.Tabs = append(v.Tabs, view.Tab{Text: c.T("account.show_" + string(show)), Current: string(show) == v.Show,
			Href: view.With(view.PathAccount, "show", string(show), "q", v.Q, "org", v.Org)})
	}
	for _, l := range found.Lines {
		v.Rows = append(v.Rows, c.accountRow(l))
	}
	v.Pager = view.NewPager(found.Total, page, accountsListed, view.PathAccount, c.R.URL.Query())
	if err := c.grants(&v); err != nil {
		return nil, err
	}
	return view.Accounts(v), nil
}

// grants are the rights on the platform that the visitor gives and takes, in the
// organisation of the office that lets him do so.
func (c *Call) grants(v *view.AccountsView) (err error) {
	a, ok := c.acting()
	if !ok {
		return nil
	}
	for _, b := range c.Visit.Begins(a.Org.ID, officeArea) {
		v.Give = view.BeginPath(b.Procedure.ID, a.Org.ID)
	}
	v.Grants, err = c.terms(a.Org.ID)
	return err
}

func (c *Call) accountRow(l app.AccountLine) view.AccountRow {
	row := view.AccountRow{ID: l.ID.String(), Name: l.Name, Href: view.Under(view.PathAccount, l.ID.String()), Org: l.Branch.Name,
		OrgHref: view.With(view.PathAccount, "show", string(app.ShowAll), "org", l.Branch.ID.String()), State: c.accountTag(l)}
	for _, role := range l.Roles {
		row.Roles = append(row.Roles, c.roleTitle(role))
	}
	if !l.Invited.IsZero() {
		row.Invited = c.moment(l.Invited)
	}
	return row
}

func (c *Call) accountTag(l app.AccountLine) view.Tag {
	switch {
	case l.Disabled:
		return view.Tag{Tone: view.Bad, Icon: "x", Text: c.T("account.disabled")}
	case l.Known && l.Factored:
		return view.Tag{Tone: view.Good, Icon: "shield-check", Text: c.T("account.factored")}
	case l.Known:
		return view.Tag{Tone: view.Good, Icon: "check", Text: c.T("account.known")}
	case !l.Invited.IsZero():
		return view.Tag{Tone: view.Act, Icon: "clock", Text: c.T("account.invited")}
	}
	return view.Tag{Tone: view.Line, Text: c.T("account.none")}
}

func (c *Call) moment(t time.Time) string { return c.Base.W.Moment(t.In(c.s.App.Zone())) }

// proveLink leads to giving the password once more, or is empty where it was given
// just now.
func (c *Call) proveLink() string {
	if c.Session.Privileged() == nil {
		return ""
	}
	return view.With(view.PathProve, "back", c.R.URL.RequestURI())
}

// account is the page of one account.
func (s *Server) account(c *Call) (templ.Component, error) {
	p, err := id.ParsePerson(c.R.PathValue("person"))
	if err != nil {
		return nil, fault.NotFound
	}
	d, err := c.Session.AccountDetail(c.R.Context(), p)
	if err != nil {
		return nil, err
	}
	v := view.AccountView{Base: c.Base, AccountRow: c.accountRow(d.AccountLine), Prove: c.proveLink(), Self: d.Self,
		Known: d.Known, Disabled: d.Disabled, Factored: d.Factored, Sessions: d.Sessions}
	v.At = view.AtAccount
	switch done := c.R.FormValue("done"); done {
	case "disable", "enable", "factor":
		v.Flash = &view.Flash{Text: c.T("account.done_" + done)}
	}
	for _, i := range d.Invites {
		by := d.By[i.By]
		if i.By == 0 {
			by = c.T("journal.system")
		}
		v.Invites = append(v.Invites, c.T("account.invite_line", "made", c.moment(i.Made), "until", c.moment(i.Until), "by", by))
	}
	return view.Account(v), nil
}

// mostInvited is how many people are invited at once: a sheet of slips for a branch.
const mostInvited = 200

// invitePeople makes one-time links and draws them once, as slips to cut out and hand
// over in person.
func (s *Server) invitePeople(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	people, err := invited(c.R.PostForm)
	if err != nil {
		return nil, err
	}
	all, err := c.Session.InviteAll(c.R.Context(), people)
	if err != nil {
		return nil, err
	}
	v := view.SlipsView{Base: c.Base, Platform: s.platform(c), Back: back(c.R.PostFormValue("back")), Printed: c.Today()}
	for _, one := range all {
		slip := view.Slip{Name: one.Name, Org: one.Branch.Name, Link: s.linkAddress(c, one.Token), Until: c.moment(one.Until)}
		code, err := qrOf(slip.Link, c.T("account.slip_qr", "name", one.Name))
		if err != nil {
			return nil, err
		}
		slip.QR = *code
		v.Slips = append(v.Slips, slip)
	}
	return view.Slips(v), nil
}

func invited(form url.Values) (people []id.Person, err error) {
	for _, text := range form["person"] {
		p, err := id.ParsePerson(text)
		if err != nil || p == 0 {
			return nil, &fault.Invalid{Field: "person", Why: "refuse.no_such_person", Value: text}
		}
		people = append(people, p)
	}
	if len(people) == 0 || len(people) > mostInvited {
		return nil, &fault.Invalid{Field: "person", Why: "account.how_many"}
	}
	return people, nil
}

// manage changes somebody's account as the last part of the address says.
func (s *Server) manage(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	p, err := id.ParsePerson(c.R.PathValue("person"))
	if err != nil {
		return nil, fault.NotFound
	}
	what := c.R.PathValue("what")
	switch what {
	case "disable":
		err = c.Session.Disable(c.R.Context(), p)
	case "enable":
		err = c.Session.Enable(c.R.Context(), p)
	case "factor":
		err = c.Session.ResetFactor(c.R.Context(), p)
	default:
		err = errNowhere
	}
	if err != nil {
		return nil, err
	}
	return nil, c.To(view.With(view.Under(view.PathAccount, p.String()), "done", what))
}

// auditListed is how many events a page of the trail shows.
const auditListed = 50

// audit is the trail of what befell accounts, or of those who were turned away.
func (s *Server) audit(c *Call) (templ.Component, error) {
	v := view.AuditView{Base: c.Base}
	v.At = view.AtAudit
	denied := c.R.FormValue("show") == "denied"
	before, err := time.Parse(time.RFC3339Nano, c.R.FormValue("before"))
	if err != nil {
		before = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC) // from the newest on
	}
	read := c.Session.Trail
	if denied {
		read = c.Session.Denied
	}
	events, err := read(c.R.Context(), before, auditListed)
	if err != nil {
		return nil, err
	}
	v.Tabs = []view.Tab{
		{Text: c.T("audit.trail"), Href: view.PathAudit, Current: !denied},
		{Text: c.T("audit.denied"), Href: view.With(view.PathAudit, "show", "denied"), Current: denied},
	}
	var people []id.Person
	for _, e := range events {
		people = append(people, e.Actor, e.Person)
	}
	names := c.Visit.Names(people)
	for _, e := range events {
		row := view.AuditRow{At: c.moment(e.Time), Who: names[e.Actor], What: c.happened(e.What), Whose: names[e.Person], Source: e.Source, Note: e.Note}
		if row.Who == "" && !denied {
			row.Who = c.T("journal.system")
		}
		v.Rows = append(v.Rows, row)
	}
	if len(events) == auditListed {
		v.Earlier = view.With(view.PathAudit, "show", c.R.FormValue("show"), "before", events[len(events)-1].Time.Format(time.RFC3339Nano))
	}
	return view.Audit(v), nil
}

// happened says what befell an account, or at which door somebody was turned away.
func (c *Call) happened(what string) string {
	if key := strings.ReplaceAll(what, ".", "_"); c.Base.W.Has("event." + key) {
		return c.T("event." + key)
	}
	return what
}
