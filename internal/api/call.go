package api

import (
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/title"
	"qingfeng/internal/web/guard"
	"qingfeng/internal/web/words"
)

// A call is one request on its way to an answer.
type call struct {
	s      *server
	w      http.ResponseWriter
	r      *http.Request
	words  *words.Words
	bearer *app.Bearer
	visit  *app.Visit
	query  url.Values
	about  string // the procedure of the act in the body
}

func (s *server) call(w http.ResponseWriter, r *http.Request) *call {
	c := &call{s: s, w: w, r: r, words: words.For(language(r.Header.Get("Accept-Language")))}
	w.Header().Set("Content-Language", c.words.Tag())
	w.Header().Set("Vary", "Accept-Language, Authorization")
	return c
}

// language returns the first language that was asked for and that we speak.
func language(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		switch l := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(l, "zh"):
			return "zh"
		case strings.HasPrefix(l, "en"):
			return "en"
		}
	}
	return "zh"
}

// A work is what a route does, with the types of what goes in and out.
type work struct {
	takes, gives reflect.Type // takes: nil without a body
	do           func(*call) (any, error)
}

// gives is the work of a route that is only read.
func gives[T any](do func(*call) (T, error)) work {
	return work{gives: reflect.TypeFor[T](), do: func(c *call) (any, error) { return do(c) }}
}

// takes is the work of a route with a body.
func takes[B, T any](do func(*call, B) (T, error)) work {
	return work{takes: reflect.TypeFor[B](), gives: reflect.TypeFor[T](), do: func(c *call) (any, error) {
		var body B
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return do(c, body)
	}}
}

// work finds out who asks and whether they may, and does it.
func (c *call) work(r route) (any, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	if err := c.readQuery(r); err != nil {
		return nil, err
	}
	if err := c.may(r); err != nil {
		return nil, err
	}
	return r.Work.do(c)
}

// enter reads the token.
func (c *call) enter() (err error) {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || len(c.r.Header.Values("Authorization")) != 1 {
		return fault.SignIn
	}
	if c.bearer, err = c.s.Accounts.Bearer(c.r.Context(), token, guard.Source(c.r.Context())); err != nil {
		return err
	}
	guard.SetPerson(c.r.Context(), uint32(c.bearer.Person()))
	return nil
}

// may checks what the route declares: first the token, and through the visit the
// person whose token it is.
func (c *call) may(r route) (err error) {
	purpose := "api " + r.ID
	switch r.Needs {
	case anyToken:
		c.visit, err = c.bearer.Reader(purpose)
	case acting:
		if !c.bearer.Acts() {
			return fault.Forbidden
		}
		c.visit, err = c.bearer.Reader(purpose)
	case anywhere:
		if c.visit, err = c.bearer.Reader(purpose); err == nil && !(c.bearer.Uses(r.Action) && c.visit.MayAnywhere(r.Action)) {
			err = fault.Forbidden
		}
	case inOrg:
		err = c.mayInOrg(r.Action, purpose)
	case ofPerson:
		c.visit, err = c.bearer.VisitPerson(r.Action, c.person(), purpose)
	case ofMatter:
		c.visit, err = c.bearer.VisitMatter(c.r.Context(), c.matter(), purpose)
	case ofRecord:
		c.visit, err = c.bearer.VisitRecord(c.r.Context(), c.number("seq"), purpose)
	}
	return err
}

func (c *call) mayInOrg(action access.Action, purpose string) (err error) {
	if c.visit, err = c.bearer.Visit(action, c.org(), purpose); err != nil {
		return err
	}
	if !c.visit.May(action, c.org()) {
		return fault.NotFound
	}
	return nil
}

// readQuery reads path and query strictly: what the route does not declare, what is
// there twice and what cannot be read is refused.
func (c *call) readQuery(r route) (err error) {
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return &fault.Invalid{Why: "api.not_readable"}
	}
	for name, values := range c.query {
		if !slices.Contains(r.Query, name) && !slices.Contains(r.Required, name) {
			return &fault.Invalid{Field: name, Why: "api.unknown_key"}
		}
		if len(values) > 1 {
			return &fault.Invalid{Field: name, Why: "api.twice"}
		}
	}
	for _, name := range r.Required {
		if c.text(name) == "" {
			return &fault.Invalid{Field: name, Why: "refuse.missing"}
		}
	}
	for _, name := range r.parameters() {
		if c.r.PathValue(name) == "" && !c.query.Has(name) {
			continue
		}
		if !parameters[name].fits(c.text(name)) {
			if slices.Contains(r.inPath(), name) {
				return fault.NotFound
			}
			return &fault.Invalid{Field: name, Why: "refuse.wrong_type"}
		}
	}
	return nil
}

// The readers of parameters. Their spelling has been checked.

func (c *call) text(name string) string {
	if v := c.r.PathValue(name); v != "" {
		return v
	}
	return c.query.Get(name)
}

func (c *call) org() id.Org {
	o, _ := id.ParseOrg(c.text("org"))
	return o
}

func (c *call) person() id.Person {
	p, _ := id.ParsePerson(c.text("person"))
	return p
}

func (c *call) matter() id.Matter { return id.Matter(c.text("matter")) }

func (c *call) day(name string) day.Day {
	d, _ := day.Parse(c.text(name))
	return d
}

func (c *call) number(name string) int64 {
	n, _ := strconv.ParseInt(c.text(name), 10, 64)
	return n
}

// limit is how many rows are asked for: 50 where nothing is said.
func (c *call) limit() int {
	if n := c.number("limit"); n > 0 {
		return int(n)
	}
	return 50
}

// say returns a title of content in the language of the answer.
func (c *call) say(t title.Title) string { return t.In(c.words.Lang()) }

// isJSON reports whether the body says that it is JSON.
func (c *call) isJSON() bool {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}
