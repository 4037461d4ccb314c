// Package ledger reads the books of dues: what a member owes and why, which months a
// payment covers, what is left. It keeps nothing and refuses nothing that was
// recorded; the numbers are in content.
package ledger

import (
	"errors"

	"qingfeng/internal/day"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/rule"
)

// The rules by which dues are assessed (R3.1, R3.2).
const (
	Wage         = "dues.wage" // the scales
	Salary       = "dues.salary"
	SelfEmployed = "dues.self_employed"
	Pension      = "dues.pension"
	Fixed        = "dues.fixed" // fen a month
	FarmerLeast  = "dues.farmer_least"
	FarmerMost   = "dues.farmer_most"
	Rounding     = "dues.rounding" // amounts by a scale are rounded half up to this many fen
)

// Rules returns the rules by which dues are assessed.
func Rules() []string {
	return []string{Wage, Salary, SelfEmployed, Pension, Fixed, FarmerLeast, FarmerMost, Rounding}
}

// scales says by which scale those kinds of payers pay who pay by one.
var scales = map[string]string{"wage": Wage, "salary": Salary, "self_employed": SelfEmployed, "pension": Pension}

const farmer = "farmer"

// mostBase guards the arithmetic, not a rule: no base is above it.
const mostBase money.Fen = 1_000_000_000_00

// An Assessment says what somebody owes a month, and how that was worked out.
type Assessment struct {
	Kind        string    // of payer
	Base        money.Fen // what the rate falls on; 0 where there is no rate
	Rule        string    // by which the amount was worked out
	Above, UpTo money.Fen // the bracket, where there is one; UpTo 0: open
	Permille    int64     // the rate on the whole base; 0 where the amount is fixed
	Owed        money.Fen // a month
	Basis       string    // clause
}

// Assess works out what a payer of a kind owes a month by the rules in force on d.
// The rate of the bracket falls on the whole base, and its upper limit belongs to it
// (R3.1). For a farmer the base is the amount that the branch sets.
func Assess(law rule.Book, d day.Day, kind string, base money.Fen) (Assessment, *matter.Refusal) {
	a := Assessment{Kind: kind}
	switch id, scaled := scales[kind]; {
	case base > mostBase:
		return a, matter.Refuse("income", "refuse.dues_base_too_high", "", "most", mostBase.String())
	case scaled:
		a.Base, a.Rule = base, id
		return a.byScale(law, d)
	case kind == farmer:
		a.Owed, a.Rule = base, FarmerLeast
		return a.withinRange(law, d)
	}
	v, err := law.At(Fixed, d)
	if err != nil {
		return a, notInForce(err)
	}
	a.Rule, a.Owed, a.Basis = Fixed, money.Fen(v.Int()), v.Basis
	return a, nil
}

func (a Assessment) byScale(law rule.Book, d day.Day) (Assessment, *matter.Refusal) {
	scale, err := law.At(a.Rule, d)
	if err != nil {
		return a, notInForce(err)
	}
	unit, err := law.At(Rounding, d)
	if err != nil {
		return a, notInForce(err)
	}
	bracket, upTo, ok := scale.Bracket(a.Base)
	if !ok {
		return a, matter.Refuse("income", "refuse.dues_base_missing", scale.Basis)
	}
	a.Above, a.UpTo, a.Permille, a.Basis = bracket.Above, upTo, bracket.Value, scale.Basis
	a.Owed = round(int64(a.Base)*a.Permille, max(unit.Int(), 1))
	return a, nil
}

// round returns n thousandths of a fen, rounded half up to whole units of unit fen.
func round(n, unit int64) money.Fen { return money.Fen((n + unit*500) / (unit * 1000) * unit) }

func (a Assessment) withinRange(law rule.Book, d day.Day) (Assessment, *matter.Refusal) {
	least, err1 := law.At(FarmerLeast, d)
	most, err2 := law.At(FarmerMost, d)
	if err := errors.Join(err1, err2); err != nil {
		return a, notInForce(err)
	}
	if a.Basis = least.Basis; a.Owed < money.Fen(least.Int()) || a.Owed > money.Fen(most.Int()) {
		return a, matter.Refuse("income", "refuse.dues_farmer", least.Basis,
			"least", money.Fen(least.Int()).String(), "most", money.Fen(most.Int()).String())
	}
	return a, nil
}

func notInForce(err error) *matter.Refusal {
	var not *rule.NotInForce
	if errors.As(err, &not) {
		return matter.Refuse("on", "refuse.rule_not_in_force", "", "rule", not.ID, "day", not.On.String())
	}
	return matter.Refuse("on", "refuse.rule_not_in_force", "", "rule", err.Error(), "day", "")
}
