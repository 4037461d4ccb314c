// Package api is the platform for programs: the acts and reads of [app] as JSON under
// /api/v1, for whoever holds a token. It decides nothing, knows no SQL and draws no pages.
package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/record"
	"qingfeng/internal/web/guard"
)

// Root is where the API lives.
const Root = "/api/v1"

// A Config is what the API is made of.
type Config struct {
	App      *app.App
	Accounts *app.Accounts
	Receipt  func(record.Record) (text []byte, ok bool) // of a record under a checkpoint
	Secure   bool                                       // programs reach us over TLS
	Version  string
	Guard    guard.Options
	Logger   *slog.Logger
}

// A server answers the requests of one installation.
type server struct {
	Config
	mux      *http.ServeMux
	document []byte
}

// New returns the handler of everything under [Root]. A route without a declared
// right is an error: the service does not start with one.
func New(c Config) (http.Handler, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &server{Config: c, mux: http.NewServeMux()}
	routes := s.routes()
	for _, r := range routes {
		if err := r.check(); err != nil {
			return nil, err
		}
		method, path, _ := strings.Cut(r.Pattern, " ")
		s.mux.Handle(method+" "+Root+path, s.serve(r))
	}
	s.mux.HandleFunc("/", s.nowhere)
	var err error
	if s.document, err = describe(routes, c.Version); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("GET "+Root+"/openapi.json", s.openAPI)
	options := c.Guard
	options.Secure, options.Log, options.Refuse = c.Secure, c.Logger, s.turnAway
	return guard.Protect(s.mux, options), nil
}

// A needs says what a token must leave for a route, before the handler looks any
// closer.
type needs string

// What a route can need. Beside it the rights of the person always hold.
const (
	anyToken needs = "token"  // a token that is good
	acting   needs = "acts"   // a token that may take steps
	inOrg    needs = "org"    // action in the organisation that the path or the query names
	anywhere needs = "any"    // action in some organisation
	ofPerson needs = "person" // action with the person that the path names
	ofMatter needs = "matter" // may know of the matter that the path names
	ofRecord needs = "record" // action in the organisation of the record that the path names
)

// A route is one address, what it takes to use it, and what goes in and out. The
// document for programs is made of these declarations and of nothing else.
type route struct {
	Pattern  string // below Root
	ID       string // of the operation
	Summary  string
	Needs    needs
	Action   access.Action
	Required []string // parameters of the query that must be there
	Query    []string // and those that may
	Once     bool     // takes an Idempotency-Key
	Status   int      // of success; 0: 200
	Work     work
}

func (r route) check() error {
	wants := slices.Contains([]needs{inOrg, anywhere, ofPerson, ofRecord}, r.Needs)
	switch {
	case r.Needs == "" || r.Work.do == nil || r.ID == "" || r.Summary == "":
		return fmt.Errorf("api: route %q declares too little", r.Pattern)
	case wants != (r.Action != ""):
		return fmt.Errorf("api: route %q: needs %q and action %q do not go together", r.Pattern, r.Needs, r.Action)
	}
	for _, name := range r.parameters() {
		if _, ok := parameters[name]; !ok {
			return fmt.Errorf("api: route %q: nobody says what %q is", r.Pattern, name)
		}
	}
	return nil
}

// parameters are the names in the path and in the query.
func (r route) parameters() (names []string) {
	return slices.Concat(r.inPath(), r.Required, r.Query)
}

func (r route) inPath() (names []string) {
	for part := range strings.SplitSeq(r.Pattern, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

func (s *server) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := s.call(w, req)
		answer, err := c.work(r)
		if err == nil {
			err = c.send(answer, max(r.Status, http.StatusOK))
		}
		if err != nil {
			c.explain(err)
		}
	})
}

// send writes an answer, whole or not at all.
func (c *call) send(answer any, status int) error {
	b, err := json.Marshal(answer, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("answer of %s: %w", c.r.Pattern, err)
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(append(b, '\n')) // whoever went away needs no answer
	return nil
}

// openAPI serves the document that describes all this.
func (s *server) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
	_, _ = w.Write(s.document) // as above
}

// nowhere answers addresses that there are not, and methods that an address has not.
func (s *server) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		s.call(w, r).fail(http.StatusNotFound)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.call(w, r).fail(http.StatusMethodNotAllowed)
}

// turnAway answers for the guard, before any handler saw the request.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request, why error) {
	name := names[guard.Status(why)]
	if errors.Is(why, guard.Crowded) {
		name = "busy"
	}
	s.call(w, r).failAs(guard.Status(why), name)
}
