package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/view"
)

// home leads everybody to the page that is for them first.
func (s *Server) home(c *Call) (templ.Component, error) {
	for _, item := range c.Base.Nav {
		switch item.Section {
		case view.AtOverview:
			if a, ok := c.acting(); ok && len(s.below(c, a.Org.ID)) > 0 {
				return nil, c.To("/overview")
			}
		case view.AtAccount, view.AtAudit, view.AtSystem:
			return nil, c.To(item.Section.Path())
		}
	}
	return nil, c.To(view.PathTodo)
}

func (s *Server) below(c *Call, o id.Org) []app.OrgLine {
	lines, err := c.Visit.Below(o)
	if err != nil {
		return nil
	}
	return lines
}

// back returns where to go after signing in: a page of ours, or the beginning.
// Browsers take a backslash for a slash, so there may be none; and they drop tabs
// and line ends, which no address that parses has.
func back(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return view.PathHome
	}
	if _, err := url.Parse(path); err != nil {
		return view.PathHome
	}
	return path
}

func (s *Server) signInPage(c *Call) (templ.Component, error) {
	if s.Accounts.NeedsSetUp() {
		return nil, c.To(view.PathSetup)
	}
	return view.SignIn(s.signInView(c, c.R.FormValue("back"))), nil
}

func (s *Server) signInView(c *Call, next string) view.SignInView {
	return view.SignInView{Base: c.Base, Platform: s.platform(c), Next: back(next)}
}

// platform is the title of the installation.
func (s *Server) platform(c *Call) string { return c.T("signin.platform", "city", s.city()) }

func (s *Server) signIn(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	entered, err := s.Accounts.SignIn(c.R.Context(), app.SignIn{Name: f.Get("account"), Password: f.Get("password"), Code: code(f)}, c.from())
	if err == nil {
		s.enterSession(c, entered)
		return nil, c.To(back(f.Get("next")))
	}
	v := s.signInView(c, f.Get("next"))
	v.Account = f.Get("account")
	var wait *account.Wait
	switch {
	case errors.As(err, &wait):
		v.Error, v.Waiting, c.status = c.T("signin.waiting"), c.wait(wait.For), http.StatusTooManyRequests
	case errors.Is(err, account.ErrWrong):
		v.Error, c.status = c.T("signin.wrong"), http.StatusUnprocessableEntity
	default:
		return nil, err
	}
	return view.SignIn(v), nil
}

// code returns a code as it was typed, without the blanks that authenticators
// show between digits.
func code(f url.Values) string { return strings.Join(strings.Fields(f.Get("code")), "") }

// wait says how long to wait, and tells programs as well.
func (c *Call) wait(d time.Duration) string {
	seconds := int((d + time.Second - 1) / time.Second)
	c.W.Header().Set("Retry-After", strconv.Itoa(seconds))
	if seconds <= 60 {
		return c.T("signin.wait_seconds", "n", strconv.Itoa(seconds))
	}
	return c.T("signin.wait_minutes", "n", strconv.Itoa((seconds+59)/60))
}

// enterSession gives the browser its new session, and what it is known by.
func (s *Server) enterSession(c *Call, e app.Entered) {
	s.jar.SetSession(c.W, e.ID)
	if e.Device != "" {
		s.jar.SetDevice(c.W, e.Device, time.Duration(s.Accounts.Settings().Device)*24*time.Hour)
	}
	c.Session, c.Visit = e.Session, nil
}

func (s *Server) signOut(c *Call) (templ.Component, error) {
	if err := c.Session.SignOut(c.R.Context()); err != nil {
		return nil, err
	}
	s.jar.EndSession(c.W)
	return nil, c.To(view.PathSignIn)
}

// provePath is where somebody proves once more who they are, and comes back from:
// to the page of the form, where something was sent.
func provePath(r *http.Request) string {
	next := r.URL.RequestURI()
	switch from := r.PostFormValue("back"); {
	case r.Method == http.MethodGet:
	case from != "":
		next = back(from)
	case r.URL.Path == view.PathSystem:
	case strings.HasPrefix(r.URL.Path, view.PathSettings):
		next = view.PathSettings
	}
	return view.With(view.PathProve, "back", next)
}

