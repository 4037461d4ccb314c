package app

import (
	"errors"
	"testing"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestSetUpGoesThroughRecordsOfTheInstallation(t *testing.T) {
	h := newHouse(t)
	all, err := h.app.records(t.Context(), record.Query{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"organisation.found", "organisation.found", "membership.register", "membership.register", "office.take", "grant.propose", "grant.confirm"}
	for i, r := range all {
		if i >= len(want) || r.Kind != want[i] || r.Actor != 0 {
			t.Fatalf("record %d is %s by %s", r.Seq, r.Kind, r.Actor)
		}
	}
	if len(all) != len(want) {
		t.Fatalf("%d records", len(all))
	}
	if last := all[6]; last.Fields.Person("person") != 1 || last.Fields.Day("until").String() != "2027-11-22" {
		t.Errorf("the grant: %v", last.Fields)
	}
	for _, what := range []string{"account.set_up", "account.factor_set"} {
		if !h.traced(what, 1, 1) {
			t.Errorf("no trace of %s", what)
		}
	}
}

func TestSetUpIsRefusedWithoutItsTokenAndOnceItIsDone(t *testing.T) {
	h := empty(t)
	if _, err := h.SetUp(t.Context(), "", setUpForm(), here()); !errors.Is(err, account.ErrSetUp) {
		t.Error("before any token was printed:", err)
	}
	old, err := h.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "x", old, token + "x"} {
		if _, err := h.SetUp(t.Context(), wrong, setUpForm(), here()); !errors.Is(err, account.ErrSetUp) {
			t.Errorf("with token %q: %v", wrong, err)
		}
	}
	if h.app.Size() != 0 || h.deniedFor("set_up.wrong") != 5 {
		t.Error("a wrong token leaves nothing but the denial:", h.app.Size(), h.deniedFor("set_up.wrong"))
	}
	other := h.reopen(h.app)
	theirs, err := other.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetUp(t.Context(), token, setUpForm(), here()); err != nil {
		t.Fatal(err)
	}
	size := h.app.Size()
	if _, err := other.SetUp(t.Context(), theirs, setUpForm(), here()); !errors.Is(err, account.ErrSetUp) {
		t.Error("with a token that another process printed before:", err)
	}
	if _, err := h.SetUp(t.Context(), token, setUpForm(), here()); !errors.Is(err, account.ErrSetUp) {
		t.Error("a second time:", err)
	}
	h.clock.forward(2 * 366 * 24 * 60 * 60 * 1e9) // every grant has run out
	if again := h.reopen(h.app); again.NeedsSetUp() {
		t.Error("set-up opens again when the grant has run out")
	} else if token, _ := again.SetUpToken(); token != "" {
		t.Error("a token is printed again")
	}
	if h.app.Size() != size {
		t.Error("something was recorded")
	}
}

func TestABadSetUpFormIsRefusedAllAtOnceAndRecordsNothing(t *testing.T) {
	h := empty(t)
	token, err := h.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SetUp(t.Context(), token, SetUpForm{Admin: "安若水", Officer: "安若水", Level: "moon", SignName: "<b>", Password: "short"}, here())
	var r *matter.Refusal
	if !errors.As(err, &r) {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for _, one := range r.All() {
		fields[one.Field] = one.Why
	}
	for field, why := range map[string]string{
		"root": "refuse.missing", "branch": "refuse.missing", "reason": "refuse.missing", "officer": "setup.same_person",
		"sign_name": "name.characters", "password": "password.short", "level": "refuse.unknown_code",
	} {
		if fields[field] != why {
			t.Errorf("%s: %q, want %q", field, fields[field], why)
		}
	}
	if h.app.Size() != 0 {
		t.Error("something was recorded")
	}
	if _, err := h.SetUp(t.Context(), token, setUpForm(), here()); err != nil {
		t.Error("the token is not used up by a bad form:", err)
	}
}

func TestSetUpCutShortGoesOnWhereItWas(t *testing.T) {
	h := empty(t)
	token, err := h.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	h.mem.breakWith(fault.ReadOnly)
	if _, err := h.SetUp(t.Context(), token, setUpForm(), here()); !errors.Is(err, fault.ReadOnly) {
		t.Fatal(err)
	}
	before := h.app.Size()
	h.mem.mend()
	out, err := h.SetUp(t.Context(), token, setUpForm(), here())
	if err != nil {
		t.Fatal(err)
	}
	if before != 4 || h.app.Size() != 7 || out.Root != 1 || out.People != [2]id.Person{1, 2} {
		t.Errorf("%d records before, %d after, %+v", before, h.app.Size(), out.People)
	}
}
