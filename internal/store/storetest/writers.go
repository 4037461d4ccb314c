package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"qingfeng/internal/account"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testWriters(t *testing.T, fresh func(t *testing.T) store.Config) {
	t.Run("sixteen writers leave no gap and lose nothing", func(t *testing.T) {
		cfg := fresh(t)
		dbs := []*store.DB{Open(t, cfg)}
		if cfg.Postgres != "" { // as several processes would
			dbs = append(dbs, Open(t, cfg), Open(t, cfg))
		}
		const writers, each = 16, 20
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for n := range each {
					if err := appendOne(t, dbs[w%len(dbs)], fmt.Sprint(w, " ", n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		seen := map[string]bool{}
		next := int64(1)
		for r, err := range dbs[0].Read(t.Context(), record.Query{}) {
			must(t, err)
			if r.Seq != next {
				t.Fatalf("record %d comes where %d should", r.Seq, next)
			}
			next++
			seen[r.Fields.Text("who")] = true
		}
		is(t, len(seen), writers*each)
		is(t, next, int64(writers*each+1))
	})
	t.Run("a write that fails hurts none beside it", func(t *testing.T) {
		db := Open(t, fresh(t))
		var all sync.WaitGroup
		for w := range 32 {
			all.Go(func() {
				err := db.SaveAccount(t.Context(), account.Account{Person: 1, Version: int64(w % 2 * 5), Name: "a"})
				if w%2 == 1 && !errors.Is(err, account.ErrMoved) {
					t.Error("a version that never was went through:", err)
				}
				if err := db.SaveSetting(t.Context(), fmt.Sprint(w), []byte{byte(w)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for w := range 32 {
			v, err := db.Setting(t.Context(), fmt.Sprint(w))
			must(t, err)
			is(t, v, []byte{byte(w)})
		}
	})
}

// appendOne appends a record as somebody does who reads first and tries again
// when others were quicker.
func appendOne(t *testing.T, db *store.DB, who string) error {
	for {
		have, at, err := db.Last(t.Context())
		if err != nil {
			return err
		}
		r := Record(have + 1)
		if r.Time.Before(at) {
			r.Time = at
		}
		r.Fields = record.Of(record.F("who", record.Text(who)))
		err = db.Append(t.Context(), have, record.Batch{Records: []record.Record{r.Sealed(r.Salt, r.Blind)}})
		if !errors.Is(err, record.ErrStale) {
			return err
		}
	}
}
