package demo

import (
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A standing branch is one that has been founded, with its people.
type standing struct {
	*branch
	org       id.Org
	first     id.Person   // its members are numbered from first on
	graded    []id.Person // full members, who get a grade
	secretary id.Person
	committee []id.Person
	dayOf     int // of the month, for its theme day
	where     string
	life      id.Matter // its organisation-life meeting
	appraisal id.Matter
	superior  id.Person // an officer of the committee above
}

// found founds every organisation, registers every member and fills the offices.
func (b *builder) found(units []*unit, start Start) error {
	count := tally(units)
	b.total = count.orgs + count.members + count.offices + count.meetings
	b.stage = "found"
	type placed struct {
		u     *unit
		above id.Org
	}
	level := []placed{}
	for _, u := range units {
		level = append(level, placed{u, start.Root})
	}
	for len(level) > 0 {
		var next []placed
		for _, p := range level {
			err := b.add(start.Officer, b.founding(p.u, p.above), func(r record.Record) {
				if p.u.branch != nil {
					b.branches = append(b.branches, &standing{branch: p.u.branch, org: r.Org, where: p.u.name, dayOf: 3 + b.rng.IntN(23), superior: start.Officer})
				}
				b.heads.note(p.u, r.Org)
				for _, below := range p.u.below {
					next = append(next, placed{below, r.Org})
				}
			})
			if err != nil {
				return err
			}
		}
		if err := b.flush(); err != nil {
			return err
		}
		level = next
	}
	if err := b.register(start.Officer); err != nil {
		return err
	}
	if err := b.offices(start.Officer); err != nil {
		return err
	}
	return b.appoint(start)
}

func (b *builder) founding(u *unit, above id.Org) matter.Act {
	fields := []record.Field{record.F("name", record.Text(u.name)), record.F("kind", record.Choice(u.kind)), record.F("superior", record.Org(above))}
	for k, v := range map[string]string{"level": u.level, "sector": u.sector} {
		if v != "" {
			fields = append(fields, record.F(k, record.Choice(v)))
		}
	}
	if u.code != "" {
		fields = append(fields, record.F("code", record.Text(u.code)))
	}
	return matter.Act{Procedure: "organisation", Step: "found", On: day.New(u.founded, 7, 1), Fields: record.Of(fields...)}
}

// register registers the members of every branch, one after the other, so that the
// people of a branch have consecutive numbers.
func (b *builder) register(officer id.Person) error {
	b.stage = "register"
	c := &crowd{rng: b.rng, names: newNamer(b.rng), today: b.months.From}
	for _, s := range b.branches {
		for i := range s.members {
			group := 0
			if s.groups > 0 {
				group = i*s.groups/s.members + 1
			}
			n := c.member(group, i < 5)
			act := matter.Act{Procedure: "membership", Step: "register", Org: s.org, On: b.months.From - 1, Fields: n.fields}
			err := b.add(officer, act, func(r record.Record) {
				who, _ := r.Matter.Person()
				if i == 0 {
					s.first = who
				}
				if n.full {
					s.graded = append(s.graded, who)
				}
			})
			if err != nil {
				return err
			}
		}
	}
	return b.flush()
}

// roles of a branch committee, in order.
var roles = []string{"branch.secretary", "branch.organiser", "branch.discipline"}

func (b *builder) offices(officer id.Person) error {
	b.stage = "offices"
	for _, s := range b.branches {
		s.secretary = s.first
		for i := range officers(s.branch) {
			who := s.first + id.Person(i)
			s.committee = append(s.committee, who)
			took := b.months.From.AddDays(-200 - b.rng.IntN(500))
			act := matter.Act{Procedure: "office", Step: "take", Org: s.org, On: took,
				Fields: record.Of(record.F("person", record.Person(who)), record.F("role", record.Choice(roles[i])), record.F("until", record.Day(took.AddYears(5)-1)))}
			if err := b.add(officer, act, nil); err != nil {
				return err
			}
		}
	}
	return b.flush()
}

// officers is how many of the branch hold an office.
func officers(s *branch) int {
	if s.members >= 10 {
		return 3
	}
	return 1
}

// A count of what will be done.
type sums struct{ orgs, members, offices, meetings int }

func tally(units []*unit) (t sums) {
	for _, u := range units {
		t.orgs++
		if u.branch != nil {
			t.members += u.branch.members
			t.offices += officers(u.branch)
			t.meetings += 45 + 24*min(u.branch.groups, 1)
		}
		below := tally(u.below)
		t.orgs, t.members, t.offices, t.meetings = t.orgs+below.orgs, t.members+below.members, t.offices+below.offices, t.meetings+below.meetings
	}
	return t
}

// note keeps the first committee of a county and of a township.
func (h *heads) note(u *unit, o id.Org) {
	switch {
	case u.kind != "committee":
	case u.level == "county" && h.county == 0:
		h.county = o
	case u.level == "township" && h.township == 0 && u.code != "":
		h.township = o
	}
}
