package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// The followers, by the names under which their positions are kept.
const (
	followerFigures   = "figures"
	followerQuestions = "questions"
	followerWriter    = "writer" // no follower: what it writes when it tries whether it can
)

const (
	followAtOnce = 4096 // records taken at once
	flushCells   = 20_000
	keptCells    = 30_000 // stay in memory after they were written
	// flushAfter is how long figures may lag behind while records keep coming.
	flushAfter = 700 * time.Millisecond
	// flushEvery is the least time from one writing of a follower that has caught up to
	// its next: each waits for the disk that acts are waiting for.
	flushEvery = 200 * time.Millisecond
)

// FollowFigures keeps the cells of all figures up to date until ctx ends. Cells
// and position are written together, so a crash repeats nothing and skips nothing.
func (a *App) FollowFigures(ctx context.Context) error {
	f, err := a.newFigures(ctx)
	if err != nil {
		return err
	}
	for {
		records, err := a.After(ctx, f.at, followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, f.flush(context.WithoutCancel(ctx)), err)
		}
		for _, r := range records {
			if err := f.take(ctx, r); err != nil {
				return fmt.Errorf("figures: record %d: %w", r.Seq, err)
			}
		}
		if f.at >= a.Size() || len(f.dirty) >= flushCells || a.now().Sub(f.flushed) > flushAfter {
			if err := f.flush(ctx); err != nil {
				return fmt.Errorf("figures: %w", err)
			}
			if f.at >= a.Size() && !pause(ctx, flushEvery) {
				return nil
			}
		}
	}
}

// KeepReading returns a follower that never ends the service: what is there can still
// be read. What fails for now, as on a full disk, is begun again from the position that
// was kept; where the disk takes nothing more, the writing is stopped instead.
func (a *App) KeepReading(follow func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			err := follow(ctx)
			if err == nil || ctx.Err() != nil {
				return nil
			}
			if errors.Is(err, fault.ReadOnly) {
				a.StopWriting(&fault.Stop{Why: "stop.disk", Err: err})
				return nil
			}
			a.log.Error("a follower begins again", "err", err)
			if !pause(ctx, tryEvery) {
				return nil
			}
		}
	}
}

// errUnlessDone returns the error of a follower that was not simply told to stop.
func errUnlessDone(ctx context.Context, flush, err error) error {
	if ctx.Err() != nil {
		return flush
	}
	return err
}

// figures is the state of the follower: the cells changed since the last flush, and
// those written lately, since the next record most likely changes one of them.
type figures struct {
	app     *App
	at      int64
	flushed time.Time
	dirty   map[cellKey]*indicator.Cell
	written map[cellKey]*indicator.Cell // as they are in the store
	byKind  map[string][]indicator.Indicator
	fresh   bool // count from nothing, and not on top of what is stored
}

// A cellKey names one cell: the figure of an organisation in a month.
type cellKey struct {
	figure string
	org    id.Org
	month  day.Day
}

func (a *App) newFigures(ctx context.Context) (*figures, error) {
	at, err := a.store.Position(ctx, followerFigures)
	if err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	f := &figures{
		app: a, at: at, flushed: a.now(), byKind: map[string][]indicator.Indicator{},
		dirty: map[cellKey]*indicator.Cell{}, written: map[cellKey]*indicator.Cell{},
	}
	for _, in := range a.lib.Indicators {
		for _, kind := range in.With {
			f.byKind[kind] = append(f.byKind[kind], in)
		}
	}
	return f, nil
}

// take adds r to the cells of every organisation above the one it concerns. A
// branch has no cells: its figures are counted from its own records.
func (f *figures) take(ctx context.Context, r record.Record) error {
	f.at = r.Seq
	if r.Corrects != 0 {
		return f.recount(ctx, r.Corrects, r)
	}
	switch f.app.effect(r) {
	case "record.erase":
		return f.recount(ctx, r.Fields.Number("record"), r)
	case "org.move", "org.change":
		if err := f.replant(ctx, r); err != nil {
			return err
		}
	}
	counted := f.byKind[r.Kind]
	if len(counted) == 0 {
		return nil
	}
	above := f.above(r)
	for _, in := range counted {
		x, counts := f.app.contribution(in, r)
		if !counts {
			continue
		}
		for _, o := range above {
			cell, err := f.cell(ctx, cellKey{in.ID, o, r.On.Month().From})
			if err != nil {
				return err
			}
			cell.Add(x)
		}
	}
	return nil
}

