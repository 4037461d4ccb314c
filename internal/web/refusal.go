package web

import (
	"cmp"
	"maps"
	"strings"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/view"
)

// problem says a refusal in the reader's language: what is wrong, by which clause,
// and how to put it right. procedure names the procedure whose form it is about.
func (c *Call) problem(r *matter.Refusal, procedure string) view.Problem {
	args := maps.Clone(r.Args)
	if args == nil {
		args = map[string]string{}
	}
	c.title(args, procedure, r.Step)
	text, fix := c.Base.W.Reason(r.Why, args)
	p := view.Problem{Field: r.Field, Text: text, Remedy: fix}
	if r.Basis != "" {
		p.Clause, p.Href = c.clause(r.Basis)
	}
	return p
}

// title replaces ids among the arguments of a refusal by what people call them.
func (c *Call) title(args map[string]string, procedure, step string) {
	lib := c.s.App.Library()
	if p, ok := lib.Latest(cmp.Or(procedure, args["procedure"])); ok {
		for _, name := range []string{"step", "of"} {
			if s, ok := p.Step(args[name]); ok {
				args[name] = c.Say(s.Title)
			}
		}
		s, _ := p.Step(step)
		if f, ok := s.Field(args["field"]); ok {
			args["field"] = c.Say(f.Title)
		}
	}
	if role, ok := lib.Law.Roles[args["role"]]; ok {
		args["role"] = c.Say(role.Title)
	}
	if t, ok := lib.Law.Codes["org_kind"].Find(args["kind"]); ok {
		args["kind"] = c.Say(t)
	}
	if t, ok := lib.Law.Codes["standing"].Find(args["standing"]); ok {
		args["standing"] = c.Say(t)
	}
	if rule, ok := lib.Law.Book[args["rule"]]; ok {
		args["rule"] = c.Say(rule.Title)
	}
	if p, err := id.ParsePerson(args["person"]); err == nil && p != 0 && c.Visit != nil {
		args["person"] = c.Visit.Names([]id.Person{p})[p]
	}
	if args["more"] != "" {
		args["more"] = c.T("share." + args["more"])
	}
}

// clause names the clause that a basis cites, and where it can be read.
func (c *Call) clause(basis string) (text, href string) {
	source, clause, ok := c.s.App.Library().Clause(basis)
	if !ok {
		return basis, ""
	}
	_, part, _ := strings.Cut(basis, "#")
	return c.T("clause.of", "source", c.Say(source.Title), "clause", c.Say(clause.Name)), view.Under(view.PathSource, source.ID) + "#" + part
}
