package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// pigeon is a courier that fails when it is told to, and counts what it carried.
type pigeon struct {
	fails   bool
	carried []string
}

func (p *pigeon) Deliver(_ context.Context, _ record.Notice, key string) error {
	if p.fails {
		return errors.New("a hawk")
	}
	p.carried = append(p.carried, key)
	return nil
}

// followed lets the follower of notices run until it has kept its position at the end
// of the record, as a service does that is then killed.
func (h *house) followed(a *App) {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- a.FollowNotices(ctx, h.clock.Now) }()
	for at := int64(0); at < a.Size(); {
		var err error
		if at, err = h.mem.Position(h.t.Context(), followerNotices); err != nil {
			h.t.Fatal(err)
		}
		if !pause(h.t.Context(), time.Millisecond) {
			h.t.Fatal("it never came about")
		}
	}
	stop()
	if err := <-ended; err != nil {
		h.t.Fatal(err)
	}
}

// newcomer registers a person in the first branch, which is an entry in their file.
func (h *house) newcomer(a *App, name string) id.Person {
	h.t.Helper()
	v, err := a.For(2, "test")
	if err != nil {
		h.t.Fatal(err)
	}
	got, err := v.Act(h.t.Context(), matter.Act{Procedure: "membership", Step: "register", Org: 2, On: a.Today(), Fields: record.Of(
		record.F("name", record.Text(name)), record.F("standing", record.Choice(person.Member)))}, "")
	if err != nil {
		h.t.Fatal(err)
	}
	p, _ := got.Record.Matter.Person()
	return p
}

func (h *house) inbox(a *App, p id.Person) (kinds []string, unread int) {
	h.t.Helper()
	v, err := a.For(p, "test")
	if err != nil {
		h.t.Fatal(err)
	}
	if unread, err = v.Unread(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	all, err := v.Inbox(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, n := range all {
		kinds = append(kinds, n.Kind)
	}
	return kinds, unread
}

func TestANoticeIsNeitherLostNorDoubledByACrash(t *testing.T) {
	h := newHouse(t)
	a, ctx := h.app, t.Context()
	who := h.newcomer(a, "温知行")
	mine := func() (n int) {
		due, err := h.mem.Due(ctx, h.clock.Now(), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range due {
			if d.Person == who {
				n++
			}
		}
		return n
	}
	again := func() {
		if err := h.mem.ResetRows(ctx, followerNotices); err != nil { // the position is lost
			t.Fatal(err)
		}
		h.followed(a)
	}
	h.followed(a)
	if kinds, _ := h.inbox(a, who); len(kinds) != 0 || mine() != 1 {
		t.Fatalf("written and not delivered: %v, %d due", kinds, mine())
	}
	again() // killed between writing and delivering, and the record is followed anew
	if mine() != 1 {
		t.Errorf("%d due", mine())
	}
	bird := &pigeon{fails: true}
	deliver := func() {
		if err := a.deliver(ctx, bird, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	deliver()
	if kinds, _ := h.inbox(a, who); len(kinds) != 0 || mine() != 0 {
		t.Errorf("what was not carried is not delivered, and waits: %v, %d due", kinds, mine())
	}
	h.clock.forward(2 * courierWait)
	bird.fails = false
	deliver()
	if kinds, unread := h.inbox(a, who); !slices.Equal(kinds, []string{noticeFile}) || unread != 1 {
		t.Errorf("delivered: %v, %d unread", kinds, unread)
	}
	again() // killed after delivering
	deliver()
	if kinds, unread := h.inbox(a, who); !slices.Equal(kinds, []string{noticeFile}) || unread != 0 {
		t.Errorf("delivered twice: %v, %d unread", kinds, unread)
	}
	slices.Sort(bird.carried)
	if all := len(bird.carried); all == 0 || len(slices.Compact(bird.carried)) != all {
		t.Errorf("the courier carried %v", bird.carried)
	}
}

func TestNobodyIsToldOfWhatHeDidOrWhatIsLongPast(t *testing.T) {
	h := newHouse(t)
	h.clock.forward(noticeAge + time.Hour)
	who := h.newcomer(h.app, "温知行")
	h.followed(h.app)
	if err := h.app.deliver(t.Context(), nil, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for p := id.Person(1); p <= who; p++ {
		kinds, _ := h.inbox(h.app, p)
		if want := map[bool]int{true: 1, false: 0}[p == who]; len(kinds) != want {
			t.Errorf("%s was told %v", p, kinds)
		}
	}
}
