package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testAppend(t *testing.T, fresh func(t *testing.T) store.Config) {
	t.Run("what was appended is read back", func(t *testing.T) {
		db := Open(t, fresh(t))
		want := Records(0, 300)
		must(t, db.Append(t.Context(), 0, record.Batch{Records: want}))
		if diff := cmp.Diff(want, all(t.Context(), t, db, record.Query{})); diff != "" {
			t.Error(diff)
		}
		if seq, at, err := db.Last(t.Context()); seq != 300 || !at.Equal(want[299].Time) || err != nil {
			t.Error("last:", seq, at, err)
		}
	})
}
