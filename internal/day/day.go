// Package day has calendar days and periods of days, and neither clocks nor time zones.
package day

import (
	"fmt"
	"time"
)

// A Day is one calendar day, counted from 0001-01-01, which is 1. The zero Day
// means "not given". Days compare and subtract as numbers.
type Day int32

const secondsPerDay = 24 * 60 * 60

// zero is the Unix second at which day 0 begins.
var zero = time.Date(0, time.December, 31, 0, 0, 0, 0, time.UTC).Unix()

// New returns the day y-m-d; values out of range carry over, as in package time.
func New(y int, m time.Month, d int) Day {
	return Day((time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() - zero) / secondsPerDay)
}

// Of returns the day that the clock t shows in its own time zone.
func Of(t time.Time) Day {
	y, m, d := t.Date()
	return New(y, m, d)
}

// Parse reads a day written as 2006-01-02. The empty text is the zero Day.
func Parse(s string) (Day, error) {
	if s == "" {
		return 0, nil
	}
	y, m, d := digits(s, 0, 4), digits(s, 5, 7), digits(s, 8, 10)
	parsed := New(y, time.Month(m), d)
	if _, month, dd := parsed.Date(); len(s) != 10 || s[4] != '-' || s[7] != '-' || y < 1 || int(month) != m || dd != d {
		return 0, fmt.Errorf("day %q: want YYYY-MM-DD", s)
	}
	return parsed, nil
}

// digits reads s[from:to] as a number, -1 if it is none.
func digits(s string, from, to int) (n int) {
	for i := from; i < to; i++ {
		if i >= len(s) || s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// Must is Parse for days written in the program itself.
func Must(s string) Day {
	d, err := Parse(s)
	if err != nil || d == 0 {
		panic(fmt.Sprintf("day %q", s))
	}
	return d
}

// IsZero reports whether no day is given.
func (d Day) IsZero() bool { return d == 0 }

// Date returns year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.Time().Date() }

// Time returns midnight UTC of d.
func (d Day) Time() time.Time { return time.Unix(int64(d)*secondsPerDay+zero, 0).UTC() }

// Year returns the year of d.
func (d Day) Year() int { return d.Time().Year() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays returns the day n days later.
func (d Day) AddDays(n int) Day { return d + Day(n) }

// AddMonths returns the same day of the month n months later, or the last day
// of that month where it is shorter: a year after 29 February is 28 February.
func (d Day) AddMonths(n int) Day {
	y, m, dd := d.Date()
	first := New(y, m+time.Month(n), 1)
	return min(New(y, m+time.Month(n), dd), first.Month().To)
}

// AddYears returns the same day n years later, by the rule of AddMonths.
func (d Day) AddYears(n int) Day { return d.AddMonths(12 * n) }

// String returns d as 2006-01-02, or "" for the zero Day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText implements [encoding.TextMarshaler].
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = Parse(string(b))
	return err
}

// Month returns the calendar month that d falls in.
func (d Day) Month() Period {
	y, m, _ := d.Date()
	return Period{New(y, m, 1), New(y, m+1, 1) - 1}
}

// Quarter returns the calendar quarter that d falls in.
func (d Day) Quarter() Period {
	y, m, _ := d.Date()
	first := (m-1)/3*3 + 1
	return Period{New(y, first, 1), New(y, first+3, 1) - 1}
}

// CalendarYear returns the year that d falls in.
func (d Day) CalendarYear() Period {
	return Period{New(d.Year(), time.January, 1), New(d.Year(), time.December, 31)}
}

// A Period is every day from From to To, both included. A zero end is open.
type Period struct {
	From Day `yaml:"from"`
	To   Day `yaml:"to"`
}

// Contains reports whether d falls in p.
func (p Period) Contains(d Day) bool { return d >= p.From && (p.To == 0 || d <= p.To) }

// Overlaps reports whether some day falls in both p and q.
func (p Period) Overlaps(q Period) bool {
	first := max(p.From, q.From)
	return p.Contains(first) && q.Contains(first)
}

// Months returns the calendar months from the one of p.From to the one of p.To.
// Both ends must be given.
func (p Period) Months() (all []Period) {
	for m := p.From.Month(); m.From <= p.To; m = (m.To + 1).Month() {
		all = append(all, m)
	}
	return all
}

// String returns p as "2018-06-01..2018-06-30".
func (p Period) String() string { return p.From.String() + ".." + p.To.String() }
