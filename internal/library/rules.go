package library

import (
	"fmt"
	"slices"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/rule"
)

func (l *loader) rules() {
	each(l, "rules/*.yaml", func(p page, r rule.Param) {
		p.named(r.ID)
		p.take(r.Check())
		for i, v := range r.Values {
			if v.Basis != "" {
				p.citesOn(fmt.Sprintf("values[%d].basis", i), v.Basis, v.From)
			}
		}
		l.lib.Law.Book[r.ID] = r
	})
}

// A year is the calendar of one year: days off, and weekends that are worked.
type year struct {
	Year  int64        `yaml:"year"`
	Basis string       `yaml:"basis"`
	Off   []day.Period `yaml:"off"`
	Work  []day.Day    `yaml:"work"`
}

func (l *loader) calendars() {
	each(l, "calendars/*.yaml", func(p page, y year) {
		p.named(fmt.Sprint(y.Year))
		p.citesOn("basis", y.Basis, day.New(int(y.Year), time.January, 1))
		whole := day.New(int(y.Year), time.January, 1).CalendarYear()
		for i, o := range y.Off {
			at := fmt.Sprintf("off[%d]", i)
			if !whole.Contains(o.From) || !whole.Contains(o.To) || o.To < o.From {
				p.bad(at, "days off %s are not days of %d in order", o, y.Year)
				continue
			}
			l.off(p, at, o)
		}
		for i, d := range y.Work {
			l.work(p, fmt.Sprintf("work[%d]", i), whole, d)
		}
		l.lib.Law.Calendar.Year[int(y.Year)] = true
	})
}

func (l *loader) off(p page, at string, o day.Period) {
	for d := o.From; d <= o.To; d++ {
		if l.lib.Law.Calendar.Off[d] {
			p.bad(at, "%s is off twice", d)
		}
		l.lib.Law.Calendar.Off[d] = true
	}
}

func (l *loader) work(p page, at string, whole day.Period, d day.Day) {
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	switch {
	case !whole.Contains(d):
		p.bad(at, "%s is no day of the year", d)
	case !weekend:
		p.bad(at, "%s is no Saturday or Sunday; it is worked anyway", d)
	case l.lib.Law.Calendar.Off[d]:
		p.bad(at, "%s is off and worked", d)
	}
	l.lib.Law.Calendar.Work[d] = true
}

func (l *loader) codes() {
	each(l, "codes/*.yaml", func(p page, c matter.Codes) {
		p.named(c.ID)
		p.whole("title", c.Title.ZH, c.Title.EN)
		if len(c.Values) == 0 {
			p.bad("values", "no values")
		}
		var all []string
		for i, v := range c.Values {
			if v.Code == "" || v.ZH == "" || v.EN == "" {
				p.bad(fmt.Sprintf("values[%d]", i), "a value needs code, zh and en")
			}
			all = append(all, v.Code)
		}
		for _, code := range repeated(all) {
			p.bad("values", "code %q is there twice", code)
		}
		p.agrees(c.ID, all)
		l.lib.Law.Codes[c.ID] = c
	})
}

// agrees complains of a code table that says otherwise than the program: some
// codes have a meaning there.
func (p page) agrees(id string, codes []string) {
	var want []string
	switch id {
	case "org_kind":
		for _, k := range org.Kinds() {
			want = append(want, string(k))
		}
	case "standing":
		for _, s := range person.Standings() {
			want = append(want, string(s))
		}
	default:
		return
	}
	for _, w := range want {
		p.known("values", "value", w, slices.Contains(codes, w))
	}
	for _, c := range codes {
		if !slices.Contains(want, c) {
			p.bad("values", "code %q means nothing to the program", c)
		}
	}
}
