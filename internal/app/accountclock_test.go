package app

import (
	"errors"
	"testing"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
)

const aYear = 365 * 24 * time.Hour

func (h *house) signIn(name, password, code string) (Entered, error) {
	h.t.Helper()
	return h.SignIn(h.t.Context(), SignIn{Name: name, Password: password, Code: code}, here())
}

// kept reports whether the database still has the session of somebody.
func (h *house) kept(in Entered) bool {
	_, err := h.mem.Session(h.t.Context(), secret.Hash(in.ID))
	return err == nil
}

func TestASessionLivesByItsLimitsWhereverTheClockGoes(t *testing.T) {
	for name, c := range map[string]struct {
		moved        time.Duration
		there, after bool // whether it holds where the clock went, and when it is back
	}{
		"not at all": {0, true, true}, "a second back": {-time.Second, true, true}, "ten minutes on": {10 * time.Minute, true, true},
		"a day back": {-24 * time.Hour, false, true}, "a year back": {-aYear, false, true}, "a day on": {24 * time.Hour, false, true}, "a year on": {aYear, false, true},
	} {
		h := newHouse(t)
		in := h.member("周而复", "zhou")
		began := h.clock.Now()
		h.clock.forward(c.moved)
		if got := h.alive(in); got != c.there {
			t.Errorf("%s: holds there: %v", name, got)
		}
		h.clock.forward(-c.moved)
		if got := h.alive(in); got != c.after {
			t.Errorf("%s: holds after: %v", name, got)
		}
		h.clock.forward(began.Add(30*time.Minute + time.Second).Sub(h.clock.Now()))
		if h.alive(in) {
			t.Errorf("%s: it holds for longer than half an hour without being used", name)
		}
	}
}

func TestBeingUsedInTheFutureLengthensNoSession(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	h.clock.forward(25 * time.Minute)
	if !h.alive(in) {
		t.Fatal("control: it is not used in the future, then this test says nothing")
	}
	h.clock.forward(-25 * time.Minute)
	if !h.alive(in) {
		t.Fatal("the clock is back")
	}
	h.clock.forward(30*time.Minute + time.Second)
	if h.alive(in) {
		t.Error("idle for half an hour, by the clock that was put right")
	}
}

func TestASessionBegunInTheFutureNeverWakesUp(t *testing.T) {
	h := newHouse(t)
	h.member("周而复", "zhou")
	h.clock.forward(aYear)
	in, err := h.signIn("zhou", memberPassword, "")
	h.must(err)
	if !h.alive(in) {
		t.Fatal("control: nobody is signed in")
	}
	h.clock.forward(-aYear)
	if h.alive(in) || in.data.Privileged(h.clock.Now(), h.Settings()) {
		t.Error("it holds for a year and eight hours")
	}
	if !h.kept(in) {
		t.Fatal("control: it is gone before anything was swept")
	}
	h.must(h.Sweep(t.Context()))
	h.clock.forward(aYear + time.Second) // past what is believed unread
	if h.alive(in) || h.kept(in) {
		t.Error("a year later it wakes up")
	}
	if _, err := h.signIn("zhou", memberPassword, ""); err != nil {
		t.Error("and nobody else suffers:", err)
	}
}

func TestACodeIsGoodOnceAlsoWhenTheClockWentBack(t *testing.T) {
	for _, back := range []time.Duration{0, time.Second, time.Minute, 24 * time.Hour, aYear} {
		h := newHouse(t)
		h.clock.forward(time.Minute) // past the step by which the factor was set up
		code := h.codeOf(h.admin.Person())
		_, err := h.signIn("an.ruoshui", adminPassword, code)
		h.must(err) // control: it is right once
		h.clock.forward(-back)
		for range 2 {
			if _, err := h.signIn("an.ruoshui", adminPassword, code); !errors.Is(err, account.ErrWrong) {
				t.Errorf("%s back: %v", back, err)
			}
			code = h.codeOf(h.admin.Person()) // that of the moment, of a step that is over
		}
		h.clock.forward(back + time.Minute)
		if _, err := h.signIn("an.ruoshui", adminPassword, h.codeOf(h.admin.Person())); err != nil {
			t.Errorf("%s back and there again: %v", back, err)
		}
	}
}

