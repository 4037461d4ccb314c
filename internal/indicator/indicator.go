// Package indicator counts. An indicator is declared in a file; what each record
// adds to it is worked out here, and nothing is ever typed in. It keeps no figures.
package indicator

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
)

// A Measure is what an indicator counts.
type Measure string

// The measures.
const (
	Orgs        Measure = "orgs"        // organisations with at least one record, each once
	People      Measure = "people"      // people present, each once
	Attendances Measure = "attendances" // people present, each time
	Records     Measure = "records"     // records
	Items       Measure = "items"       // rows of a field
	Sum         Measure = "sum"         // the sum of a number or of money in fen
	Late        Measure = "late"        // records written down later than the tolerance
	Members     Measure = "members"     // people on the roster on the last day; rests on the register alone
	Complete    Measure = "complete"    // of these, people of whom all that is expected is known; rests on the register alone
	Standing    Measure = "standing"    // organisations standing on the last day; rests on the register alone
)

// Sets reports whether m counts distinct people or organisations.
func (m Measure) Sets() bool {
	return m == Orgs || m == People || m == Members || m == Complete || m == Standing
}

// OfPeople reports whether the sets of m are sets of people.
func (m Measure) OfPeople() bool { return m == People || m == Members || m == Complete }

// FromRecords reports whether m counts records, and not the register.
func (m Measure) FromRecords() bool { return m != Members && m != Complete && m != Standing }

// A Per is the span within which the same organisation or person counts once;
// over a longer time the counts of the spans are added up.
type Per string

// The spans.
const (
	PerMonth   Per = "month"
	PerQuarter Per = "quarter"
	PerYear    Per = "year"
)

// Span returns the span that d falls in.
func (p Per) Span(d day.Day) day.Period {
	switch p {
	case PerYear:
		return d.CalendarYear()
	case PerQuarter:
		return d.Quarter()
	}
	return d.Month()
}

// Spans divides period into spans: calendar months, or quarters and years counted
// from the month in which it begins, so that any twelve months are one year. The
// first and the last are cut to it.
func (p Per) Spans(period day.Period) (all []day.Period) {
	months := map[Per]int{PerMonth: 1, PerQuarter: 3, PerYear: 12}[p]
	for from := period.From; from <= period.To; {
		to := min(from.Month().From.AddMonths(max(months, 1))-1, period.To)
		all = append(all, day.Period{From: from, To: to})
		from = to + 1
	}
	return all
}

// An Indicator declares one figure.
type Indicator struct {
	ID         string            `yaml:"id"`
	Title      title.Title       `yaml:"title"`
	Unit       title.Title       `yaml:"unit"`
	Definition title.Title       `yaml:"definition"` // period, scope, and what counts once
	Basis      []string          `yaml:"basis"`
	Measure    Measure           `yaml:"measure"`
	With       []string          `yaml:"with"`  // kinds of records that count
	Field      string            `yaml:"field"` // of people, items and sums
	Money      bool              `yaml:"money"` // of sums: fen, shown in yuan
	Where      map[string]string `yaml:"where"` // only if this field (of the record, or of the row) has this code
	Of         []string          `yaml:"of"`    // of standing: these kinds of organisations
	Base       Base              `yaml:"base"`  // what it is a share of, if of anything
	Per        Per               `yaml:"per"`
	Topic      string            `yaml:"topic"` // heading under which it is listed
}

// A Base is what a figure is divided by: organisations, the roster, or another
// indicator. At most one of them.
type Base struct {
	Orgs      []string `yaml:"orgs"`      // organisations of these kinds
	OnlyIf    string   `yaml:"only_if"`   // that a function of package area binds
	Roster    bool     `yaml:"roster"`    // members and probationary members
	Indicator string   `yaml:"indicator"` // another figure
}

// None reports whether there is no base.
func (b Base) None() bool { return len(b.Orgs) == 0 && !b.Roster && b.Indicator == "" }

// many reports whether b says two things at once.
func (b Base) many() bool {
	n := 0
	for _, given := range []bool{len(b.Orgs) > 0, b.Roster, b.Indicator != ""} {
		if given {
			n++
		}
	}
	return n > 1
}

