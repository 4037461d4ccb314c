package storetest

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testFollower(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	march, april := day.Must("2026-03-01"), day.Must("2026-04-01")
	cell := func(o id.Org, month day.Day, sum int64, people ...uint32) store.Cell {
		c := indicator.Cell{Sum: sum}
		if len(people) > 0 {
			c.Set = roaring.BitmapOf(people...)
		}
		kept, err := store.NewCell("held", o, month, c)
		must(t, err)
		return kept
	}
	first := []store.Cell{cell(1, march, 3, 1, 2, 3), cell(1, april, 4), cell(2, march, 0, 190_000)}
	must(t, db.PutCells(t.Context(), "figures", 10, first))

	t.Run("cells come back as they were, by organisation and month", func(t *testing.T) {
		got, err := db.CellsOf(t.Context(), "held", []id.Org{2, 1, 3}, []day.Day{april, march})
		must(t, err)
		is(t, got, first)
		c, err := got[0].Cell()
		must(t, err)
		is(t, c.Set.ToArray(), []uint32{1, 2, 3})
		if c, err = got[1].Cell(); err != nil || c.Set != nil {
			t.Error("a set where there was none:", err)
		}
	})
	t.Run("cells and position move together, and never back", func(t *testing.T) {
		must(t, db.PutCells(t.Context(), "figures", 20, []store.Cell{cell(1, march, 9)}))
		fails(t, db.PutCells(t.Context(), "figures", 19, []store.Cell{cell(1, march, 1)}), record.ErrStale)
		fails(t, db.PutRows(t.Context(), "figures", 19, []record.Row{{View: "question", Key: "a", Body: []byte("x")}}), record.ErrStale)
		got, err := db.Cells(t.Context(), "held", 1, []day.Day{march})
		must(t, err)
		is(t, got, []store.Cell{cell(1, march, 9)})
		at, err := db.Position(t.Context(), "figures")
		must(t, err)
		is(t, at, int64(20))
	})
	t.Run("a reset begins anew", func(t *testing.T) {
		must(t, db.PutRows(t.Context(), "questions", 5, []record.Row{{View: "question", Key: "a", Body: []byte("x")}}))
		must(t, db.ResetRows(t.Context(), "questions", "question"))
		kept := 0
		for c, err := range db.AllCells(t.Context()) {
			must(t, err)
			kept++
			is(t, c.Figure, "held")
		}
		is(t, kept > 1, true)
		must(t, db.ResetCells(t.Context(), "figures"))
		for c := range db.AllCells(t.Context()) {
			t.Error("still there:", c)
		}
		for _, f := range []string{"figures", "questions"} {
			at, err := db.Position(t.Context(), f)
			must(t, err)
			is(t, at, int64(0))
		}
		got, err := db.Cells(t.Context(), "held", 1, []day.Day{march, april})
		must(t, err)
		is(t, len(got), 0)
	})
}
