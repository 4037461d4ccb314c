package web

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
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
	if m, err := id.ParseMatter(numbered(v.Q)); err == nil {
		if knows, err := c.Visit.Knows(c.R.Context(), m); err == nil && knows {
			return nil, c.To(view.MatterPath(m))
		}
	}
	if v.Short = utf8.RuneCountInString(v.Q) < 2; v.Short {
		return view.Search(v), nil
	}
	if idNumber.MatchString(v.Q) {
		return s.searchIDNumber(c, v)
	}
	found := c.Visit.Search(v.Q, hitsShown)
	v.Orgs.All, v.People.All = found.AllOrgs, found.AllPeople
	for _, o := range found.Orgs {
		v.Orgs.Hits = append(v.Orgs.Hits, view.Hit{Title: o.Name, Small: shortName(o.Above.Name), Href: view.Under(view.PathOrg, o.ID.String())})
	}
	for _, p := range found.People {
		v.People.Hits = append(v.People.Hits, view.Hit{Title: p.Name, Small: p.Branch.Name, Href: s.personHref(c, p.ID)})
	}
	v.Rules = s.rulesSaying(c, v.Q)
	return view.Search(v), nil
}

// numbered is the number of a matter as it is written, also without its letter.
func numbered(q string) string {
	if n, err := strconv.ParseUint(q, 10, 32); err == nil && n > 0 {
		return "m" + q
	}
	return strings.ToLower(q)
}

// idNumber is how a citizen's ID number is written.
var idNumber = regexp.MustCompile(`^[0-9]{17}[0-9Xx]$`)

// searchIDNumber finds whose an ID number is, for those who may read that person's
// details; that they looked is written down. The number itself is not shown again.
func (s *Server) searchIDNumber(c *Call, v view.SearchView) (templ.Component, error) {
	p, found, err := c.Visit.ByIDNumber(c.R.Context(), strings.ToUpper(v.Q))
	if err != nil {
		return nil, err
	}
	v.Q, v.Path = masked(v.Q), view.PathSearch // it does not stand in links either
	if found {
		v.People = view.Found{All: 1, Hits: []view.Hit{{Title: p.Name, Small: p.Branch.Name, Href: s.personHref(c, p.ID)}}}
	}
	return view.Search(v), nil
}

// rulesSaying finds rules by title, and clauses by what they are about or say.
func (s *Server) rulesSaying(c *Call, words string) (found view.Found) {
	add := func(title, small, href string) {
		if found.All++; found.All <= hitsShown {
			found.Hits = append(found.Hits, view.Hit{Title: title, Small: small, Href: href})
		}
	}
	words = strings.ToLower(words)
	says := func(text string) bool { return strings.Contains(strings.ToLower(text), words) }
	for _, rule := range s.orderedRules() {
		if title := c.Say(rule.Title); says(title) || rule.ID == words {
			add(title, rule.ID, view.Under(view.PathRule, rule.ID))
		}
	}
	sources := s.App.Library().Sources
	for _, id := range slices.Sorted(maps.Keys(sources)) {
		source := sources[id]
		if says(c.Say(source.Title)) {
			add(c.Say(source.Title), c.Say(source.Issuer), view.Under(view.PathSource, source.ID))
		}
		for _, number := range slices.Sorted(maps.Keys(source.Clauses)) {
			clause := source.Clauses[number]
			if says(c.Say(clause.Name)) || says(c.Say(clause.Words())) {
				add(c.Say(clause.Name), c.Say(source.Title), view.Under(view.PathSource, source.ID)+"#"+number)
			}
		}
	}
	return found
}
