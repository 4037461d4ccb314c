package register

import (
	"cmp"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/person"
)

// A shown is a change by its number, and the first day on which it shows.
type shown struct {
	changed int64
	from    day.Day
}

// ShownBy reports whether something changed after change number n (see
// [Register.Changed]) that shows on day d or before it. What was counted for a day of
// last year need not be counted anew because somebody moves today.
func (g *Register) ShownBy(n int64, d day.Day) bool {
	i, _ := slices.BinarySearchFunc(g.shown, n+1, func(s shown, n int64) int { return cmp.Compare(s.changed, n) })
	return i < len(g.shown) && g.shown[i].from <= d
}

// shows notes a change that shows from a day on. Of the earlier ones only those are
// kept that show before it does: so the first kept after a number shows first of all
// that came after that number.
func (g *Register) shows(from day.Day) {
	g.changed++
	for len(g.shown) > 0 && g.shown[len(g.shown)-1].from >= from {
		g.shown = g.shown[:len(g.shown)-1]
	}
	g.shown = append(g.shown, shown{g.changed, from})
}

// never is later than every day.
const never = day.Day(1<<31 - 1)

// A holding is what somebody is or has for a time: To is zero while it lasts.
type holding struct {
	what any // comparable: a standing, a branch with a group, a role in an organisation
	held day.Period
}

// differFrom returns the first day on which two states of a person differ in standing,
// branch, group or office, or never.
func differFrom(a, b person.Person) day.Day {
	first := never
	as, bs := holdings(a), holdings(b)
	for _, one := range [][2][]holding{{as, bs}, {bs, as}} {
		for _, h := range one[0] {
			if !slices.Contains(one[1], h) {
				first = min(first, h.differs(one[1]))
			}
		}
	}
	return first
}

// differs returns the first day on which h, which others do not contain, is not what
// they say: where only its end is another, the day after the earlier end.
func (h holding) differs(others []holding) day.Day {
	for _, o := range others {
		if o.what == h.what && o.held.From == h.held.From {
			return min(lastDay(o.held), lastDay(h.held)) + 1
		}
	}
	return h.held.From
}

func lastDay(p day.Period) day.Day {
	if p.To == 0 {
		return never - 1
	}
	return p.To
}

func holdings(p person.Person) (all []holding) {
	for _, s := range p.Stands {
		all = append(all, holding{s.Standing, day.Period{From: s.From}})
	}
	for _, m := range p.Memberships {
		all = append(all, holding{[2]int64{int64(m.Org), int64(m.Group)}, m.Held})
	}
	for _, o := range p.Offices {
		all = append(all, holding{person.Office{Org: o.Org, Role: o.Role}, o.Held})
	}
	return all
}
