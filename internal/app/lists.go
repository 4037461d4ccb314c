package app

import (
	"qingfeng/internal/access"
	"qingfeng/internal/id"
	"qingfeng/internal/register"
)

// PersonLines returns the people with these numbers, those the visitor may list.
func (v *Visit) PersonLines(numbers []uint32) (lines []PersonLine) {
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		for _, n := range numbers {
			p, ok := g.Person(id.Person(n))
			if ok && reader.MayPerson(access.ListPeople, p) {
				lines = append(lines, personLine(g, p, v.today))
			}
		}
	})
	return lines
}

// A PlacedOrg is an organisation with the one above it.
type PlacedOrg struct {
	OrgRef
	Above OrgRef
}

// OrgsAbove returns the organisations with these numbers, each with its superior.
func (v *Visit) OrgsAbove(numbers []uint32) (orgs []PlacedOrg) {
	v.app.read(func(g *register.Register) {
		for _, n := range numbers {
			o := id.Org(n)
			orgs = append(orgs, PlacedOrg{orgOn(g, o, v.today), orgOn(g, g.Tree().Get(o).On(v.today).Superior, v.today)})
		}
	})
	return orgs
}

// OrgCode returns the external code of organisation o, or "".
func (v *Visit) OrgCode(o id.Org) (code string) {
	v.app.read(func(g *register.Register) { code = g.Tree().Get(o).Code })
	return code
}

// Members returns the number of members and probationary members in o and
// everything below it.
func (v *Visit) Members(o id.Org) (n int) {
	v.app.read(func(g *register.Register) {
		if all := v.app.counts.on(g, v.today).members; int(o) < len(all) {
			n = all[o]
		}
	})
	return n
}
