package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
)

// A Cell is a figure of one organisation in one month, as it is kept.
type Cell struct {
	Figure string
	Org    id.Org
	Month  day.Day // its first day
	Sum    int64
	People []byte // the set, serialised; empty where the figure has none
}

// NewCell packs a cell to be kept.
func NewCell(figure string, o id.Org, month day.Day, c indicator.Cell) (Cell, error) {
	kept := Cell{Figure: figure, Org: o, Month: month, Sum: c.Sum}
	if c.Set == nil {
		return kept, nil
	}
	c.Set.RunOptimize()
	var err error
	if kept.People, err = c.Set.ToBytes(); err != nil {
		return Cell{}, fmt.Errorf("cell %s %s %s: %w", figure, o, month, err)
	}
	return kept, nil
}

// Cell unpacks c. The set is its own.
func (c Cell) Cell() (indicator.Cell, error) {
	if len(c.People) == 0 {
		return indicator.Cell{Sum: c.Sum}, nil
	}
	set := roaring.New()
	if err := set.UnmarshalBinary(c.People); err != nil {
		return indicator.Cell{}, fmt.Errorf("cell %s %s %s: %w", c.Figure, c.Org, c.Month, err)
	}
	return indicator.Cell{Sum: c.Sum, Set: set}, nil
}

// CompareCells orders cells as they are kept, which is the quickest order to
// write them in.
func CompareCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Figure, b.Figure), cmp.Compare(a.Org, b.Org), cmp.Compare(a.Month, b.Month))
}

var (
	intoCell     = into("cell", `figure' org# month# sum# people*`, "ON CONFLICT (region, figure, org, month) DO UPDATE SET sum = excluded.sum, people = excluded.people")
	intoPosition = into("position", `follower' seq#`, "ON CONFLICT (region, follower) DO UPDATE SET seq = excluded.seq WHERE position.seq <= excluded.seq")
)

// Position returns the last record that a follower has done with, or 0.
func (d *DB) Position(ctx context.Context, follower string) (int64, error) {
	return position(ctx, d, follower)
}

// Position is as [DB.Position], of the moment of the snapshot.
func (s *Snapshot) Position(ctx context.Context, follower string) (int64, error) {
	return position(ctx, s, follower)
}

func position(ctx context.Context, from source, follower string) (seq int64, err error) {
	err = from.row(ctx, "SELECT seq FROM position WHERE region = $1 AND follower = $2", []any{from.region(), follower}, &seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("position of %s: %w", follower, err)
	}
	return seq, nil
}

// PutCells writes cells and the follower's new position, all or nothing. A
// position behind the one kept is refused with [record.ErrStale]: somebody else
// follows under the same name.
func (d *DB) PutCells(ctx context.Context, follower string, at int64, cells []Cell) error {
	return d.follow(ctx, follower, at, func(t *tx) error {
		rows := make([][]any, len(cells))
		for i, c := range cells {
			people := c.People
			if people == nil {
				people = []byte{}
			}
			rows[i] = []any{t.region(), c.Figure, int64(c.Org), int64(c.Month), c.Sum, people}
		}
		return t.put(intoCell, each(rows))
	})
}

// PutRows is PutCells for rows of a view that no decision needs.
func (d *DB) PutRows(ctx context.Context, follower string, at int64, rows []record.Row) error {
	return d.follow(ctx, follower, at, func(t *tx) error { return t.putView(record.Batch{Rows: rows}) })
}

func (d *DB) follow(ctx context.Context, follower string, at int64, do func(*tx) error) error {
	err := d.write(ctx, func(t *tx) error {
		n, err := t.changed(intoPosition.each, t.region(), follower, at)
		if err == nil && n == 0 {
			err = record.ErrStale
		}
		if err != nil {
			return err
		}
		return do(t)
	})
	if err != nil {
		return fmt.Errorf("follower %s at %d: %w", follower, at, err)
	}
	return nil
}

// ResetCells removes every cell, also of figures that nobody knows any more, and sets
// their follower back to the beginning: what stayed would be counted twice.
func (d *DB) ResetCells(ctx context.Context, follower string) error {
	return d.reset(ctx, follower, func(t *tx) error {
		_, err := t.exec("DELETE FROM cell WHERE region = $1", t.region())
		return err
	})
}

// ResetRows removes the views that a follower writes and sets it back to the
// beginning.
func (d *DB) ResetRows(ctx context.Context, follower string, views ...string) error {
	return d.reset(ctx, follower, func(t *tx) error {
		for _, name := range views {
			if _, err := t.exec("DELETE FROM view WHERE region = $1 AND name = $2", t.region(), name); err != nil {
				return err
			}
		}
		return nil
	})
}

// reset removes what a follower wrote, and its position with it.
func (d *DB) reset(ctx context.Context, follower string, remove func(*tx) error) error {
	err := d.write(ctx, func(t *tx) error {
		if err := remove(t); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM position WHERE region = $1 AND follower = $2", t.region(), follower)
		return err
	})
	if err != nil {
		return fmt.Errorf("reset follower %s: %w", follower, err)
	}
	return nil
}

// Cells returns the cells of a figure for one organisation in some months, by
// month. There is none where nothing was counted.
func (d *DB) Cells(ctx context.Context, figure string, o id.Org, months []day.Day) ([]Cell, error) {
	return d.CellsOf(ctx, figure, []id.Org{o}, months)
}

// CellsOf is Cells for several organisations, by organisation and month.
func (d *DB) CellsOf(ctx context.Context, figure string, orgs []id.Org, months []day.Day) ([]Cell, error) {
	numbers := make([]int64, len(months))
	for i, m := range months {
		numbers[i] = int64(m)
	}
	text := "SELECT figure, org, month, sum, people FROM cell WHERE region = $1 AND figure = $2 AND " +
		d.dialect.among("org", 3) + " AND " + d.dialect.among("month", 4)
	cells, err := list(ctx, d, scanCell, text, d.region(), figure, d.dialect.list(orgNumbers(orgs)), d.dialect.list(numbers))
	if err != nil {
		return nil, fmt.Errorf("cells of %s: %w", figure, err)
	}
	slices.SortFunc(cells, CompareCells)
	return cells, nil
}

// AllCells yields every cell that is kept. The query stays open until the caller has
// them all.
func (d *DB) AllCells(ctx context.Context) iter.Seq2[Cell, error] {
	return query(ctx, d, scanCell, "SELECT figure, org, month, sum, people FROM cell WHERE region = $1", d.region())
}

func scanCell(rows *sql.Rows) (c Cell, err error) {
	var o, month int64
	err = rows.Scan(&c.Figure, &o, &month, &c.Sum, &c.People)
	c.Org, c.Month = id.Org(o), day.Day(month)
	return c, err
}
