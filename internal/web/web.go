// Package web is the platform in a browser: it turns requests into visits and what
// they return into pages. It decides nothing and knows no SQL.
package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/web/guard"
	"qingfeng/internal/web/static"
	"qingfeng/internal/web/view"
)

// A Config is what the pages are made of.
type Config struct {
	App      *app.App
	Accounts *app.Accounts
	Log      app.PublicLog // served at /log/
	Secure   bool          // browsers reach us over TLS
	City     string        // whom the installation serves, for the top bar; "": the organisation at the top
	Version  string
	Demo     bool
	Filling  func() (done, all int) // of a demo city under construction; nil when there is none
	Guard    guard.Options
	Logger   *slog.Logger
}

// A Server draws the pages of one installation.
type Server struct {
	Config
	jar guard.Jar
}

// New returns the handler of all pages. A route without a declared right is an
// error: the service does not start with one.
func New(c Config) (http.Handler, error) {
	s := &Server{Config: c, jar: guard.Jar{Secure: c.Secure}}
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		if err := r.check(); err != nil {
			return nil, err
		}
		mux.Handle(r.Pattern, s.serve(r))
	}
	mux.Handle("GET /assets/", static.Handler())
	mux.HandleFunc("GET /log/", s.logFile)
	mux.HandleFunc("/", s.nowhere)
	options := c.Guard
	options.Secure, options.Log = c.Secure, c.Logger
	options.Refuse = s.turnAway
	options.Body = s.bodyLimit
	return guard.Protect(mux, options), nil
}

// A Needs says who may use a route, before the handler looks any closer.
type Needs string

// What a route can need.
const (
	Public   Needs = "public"  // nobody has to be signed in
	Session  Needs = "session" // somebody is signed in, though something may still be owed, as a second factor
	SignedIn Needs = "signed in"
	InOrg    Needs = "org"      // Action in the organisation that the path or the query names
	Anywhere Needs = "anywhere" // Action in some organisation
	OfPerson Needs = "person"   // Action with the person that the path names
	OfMatter Needs = "matter"   // may know of the matter that the path names
	OfOffice Needs = "office"   // some office reaches the organisation that the query names, whatever it grants
)

// A Route is one address and what it takes to use it. Every route declares both
// an action and what it is done with; see routes.go, and the table that the tests
// compare with it.
type Route struct {
	Pattern string
	Needs   Needs
	Action  access.Action // with InOrg, Anywhere and OfPerson
	Do      func(*Call) (templ.Component, error)
	Body    int64 // most bytes of a body; 0: the usual limit
}

func (r Route) check() error {
	needsAction := r.Needs == InOrg || r.Needs == Anywhere || r.Needs == OfPerson
	known := needsAction || r.Needs == Public || r.Needs == Session || r.Needs == SignedIn || r.Needs == OfMatter || r.Needs == OfOffice
	switch {
	case !known || r.Do == nil:
		return fmt.Errorf("web: route %q declares no right", r.Pattern)
	case r.Needs == OfPerson && !strings.Contains(r.Pattern, "{person}"), r.Needs == OfMatter && !strings.Contains(r.Pattern, "{matter}"):
		return fmt.Errorf("web: route %q needs %q and names none", r.Pattern, r.Needs)
	case needsAction != (r.Action != ""):
		return fmt.Errorf("web: route %q: needs %q and action %q do not go together", r.Pattern, r.Needs, r.Action)
	}
	return nil
}

// serve draws the page of r into memory and then sends it, so that an error never
// comes after half a page.
func (s *Server) serve(r Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c, err := s.call(w, req, r)
		if err == nil {
			err = s.draw(c, r.Do)
		}
		if err != nil {
			s.explain(c, err)
		}
	})
}

func (s *Server) draw(c *Call, do func(*Call) (templ.Component, error)) error {
	page, err := do(c)
	if err != nil || page == nil {
		return err // without a page the handler has answered by itself
	}
	var b bytes.Buffer
	if err := page.Render(c.R.Context(), &b); err != nil {
		return fmt.Errorf("draw %s: %w", c.R.URL.Path, err)
	}
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.WriteHeader(c.status)
	_, _ = b.WriteTo(c.W) // whoever went away needs no answer
	return nil
}

// nowhere answers every address that there is not.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	c, err := s.call(w, r, Route{Pattern: "/", Needs: Public})
	if err == nil {
		err = errNowhere
	}
	s.explain(c, err)
}

// turnAway draws what the guard refused before any handler saw it.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, why error) {
	c := &Call{s: s, W: w, R: r, status: http.StatusOK}
	c.Base = s.base(c)
	s.fail(c, guard.Status(why), view.SavedNo, "")
}

// bodyLimit is the most bytes that a request may send.
func (s *Server) bodyLimit(r *http.Request) int64 {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return 0
	}
	if strings.HasPrefix(r.URL.Path, view.PathAct+"/") || len(r.URL.Path) > len("/matter/") && r.URL.Path[:len("/matter/")] == "/matter/" {
		return maxForm
	}
	return 1 << 20
}

// maxForm is the most that a form with attachments may send.
const maxForm = 32 << 20
