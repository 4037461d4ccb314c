package ledger

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"qingfeng/internal/day"
	"qingfeng/internal/money"
	"qingfeng/internal/rule"
)

var may = day.Must("2018-05-01")

func TestTheRateOfTheBracketFallsOnTheWholeBase(t *testing.T) {
	for _, c := range []struct {
		kind             string
		base, owed       money.Fen
		above, upTo      money.Fen
		rate             int64
		rule, basis, why string
	}{
		{"wage", 3000_00, 15_00, 0, 3000_00, 5, Wage, "dues#wage-2008", "the limit belongs to the lower bracket"},
		{"wage", 3000_01, 30_00, 3000_00, 5000_00, 10, Wage, "dues#wage-2008", "a fen more takes the next rate on everything"},
		{"wage", 5000_00, 50_00, 3000_00, 5000_00, 10, Wage, "dues#wage-2008", ""},
		{"wage", 5000_01, 75_00, 5000_00, 10000_00, 15, Wage, "dues#wage-2008", ""},
		{"salary", 10000_00, 150_00, 5000_00, 10000_00, 15, Salary, "dues#wage-2008", ""},
		{"self_employed", 10000_01, 200_00, 10000_00, 0, 20, SelfEmployed, "dues#wage-2008", "the highest bracket is open"},
		{"pension", 5000_00, 25_00, 0, 5000_00, 5, Pension, "dues#pension", ""},
		{"pension", 5000_01, 50_00, 5000_00, 0, 10, Pension, "dues#pension", ""},
		{"student", 9999_00, 20, 0, 0, 0, Fixed, "dues#n", "no base counts where the amount is fixed"},
		{"allowance", 0, 20, 0, 0, 0, Fixed, "dues#n", ""},
		{"farmer", 20, 20, 0, 0, 0, FarmerLeast, "dues#n", ""},
		{"farmer", 100, 100, 0, 0, 0, FarmerLeast, "dues#n", ""},
	} {
		a, refusal := Assess(law().Book, may, c.kind, c.base)
		if refusal != nil || a.Owed != c.owed || a.Above != c.above || a.UpTo != c.upTo || a.Permille != c.rate || a.Rule != c.rule || a.Basis != c.basis {
			t.Errorf("%s %s: %+v, %v; want %s (%s)", c.kind, c.base, a, refusal, c.owed, c.why)
		}
		if falls := a.Base > 0; falls != (c.rate > 0) || falls && a.Base != c.base {
			t.Errorf("%s: the rate falls on %s", c.kind, a.Base)
		}
	}
}

func TestWhatCannotBeAssessed(t *testing.T) {
	for _, c := range []struct {
		kind string
		base money.Fen
		on   string
		why  string
	}{
		{"wage", 0, "2018-05-01", "refuse.dues_base_missing"},
		{"wage", 3000_00, "2008-03-31", "refuse.rule_not_in_force"},
		{"student", 0, "2008-03-31", "refuse.rule_not_in_force"},
		{"farmer", 50, "2008-03-31", "refuse.rule_not_in_force"},
		{"farmer", 19, "2018-05-01", "refuse.dues_farmer"},
		{"farmer", 101, "2018-05-01", "refuse.dues_farmer"},
		{"wage", mostBase + 1, "2018-05-01", "refuse.dues_base_too_high"},
	} {
		if a, refusal := Assess(law().Book, day.Must(c.on), c.kind, c.base); refusal == nil || refusal.Why != c.why || refusal.Field != "income" && refusal.Field != "on" {
			t.Errorf("%s %s on %s: %+v, %v; want %s", c.kind, c.base, c.on, a, refusal, c.why)
		}
	}
	if _, refusal := Assess(law().Book, may, "wage", mostBase); refusal != nil {
		t.Errorf("the most that can be: %v", refusal)
	}
}

func TestRoundingIsHalfUpToTheUnitOfTheRule(t *testing.T) {
	for unit, want := range map[int64]map[money.Fen]money.Fen{
		1:   {3001: 15, 2900: 15, 2899: 14, 2901: 15}, // 0.5 %: 15.005, 14.5, 14.495, 14.505 fen
		10:  {2999_00: 1500, 1989_99: 990, 1990_00: 1000},
		100: {2899_99: 1400, 2900_00: 1500},
	} {
		book := law().Book
		book[Rounding] = rule.Param{Values: []rule.Value{{From: day.Must("2008-04-01"), Value: &unit, Basis: "dues#n"}}}
		for base, owed := range want {
			if a, refusal := Assess(book, may, "wage", base); refusal != nil || a.Owed != owed {
				t.Errorf("%s to %d fen: %s, %v; want %s", base, unit, a.Owed, refusal, owed)
			}
		}
	}
}

// TestAgainstExactArithmetic compares with fractions and a search from the top.
func TestAgainstExactArithmetic(t *testing.T) {
	scale, _ := law().Book.At(Wage, may)
	rapid.Check(t, func(t *rapid.T) {
		base := money.Fen(rapid.Int64Range(1, int64(mostBase)).Draw(t, "base"))
		if rapid.Bool().Draw(t, "small") {
			base = money.Fen(rapid.Int64Range(1, 2_000_000).Draw(t, "base"))
		}
		rate := int64(0)
		for i := len(scale.Brackets) - 1; i >= 0 && rate == 0; i-- {
			if base > scale.Brackets[i].Above {
				rate = scale.Brackets[i].Value
			}
		}
		exact := new(big.Rat).Add(big.NewRat(int64(base)*rate, 1000), big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		a, refusal := Assess(law().Book, may, "wage", base)
		if refusal != nil || int64(a.Owed) != want || a.Permille != rate {
			t.Fatalf("%s: %+v, %v; want %d fen at %d", base, a, refusal, want, rate)
		}
		if base <= a.Above || a.UpTo != 0 && base > a.UpTo {
			t.Fatalf("%s is not in the bracket from %s to %s", base, a.Above, a.UpTo)
		}
	})
}
