package web

import (
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/web/view"
)

// settings is the page of one's own account. It opens to whoever still owes
// something: here it is put right.
func (s *Server) settings(c *Call) (templ.Component, error) {
	v, err := s.settingsView(c)
	if err != nil {
		return nil, err
	}
	return view.Settings(v), nil
}

func (s *Server) settingsView(c *Call) (view.SettingsView, error) {
	c.enter()
	v := view.SettingsView{Base: c.Base, Account: c.Session.SignName(), Password: c.Session.HasPassword(), Owes: c.owes()}
	v.At, v.Path = view.AtSettings, view.PathSettings
	v.Second = view.SecondFactor{On: c.Session.Factored(), Demanded: errors.Is(c.Session.Owes(), account.ErrFactor)}
	var err error
	if v.Sessions, err = s.sessionsView(c); err != nil {
		return v, err
	}
	if v.Tokens, err = s.tokensView(c); err != nil {
		return v, err
	}
	if len(c.scopes()) > 0 {
		v.Scopes = []view.Option{{Value: "read", Text: c.T("settings.scope_read")}, {Value: "act", Text: c.T("settings.scope_act")}}
	}
	for _, days := range []int{30, 90, account.MaxTokenDays} {
		n := strconv.Itoa(days)
		v.Days = append(v.Days, view.Option{Value: n, Text: c.T("settings.days", "n", n)})
	}
	return v, nil
}

// owes says what has to be done before any other page opens.
func (c *Call) owes() string {
	switch err := c.Session.Owes(); {
	case errors.Is(err, account.ErrFactor):
		return c.T("settings.owes_factor")
	case errors.Is(err, account.ErrRenew):
		return c.T("settings.owes_password")
	}
	return ""
}

func (s *Server) sessionsView(c *Call) (all []view.Session, err error) {
	sessions, err := c.Session.Sessions(c.R.Context())
	for _, one := range sessions {
		all = append(all, view.Session{ID: hex.EncodeToString(one.Hash), Device: one.Agent, From: one.Source,
			Since: c.Base.W.Moment(one.Began.In(s.App.Zone())), Last: c.Base.W.Moment(one.Seen.In(s.App.Zone())), Current: c.Session.Here(one)})
	}
	return all, err
}

func (s *Server) tokensView(c *Call) (all []view.Token, err error) {
	tokens, err := c.Session.Tokens(c.R.Context())
	for _, one := range tokens {
		t := view.Token{ID: hex.EncodeToString(one.Hash), Name: one.Title, Scope: c.T("settings.scope_read"),
			Made: c.Base.W.Moment(one.Made.In(s.App.Zone())), Expires: c.Base.W.Moment(one.Until.In(s.App.Zone()))}
		if one.Scope.Acts {
			t.Scope = c.T("settings.scope_act")
		}
		if !one.Seen.IsZero() {
			t.Last = c.Base.W.Moment(one.Seen.In(s.App.Zone()))
		}
		all = append(all, t)
	}
	return all, err
}

// scopes are what a token of this person may be for: nothing but what an office
// of today lets the person read, and recording where the person may.
func (c *Call) scopes() map[string]account.Scope {
	if c.Visit == nil {
		return nil
	}
	actions := slices.DeleteFunc(account.Delegable(), func(a access.Action) bool { return !c.Visit.MayAnywhere(a) })
	if len(actions) == 0 {
		return nil
	}
	return map[string]account.Scope{"read": {Actions: actions}, "act": {Actions: actions, Acts: true}}
}

// refused draws the page again with what was wrong, which where no refusal says.
func (s *Server) refused(c *Call, err error, field string) (templ.Component, error) {
	problems, ok := c.problems(err)
	switch {
	case ok:
	case errors.Is(err, account.ErrWrong):
		problems = []view.Problem{{Field: field, Text: c.T("settings.wrong")}}
	default:
		return nil, err
	}
	return s.settingsWith(c, problems, func(*view.SettingsView) error { return nil })
}

// settingsWith draws the page with problems and what f adds.
func (s *Server) settingsWith(c *Call, problems []view.Problem, f func(*view.SettingsView) error) (templ.Component, error) {
	v, err := s.settingsView(c)
	if err == nil {
		err = f(&v)
	}
	if err != nil {
		return nil, err
	}
	if v.Problems = problems; len(problems) > 0 {
		c.status = http.StatusUnprocessableEntity
	}
	return view.Settings(v), nil
}

