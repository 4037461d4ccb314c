package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// A crossing is a transfer from branch 2 to branch 3, with everybody who might meddle.
type crossing struct {
	*village
	mover, neighbour, sender, receiver, third, officer id.Person
	m                                                  id.Matter
}

func newCrossing(t *testing.T) *crossing {
	c := &crossing{village: newVillage(t, store.Config{Dir: t.TempDir()})}
	in := func(o id.Org, name string) id.Person {
		p, _ := c.register(o, name).Matter.Person()
		return p
	}
	c.mover, c.neighbour, c.sender = in(2, "康怀信"), in(2, "白若川"), in(2, "武明远")
	c.receiver, c.third, c.officer = in(3, "阎守正"), in(4, "师远山"), in(4, "温知行")
	for o, p := range map[id.Org]id.Person{2: c.sender, 3: c.receiver, 4: c.third} {
		c.must(matter.Act{Procedure: "office", Step: "take", Org: o, Fields: record.Of(record.F("person", record.Person(p)), record.F("role", record.Choice("branch.secretary")))})
	}
	c.must(matter.Act{Procedure: "office", Step: "take", Org: 1, Fields: record.Of(record.F("person", record.Person(c.officer)), record.F("role", record.Choice("city.officer")))})
	return c
}

func (c *crossing) visit(p id.Person) *Visit {
	c.t.Helper()
	v, err := c.app.For(p, "test")
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// step takes a step of the transfer, today.
func (c *crossing) step(by id.Person, step string, fields ...record.Field) (record.Record, error) {
	r, err := c.visit(by).Act(c.t.Context(), matter.Act{Procedure: "transfer", Step: step, Matter: c.m, Org: 2, On: c.app.Today(), Fields: record.Of(fields...)}, "")
	return r.Record, err
}

func (c *crossing) taken(by id.Person, step string, fields ...record.Field) record.Record {
	c.t.Helper()
	r, err := c.step(by, step, fields...)
	if err != nil {
		c.t.Fatalf("%s: %v", step, err)
	}
	return r
}

// sent brings the transfer to where the letter is on its way.
func (c *crossing) sent() (letter record.Record) {
	c.t.Helper()
	c.m = c.taken(c.mover, "apply", record.F("branch", record.Org(3)), record.F("reason", record.Text("迁居"))).Matter
	c.taken(c.sender, "agree", record.F("dues_until", record.Day(c.app.Today())))
	return c.taken(c.officer, "issue", record.F("number", record.Text("00012")))
}

// waits checks which steps wait for whom.
func (c *crossing) waits(when string, want map[id.Person][]string) {
	c.t.Helper()
	for _, p := range []id.Person{c.mover, c.neighbour, c.sender, c.receiver, c.third, c.officer} {
		waiting, err := c.visit(p).WaitingSteps(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		var got []string
		for _, w := range waiting {
			got = append(got, w.Step.ID)
			if w.Matter != c.m || w.Who.ID != c.mover || w.Org.ID != 2 {
				c.t.Errorf("%s: for %s waits %s of %s in %s", when, p, w.Matter, w.Who.Name, w.Org.Name)
			}
		}
		if !slices.Equal(got, want[p]) {
			c.t.Errorf("%s: for %s wait %v, want %v", when, p, got, want[p])
		}
	}
}

func TestBothSidesKnowOfATransferAndNobodyElse(t *testing.T) {
	c := newCrossing(t)
	letter := c.sent()
	for p, knows := range map[id.Person]bool{c.mover: true, c.sender: true, c.receiver: true, c.officer: true, c.neighbour: false, c.third: false} {
		d, err := c.visit(p).Dossier(t.Context(), c.m)
		if knows && err != nil || !knows && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", p, err)
		}
		if accept, _ := d.Procedure.Step("accept"); knows && d.Over(accept) != 3 {
			t.Errorf("%s: accepting is over %s", p, d.Over(accept))
		}
		if _, _, err := c.visit(p).JournalRecord(t.Context(), letter.Seq); knows != (err == nil) {
			t.Errorf("%s and the letter alone: %v", p, err)
		}
	}
	if _, err := c.step(c.third, "accept"); !errors.Is(err, fault.NotFound) {
		t.Error("a third branch accepts:", err)
	}
	var refusal *matter.Refusal
	if _, err := c.step(c.sender, "accept"); !errors.As(err, &refusal) || refusal.Why != "refuse.reserved" {
		t.Error("the sending branch accepts:", err)
	}
	told, err := c.app.concerned(t.Context(), letter)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(told, func(n record.Notice) bool { return n.Person == c.receiver && n.Kind == noticeStep }) {
		t.Errorf("the receiving branch is not told of the letter: %v", told)
	}
}

func TestALetterWaitsForItsSideAndThenForTheSender(t *testing.T) {
	c := newCrossing(t)
	c.m = c.taken(c.mover, "apply", record.F("branch", record.Org(3)), record.F("reason", record.Text("迁居"))).Matter
	c.waits("applied", map[id.Person][]string{c.sender: {"agree"}})
	c.taken(c.sender, "agree", record.F("dues_until", record.Day(c.app.Today())))
	c.waits("agreed", map[id.Person][]string{c.officer: {"issue"}})
	c.taken(c.officer, "issue", record.F("number", record.Text("00012")))
	c.waits("issued", map[id.Person][]string{c.receiver: {"accept"}})
	c.clock.forward(11 * 24 * time.Hour)
	c.waits("overdue", map[id.Person][]string{c.sender: {"lapse"}, c.receiver: {"accept"}})
	c.taken(c.sender, "lapse", record.F("finding", record.Text("未送达")))
	c.waits("lapsed", map[id.Person][]string{c.officer: {"issue"}})
	c.taken(c.officer, "issue", record.F("number", record.Text("00013")))
	c.taken(c.receiver, "accept")
	c.waits("accepted", nil)
	if err := c.app.CaughtUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for figure, want := range map[string]int64{"transfers_begun": 1, "transfers_accepted": 1, "transfers_returned": 0, "transfers_overdue": 1} {
		f, err := c.visit(c.officer).Figure(t.Context(), FigureQuery{ID: figure, Org: 1, Period: c.app.Today().CalendarYear()})
		if err != nil || f.Count != want {
			t.Errorf("%s: %d, %v; want %d", figure, f.Count, err, want)
		}
	}
}

// TestWhoMovedStaysMovedWhenTheirFileIsErased keeps erasure from forgetting what other
// matters decided of somebody.
func TestWhoMovedStaysMovedWhenTheirFileIsErased(t *testing.T) {
	c := newCrossing(t)
	phone := c.must(matter.Act{Procedure: "membership", Step: "correct", Matter: c.mover.Matter(), Org: 2, Fields: record.Of(record.F("phone", record.Text("13900000000")), record.F("reason", record.Text("换了电话")))})
	c.sent()
	c.clock.forward(24 * time.Hour)
	c.taken(c.receiver, "accept")
	if err := c.erase(3, phone.Seq); err != nil {
		t.Fatal(err)
	}
	c.app.read(func(g *register.Register) {
		if p, _ := g.Person(c.mover); p.Home(c.app.Today()) != 3 || p.Home(c.app.Today()-1) != 2 {
			t.Errorf("belongs to %v", p.Memberships)
		}
	})
	c.same()
}
