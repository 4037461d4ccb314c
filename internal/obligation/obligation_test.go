package obligation

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/rule"
	"qingfeng/internal/title"
)

const branch id.Org = 2

// world is a branch that stood from 10 June 2018 to 20 September 2018, and was a
// joint branch from 1 August on.
func world(t testing.TB) *register.Register {
	g := register.New(nil)
	apply := func(effect string, m id.Matter, on string, fields ...record.Field) {
		t.Helper()
		if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must(on), Fields: record.Of(fields...)}); err != nil {
			t.Fatal(err)
		}
	}
	apply("org.found", "o1", "2015-01-01", record.F("kind", record.Choice("committee")))
	apply("org.found", "o2", "2018-06-10", record.F("kind", record.Choice("branch")), record.F("superior", record.Org(1)))
	apply("org.change", "o2", "2018-08-01", record.F("kind", record.Choice("joint_branch")))
	apply("org.dissolve", "o2", "2018-09-21")
	return g
}

func law() matter.Law {
	two, three := int64(2), int64(3)
	return matter.Law{
		Book: rule.Book{"meeting.times": {Values: []rule.Value{
			{From: day.Must("2018-01-01"), To: day.Must("2018-07-31"), Value: &two, Basis: "work#2"},
			{From: day.Must("2018-08-01"), To: day.Must("2018-08-31"), Value: &three, Basis: "work#3"}}}},
		Functions: map[string]matter.Function{
			"test.from_july": {Applies: func(_ matter.World, _ matter.Law, o id.Org, d day.Day) (bool, string) {
				return o == branch && d >= day.Must("2018-07-01"), ""
			}},
		},
	}
}

func meetings() Obligation {
	both := title.Title{ZH: "字", EN: "word"}
	return Obligation{ID: "meetings", Title: both, Of: []string{"branch", "joint_branch"}, Steps: []string{"meeting.hold"}, Per: indicator.PerMonth, Times: "meeting.times"}
}

func days(all ...string) (ds []day.Day) {
	for _, s := range all {
		ds = append(ds, day.Must(s))
	}
	return ds
}

var july = day.Must("2018-07-01").Month()

func TestTheStatusOnEveryBoundaryDay(t *testing.T) {
	for _, c := range []struct {
		today string
		held  []day.Day
		want  Status
	}{
		{"2018-06-30", nil, Ahead},
		{"2018-07-01", nil, Open},
		{"2018-07-31", nil, Open},
		{"2018-08-01", nil, Behind},
		{"2018-07-31", days("2018-07-05"), Open},
		{"2018-08-01", days("2018-07-05"), Behind},
		{"2018-07-05", days("2018-07-01", "2018-07-05"), Done},
		{"2018-08-01", days("2018-07-01", "2018-07-31"), Done},
		{"2018-08-01", days("2018-06-30", "2018-07-31"), Behind}, // one was the month before
		{"2018-08-01", days("2018-07-01", "2018-08-01"), Behind}, // one was the month after
		{"2018-07-20", days("2018-07-01", "2018-07-01", "2018-07-02"), Done},
	} {
		got := meetings().Assess(law(), world(t), branch, july, c.held, day.Must(c.today))
		if got.Status != c.want || got.Times != 2 || got.Basis != "work#2" || got.Rule != "meeting.times" || got.Span != july || got.Org != branch || got.Obligation != "meetings" {
			t.Errorf("on %s with %v: %+v, want %s", c.today, c.held, got, c.want)
		}
	}
}

func TestWhatIsMissingIsNeverBelowNothing(t *testing.T) {
	for n, want := range []int{2, 1, 0, 0} {
		held := days("2018-07-01", "2018-07-02", "2018-07-03")[:n]
		got := meetings().Assess(law(), world(t), branch, july, held, day.Must("2018-07-20"))
		if got.Missing() != want {
			t.Errorf("%d held: %d missing", n, got.Missing())
		}
		if d := cmp.Diff(held, got.Held, cmp.Transformer("none", func(ds []day.Day) int { return len(ds) })); d != "" {
			t.Errorf("%d held:\n%s", n, d)
		}
	}
}

func TestItBindsWhoStandsWhenTheSpanIsJudged(t *testing.T) {
	of := func(d string) day.Period { return day.Must(d).Month() }
	only := func(kind string) Obligation {
		ob := meetings()
		ob.Of = []string{kind}
		return ob
	}
	since := func(f string) Obligation {
		ob := meetings()
		ob.OnlyIf = f
		return ob
	}
	for name, c := range map[string]struct {
		ob    Obligation
		org   id.Org
		span  day.Period
		today string
		want  Status
	}{
		"the month before it was founded":           {meetings(), branch, of("2018-05-01"), "2018-07-01", None},
		"the month it was founded, judged after":    {meetings(), branch, of("2018-06-01"), "2018-07-01", Behind},
		"the month it was founded, the day before":  {meetings(), branch, of("2018-06-01"), "2018-06-09", None},
		"the month it was founded, on the day":      {meetings(), branch, of("2018-06-01"), "2018-06-10", Open},
		"while it was a branch":                     {only("branch"), branch, july, "2018-08-15", Behind},
		"when it was one no longer":                 {only("branch"), branch, of("2018-08-01"), "2018-08-15", None},
		"of another kind":                           {only("committee"), branch, july, "2018-07-15", None},
		"the month it was dissolved":                {meetings(), branch, of("2018-09-01"), "2018-10-01", None},
		"the rule has another number":               {meetings(), branch, of("2018-08-01"), "2018-08-15", Open},
		"the rule is not in force any more":         {meetings(), branch, of("2018-09-01"), "2018-09-15", None},
		"an organisation that does not exist":       {meetings(), 99, july, "2018-07-15", None},
		"a function binds":                          {since("test.from_july"), branch, july, "2018-08-01", Behind},
		"a function does not bind":                  {since("test.from_july"), branch, of("2018-06-01"), "2018-08-01", None},
		"a span to come is judged by its first day": {since("test.from_july"), branch, july, "2018-06-15", Ahead},
	} {
		if got := c.ob.Assess(law(), world(t), c.org, c.span, nil, day.Must(c.today)); got.Status != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	if got := meetings().Assess(law(), world(t), branch, of("2018-08-01"), nil, day.Must("2018-08-15")); got.Times != 3 || got.Basis != "work#3" {
		t.Errorf("by the rule of August: %+v", got)
	}
}

func TestEveryFaultOfAnObligationIsFound(t *testing.T) {
	if problems := meetings().Check(); problems != nil {
		t.Errorf("without fault: %v", problems)
	}
	for name, c := range map[string]struct {
		spoil func(*Obligation)
		path  string
	}{
		"no title in English": {func(ob *Obligation) { ob.Title.EN = "" }, "title"},
		"binds nobody":        {func(ob *Obligation) { ob.Of = nil }, ""},
		"nothing fulfils it":  {func(ob *Obligation) { ob.Steps = nil }, ""},
		"no number":           {func(ob *Obligation) { ob.Times = "" }, ""},
		"a span unknown":      {func(ob *Obligation) { ob.Per = "week" }, "per"},
	} {
		ob := meetings()
		c.spoil(&ob)
		if problems := ob.Check(); len(problems) != 1 || problems[0].Path != c.path {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
