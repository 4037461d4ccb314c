package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/web/view"
)

// A limit is a setting that is a span of time, in the unit that the page asks in.
type limit struct {
	name string
	unit time.Duration
	of   func(*account.Settings) *time.Duration
}

// limits are the settings of signing in that are spans of time.
func limits() []limit {
	return []limit{
		{"idle", time.Minute, func(s *account.Settings) *time.Duration { return &s.Idle }},
		{"absolute", time.Hour, func(s *account.Settings) *time.Duration { return &s.Absolute }},
		{"window", time.Minute, func(s *account.Settings) *time.Duration { return &s.Window }},
		{"link", time.Hour, func(s *account.Settings) *time.Duration { return &s.Link }},
	}
}

// signInSettings is the page on how signing in is set up, for everybody.
func (s *Server) signInSettings(c *Call) (templ.Component, error) {
	set := s.Accounts.Settings()
	values := url.Values{"profile": {set.Profile}, "device": {strconv.Itoa(set.Device)}}
	for _, l := range limits() {
		values.Set(l.name, strconv.FormatInt(int64(*l.of(&set)/l.unit), 10))
	}
	v := s.signInSettingsView(c, values, nil)
	if c.R.FormValue("done") != "" {
		v.Flash = &view.Flash{Text: c.T("system.saved")}
	}
	return view.SignInSettings(v), nil
}

func (s *Server) signInSettingsView(c *Call, values url.Values, problems []view.Problem) view.SignInSettingsView {
	v := view.SignInSettingsView{Base: c.Base, Problems: problems, Prove: c.proveLink()}
	v.At = view.AtSystem
	for _, profile := range []string{account.ASVS, account.DengBao} {
		v.Profiles = append(v.Profiles, view.Option{Value: profile, Text: c.T("system.profile_" + profile), Hint: c.T("system.hint_" + profile), Selected: values.Get("profile") == profile})
	}
	for _, name := range []string{"idle", "absolute", "window", "link", "device"} {
		f := view.Field{Name: name, Label: c.T("system." + name), Hint: c.T("system.how_" + name), Value: values.Get(name), Mode: "numeric", Required: true}
		for _, p := range problems {
			if p.Field == name {
				f.Error = p.Text
			}
		}
		v.Limits = append(v.Limits, f)
	}
	return v
}

// saveSignIn changes how signing in is set up.
func (s *Server) saveSignIn(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	set, problems := s.typedSettings(c)
	if len(problems) > 0 {
		c.status = http.StatusUnprocessableEntity
		return view.SignInSettings(s.signInSettingsView(c, c.R.PostForm, problems)), nil
	}
	err := c.Session.SetSettings(c.R.Context(), set)
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		c.status = http.StatusUnprocessableEntity
		return view.SignInSettings(s.signInSettingsView(c, c.R.PostForm, []view.Problem{{Text: c.T("system.out_of_range")}})), nil
	}
	if err != nil {
		return nil, err
	}
	return nil, c.To(view.With(view.PathSystem, "done", "1"))
}

// typedSettings reads the form over the settings in force.
func (s *Server) typedSettings(c *Call) (account.Settings, []view.Problem) {
	set := s.Accounts.Settings()
	var problems []view.Problem
	number := func(name string) int64 {
		n, err := strconv.ParseInt(strings.TrimSpace(c.R.PostFormValue(name)), 10, 32)
		if err != nil || n < 1 {
			label := c.T("system." + name)
			problems = append(problems, view.Problem{Field: name, Text: c.T("system.not_a_number", "field", label)})
		}
		return n
	}
	set.Profile = c.R.PostFormValue("profile")
	for _, l := range limits() {
		*l.of(&set) = time.Duration(number(l.name)) * l.unit
	}
	set.Device = int(number("device"))
	return set, problems
}
