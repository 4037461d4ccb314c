package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/web/view"
)

// setUpPage is the first page of an empty installation; later there is none.
func (s *Server) setUpPage(c *Call) (templ.Component, error) {
	if !s.Accounts.NeedsSetUp() {
		return nil, fault.NotFound
	}
	return view.Setup(s.setUpView(c, c.R.URL.Query())), nil
}

// setUpView is the form with what was typed, but for passwords.
func (s *Server) setUpView(c *Call, f url.Values) view.SetupView {
	v := view.SetupView{Base: c.Base, Token: f.Get("token"), Root: f.Get("root"), Branch: f.Get("branch"),
		Admin: f.Get("admin"), Account: f.Get("sign_name"), Officer: f.Get("officer"), Reason: f.Get("reason")}
	for _, level := range s.App.Library().Law.Codes["org_level"].Values {
		v.Levels = append(v.Levels, view.Option{Value: level.Code, Text: c.Base.W.Pick(level.ZH, level.EN), Selected: level.Code == f.Get("level")})
	}
	return v
}

func (s *Server) setUp(c *Call) (templ.Component, error) {
	if !s.Accounts.NeedsSetUp() {
		return nil, fault.NotFound
	}
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	if f.Get("password") != f.Get("again") {
		return s.setUpRefused(c, []view.Problem{c.differ()})
	}
	made, err := s.Accounts.SetUp(c.R.Context(), f.Get("token"), app.SetUpForm{
		Root: f.Get("root"), Level: f.Get("level"), Branch: f.Get("branch"), Admin: f.Get("admin"), Officer: f.Get("officer"),
		Reason: f.Get("reason"), SignName: f.Get("sign_name"), Password: f.Get("password"),
	}, c.from())
	if errors.Is(err, account.ErrSetUp) {
		return s.setUpRefused(c, []view.Problem{{Field: "token", Text: c.T("setup.token_wrong"), Remedy: c.T("setup.token_wrong_fix")}})
	}
	if problems, ok := c.problems(err); ok {
		return s.setUpRefused(c, problems)
	}
	if err != nil {
		return nil, err
	}
	s.enterSession(c, made.Entered)
	return s.setUpDone(c, f.Get("officer"), made.Officer)
}

func (s *Server) setUpRefused(c *Call, problems []view.Problem) (templ.Component, error) {
	v := s.setUpView(c, c.R.PostForm)
	v.Problems, c.status = problems, http.StatusUnprocessableEntity
	return view.Setup(v), nil
}

// setUpDone shows the link of the first officer. Nobody sees it again.
func (s *Server) setUpDone(c *Call, officer string, link app.Invitation) (templ.Component, error) {
	v := view.SetupDoneView{Base: c.Base, Officer: officer, Link: s.linkAddress(c, link.Token), Until: c.Base.W.Moment(link.Until.In(s.App.Zone()))}
	v.Path = view.PathSettings
	qr, err := qrOf(v.Link, c.T("setup.link_qr"))
	if err != nil {
		return nil, err
	}
	v.QR = qr
	return view.SetupDone(v), nil
}
