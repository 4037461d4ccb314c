package app

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// orgsAtOnce is how many organisations one query asks for.
const orgsAtOnce = 400

// records yields the records of o and everything below it in span that stand: up
// to c.asOf, without those that a later one corrected.
func (c *counting) records(ctx context.Context, o id.Org, span day.Period) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		for chunk := range slices.Chunk(c.under(o, span), orgsAtOnce) {
			for r, err := range c.recordsOf(ctx, o, chunk, span) {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

// recordsOf yields what some organisations recorded as a part of o, as records does.
func (c *counting) recordsOf(ctx context.Context, o id.Org, orgs []id.Org, span day.Period) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		all, err := c.v.app.records(ctx, record.Query{Orgs: orgs, Kinds: c.in.With, During: span, UpTo: c.asOf})
		if err != nil {
			yield(record.Record{}, err)
			return
		}
		corrected, err := c.v.app.corrected(ctx, c.asOf)
		if err != nil {
			yield(record.Record{}, err)
			return
		}
		for _, r := range standing(all, corrected) {
			if c.stoodIn(o, r) && !yield(r, nil) {
				return
			}
		}
	}
}

// stoodIn reports whether the organisation of r was in o on the day of r.
func (c *counting) stoodIn(o id.Org, r record.Record) (in bool) {
	c.v.app.read(func(g *register.Register) { in = g.Tree().Within(o, r.Org, r.On) })
	return in
}

// under returns the organisations that were in o at some time of span.
func (c *counting) under(o id.Org, span day.Period) (all []id.Org) {
	c.v.app.read(func(g *register.Register) {
		for _, d := range []day.Day{span.From, min(span.To, c.v.today)} {
			g.Tree().Walk(o, d, func(x org.Org) bool {
				all = append(all, x.ID)
				return true
			})
		}
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// corrected returns the records that were set right up to record upTo (0: by now),
// wherever and for whatever day: a correction may have another day than what it
// corrects, and then stands in another month.
func (a *App) corrected(ctx context.Context, upTo int64) (map[int64]bool, error) {
	corrected := map[int64]bool{}
	for head, err := range a.store.Raw(ctx, record.Query{Correcting: true, UpTo: upTo}) {
		if err != nil {
			return nil, fmt.Errorf("app: corrections: %w", err)
		}
		corrected[head.Corrects] = true
	}
	return corrected, nil
}

// standing leaves out the records that were corrected.
func standing(all []record.Record, corrected map[int64]bool) []record.Record {
	if len(corrected) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(r record.Record) bool { return corrected[r.Seq] })
}
