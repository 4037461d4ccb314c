package matter

import (
	"strings"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// long is a procedure in which steps wait: three years after the first, five working
// days after a notice; the reply comes on the fifth day after the vote at the latest.
func long() procedure.Procedure {
	by := []string{"branch.secretary"}
	rows := field("steps", record.TypeItems)
	rows.Rows = []procedure.Field{{ID: "step", Title: words, Type: record.TypeChoice}, {ID: "on", Title: words, Type: record.TypeDay}}
	return procedure.Procedure{ID: "long", From: day.Must("1990-01-01"), Basis: []string{"rules#0"}, Steps: []procedure.Step{
		{ID: "apply", By: by},
		{ID: "adopt", By: by, Adopts: "steps", Form: []procedure.Field{rows}},
		{ID: "review", By: by, After: []string{"apply"}, Repeats: true, Within: procedure.Within{Rule: "test.months", Of: "apply", Every: true}},
		{ID: "notice", By: by, After: []string{"review"}, Waits: []procedure.Within{{Rule: "test.months", Of: "apply"}}},
		{ID: "vote", By: by, After: []string{"notice"}, Repeats: true, OnlyIf: "test.unvoted", Waits: []procedure.Within{{Rule: "test.working", Of: "notice"}, {At: "test.may_day"}}},
		{ID: "reply", By: by, After: []string{"vote"}, Until: procedure.Within{Rule: "test.days", Of: "vote"}},
		{ID: "close", By: by, After: []string{"reply"}, Closes: true},
		{ID: "end", By: by, After: []string{"apply"}, Closes: true},
	}}
}

func longLaw() Law {
	l := law()
	l.Book["test.months"].Values[0].From = day.Must("2012-01-01")
	l.Functions["test.may_day"] = Function{Day: func(c Case) (Deadline, error) {
		r, ok := c.State.Done("notice")
		if !ok {
			return Deadline{}, nil
		}
		return Deadline{On: day.New(r.On.Year(), 5, 1), Rule: "may"}, nil
	}}
	l.Functions["test.unvoted"] = Function{Only: func(c Case) bool {
		r, ok := c.State.Done("vote")
		return !ok || r.Fields.Text("result") == "no"
	}}
	return l
}

func on(t *testing.T, st State, step, d string) string {
	t.Helper()
	act := Act{Procedure: "long", Matter: "m1", Org: branch, Step: step, On: day.Must(d)}
	_, r := Decide(long(), longLaw(), world(t), st, act, By{Today: day.Must("2018-12-31")})
	if r == nil {
		return ""
	}
	return r.Why + " " + spell(r.Args)
}

func TestAStepWaitsUntilEverythingItWaitsForIsOver(t *testing.T) {
	begun := past(long(), "m1", branch, taken("apply", "2017-01-31"), taken("review", "2017-02-01"))
	if got := on(t, begun, "notice", "2018-12-30"); !strings.HasPrefix(got, "refuse.too_early day=2020-01-31") {
		t.Errorf("three years are not over: %q", got)
	}
	noticed := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2018-06-11"))
	// Working days after the 11th: 12, 13, 14, 15; the 18th is a holiday; the 19th is the fifth.
	for d, want := range map[string]string{"2018-06-18": "refuse.too_early day=2018-06-20 rule=test.working", "2018-06-19": "refuse.too_early day=2018-06-20 rule=test.working", "2018-06-20": "", "2018-06-21": ""} {
		if got := on(t, noticed, "vote", d); got != want {
			t.Errorf("vote on %s: %q, want %q", d, got, want)
		}
	}
	early := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2018-03-01"))
	for d, want := range map[string]string{"2018-04-30": "refuse.too_early day=2018-05-01 rule=may", "2018-05-01": "", "2018-05-02": ""} {
		if got := on(t, early, "vote", d); got != want {
			t.Errorf("vote on %s: %q, want %q", d, got, want)
		}
	}
	unknown := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2016-06-11"))
	if got := on(t, unknown, "vote", "2018-06-20"); got != "refuse.uncounted step=vote" {
		t.Errorf("the working days of 2016 are not known: %q", got)
	}
}

func TestAStepIsRefusedAfterItsLastDay(t *testing.T) {
	voted := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2018-06-11"), taken("vote", "2018-06-20"))
	for d, want := range map[string]string{"2018-06-19": "refuse.before_step day=2018-06-20 step=vote", "2018-06-20": "", "2018-06-24": "", "2018-06-25": "", "2018-06-26": "refuse.too_late day=2018-06-25 rule=test.days"} {
		if got := on(t, voted, "reply", d); got != want {
			t.Errorf("reply on %s: %q, want %q", d, got, want)
		}
	}
}

func TestADeadlineOfEveryTimeCountsFromTheLast(t *testing.T) {
	s, _ := long().Step("review")
	for want, st := range map[string]State{
		"2020-01-31": past(long(), "m1", branch, taken("apply", "2017-01-31")),
		"2020-06-30": past(long(), "m1", branch, taken("apply", "2017-01-31"), taken("review", "2017-06-30")),
		"":           past(long(), "m1", branch),
	} {
		if d, err := Due(longLaw(), st, s); err != nil || d.On.String() != want {
			t.Errorf("due on %s (%v), want %q", d.On, err, want)
		}
	}
}

func TestACorrectionKeepsWhatOthersWaitFor(t *testing.T) {
	voted := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-02"), taken("notice", "2018-06-08"), taken("vote", "2018-06-20"), taken("reply", "2018-06-25"))
	for d, want := range map[string]string{"2018-06-11": "", "2018-06-12": "refuse.after_step"} {
		act := Act{Procedure: "long", Matter: "m1", Org: branch, Step: "notice", On: day.Must(d), Corrects: 3, Fields: record.Of(record.F(record.Correction, record.Text("记错")))}
		_, r := Decide(long(), longLaw(), world(t), voted, act, By{Today: day.Must("2018-12-31")})
		if got := why(r); got != want {
			t.Errorf("the notice of %s: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[string]string{"2018-06-19": "refuse.after_step", "2018-06-20": ""} {
		act := Act{Procedure: "long", Matter: "m1", Org: branch, Step: "vote", On: day.Must(d), Corrects: 4, Fields: record.Of(record.F(record.Correction, record.Text("记错")))}
		early := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-02"), taken("notice", "2018-03-08"), taken("vote", "2018-06-20"), taken("reply", "2018-06-25"))
		l := longLaw()
		l.Functions["test.unvoted"] = Function{Only: func(Case) bool { return true }}
		_, r := Decide(long(), l, world(t), early, act, By{Today: day.Must("2018-12-31")})
		if got := why(r); got != want {
			t.Errorf("the vote of %s: %q, want %q: the reply came on its last day", d, got, want)
		}
	}
}

func why(r *Refusal) string {
	if r == nil {
		return ""
	}
	return r.Why
}

func TestWhatPapersTellCountsAsTaken(t *testing.T) {
	adopted := record.Record{Kind: "adopt", On: day.Must("2018-01-01"), Fields: record.Of(record.F("steps", record.Items{
		record.Of(record.F("step", record.Choice("apply")), record.F("on", record.Day(day.Must("2014-01-01")))),
		record.Of(record.F("step", record.Choice("review")), record.F("on", record.Day(day.Must("2014-02-01")))),
	}))}
	st := past(long(), "m1", branch, adopted)
	if r, ok := st.Done("review"); !ok || r.On != day.Must("2014-02-01") || r.Seq != 0 || st.Len != 1 {
		t.Errorf("%+v, %v, %d records", r, ok, st.Len)
	}
	for d, want := range map[string]string{"2016-12-31": "refuse.too_early day=2017-01-01 rule=test.months", "2017-01-01": ""} {
		_, r := Decide(long(), longLaw(), world(t), st, Act{Procedure: "long", Matter: "m1", Org: branch, Step: "notice", On: day.Must(d)}, By{Today: today})
		got := ""
		if r != nil {
			got = r.Why + " " + spell(r.Args)
		}
		if got != want {
			t.Errorf("notice on %s: %q, want %q", d, got, want)
		}
	}
}

func TestThePathSaysTheEarliestDayOfEveryStepToCome(t *testing.T) {
	st := past(long(), "m1", branch, taken("apply", "2017-01-31"))
	l := longLaw()
	l.Calendar.Year[2020] = true
	got := spellPath(Path(long(), l, world(t), st, today))
	want := "review 2018-06-15 ready due 2020-01-31\nnotice 2020-01-31 test.months after review\nvote 2020-05-01 may after notice\nreply 2020-05-01 after vote until 2020-05-06\nclose 2020-05-01 after reply\n"
	if got != want {
		t.Errorf("got\n%s", got)
	}
	unknown := Path(long(), longLaw(), world(t), st, today)
	if last := unknown[len(unknown)-1]; last.Step.ID != "vote" || last.Err == nil || last.From != 0 {
		t.Errorf("the working days of 2020 are not known: %+v", last)
	}
	voted := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2018-05-02"), taken("vote", "2018-06-01"))
	stops := Path(long(), l, world(t), voted, today)
	if len(stops) != 2 || !stops[0].TooLate() || !stops[0].Ready || stops[0].Until.On != day.Must("2018-06-06") {
		t.Errorf("the reply is too late: %+v", stops)
	}
	no := taken("vote", "2018-06-01")
	no.Fields = record.Of(record.F("result", record.Text("no")))
	again := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("review", "2015-01-01"), taken("notice", "2018-05-02"), no)
	if got := spellPath(Path(long(), l, world(t), again, today)); !strings.HasPrefix(got, "vote 2018-06-15 ready\nreply 2018-06-15 after vote") {
		t.Errorf("the vote is to be taken again:\n%s", got)
	}
	closed := past(long(), "m1", branch, taken("apply", "2015-01-01"), taken("end", "2015-02-01"))
	if stops := Path(long(), l, world(t), closed, today); stops != nil {
		t.Errorf("it is over: %+v", stops)
	}
}

func spellPath(stops []Stop) string {
	var b strings.Builder
	for _, s := range stops {
		b.WriteString(s.Step.ID + " " + s.From.String())
		if s.Waits.Rule != "" {
			b.WriteString(" " + s.Waits.Rule)
		}
		if s.Ready {
			b.WriteString(" ready")
		} else {
			b.WriteString(" after " + strings.Join(s.Missing, " "))
		}
		if s.Due.On != 0 {
			b.WriteString(" due " + s.Due.On.String())
		}
		if s.Until.On != 0 {
			b.WriteString(" until " + s.Until.On.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestWhatIsToldIsHeldAgainstEveryClause(t *testing.T) {
	told := func(pairs ...string) (all []Told) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, Told{pairs[i], day.Must(pairs[i+1])})
		}
		return all
	}
	for name, c := range map[string]struct {
		told []Told
		want string
	}{
		"all in order":                {told("apply", "2015-01-01", "review", "2015-02-01", "notice", "2018-06-11", "vote", "2018-06-20", "reply", "2018-06-25"), ""},
		"the notice a day too early":  {told("apply", "2017-01-01", "review", "2017-02-01", "notice", "2019-12-31"), "notice: refuse.too_early"},
		"and on the day":              {told("apply", "2017-01-01", "review", "2017-02-01", "notice", "2020-01-01"), ""},
		"the reply a day too late":    {told("apply", "2015-01-01", "review", "2015-02-01", "notice", "2018-06-11", "vote", "2018-06-20", "reply", "2018-06-26"), "reply: refuse.too_late"},
		"a step left out":             {told("apply", "2015-01-01", "notice", "2018-06-11"), "notice: refuse.comes_first"},
		"a step before what it needs": {told("apply", "2015-01-02", "review", "2015-01-01"), "review: refuse.before_step"},
		"one of several reviews was":  {told("apply", "2015-01-02", "review", "2015-03-01", "review", "2015-01-01", "review", "2015-01-02"), "review: refuse.before_step"},
		"days that nobody can count":  {told("apply", "2010-01-01", "review", "2010-01-02", "notice", "2018-06-11"), "notice: refuse.uncounted"},
		"two things wrong":            {told("apply", "2017-01-01", "notice", "2018-06-11"), "notice: refuse.comes_first, notice: refuse.too_early"},
	} {
		var got []string
		for _, r := range Contradictions(long(), longLaw(), c.told) {
			got = append(got, r.Step+": "+r.Why)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, want %q", name, got, c.want)
		}
	}
}
