package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A FigureQuery asks for one figure.
type FigureQuery struct {
	ID     string
	Org    id.Org
	Period day.Period // both ends given
	AsOf   int64      // the number of the last record to count; 0: the newest counted
}

// A Figure is a computed indicator, with what is needed to compute it again.
type Figure struct {
	Indicator indicator.Indicator
	Org       OrgRef
	Period    day.Period
	Count     int64
	Base      int64 // what it is a share of; meaningful when HasBase
	HasBase   bool
	AsOf      int64 // the same query with this AsOf gives the same figure for ever
}

// Figure computes the figure that q asks for.
func (v *Visit) Figure(ctx context.Context, q FigureQuery) (Figure, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return Figure{}, err
	}
	all, err := c.figures(ctx, []id.Org{q.Org})
	if err != nil {
		return Figure{}, err
	}
	return all[0], nil
}

// FigureBelow computes the same figure for each organisation directly below, in
// the order of the tree.
func (v *Visit) FigureBelow(ctx context.Context, q FigureQuery) ([]Figure, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return nil, err
	}
	var below []id.Org
	v.app.read(func(g *register.Register) { below = g.Tree().Below(q.Org, min(q.Period.To, v.today)) })
	return c.figures(ctx, below)
}

// FigureTrend computes the same figure for each span of the period.
func (v *Visit) FigureTrend(ctx context.Context, q FigureQuery, per indicator.Per) ([]Figure, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return nil, err
	}
	var trend []Figure
	for _, span := range per.Spans(q.Period) {
		c.period = span
		f, err := c.figures(ctx, []id.Org{q.Org})
		if err != nil {
			return nil, err
		}
		trend = append(trend, f...)
	}
	return trend, nil
}

// FigureSet returns the numbers of the organisations or people that the figure
// counts, over the whole period each once.
func (v *Visit) FigureSet(ctx context.Context, q FigureQuery) (*roaring.Bitmap, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return nil, err
	}
	if !c.in.Measure.Sets() {
		return nil, fault.NotFound
	}
	return c.set(ctx, q.Org)
}

// FigureMissing returns those who belong to the base of the figure and were not
// counted.
func (v *Visit) FigureMissing(ctx context.Context, q FigureQuery) (*roaring.Bitmap, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return nil, err
	}
	if !c.in.Measure.Sets() || c.in.Base.None() {
		return nil, fault.NotFound
	}
	counted, err := c.set(ctx, q.Org)
	if err != nil {
		return nil, err
	}
	base, err := c.baseSet(ctx, q.Org)
	if err != nil {
		return nil, err
	}
	return roaring.AndNot(base, counted), nil
}

// FigureRecords returns up to limit records behind the figure after record after,
// oldest first.
func (v *Visit) FigureRecords(ctx context.Context, q FigureQuery, after int64, limit int) ([]JournalLine, error) {
	c, err := v.counting(ctx, &q)
	if err != nil {
		return nil, err
	}
	var found []record.Record
	for r, err := range c.records(ctx, q.Org, q.Period) {
		if err != nil {
			return nil, err
		}
		if _, counts := c.contribution(r); counts && r.Seq > after {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b record.Record) int { return int(a.Seq - b.Seq) })
	lines := make([]JournalLine, 0, limit)
	v.app.read(func(g *register.Register) {
		for _, r := range found[:min(limit, len(found))] {
			lines = append(lines, v.journalLine(g, r))
		}
	})
	return lines, nil
}

// A counting is one figure being computed.
type counting struct {
	v      *Visit
	in     indicator.Indicator
	period day.Period
	asOf   int64
	newest bool // asOf is the newest record counted

	counted int64               // the newest record that cells hold
	grown   map[day.Day]*growth // months with records after asOf: their cells hold too much
	over    *counting           // of the figure that this one is a share of, or nil

	fetched map[cellKey]indicator.Cell // read ahead, or nil
	spanned map[spanKey]indicator.Cell // of branches, counted ahead
}

// counting checks the right to see the figure and fixes the record up to which it
// is counted.
func (v *Visit) counting(ctx context.Context, q *FigureQuery) (*counting, error) {
	in, ok := v.app.lib.Indicators[q.ID]
	if !ok || q.Period.From == 0 || q.Period.To < q.Period.From {
		return nil, fault.NotFound
	}
	if !v.May(access.ReadFigure, q.Org) {
		return nil, fault.NotFound
	}
	counted, err := v.app.store.Position(ctx, followerFigures)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", q.ID, err)
	}
	if q.AsOf == 0 || q.AsOf > counted {
		q.AsOf = counted
	}
	c := &counting{v: v, in: in, period: q.Period, asOf: q.AsOf, counted: counted, newest: q.AsOf == counted && counted <= v.app.Size()}
	return c, c.findGrown(ctx)
}

// figures computes the figure of each of these organisations, in their order. What
// was counted before and still holds is not counted again.
func (c *counting) figures(ctx context.Context, orgs []id.Org) ([]Figure, error) {
	var unknown []id.Org
	known := map[id.Org]tally{}
	for _, o := range orgs {
		kept, ok := c.v.app.tallies.get(c.tallyKey(o), c.v.app.lib, c.asOf)
		if ok = ok && c.newest; ok {
			known[o] = kept
		} else {
			unknown = append(unknown, o)
		}
	}
	if err := c.readAhead(ctx, unknown); err != nil {
		return nil, err
	}
	all := make([]Figure, len(orgs))
	for i, o := range orgs {
		f := Figure{Indicator: c.in, Period: c.period, AsOf: c.asOf, HasBase: !c.in.Base.None()}
		c.v.app.read(func(g *register.Register) { f.Org = orgOn(g, o, min(c.period.To, c.v.today)) })
		if kept, ok := known[o]; ok {
			f.Count, f.Base = kept.count, kept.base
		} else if err := c.compute(ctx, o, &f); err != nil {
			return nil, err
		}
		all[i] = f
	}
	return all, nil
}

