package web

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
)

// hitsShown is how many hits of each sort are shown.
const hitsShown = 20

// search finds organisations and people of the visitor's scope, matters by their
// number, and rules.
func (s *Server) search(c *Call) (templ.Component, error) {
	v := view.SearchView{Base: c.Base, Q: strings.TrimSpace(c.R.FormValue("q"))}
	if v.Q == "" {
		return view.Search(v), nil
	}
	if m, err := id.ParseMatter(v.Q); err == nil {
		if knows, err := c.Visit.Knows(c.R.Context(), m); err == nil && knows {
			return nil, c.To(view.MatterPath(m))
		}
	}
	if v.Short = utf8.RuneCountInString(v.Q) < 2; v.Short {
		return view.Search(v), nil
	}
	found := c.Visit.Search(v.Q, hitsShown)
	v.Orgs.All, v.People.All = found.AllOrgs, found.AllPeople
	for _, o := range found.Orgs {
		v.Orgs.Hits = append(v.Orgs.Hits, view.Hit{Title: o.Name, Small: shortName(o.Above.Name), Href: view.Under(view.PathOrg, o.ID.String())})
	}
	for _, p := range found.People {
		v.People.Hits = append(v.People.Hits, view.Hit{Title: p.Name, Small: p.Branch.Name, Href: s.personHref(c, p.ID)})
	}
	for _, rule := range s.orderedRules() {
		if title := c.Say(rule.Title); strings.Contains(title, v.Q) || rule.ID == v.Q {
			v.Rules.All++
			v.Rules.Hits = append(v.Rules.Hits, view.Hit{Title: title, Small: rule.ID, Href: view.Under(view.PathRule, rule.ID)})
		}
	}
	return view.Search(v), nil
}
