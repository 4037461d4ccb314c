package day

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// last is the last day that can be written.
var last = Must("9999-12-31")

func anyDay() *rapid.Generator[Day] {
	return rapid.OneOf(
		rapid.Map(rapid.Int32Range(1, int32(last)), func(n int32) Day { return Day(n) }),
		rapid.Map(rapid.Int32Range(int32(Must("1900-01-01")), int32(Must("2100-12-31"))), func(n int32) Day { return Day(n) }))
}

func TestDaysAreCountedFromTheFirst(t *testing.T) {
	for s, want := range map[string]Day{
		"0001-01-01": 1, "0001-01-02": 2, "0001-12-31": 365, "0004-02-29": 3*365 + 31 + 29, "1970-01-01": 719163, "9999-12-31": 3652059,
	} {
		if got := Must(s); got != want || got.String() != s {
			t.Errorf("%s is day %d and written %s, want %d", s, got, got, want)
		}
	}
}

func TestADayIsWrittenAsItIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		if back, err := Parse(d.String()); err != nil || back != d {
			t.Fatalf("%s was read back as %s, %v", d, back, err)
		}
		y, m, dd := d.Date()
		if New(y, m, dd) != d || Of(d.Time()) != d {
			t.Fatalf("%s is %d-%d-%d", d, y, m, dd)
		}
		text, _ := d.MarshalText()
		var e Day
		if err := e.UnmarshalText(text); err != nil || e != d {
			t.Fatalf("%s was restored as %s, %v", d, e, err)
		}
	})
}

func TestWhatIsNoDayIsRefused(t *testing.T) {
	for _, s := range []string{
		"2018-02-29", "1900-02-29", "2018-04-31", "2018-13-01", "2018-00-01", "2018-01-00", "2018-1-1", "18-01-01", "02018-01-01", "10000-01-01",
		"0000-01-01", "-001-01-01", "2018/01/01", "2018-01-01 ", " 2018-01-01", "2018-01-01T00:00:00Z", "二〇一八-01-01", "20180101", "2018-01",
	} {
		if d, err := Parse(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestNoDayIsTheEmptyText(t *testing.T) {
	d, err := Parse("")
	if err != nil || !d.IsZero() || d.String() != "" {
		t.Errorf("%q, %v", d, err)
	}
}

func TestMustTakesNothingButADay(t *testing.T) {
	for _, s := range []string{"", "2018-02-30"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q passed", s)
				}
			}()
			Must(s)
		}()
	}
}

func TestTheDayOfAClockIsTheOneItShows(t *testing.T) {
	at := time.Date(2018, 6, 8, 16, 0, 0, 0, time.UTC)
	if got := Of(at); got != Must("2018-06-08") {
		t.Errorf("in Greenwich %s", got)
	}
	if got := Of(at.In(time.FixedZone("Asia/Shanghai", 8*60*60))); got != Must("2018-06-09") {
		t.Errorf("in Shanghai %s", got)
	}
	if got := Of(at.Add(-time.Nanosecond).In(time.FixedZone("Asia/Shanghai", 8*60*60))); got != Must("2018-06-08") {
		t.Errorf("a moment before midnight %s", got)
	}
}

func TestMonthsLaterIsTheSameDayOrTheLastOfAShorterMonth(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2018-01-31", 1, "2018-02-28"}, {"2016-01-31", 1, "2016-02-29"}, {"2018-01-30", 1, "2018-02-28"}, {"2018-01-28", 1, "2018-02-28"},
		{"2018-03-31", -1, "2018-02-28"}, {"2018-08-31", 1, "2018-09-30"}, {"2018-12-31", 1, "2019-01-31"}, {"2018-01-15", 0, "2018-01-15"},
		{"2018-01-31", 13, "2019-02-28"}, {"2018-01-31", -14, "2016-11-30"}, {"2000-02-29", 1200, "2100-02-28"}, {"0001-01-31", 1, "0001-02-28"},
	} {
		if got := Must(c.from).AddMonths(c.n); got != Must(c.want) {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
	for from, want := range map[string]string{"2016-02-29": "2017-02-28", "2017-02-28": "2018-02-28", "2015-02-28": "2016-02-28", "2018-06-30": "2019-06-30"} {
		if got := Must(from).AddYears(1); got != Must(want) {
			t.Errorf("a year after %s: %s, want %s", from, got, want)
		}
	}
}

func TestMonthsLaterNeverPassesIntoTheNextMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Filter(func(d Day) bool { return d.Year() > 100 && d.Year() < 9900 }).Draw(t, "day")
		n := rapid.IntRange(-1000, 1000).Draw(t, "months")
		got := d.AddMonths(n)
		y, m, dd := d.Date()
		gy, gm, gd := got.Date()
		if gy*12+int(gm) != y*12+int(m)+n || gd > dd || gd < dd && got != got.Month().To {
			t.Fatalf("%s and %d months: %s", d, n, got)
		}
	})
}

