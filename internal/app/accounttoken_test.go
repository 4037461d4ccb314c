package app

import (
	"errors"
	"testing"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

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
	own, err := h.app.records(t.Context(), record.Query{Kinds: []string{"office.take"}})
	h.must(err)
	leave := matter.Act{Procedure: "office", Matter: own[0].Matter, Org: h.branch, Step: "leave", On: h.app.Today(), Fields: record.Of(
		record.F("cause", record.Choice("term")))}
	if _, err := b.Act(t.Context(), "api", leave, ""); !errors.Is(err, fault.Forbidden) {
		t.Error("a matter of elsewhere, said to be of here:", err)
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
