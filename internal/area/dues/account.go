package dues

import (
	"strconv"

	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
)

// fund reads the account of c, as it was without what c sets right.
func fund(c matter.Case) ledger.Fund { return ledger.ReadFund(c.State, c.Act.Corrects) }

// handed returns the record that a row of arrivals names: what somebody right below
// handed up in the same year, or what this account carried over from the year before.
// So nothing can arrive in two accounts.
func handed(c matter.Case, row record.Fields) (record.Record, *matter.Refusal) {
	if c.Log != nil {
		if r, _, ok := c.Log.Find(row.Number("record")); ok && (fromBelow(c, r) || carried(c, r)) {
			return r, nil
		}
	}
	return record.Record{}, matter.Refuse("record", "refuse.dues_no_hand_up", basis(c), "record", strconv.FormatInt(row.Number("record"), 10))
}

func fromBelow(c matter.Case, r record.Record) bool {
	o, year, procedure, ok := r.Matter.Year()
	_, now, _, _ := c.State.ID.Year()
	if !ok || year != now || r.Step() != ledger.StepHandUp || procedure != ledger.BranchBook && procedure != c.Procedure.ID {
		return false
	}
	from, _ := c.World.Tree().Org(o)
	return from.On(r.On).Superior == c.Act.Org || from.On(c.Act.On).Superior == c.Act.Org
}

func carried(c matter.Case, r record.Record) bool {
	o, year, procedure, ok := r.Matter.Year()
	_, now, _, _ := c.State.ID.Year()
	return ok && o == c.Act.Org && year == now-1 && procedure == c.Procedure.ID && r.Step() == ledger.StepCarry
}

// ArrivedFrom works out the column "from" of a row that names a record of handing up.
func ArrivedFrom(c matter.Case) (record.Value, *matter.Refusal) {
	r, refusal := handed(c, c.Row)
	return record.Org(r.Org), refusal
}

// ArrivedFlow works out the column "flow" of such a row.
func ArrivedFlow(c matter.Case) (record.Value, *matter.Refusal) {
	r, refusal := handed(c, c.Row)
	return record.Choice(r.Fields.Choice("flow")), refusal
}

// Arrived refuses what arrived before it was handed up, twice, or as another amount
// than the one that the organisation below recorded (R3.8).
func Arrived(c matter.Case) *matter.Refusal {
	seen := map[int64]bool{}
	f := fund(c)
	for _, x := range f.Receipts {
		seen[x.Record] = true
	}
	for i, row := range c.Act.Fields.Items("arrivals") {
		r, refusal := handed(c, row)
		at := func(column string) string { return "arrivals." + strconv.Itoa(i) + "." + column }
		switch said := r.Fields.Money("amount"); {
		case refusal != nil:
			return refusal
		case r.On > c.Act.On:
			return matter.Refuse("on", "refuse.before_step", basis(c), "step", ledger.StepHandUp, "day", r.On.String())
		case seen[r.Seq]:
			return matter.Refuse(at("record"), "refuse.dues_arrived_before", basis(c), "record", strconv.FormatInt(r.Seq, 10))
		case said != row.Money("amount"):
			return matter.Refuse(at("amount"), "refuse.dues_arrived_other", basis(c), "said", said.String(), "org", r.Org.String())
		}
		seen[r.Seq] = true
	}
	return nil
}

// AccountHolds refuses what the account cannot bear: more passed on or spent than is
// in hand, more granted than is free, more paid than was granted, or a payment without
// a grant. What is set right must leave an account that holds as well.
func AccountHolds(c matter.Case) *matter.Refusal {
	before := fund(c)
	after := fund(c)
	after.Add(record.Record{Seq: c.State.Last + 1, Kind: c.Procedure.Kind(c.Step.ID), Fields: c.Act.Fields})
	for _, u := range after.Uses {
		switch {
		case u.Payment != 0 && !u.Granted:
			return matter.Refuse("record", "refuse.dues_not_granted", basis(c), "record", strconv.FormatInt(u.Seq, 10))
		case u.Paid > u.Asked:
			return matter.Refuse("amount", "refuse.dues_above_granted", basis(c), "asked", u.Asked.String())
		}
	}
	for _, flow := range []string{ledger.FlowRegular, ledger.FlowSpecial} {
		if after.Have(flow) < 0 {
			return matter.Refuse("amount", "refuse.dues_not_in_hand", basis(c), "have", before.Have(flow).String())
		}
	}
	if after.Free() < 0 {
		return matter.Refuse("amount", "refuse.dues_not_free", basis(c), "free", before.Free().String())
	}
	return nil
}

// UseOpen refuses a decision about a request that is not there or was decided, a
// second payment, and a correction of what was decided or paid already.
func UseOpen(c matter.Case) *matter.Refusal {
	f := fund(c)
	seq := c.Act.Fields.Number("record")
	if c.Step.ID == ledger.StepAskUse {
		seq = c.Act.Corrects
	}
	all := ledger.ReadFund(c.State, 0)
	u, whole := f.Use(seq), all.Use(seq)
	if whole == nil {
		if seq == 0 {
			return nil // a new request
		}
		return matter.Refuse("record", "refuse.no_such_request", "", "record", strconv.FormatInt(seq, 10))
	}
	later := int64(0)
	switch {
	case c.Step.ID == ledger.StepAskUse:
		later = whole.Decided
	case c.Step.ID == ledger.StepPayUse:
		later = u.Payment
	case c.Act.Corrects != 0 && whole.Payment != 0:
		later = whole.Payment
	default:
		later = u.Decided
	}
	if later != 0 {
		return matter.Refuse("record", "refuse.decided_before", "", "record", strconv.FormatInt(later, 10))
	}
	return nil
}

// UseSecond refuses a decision by whoever asked (R3.9).
func UseSecond(c matter.Case) *matter.Refusal {
	f := fund(c)
	if u := f.Use(c.Act.Fields.Number("record")); u != nil && c.By != nil && u.By == c.By.ID {
		return matter.Refuse("record", "refuse.dues_second", basis(c))
	}
	return nil
}

// isBranch reports whether the row of an arrival came from a branch.
func isBranch(c matter.Case, row record.Fields) bool {
	from, _ := c.World.Tree().Org(row.Org("from"))
	k := from.On(c.Act.On).Kind
	return k.Basic() && k != org.GeneralBranch
}
