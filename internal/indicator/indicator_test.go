package indicator

import (
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qingfeng/internal/day"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
)

var both = title.Title{ZH: "字", EN: "word"}

// held is a theme day of branch 7: two present, one on leave, three problems.
func held() record.Record {
	problem := func(source string) record.Fields { return record.Of(record.F("source", record.Choice(source))) }
	return record.Record{Kind: "theme_day.hold", Org: 7, Fields: record.Of(
		record.F("attended", record.People{{Person: 3, State: record.Present, Means: record.ByCode}, {Person: 5, State: record.Leave, Note: "x"}, {Person: 9, State: record.Present, Means: record.ByVideo}}),
		record.F("problems", record.Items{problem("self"), problem("opinion"), problem("self")}),
		record.F("special", record.Choice("yes")), record.F("hours", record.Number(3)), record.F("cost", record.Money(12_34)))}
}

func TestWhatARecordAddsToEachMeasure(t *testing.T) {
	yes, no := map[string]string{"special": "yes"}, map[string]string{"special": "no"}
	self := map[string]string{"source": "self"}
	for name, c := range map[string]struct {
		in     Indicator
		late   int
		want   Contribution
		counts bool
	}{
		"organisations":               {Indicator{Measure: Orgs}, 0, Contribution{1, []uint32{7}}, true},
		"records":                     {Indicator{Measure: Records}, 0, Contribution{Sum: 1}, true},
		"people":                      {Indicator{Measure: People, Field: "attended"}, 0, Contribution{2, []uint32{3, 9}}, true},
		"attendances":                 {Indicator{Measure: Attendances, Field: "attended"}, 0, Contribution{Sum: 2}, true},
		"people of another field":     {Indicator{Measure: People, Field: "guests"}, 0, Contribution{}, false},
		"rows":                        {Indicator{Measure: Items, Field: "problems"}, 0, Contribution{Sum: 3}, true},
		"rows of one sort":            {Indicator{Measure: Items, Field: "problems", Where: self}, 0, Contribution{Sum: 2}, true},
		"rows of a sort not there":    {Indicator{Measure: Items, Field: "problems", Where: map[string]string{"source": "above"}}, 0, Contribution{}, false},
		"a sum of numbers":            {Indicator{Measure: Sum, Field: "hours"}, 0, Contribution{Sum: 3}, true},
		"a sum of money, in fen":      {Indicator{Measure: Sum, Field: "cost"}, 0, Contribution{Sum: 12_34}, true},
		"a sum of what is no number":  {Indicator{Measure: Sum, Field: "special"}, 0, Contribution{}, false},
		"late by more than tolerated": {Indicator{Measure: Late}, 4, Contribution{Sum: 1}, true},
		"late by what is tolerated":   {Indicator{Measure: Late}, 3, Contribution{Sum: 1}, false},
		"of the sort asked for":       {Indicator{Measure: Orgs, Where: yes}, 0, Contribution{1, []uint32{7}}, true},
		"of another sort":             {Indicator{Measure: Orgs, Where: no}, 0, Contribution{}, false},
		"people of another sort":      {Indicator{Measure: People, Field: "attended", Where: no}, 0, Contribution{}, false},
		"of the register":             {Indicator{Measure: Members}, 0, Contribution{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.With = []string{"theme_day.plan", "theme_day.hold"}
			got, counts := c.in.Contribute(held(), c.late, 3)
			if counts != c.counts {
				t.Errorf("counts: %v", counts)
			}
			if d := cmp.Diff(c.want, got); counts && d != "" {
				t.Error(d)
			}
			c.in.With = []string{"theme_day.plan"}
			if _, counts = c.in.Contribute(held(), 99, 3); counts {
				t.Error("a record of another kind counts")
			}
		})
	}
}

func TestWhereAsksForEverySortAtOnce(t *testing.T) {
	in := Indicator{Measure: Records, With: []string{"theme_day.hold"}, Where: map[string]string{"special": "yes", "source": "self"}}
	if _, counts := in.Contribute(held(), 0, 0); counts {
		t.Error("one of two is enough")
	}
}

func TestAPersonCountsOnceInACellAndAttendsEachTime(t *testing.T) {
	in := Indicator{Measure: People, Field: "attended", With: []string{"theme_day.hold"}}
	var cell Cell
	for range 3 {
		c, _ := in.Contribute(held(), 0, 0)
		cell.Add(c)
	}
	if cell.Count(People) != 2 || cell.Count(Attendances) != 6 {
		t.Errorf("%d people, %d attendances", cell.Count(People), cell.Count(Attendances))
	}
	if (Cell{Sum: 5}).Count(People) != 0 || (Cell{Sum: 5}).Count(Sum) != 5 {
		t.Error("a cell without a set has people, or no sum")
	}
}

func TestMergingIsTheUnionInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Contribution {
			return Contribution{rapid.Int64Range(-9, 9).Draw(t, "sum"), rapid.SliceOfN(rapid.Uint32Range(1, 9), 0, 4).Draw(t, "set")}
		}), 0, 6).Draw(t, "contributions")
		sum, people := int64(0), map[uint32]bool{}
		parts := make([]Cell, 3)
		for _, c := range some {
			sum += c.Sum
			for _, p := range c.Set {
				people[p] = true
			}
			parts[rapid.IntRange(0, 2).Draw(t, "cell")].Add(c)
		}
		before := [3]int64{parts[0].Count(People), parts[1].Count(People), parts[2].Count(People)}
		var all Cell
		for _, i := range rapid.Permutation([]int{0, 1, 2}).Draw(t, "order") {
			all.Merge(parts[i])
		}
		all.Add(Contribution{Set: []uint32{100}}) // must not reach the parts
		if all.Sum != sum || all.Count(People) != int64(len(people))+1 {
			t.Fatalf("sum %d of %d, %d people of %d", all.Sum, sum, all.Count(People)-1, len(people))
		}
		for i, p := range parts {
			if p.Count(People) != before[i] {
				t.Fatalf("part %d was changed by merging", i)
			}
		}
	})
	var c Cell
	c.Merge(Cell{Set: roaring.BitmapOf(1, 2)})
	if c.Count(Orgs) != 2 {
		t.Errorf("%d organisations", c.Count(Orgs))
	}
}