func TestNobodyWaitsUntilTheClockIsThereAgain(t *testing.T) {
	h := newHouse(t)
	h.member("周而复", "zhou")
	h.clock.forward(aYear)
	stranger := From{Source: "203.0.113.9"}
	for range 40 {
		_, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: "a guess"}, stranger)
		var wait *account.Wait
		if !errors.Is(err, account.ErrWrong) && !errors.As(err, &wait) {
			t.Fatal(err)
		}
	}
	form := SignIn{Name: "zhou", Password: memberPassword}
	if _, err := h.SignIn(t.Context(), form, stranger); err == nil {
		t.Fatal("control: nobody has to wait")
	}
	h.clock.forward(-aYear)
	if _, err := h.SignIn(t.Context(), form, stranger); err != nil {
		t.Errorf("still waiting: %v", err)
	}
	for range 40 {
		_, _ = h.SignIn(t.Context(), SignIn{Name: "zhou", Password: "a guess"}, stranger)
	}
	if _, err := h.SignIn(t.Context(), form, stranger); err == nil {
		t.Error("and from here on guesses are not counted any more")
	}
}

func TestALinkIsGoodForItsHoursAndOnceWhereverTheClockGoes(t *testing.T) {
	choice := Choice{Name: "zhou", Password: memberPassword}
	for name, c := range map[string]struct {
		made, used time.Duration
		holds      bool
	}{
		"control": {0, 0, true}, "control: ten minutes on": {0, 10 * time.Minute, true}, "a second back": {0, -time.Second, true}, "a day back": {0, -24 * time.Hour, false},
		"a year back": {0, -aYear, false}, "a year on": {0, aYear, false}, "made a year ahead": {aYear, 0, false},
	} {
		h := newHouse(t)
		p := h.register("周而复")
		h.clock.forward(c.made)
		link, err := h.InviteByInstallation(t.Context(), p)
		h.must(err)
		h.clock.forward(c.used - c.made)
		if _, err = h.Redeem(t.Context(), link.Token, choice, here()); (err == nil) != c.holds || err != nil && !errors.Is(err, account.ErrInvite) {
			t.Errorf("%s: %v", name, err)
		}
		if !c.holds {
			continue
		}
		for _, back := range []time.Duration{0, time.Hour, aYear} {
			h.clock.forward(-back)
			if _, err := h.Redeem(t.Context(), link.Token, choice, here()); !errors.Is(err, account.ErrInvite) {
				t.Errorf("%s: used twice, %s back: %v", name, back, err)
			}
			h.clock.forward(back)
		}
	}
}

func TestATokenIsGoodForItsDaysWhereverTheClockGoes(t *testing.T) {
	for name, c := range map[string]struct {
		made, used time.Duration
		holds      bool
	}{
		"control": {0, 0, true}, "control: a day on": {0, 24 * time.Hour, true}, "a second back": {0, -time.Second, true}, "a day back": {0, -24 * time.Hour, false},
		"a year on": {0, aYear, false}, "made a year ahead": {aYear, 0, false},
	} {
		h := newHouse(t)
		h.member("周而复", "zhou")
		h.clock.forward(c.made)
		in, err := h.signIn("zhou", memberPassword, "")
		h.must(err)
		text, _, err := in.MakeToken(t.Context(), NewToken{Title: "表格", Days: 30, Scope: account.Scope{Actions: []access.Action{access.ReadOrg}}})
		h.must(err)
		h.clock.forward(c.used - c.made)
		if _, err := h.Bearer(t.Context(), text, "192.0.2.1"); (err == nil) != c.holds || err != nil && !errors.Is(err, fault.SignIn) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAClockThatRanAheadTakesNothingAway(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	v, err := in.Visit("test")
	h.must(err)
	text, _, err := in.MakeToken(t.Context(), NewToken{Title: "表格", Days: 30, Scope: account.Scope{Actions: []access.Action{access.ReadOrg}}})
	h.must(err)
	_, err = v.KeepDraft(t.Context(), "meeting", []byte("写了一半"))
	h.must(err)
	h.clock.forward(aYear)
	h.must(h.Sweep(t.Context()))
	h.clock.forward(-aYear)
	if body, _, err := v.Draft(t.Context(), "meeting"); err != nil || string(body) != "写了一半" {
		t.Errorf("the draft: %q %v", body, err)
	}
	if _, err := h.Bearer(t.Context(), text, "192.0.2.1"); err != nil || !h.alive(in) {
		t.Errorf("token and session: %v", err)
	}
	h.clock.forward(aYear)
	h.register("吴语") // that something is recorded says that a year has passed
	h.must(h.Sweep(t.Context()))
	if _, _, err := v.Draft(t.Context(), "meeting"); !errors.Is(err, fault.NotFound) {
		t.Errorf("control: a draft of a year ago: %v", err)
	}
}
