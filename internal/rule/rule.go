// Package rule keeps the numbers that regulations set, each with the days it is
// in force and the clause it comes from. It applies none of them.
package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/money"
	"qingfeng/internal/title"
)

// A Fraction is an exact share such as 4/5.
type Fraction struct{ Num, Den int64 }

// Reached reports whether part of whole is at least f; with more, strictly more.
func (f Fraction) Reached(part, whole int64, more bool) bool {
	left, right := part*f.Den, f.Num*whole
	return left > right || left == right && !more
}

// Floor returns the greatest whole number not above f of n.
func (f Fraction) Floor(n int64) int64 { return n * f.Num / f.Den }

// String returns f as "4/5".
func (f Fraction) String() string { return fmt.Sprintf("%d/%d", f.Num, f.Den) }

// UnmarshalText reads "4/5".
func (f *Fraction) UnmarshalText(b []byte) error {
	a, z, ok := strings.Cut(string(b), "/")
	num, err1 := strconv.ParseInt(a, 10, 32)
	den, err2 := strconv.ParseInt(z, 10, 32)
	if !ok || err1 != nil || err2 != nil || num < 0 || den < 1 {
		return fmt.Errorf("fraction %q: want a share such as 4/5", b)
	}
	*f = Fraction{num, den}
	return nil
}

// A Bracket of a scale has Value for amounts over Above.
type Bracket struct {
	Above money.Fen `yaml:"above"`
	Value int64     `yaml:"value"`
}

// A Value is what a parameter is worth from one day on: one number, a share, or
// a scale; exactly one of them.
type Value struct {
	From     day.Day   `yaml:"from"`
	To       day.Day   `yaml:"to"` // last day; open, or up to the next value
	Value    *int64    `yaml:"value"`
	Share    *Fraction `yaml:"share"`
	More     bool      `yaml:"more"` // the share must be exceeded, not only reached
	Brackets []Bracket `yaml:"brackets"`
	First    bool      `yaml:"include_first"` // of working days: the first day counts if it is worked
	Basis    string    `yaml:"basis"`         // "branch-work#14"
}

// Int returns the number of v, or 0 when v is a share or a scale.
func (v Value) Int() int64 {
	if v.Value == nil {
		return 0
	}
	return *v.Value
}

// Bracket returns the bracket of the scale v in which amount lies, and whether it
// lies in one: a bracket begins just over Above and ends with the next one's Above,
// which still belongs to it. upTo is that end, or 0 if there is none.
func (v Value) Bracket(amount money.Fen) (b Bracket, upTo money.Fen, ok bool) {
	for i, next := range v.Brackets {
		if amount <= next.Above {
			return b, next.Above, i > 0
		}
		b, ok = next, true
	}
	return b, 0, ok
}

// Certainty says how well a rule is attested in our sources.
type Certainty string

// The certainties. Unsure makes a rule a setting with a stated default.
const (
	Found  Certainty = "S" // found in a source
	Known  Certainty = "K" // well known
	Unsure Certainty = "U" // a setting: the installation decides
)

// A Param is a number set by regulation, and its history.
type Param struct {
	ID        string      `yaml:"id"`
	Title     title.Title `yaml:"title"`
	Unit      string      `yaml:"unit"` // day, working_day, month, person, time, permille, share, hour, fen …
	Certainty Certainty   `yaml:"certainty"`
	Rule      string      `yaml:"rule"` // id in the domain handbook: "R1.5"
	Values    []Value     `yaml:"values"`
}

// A Book holds every parameter by ID.
type Book map[string]Param

// At returns the value of param id on d. Where a parameter has no value on d, the
// rule was not in force, and that is an error.
func (b Book) At(id string, d day.Day) (Value, error) {
	p, ok := b[id]
	if !ok {
		return Value{}, fmt.Errorf("rule %s: no such parameter", id)
	}
	for _, v := range slices.Backward(p.Values) {
		if v.From <= d {
			if v.To != 0 && d > v.To {
				break
			}
			return v, nil
		}
	}
	return Value{}, &NotInForce{ID: id, On: d}
}

// NotInForce says that a parameter had no value on a day.
type NotInForce struct {
	ID string
	On day.Day
}

// Error implements error.
func (e *NotInForce) Error() string { return fmt.Sprintf("rule %s: not in force on %s", e.ID, e.On) }

// Check reports what is wrong with p, or nothing.
func (p Param) Check() (problems []fault.Problem) {
	bad := func(path, format string, args ...any) {
		problems = append(problems, fault.Problem{Path: path, Why: fmt.Sprintf(format, args...)})
	}
	if !p.Title.Whole() {
		bad("title", "title needs zh and en")
	}
	if p.Unit == "" {
		bad("unit", "unit is missing")
	}
	if p.Certainty != Found && p.Certainty != Known && p.Certainty != Unsure {
		bad("certainty", "certainty %q: want S, K or U", p.Certainty)
	}
	if len(p.Values) == 0 {
		bad("values", "no values")
	}
	for i, v := range p.Values {
		at := fmt.Sprintf("values[%d]", i)
		if v.Basis == "" {
			bad(at, "value from %s names no basis", v.From)
		}
		if v.From.IsZero() {
			bad(at, "value has no first day")
		}
		if n := ones(v.Value != nil, v.Share != nil, len(v.Brackets) > 0); n != 1 {
			bad(at, "want exactly one of value, share and brackets, got %d", n)
		}
		switch {
		case !rising(v.Brackets):
			bad(at+".brackets", "brackets are out of order, or one is there twice")
		case len(v.Brackets) > 0 && v.Brackets[0].Above != 0:
			bad(at+".brackets[0]", "gap: no bracket holds for amounts up to %s", v.Brackets[0].Above)
		}
		if v.To != 0 && v.To < v.From {
			bad(at, "ends on %s, before it begins", v.To)
		}
		if i == 0 {
			continue
		}
		switch before := p.Values[i-1]; {
		case before.From >= v.From:
			bad(at, "value from %s is out of order", v.From)
		case before.To != 0 && before.To+1 < v.From:
			bad(at, "gap: nothing is in force from %s to %s", before.To+1, v.From-1)
		case before.To != 0 && before.To >= v.From:
			bad(at, "overlap: the value before it ends on %s, this one begins on %s", before.To, v.From)
		}
	}
	return problems
}

func rising(brackets []Bracket) bool {
	for i := 1; i < len(brackets); i++ {
		if brackets[i].Above <= brackets[i-1].Above {
			return false
		}
	}
	return true
}

func ones(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}
