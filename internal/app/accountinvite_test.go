package app

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
)

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
			in, err := h.Redeem(context.Background(), link.Token, good, here())
			var r *matter.Refusal
			tooMany := errors.As(err, &r) && r.Field == "code" // of those who came at once, some are not judged at all
			if err == nil {
				got <- in
			} else if !errors.Is(err, account.ErrInvite) && !errors.Is(err, fault.Busy) && !tooMany {
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

func TestSettingsAreThoseOfTheSystemAdministratorAndSurviveARestart(t *testing.T) {
	h := newHouse(t)
	set := account.Defaults()
	set.Idle = 10 * time.Minute
	if err := h.admin.SetSettings(t.Context(), set); !errors.Is(err, fault.Forbidden) {
		t.Error("by who gives rights:", err)
	}
	in := h.member("周而复", "zhou")
	h.grant(in.Person(), "system.admin")
	in = h.factor(in)
	h.must(in.SetSettings(t.Context(), set))
	if h.Settings() != set || h.reopen(h.app).Settings() != set || !h.traced("account.settings", in.Person(), 0) {
		t.Error("not kept, or without a trace")
	}
	set.Idle = 0
	if err := in.SetSettings(t.Context(), set); err == nil {
		t.Error("settings that shut everybody out")
	}
	if _, err := in.Trail(t.Context(), h.clock.Now(), 10); !errors.Is(err, fault.Forbidden) {
		t.Error("who runs the installation reads the trail:", err)
	}
	auditor := h.member("郑听雨", "zheng")
	h.grant(auditor.Person(), "audit.admin")
	auditor = h.factor(auditor)
	if trail, err := auditor.Trail(t.Context(), h.clock.Now(), 5); err != nil || len(trail) != 5 {
		t.Error("the audit administrator reads the trail:", len(trail), err)
	}
	if _, err := auditor.Denied(t.Context(), h.clock.Now(), 10); err != nil {
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
