package register

import (
	"fmt"
	"maps"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// Changes are what one record changed: rows of the views that have to be written.
type Changes struct {
	Orgs    []id.Org
	People  []id.Person
	Matters []id.Matter // terms of office
}

// Apply takes the effect of r into the register. An effect it does not know is
// none of its business. An error means that the record contradicts the register:
// a fault of ours, since it was decided on the same register.
func (g *Register) Apply(effect string, r record.Record) (c Changes, err error) {
	switch effect {
	case "org.found":
		g.shows(r.On)
		err = g.found(&c, r)
	case "org.rename", "org.change", "org.move", "org.merge", "org.dissolve":
		g.shows(r.On)
		err = g.changeOrg(&c, effect, r)
	case "person.register":
		err = g.registerPerson(&c, r)
	case "person.correct", "person.standing", "person.join", "person.leave":
		err = g.changePerson(&c, effect, r)
	case "office.take":
		err = g.take(&c, r)
	case "office.leave":
		err = g.leave(&c, r)
	}
	if err != nil {
		err = fmt.Errorf("record %d: %s: %w", r.Seq, effect, err)
	}
	return c, err
}

func (g *Register) found(c *Changes, r record.Record) error {
	o, ok := r.Matter.Org()
	if !ok {
		return fmt.Errorf("matter %s is no organisation", r.Matter)
	}
	f := r.Fields
	g.tree.Put(org.Org{
		ID: o, Stands: day.Period{From: r.On}, Code: f.Text("code"), Sector: f.Choice("sector"), Level: f.Choice("level"),
		Versions: []org.Version{{From: r.On, Name: f.Text("name"), Kind: org.Kind(f.Choice("kind")), Superior: f.Org("superior"), Set: org.SetName | org.SetKind | org.SetSuperior}},
	})
	c.Orgs = append(c.Orgs, o)
	return nil
}

func (g *Register) changeOrg(c *Changes, effect string, r record.Record) error {
	o, _ := r.Matter.Org()
	was, ok := g.tree.Org(o)
	if !ok {
		return fmt.Errorf("no organisation %s", r.Matter)
	}
	was.Versions = slices.Clone(was.Versions)
	switch effect {
	case "org.rename":
		was.Versions = revise(was.Versions, r.On, org.SetName, func(v *org.Version) { v.Name = r.Fields.Text("name") })
	case "org.change":
		was.Versions = revise(was.Versions, r.On, org.SetKind, func(v *org.Version) { v.Kind = org.Kind(r.Fields.Choice("kind")) })
	case "org.move":
		was.Versions = revise(was.Versions, r.On, org.SetSuperior, func(v *org.Version) { v.Superior = r.Fields.Org("superior") })
	case "org.merge":
		was.Stands.To, was.Into = r.On-1, r.Fields.Org("into")
		g.moveAll(c, o, was.Into, r.On)
		g.endOffices(c, o, was.Stands.To)
	case "org.dissolve":
		was.Stands.To = r.On - 1
		g.endOffices(c, o, was.Stands.To)
	}
	g.tree.Put(was)
	c.Orgs = append(c.Orgs, o)
	return nil
}

// revise changes a part of the version of day d, which it makes if there is none,
// and of the later ones up to the next that set the same part for its own day: a
// change recorded late takes its place in time.
func revise(versions []org.Version, d day.Day, part org.Part, change func(*org.Version)) []org.Version {
	i, found := slices.BinarySearchFunc(versions, d, func(v org.Version, d day.Day) int { return int(v.From - d) })
	if !found {
		v := org.Version{}
		if i > 0 {
			v = versions[i-1]
		}
		v.From, v.Set = d, 0
		versions = slices.Insert(versions, i, v)
	}
	change(&versions[i])
	versions[i].Set |= part
	for j := i + 1; j < len(versions) && versions[j].Set&part == 0; j++ {
		change(&versions[j])
	}
	return versions
}

// moveAll moves everybody who belongs to from on d or came to it later, as a
// merger recorded late finds them, to the branch into.
func (g *Register) moveAll(c *Changes, from, into id.Org, d day.Day) {
	for _, n := range slices.Clone(g.members[from]) {
		p := g.copyOf(n)
		if ms, moved := follow(p.Memberships, from, into, d); moved {
			p.Memberships = ms
			g.put(p)
			c.People = append(c.People, n)
		}
	}
}

// endOffices ends every office in o with its last day: no right outlives the
// organisation in which it is held. Nobody has to record that one by one.
func (g *Register) endOffices(c *Changes, o id.Org, last day.Day) {
	for _, n := range g.holders[o] {
		p, ended := g.copyOf(n), false
		for i := range p.Offices {
			ended = p.Offices[i].Org == o && endBy(&p.Offices[i].Held, last) || ended
		}
		if ended {
			g.put(p)
			c.People = append(c.People, n)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(g.terms)) {
		if t := g.terms[m]; t.Office.Org == o && endBy(&t.Office.Held, last) {
			g.terms[m] = t
			c.Matters = append(c.Matters, m)
		}
	}
}

// endBy ends held on last, unless it ended before, and reports whether it did.
func endBy(held *day.Period, last day.Day) bool {
	if held.To != 0 && held.To <= last {
		return false
	}
	held.To = last
	return true
}

func follow(ms []person.Membership, from, into id.Org, d day.Day) (_ []person.Membership, moved bool) {
	for i, m := range ms {
		switch {
		case m.Org != from || m.Held.To != 0 && m.Held.To < d:
			continue
		case m.Held.From >= d:
			ms[i].Org, ms[i].Group = into, 0
		default:
			ms[i].Held.To = d - 1
			ms = append(ms, person.Membership{Org: into, Held: day.Period{From: d, To: m.Held.To}})
		}
		moved = true
	}
	return inTime(ms), moved
}

func (g *Register) take(c *Changes, r record.Record) error {
	n := r.Fields.Person("person")
	if _, ok := g.Person(n); !ok {
		return fmt.Errorf("no person %s", n)
	}
	p := g.copyOf(n)
	office := person.Office{Org: r.Org, Role: r.Fields.Choice("role"), Held: day.Period{From: r.On, To: r.Fields.Day("until")}}
	if last := g.tree.Get(r.Org).Stands.To; last != 0 {
		endBy(&office.Held, last) // recorded late, in what has been closed since
	}
	p.Offices = append(p.Offices, office)
	g.terms[r.Matter] = term{n, office}
	g.put(p)
	c.People, c.Matters = append(c.People, n), append(c.Matters, r.Matter)
	return nil
}

func (g *Register) leave(c *Changes, r record.Record) error {
	t, ok := g.terms[r.Matter]
	if !ok {
		return fmt.Errorf("nobody took the office of %s", r.Matter)
	}
	p := g.copyOf(t.Person)
	i := slices.Index(p.Offices, t.Office)
	if i < 0 {
		return fmt.Errorf("%s does not hold the office of %s", t.Person, r.Matter)
	}
	endBy(&p.Offices[i].Held, r.On) // a term that has run out is not revived
	g.terms[r.Matter] = term{t.Person, p.Offices[i]}
	g.put(p)
	c.People, c.Matters = append(c.People, t.Person), append(c.Matters, r.Matter)
	return nil
}

// copyOf returns a person whose lists can be changed without anybody who still
// holds the old one noticing.
func (g *Register) copyOf(n id.Person) person.Person {
	p := g.people[n]
	p.Stands, p.Memberships, p.Offices = slices.Clone(p.Stands), slices.Clone(p.Memberships), slices.Clone(p.Offices)
	return p
}