// above returns the organisations whose cells r adds to: on the way up, as the tree
// was on the day, all that were no branches then.
func (f *figures) above(r record.Record) (above []id.Org) {
	f.app.read(func(g *register.Register) {
		for _, o := range g.Tree().Path(r.Org, r.On) {
			if !g.Tree().Get(o).On(r.On).Kind.Basic() {
				above = append(above, o)
			}
		}
	})
	return above
}

// cell returns a cell to be changed, read from the store at the first touch.
func (f *figures) cell(ctx context.Context, k cellKey) (*indicator.Cell, error) {
	if c, ok := f.dirty[k]; ok {
		return c, nil
	}
	if f.fresh {
		f.dirty[k] = &indicator.Cell{}
		return f.dirty[k], nil
	}
	if c, ok := f.written[k]; ok {
		f.dirty[k] = c
		return c, nil
	}
	c, err := f.app.storedCell(ctx, k)
	if err != nil {
		return nil, err
	}
	f.dirty[k] = &c
	return &c, nil
}

// recount counts anew the cells that record old had added to, now that r set it
// right or erased it: what a set has taken in cannot be taken out again.
func (f *figures) recount(ctx context.Context, old int64, r record.Record) error {
	was, err := f.app.Record(ctx, old)
	if err != nil {
		return err
	}
	for _, in := range f.byKind[was.Kind] {
		for _, one := range []record.Record{was, r} {
			month := one.On.Month()
			for _, o := range f.above(record.Record{Org: was.Org, On: one.On}) {
				c := &counting{v: &Visit{app: f.app, today: f.app.Today()}, in: in, period: month, asOf: r.Seq}
				cell, err := c.count(ctx, o, month)
				if err != nil {
					return err
				}
				f.dirty[cellKey{in.ID, o, month.From}] = &cell
			}
		}
	}
	return nil
}

// replant counts anew whatever r, which moved an organisation or changed its kind,
// gave to other superiors: from the month of the change on, and r may have been
// written down long after.
func (f *figures) replant(ctx context.Context, r record.Record) error {
	o, _ := r.Matter.Org()
	var moved []id.Org
	f.app.read(func(g *register.Register) {
		before, after := g.Tree().Path(o, r.On-1), g.Tree().Path(o, r.On)
		for _, x := range append(before, after...) {
			if x == o || slices.Contains(before, x) != slices.Contains(after, x) {
				moved = append(moved, x)
			}
		}
	})
	slices.Sort(moved)
	for _, month := range (day.Period{From: r.On, To: f.app.Today()}).Months() {
		for _, x := range slices.Compact(moved) {
			if err := f.recountMonth(ctx, x, month, r.Seq); err != nil {
				return err
			}
		}
	}
	return nil
}

// recountMonth counts the cells of organisation o in month anew, up to record asOf.
func (f *figures) recountMonth(ctx context.Context, o id.Org, month day.Period, asOf int64) error {
	for _, in := range f.app.lib.Indicators {
		if !in.Measure.FromRecords() {
			continue
		}
		c := &counting{v: &Visit{app: f.app, today: f.app.Today()}, in: in, period: month, asOf: asOf}
		cell, err := c.count(ctx, o, month)
		if err != nil {
			return err
		}
		if c.isBranch(o, month.From) {
			cell = indicator.Cell{} // a branch has no cells
		}
		f.dirty[cellKey{in.ID, o, month.From}] = &cell
	}
	return nil
}

// flush writes the changed cells and the position, in one transaction.
func (f *figures) flush(ctx context.Context) error {
	cells := make([]store.Cell, 0, len(f.dirty))
	for k, c := range f.dirty {
		kept, err := store.NewCell(k.figure, k.org, k.month, *c)
		if err != nil {
			return err
		}
		cells = append(cells, kept)
	}
	slices.SortFunc(cells, store.CompareCells)
	if err := f.app.store.PutCells(ctx, followerFigures, f.at, cells); err != nil {
		return err
	}
	if len(f.written)+len(f.dirty) > keptCells {
		clear(f.written)
	}
	maps.Copy(f.written, f.dirty)
	clear(f.dirty)
	f.flushed = f.app.now()
	return nil
}
