package app

import (
	"context"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/register"
)

// Found is what a search found, the first hits of each sort and how many there are.
type Found struct {
	Orgs      []PlacedOrg
	People    []PersonLine
	AllOrgs   int
	AllPeople int
}

// Search looks for words in the names of organisations and people within the
// visitor's rights, as of today: in characters, or in Latin letters or the first
// of them. What fits best comes first.
func (v *Visit) Search(words string, most int) (found Found) {
	w := want(words)
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		found.Orgs, found.AllOrgs = v.orgsNamed(g, w, most, onceEach(func(o id.Org) bool { return reader.May(access.ReadOrg, o) }))
		people, all := v.peopleNamed(g, w, most, onceEach(func(o id.Org) bool { return reader.May(access.ListPeople, o) }))
		found.People, found.AllPeople = v.linesOf(g, people.first(most)), all
	})
	return found
}

// Choices returns people for a form that asks for one: whom the visitor may list,
// or whose account the visitor manages.
func (v *Visit) Choices(words string, most int) (people []PersonLine) {
	w := want(words)
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		manages := reader.Where(access.ManageUsers)
		hits, _ := v.peopleNamed(g, w, most, onceEach(func(o id.Org) bool {
			return reader.May(access.ListPeople, o) || withinAny(g, manages, o, v.today)
		}))
		people = v.linesOf(g, hits.first(most))
	})
	return people
}

// OrgChoices returns organisations for a form that asks for one: any of them, since
// what an organisation is called is no secret.
func (v *Visit) OrgChoices(words string, most int) (orgs []PlacedOrg) {
	w := want(words)
	v.app.read(func(g *register.Register) {
		orgs, _ = v.orgsNamed(g, w, most, func(id.Org) bool { return true })
	})
	return orgs
}

// withinAny reports whether o is one of above or below one of them.
func withinAny(g *register.Register, above []id.Org, o id.Org, on day.Day) bool {
	for _, a := range above {
		if g.Tree().Within(a, o, on) {
			return true
		}
	}
	return false
}

// ByIDNumber returns who has this citizen ID number, if the visitor may read that
// person's details. Somebody who looks by a number has read it: it is written down.
func (v *Visit) ByIDNumber(ctx context.Context, number string) (PersonLine, bool, error) {
	var line PersonLine
	may := false
	v.app.read(func(g *register.Register) {
		p, ok := g.Person(g.ByIDKey(g.IDKey(number)))
		if may = ok && v.reader(g).MayPerson(access.ReadPerson, p); may {
			line = personLine(g, p, v.today)
		}
	})
	if !may {
		return PersonLine{}, false, nil
	}
	if line.ID != v.me {
		if err := v.logReading(ctx, line.ID); err != nil {
			return PersonLine{}, false, err
		}
	}
	return line, true, nil
}

// ranked are numbers of hits, by how well they fit.
type ranked [ranks][]int

func (r *ranked) add(rank, n, most int) {
	if len(r[rank]) < most {
		r[rank] = append(r[rank], n)
	}
}

func (r *ranked) first(most int) (all []int) {
	for _, some := range r {
		all = append(all, some...)
	}
	return all[:min(most, len(all))]
}

func (v *Visit) orgsNamed(g *register.Register, w wanted, most int, may func(id.Org) bool) (orgs []PlacedOrg, all int) {
	var hits ranked
	for n := 1; n <= g.Tree().Len(); n++ {
		name := nameOn(g, id.Org(n), v.today)
		if rank, ok := w.in(name, v.app.spelled.orgName(id.Org(n))); ok && name != "" && may(id.Org(n)) {
			all++
			hits.add(rank, n, most)
		}
	}
	for _, n := range hits.first(most) {
		o := id.Org(n)
		orgs = append(orgs, PlacedOrg{orgOn(g, o, v.today), orgOn(g, g.Tree().Get(o).On(v.today).Superior, v.today)})
	}
	return orgs, all
}

// peopleNamed looks among those who belong to some branch today.
func (v *Visit) peopleNamed(g *register.Register, w wanted, most int, may func(id.Org) bool) (hits ranked, all int) {
	for n := 1; n <= g.People(); n++ {
		if !w.maybe(v.app.spelled.personName(id.Person(n))) {
			continue
		}
		p, ok := g.Person(id.Person(n))
		if !ok {
			continue
		}
		rank, ok := w.in(p.Name, v.app.spelled.personName(p.ID))
		if !ok {
			continue
		}
		if m, belongs := p.Membership(v.today); belongs && may(m.Org) {
			all++
			hits.add(rank, n, most)
		}
	}
	return hits, all
}

func (v *Visit) linesOf(g *register.Register, numbers []int) (lines []PersonLine) {
	for _, n := range numbers {
		p, _ := g.Person(id.Person(n))
		lines = append(lines, personLine(g, p, v.today))
	}
	return lines
}

// onceEach asks about each organisation once.
func onceEach(may func(id.Org) bool) func(id.Org) bool {
	known := map[id.Org]bool{}
	return func(o id.Org) bool {
		yes, asked := known[o]
		if !asked {
			yes = may(o)
			known[o] = yes
		}
		return yes
	}
}