func TestSpansCoverThePeriodOnceAndAreCutToIt(t *testing.T) {
	for _, c := range []struct {
		per      Per
		from, to string
		want     string
	}{
		{PerMonth, "2018-01-01", "2018-03-31", "2018-01-01..2018-01-31 2018-02-01..2018-02-28 2018-03-01..2018-03-31"},
		{PerMonth, "2018-01-15", "2018-02-01", "2018-01-15..2018-01-31 2018-02-01..2018-02-01"},
		{PerQuarter, "2018-02-01", "2018-07-01", "2018-02-01..2018-04-30 2018-05-01..2018-07-01"},
		{PerYear, "2017-12-31", "2018-01-01", "2017-12-31..2018-01-01"},
		{PerYear, "2017-12-01", "2018-12-01", "2017-12-01..2018-11-30 2018-12-01..2018-12-01"},
		{PerYear, "2018-06-08", "2018-06-08", "2018-06-08..2018-06-08"},
		{PerYear, "2018-06-08", "2018-06-07", ""},
	} {
		var got []string
		for _, s := range c.per.Spans(day.Period{From: day.Must(c.from), To: day.Must(c.to)}) {
			got = append(got, s.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s of %s..%s: %s", c.per, c.from, c.to, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := day.Period{From: day.Day(rapid.Int32Range(700_000, 701_000).Draw(t, "from"))}
		p.To = p.From + day.Day(rapid.Int32Range(0, 1000).Draw(t, "days"))
		per := rapid.SampledFrom([]Per{PerMonth, PerQuarter, PerYear}).Draw(t, "per")
		next := p.From
		for _, s := range per.Spans(p) {
			months := map[Per]int{PerMonth: 1, PerQuarter: 3, PerYear: 12}[per]
			if s.From != next || s.To < s.From || s.To >= s.From.Month().From.AddMonths(months) {
				t.Fatalf("%s in %s by %s", s, p, per)
			}
			next = s.To + 1
		}
		if next != p.To+1 {
			t.Fatalf("%s by %s ends with %s", p, per, next-1)
		}
	})
}

func TestMeasuresOfSetsAndOfTheRegister(t *testing.T) {
	for m, want := range map[Measure][3]bool{
		Orgs: {true, false, true}, People: {true, true, true}, Attendances: {false, false, true}, Records: {false, false, true}, Items: {false, false, true},
		Sum: {false, false, true}, Late: {false, false, true}, Members: {true, true, false}, Standing: {true, false, false},
	} {
		if got := [3]bool{m.Sets(), m.OfPeople(), m.FromRecords()}; got != want {
			t.Errorf("%s: sets, of people, from records: %v", m, got)
		}
	}
}

func whole() Indicator {
	return Indicator{ID: "theme_day", Title: both, Unit: both, Definition: both, Measure: People, Field: "attended", With: []string{"theme_day.hold"}, Per: PerMonth, Base: Base{Roster: true}}
}

func TestEveryFaultOfAnIndicatorIsFound(t *testing.T) {
	if problems := whole().Check(); problems != nil {
		t.Errorf("without fault: %v", problems)
	}
	for name, c := range map[string]struct {
		spoil func(*Indicator)
		path  string
	}{
		"no title in English":            {func(in *Indicator) { in.Title.EN = "" }, "title"},
		"no unit":                        {func(in *Indicator) { in.Unit = title.Title{} }, "title"},
		"no definition":                  {func(in *Indicator) { in.Definition.ZH = "" }, "title"},
		"a measure unknown":              {func(in *Indicator) { in.Measure, in.Field = "average", "" }, "measure"},
		"a span unknown":                 {func(in *Indicator) { in.Per = "week" }, "per"},
		"of records, with none":          {func(in *Indicator) { in.With = nil }, "with"},
		"of the register, with records":  {func(in *Indicator) { in.Measure, in.Field = Members, "" }, "with"},
		"of people, in no field":         {func(in *Indicator) { in.Field = "" }, "field"},
		"of records, in a field":         {func(in *Indicator) { in.Measure = Records }, "field"},
		"money that is no sum":           {func(in *Indicator) { in.Money = true }, "money"},
		"a share of two things":          {func(in *Indicator) { in.Base.Indicator = "other" }, "base"},
		"a share of two things, another": {func(in *Indicator) { in.Base.Orgs = []string{"branch"} }, "base"},
	} {
		in := whole()
		c.spoil(&in)
		if problems := in.Check(); len(problems) != 1 || problems[0].Path != c.path {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestABaseThatSaysNothingIsNone(t *testing.T) {
	for name, c := range map[string]struct {
		b    Base
		none bool
	}{
		"nothing": {Base{}, true}, "only_if alone": {Base{OnlyIf: "life.has_committee"}, true},
		"organisations": {Base{Orgs: []string{"branch"}}, false}, "the roster": {Base{Roster: true}, false}, "another": {Base{Indicator: "x"}, false},
	} {
		if c.b.None() != c.none {
			t.Errorf("%s: none %v", name, c.b.None())
		}
	}
	if (Indicator{With: []string{"a.b"}}).Counts("a") || !(Indicator{With: []string{"a.b"}}).Counts("a.b") {
		t.Error("a kind counts in part, or not at all")
	}
}
