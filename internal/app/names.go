package app

import (
	"strings"
	"unicode"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/pinyin"
	"qingfeng/internal/register"
)

// spelled are the names of people and organisations in Latin letters, by number:
// worked out when a name is recorded, so that looking for one is only reading. It
// changes with the register and is guarded by the same lock.
type spelled struct {
	speller pinyin.Speller
	people  []string
	orgs    []string
}

// all spells everything in g, in place of what was known before.
func (s *spelled) all(g *register.Register) {
	*s = spelled{people: make([]string, 0, g.People()+1), orgs: make([]string, 0, g.Tree().Len()+1)}
	for n := 1; n <= g.People(); n++ {
		s.person(g, id.Person(n))
	}
	for n := 1; n <= g.Tree().Len(); n++ {
		s.org(g, id.Org(n))
	}
}

// changed spells again what a record changed.
func (s *spelled) changed(g *register.Register, c register.Changes) {
	for _, p := range c.People {
		s.person(g, p)
	}
	for _, o := range c.Orgs {
		s.org(g, o)
	}
}

func (s *spelled) person(g *register.Register, p id.Person) {
	if who, ok := g.Person(p); ok {
		s.people = put(s.people, int(p), s.speller.Person(who.Name))
	}
}

// org spells the newest name: one that begins later is looked for as well.
func (s *spelled) org(g *register.Register, o id.Org) {
	if x, ok := g.Tree().Org(o); ok && len(x.Versions) > 0 {
		s.orgs = put(s.orgs, int(o), s.speller.Place(x.Versions[len(x.Versions)-1].Name))
	}
}

func put(all []string, at int, text string) []string {
	for len(all) <= at {
		all = append(all, "")
	}
	all[at] = text
	return all
}

func (s *spelled) personName(p id.Person) string { return at(s.people, int(p)) }
func (s *spelled) orgName(o id.Org) string       { return at(s.orgs, int(o)) }

func at(all []string, n int) string {
	if n < len(all) {
		return all[n]
	}
	return ""
}

// A wanted is what somebody looks for: part of a name, in characters or in Latin
// letters.
type wanted struct {
	words   string
	letters bool
}

// want reads what was typed. Blanks and apostrophes between syllables do not count.
func want(words string) wanted {
	words = strings.ToLower(strings.TrimSpace(words))
	if strings.ContainsFunc(words, func(r rune) bool { return r > unicode.MaxASCII }) {
		return wanted{words: words}
	}
	drop := func(r rune) rune {
		if r == ' ' || r == '\'' {
			return -1
		}
		return r
	}
	return wanted{words: strings.Map(drop, words), letters: true}
}

// The ranks of a hit: the whole name, its beginning, or a part of it.
const (
	hitWhole = iota
	hitStart
	hitPart
	ranks
)

// in returns how well the name fits, and whether it does.
func (w wanted) in(name, spelled string) (rank int, ok bool) {
	if !w.letters {
		return fit(name, w.words)
	}
	if !w.maybe(spelled) {
		return ranks, false
	}
	first, full, _ := strings.Cut(spelled, " ")
	if rank, ok := fit(first, w.words); ok && (rank < hitPart || len(w.words) > 1) {
		return rank, true
	}
	return fit(full, w.words)
}

// maybe reports whether a name so spelled is worth a closer look: nearly all are not,
// and a city has two hundred thousand.
func (w wanted) maybe(spelled string) bool { return !w.letters || strings.Contains(spelled, w.words) }

func fit(name, words string) (rank int, ok bool) {
	i := strings.Index(name, words)
	switch {
	case i < 0 || words == "":
		return ranks, false
	case i > 0:
		return hitPart, true
	case len(name) == len(words):
		return hitWhole, true
	}
	return hitStart, true
}

// nameOn returns the name of an organisation on a day, or "" where it does not
// stand.
func nameOn(g *register.Register, o id.Org, on day.Day) string {
	x, ok := g.Tree().Org(o)
	if !ok || !x.Stands.Contains(on) {
		return ""
	}
	return x.On(on).Name
}
