package app

import (
	"errors"
	"testing"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestAGrantWaitsForASecondPerson(t *testing.T) {
	h := newHouse(t)
	p := h.register("周而复")
	propose := func(in Entered, role string) record.Record {
		return h.act(in, matter.Act{Procedure: "grant", Step: "propose", Org: h.root, Fields: record.Of(
			record.F("person", record.Person(p)), record.F("role", record.Choice(role)),
			record.F("until", record.Day(h.app.Today().AddDays(30))), record.F("reason", record.Text("检查")))})
	}
	waits := func(in Entered) (all []id.Matter) {
		v, err := in.Visit("test")
		if err != nil {
			t.Fatal(err)
		}
		waiting, err := v.WaitingGrants(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range waiting {
			all = append(all, w.Matter)
		}
		return all
	}
	theirs, own := propose(h.officer, "inspector"), propose(h.admin, "audit.admin")
	if got := waits(h.admin); len(got) != 1 || got[0] != theirs.Matter {
		t.Errorf("for the security administrator wait %v, want %s", got, theirs.Matter)
	}
	if got := waits(h.officer); got != nil {
		t.Errorf("for the officer wait %v", got)
	}
	confirm := func(in Entered, m id.Matter) error {
		_, err := in.Act(t.Context(), "test", matter.Act{Procedure: "grant", Step: "confirm", Matter: m, Org: h.root, On: h.app.Today()}, "")
		return err
	}
	var refusal *matter.Refusal
	if err := confirm(h.admin, own.Matter); !errors.As(err, &refusal) || refusal.Why != "refuse.grant_second" {
		t.Error("who proposed confirms:", err)
	}
	if err := confirm(h.officer, theirs.Matter); !errors.As(err, &refusal) || refusal.Why != "refuse.reserved" {
		t.Error("an officer confirms:", err)
	}
	member := h.member("白若川", "bai")
	if err := confirm(member, theirs.Matter); !errors.Is(err, fault.NotFound) {
		t.Error("a member knows of it:", err)
	}
	if err := confirm(h.admin, theirs.Matter); err != nil {
		t.Error(err)
	}
	if got := waits(h.admin); got != nil {
		t.Errorf("still wait %v", got)
	}
	// what one person may not do alone, the security administrator ends alone
	h.act(h.admin, matter.Act{Procedure: "grant", Step: "end", Matter: theirs.Matter, Org: h.root, Fields: record.Of(record.F("cause", record.Choice("not_needed")))})
}
