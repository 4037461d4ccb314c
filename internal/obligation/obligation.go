// Package obligation works out what an organisation has to hold, by which rule,
// until when, and what is behind. It reads no records: it is told on which days
// something was held.
package obligation

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/matter"
	"qingfeng/internal/title"
)

// An Obligation declares something that organisations hold so and so often.
type Obligation struct {
	ID     string        `yaml:"id"`
	Title  title.Title   `yaml:"title"`
	Of     []string      `yaml:"of"`      // kinds of organisations
	Steps  []string      `yaml:"steps"`   // kinds of records that fulfil it
	Per    indicator.Per `yaml:"per"`     // month, quarter or year
	Times  string        `yaml:"times"`   // rule: how often in that span
	OnlyIf string        `yaml:"only_if"` // function of package area that says whom it binds
	Basis  []string      `yaml:"basis"`
	Begin  string        `yaml:"begin"` // procedure by which it is recorded
}

// Check reports what is wrong with ob, seen alone.
func (ob Obligation) Check() (problems []fault.Problem) {
	bad := func(path, why string) { problems = append(problems, fault.Problem{Path: path, Why: why}) }
	if !ob.Title.Whole() {
		bad("title", "title needs zh and en")
	}
	if len(ob.Of) == 0 || len(ob.Steps) == 0 || ob.Times == "" {
		bad("", "of, steps and times are required")
	}
	if !slices.Contains([]indicator.Per{indicator.PerMonth, indicator.PerQuarter, indicator.PerYear}, ob.Per) {
		bad("per", "per: want month, quarter or year")
	}
	return problems
}

// A Status is how an obligation stands.
type Status string

// The statuses.
const (
	Done   Status = "done"   // fulfilled
	Open   Status = "open"   // due in the present span
	Behind Status = "behind" // the span is over and something is missing
	Ahead  Status = "ahead"  // the span has not begun
	None   Status = "none"   // does not bind this organisation then
)

// A Due is one obligation of one organisation in one span.
type Due struct {
	Obligation string
	Org        id.Org
	Span       day.Period // Until is its last day
	Times      int        // how often it is due
	Held       []day.Day  // on which days it was held
	Status     Status
	Rule       string // that says how often
	Basis      string // clause of that rule
}

// Missing returns how often it is still to be held.
func (d Due) Missing() int { return max(d.Times-len(d.Held), 0) }

// Assess works out how ob stands for organisation o in the span that ends with
// span.To, given the days on which it was held and today.
func (ob Obligation) Assess(law matter.Law, world matter.World, o id.Org, span day.Period, held []day.Day, today day.Day) Due {
	due := Due{Obligation: ob.ID, Org: o, Span: span, Rule: ob.Times, Status: None}
	last := min(span.To, max(today, span.From))
	if !ob.binds(law, world, o, last) {
		return due
	}
	v, err := law.Book.At(ob.Times, last)
	if err != nil {
		return due // the rule was not in force then
	}
	due.Times, due.Basis = int(v.Int()), v.Basis
	for _, d := range held {
		if span.Contains(d) {
			due.Held = append(due.Held, d)
		}
	}
	switch {
	case due.Missing() == 0:
		due.Status = Done
	case today < span.From:
		due.Status = Ahead
	case today <= span.To:
		due.Status = Open
	default:
		due.Status = Behind
	}
	return due
}

func (ob Obligation) binds(law matter.Law, world matter.World, o id.Org, d day.Day) bool {
	x, ok := world.Tree().Org(o)
	if !ok || !x.Stands.Contains(d) || !slices.Contains(ob.Of, string(x.On(d).Kind)) {
		return false
	}
	if ob.OnlyIf == "" {
		return true
	}
	binds, _ := law.Functions[ob.OnlyIf].Applies(world, law, o, d)
	return binds
}
