package storetest

import (
	"errors"
	"strings"
	"testing"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testOpen(t *testing.T, fresh func(t *testing.T) store.Config) {
	t.Run("what was written is there after a restart", func(t *testing.T) {
		cfg := fresh(t)
		db, err := store.Open(t.Context(), cfg)
		must(t, err)
		must(t, db.Append(t.Context(), 0, batch(0)))
		must(t, db.Close())
		is(t, state(t, Open(t, cfg)), wantState(batch(0)))
	})
	t.Run("a closed store says so", func(t *testing.T) {
		db, err := store.Open(t.Context(), fresh(t))
		must(t, err)
		must(t, db.Close())
		fails(t, db.Append(t.Context(), 0, record.Batch{Records: Records(0, 1)}), store.ErrClosed)
		_, _, err = db.Last(t.Context())
		fails(t, err, store.ErrClosed)
		for _, err := range db.Read(t.Context(), record.Query{}) {
			fails(t, err, store.ErrClosed)
		}
	})
	t.Run("tables of a newer version are left alone", func(t *testing.T) {
		cfg := fresh(t)
		db, err := store.Open(t.Context(), cfg)
		must(t, err)
		must(t, db.Close())
		_, err = SQL(t, cfg).ExecContext(t.Context(), "INSERT INTO version (number) VALUES (999)")
		must(t, err)
		_, err = store.Open(t.Context(), cfg)
		fails(t, err, store.ErrNewer)
	})
	t.Run("a migration that stops half way begins anew", func(t *testing.T) {
		cfg := fresh(t)
		for at, hit := 1, true; hit; at++ {
			faults := &Faults{Driver: driverOf(cfg)}
			faulty := cfg
			faulty.Driver = faults
			faults.Arm(Before, at, true)
			db, err := store.Open(t.Context(), faulty)
			if hit = faults.Disarm(); err == nil {
				must(t, db.Close())
			} else if !errors.Is(err, ErrInjected) && !strings.Contains(err.Error(), ErrInjected.Error()) {
				t.Fatal(at, err)
			}
		}
		db := Open(t, cfg)
		must(t, db.Append(t.Context(), 0, batch(0)))
		is(t, state(t, db), wantState(batch(0)))
	})
}
