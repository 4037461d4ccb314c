package app

import (
	"context"
	"slices"

	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/org"
	"qingfeng/internal/register"
)

// A FigureCheck is one identity between figures, and whether it holds.
type FigureCheck struct {
	Identity library.Identity
	Left     []Figure // what is added up, or what must not be more
	Right    []Figure // what it must equal, or must not exceed
	Sum      int64
	Want     int64
	Holds    bool
	Rows     []CheckRow // organisations right below where it fails, in the order of the tree
}

// A CheckRow is one organisation where an identity fails.
type CheckRow struct {
	Org         OrgRef
	Left, Right int64
}

// Checks computes every identity between figures for the organisation and period of
// q; the failed ones come first.
func (v *Visit) Checks(ctx context.Context, q FigureQuery) ([]FigureCheck, error) {
	var all []FigureCheck
	kind := v.kind(q.Org)
	for _, x := range v.app.lib.Identities {
		if !x.Binds(kind) {
			continue
		}
		checks, err := v.check(ctx, q, x)
		if err != nil {
			return nil, err
		}
		all = append(all, checks...)
	}
	slices.SortStableFunc(all, func(a, b FigureCheck) int {
		switch {
		case a.Holds == b.Holds:
			return 0
		case b.Holds:
			return -1
		}
		return 1
	})
	return all, nil
}

// kind is the kind of o today.
func (v *Visit) kind(o id.Org) (k org.Kind) {
	v.app.read(func(g *register.Register) { k = orgOn(g, o, v.today).Kind })
	return k
}

func (v *Visit) check(ctx context.Context, q FigureQuery, x library.Identity) ([]FigureCheck, error) {
	switch {
	case x.Whole != "":
		c, err := v.compared(ctx, q, x, x.Parts, []string{x.Whole})
		return []FigureCheck{c}, err
	case x.Figure != "":
		c, err := v.compared(ctx, q, x, []string{x.Figure}, []string{x.AtMost})
		return []FigureCheck{c}, err
	}
	var all []FigureCheck
	for _, id := range x.Children {
		c, err := v.addedUp(ctx, q, x, id)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// compared adds up both sides, here and for each organisation right below.
func (v *Visit) compared(ctx context.Context, q FigureQuery, x library.Identity, left, right []string) (c FigureCheck, err error) {
	c.Identity = x
	if c.Left, err = v.several(ctx, q, left); err != nil {
		return c, err
	}
	if c.Right, err = v.several(ctx, q, right); err != nil {
		return c, err
	}
	c.Sum, c.Want = total(c.Left), total(c.Right)
	if c.Holds = holds(x, c.Sum, c.Want); c.Holds {
		return c, nil
	}
	below, err := v.Below(q.Org)
	if err != nil {
		return c, err
	}
	for _, b := range below {
		if !x.Binds(b.Kind) {
			continue
		}
		one := q
		one.Org = b.ID
		l, err := v.several(ctx, one, left)
		if err != nil {
			return c, err
		}
		r, err := v.several(ctx, one, right)
		if err != nil {
			return c, err
		}
		if !holds(x, total(l), total(r)) {
			c.Rows = append(c.Rows, CheckRow{b.OrgRef, total(l), total(r)})
		}
	}
	return c, nil
}

// addedUp compares a figure with the sum of the organisations right below. Where
// there are none it holds by itself.
func (v *Visit) addedUp(ctx context.Context, q FigureQuery, x library.Identity, id string) (c FigureCheck, err error) {
	c.Identity = x
	if c.Right, err = v.several(ctx, q, []string{id}); err != nil {
		return c, err
	}
	q.ID = id
	if c.Left, err = v.FigureBelow(ctx, q); err != nil {
		return c, err
	}
	c.Sum, c.Want = total(c.Left), total(c.Right)
	c.Holds = len(c.Left) == 0 || c.Sum == c.Want
	return c, nil
}

func (v *Visit) several(ctx context.Context, q FigureQuery, ids []string) (all []Figure, err error) {
	for _, id := range ids {
		q.ID = id
		f, err := v.Figure(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func total(figures []Figure) (sum int64) {
	for _, f := range figures {
		sum += f.Count
	}
	return sum
}

func holds(x library.Identity, left, right int64) bool {
	if x.Figure != "" {
		return left <= right
	}
	return left == right
}
