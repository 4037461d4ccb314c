package web

import (
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/view"
)

// settings is the page of one's own account.
func (s *Server) settings(c *Call) (templ.Component, error) {
	v, err := s.settingsView(c)
	if err != nil {
		return nil, err
	}
	return view.Settings(v), nil
}

func (s *Server) settingsView(c *Call) (view.SettingsView, error) {
	c.enter()
	v := view.SettingsView{Base: c.Base, Account: c.Session.SignName(), Password: c.Session.HasPassword()}
	v.At = view.AtSettings
	v.Second = view.SecondFactor{On: c.Session.Factored(), Demanded: errors.Is(c.Session.Owes(), account.ErrFactor)}
	sessions, err := c.Session.Sessions(c.R.Context())
	if err != nil {
		return v, err
	}
	for _, one := range sessions {
		v.Sessions = append(v.Sessions, view.Session{ID: hex.EncodeToString(one.Hash), Device: one.Agent, From: one.Source,
			Since: c.Base.W.Moment(one.Began.In(s.App.Zone())), Last: c.Base.W.Moment(one.Seen.In(s.App.Zone())), Current: c.Session.Here(one)})
	}
	return v, nil
}

// changePassword takes the old password and a new one.
func (s *Server) changePassword(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	entered, err := c.Session.ChangePassword(c.R.Context(), app.SignIn{Name: c.Session.SignName(), Password: f.Get("old"), Code: f.Get("code")}, f.Get("password"), c.from())
	if err == nil {
		s.enterSession(c, entered)
		return nil, c.To(view.PathSettings)
	}
	return s.settingsRefused(c, err, "old")
}

// settingsRefused draws the page again with what was wrong.
func (s *Server) settingsRefused(c *Call, err error, field string) (templ.Component, error) {
	v, failed := s.settingsView(c)
	if failed != nil {
		return nil, failed
	}
	var refusal *matter.Refusal
	switch {
	case errors.As(err, &refusal):
		for _, one := range refusal.All() {
			v.Problems = append(v.Problems, c.problem(one, ""))
		}
	case errors.Is(err, account.ErrWrong):
		v.Problems = append(v.Problems, view.Problem{Field: field, Text: c.T("settings.wrong")})
	default:
		return nil, err
	}
	c.status = http.StatusUnprocessableEntity
	return view.Settings(v), nil
}

// enrolFactor begins to set up a second factor.
func (s *Server) enrolFactor(c *Call) (templ.Component, error) {
	made, err := c.Session.EnrolFactor(c.R.Context())
	if err != nil {
		return nil, err
	}
	v, err := s.settingsView(c)
	if err != nil {
		return nil, err
	}
	qr, err := qrOf(made.URI, c.T("settings.factor_qr"))
	if err != nil {
		return nil, err
	}
	v.Second.QR, v.Second.Secret = qr, made.Factor
	return view.Settings(v), nil
}

// confirmFactor ends it with a first code.
func (s *Server) confirmFactor(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	entered, spare, err := c.Session.ConfirmFactor(c.R.Context(), c.R.PostFormValue("code"), c.from())
	if err != nil {
		return s.settingsRefused(c, err, "code")
	}
	s.enterSession(c, entered)
	c.Session = entered.Session
	v, err := s.settingsView(c)
	if err != nil {
		return nil, err
	}
	v.Second.Spare = spare
	return view.Settings(v), nil
}

// endSession ends one of the own sessions.
func (s *Server) endSession(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	hash, err := hex.DecodeString(c.R.PostFormValue("id"))
	if err != nil {
		return nil, fault.NotFound
	}
	if err := c.Session.End(c.R.Context(), hash); err != nil {
		return nil, err
	}
	return nil, c.To(view.PathSettings)
}
