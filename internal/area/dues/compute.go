package dues

import (
	"strconv"

	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
)

// Owed works out the column "owed" of a row with kind and income: what the payer owes
// a month from the first month for which the row holds.
func Owed(c matter.Case) (record.Value, *matter.Refusal) {
	a, refusal := ledger.Assess(c.Law.Book, ledger.FirstDay(c.State, ledger.FirstMonth(c.Row)), c.Row.Choice("kind"), c.Row.Money("income"))
	if refusal != nil {
		return nil, refusal
	}
	return record.Money(a.Owed), nil
}

// Received works out what the rows of a collection come to.
func Received(c matter.Case) (record.Value, *matter.Refusal) {
	return record.Money(total(c.Act.Fields.Items("payments"), "amount")), nil
}

func total(rows record.Items, column string) (sum money.Fen) {
	for _, row := range rows {
		sum += row.Money(column)
	}
	return sum
}

// FallenDue works out what came to be owed since the last record of the book that
// said so: the sum over all of them is what is owed up to the month of the last. Where
// that has become less, it is nothing until it has caught up.
func FallenDue(c matter.Case) (record.Value, *matter.Refusal) {
	b := read(c)
	year := b.Until(b.Month(c.Act.On))
	owed := year.Owed - year.Waived
	for _, step := range []string{ledger.StepCollect, ledger.StepClose} {
		for _, r := range c.State.All(step) {
			if r.Seq != c.Act.Corrects {
				owed -= r.Fields.Money("fallen_due")
			}
		}
	}
	return record.Money(max(owed, 0)), nil
}

// OpenArrears works out what is in arrears up to the month of the act, once it has
// been recorded.
func OpenArrears(c matter.Case) (record.Value, *matter.Refusal) {
	b := read(c)
	for _, row := range c.Act.Fields.Items("payments") {
		if i, found := b.Find(row.Person("person")); found {
			b.Ledgers[i].Pay(row.Money("amount"), ledger.FirstMonth(row), 12)
		}
	}
	return record.Money(b.Until(b.Month(c.Act.On)).Arrears), nil
}

// YearReceived works out what was received as regular dues.
func YearReceived(c matter.Case) (record.Value, *matter.Refusal) {
	return record.Money(sums(c).Received), nil
}

// YearSpecial works out what was received as special dues.
func YearSpecial(c matter.Case) (record.Value, *matter.Refusal) {
	return record.Money(sums(c).Special), nil
}

// YearHandedUp works out what was handed up.
func YearHandedUp(c matter.Case) (record.Value, *matter.Refusal) {
	up := sums(c).HandedUp
	return record.Money(up["regular"] + up["special"]), nil
}

// Ratios returns the rules that say what share each level hands up (R3.8).
func Ratios() []string {
	return []string{remit("branch"), remit("township"), remit("county"), remit("city"), remit("province")}
}

func remit(level string) string { return "dues.remit_" + level }

// ratio is the rule by which the organisation of c hands up.
func ratio(c matter.Case) string {
	o, _ := c.World.Tree().Org(c.Act.Org)
	if k := o.On(c.Act.On).Kind; k.Basic() || k == org.GeneralBranch {
		return remit("branch")
	}
	return remit(o.Level)
}

// ToHandUp works out what is still to be handed up by the share of the level: of the
// regular dues received so far, and of special dues everything.
func ToHandUp(c matter.Case) (record.Value, *matter.Refusal) {
	b := sums(c)
	flow := c.Act.Fields.Choice("flow")
	if flow == "special" {
		return record.Money(b.Have(flow)), nil
	}
	share, refusal := c.Rule(ratio(c))
	if refusal != nil {
		return nil, refusal
	}
	return record.Money(max(b.Received.PerMille(share.Int())-b.HandedUp[flow], 0)), nil
}

// The rules about arrears: after so many months in a row the branch is reminded
// (R3.7). The system concludes nothing from them.
const (
	RemindFirst  = "dues.remind_first"
	RemindSecond = "dues.remind_second"
	Leaving      = "dues.leaving"      // months that may come to leaving; the system says no more than that
	BackPayment  = "dues.back_payment" // months within which arrears are normally made good
)

// AskArrears reminds of members who have not paid for as many months in a row as the
// rules say, once a month at most.
func AskArrears(c matter.Case, r record.Record, _ matter.Past) (asked []matter.Question, err error) {
	for _, before := range c.State.All(ledger.StepCollect) {
		if before.Seq < r.Seq && before.On.Month() == r.On.Month() {
			return nil, nil
		}
	}
	b := read(c)
	for _, id := range []string{RemindFirst, RemindSecond, Leaving} {
		v, err := c.Law.Book.At(id, r.On)
		if err != nil {
			continue // no reminder before the rule
		}
		for _, l := range b.Ledgers {
			if run := l.Behind(b.Month(r.On)); int64(run) == v.Int() {
				asked = append(asked, matter.Question{Why: "ask.dues_arrears", Basis: v.Basis,
					Args: map[string]string{"person": l.Person.String(), "months": strconv.Itoa(run)}})
			}
		}
	}
	return asked, nil
}

// AskBackPayment asks about payments for months longer ago than arrears are normally
// made good.
func AskBackPayment(c matter.Case, r record.Record, _ matter.Past) (asked []matter.Question, err error) {
	v, err := c.Law.Book.At(BackPayment, r.On)
	if err != nil {
		return nil, nil // no question before the rule
	}
	b := read(c)
	for _, l := range b.Ledgers {
		for _, p := range l.Payments {
			if p.Seq != r.Seq || len(p.Parts) == 0 {
				continue
			}
			if first := ledger.FirstDay(c.State, p.Parts[0].Month); first.AddMonths(int(v.Int())) < r.On.Month().From {
				asked = append(asked, matter.Question{Why: "ask.dues_back_payment", Basis: v.Basis,
					Args: map[string]string{"person": l.Person.String(), "day": first.String(), "months": strconv.FormatInt(v.Int(), 10)}})
			}
		}
	}
	return asked, nil
}
