package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testRead(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	every := Records(0, 6000) // more than is fetched at a time
	must(t, db.Append(t.Context(), 0, record.Batch{Records: every}))

	t.Run("every condition selects as Match does", func(t *testing.T) {
		for _, q := range queries() {
			var want []record.Record
			for _, r := range every {
				if q.Match(r) {
					want = append(want, r)
				}
			}
			if q.Backwards {
				slices.Reverse(want)
			}
			if q.Limit > 0 {
				want = want[:min(q.Limit, len(want))]
			}
			if got := all(t.Context(), t, db, q); !slices.EqualFunc(got, want, func(a, b record.Record) bool { return a.Seq == b.Seq }) {
				t.Errorf("%+v: %d records, want %d", q, len(got), len(want))
			}
		}
	})
	t.Run("raw records carry the bytes that were sealed", func(t *testing.T) {
		n := 0
		for r, err := range db.Raw(t.Context(), record.Query{}) {
			must(t, err)
			if string(r.Digest) != string(record.FieldsDigest(r.Salt, r.Canon)) {
				t.Fatal("digest of record", r.Seq)
			}
			n++
		}
		is(t, n, len(every))
	})
	t.Run("a reader may read while it reads, and stop when it likes", func(t *testing.T) {
		n := 0
		for r, err := range db.Read(t.Context(), record.Query{}) {
			must(t, err)
			for inner, err := range db.Read(t.Context(), record.Query{Matter: r.Matter}) {
				must(t, err)
				is(t, inner.Matter, r.Matter)
			}
			if n++; n == 100 {
				break
			}
		}
	})
	t.Run("a reader who gives up is told", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for r, err := range db.Read(ctx, record.Query{}) {
			if last = err; err == nil && r.Seq == 10 {
				cancel()
			}
		}
		fails(t, last, context.Canceled)
	})
	t.Run("regions do not see each other", func(t *testing.T) {
		cfg := fresh(t)
		if cfg.Postgres == "" {
			t.Log("one file is one region")
			return
		}
		one, cfg2 := Open(t, cfg), cfg
		cfg2.Region = 2
		two := Open(t, cfg2)
		must(t, one.Append(t.Context(), 0, batch(0)))
		is(t, state(t, two), contents{})
		must(t, two.Append(t.Context(), 0, batch(0)))
		is(t, state(t, one), wantState(batch(0)))
	})
}

func queries() []record.Query {
	whole := []record.Query{
		{}, {Matter: "m1"}, {Matter: "m5998"}, {Matter: "m2"}, {Kinds: []string{"theme_day.hold"}}, {Kinds: []string{"theme_day.hold", "theme_day.close"}},
		{Orgs: []id.Org{3}}, {Orgs: []id.Org{1, 2, 5}}, {Orgs: []id.Org{99}},
		{During: day.Period{From: day.Must("2026-01-20"), To: day.Must("2026-01-25")}},
		{During: day.Period{From: day.Must("2026-02-20")}}, {During: day.Period{To: day.Must("2026-01-02")}},
		{After: 5990}, {UpTo: 7}, {After: 100, UpTo: 103}, {After: 7000},
		{Orgs: []id.Org{2, 3}, Kinds: []string{"theme_day.plan", "theme_day.close"}, During: day.Must("2026-02-01").Month(), After: 50, UpTo: 5000},
	}
	var qs []record.Query
	for _, q := range whole {
		for _, limit := range []int{0, 1, 64, 65, 3000} {
			for _, back := range []bool{false, true} {
				q.Limit, q.Backwards = limit, back
				qs = append(qs, q)
			}
		}
	}
	return qs
}

func testView(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	var rows []record.Row
	for i := range 5000 {
		rows = append(rows, record.Row{View: "person", Key: fmt.Sprintf("p%04d", i), Seq: 1, Body: fmt.Appendf(nil, "body %d", i)})
	}
	must(t, db.Append(t.Context(), 0, record.Batch{Rows: rows}))
	view := func(name string) (got []record.Row) {
		for r, err := range db.View(t.Context(), name) {
			must(t, err)
			got = append(got, r)
		}
		return got
	}
	t.Run("rows come by rising key", func(t *testing.T) { is(t, view("person"), rows) })
	t.Run("a row is replaced, a nil body removes it", func(t *testing.T) {
		must(t, db.Append(t.Context(), 0, record.Batch{Rows: []record.Row{
			{View: "person", Key: "p0000", Seq: 9, Body: []byte("new")}, {View: "person", Key: "p0001", Seq: 9}, {View: "person", Key: "nobody", Seq: 9},
		}}))
		got, found, err := db.Row(t.Context(), "person", "p0000")
		must(t, err)
		is(t, found, true)
		is(t, got, record.Row{View: "person", Key: "p0000", Seq: 9, Body: []byte("new")})
		if _, found, err := db.Row(t.Context(), "person", "p0001"); found || err != nil {
			t.Error(found, err)
		}
		is(t, len(view("person")), 4999)
	})
	t.Run("rows under a prefix", func(t *testing.T) {
		n := 0
		for r, err := range db.RowsUnder(t.Context(), "person", "p12") {
			must(t, err)
			is(t, r.Key[:3], "p12")
			n++
		}
		is(t, n, 100)
	})
	t.Run("a view is cleared, others stay", func(t *testing.T) {
		must(t, db.Append(t.Context(), 0, record.Batch{Rows: []record.Row{{View: "org", Key: "o1", Body: []byte("x")}}}))
		must(t, db.ClearView(t.Context(), "person"))
		is(t, len(view("person")), 0)
		is(t, len(view("org")), 1)
	})
}
