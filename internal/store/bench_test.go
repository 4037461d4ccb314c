package store_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// engines are the databases to measure.
func engines(b *testing.B, run func(b *testing.B, cfg store.Config)) {
	b.Run("sqlite", func(b *testing.B) { run(b, store.Config{Dir: b.TempDir()}) })
	b.Run("postgres", func(b *testing.B) { run(b, store.Config{Postgres: storetest.Postgres(b)}) })
}

// BenchmarkAppend is the time of one record in batches of several sizes.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 32, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			engines(b, func(b *testing.B, cfg store.Config) {
				db := storetest.Open(b, cfg)
				records := storetest.Records(0, b.N)
				b.ResetTimer()
				for at := 0; at < b.N; at += size {
					batch := record.Batch{Records: records[at:min(at+size, b.N)]}
					if err := db.Append(b.Context(), int64(at), batch); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkCity is what a demonstration does once: 600,000 records of some 600
// bytes and 200,000 rows of a view, read again as at a cold start.
func BenchmarkCity(b *testing.B) {
	engines(b, func(b *testing.B, cfg store.Config) {
		db := storetest.Open(b, cfg)
		const records, rows, size = 600_000, 200_000, 5000
		filler := record.F("minutes", record.Text(fmt.Sprintf("%0500d", 0)))
		for b.Loop() {
			var appending time.Duration
			for at := range int64(records / size) {
				batch := record.Batch{Records: storetest.Records(at*size, size)}
				for i, r := range batch.Records {
					r.Fields = record.Of(append(r.Fields, filler)...)
					batch.Records[i] = r.Sealed(r.Salt, r.Blind)
				}
				for i := range int64(rows * size / records) {
					key := fmt.Sprint("p", at*rows*size/records+i)
					batch.Rows = append(batch.Rows, record.Row{View: "person", Key: key, Seq: at, Body: make([]byte, 300)})
				}
				began := spent(b)
				if err := db.Append(b.Context(), at*size, batch); err != nil {
					b.Fatal(err)
				}
				appending += spent(b) - began
			}
			b.ReportMetric(appending.Seconds(), "cpu-s/append")
			began := spent(b)
			for _, err := range db.View(b.Context(), "person") {
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((spent(b) - began).Seconds(), "cpu-s/view")
			began = spent(b)
			for _, err := range db.Raw(b.Context(), record.Query{}) {
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((spent(b) - began).Seconds(), "cpu-s/raw")
		}
	})
}

// spent is the processor time of this process so far. Of PostgreSQL that is
// the smaller part.
func spent(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkLookup is the time of a question for one row by somebody who may go away,
// as every request asks several.
func BenchmarkLookup(b *testing.B) {
	engines(b, func(b *testing.B, cfg store.Config) {
		db := storetest.Open(b, cfg)
		if err := db.Append(b.Context(), 0, record.Batch{Records: storetest.Records(0, 1000)}); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, _, err := db.Answer(b.Context(), 1, "a key"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
