package words

import (
	"strconv"
	"time"

	"qingfeng/internal/day"
)

// Day writes a day in full: 2026年6月18日, 18 June 2026. The zero day is empty.
func (w *Words) Day(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	if w.lang == "en" {
		return d.Time().Format("2 January 2006")
	}
	return d.Time().Format("2006年1月2日")
}

// MonthDay writes a day without its year: 6月18日, 18 June.
func (w *Words) MonthDay(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	if w.lang == "en" {
		return d.Time().Format("2 January")
	}
	return d.Time().Format("1月2日")
}

// Month writes the month of d: 2026年6月, June 2026.
func (w *Words) Month(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	if w.lang == "en" {
		return d.Time().Format("January 2006")
	}
	return d.Time().Format("2006年1月")
}

// MonthName writes a month alone: 6月, Jun.
func (w *Words) MonthName(m time.Month) string {
	if w.lang == "en" {
		return m.String()[:3]
	}
	return strconv.Itoa(int(m)) + "月"
}

// Weekday writes the day of the week: 周四, Thursday.
func (w *Words) Weekday(d day.Day) string {
	if w.lang == "en" {
		return d.Weekday().String()
	}
	return "周" + string([]rune("日一二三四五六")[d.Weekday()])
}

// Clock writes a time of day in t's own zone: 09:05.
func (w *Words) Clock(t time.Time) string { return t.Format("15:04") }

// Moment writes day and time in t's own zone: 2026年6月18日 09:05.
func (w *Words) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.Day(day.Of(t)) + " " + w.Clock(t)
}

// Left says how much time is left until due, seen from today: 今天, 明天, 还有3天, 逾期1天.
func (w *Words) Left(today, due day.Day) string {
	switch n := int(due - today); {
	case n < 0:
		return w.T("day.late", "n", w.N(-n))
	case n == 0:
		return w.T("day.today")
	case n == 1:
		return w.T("day.tomorrow")
	default:
		return w.T("day.left", "n", w.N(n))
	}
}
