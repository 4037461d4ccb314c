package matter

import (
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/record"
)

func TestACorrectionIsTakenEvenAfterTheEndAndSaysWhy(t *testing.T) {
	g := world(t)
	closed := past(meeting(), "m1", branch, taken("plan", "2018-06-01"), taken("hold", "2018-06-02"), taken("note", "2018-06-03"), taken("close", "2018-06-04"))
	why := record.F(record.Correction, record.Text("人数记错"))
	act := with(hold(why), func(a *Act) { a.Corrects, a.On = 2, day.Must("2018-06-02") })
	r, refusal := Decide(meeting(), law(), g, closed, act, by(g, secretary))
	if refusal != nil || r.Corrects != 2 || r.Kind != "meeting.hold" || r.Fields.Text(record.Correction) != "人数记错" {
		t.Errorf("%+v, %v", r, refusal)
	}
	sealed, other := r.Sealed([]byte("salt"), []byte("blind")), r
	other.Fields = r.Fields.With(record.Correction, record.Text("别的理由"))
	if sealed.Commitment() == other.Sealed([]byte("salt"), []byte("blind")).Commitment() {
		t.Error("the leaf does not cover the reason")
	}
}

// inOrder is a matter whose steps lie two days apart, so that there is a day before,
// a day of, and a day after each.
func inOrder() []record.Record {
	return []record.Record{taken("plan", "2018-06-01"), taken("hold", "2018-06-03"), taken("note", "2018-06-05"), taken("close", "2018-06-07"), taken("answer", "2018-06-09")}
}

func TestACorrectionStaysBetweenTheStepsAroundIt(t *testing.T) {
	again := func(step, on string, seq int64) record.Record { r := taken(step, on); r.Corrects = seq; return r }
	g := world(t)
	for _, c := range []struct {
		name string
		also []record.Record
		seq  int64
		step string
		days map[string]string
	}{
		{"the first", nil, 1, "plan", map[string]string{"2018-05-31": "", "2018-06-02": "", "2018-06-03": "", "2018-06-04": "refuse.after_step"}},
		{"one in the middle", nil, 2, "hold", map[string]string{"2018-05-31": "refuse.before_step", "2018-06-01": "", "2018-06-02": "", "2018-06-06": "", "2018-06-07": "", "2018-06-08": "refuse.after_step"}},
		{"the last", nil, 5, "answer", map[string]string{"2018-06-06": "refuse.before_step", "2018-06-07": "", "2018-06-15": "", "2018-06-16": "refuse.future"}},
		{"what was corrected before keeps its place", []record.Record{again("plan", "2018-06-02", 1)}, 6, "plan",
			map[string]string{"2018-06-03": "", "2018-06-04": "refuse.after_step"}},
		{"what follows was corrected, and counts as it stands", []record.Record{again("hold", "2018-06-06", 2)}, 1, "plan",
			map[string]string{"2018-06-05": "", "2018-06-06": "refuse.after_step"}},
		{"what it follows was repeated later, which does not bind it", []record.Record{taken("note", "2018-06-10")}, 4, "close",
			map[string]string{"2018-06-04": "refuse.before_step", "2018-06-05": "", "2018-06-09": "", "2018-06-10": "refuse.after_step"}},
		{"a repeated step that was taken after what follows is free of it", []record.Record{taken("note", "2018-06-10")}, 6, "note", map[string]string{"2018-05-31": "refuse.before_step", "2018-06-11": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := past(meeting(), "m1", branch, append(inOrder(), c.also...)...)
			for on, want := range c.days {
				act := correcting(c.seq, c.step, on, record.Text("日期记错"))
				if c.step == "hold" {
					act.Fields = act.Fields.With("theme", record.Text("题目"))
				}
				who := secretary
				if _, r := Decide(meeting(), law(), g, st, act, by(g, who)); r == nil && want != "" || r != nil && r.Why != want {
					t.Errorf("to %s: %v, want %q", on, r, want)
				}
			}
		})
	}
}

func TestWhatStoodOutOfOrderAlreadyCanBeSetRightOtherwise(t *testing.T) {
	g := world(t)
	// the first note is later than the one by which the matter was closed: each
	// followed the plan, and the closing only the last of them
	st := past(meeting(), "m1", branch, taken("plan", "2018-06-01"), taken("hold", "2018-06-02"), taken("note", "2018-06-08"), taken("note", "2018-06-03"), taken("close", "2018-06-04"))
	for on, want := range map[string]string{"2018-06-07": "", "2018-06-08": "", "2018-06-09": "refuse.after_step"} {
		if _, r := Decide(meeting(), law(), g, st, correcting(3, "note", on, record.Text("记错")), by(g, secretary)); r == nil && want != "" || r != nil && r.Why != want {
			t.Errorf("to %s: %v, want %q", on, r, want)
		}
	}
}
