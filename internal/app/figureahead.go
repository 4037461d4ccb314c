package app

import (
	"context"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// readAhead reads at once what the figures of these organisations are computed of:
// the cells of those above branches, and the records of branches.
func (c *counting) readAhead(ctx context.Context, orgs []id.Org) error {
	var branches, above []id.Org
	for _, o := range orgs {
		if c.isBranch(o, c.period.From) {
			branches = append(branches, o)
		} else {
			above = append(above, o)
		}
	}
	if err := c.fetch(ctx, above); err != nil {
		return err
	}
	return c.countBranches(ctx, branches)
}

// fetch reads the cells of these organisations for the whole period at once.
func (c *counting) fetch(ctx context.Context, orgs []id.Org) error {
	if len(orgs) == 0 || !c.in.Measure.FromRecords() {
		return nil
	}
	var months []day.Day
	for _, m := range c.period.Months() {
		months = append(months, m.From)
	}
	cells, err := c.v.app.store.CellsOf(ctx, c.in.ID, orgs, months)
	if err != nil {
		return err
	}
	c.fetched = map[cellKey]indicator.Cell{}
	for _, kept := range cells {
		cell, err := kept.Cell()
		if err != nil {
			return err
		}
		c.fetched[cellKey{kept.Figure, kept.Org, kept.Month}] = cell
	}
	return nil
}

// A spanKey names what a branch adds to a figure in one of its spans.
type spanKey struct {
	org  id.Org
	span day.Period
}

// countBranches counts branches for every span of the period in one reading, not
// each by itself and each span again.
func (c *counting) countBranches(ctx context.Context, branches []id.Org) error {
	if len(branches) == 0 || !c.in.Measure.FromRecords() {
		return nil
	}
	c.spanned = map[spanKey]indicator.Cell{}
	var all []id.Org
	for _, b := range branches {
		for _, span := range c.spans() {
			c.spanned[spanKey{b, span}] = indicator.Cell{}
		}
		all = append(all, c.under(b, c.period)...)
	}
	slices.Sort(all)
	for chunk := range slices.Chunk(slices.Compact(all), orgsAtOnce) {
		if err := c.countChunk(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// countChunk adds what these organisations recorded to the spans of the branches
// they stood in.
func (c *counting) countChunk(ctx context.Context, orgs []id.Org) error {
	all, err := c.v.app.records(ctx, record.Query{Orgs: orgs, Kinds: c.in.With, During: c.period, UpTo: c.asOf})
	if err != nil {
		return err
	}
	corrected, err := c.v.app.corrected(ctx, c.asOf)
	if err != nil {
		return err
	}
	for _, span := range c.spans() {
		in := slices.DeleteFunc(slices.Clone(all), func(r record.Record) bool { return !span.Contains(r.On) })
		for _, r := range standing(in, corrected) {
			if x, counts := c.contribution(r); counts {
				c.addUnder(r, span, x)
			}
		}
	}
	return nil
}

// addUnder adds x to the branch among those being counted in which r was recorded.
func (c *counting) addUnder(r record.Record, span day.Period, x indicator.Contribution) {
	c.v.app.read(func(g *register.Register) {
		for _, o := range g.Tree().Path(r.Org, r.On) {
			if cell, ours := c.spanned[spanKey{o, span}]; ours {
				cell.Add(x)
				c.spanned[spanKey{o, span}] = cell
			}
		}
	})
}
