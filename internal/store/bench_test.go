package store_test

import (
	"fmt"
	"testing"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 32, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			records := storetest.Records(0, b.N)
			rows := make([]record.Row, b.N)
			b.ResetTimer()
			for at := 0; at < b.N; at += size {
				end := min(at+size, b.N)
				if err := db.Append(b.Context(), int64(at), record.Batch{Records: records[at:end], Rows: rows[at:at]}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
