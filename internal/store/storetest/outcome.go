package storetest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

// testFaults lets every statement of one append go wrong, one after the other,
// in every way, until an append comes through unharmed.
func testFaults(t *testing.T, fresh func(t *testing.T) store.Config) {
	for _, c := range []struct {
		name    string
		mode    Mode
		forever bool
	}{{"fails", Before, false}, {"fails from then on", Before, true}, {"is done and fails", After, false}} {
		t.Run("whatever "+c.name+", an append is whole or absent", func(t *testing.T) {
			n := 0
			for hit := true; hit; n++ {
				var complaint error
				if hit, complaint = inject(t, fresh(t), c.mode, n+1, c.forever); complaint != nil {
					t.Errorf("statement %d: %v", n+1, complaint)
				}
			}
			if n < 8 {
				t.Errorf("only %d statements were there to fail", n-1)
			}
		})
	}
	t.Run("a database that lies is found out", func(t *testing.T) {
		found := 0
		for n, hit := 1, true; hit; n++ {
			var complaint error
			if hit, complaint = inject(t, fresh(t), Lie, n, false); complaint != nil {
				found++
			}
		}
		if found < 4 {
			t.Errorf("only %d lies were noticed: the tests above could not fail", found)
		}
	})
}

// inject runs one append with a fault and looks what became of it.
func inject(t *testing.T, cfg store.Config, mode Mode, at int, forever bool) (hit bool, complaint error) {
	t.Helper()
	faults := &Faults{Driver: driverOf(cfg)}
	faulty := cfg
	faulty.Driver = faults
	db, err := store.Open(t.Context(), faulty)
	must(t, err)
	faults.Arm(mode, at, forever)
	outcome := db.Append(t.Context(), 0, batch(0))
	hit = faults.Disarm()
	_ = db.Close() // after a fault even this may fail
	db, err = store.Open(t.Context(), cfg)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	if complaint := Judge(t.Context(), db, outcome); complaint != nil {
		return hit, complaint
	}
	return hit, again(t, db)
}

func driverOf(cfg store.Config) driver.Driver {
	if cfg.Postgres != "" {
		return stdlib.GetDefaultDriver()
	}
	return &sqlite.Driver{}
}

// Judge compares what an append of [Batch] answered with what is there: all of
// it after success, nothing after failure, either after an unknown outcome.
func Judge(ctx context.Context, db *store.DB, outcome error) error {
	got, err := look(ctx, db)
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	none := cmp.Diff(contents{}, got, cmpopts.EquateEmpty())
	whole := cmp.Diff(wantState(batch(0)), got, cmpopts.EquateEmpty())
	switch {
	case none != "" && whole != "":
		return fmt.Errorf("half is there (%w): %s", orNil(outcome), whole)
	case outcome == nil && whole != "":
		return errors.New("acknowledged and not there")
	case outcome != nil && none != "" && !errors.Is(outcome, store.ErrUnknown):
		return fmt.Errorf("refused and there: %w", outcome)
	}
	return nil
}

func orNil(err error) error {
	if err == nil {
		return errors.New("acknowledged")
	}
	return err
}

// again does what a caller must: read where the log ends, and go on from there.
func again(t testing.TB, db *store.DB) error {
	t.Helper()
	have, _, err := db.Last(t.Context())
	if err == nil {
		err = db.Append(t.Context(), have, record.Batch{Records: Records(have, 1)})
	}
	if err != nil {
		return fmt.Errorf("the next append: %w", err)
	}
	return nil
}

// Batch is the append that [Judge] judges: something of everything, on an empty log.
func Batch() record.Batch { return batch(0) }
