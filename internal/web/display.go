package web

import (
	"net/http"

	"github.com/a-h/templ"

	"qingfeng/internal/fault"
	"qingfeng/internal/web/view"
)

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
				s.remember(c, name, value)
			}
		}
	}
	return nil, c.To(back(c.R.PostFormValue("back")))
}

// remember has the browser keep a choice that is nobody's secret.
func (s *Server) remember(c *Call, name, value string) {
	http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: remembered, SameSite: http.SameSiteLaxMode, Secure: s.Secure, HttpOnly: true})
}

// actFor keeps for which organisation the visitor acts.
func (s *Server) actFor(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	for _, a := range c.Visit.Actings() {
		if a.Org.ID.String() == c.R.PostFormValue("org") {
			s.remember(c, "acting", a.Org.ID.String())
			return nil, c.To(view.PathHome)
		}
	}
	return nil, fault.NotFound
}
