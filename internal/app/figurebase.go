package app

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/register"
)

// roster returns the people in o on d, as sets of people are counted.
func (c *counting) roster(o id.Org, d day.Day) *roaring.Bitmap {
	set := roaring.New()
	d = min(d, c.v.today)
	c.v.app.read(func(g *register.Register) {
		for _, b := range basics(g, o, d) {
			for _, p := range g.Roster(b, d) {
				set.Add(uint32(p))
			}
		}
	})
	return set
}

func (c *counting) orgs(o id.Org, d day.Day, kinds []string, onlyIf string) (set *roaring.Bitmap) {
	c.v.app.read(func(g *register.Register) {
		set = c.v.app.counts.boundIn(g, c.v.app.lib, o, min(d, c.v.today), kinds, onlyIf)
	})
	return set
}

// base returns what the figure of o in span is a share of, or 0.
func (c *counting) base(ctx context.Context, o id.Org, span day.Period) (int64, error) {
	b := c.in.Base
	switch {
	case b.Roster:
		return c.v.app.rosterSize(c, o, span.To), nil
	case len(b.Orgs) > 0:
		return int64(c.orgs(o, span.To, b.Orgs, b.OnlyIf).GetCardinality()), nil
	case b.Indicator != "":
		other, err := c.ofBase(ctx)
		if err != nil {
			return 0, err
		}
		cell, err := other.cell(ctx, o, span)
		return cell.Count(other.in.Measure), err
	}
	return 0, nil
}

// rosterSize returns the number of members and probationary members in o.
func (a *App) rosterSize(c *counting, o id.Org, d day.Day) (n int64) {
	d = min(d, c.v.today)
	a.read(func(g *register.Register) { n = int64(a.counts.on(g, d).membersOf(o)) })
	return n
}

func (c *counting) baseSet(ctx context.Context, o id.Org) (*roaring.Bitmap, error) {
	b := c.in.Base
	switch {
	case b.Roster:
		return c.roster(o, c.period.To), nil
	case len(b.Orgs) > 0:
		return c.orgs(o, c.period.To, b.Orgs, b.OnlyIf), nil
	}
	other, err := c.ofBase(ctx)
	if err != nil {
		return nil, err
	}
	return other.set(ctx, o)
}

// ofBase counts the figure that this one is a share of, up to the same record. It
// shares nothing with c: what was read ahead or has grown is of another figure.
func (c *counting) ofBase(ctx context.Context) (*counting, error) {
	if c.over == nil {
		over := &counting{v: c.v, in: c.v.app.lib.Indicators[c.in.Base.Indicator], asOf: c.asOf, counted: c.counted}
		if err := over.findGrown(ctx); err != nil {
			return nil, err
		}
		c.over = over
	}
	c.over.period = c.period
	return c.over, nil
}
