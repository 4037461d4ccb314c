package demo

import (
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// heads are the first organisations of each level, in which there is somebody for
// every role.
type heads struct{ county, township id.Org }

// appoint gives offices and grants above the branches to members of the first
// branches, one person each, and notes who can be looked at.
func (b *builder) appoint(start Start) error {
	on := b.months.From - 1
	next := 0
	somebody := func() id.Person {
		s := b.branches[next%len(b.branches)]
		next++
		return s.first + id.Person(5+next/len(b.branches))
	}
	office := func(role string, o id.Org) error {
		b.people[role] = somebody()
		return b.add(start.Officer, matter.Act{Procedure: "office", Step: "take", Org: o, On: on, Fields: record.Of(
			record.F("person", record.Person(b.people[role])), record.F("role", record.Choice(role)))}, nil)
	}
	var proposed []id.Matter
	grant := func(role string) error {
		b.people[role] = somebody()
		return b.add(start.Officer, matter.Act{Procedure: "grant", Step: "propose", Org: start.Root, On: on, Fields: record.Of(
			record.F("person", record.Person(b.people[role])), record.F("role", record.Choice(role)),
			record.F("until", record.Day(on.AddYears(1))), record.F("reason", record.Text("演示")))}, func(r record.Record) { proposed = append(proposed, r.Matter) })
	}
	for _, err := range []error{
		office("county.officer", b.heads.county), office("township.organiser", b.heads.township), office("township.secretary", b.heads.township),
		office("leader", start.Root), grant("inspector"), grant("system.admin"), grant("audit.admin"),
	} {
		if err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	for _, m := range proposed {
		if err := b.add(start.Admin, matter.Act{Procedure: "grant", Step: "confirm", Matter: m, Org: start.Root, On: on}, nil); err != nil {
			return err
		}
	}
	b.people["city.officer"], b.people["security.admin"] = start.Officer, start.Admin
	b.people["branch.secretary"], b.people["branch.organiser"] = b.branches[0].secretary, b.branches[0].first+1
	b.people["member"] = b.branches[0].first + 8
	return b.flush()
}
