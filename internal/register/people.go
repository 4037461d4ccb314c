package register

import (
	"cmp"
	"fmt"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// An Effected is a record with the effect that its step has.
type Effected struct {
	Effect string
	Record record.Record
}

// Refold takes person n anew from past, as if what was erased in it had never been
// there: the person's own file, what other matters decided of the person, and every
// merger of organisations, by rising number.
// Offices are told by records of their own, and stay.
func (g *Register) Refold(n id.Person, past []Effected) (c Changes, err error) {
	if _, ok := g.Person(n); !ok {
		return c, fmt.Errorf("refold: no person %s", n)
	}
	p := person.Person{ID: n}
	for _, e := range past {
		switch {
		case e.Effect == "org.merge":
			o, _ := e.Record.Matter.Org()
			p.Memberships, _ = follow(p.Memberships, o, e.Record.Fields.Org("into"), e.Record.On)
		case Whom(e.Record) != n:
			return c, fmt.Errorf("refold %s: record %d is of another matter", n, e.Record.Seq)
		case e.Effect == "person.register":
			p = g.newcomer(n, e.Record)
		default:
			g.change(&p, e.Effect, e.Record)
		}
	}
	p.Offices = g.copyOf(n).Offices
	g.put(p)
	c.People = append(c.People, n)
	return c, nil
}

func (g *Register) registerPerson(c *Changes, r record.Record) error {
	n, ok := r.Matter.Person()
	if !ok {
		return fmt.Errorf("matter %s is no person", r.Matter)
	}
	g.put(g.newcomer(n, r))
	c.People = append(c.People, n)
	return nil
}

// newcomer is the person whom r registers. Of a registration that was erased nothing
// is left but the number: no name, no standing, and so no place on any roster.
func (g *Register) newcomer(n id.Person, r record.Record) person.Person {
	if r.Erased() {
		return person.Person{ID: n}
	}
	p := person.Person{ID: n, Stands: firstStands(r)}
	g.describe(&p, r.Fields)
	if r.Org != 0 && p.Stands[0].Standing != person.Other {
		from := max(p.Stands[0].From, g.tree.Get(r.Org).Stands.From)
		p.Memberships = []person.Membership{{Org: r.Org, Group: int(r.Fields.Number("group")), Held: day.Period{From: from}}}
	}
	return p
}

// firstStands returns the standings that a registration tells: a full member was
// probationary from joining to confirmation.
func firstStands(r record.Record) []person.Stand {
	now := person.Standing(r.Fields.Choice("standing"))
	joined, confirmed := r.Fields.Day("joined"), r.Fields.Day("confirmed")
	if joined == 0 || joined > r.On {
		return []person.Stand{{From: r.On, Standing: now}}
	}
	if now == person.Member && joined < confirmed && confirmed <= r.On {
		return []person.Stand{{From: joined, Standing: person.Probationary}, {From: confirmed, Standing: person.Member}}
	}
	return []person.Stand{{From: joined, Standing: now}}
}

// describe takes over what a form says about a person; what it does not ask stays.
func (g *Register) describe(p *person.Person, f record.Fields) {
	if s := f.Text("name"); s != "" {
		p.Name = s
	}
	if s := f.Choice("sex"); s != "" {
		p.Sex = s[0]
	}
	if d := f.Day("birth"); d != 0 {
		p.Birth = d
	}
	if s := f.Text("id_number"); s != "" {
		p.IDKey = g.IDKey(s)
	}
	for _, a := range f { // what nobody answered is not recorded
		if d, ok := person.Detail(a.ID); ok {
			p.Known |= d
		}
	}
}

// decided are the details that follow from a standing that was decided.
var decided = map[person.Standing]string{person.Probationary: "joined", person.Member: "confirmed"}

func (g *Register) changePerson(c *Changes, effect string, r record.Record) error {
	n := Whom(r)
	if _, ok := g.Person(n); !ok {
		return fmt.Errorf("no person %s in %s", n, r.Matter)
	}
	p := g.copyOf(n)
	g.change(&p, effect, r)
	g.put(p)
	c.People = append(c.People, n)
	return nil
}

// change takes the effect of r on p, whose lists are p's own.
func (g *Register) change(p *person.Person, effect string, r record.Record) {
	switch effect {
	case "person.correct":
		g.describe(p, r.Fields)
	case "person.standing":
		s := person.Stand{From: cmp.Or(r.Fields.Day("since"), r.On), Standing: person.Standing(r.Fields.Choice("standing"))}
		if _, own := r.Matter.Person(); !own {
			s.Matter = r.Matter
		}
		p.Stands = overtake(stand(p.Stands, s), s)
		if d, ok := person.Detail(decided[s.Standing]); ok {
			p.Known |= d
		}
	case "person.join":
		p.Memberships = move(p.Memberships, r.Fields.Org("branch"), int(r.Fields.Number("group")), r.On)
	case "person.leave":
		for i := range p.Memberships {
			if p.Memberships[i].Held.Contains(r.On) {
				p.Memberships[i].Held.To = r.On
			}
		}
	}
}

// Whom returns whom an effect on a person changes: whose file the matter is, or who is
// named in the field "person".
func Whom(r record.Record) id.Person {
	if n, own := r.Matter.Person(); own {
		return n
	}
	return r.Fields.Person("person")
}

// overtake takes off the standings after s that were only registered and are not
// further on the way, where s was decided: the papers caught up with the list.
func overtake(stands []person.Stand, s person.Stand) []person.Stand {
	return slices.DeleteFunc(stands, func(later person.Stand) bool {
		return s.Matter != "" && later.From > s.From && later.Matter == "" && later.Standing.OnTheWay() && later.Standing.Stage() <= s.Standing.Stage()
	})
}

// stand inserts s in its place in time; a standing of the same day is replaced.
func stand(stands []person.Stand, s person.Stand) []person.Stand {
	i := len(stands)
	for i > 0 && stands[i-1].From > s.From {
		i--
	}
	if i > 0 && stands[i-1].From == s.From {
		stands[i-1] = s
		return stands
	}
	return slices.Insert(stands, i, s)
}

// move ends the membership of day d the day before and begins one in branch into.
// It lasts as long as the one it takes the place of, and never into the next:
// nobody belongs to two branches. Whoever left on d itself joins for good.
func move(ms []person.Membership, into id.Org, group int, d day.Day) []person.Membership {
	held := day.Period{From: d}
	end := func(last day.Day) {
		if held.To == 0 || last < held.To {
			held.To = last
		}
	}
	for i, m := range ms {
		switch {
		case m.Held.Contains(d):
			if m.Held.To > d {
				end(m.Held.To)
			}
			ms[i].Held.To = d - 1
		case m.Held.From > d:
			end(m.Held.From - 1)
		}
	}
	return inTime(append(ms, person.Membership{Org: into, Group: group, Held: held}))
}

// inTime sorts memberships by their first day, those of one day as they were recorded.
func inTime(ms []person.Membership) []person.Membership {
	slices.SortStableFunc(ms, func(a, b person.Membership) int { return int(a.Held.From - b.Held.From) })
	return ms
}