// changePassword takes the old password and a new one.
func (s *Server) changePassword(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	f := c.R.PostForm
	if f.Get("password") != f.Get("again") {
		return s.settingsWith(c, []view.Problem{c.differ()}, func(*view.SettingsView) error { return nil })
	}
	old := app.SignIn{Name: c.Session.SignName(), Password: f.Get("old"), Code: code(url.Values{"code": f["old_code"]})}
	entered, err := c.Session.ChangePassword(c.R.Context(), old, f.Get("password"), c.from())
	if err != nil {
		return s.refused(c, err, "old")
	}
	s.enterSession(c, entered)
	return nil, c.To(view.PathSettings)
}

// enrolFactor begins to set up a second factor.
func (s *Server) enrolFactor(c *Call) (templ.Component, error) {
	made, err := c.Session.EnrolFactor(c.R.Context())
	if err != nil {
		return nil, err
	}
	return s.settingsWith(c, nil, func(v *view.SettingsView) error { return c.enrol(v, made) })
}

// enrol puts what an authenticator needs into the page.
func (c *Call) enrol(v *view.SettingsView, made app.Enrolment) (err error) {
	v.Second.QR, err = qrOf(made.URI, c.T("settings.factor_qr"))
	for i, r := range made.Factor {
		if i > 0 && i%4 == 0 {
			v.Second.Secret += " "
		}
		v.Second.Secret += string(r)
	}
	return err
}

// confirmFactor ends it with a first code. Whoever mistypes it sees the same
// picture again.
func (s *Server) confirmFactor(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	entered, spare, err := c.Session.ConfirmFactor(c.R.Context(), code(c.R.PostForm), c.from())
	if problems, ok := c.problems(err); ok {
		made, err := c.Session.Enrolling()
		if err != nil {
			return nil, err
		}
		return s.settingsWith(c, problems, func(v *view.SettingsView) error { return c.enrol(v, made) })
	}
	if err != nil {
		return nil, err
	}
	s.enterSession(c, entered)
	return s.settingsWith(c, nil, func(v *view.SettingsView) error { v.Second.Spare = spare; return nil })
}

// newSpare replaces the spare codes and shows the new ones, once.
func (s *Server) newSpare(c *Call) (templ.Component, error) {
	spare, err := c.Session.NewRecovery(c.R.Context())
	if err != nil {
		return nil, err
	}
	return s.settingsWith(c, nil, func(v *view.SettingsView) error { v.Second.Spare = spare; return nil })
}

// endSessions ends one of one's own sessions, all others, or all.
func (s *Server) endSessions(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	switch which := c.R.PostFormValue("end"); which {
	case "all":
		if err := c.Session.SignOutEverywhere(c.R.Context()); err != nil {
			return nil, err
		}
		s.jar.EndSession(c.W)
		return nil, c.To(view.PathSignIn)
	case "others":
		if err := c.endOthers(); err != nil {
			return nil, err
		}
	default:
		hash, err := hex.DecodeString(which)
		if err != nil {
			return nil, fault.NotFound
		}
		if err := c.Session.End(c.R.Context(), hash); err != nil {
			return nil, err
		}
	}
	return nil, c.To(view.PathSettings)
}

func (c *Call) endOthers() error {
	all, err := c.Session.Sessions(c.R.Context())
	if err != nil {
		return err
	}
	for _, one := range all {
		if c.Session.Here(one) {
			continue
		}
		if err := c.Session.End(c.R.Context(), one.Hash); err != nil {
			return err
		}
	}
	return nil
}

// makeToken makes a token for a program and shows it, once.
func (s *Server) makeToken(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	days, err := strconv.Atoi(c.R.PostFormValue("days"))
	if err != nil {
		days = 0 // no number of days, and refused as such
	}
	title := c.R.PostFormValue("title")
	text, _, err := c.Session.MakeToken(c.R.Context(), app.NewToken{Title: title, Scope: c.scopes()[c.R.PostFormValue("scope")], Days: days})
	if problems, ok := c.problems(err); ok {
		return s.settingsWith(c, problems, func(v *view.SettingsView) error { v.Title = title; return nil })
	}
	if err != nil {
		return nil, err
	}
	return s.settingsWith(c, nil, func(v *view.SettingsView) error { v.NewToken = text; return nil })
}

// endToken ends one of one's own tokens.
func (s *Server) endToken(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	hash, err := hex.DecodeString(c.R.PostFormValue("end"))
	if err != nil {
		return nil, fault.NotFound
	}
	if err := c.Session.EndToken(c.R.Context(), hash); err != nil {
		return nil, err
	}
	return nil, c.To(view.PathSettings)
}
