// Package storetest is what every database must promise, as tests. The tests
// of package store run it on SQLite and on PostgreSQL; what only one of them
// can do is tested there.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

// Run runs the suite. fresh must return the address of an empty database that
// goes with the test.
func Run(t *testing.T, fresh func(t *testing.T) store.Config) {
	for _, part := range []struct {
		name string
		run  func(t *testing.T, fresh func(t *testing.T) store.Config)
	}{
		{"append", testAppend},
		{"writers", testWriters},
		{"read", testRead},
		{"view", testView},
		{"erase", testErase},
		{"guards", testGuards},
		{"snapshot", testSnapshot},
		{"follower", testFollower},
		{"account", testAccount},
		{"session", testSession},
		{"trail", testTrail},
		{"checkin", testCheckin},
		{"attachment", testAttachment},
		{"outbox", testOutbox},
		{"setting", testSetting},
		{"faults", testFaults},
		{"open", testOpen},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, fresh) })
	}
}

// Open opens a store and closes it with the test.
func Open(t testing.TB, cfg store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return db
}

// Epoch is when the records of these tests begin.
var Epoch = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// Records makes n sealed records numbered from have+1, a microsecond apart.
func Records(have int64, n int) []record.Record {
	rs := make([]record.Record, n)
	for i := range rs {
		rs[i] = Record(have + 1 + int64(i))
	}
	return rs
}

// Record makes the record numbered seq: of one of seven organisations and one
// of three kinds, three records to a matter.
func Record(seq int64) record.Record {
	r := record.Record{
		Seq:     seq,
		Time:    Epoch.Add(time.Duration(seq) * time.Microsecond),
		On:      day.Must("2026-01-01").AddDays(int(seq % 60)),
		Actor:   id.Person(seq%5 + 1),
		Role:    "branch.secretary",
		Org:     id.Org(seq%7 + 1),
		Matter:  id.Begun(seq - (seq-1)%3),
		Kind:    []string{"theme_day.plan", "theme_day.hold", "theme_day.close"}[seq%3],
		Edition: day.Must("2025-01-01"),
		Fields: record.Of(
			record.F("topic", record.Text(fmt.Sprintf("第%d次主题党日", seq))),
			record.F("people", record.People{{Person: id.Person(seq%5 + 1), State: record.Present, Means: record.ByList}}),
		),
	}
	return r.Sealed(fmt.Appendf(nil, "salt %11d", seq), fmt.Appendf(nil, "blind %10d", seq))
}

// is compares what came with what should.
func is(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// fails checks that err is want.
func fails(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// must ends the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// all reads what q selects.
func all(ctx context.Context, t *testing.T, from record.Reader, q record.Query) (rs []record.Record) {
	t.Helper()
	for r, err := range from.Read(ctx, q) {
		must(t, err)
		rs = append(rs, r)
	}
	return rs
}

// Random returns n random bytes.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// SQL opens the database of a store past the store, as an operator with a
// console would.
func SQL(t testing.TB, cfg store.Config) *sql.DB {
	t.Helper()
	driver, address := "pgx", cfg.Postgres
	if cfg.Postgres == "" {
		driver, address = "sqlite", filepath.Join(cfg.Dir, store.File)+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, address)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}
