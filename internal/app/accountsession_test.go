package app

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"qingfeng/internal/access"
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
	grant := matter.Act{Procedure: "grant", Step: "give", Org: h.root, On: h.app.Today(), Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice("inspector")),
		record.F("until", record.Day(h.app.Today().AddDays(30))), record.F("reason", record.Text("检查")))}
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
		_, err = in.Prove(t.Context(), SignIn{Password: "wrong"}, h.with(in))
	}
	if _, err = in.Prove(t.Context(), SignIn{Password: adminPassword, Code: h.codeOf(1)}, h.with(in)); !errors.Is(err, account.ErrWrong) {
		t.Error("inside a session one guesses as fast as one likes:", err)
	}
}

func TestLinksOpenOnce(t *testing.T) {
	h := newHouse(t)
	p := h.register("周而复")
	link, err := h.admin.Invite(t.Context(), p)
	h.must(err)
	for name, bad := range map[string]struct {
		choice Choice
		field  string
	}{
		"weak password": {Choice{Name: "zhou", Password: "short"}, "password"},
		"bad name":      {Choice{Name: "<b>", Password: memberPassword}, "name"},
		"taken name":    {Choice{Name: "An.Ruoshui", Password: memberPassword}, "name"},
		"own name":      {Choice{Name: "zhou", Password: "周而复周而复1"}, "password"},
		"nothing":       {Choice{}, "name"},
	} {
		var r *matter.Refusal
		if _, err := h.Redeem(t.Context(), link.Token, bad.choice, here()); !errors.As(err, &r) || r.Field != bad.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := Choice{Name: "Zhou", Password: memberPassword}
	var wg sync.WaitGroup
	got := make(chan Entered, 8)
	for range 8 {
		wg.Go(func() {
			if in, err := h.Redeem(context.Background(), link.Token, good, here()); err == nil {
				got <- in
			} else if !errors.Is(err, account.ErrInvite) && !errors.Is(err, fault.Busy) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(got) != 1 {
		t.Fatalf("%d got in by one link", len(got))
	}
	if in := <-got; in.Person() != p || !h.alive(in) {
		t.Error("somebody else got in")
	}
	for name, token := range map[string]string{"used": link.Token, "made up": "x", "nothing": ""} {
		if _, err := h.Redeem(t.Context(), token, good, here()); !errors.Is(err, account.ErrInvite) {
			t.Errorf("%s: %v", name, err)
		}
	}
	old, err := h.admin.Invite(t.Context(), p)
	h.must(err)
	h.clock.forward(72*time.Hour + time.Second)
	if _, err := h.Redeem(t.Context(), old.Token, good, here()); !errors.Is(err, account.ErrInvite) {
		t.Error("too old:", err)
	}
	if !h.traced("account.invited", 1, p) || !h.traced("account.joined", p, p) || h.deniedFor("invite.wrong") == 0 {
		t.Error("no trace")
	}
}

func TestALinkIsNotWorthASecondFactor(t *testing.T) {
	h := newHouse(t)
	link, err := h.admin.Invite(t.Context(), 2)
	h.must(err)
	choice := Choice{Name: "chang.siyuan", Password: "taken over by the admin"}
	var r *matter.Refusal
	if _, err := h.Redeem(t.Context(), link.Token, choice, here()); !errors.As(err, &r) || r.Field != "code" {
		t.Fatal("without the code:", err)
	}
	h.clock.forward(time.Minute)
	choice.Code = h.codeOf(2)
	if _, err := h.Redeem(t.Context(), link.Token, choice, here()); err != nil {
		t.Error(err)
	}
}

func TestOnlyWhoeverManagesAccountsManagesThoseBelow(t *testing.T) {
	h := newHouse(t)
	p := h.member("周而复", "zhou").Person()
	for name, in := range map[string]Entered{"an officer": h.officer, "a member": h.member("金不换", "jin")} {
		for what, try := range map[string]func() error{
			"invite":  func() error { _, err := in.Invite(t.Context(), p); return err },
			"disable": func() error { return in.Disable(t.Context(), p) },
			"enable":  func() error { return in.Enable(t.Context(), p) },
			"reset":   func() error { return in.ResetFactor(t.Context(), p) },
			"look":    func() error { _, err := in.AccountOf(t.Context(), p); return err },
		} {
			if err := try(); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	if err := h.admin.Disable(t.Context(), 1); !errors.Is(err, fault.Forbidden) {
		t.Error("oneself:", err)
	}
	if err := h.admin.Disable(t.Context(), 999); !errors.Is(err, fault.Forbidden) {
		t.Error("nobody:", err)
	}
	if n := h.deniedFor("account.disabled"); n != 3 {
		t.Errorf("%d denials of disabling are written down", n)
	}
	h.must(h.admin.Disable(t.Context(), p))
	if state, err := h.admin.AccountOf(t.Context(), p); err != nil || !state.Disabled || !state.Known || state.Sessions != 0 {
		t.Errorf("%+v, %v", state, err)
	}
	h.must(h.admin.Enable(t.Context(), p))
	if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, here()); err != nil {
		t.Error(err)
	}
}

func TestNothingChangesWithoutATrace(t *testing.T) {
	h := newHouse(t)
	p := h.member("周而复", "zhou").Person()
	h.mem.breakWith(errors.New("the disk is full"))
	if err := h.admin.Disable(t.Context(), p); err == nil {
		t.Error("acknowledged")
	}
	if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, here()); err == nil {
		t.Error("signed in without a line in the trail")
	}
}

func TestTokensActWithLessThanTheirOwnersRights(t *testing.T) {
	h := newHouse(t)
	text, tok, err := h.officer.MakeToken(t.Context(), NewToken{Title: "figures", Days: 30, Scope: account.Scope{
		Actions: []access.Action{access.ReadFigure}, Root: h.branch}})
	h.must(err)
	b, err := h.Bearer(t.Context(), text, "203.0.113.1")
	h.must(err)
	if _, err := b.Visit(access.ReadFigure, h.branch, "api"); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"another action": second(b.Visit(access.ReadPerson, h.branch, "api")),
		"above":          second(b.Visit(access.ReadFigure, h.root, "api")),
		"nowhere":        second(b.Visit(access.ReadFigure, 0, "api")),
		"an act": second(b.Act(t.Context(), "api", matter.Act{Procedure: "membership", Step: "register", Org: h.branch,
			On: h.app.Today(), Fields: record.Of(record.F("name", record.Text("甲")), record.F("standing", record.Choice("member")))}, "")),
	} {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string]NewToken{
		"no title": {Days: 1, Scope: account.Scope{Acts: true}},
		"no days":  {Title: "x", Scope: account.Scope{Acts: true}},
		"for ever": {Title: "x", Days: 9999, Scope: account.Scope{Acts: true}},
		"nothing":  {Title: "x", Days: 1},
		"accounts": {Title: "x", Days: 1, Scope: account.Scope{Actions: []access.Action{access.ManageUsers}}},
	} {
		var r *matter.Refusal
		if _, _, err := h.officer.MakeToken(t.Context(), bad); !errors.As(err, &r) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", "qf_", "qf_x", text + "x", text[3:], "qf_" + h.officer.ID} {
		if _, err := h.Bearer(t.Context(), bad, "203.0.113.1"); !errors.Is(err, fault.SignIn) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if err := h.admin.EndToken(t.Context(), tok.Hash); !errors.Is(err, fault.NotFound) {
		t.Error("somebody else's:", err)
	}
	h.must(h.officer.EndToken(t.Context(), tok.Hash))
	if _, err := h.Bearer(t.Context(), text, "203.0.113.1"); !errors.Is(err, fault.SignIn) {
		t.Error("ended:", err)
	}
	if !h.traced("token.made", 2, 2) || !h.traced("token.ended", 2, 2) {
		t.Error("no trace")
	}
}

func TestTokensDieWithTheirDayAndTheirOwner(t *testing.T) {
	h := newHouse(t)
	ask := NewToken{Title: "acts", Days: 2, Scope: account.Scope{Acts: true, Root: h.branch}}
	text, _, err := h.officer.MakeToken(t.Context(), ask)
	h.must(err)
	b, err := h.Bearer(t.Context(), text, "")
	h.must(err)
	register := matter.Act{Procedure: "membership", Step: "register", Org: h.branch, On: h.app.Today(), Fields: record.Of(
		record.F("name", record.Text("甲子")), record.F("standing", record.Choice("member")))}
	r, err := b.Act(t.Context(), "api", register, "")
	h.must(err)
	register.Org = h.root
	if _, err := b.Act(t.Context(), "api", register, ""); !errors.Is(err, fault.Forbidden) {
		t.Error("outside of what it is for:", err)
	}
	correct := matter.Act{Procedure: "membership", Matter: r.Record.Matter, Org: h.root, Step: "correct", On: h.app.Today(), Fields: record.Of(
		record.F("name", record.Text("甲丑")), record.F("reason", record.Text("笔误")))}
	if _, err := b.Act(t.Context(), "api", correct, ""); err != nil {
		t.Error("the matter says where it belongs, not the request:", err)
	}
	h.must(h.admin.Disable(t.Context(), 2))
	if _, err := h.Bearer(t.Context(), text, ""); !errors.Is(err, fault.SignIn) {
		t.Error("the owner is disabled:", err)
	}
	h.must(h.admin.Enable(t.Context(), 2))
	if _, err := h.Bearer(t.Context(), text, ""); err != nil {
		t.Error("control:", err)
	}
	h.clock.forward(48 * time.Hour)
	if _, err := h.Bearer(t.Context(), text, ""); !errors.Is(err, fault.SignIn) {
		t.Error("past its day:", err)
	}
}

// second returns the error of a call whose result does not matter.
func second[T any](_ T, err error) error { return err }
