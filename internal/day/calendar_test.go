package day

import (
	"testing"
	"time"
)

// holidays is a calendar of the years 2018 and 2026 as they were announced.
func holidays() Calendar {
	c := Calendar{Off: map[Day]bool{}, Work: map[Day]bool{}, Year: map[int]bool{2018: true, 2026: true}}
	for _, off := range [][2]string{
		{"2018-01-01", "2018-01-01"}, {"2018-02-15", "2018-02-21"}, {"2018-04-05", "2018-04-07"}, {"2018-04-29", "2018-05-01"}, {"2018-06-18", "2018-06-18"},
		{"2018-09-24", "2018-09-24"}, {"2018-10-01", "2018-10-07"}, {"2018-12-30", "2018-12-31"},
		{"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"}, {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"},
		{"2026-09-25", "2026-09-27"}, {"2026-10-01", "2026-10-07"},
	} {
		for d := Must(off[0]); d <= Must(off[1]); d++ {
			c.Off[d] = true
		}
	}
	for _, work := range []string{
		"2018-02-11", "2018-02-24", "2018-04-08", "2018-04-28", "2018-09-29", "2018-09-30", "2018-12-29",
		"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
	} {
		c.Work[Must(work)] = true
	}
	return c
}

func TestTheFifthWorkingDay(t *testing.T) {
	c := holidays()
	for _, v := range []struct{ from, incl, excl string }{
		{"2018-02-09", "2018-02-14", "2018-02-22"},
		{"2018-04-26", "2018-05-03", "2018-05-04"},
		{"2018-06-14", "2018-06-21", "2018-06-22"},
		{"2018-09-27", "2018-10-08", "2018-10-09"},
		{"2026-02-12", "2026-02-25", "2026-02-26"},
		{"2026-09-23", "2026-09-30", "2026-10-08"},
	} {
		if got, err := c.AddWorking(Must(v.from), 5, true); err != nil || got != Must(v.incl) {
			t.Errorf("from %s with the first: %s, %v; want %s", v.from, got, err, v.incl)
		}
		if got, err := c.AddWorking(Must(v.from), 5, false); err != nil || got != Must(v.excl) {
			t.Errorf("from %s without the first: %s, %v; want %s", v.from, got, err, v.excl)
		}
	}
}

func TestCountingBeginsWithTheNextWorkingDayWhenTheFirstIsNone(t *testing.T) {
	c := holidays()
	for _, first := range []bool{true, false} {
		if got, err := c.AddWorking(Must("2018-06-16"), 1, first); err != nil || got != Must("2018-06-19") {
			t.Errorf("from a Saturday before a holiday, first %v: %s, %v", first, got, err)
		}
	}
	if got, _ := c.AddWorking(Must("2018-06-14"), 1, true); got != Must("2018-06-14") {
		t.Errorf("a working day is its own first: %s", got)
	}
}

func TestHolidaysAndShiftedDaysOfAYear(t *testing.T) {
	c := holidays()
	for on, want := range map[string]bool{
		"2018-06-15": true, "2018-06-16": false, "2018-06-17": false, "2018-06-18": false, "2018-06-19": true,
		"2018-09-29": true, "2018-09-30": true, "2018-10-07": false, "2018-10-08": true, "2018-12-29": true, "2018-12-31": false,
	} {
		if got, err := c.Working(Must(on)); err != nil || got != want {
			t.Errorf("%s (%s): %v, %v", on, Must(on).Weekday().String()[:3], got, err)
		}
	}
	for year, want := range map[int]int{2018: 250, 2026: 248} {
		n := 0
		for d := New(year, time.January, 1); d.Year() == year; d++ {
			if work, err := c.Working(d); err == nil && work {
				n++
			}
		}
		if n != want {
			t.Errorf("%d working days in %d, want %d", n, year, want)
		}
	}
}

func TestAnUnknownYearRefusesToCompute(t *testing.T) {
	c := holidays()
	for _, on := range []string{"2017-12-31", "2019-01-01", "2025-06-02"} {
		if _, err := c.Working(Must(on)); err == nil {
			t.Errorf("%s was computed", on)
		}
	}
	if got, err := c.AddWorking(Must("2018-12-28"), 2, true); err != nil || got != Must("2018-12-29") {
		t.Errorf("the last working day of a known year: %s, %v", got, err)
	}
	if got, err := c.AddWorking(Must("2018-12-28"), 3, true); err == nil {
		t.Errorf("counted into 2019: %s", got)
	}
	if got, err := c.AddWorking(Must("2018-12-31"), 1, false); err == nil {
		t.Errorf("counted from a day of 2019: %s", got)
	}
}