func TestDaysLater(t *testing.T) {
	if got := Must("2016-02-28").AddDays(2); got != Must("2016-03-01") {
		t.Errorf("over a leap day: %s", got)
	}
	if got := Must("2018-12-31").AddDays(1); got != Must("2019-01-01") {
		t.Errorf("over the end of a year: %s", got)
	}
	if got := Must("2018-06-08").Weekday(); got != time.Friday {
		t.Errorf("8 June 2018 was a %s", got)
	}
}

func TestEachDayFallsInOneMonthQuarterAndYear(t *testing.T) {
	for _, c := range []struct{ on, month, quarter, year string }{
		{"2018-01-01", "2018-01-01..2018-01-31", "2018-01-01..2018-03-31", "2018-01-01..2018-12-31"},
		{"2018-03-31", "2018-03-01..2018-03-31", "2018-01-01..2018-03-31", "2018-01-01..2018-12-31"},
		{"2018-04-01", "2018-04-01..2018-04-30", "2018-04-01..2018-06-30", "2018-01-01..2018-12-31"},
		{"2016-02-29", "2016-02-01..2016-02-29", "2016-01-01..2016-03-31", "2016-01-01..2016-12-31"},
		{"2018-09-30", "2018-09-01..2018-09-30", "2018-07-01..2018-09-30", "2018-01-01..2018-12-31"},
		{"2018-12-31", "2018-12-01..2018-12-31", "2018-10-01..2018-12-31", "2018-01-01..2018-12-31"},
		{"0001-01-01", "0001-01-01..0001-01-31", "0001-01-01..0001-03-31", "0001-01-01..0001-12-31"},
	} {
		d := Must(c.on)
		if got := d.Month().String(); got != c.month {
			t.Errorf("month of %s: %s", d, got)
		}
		if got := d.Quarter().String(); got != c.quarter {
			t.Errorf("quarter of %s: %s", d, got)
		}
		if got := d.CalendarYear().String(); got != c.year {
			t.Errorf("year of %s: %s", d, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		for _, p := range []Period{d.Month(), d.Quarter(), d.CalendarYear()} {
			if !p.Contains(d) || p.From.Month().From != p.From || p.To.Month().To != p.To {
				t.Fatalf("%s in %s", d, p)
			}
		}
	})
}

func TestAPeriodHoldsBothItsEnds(t *testing.T) {
	p := Period{Must("2018-06-10"), Must("2018-06-20")}
	for on, want := range map[string]bool{"2018-06-09": false, "2018-06-10": true, "2018-06-20": true, "2018-06-21": false} {
		if got := p.Contains(Must(on)); got != want {
			t.Errorf("%s in %s: %v", on, p, got)
		}
	}
	open := Period{From: Must("2018-06-10")}
	if open.Contains(Must("2018-06-09")) || !open.Contains(last) || !(Period{}).Contains(1) || !(Period{To: 5}).Contains(1) || (Period{To: 5}).Contains(6) {
		t.Error("an end that is not given is not open")
	}
}

func TestPeriodsOverlapWhenADayIsInBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.Custom(func(t *rapid.T) Period {
			return Period{Day(rapid.Int32Range(0, 6).Draw(t, "from")), Day(rapid.Int32Range(0, 6).Draw(t, "to"))}
		})
		p, q := some.Draw(t, "p"), some.Draw(t, "q")
		both := false
		for d := Day(1); d < 9; d++ {
			both = both || p.Contains(d) && q.Contains(d)
		}
		if got := p.Overlaps(q); got != both {
			t.Fatalf("%d..%d and %d..%d: %v, want %v", p.From, p.To, q.From, q.To, got, both)
		}
	})
}

func TestMonthsOfAPeriod(t *testing.T) {
	for _, c := range []struct {
		from, to, first, last string
		want                  int
	}{
		{"2018-01-01", "2018-12-31", "2018-01-01..2018-01-31", "2018-12-01..2018-12-31", 12},
		{"2018-06-30", "2018-07-01", "2018-06-01..2018-06-30", "2018-07-01..2018-07-31", 2},
		{"2018-06-10", "2018-06-20", "2018-06-01..2018-06-30", "2018-06-01..2018-06-30", 1},
		{"2017-11-15", "2018-02-01", "2017-11-01..2017-11-30", "2018-02-01..2018-02-28", 4},
	} {
		all := Period{Must(c.from), Must(c.to)}.Months()
		if len(all) != c.want || all[0].String() != c.first || all[len(all)-1].String() != c.last {
			t.Errorf("%s..%s: %v", c.from, c.to, all)
		}
	}
}
