// Package dues has what the steps of the books of dues check and work out. How the
// books read is package ledger; every number that a regulation sets is in content.
package dues

import (
	"slices"
	"strconv"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// The rules about paying (R3.4, R3.5).
const (
	Prepayment  = "dues.prepayment" // months paid ahead at most
	SpecialFrom = "dues.special"    // fen from which a voluntary sum is special dues
)

// read reads the book of c, as it was without what c sets right.
func read(c matter.Case) ledger.Book {
	return ledger.Without(c.Law, c.World, c.State, c.Act.Corrects)
}

// sums is [read] where no ledger is asked for.
func sums(c matter.Case) ledger.Book { return ledger.Sums(c.State, c.Act.Corrects) }

// Hands refuses an act on the money by the one who holds the cash: whoever writes it
// into the book is somebody else (R3.9). At the opening the new cashier counts.
func Hands(c matter.Case) *matter.Refusal {
	cashier := c.Act.Fields.Person("cashier")
	if cashier == 0 {
		cashier = sums(c).Cashier
	}
	if c.By != nil && c.By.ID == cashier {
		return matter.Refuse("cashier", "refuse.dues_hands", basis(c), "person", cashier.String())
	}
	return nil
}

// basis is the clause of the step.
func basis(c matter.Case) string {
	if len(c.Step.Basis) > 0 {
		return c.Step.Basis[0]
	}
	return ""
}

// Declared refuses a declaration with a month that is none, with somebody twice, or
// with somebody who does not belong to the branch in that month.
func Declared(c matter.Case) *matter.Refusal {
	seen := map[id.Person]bool{}
	for i, row := range c.Act.Fields.Items("bases") {
		at := func(column string) string { return "bases." + strconv.Itoa(i) + "." + column }
		n := row.Person("person")
		who, _ := c.World.Person(n)
		switch first := ledger.FirstDay(c.State, ledger.FirstMonth(row)); {
		case !isMonth(row, "month"):
			return matter.Refuse(at("month"), "refuse.dues_month", "")
		case seen[n]:
			return matter.Refuse(at("person"), "refuse.dues_twice", "", "person", n.String())
		case !belongs(c, who, first.Month().From):
			return matter.Refuse(at("person"), "refuse.not_on_roster", basis(c), "person", n.String())
		}
		seen[n] = true
	}
	return nil
}

// belongs reports whether who is on the roster at the first of some month of the
// year, from the one that begins on d.
func belongs(c matter.Case, who *person.Person, d day.Day) bool {
	for m := d; m.Year() == d.Year(); m = m.AddMonths(1) {
		if who.OnRoster(c.Act.Org, m) {
			return true
		}
	}
	return false
}

func isMonth(row record.Fields, id string) bool {
	n := row.Number(id)
	return row.Get(id) == nil || n >= 1 && n <= 12
}

// Payable refuses a payment from somebody who was not declared, of nothing, for a
// month that is none, or of more than is open up to the month to which the rule lets
// people pay ahead: what is given beyond it is special dues (R3.4, R3.5).
func Payable(c matter.Case) *matter.Refusal {
	ahead, refusal := c.Rule(Prepayment)
	if refusal != nil {
		return refusal
	}
	b := read(c)
	last := min(b.Month(c.Act.On)+int(ahead.Int()), 12)
	for i, row := range c.Act.Fields.Items("payments") {
		at := func(column string) string { return "payments." + strconv.Itoa(i) + "." + column }
		n, amount := row.Person("person"), row.Money("amount")
		j, found := b.Find(n)
		switch {
		case !isMonth(row, "month"):
			return matter.Refuse(at("month"), "refuse.dues_month", "")
		case !found:
			return matter.Refuse(at("person"), "refuse.dues_not_declared", basis(c), "person", n.String())
		case amount == 0:
			return matter.Refuse(at("amount"), "refuse.missing", "", "field", "amount")
		}
		// The next row of the same person finds what this one leaves.
		if _, rest := b.Ledgers[j].Pay(amount, ledger.FirstMonth(row), last); rest > 0 {
			return matter.Refuse(at("amount"), "refuse.dues_above_open", ahead.Basis, "person", n.String(), "amount", amount.String(), "open", (amount - rest).String())
		}
	}
	if have := b.Have("regular") + total(c.Act.Fields.Items("payments"), "amount"); have < 0 {
		return matter.Refuse("payments", "refuse.dues_handed_up", basis(c), "missing", (-have).String())
	}
	return nil
}

// Special refuses a voluntary sum below the amount from which it is special (R3.5).
func Special(c matter.Case) *matter.Refusal {
	v, refusal := c.Rule(SpecialFrom)
	if refusal != nil {
		return refusal
	}
	if least := money.Fen(v.Int()); c.Act.Fields.Money("amount") < least {
		return matter.Refuse("amount", "refuse.dues_not_special", v.Basis, "least", least.String())
	}
	return nil
}

// Requested refuses a request for less that names months out of order, somebody who
// owes nothing, or no less than is owed.
func Requested(c matter.Case) *matter.Refusal {
	f := c.Act.Fields
	first, last, n := f.Number("first"), f.Number("last"), f.Person("person")
	if first < 1 || last > 12 || first > last {
		return matter.Refuse("last", "refuse.dues_month", "")
	}
	b := read(c)
	l, ok := b.Ledger(n)
	if !ok {
		return matter.Refuse("person", "refuse.dues_not_declared", basis(c), "person", n.String())
	}
	for _, m := range l.Months[first-1 : last] {
		if f.Money("reduced") < m.Owed {
			return nil
		}
	}
	return matter.Refuse("reduced", "refuse.dues_not_less", basis(c))
}

// Undecided refuses a decision about a request that is not there or was decided.
func Undecided(c matter.Case) *matter.Refusal {
	seq := c.Act.Fields.Number("record")
	requests := read(c).Requests
	i := slices.IndexFunc(requests, func(q ledger.Request) bool { return q.Seq == seq })
	switch {
	case i < 0:
		return matter.Refuse("record", "refuse.no_such_request", "", "record", strconv.FormatInt(seq, 10))
	case requests[i].Decided != 0:
		return matter.Refuse("record", "refuse.decided_before", "", "record", strconv.FormatInt(requests[i].Decided, 10))
	}
	return nil
}

// InHand refuses to hand up more than is in hand of that kind of dues.
func InHand(c matter.Case) *matter.Refusal {
	b := sums(c)
	flow := c.Act.Fields.Choice("flow")
	if have := b.Have(flow); c.Act.Fields.Money("amount") > have {
		return matter.Refuse("amount", "refuse.dues_not_in_hand", basis(c), "have", have.String())
	}
	return nil
}
