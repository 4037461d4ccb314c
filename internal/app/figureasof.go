package app

import (
	"context"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
)

// maxTakenBack is how many records of a month are taken back one by one; a month
// that has grown by more is counted anew.
const maxTakenBack = 2000

// A growth is what came to a month after the record up to which a figure is counted.
type growth struct {
	records []record.Record // of kinds that the figure counts, by rising Seq
	anew    bool            // they cannot be taken back from the cells
}

// findGrown notes how months have grown after asOf.
func (c *counting) findGrown(ctx context.Context) error {
	if c.asOf == c.counted || !c.in.Measure.FromRecords() {
		return nil
	}
	c.grown = map[day.Day]*growth{}
	for raw, err := range c.v.app.store.Raw(ctx, record.Query{After: c.asOf, UpTo: c.counted, Kinds: c.in.With}) {
		if err != nil {
			return err
		}
		if err := c.grow(ctx, raw.Record, raw.Parsed); err != nil {
			return err
		}
	}
	return nil
}

// grow notes one record. What set another right has changed the month of the other,
// too; and what a set has taken in for it cannot be told from the rest.
func (c *counting) grow(ctx context.Context, head record.Record, parsed func() (record.Record, error)) error {
	g := c.growthOf(head.On)
	if head.Corrects != 0 {
		old, err := c.v.app.Record(ctx, head.Corrects)
		if err != nil {
			return err
		}
		g.anew, c.growthOf(old.On).anew = true, true
	}
	if len(g.records) >= maxTakenBack || c.in.Measure == indicator.People {
		g.anew = true
	}
	if g.anew {
		g.records = nil
		return nil
	}
	r, err := parsed()
	g.records = append(g.records, r)
	return err
}

func (c *counting) growthOf(d day.Day) *growth {
	month := d.Month().From
	if c.grown[month] == nil {
		c.grown[month] = &growth{}
	}
	return c.grown[month]
}

// takenBack returns the cell of o in a month as it was at asOf. Sums are what the
// later records added less; of a set of organisations those that have a later record
// are counted anew, since they may have an earlier one as well.
func (c *counting) takenBack(ctx context.Context, o id.Org, month day.Period) (indicator.Cell, error) {
	g := c.grown[month.From]
	if g.anew {
		return c.count(ctx, o, month)
	}
	cell, err := c.stored(ctx, o, []day.Day{month.From})
	if err != nil {
		return cell, err
	}
	var again []id.Org
	for _, r := range g.records {
		if x, counts := c.contribution(r); counts && c.stoodIn(o, r) {
			cell.Sum -= x.Sum
			again = append(again, r.Org)
		}
	}
	if c.in.Measure != indicator.Orgs || cell.Set == nil {
		return cell, nil
	}
	slices.Sort(again)
	for chunk := range slices.Chunk(slices.Compact(again), orgsAtOnce) {
		for _, b := range chunk {
			cell.Set.Remove(uint32(b))
		}
		for r, err := range c.recordsOf(ctx, o, chunk, month) {
			if err != nil {
				return cell, err
			}
			if x, counts := c.contribution(r); counts {
				cell.Set.AddMany(x.Set)
			}
		}
	}
	return cell, nil
}
