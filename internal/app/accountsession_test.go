package app

import (
	"errors"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestSessionsEndByThemselves(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	for range 16 { // in use, every half hour but a little
		h.clock.forward(29 * time.Minute)
		if !h.alive(in) {
			t.Fatal("ended while in use")
		}
	}
	h.clock.forward(29 * time.Minute)
	if h.alive(in) {
		t.Error("in use for more than eight hours")
	}
	in, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, here())
	h.must(err)
	h.clock.forward(30 * time.Minute)
	if h.alive(in) {
		t.Error("idle for half an hour")
	}
}

func TestEveryEntryHasANewName(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	names := map[string]bool{in.ID: true}
	for range 5 {
		again, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, h.with(in))
		h.must(err)
		if names[again.ID] || h.alive(in) || !h.alive(again) || len(again.ID) < 43 {
			t.Fatal("the name before still opens, or came again")
		}
		names[again.ID], in = true, again
	}
	planted := h.with(in)
	planted.Session = "a name that somebody planted before the sign-in"
	again, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, planted)
	h.must(err)
	if again.ID == planted.Session || h.alive(Entered{ID: planted.Session}) {
		t.Error("a planted name became a session")
	}
	proved, err := again.Prove(t.Context(), SignIn{Password: memberPassword}, h.with(again))
	h.must(err)
	if proved.ID == again.ID || h.alive(again) || !h.alive(proved) {
		t.Error("more rights under the old name")
	}
	for _, bad := range []string{"", "x", proved.ID + "x", proved.ID[1:], string(make([]byte, 5000))} {
		if h.alive(Entered{ID: bad}) {
			t.Errorf("%.50q opens a session", bad)
		}
	}
}

func TestWhatIsEndedIsEndedAtOnce(t *testing.T) {
	for name, end := range map[string]func(h *house, in Entered) error{
		"sign out":            func(h *house, in Entered) error { return in.SignOut(t.Context()) },
		"sign out everywhere": func(h *house, in Entered) error { return in.SignOutEverywhere(t.Context()) },
		"disabled":            func(h *house, in Entered) error { return h.admin.Disable(t.Context(), in.Person()) },
		"factor reset":        func(h *house, in Entered) error { return h.admin.ResetFactor(t.Context(), in.Person()) },
		"a new link": func(h *house, in Entered) error {
			link, err := h.admin.Invite(t.Context(), in.Person())
			if err == nil {
				_, err = h.Redeem(t.Context(), link.Token, Choice{Name: "zhou", Password: "yet another password"}, From{Source: "203.0.113.1"})
			}
			return err
		},
	} {
		h := newHouse(t)
		in := h.member("周而复", "zhou")
		if !h.alive(in) { // and now in memory
			t.Fatal(name)
		}
		h.must(end(h, in))
		if h.alive(in) {
			t.Errorf("%s: still alive", name)
		}
	}
}

func TestWhatAnotherProcessEndsIsNoticedWithinASecond(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	other := h.reopen(h.app)
	if !h.alive(in) {
		t.Fatal("not alive")
	}
	far, err := other.Session(t.Context(), h.with(in))
	h.must(err)
	h.must(far.SignOut(t.Context()))
	if !h.alive(in) {
		t.Fatal("control: nothing is kept in memory, then this test says nothing")
	}
	h.clock.forward(time.Second)
	if h.alive(in) {
		t.Error("still alive after a second")
	}
}

func TestADisabledAccountHasNoSessionHoweverItCameAbout(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	acc, err := h.mem.Account(t.Context(), in.Person())
	h.must(err)
	acc.Disabled = true
	h.must(h.mem.SaveAccount(t.Context(), acc))
	if h.alive(in) {
		t.Error("alive")
	}
}

func TestASessionBegunWhileEverythingEndsDoesNotSurvive(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	acc, err := h.mem.Account(t.Context(), in.Person())
	h.must(err)
	dev, err := h.device(From{})
	h.must(err)
	h.must(in.SignOutEverywhere(t.Context()))
	late, err := h.enter(t.Context(), acc, dev, here(), false) // judged on what was read before
	h.must(err)
	if h.alive(late) {
		t.Error("alive")
	}
}

