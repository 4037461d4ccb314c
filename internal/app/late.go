package app

import (
	"context"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/obligation"
	"qingfeng/internal/register"
)

// LateBelow returns with how many duties of this year each organisation directly
// below o is behind, itself and everything below it: the same duties that stand as
// behind in the calendars of the branches. One that is behind with nothing is not in it.
func (v *Visit) LateBelow(ctx context.Context, o id.Org) (map[id.Org]int, error) {
	if !v.May(access.ReadOrg, o) {
		return nil, fault.NotFound
	}
	var branches []id.Org
	v.app.read(func(g *register.Register) { branches = basics(g, o, v.today) })
	late := map[id.Org]int{}
	for _, ob := range v.app.lib.Obligations {
		for _, span := range ob.Per.Spans(v.today.CalendarYear()) {
			if span.To >= v.today {
				break
			}
			if err := v.countLate(ctx, ob, o, branches, span, late); err != nil {
				return nil, err
			}
		}
	}
	return late, nil
}

// countLate adds the branches that did not fulfil ob in span, which is over, to what
// stands directly below o.
func (v *Visit) countLate(ctx context.Context, ob obligation.Obligation, o id.Org, branches []id.Org, span day.Period, late map[id.Org]int) error {
	held, err := v.heldBy(ctx, ob, o, branches, span)
	if err != nil {
		return err
	}
	v.app.read(func(g *register.Register) {
		bound := v.app.counts.boundIn(g, v.app.lib, o, span.To, ob.Of, ob.OnlyIf)
		for _, b := range branches {
			if bound.Contains(uint32(b)) && !held.enough(b) {
				late[v.childAbove(g, o, b)]++
			}
		}
	})
	return nil
}

// childAbove returns the organisation directly below o that branch b is in today.
func (v *Visit) childAbove(g *register.Register, o, b id.Org) id.Org {
	path := g.Tree().Path(b, v.today)
	for i, above := range path {
		if above == o && i > 0 {
			return path[i-1]
		}
	}
	return b
}
