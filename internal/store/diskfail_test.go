package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// troubles are the ways in which a disk fails.
func troubles() map[string]trouble {
	return map[string]trouble{
		"full":                 {code: sqlite3.FULL},
		"full from then on":    {code: sqlite3.FULL, forever: true, half: true},
		"a write fails":        {code: sqlite3.IOERR_WRITE, half: true},
		"a sync fails":         {code: sqlite3.IOERR_FSYNC},
		"dead from then on":    {code: sqlite3.IOERR_FSYNC, forever: true},
		"dead half way within": {code: sqlite3.IOERR_WRITE, forever: true, half: true},
	}
}

func TestADiskThatFailsUnderAnAppend(t *testing.T) {
	for name, with := range troubles() {
		t.Run(name, func(t *testing.T) {
			n := 0
			for hit := true; hit; n++ {
				var complaint error
				if hit, complaint = appendOnto(t, with, n+1); complaint != nil {
					t.Errorf("operation %d: %v", n+1, complaint)
				}
			}
			if n < 5 {
				t.Errorf("the disk was asked for only %d things", n-1)
			}
		})
	}
	t.Run("a disk that lies is found out", func(t *testing.T) {
		found := 0
		for n, hit := 1, true; hit; n++ {
			var complaint error
			if hit, complaint = appendOnto(t, trouble{lies: true}, n); complaint != nil {
				found++
			}
		}
		if found == 0 {
			t.Error("no lie was noticed: the tests above could not fail")
		}
	})
}

// appendOnto appends while the disk fails at one operation, and judges what the
// store finds when the process goes on, and what it would find after a crash.
func appendOnto(t *testing.T, with trouble, at int) (hit bool, complaint error) {
	t.Helper()
	d, on := newDisk(t, with)
	cfg := store.Config{Dir: t.TempDir(), Driver: on}
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	d.arm(at)
	outcome := db.Append(t.Context(), 0, storetest.Batch())
	hit = d.disarm()
	crashed := store.Config{Dir: copyOf(t, cfg.Dir)}
	living := goOn(t, db, outcome)
	_ = db.Close() // it may still suffer
	return hit, errors.Join(living, judgeAfresh(t, crashed, outcome))
}

// goOn checks the promises to the process that goes on: after a failed disk it
// reads and does not write; after a full one it does both.
func goOn(t *testing.T, db *store.DB, outcome error) error {
	t.Helper()
	if !errors.Is(outcome, store.ErrUnknown) {
		if err := storetest.Judge(t.Context(), db, outcome); err != nil {
			return fmt.Errorf("in the same process: %w", err)
		}
	}
	have, _, err := db.Last(t.Context())
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	next := db.Append(t.Context(), have, record.Batch{Records: storetest.Records(have, 1)})
	if errors.Is(outcome, store.ErrBroken) {
		if !errors.Is(next, fault.ReadOnly) {
			return fmt.Errorf("writes on after the disk failed: %w", errors.Join(outcome, next))
		}
		return nil
	}
	if next != nil {
		return fmt.Errorf("does not go on: %w", next)
	}
	return nil
}

func judgeAfresh(t *testing.T, cfg store.Config, outcome error) error {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		return fmt.Errorf("after a crash: %w", err)
	}
	defer db.Close()
	if err := storetest.Judge(t.Context(), db, outcome); err != nil {
		return fmt.Errorf("after a crash: %w", err)
	}
	return nil
}

// copyOf is the directory as a crash would leave it now.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{store.File, store.File + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestADiskThatFailsUnderACheckpoint(t *testing.T) {
	for name, with := range troubles() {
		t.Run(name, func(t *testing.T) {
			n := 0
			for hit := true; hit; n++ {
				d, on := newDisk(t, with)
				cfg := store.Config{Dir: t.TempDir(), Driver: on}
				db, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				outcome := db.Append(t.Context(), 0, storetest.Batch())
				d.arm(n + 1)
				_ = db.Close() // moves the log into the file, or fails to
				hit = d.disarm()
				if err := judgeAfresh(t, store.Config{Dir: cfg.Dir}, outcome); err != nil {
					t.Errorf("operation %d: %v", n+1, err)
				}
			}
			if n < 5 {
				t.Errorf("the disk was asked for only %d things", n-1)
			}
		})
	}
}

// TestAFullDiskIsNoDisaster: with no page left the store refuses, reads, and
// goes on when there is room again.
func TestAFullDiskIsNoDisaster(t *testing.T) {
	d, on := newDisk(t, trouble{code: sqlite3.FULL, forever: true})
	db := storetest.Open(t, store.Config{Dir: t.TempDir(), Driver: on})
	d.arm(1)
	for range 3 {
		err := db.Append(t.Context(), 0, storetest.Batch())
		if err == nil || errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrBroken) || !strings.Contains(err.Error(), "full") {
			t.Fatal("a full disk:", err)
		}
	}
	d.disarm()
	if err := db.Append(t.Context(), 0, storetest.Batch()); err != nil {
		t.Fatal("room again:", err)
	}
	if err := storetest.Judge(t.Context(), db, nil); err != nil {
		t.Error(err)
	}
}
