package app

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A chance is one act of a random history; whether it is taken is for the law to say.
type chance struct {
	*village
	rng *rand.Rand
}

func (c *chance) org() id.Org       { return id.Org(2 + c.rng.IntN(5)) }
func (c *chance) person() id.Person { return id.Person(1 + c.rng.IntN(6)) }
func (c *chance) seq() int64        { return 1 + c.rng.Int64N(c.app.Size()) }
func (c *chance) on() day.Day       { return c.app.Today() - day.Day(c.rng.IntN(5)) }

// acts are what may be tried, by name.
func (c *chance) acts() map[string]func() error {
	file := func(step string, fields ...record.Field) error {
		p := c.person()
		_, err := c.try(matter.Act{Procedure: "membership", Step: step, Matter: p.Matter(), On: c.on(), Fields: record.Of(fields...)})
		return err
	}
	org := func(step string, fields ...record.Field) error {
		o := c.org()
		_, err := c.try(matter.Act{Procedure: "organisation", Step: step, Matter: o.Matter(), Org: o, On: c.on(), Fields: record.Of(fields...)})
		return err
	}
	n := 0
	text := func(s string) record.Text { n++; return record.Text(fmt.Sprint(s, n)) }
	return map[string]func() error{
		"register": func() error {
			_, err := c.try(matter.Act{Procedure: "membership", Step: "register", Org: c.org(), On: c.on(), Fields: record.Of(
				record.F("name", text("人")), record.F("standing", record.Choice("member")), record.F("group", record.Number(c.rng.Int64N(3))), record.F("joined", record.Day(c.on()-400)))})
			return err
		},
		"correct": func() error {
			return file("correct", record.F("name", text("改")), record.F("reason", record.Text("写错")))
		},
		"standing": func() error {
			return file("standing", record.F("standing", record.Choice("suspended")), record.F("reason", record.Text("失联")))
		},
		"join":  func() error { return file("join", record.F("branch", record.Org(c.org()))) },
		"leave": func() error { return file("leave", record.F("cause", record.Choice("moved_away"))) },
		"found": func() error {
			_, err := c.try(matter.Act{Procedure: "organisation", Step: "found", On: c.on(), Fields: record.Of(record.F("name", text("支部")), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(1)))})
			return err
		},
		"rename":   func() error { return org("rename", record.F("name", text("新名"))) },
		"merge":    func() error { return org("merge", record.F("into", record.Org(c.org()))) },
		"dissolve": func() error { return org("dissolve", record.F("reason", record.Text("撤并"))) },
		"take": func() error {
			_, err := c.try(matter.Act{Procedure: "office", Step: "take", Org: c.org(), On: c.on(), Fields: record.Of(record.F("person", record.Person(c.person())), record.F("role", record.Choice("branch.organiser")))})
			return err
		},
		"hold": func() error { return c.meet(0, 0) },
		"correct a meeting": func() error {
			r, err := c.app.Record(c.t.Context(), c.seq())
			if err != nil || r.Kind != "theme_day.hold" {
				return err
			}
			return c.meet(r.Org, r.Seq)
		},
		"erase": func() error { return c.erase(1, c.seq()) },
		"a day": func() error { c.clock.forward(time.Duration(c.rng.IntN(20)) * 24 * time.Hour); return nil },
	}
}

// meet holds a theme day, or sets the one of record seq right.
func (c *chance) meet(o id.Org, seq int64) error {
	act := matter.Act{Procedure: "theme_day", Step: "hold", Org: o, On: c.on(), Corrects: seq}
	if seq == 0 {
		act.Org = c.org()
	}
	var people record.People
	c.app.read(func(g *register.Register) {
		for _, p := range g.Roster(act.Org, act.On) {
			people = append(people, record.Presence{Person: p, State: []record.State{record.Present, record.Absent}[c.rng.IntN(2)]})
			if last := &people[len(people)-1]; last.State == record.Present {
				last.Means = record.ByList
			}
		}
	})
	if len(people) == 0 {
		return nil
	}
	who := record.Person(people[0].Person)
	act.Fields = record.Of(record.F("theme", record.Text("学党章")), record.F("start", record.Time(540)), record.F("end", record.Time(600)), record.F("place", record.Text("活动室")),
		record.F("chair", who), record.F("recorder", who), record.F("attended", people), record.F("minutes", record.Text("学习。")),
		record.F("activities", record.Items{record.Of(record.F("activity", record.Choice("study")))}))
	if seq != 0 {
		r, err := c.app.Record(c.t.Context(), seq)
		if err != nil {
			return err
		}
		act.Matter, act.Fields = r.Matter, act.Fields.With(record.Correction, record.Text("记错"))
	}
	_, err := c.try(act)
	return err
}

// inMemory checks that what decisions are made on is what is stored.
func (v *village) inMemory() {
	v.t.Helper()
	var all register.Changes
	var rows []record.Row
	v.app.read(func(g *register.Register) {
		for o := range g.Tree().Len() {
			all.Orgs = append(all.Orgs, id.Org(o+1))
		}
		for p := range g.People() {
			all.People = append(all.People, id.Person(p+1))
		}
		var err error
		if rows, err = g.Rows(all, 0); err != nil {
			v.t.Fatal(err)
		}
	})
	for _, row := range rows {
		if kept, found, err := v.db.Row(v.t.Context(), row.View, row.Key); err != nil || !found || !bytes.Equal(kept.Body, row.Body) {
			v.t.Fatalf("%s %s in memory is\n%s, stored\n%s (%v)", row.View, row.Key, row.Body, kept.Body, err)
		}
	}
}

func TestLiveViewsAreRebuiltViewsAfterAnyHistoryWithErasuresAndCorrections(t *testing.T) {
	for kind, config := range databases() {
		t.Run(kind, func(t *testing.T) {
			taken := map[string]int{}
			for seed := range uint64(2) {
				t.Run(fmt.Sprint(seed), func(t *testing.T) {
					c := &chance{village: newVillage(t, config(t)), rng: rand.New(rand.NewPCG(seed, 7))}
					c.clock.forward(400 * 24 * time.Hour)
					for i := range 6 {
						c.register(id.Org(2+i%3), fmt.Sprint("人", i))
					}
					c.history(90, taken)
				})
			}
			for _, name := range []string{"register", "correct", "standing", "join", "leave", "merge", "take", "hold", "correct a meeting", "erase"} {
				if taken[name] == 0 {
					t.Errorf("nobody ever managed to %s, so that the test shows little: %v", name, taken)
				}
			}
		})
	}
}

// history tries n acts, counts those that were taken, and compares now and then.
func (c *chance) history(n int, taken map[string]int) {
	c.t.Helper()
	acts := c.acts()
	var names []string
	for _, name := range []string{"register", "correct", "standing", "join", "leave", "found", "rename", "merge", "dissolve", "take", "hold", "correct a meeting", "erase", "a day"} {
		names = append(names, name)
		if name == "erase" || name == "hold" || name == "correct a meeting" || name == "register" {
			names = append(names, name, name)
		}
	}
	for i := range n {
		name := names[c.rng.IntN(len(names))]
		var refusal *matter.Refusal
		switch err := acts[name](); {
		case err == nil:
			taken[name]++
		case !errors.As(err, &refusal) && !errors.Is(err, fault.NotFound):
			c.t.Fatalf("%s: %v", name, err)
		}
		if i%30 == 29 {
			c.same()
			c.inMemory()
		}
	}
}
