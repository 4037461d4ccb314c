package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/view"
)

// home leads everybody to the page that is for them first.
func (s *Server) home(c *Call) (templ.Component, error) {
	for _, item := range c.Base.Nav {
		if item.Section == view.AtOverview {
			if a, ok := c.acting(); ok && len(s.below(c, a.Org.ID)) > 0 {
				return nil, c.To("/overview")
			}
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

// back returns where to go after signing in: a path of ours, or the beginning.
func back(path string) string {
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n") {
		return path
	}
	return view.PathHome
}

func (s *Server) signInPage(c *Call) (templ.Component, error) {
	if needs := s.Accounts.NeedsSetUp(); needs {
		return nil, c.To(view.PathSetup)
	}
	return view.SignIn(s.signInView(c)), nil
}

func (s *Server) signInView(c *Call) view.SignInView {
	return view.SignInView{Base: c.Base, Platform: s.platform(c), Next: back(c.R.FormValue("back"))}
}

// platform is the title of the installation.
func (s *Server) platform(c *Call) string { return c.T("signin.platform", "city", s.City) }

func (s *Server) signIn(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	entered, err := s.Accounts.SignIn(c.R.Context(), app.SignIn{Name: c.R.PostFormValue("account"), Password: c.R.PostFormValue("password"), Code: c.R.PostFormValue("code")}, c.from())
	if err == nil {
		s.enterSession(c, entered)
		return nil, c.To(back(c.R.PostFormValue("next")))
	}
	v := s.signInView(c)
	v.Account, v.Next = c.R.PostFormValue("account"), back(c.R.PostFormValue("next"))
	var wait *account.Wait
	switch {
	case errors.As(err, &wait):
		v.Waiting, c.status = wait.For.String(), http.StatusTooManyRequests
	case errors.Is(err, account.ErrWrong):
		v.Error, c.status = c.T("signin.wrong"), http.StatusUnprocessableEntity
	default:
		return nil, err
	}
	return view.SignIn(v), nil
}

// enterSession gives the browser its new session, and what it is known by.
func (s *Server) enterSession(c *Call, e app.Entered) {
	s.jar.SetSession(c.W, e.ID)
	if e.Device != "" {
		s.jar.SetDevice(c.W, e.Device, time.Duration(s.Accounts.Settings().Device)*24*time.Hour)
	}
}

func (s *Server) signOut(c *Call) (templ.Component, error) {
	if err := c.Session.SignOut(c.R.Context()); err != nil {
		return nil, err
	}
	s.jar.EndSession(c.W)
	return nil, c.To(view.PathSignIn)
}

// linkPage asks once more before a one-time link is used up: programs that look at
// links ahead of people must not do it.
func (s *Server) linkPage(c *Call) (templ.Component, error) {
	v := view.LinkView{Base: c.Base, Platform: s.platform(c), Token: c.R.PathValue("token")}
	who, err := s.Accounts.Invited(c.R.Context(), v.Token)
	if errors.Is(err, account.ErrInvite) {
		c.status = http.StatusNotFound
		return view.SignInLink(v), nil
	}
	if err != nil {
		return nil, err
	}
	v.Name, v.First = who.Name, who.First && !s.Demo
	return view.SignInLink(v), nil
}

func (s *Server) link(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	entered, err := s.Accounts.Redeem(c.R.Context(), c.R.PostFormValue("token"), app.Choice{
		Name: c.R.PostFormValue("account"), Password: c.R.PostFormValue("password"), Code: c.R.PostFormValue("code"),
	}, c.from())
	if errors.Is(err, account.ErrInvite) {
		c.status = http.StatusNotFound
		return view.SignInLink(view.LinkView{Base: c.Base, Platform: s.platform(c)}), nil
	}
	if err != nil {
		return nil, err
	}
	s.enterSession(c, entered)
	return nil, c.To(view.PathHome)
}

func (s *Server) setUpPage(c *Call) (templ.Component, error) {
	if !s.Accounts.NeedsSetUp() {
		return nil, fault.NotFound
	}
	return view.Setup(view.SetupView{Base: c.Base, Token: c.R.FormValue("token"), City: s.City}), nil
}

func (s *Server) setUp(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	form := app.SetUpForm{
		Root: f.Get("org"), Level: f.Get("level"), Branch: f.Get("branch"), Admin: f.Get("admin"), Officer: f.Get("name"),
		Reason: f.Get("reason"), SignName: f.Get("account"), Password: f.Get("password"),
	}
	made, err := s.Accounts.SetUp(c.R.Context(), f.Get("token"), form, c.from())
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		v := view.SetupView{Base: c.Base, Token: f.Get("token"), City: s.City, Org: form.Root, Name: form.Officer, Account: form.SignName}
		for _, one := range refusal.All() {
			v.Problems = append(v.Problems, c.problem(one, ""))
		}
		c.status = http.StatusUnprocessableEntity
		return view.Setup(v), nil
	}
	if err != nil {
		return nil, err
	}
	s.enterSession(c, made.Entered)
	return nil, c.To(view.PathHome)
}

// remembered is how long a browser keeps how pages are to look.
const remembered = 400 * 24 * 60 * 60

// display keeps how pages are to look: language, theme, size and single keys.
func (s *Server) display(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	choices := map[string][]string{"lang": {"zh", "en"}, "theme": {"light", "dark"}, "size": {"normal", "large"}, "keys": {"on", "off"}}
	for name, allowed := range choices {
		for _, value := range allowed {
			if c.R.PostFormValue(name) == value {
				http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: remembered, SameSite: http.SameSiteLaxMode, Secure: s.Secure, HttpOnly: true})
			}
		}
	}
	return nil, c.To(back(c.R.PostFormValue("back")))
}

// actFor keeps for which organisation the visitor acts.
func (s *Server) actFor(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	for _, a := range c.Visit.Actings() {
		if a.Org.ID.String() == c.R.PostFormValue("org") {
			http.SetCookie(c.W, &http.Cookie{Name: "acting", Value: a.Org.ID.String(), Path: "/", MaxAge: remembered, SameSite: http.SameSiteLaxMode, Secure: s.Secure, HttpOnly: true})
			return nil, c.To(view.PathHome)
		}
	}
	return nil, fault.NotFound
}