func TestReadersAskMemoryAndWritersTheDatabaseOnceAMinute(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	h.alive(in)
	before := h.mem.asked.Load()
	for range 1000 {
		if !h.alive(in) {
			t.Fatal("not alive")
		}
	}
	if n := h.mem.asked.Load() - before; n != 0 {
		t.Errorf("1000 clicks asked the database %d times", n)
	}
	h.clock.forward(time.Second)
	h.alive(in)
	if n := h.mem.asked.Load() - before; n != 2 {
		t.Errorf("after a second the database was asked %d times, for a session and an account", n)
	}
	s, err := h.mem.Session(t.Context(), secret.Hash(in.ID))
	h.must(err)
	h.clock.forward(2 * time.Minute)
	h.mem.breakWith(fault.ReadOnly)
	if !h.alive(in) {
		t.Error("a disk that takes nothing shuts readers out")
	}
	h.mem.mend()
	h.clock.forward(2 * time.Minute)
	h.alive(in)
	if seen, err := h.mem.Session(t.Context(), secret.Hash(in.ID)); err != nil || !seen.Seen.After(s.Seen) {
		t.Error("its use is not written down:", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var c cache
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for i := range 3 * maxCached {
		c.put(secret.Hash(id.Person(i).String()), cached{read: now, account: account.Account{Person: id.Person(i)}}, 0)
	}
	if n := len(c.young) + len(c.old); n > 2*maxCached {
		t.Errorf("%d sessions in memory", n)
	}
	if _, ok, _ := c.get(secret.Hash(id.Person(3*maxCached-1).String()), now); !ok {
		t.Error("the newest is gone")
	}
}

func TestWhatWasReadBeforeADropIsNotKept(t *testing.T) {
	var c cache
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	_, _, mark := c.get([]byte("x"), now)
	c.drop(5)
	c.put([]byte("x"), cached{read: now, account: account.Account{Person: 5}}, mark)
	if _, ok, _ := c.get([]byte("x"), now); ok {
		t.Error("a reader brought back what was ended")
	}
}

func TestOnesOwnSessionsAreListedAndEnded(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	far, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, From{Source: "203.0.113.1", Agent: string(make([]byte, 999))})
	h.must(err)
	all, err := in.Sessions(t.Context())
	h.must(err)
	if len(all) != 2 || all[0].Source != "203.0.113.1" || len(all[0].Agent) != agentLength || in.Here(all[0]) || !in.Here(all[1]) {
		t.Fatalf("%+v", all)
	}
	if err := h.officer.End(t.Context(), all[0].Hash); !errors.Is(err, fault.NotFound) {
		t.Error("somebody else's session:", err)
	}
	h.must(in.End(t.Context(), all[0].Hash))
	if h.alive(far) || !h.alive(in) {
		t.Error("the wrong one was ended")
	}
}

func TestWhatIsPrivilegedAsksForThePasswordAgain(t *testing.T) {
	h := newHouse(t)
	p := h.register("周而复")
	proposed := h.act(h.officer, matter.Act{Procedure: "grant", Step: "propose", Org: h.root, Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice("inspector")),
		record.F("until", record.Day(h.app.Today().AddDays(30))), record.F("reason", record.Text("检查")))})
	grant := matter.Act{Procedure: "grant", Step: "confirm", Matter: proposed.Matter, Org: h.root, On: h.app.Today()}
	h.clock.forward(11 * time.Minute)
	for name, try := range map[string]func(in Entered) error{
		"invite":  func(in Entered) error { _, err := in.Invite(t.Context(), p); return err },
		"grant":   func(in Entered) error { _, err := in.Act(t.Context(), "test", grant, ""); return err },
		"enrol":   func(in Entered) error { _, err := in.EnrolFactor(t.Context()); return err },
		"token":   func(in Entered) error { _, _, err := in.MakeToken(t.Context(), NewToken{}); return err },
		"exports": func(in Entered) error { return in.Privileged() },
	} {
		if err := try(h.admin); !errors.Is(err, account.ErrProve) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.admin.Prove(t.Context(), SignIn{Password: adminPassword}, h.with(h.admin)); !errors.Is(err, account.ErrWrong) {
		t.Error("without the second factor:", err)
	}
	in, err := h.admin.Prove(t.Context(), SignIn{Password: adminPassword, Code: h.codeOf(1)}, h.with(h.admin))
	h.must(err)
	if _, err := in.Act(t.Context(), "test", grant, ""); err != nil {
		t.Error(err)
	}
	for range 6 {
		if _, err := in.Prove(t.Context(), SignIn{Password: "wrong"}, h.with(in)); err == nil {
			t.Error("a wrong password proves who one is")
		}
	}
	if _, err = in.Prove(t.Context(), SignIn{Password: adminPassword, Code: h.codeOf(1)}, h.with(in)); !errors.Is(err, account.ErrWrong) {
		t.Error("inside a session one guesses as fast as one likes:", err)
	}
}
