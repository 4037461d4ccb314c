package rule

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/money"
	"qingfeng/internal/title"
)

func number(n int64) *int64 { return &n }

// term is a parameter with three values, the last of which ends.
func term() Param {
	return Param{ID: "term.branch", Title: title.Title{ZH: "任期", EN: "Term"}, Unit: "month", Certainty: Known, Values: []Value{
		{From: day.Must("2016-01-01"), Value: number(24), Basis: "old#1"},
		{From: day.Must("2018-07-01"), Value: number(36), Basis: "new#1"},
		{From: day.Must("2020-01-01"), To: day.Must("2020-12-31"), Value: number(60), Basis: "new#2"},
	}}
}

func TestTheValueIsTheOneInForceOnTheDay(t *testing.T) {
	b := Book{"term.branch": term()}
	for on, want := range map[string]int64{
		"2016-01-01": 24, "2018-06-30": 24, "2018-07-01": 36, "2019-12-31": 36, "2020-01-01": 60, "2020-12-31": 60,
	} {
		if v, err := b.At("term.branch", day.Must(on)); err != nil || v.Int() != want {
			t.Errorf("on %s: %d, %v; want %d", on, v.Int(), err, want)
		}
	}
	for _, on := range []string{"2015-12-31", "2021-01-01"} {
		var not *NotInForce
		if v, err := b.At("term.branch", day.Must(on)); !errors.As(err, &not) || not.ID != "term.branch" || not.On != day.Must(on) {
			t.Errorf("on %s: %d, %v; it was not in force", on, v.Int(), err)
		}
	}
	var not *NotInForce
	if _, err := b.At("term", day.Must("2018-01-01")); err == nil || errors.As(err, &not) {
		t.Errorf("a rule that does not exist: %v", err)
	}
}

func TestAShareHasNoNumber(t *testing.T) {
	if n := (Value{Share: &Fraction{4, 5}}).Int(); n != 0 {
		t.Errorf("%d", n)
	}
}

func TestAShareIsReachedOrExceededAtTheBoundary(t *testing.T) {
	for _, c := range []struct {
		f              Fraction
		part, whole    int64
		reached, above bool
	}{
		{Fraction{4, 5}, 23, 30, false, false}, {Fraction{4, 5}, 24, 30, true, false}, {Fraction{4, 5}, 25, 30, true, true},
		{Fraction{1, 2}, 15, 30, true, false}, {Fraction{1, 2}, 16, 30, true, true}, {Fraction{1, 2}, 15, 31, false, false}, {Fraction{1, 2}, 16, 31, true, true},
		{Fraction{2, 3}, 6, 9, true, false}, {Fraction{2, 3}, 6, 10, false, false}, {Fraction{2, 3}, 7, 10, true, true},
		{Fraction{1, 1}, 9, 9, true, false}, {Fraction{0, 1}, 0, 9, true, false},
	} {
		if got := c.f.Reached(c.part, c.whole, false); got != c.reached {
			t.Errorf("%d of %d, at least %s: %v", c.part, c.whole, c.f, got)
		}
		if got := c.f.Reached(c.part, c.whole, true); got != c.above {
			t.Errorf("%d of %d, more than %s: %v", c.part, c.whole, c.f, got)
		}
	}
}

func TestSharesAreExact(t *testing.T) {
	for den := int64(1); den <= 6; den++ {
		for num := int64(0); num <= den; num++ {
			f, exact := Fraction{num, den}, big.NewRat(num, den)
			for whole := int64(1); whole <= 40; whole++ {
				greatest := int64(0)
				for part := int64(0); part <= whole; part++ {
					cmp := big.NewRat(part, whole).Cmp(exact)
					if f.Reached(part, whole, false) != (cmp >= 0) || f.Reached(part, whole, true) != (cmp > 0) {
						t.Fatalf("%d of %d against %s", part, whole, f)
					}
					if cmp <= 0 {
						greatest = part
					}
				}
				if got := f.Floor(whole); got != greatest {
					t.Fatalf("%s of %d, rounded down: %d, want %d", f, whole, got, greatest)
				}
			}
		}
	}
}

func TestSharesAreWrittenAsTheyAreRead(t *testing.T) {
	for _, s := range []string{"4/5", "1/2", "0/1", "2147483647/2147483647"} {
		var f Fraction
		if err := f.UnmarshalText([]byte(s)); err != nil || f.String() != s {
			t.Errorf("%q was read as %s, %v", s, f, err)
		}
	}
	for _, s := range []string{"", "4", "4/0", "4/-5", "-4/5", "0.8", "80%", "4/5/6", " 4/5", "4 / 5", "a/b", "4/", "/5", "4/99999999999"} {
		var f Fraction
		if err := f.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q was read as %s", s, f)
		}
	}
}