func (s *Server) provePage(c *Call) (templ.Component, error) {
	return view.Prove(s.proveView(c, c.R.FormValue("back"))), nil
}

func (s *Server) proveView(c *Call, next string) view.ProveView {
	return view.ProveView{Base: c.Base, Platform: s.platform(c), Account: c.Session.SignName(), Next: back(next),
		Password: c.Session.HasPassword(), Second: c.Session.Factored()}
}

// prove takes the password once more.
func (s *Server) prove(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	entered, err := c.Session.Prove(c.R.Context(), app.SignIn{Password: f.Get("password"), Code: code(f)}, c.from())
	if errors.Is(err, account.ErrWrong) {
		v := s.proveView(c, f.Get("next"))
		v.Error, c.status = c.T("signin.prove_wrong"), http.StatusUnprocessableEntity
		return view.Prove(v), nil
	}
	if err != nil {
		return nil, err
	}
	s.enterSession(c, entered)
	return nil, c.To(back(f.Get("next")))
}

// linkPage asks once more before a one-time link is used up: programs that look at
// links ahead of people must not do it.
func (s *Server) linkPage(c *Call) (templ.Component, error) {
	v, err := s.linkView(c, c.R.PathValue("token"))
	if err != nil {
		return nil, err
	}
	return view.SignInLink(v), nil
}

// linkView says whom a link lets in. A link that does not hold is a page too.
func (s *Server) linkView(c *Call, token string) (view.LinkView, error) {
	v := view.LinkView{Base: c.Base, Platform: s.platform(c), Token: token, Choose: !s.Demo}
	who, err := s.Accounts.Invited(c.R.Context(), token)
	if errors.Is(err, account.ErrInvite) {
		c.status = http.StatusNotFound
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Name, v.First = who.Name, who.First
	return v, nil
}

// link lets somebody in. A link that was refused for what was typed is still good.
func (s *Server) link(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	if f.Get("password") != f.Get("again") {
		return s.linkRefused(c, []view.Problem{c.differ()})
	}
	entered, err := s.Accounts.Redeem(c.R.Context(), f.Get("token"), app.Choice{Name: f.Get("name"), Password: f.Get("password"), Code: code(f)}, c.from())
	if err == nil {
		s.enterSession(c, entered)
		return nil, c.To(view.PathHome)
	}
	if errors.Is(err, account.ErrInvite) {
		c.status = http.StatusNotFound
		return view.SignInLink(view.LinkView{Base: c.Base, Platform: s.platform(c)}), nil
	}
	problems, ok := c.problems(err)
	if !ok {
		return nil, err
	}
	return s.linkRefused(c, problems)
}

func (s *Server) linkRefused(c *Call, problems []view.Problem) (templ.Component, error) {
	token := c.R.PostFormValue("token")
	c.Base.Path = view.Under("/link", token)
	v, err := s.linkView(c, token)
	if err != nil {
		return nil, err
	}
	v.Account, v.Problems = c.R.PostFormValue("name"), problems
	if v.Name != "" {
		c.status = http.StatusUnprocessableEntity
	}
	return view.SignInLink(v), nil
}

// differ is the problem of a password typed twice in two ways.
func (c *Call) differ() view.Problem {
	return view.Problem{Field: "again", Text: c.T("password.again")}
}

// problems returns what a refusal of a form says, or false for any other error.
func (c *Call) problems(err error) (all []view.Problem, ok bool) {
	var refusal *matter.Refusal
	if !errors.As(err, &refusal) {
		return nil, false
	}
	for _, one := range refusal.All() {
		named := *one
		if f, ok := one.Args["field"]; ok {
			named.Args = maps.Clone(one.Args)
			named.Args["field"] = c.T("field." + f)
		}
		all = append(all, c.problem(&named, ""))
	}
	return all, true
}

// linkAddress is the full address of a one-time link, as the browser reaches us.
func (s *Server) linkAddress(c *Call, token string) string {
	scheme := "http"
	if s.Secure {
		scheme = "https"
	}
	return fmt.Sprintf("%s://%s%s", scheme, c.R.Host, view.Under("/link", token))
}