func (c *counting) tallyKey(o id.Org) tallyKey {
	return tallyKey{c.in.ID, o, c.period, c.v.today}
}

// compute counts the figure of o into f, span by span.
func (c *counting) compute(ctx context.Context, o id.Org, f *Figure) error {
	for _, span := range c.spans() {
		cell, err := c.cell(ctx, o, span)
		if err != nil {
			return err
		}
		f.Count += cell.Count(c.in.Measure)
		base, err := c.base(ctx, o, span)
		if err != nil {
			return err
		}
		f.Base += base
	}
	if c.newest {
		c.v.app.tallies.put(c.tallyKey(o), tally{c.asOf, f.Count, f.Base})
	}
	return nil
}

// spans are those whose counts are added up. What rests on the register alone is
// counted once, on the last day.
func (c *counting) spans() []day.Period {
	if !c.in.Measure.FromRecords() {
		return []day.Period{c.period}
	}
	return c.in.Per.Spans(c.period)
}

// stored returns the cells of o in these months.
func (c *counting) stored(ctx context.Context, o id.Org, months []day.Day) (total indicator.Cell, err error) {
	if c.fetched != nil {
		for _, m := range months {
			total.Merge(c.fetched[cellKey{c.in.ID, o, m}])
		}
		return total, nil
	}
	cells, err := c.v.app.store.Cells(ctx, c.in.ID, o, months)
	if err != nil {
		return total, err
	}
	for _, kept := range cells {
		cell, err := kept.Cell()
		if err != nil {
			return total, err
		}
		total.Merge(cell)
	}
	return total, nil
}

func (c *counting) set(ctx context.Context, o id.Org) (*roaring.Bitmap, error) {
	cell, err := c.cell(ctx, o, c.period)
	if err != nil {
		return nil, err
	}
	if cell.Set == nil {
		return roaring.New(), nil
	}
	return cell.Set, nil
}

// cell returns what o and everything below it adds to the figure in span.
func (c *counting) cell(ctx context.Context, o id.Org, span day.Period) (indicator.Cell, error) {
	switch {
	case c.in.Measure == indicator.Members:
		return indicator.Cell{Set: c.roster(o, span.To)}, nil
	case c.in.Measure == indicator.Complete:
		return indicator.Cell{Set: c.complete(o, span.To)}, nil
	case c.in.Measure == indicator.Standing:
		return indicator.Cell{Set: c.orgs(o, span.To, c.in.Of, "")}, nil
	case c.isBranch(o, span.From):
		if cell, ok := c.spanned[spanKey{o, span}]; ok {
			return cell, nil
		}
		return c.count(ctx, o, span)
	}
	whole, grown, edges := c.split(span)
	total, err := c.stored(ctx, o, whole)
	if err != nil {
		return total, err
	}
	for _, month := range grown {
		cell, err := c.takenBack(ctx, o, month)
		if err != nil {
			return total, err
		}
		total.Merge(cell)
	}
	for _, edge := range edges {
		cell, err := c.count(ctx, o, edge)
		if err != nil {
			return total, err
		}
		total.Merge(cell)
	}
	return total, nil
}

// split parts span into whole months whose cells can be used, those that have grown
// after asOf, and the rest.
func (c *counting) split(span day.Period) (whole []day.Day, grown, edges []day.Period) {
	for _, m := range span.Months() {
		part := day.Period{From: max(m.From, span.From), To: min(m.To, span.To)}
		switch {
		case part.From != m.From || part.To != m.To && part.To < c.v.today:
			edges = append(edges, part)
		case c.grown[m.From] != nil:
			grown = append(grown, part)
		default:
			whole = append(whole, m.From)
		}
	}
	return whole, grown, edges
}

// count reads the records of o and everything below it.
func (c *counting) count(ctx context.Context, o id.Org, span day.Period) (total indicator.Cell, err error) {
	for r, err := range c.records(ctx, o, span) {
		if err != nil {
			return total, err
		}
		if x, counts := c.contribution(r); counts {
			total.Add(x)
		}
	}
	return total, nil
}

func (c *counting) contribution(r record.Record) (indicator.Contribution, bool) {
	return c.v.app.contribution(c.in, r)
}

// contribution works out what r adds to in, by the tolerance of its day.
func (a *App) contribution(in indicator.Indicator, r record.Record) (indicator.Contribution, bool) {
	tolerance, err := a.lib.Law.Book.At(ruleTolerance, r.On)
	if err != nil {
		return in.Contribute(r, 0, 0)
	}
	return in.Contribute(r, a.lateness(r), int(tolerance.Int()))
}

// isBranch reports whether o was a branch on d, and so has no cells.
func (c *counting) isBranch(o id.Org, d day.Day) (is bool) {
	c.v.app.read(func(g *register.Register) { is = g.Tree().Get(o).On(d).Kind.Basic() })
	return is
}