func TestEveryFaultOfARuleIsFound(t *testing.T) {
	with := func(i int, change func(*Value)) func(*Param) { return func(p *Param) { change(&p.Values[i]) } }
	for want, spoil := range map[string]func(*Param){
		"title: title needs":                                                  func(p *Param) { p.Title.EN = "" },
		"unit: unit is missing":                                               func(p *Param) { p.Unit = "" },
		"certainty: certainty \"X\"":                                          func(p *Param) { p.Certainty = "X" },
		"values: no values":                                                   func(p *Param) { p.Values = nil },
		"values[1]: value from 2018-07-01 names no":                           with(1, func(v *Value) { v.Basis = "" }),
		"values[0]: value has no first day":                                   with(0, func(v *Value) { v.From = 0 }),
		"values[0]: want exactly one of":                                      with(0, func(v *Value) { v.Value = nil }),
		"values[2]: want exactly one of":                                      with(2, func(v *Value) { v.Share = &Fraction{1, 2} }),
		"values[1].brackets: brackets are out of order":                       with(1, func(v *Value) { v.Value, v.Brackets = nil, []Bracket{{Above: 5}, {Above: 3}} }),
		"values[0].brackets: brackets are out of order":                       with(0, func(v *Value) { v.Value, v.Brackets = nil, []Bracket{{Above: 3}, {Above: 3}} }),
		"values[0].brackets[0]: gap: no bracket holds for amounts up to 3.00": with(0, func(v *Value) { v.Value, v.Brackets = nil, []Bracket{{Above: 300}, {Above: 500}} }),
		"values[2]: ends on 2019-12-31, before":                               with(2, func(v *Value) { v.To = day.Must("2019-12-31") }),
		"values[1]: value from 2016-01-01 is out":                             with(1, func(v *Value) { v.From = day.Must("2016-01-01") }),
		"values[2]: value from 2018-06-30 is out":                             with(2, func(v *Value) { v.From = day.Must("2018-06-30") }),
		"values[1]: gap: nothing is in force from 2018-06-30 to 2018-06-30":   with(0, func(v *Value) { v.To = day.Must("2018-06-29") }),
		"values[1]: overlap: the value before it ends on 2018-07-01":          with(0, func(v *Value) { v.To = day.Must("2018-07-01") }),
	} {
		t.Run(want, func(t *testing.T) {
			p := term()
			spoil(&p)
			problems := p.Check()
			if len(problems) != 1 {
				t.Fatalf("%d problems: %v", len(problems), problems)
			}
			if got := problems[0].Path + ": " + problems[0].Why; !strings.HasPrefix(got, want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestARuleWithoutFaultPasses(t *testing.T) {
	p := term()
	p.Values[0].To = day.Must("2018-06-30") // ends the day before the next begins
	if problems := p.Check(); problems != nil {
		t.Errorf("%v", problems)
	}
	scale := Param{Title: p.Title, Unit: "permille", Certainty: Found, Values: []Value{
		{From: day.Must("2008-04-01"), Basis: "dues#1", Brackets: []Bracket{{0, 5}, {3000_00, 10}, {5000_00, 15}}}}}
	if problems := scale.Check(); problems != nil {
		t.Errorf("%v", problems)
	}
}

func TestAllFaultsOfARuleAreToldAtOnce(t *testing.T) {
	if got := len((Param{Values: []Value{{}}}).Check()); got != 6 {
		t.Errorf("%d problems, want title, unit, certainty, basis, first day and value", got)
	}
}

func TestTheLimitOfABracketBelongsToTheLowerOne(t *testing.T) {
	scale := Value{Brackets: []Bracket{{0, 5}, {3000_00, 10}, {5000_00, 15}}}
	for _, c := range []struct {
		amount, above, upTo money.Fen
		value               int64
		ok                  bool
	}{
		{0, 0, 0, 0, false}, {1, 0, 3000_00, 5, true}, {3000_00, 0, 3000_00, 5, true}, {3000_01, 3000_00, 5000_00, 10, true},
		{5000_00, 3000_00, 5000_00, 10, true}, {5000_01, 5000_00, 0, 15, true}, {1 << 60, 5000_00, 0, 15, true},
	} {
		b, upTo, ok := scale.Bracket(c.amount)
		if b.Above != c.above || upTo != c.upTo || b.Value != c.value || ok != c.ok {
			t.Errorf("%s: %+v up to %s, %v", c.amount, b, upTo, ok)
		}
	}
	if _, _, ok := (Value{}).Bracket(1); ok {
		t.Error("no scale has a bracket")
	}
}
