package demo

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// An event is something that a branch does and writes down.
type event struct {
	written day.Day // when it is written down
	on      day.Day // when it happens
	branch  *standing
	act     doing
}

// A doing makes the act of a branch on a day, and what to do with its record.
type doing func(*builder, *standing, day.Day) (matter.Act, func(record.Record))

// year lets every branch live through the twelve months.
func (b *builder) year() error {
	b.stage = "year"
	var events []event
	for _, s := range b.branches {
		events = append(events, b.eventsOf(s)...)
	}
	slices.SortStableFunc(events, func(x, y event) int { return int(x.written - y.written) })
	for len(events) > 0 {
		today := events[0].written
		n := 0
		for n < len(events) && events[n].written == today {
			if err := b.happen(events[n]); err != nil {
				return err
			}
			n++
		}
		if err := b.wait(); err != nil {
			return err
		}
		b.clock.Set(today) // everything before has been written down
		if err := b.handOver(); err != nil {
			return err
		}
		events = events[n:]
	}
	return b.wait()
}

// happen adds the act of one event to those of its day.
func (b *builder) happen(e event) error {
	act, then := e.act(b, e.branch, e.on)
	act.Org, act.On = e.branch.org, e.on
	by := e.branch.secretary
	if act.Step == "verify" {
		by = e.branch.committee[2] // who did not do the work verifies it
	}
	return b.add(by, act, then)
}

// eventsOf plans the year of one branch. Nobody is perfect: now and then something
// is not held, and now and then it is written down late.
func (b *builder) eventsOf(s *standing) (events []event) {
	plan := func(on day.Day, act doing, certain bool) {
		if !certain && b.rng.IntN(1000) < 18 {
			return
		}
		lag := b.rng.IntN(4)
		if b.rng.IntN(1000) < 15 {
			lag = 8 + b.rng.IntN(20)
		}
		if certain {
			lag = b.rng.IntN(2)
		}
		if on <= b.months.To && on+day.Day(lag) <= b.months.To {
			events = append(events, event{on + day.Day(lag), on, s, act})
		}
	}
	for i, m := range b.months.Months() {
		plan(m.From+day.Day(s.dayOf-1), themeDay, false)
		if len(s.committee) >= 3 {
			plan(m.From+day.Day((s.dayOf+7)%27), committeeMeeting, false)
		}
		for g := range s.groups {
			plan(m.From+day.Day((s.dayOf+12+g)%27), groupMeeting(g+1), false)
		}
		switch i % 3 {
		case 1:
			plan(m.From+day.Day((s.dayOf+3)%27), generalMeeting, false)
		case 2:
			plan(m.From+day.Day((s.dayOf+16)%27), lecture, false)
		}
	}
	months := b.months.Months()
	prepared := months[1].From + day.Day(s.dayOf%20)
	plan(prepared, prepareLife, true)
	plan(prepared+4, holdLife, true)
	plan(prepared+30, setMeasures, true)
	if s.dayOf%5 > 0 && len(s.committee) >= 3 {
		plan(prepared+75, reportDone, true)
		plan(prepared+80, verifyDone, true)
	}
	if s.dayOf%5 > 1 && len(s.committee) >= 3 {
		plan(prepared+85, closeLife, true)
	}
	held := months[2].From + day.Day(s.dayOf%22)
	plan(held, holdAppraisal, true)
	plan(held+3, proposeGrades, true)
	plan(held+6, giveFeedback, true)
	plan(held+9, publishGrades, true)
	return events
}

// meeting returns the fields that every meeting has.
func (b *builder) meeting(s *standing, people record.People, more ...record.Field) record.Fields {
	start := 8*60 + 30*b.rng.IntN(18)
	return record.Of(append(more,
		record.F("start", record.Time(start)), record.F("end", record.Time(start+60+15*b.rng.IntN(6))),
		record.F("place", record.Text(b.minutes.one(places))),
		record.F("recorder", record.Person(s.committee[len(s.committee)-1])), record.F("attended", people),
		record.F("minutes", record.Text(b.minutes.minutes(s.where))))...)
}

func (b *builder) chaired(s *standing, people record.People, more ...record.Field) record.Fields {
	return b.meeting(s, people, append(more, record.F("chair", record.Person(s.secretary)))...)
}

// present returns the members numbered from first, n of them; absent of those are on
// leave with a reason.
func (b *builder) present(first id.Person, n, absent int) record.People {
	people := make(record.People, n)
	for i := range people {
		people[i] = record.Presence{Person: first + id.Person(i), State: record.Present, Means: record.ByList}
	}
	for range min(absent, n-3) {
		i := 3 + b.rng.IntN(n-3) // the committee is there
		for people[i].State != record.Present {
			i = 3 + (i-2)%(n-3)
		}
		people[i] = record.Presence{Person: people[i].Person, State: record.Leave, Note: b.minutes.one(excuses)}
	}
	return people
}

// everybody returns the members with a few on leave.
func (b *builder) everybody(s *standing) record.People {
	return b.present(s.first, s.members, b.rng.IntN(1+s.members/7))
}

func themeDay(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	codes := []string{"oath", "study", "dues", "discussion", "service", "red"}
	at := b.rng.IntN(len(codes) - 1)
	rows := record.Items{record.Of(record.F("activity", record.Choice(codes[at]))), record.Of(record.F("activity", record.Choice(codes[at+1])))}
	return matter.Act{Procedure: "theme_day", Step: "hold",
		Fields: b.chaired(s, b.everybody(s), record.F("theme", record.Text(b.minutes.one(themes))), record.F("activities", rows))}, nil
}

func committeeMeeting(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "committee_meeting", Step: "hold",
		Fields: b.chaired(s, b.present(s.first, len(s.committee), 0), record.F("topic", record.Text(b.minutes.one(topics))))}, nil
}

func generalMeeting(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "general_meeting", Step: "hold",
		Fields: b.chaired(s, b.everybody(s), record.F("topic", record.Text(b.minutes.one(topics))))}, nil
}

func groupMeeting(group int) doing {
	return func(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
		first, last := (group-1)*s.members/s.groups, group*s.members/s.groups
		for first*s.groups/s.members+1 < group {
			first++
		}
		return matter.Act{Procedure: "group_meeting", Step: "hold",
			Fields: b.chaired(s, b.present(s.first+id.Person(first), last-first, b.rng.IntN(2)),
				record.F("group", record.Number(group)), record.F("topic", record.Text(b.minutes.one(topics))))}, nil
	}
}

func lecture(b *builder, s *standing, _ day.Day) (matter.Act, func(record.Record)) {
	return matter.Act{Procedure: "lecture", Step: "hold",
		Fields: b.meeting(s, b.everybody(s), record.F("topic", record.Text(b.minutes.one(lectures))), record.F("lecturer_kind", record.Choice("secretary")),
			record.F("lecturer", record.Person(s.secretary)), record.F("hours", record.Number(1+b.rng.IntN(2))))}, nil
}
