package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/guard"
)

// A Problem is how everything is answered that did not work, after RFC 9457.
type Problem struct {
	Type      string  `json:"type"` // for programs: urn:qingfeng:problem: and a name
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail"`
	Remedy    string  `json:"remedy"` // what to do about it
	Errors    []Wrong `json:"errors,omitzero"`
	RequestID string  `json:"request_id"` // under which the log of the service has it
}

// Wrong is one thing that is wrong with a request.
type Wrong struct {
	Field       string `json:"field"`
	Key         string `json:"key"`    // for programs
	Reason      string `json:"reason"` // for people
	Clause      string `json:"clause,omitzero"`
	ClauseTitle string `json:"clause_title,omitzero"`
	Remedy      string `json:"remedy,omitzero"`
}

// names are the problems by status, as programs know them.
var names = map[int]string{
	http.StatusBadRequest:            "unreadable",
	http.StatusUnauthorized:          "token",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not-found",
	http.StatusMethodNotAllowed:      "method",
	http.StatusConflict:              "key-reused",
	http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType:  "not-json",
	http.StatusUnprocessableEntity:   "refused",
	http.StatusTooManyRequests:       "busy",
	http.StatusInternalServerError:   "ours",
	http.StatusServiceUnavailable:    "read-only",
}

// explain is the one place where an error becomes an answer.
func (c *call) explain(err error) {
	var refusal *matter.Refusal
	var invalid *fault.Invalid
	var wait *account.Wait
	switch {
	case errors.Is(err, fault.SignIn):
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="qingfeng"`)
		c.fail(http.StatusUnauthorized)
	case errors.Is(err, fault.NotFound):
		c.fail(http.StatusNotFound)
	case errors.Is(err, fault.Forbidden):
		c.deny()
	case errors.Is(err, fault.Unknown):
		c.failAs(http.StatusServiceUnavailable, "unknown")
	case errors.Is(err, fault.ReadOnly):
		c.fail(http.StatusServiceUnavailable, c.stopped(err)...)
	case errors.As(err, &wait):
		c.w.Header().Set("Retry-After", strconv.Itoa(int(wait.For.Seconds())+1))
		c.fail(http.StatusTooManyRequests)
	case errors.Is(err, fault.Busy):
		c.w.Header().Set("Retry-After", "1")
		c.fail(http.StatusTooManyRequests)
	case errors.Is(err, fault.Reused):
		c.fail(http.StatusConflict)
	case errors.As(err, &refusal):
		c.fail(http.StatusUnprocessableEntity, c.wrongs(refusal)...)
	case errors.As(err, &invalid):
		c.fail(http.StatusBadRequest, c.wrong(&matter.Refusal{Field: invalid.Field, Why: invalid.Why, Args: map[string]string{"field": invalid.Field}}))
	case errors.Is(err, errNotJSON):
		c.fail(http.StatusUnsupportedMediaType)
	case guard.IsTooLarge(err):
		c.fail(http.StatusRequestEntityTooLarge)
	case errors.Is(err, context.Canceled):
		// whoever went away needs no answer
	default:
		c.s.Logger.Error("request failed", "id", guard.RequestID(c.r.Context()), "path", c.r.Pattern, "err", err)
		c.fail(http.StatusInternalServerError)
	}
}

// deny writes down that somebody was refused, and says so.
func (c *call) deny() {
	if c.bearer != nil {
		if err := c.s.Accounts.Deny(c.r.Context(), c.bearer.Person(), c.r.Pattern, "api", guard.Source(c.r.Context())); err != nil {
			c.s.Logger.Error("denied attempt not written down", "err", err)
		}
	}
	c.fail(http.StatusForbidden)
}

func (c *call) fail(status int, wrongs ...Wrong) { c.failAs(status, names[status], wrongs...) }

// failAs answers with a problem. Its words are in the catalogue under its name.
func (c *call) failAs(status int, name string, wrongs ...Wrong) {
	p := Problem{
		Type: "urn:qingfeng:problem:" + name, Status: status, Errors: wrongs, RequestID: guard.RequestID(c.r.Context()),
		Title: c.words.T("api." + name), Detail: c.words.T("api." + name + "_what"), Remedy: c.words.T("api." + name + "_fix"),
	}
	b, err := json.Marshal(p)
	if err != nil {
		c.s.Logger.Error("problem", "err", err)
		http.Error(c.w, http.StatusText(status), status)
		return
	}
	c.w.Header().Set("Content-Type", "application/problem+json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(append(b, '\n')) // whoever went away needs no answer
}

// wrongs says a refusal with everything else that is wrong with the act.
func (c *call) wrongs(r *matter.Refusal) (all []Wrong) {
	for _, one := range r.All() {
		all = append(all, c.wrong(one))
	}
	return all
}

// stopped says why nothing is recorded for now, where that is known.
func (c *call) stopped(err error) []Wrong {
	var stop *fault.Stop
	if !errors.As(err, &stop) {
		return nil
	}
	w := Wrong{Key: stop.Why}
	w.Reason, w.Remedy = c.words.Stop(stop)
	return []Wrong{w}
}

// wrong says one refusal in the language of the answer.
func (c *call) wrong(r *matter.Refusal) Wrong {
	args := maps.Clone(r.Args)
	if args == nil {
		args = map[string]string{}
	}
	c.title(args, r.Step)
	w := Wrong{Field: r.Field, Key: r.Why, Clause: r.Basis}
	w.Reason, w.Remedy = c.words.Reason(r.Why, args)
	if source, clause, ok := c.s.App.Library().Clause(r.Basis); ok {
		w.ClauseTitle = c.words.T("clause.of", "source", c.say(source.Title), "clause", c.say(clause.Name))
	}
	return w
}

// title replaces ids among the arguments of a refusal by what people call them.
func (c *call) title(args map[string]string, step string) {
	lib := c.s.App.Library()
	if p, ok := lib.Latest(c.about); ok {
		if s, ok := p.Step(args["step"]); ok {
			args["step"] = c.say(s.Title)
		}
		s, _ := p.Step(step)
		if f, ok := s.Field(args["field"]); ok {
			args["field"] = c.say(f.Title)
		}
	}
	if role, ok := lib.Law.Roles[args["role"]]; ok {
		args["role"] = c.say(role.Title)
	}
	if t, ok := lib.Law.Codes["org_kind"].Find(args["kind"]); ok {
		args["kind"] = c.say(t)
	}
	if rule, ok := lib.Law.Book[args["rule"]]; ok {
		args["rule"] = c.say(rule.Title)
	}
	if p, err := id.ParsePerson(args["person"]); err == nil && p != 0 && c.visit != nil {
		args["person"] = c.visit.Names([]id.Person{p})[p]
	}
	if args["more"] != "" {
		args["more"] = c.words.T("share." + args["more"])
	}
}
