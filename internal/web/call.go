package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/title"
	"qingfeng/internal/web/guard"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

// A Call is one request on its way to a page.
type Call struct {
	s       *Server
	W       http.ResponseWriter
	R       *http.Request
	Base    view.Base
	Session *app.Session // nil when nobody is signed in
	Visit   *app.Visit   // nil unless the route needs somebody
	status  int
}

// call finds out who asks and whether they may, and prepares what every page needs.
// It always returns a Call, so that an error can be drawn in the asker's language.
func (s *Server) call(w http.ResponseWriter, r *http.Request, route Route) (*Call, error) {
	c := &Call{s: s, W: w, R: r, status: http.StatusOK}
	c.Base = s.base(c)
	session, err := s.Accounts.Session(r.Context(), c.from())
	if err == nil {
		c.Session = session
		guard.SetPerson(r.Context(), uint32(session.Person()))
	}
	if route.Needs == Public {
		c.enter()
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if route.Needs == Session {
		return c, nil
	}
	if c.Visit, err = session.Visit(route.Pattern); err != nil {
		return c, err
	}
	c.enter()
	return c, c.may(route)
}

// enter fills in who is signed in, if anybody is who owes nothing.
func (c *Call) enter() {
	if c.Session == nil {
		return
	}
	if c.Visit == nil {
		v, err := c.Session.Visit("page")
		if err != nil {
			return
		}
		c.Visit = v
	}
	c.Base.Me, c.Base.Nav = c.me(), c.nav()
	c.alarm()
	c.unread()
}

// alarm tells those who run the platform that no witness has cosigned for long.
func (c *Call) alarm() {
	silent := c.s.Log.Watch.Silent()
	if silent == 0 || !slices.ContainsFunc([]access.Action{access.WriteSetting, access.ManageUsers, access.ReadAudit}, c.Visit.MayAnywhere) {
		return
	}
	c.Base.Banners = append(c.Base.Banners, view.Banner{Title: c.T("witness.silent"), Text: c.T("witness.silent_how", "for", c.forHowLong(silent)), Href: view.PathState, Link: c.T("journal.state")})
}

// may checks the declared right of a route. Whoever may not know of a thing is told
// that there is none.
func (c *Call) may(route Route) error {
	may := false
	switch route.Needs {
	case SignedIn:
		may = true
	case Anywhere:
		may = c.Visit.MayAnywhere(route.Action)
		if !may {
			return fault.Forbidden
		}
	case InOrg:
		o, err := c.Org()
		if err != nil {
			return err
		}
		may = c.Visit.May(route.Action, o)
	case OfOffice:
		o, err := c.Org()
		if err != nil {
			return err
		}
		may = c.Visit.Concerned(o)
	case OfPerson:
		p, err := id.ParsePerson(c.R.PathValue("person"))
		may = err == nil && c.Visit.MayPerson(route.Action, p)
	case OfMatter:
		m, err := id.ParseMatter(c.R.PathValue("matter"))
		if err == nil {
			may, err = c.Visit.Knows(c.R.Context(), m)
		}
		if err != nil {
			return err
		}
	}
	if !may {
		return fault.NotFound
	}
	return nil
}

// Org returns the organisation that the path or the query names, or else the one
// that the visitor acts for.
func (c *Call) Org() (id.Org, error) {
	text := c.R.PathValue("org")
	if text == "" {
		text = c.R.FormValue("org")
	}
	if text == "" {
		if o, ok := c.acting(); ok {
			return o.Org.ID, nil
		}
		return 0, fault.NotFound
	}
	o, err := id.ParseOrg(text)
	if err != nil {
		return 0, fault.NotFound
	}
	return o, nil
}

// Matter returns the matter that the path names.
func (c *Call) Matter() id.Matter { return id.Matter(c.R.PathValue("matter")) }

// Person returns the person that the path names.
func (c *Call) Person() id.Person {
	p, _ := id.ParsePerson(c.R.PathValue("person")) // the route has checked it
	return p
}

// Today returns the day of the visit.
func (c *Call) Today() day.Day { return c.s.App.Today() }

// Say returns a title of content in the language of the page.
func (c *Call) Say(t title.Title) string { return t.In(c.Base.W.Lang()) }

// T returns words of the catalogue.
func (c *Call) T(key string, args ...string) string { return c.Base.W.T(key, args...) }

// from says where the request comes from.
func (c *Call) from() app.From {
	return app.From{Source: guard.Source(c.R.Context()), Agent: c.R.UserAgent(), Device: c.s.jar.Device(c.R), Session: c.s.jar.Session(c.R)}
}

// base is what every page needs, as far as it does not depend on who is signed in.
func (s *Server) base(c *Call) view.Base {
	b := view.Base{W: words.For(language(c.R)), Path: c.R.URL.RequestURI(), City: s.city(), Version: s.Version, Demo: s.Demo}
	b.Dark = cookie(c.R, "theme") == "dark"
	b.Large = cookie(c.R, "size") == "large"
	b.KeysOff = cookie(c.R, "keys") == "off"
	if s.Filling != nil {
		if done, all := s.Filling(); done < all {
			b.Banners = append(b.Banners, view.Filling(b.W, done, all))
		}
	}
	if stop := s.App.Sick(); stop != nil {
		why, fix := b.W.Stop(stop)
		b.Banners = append(b.Banners, view.Banner{Bad: true, Title: b.W.T("shell.read_only"), Text: why, Remedy: fix, Href: view.PathState, Link: b.W.T("journal.state")})
	}
	return b
}

// language returns the language that was chosen, or the first that the browser asks
// for and we speak.
func language(r *http.Request) string {
	if l := cookie(r, "lang"); l == "en" || l == "zh" {
		return l
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch l := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(l, "zh"):
			return "zh"
		case strings.HasPrefix(l, "en"):
			return "en"
		}
	}
	return "zh"
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// acting returns the office for which the visitor acts: the one chosen, or the
// widest.
func (c *Call) acting() (app.Acting, bool) {
	all := c.Visit.Actings()
	if len(all) == 0 {
		return app.Acting{}, false
	}
	chosen := cookie(c.R, "acting")
	if i := slices.IndexFunc(all, func(a app.Acting) bool { return a.Org.ID.String() == chosen }); i >= 0 {
		return all[i], true
	}
	return all[0], true
}

// me says who is signed in.
func (c *Call) me() *view.Me {
	me := &view.Me{Name: c.Visit.Name(), Href: view.Under(view.PathPerson, c.Visit.Me().String())}
	current, ok := c.acting()
	for _, a := range c.Visit.Actings() {
		office := c.roleTitle(a.Role)
		me.Actings = append(me.Actings, view.Acting{ID: a.Org.ID.String(), Org: a.Org.Name, Office: office, Current: ok && a.Org.ID == current.Org.ID})
	}
	if ok {
		me.Org, me.Office = current.Org.Name, c.roleTitle(current.Role)
	}
	return me
}

// roleTitle is the title of an office, or of being a member.
func (c *Call) roleTitle(role string) string {
	if role == "" {
		return c.T("role.member")
	}
	return c.Say(c.s.App.Library().Law.Roles[role].Title)
}

// nav lists the entries of the menu that the visitor may open, acting for the
// organisation chosen: those pages are about it.
func (c *Call) nav() []view.NavItem {
	acting, ok := c.acting()
	may := func(a access.Action) bool { return ok && c.Visit.May(a, acting.Org.ID) }
	items := []view.NavItem{{Section: view.AtTodo}}
	if may(access.ReadFigure) {
		items = append(items, view.NavItem{Section: view.AtOverview}, view.NavItem{Section: view.AtFigure})
	}
	if may(access.ReadOrg) {
		items = append(items, view.NavItem{Section: view.AtDue}, view.NavItem{Section: view.AtOrg}, view.NavItem{Section: view.AtMeeting}, view.NavItem{Section: view.AtLife}, view.NavItem{Section: view.AtDues})
	}
	if may(access.ListPeople) {
		items = append(items, view.NavItem{Section: view.AtPerson})
	}
	if c.Visit.MayAnywhere(access.ReadJournal) {
		items = append(items, view.NavItem{Section: view.AtJournal})
	}
	for section, action := range map[view.Section]access.Action{view.AtAccount: access.ManageUsers, view.AtAudit: access.ReadAudit, view.AtSystem: access.WriteSetting} {
		if c.Visit.MayAnywhere(action) {
			items = append(items, view.NavItem{Section: section}) // the menu has an order of its own
		}
	}
	return append(items, view.NavItem{Section: view.AtSettings})
}

// To answers with a redirection.
func (c *Call) To(path string) error {
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// form reads the form of the request, with attachments or without.
func (c *Call) form() error {
	err := c.R.ParseMultipartForm(4 << 20)
	if err == http.ErrNotMultipart {
		err = c.R.ParseForm()
	}
	if guard.IsTooLarge(err) {
		return err
	}
	if err != nil {
		return &fault.Invalid{Why: "form.unreadable", Value: fmt.Sprint(err)}
	}
	return nil
}
