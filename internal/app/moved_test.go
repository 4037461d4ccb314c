package app

import (
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func TestACorrectionToAnotherMonthMovesWhatIsCounted(t *testing.T) {
	v := newVillage(t, store.Config{Dir: t.TempDir()})
	p, _ := v.register(2, "甲").Matter.Person()
	v.must(matter.Act{Procedure: "office", Step: "take", Org: 1, Fields: record.Of(record.F("person", record.Person(p)), record.F("role", record.Choice("city.officer")))})
	v.clock.forward(60 * 24 * 3600e9)
	last, this := v.app.Today().Month().From-1, v.app.Today()
	r := v.must(matter.Act{Procedure: "theme_day", Step: "hold", Org: 2, On: last, Fields: v.themeDay()})
	counts := func(d day.Day) (n [2]int64) {
		if err := v.app.CaughtUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		visit, err := v.app.For(p, "test")
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range []id.Org{1, 2} {
			f, err := visit.Figure(t.Context(), FigureQuery{ID: "theme_day_held", Org: o, Period: d.Month()})
			if err != nil {
				t.Fatal(err)
			}
			n[i] = f.Count
		}
		return n
	}
	if got := counts(last); got != [2]int64{1, 1} {
		t.Fatalf("last month: %v", got)
	}
	v.must(matter.Act{Procedure: "theme_day", Step: "hold", Org: 2, Matter: r.Matter, On: this, Corrects: r.Seq, Fields: v.themeDay().With(record.Correction, record.Text("日期记错"))})
	if got := counts(last); got != [2]int64{0, 0} {
		t.Errorf("last month, from which it was moved away: city and branch %v", got)
	}
	if got := counts(this); got != [2]int64{1, 1} {
		t.Errorf("this month: city and branch %v", got)
	}
	held, err := v.app.held(t.Context(), []id.Org{2}, day.Period{})
	if err != nil {
		t.Fatal(err)
	}
	if days := held[2]["theme_day"]; len(days) != 1 || days[0] != this {
		t.Errorf("the obligation was fulfilled on %v, want %s", days, this)
	}
	v.same()
}
