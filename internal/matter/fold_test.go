package matter

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qingfeng/internal/day"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/rule"
)

func TestAMatterIsWhatItsRecordsTell(t *testing.T) {
	st := past(meeting(), "m1", branch, taken("plan", "2018-06-01"), taken("note", "2018-06-03"), taken("note", "2018-06-02"))
	if st.ID != "m1" || st.Org != branch || st.Begun != day.Must("2018-06-01") || st.Procedure != "meeting" || st.Edition != day.Must("2016-10-27") || st.Len != 3 || st.Last != 3 || st.Closed {
		t.Errorf("%+v", st)
	}
	if r, ok := st.Done("note"); !ok || r.Seq != 3 {
		t.Errorf("the last note recorded is %d, %v", r.Seq, ok)
	}
	if n := len(st.All("note")); n != 2 {
		t.Errorf("%d notes", n)
	}
	if r, ok := st.Done("hold"); ok {
		t.Errorf("held by record %d", r.Seq)
	}
	var fresh State
	fresh.Add(meeting(), record.Record{Seq: 1, Matter: "m1", Org: branch, Kind: "meeting.plan", On: day.Must("2018-06-01")})
	if d := cmp.Diff(past(meeting(), "m1", branch, taken("plan", "2018-06-01")), fresh, cmp.AllowUnexported(State{})); d != "" {
		t.Errorf("added to nothing:\n%s", d)
	}
}

func TestACorrectionTakesThePlaceOfWhatItCorrects(t *testing.T) {
	correct := func(step, on string, seq int64) record.Record {
		r := taken(step, on)
		r.Corrects = seq
		return r
	}
	st := past(meeting(), "m1", branch, taken("plan", "2018-06-01"), taken("note", "2018-06-02"), taken("note", "2018-06-03"), correct("note", "2018-06-04", 2), correct("note", "2018-06-05", 4))
	var seqs []int64
	for _, r := range st.All("note") {
		seqs = append(seqs, r.Seq)
	}
	if d := cmp.Diff([]int64{5, 3}, seqs); d != "" {
		t.Errorf("the notes that stand:\n%s", d)
	}
	for seq, want := range map[int64]bool{1: true, 2: false, 3: true, 4: false, 5: true, 6: false} {
		if _, ok := st.Find(seq); ok != want {
			t.Errorf("record %d stands: %v", seq, ok)
		}
	}
	if st.Len != 5 || st.Last != 5 {
		t.Errorf("%d records up to %d", st.Len, st.Last)
	}
}

func TestTheOpenStepsAreThoseThatCanBeTaken(t *testing.T) {
	g := world(t)
	open := func(st State, on day.Day) string {
		var ids []string
		for _, s := range Next(meeting(), law(), g, st, on) {
			ids = append(ids, s.ID)
		}
		return strings.Join(ids, " ")
	}
	p := meeting()
	for name, c := range map[string]struct {
		st   State
		on   day.Day
		want string
	}{
		"nothing recorded":            {State{}, today, "plan judged worked_out renamed"},
		"planned":                     {planned(), today, "hold note judged worked_out renamed"},
		"held, and noted twice":       {past(p, "m1", branch, taken("plan", "2018-06-01"), taken("hold", "2018-06-02"), taken("note", "2018-06-02"), taken("note", "2018-06-03")), today, "note judged worked_out renamed close"},
		"closed":                      {past(p, "m1", branch, taken("plan", "2018-06-01"), taken("hold", "2018-06-02"), taken("note", "2018-06-02"), taken("close", "2018-06-03")), today, "answer"},
		"in the year of the only one": {planned(), day.Must("2030-01-01"), "hold note special judged worked_out renamed"},
	} {
		if got := open(c.st, c.on); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestADeadlineIsAsLongAsTheRuleOfTheDayItBegins(t *testing.T) {
	for _, c := range []struct{ rule, from, want string }{
		{"test.days", "2018-06-01", "2018-06-06"},
		{"test.months", "2017-01-31", "2020-01-31"},
		{"test.months", "2018-02-28", "2021-02-28"},
		{"test.working", "2018-06-14", "2018-06-22"},
	} {
		s := procedure.Step{ID: "hold", Within: procedure.Within{Rule: c.rule, Of: "plan"}}
		d, err := Due(law(), past(meeting(), "m1", branch, taken("plan", c.from)), s)
		if err != nil || d.On != day.Must(c.want) || d.Step != "hold" || d.Rule != c.rule || d.Basis != "branch-work#"+law().Book[c.rule].Unit {
			t.Errorf("%s from %s: %+v, %v; want %s", c.rule, c.from, d, err, c.want)
		}
	}
}

func TestThereIsNoDeadlineBeforeItsBeginning(t *testing.T) {
	s, _ := meeting().Step("hold")
	if d, err := Due(law(), State{}, s); err != nil || d != (Deadline{}) {
		t.Errorf("%+v, %v", d, err)
	}
	plan, _ := meeting().Step("plan")
	if d, err := Due(law(), planned(), plan); err != nil || d != (Deadline{}) {
		t.Errorf("a step without a deadline: %+v, %v", d, err)
	}
}

func TestADeadlineThatCannotBeWorkedOutIsAnError(t *testing.T) {
	within := func(rule string) procedure.Step {
		return procedure.Step{ID: "hold", Within: procedure.Within{Rule: rule, Of: "plan"}}
	}
	var not *rule.NotInForce
	if _, err := Due(law(), past(meeting(), "m1", branch, taken("plan", "2016-12-31")), within("test.days")); !errors.As(err, &not) {
		t.Errorf("the day before the rule: %v", err)
	}
	if _, err := Due(law(), past(meeting(), "m1", branch, taken("plan", "2017-06-01")), within("test.working")); err == nil {
		t.Error("working days of a year that is not known")
	}
	if _, err := Due(law(), planned(), within("test.hours")); err == nil || !strings.Contains(err.Error(), "hour") {
		t.Errorf("a rule that counts hours: %v", err)
	}
}

func TestACorrectionMovesTheDeadline(t *testing.T) {
	again := taken("plan", "2018-06-10")
	again.Corrects = 1
	s, _ := meeting().Step("hold")
	if d, _ := Due(law(), past(meeting(), "m1", branch, taken("plan", "2018-06-01"), again), s); d.On != day.Must("2018-06-15") {
		t.Errorf("due on %s", d.On)
	}
}

func TestACodeTableKnowsItsCodes(t *testing.T) {
	c := law().Codes["grade"]
	if x, ok := c.Find("bad"); !ok || x.ZH != "差" || x.EN != "Bad" || !c.Has("good") || c.Has("") || c.Has("Good") || (Codes{}).Has("good") {
		t.Errorf("%+v, %v", x, ok)
	}
}

func TestARefusalIsSpeltByStepAndField(t *testing.T) {
	r := Refuse("theme", "refuse.missing", "a#1", "field", "theme", "odd")
	if r.Error() != ".theme: refuse.missing" || len(r.Args) != 1 || len(r.All()) != 1 {
		t.Errorf("%v %v", r, r.Args)
	}
	r.Step, r.Field = "hold", ""
	if r.Error() != "hold: refuse.missing" {
		t.Errorf("%v", r)
	}
}