// Check reports what is wrong with in, seen alone.
func (in Indicator) Check() (problems []fault.Problem) {
	bad := func(path, format string, args ...any) {
		problems = append(problems, fault.Problem{Path: path, Why: fmt.Sprintf(format, args...)})
	}
	if !in.Title.Whole() || !in.Unit.Whole() || !in.Definition.Whole() {
		bad("title", "title, unit and definition need zh and en")
	}
	if !slices.Contains([]Measure{Orgs, People, Attendances, Records, Items, Sum, Late, Members, Complete, Standing}, in.Measure) {
		bad("measure", "unknown measure %q", in.Measure)
	}
	if in.Per != PerMonth && in.Per != PerQuarter && in.Per != PerYear {
		bad("per", "per %q: want month, quarter or year", in.Per)
	}
	if in.Measure.FromRecords() == (len(in.With) == 0) {
		bad("with", "measure %s: with goes with measures of records, and only with them", in.Measure)
	}
	if needs := slices.Contains([]Measure{People, Attendances, Items, Sum}, in.Measure); needs == (in.Field == "") {
		bad("field", "measure %s: field goes with people, attendances, items and sum, and only with them", in.Measure)
	}
	if in.Money && in.Measure != Sum {
		bad("money", "measure %s: money goes with sum, and only with it", in.Measure)
	}
	if in.Base.many() {
		bad("base", "base: want orgs, roster or an indicator, and one of them only")
	}
	return problems
}

// Counts reports whether a record of this kind may add to in.
func (in Indicator) Counts(kind string) bool { return slices.Contains(in.With, kind) }

// A Contribution is what one record adds to one cell.
type Contribution struct {
	Sum int64
	Set []uint32 // numbers of people or organisations
}

// Contribute works out what r adds to in, and whether it counts at all. tolerance
// is the lateness in days that is not yet late.
func (in Indicator) Contribute(r record.Record, lateness, tolerance int) (c Contribution, counts bool) {
	if !in.Counts(r.Kind) || in.Measure != Items && !in.where(r.Fields) {
		return c, false
	}
	switch in.Measure {
	case Orgs:
		return Contribution{1, []uint32{uint32(r.Org)}}, true
	case Records:
		return Contribution{Sum: 1}, true
	case Late:
		return Contribution{Sum: 1}, lateness > tolerance
	case People, Attendances:
		for _, p := range r.Fields.People(in.Field) {
			if p.State == record.Present {
				c.Sum++
				c.Set = append(c.Set, uint32(p.Person))
			}
		}
		if in.Measure == Attendances {
			c.Set = nil
		}
		return c, c.Sum > 0
	case Items:
		for _, row := range r.Fields.Items(in.Field) {
			if in.where(row) {
				c.Sum++
			}
		}
		return c, c.Sum > 0
	case Sum:
		switch v := r.Fields.Get(in.Field).(type) {
		case record.Number:
			c.Sum = int64(v)
		case record.Money:
			c.Sum = int64(v)
		}
		return c, c.Sum != 0
	}
	return c, false
}

func (in Indicator) where(f record.Fields) bool {
	for id, want := range in.Where {
		if f.Choice(id) != want {
			return false
		}
	}
	return true
}

// A Cell is a figure of one organisation in one month: a sum, and where the
// measure counts each once, the set of those counted.
type Cell struct {
	Sum int64
	Set *roaring.Bitmap // nil where the measure has none
}

// Add takes a contribution into c.
func (c *Cell) Add(x Contribution) {
	c.Sum += x.Sum
	if len(x.Set) > 0 {
		if c.Set == nil {
			c.Set = roaring.New()
		}
		c.Set.AddMany(x.Set)
	}
}

// Merge takes all of d into c; d is not changed.
func (c *Cell) Merge(d Cell) {
	c.Sum += d.Sum
	if d.Set == nil {
		return
	}
	if c.Set == nil {
		c.Set = roaring.New()
	}
	c.Set.Or(d.Set)
}

// Count returns what c is worth under m: the size of the set, or the sum.
func (c Cell) Count(m Measure) int64 {
	if !m.Sets() {
		return c.Sum
	}
	if c.Set == nil {
		return 0
	}
	return int64(c.Set.GetCardinality())
}
