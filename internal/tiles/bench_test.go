package tiles

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"os"
	"testing"
	"time"

	"qingfeng/internal/seal"
)

// Entries of the size of a record's commitment.
func commitments(n int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = make([]byte, 220)
		for j := range 8 {
			list[i][j] = byte(i >> (8 * j))
		}
	}
	return list
}

const benchSize = 600_000

// BenchmarkBulk is a demo city: 600,000 leaves appended at once and published durably.
func BenchmarkBulk(b *testing.B) {
	list := commitments(benchSize)
	for range b.N {
		b.StopTimer()
		l := create(b, b.TempDir())
		b.StartTimer()
		if _, err := l.Append(context.Background(), list); err != nil {
			b.Fatal(err)
		}
		if _, err := l.Publish(context.Background(), noon.Add(time.Hour)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(benchSize)*float64(b.N)/b.Elapsed().Seconds(), "leaves/s")
}

// BenchmarkPublish is a quiet second: one record, one durable checkpoint.
func BenchmarkPublish(b *testing.B) {
	l := create(b, b.TempDir())
	grow(b, l, 100_000)
	for b.Loop() {
		grow(b, l, l.Size()+1)
	}
}

// BenchmarkCheck compares a whole check with plain SHA-256 over the same bytes, on one core and on all.
func BenchmarkCheck(b *testing.B) {
	l := create(b, b.TempDir())
	if _, err := l.Append(context.Background(), commitments(benchSize)); err != nil {
		b.Fatal(err)
	}
	if _, err := l.Publish(context.Background(), noon.Add(time.Hour)); err != nil {
		b.Fatal(err)
	}
	fsys := os.DirFS(l.Dir().root.Name())
	for name, workers := range map[string]int{"one worker": 1, "all cores": 0} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := Check(context.Background(), fsys, Options{Trust: l.Trust(), Workers: workers})
				if err != nil || len(r.Faults) > 0 {
					b.Fatal(r.Faults, err)
				}
				b.SetBytes(r.Bytes)
			}
		})
	}
	b.Run("raw SHA-256, one core", func(b *testing.B) {
		for b.Loop() {
			b.SetBytes(hashAll(b, fsys))
		}
	})
}

// BenchmarkReceipt makes receipts from the files.
func BenchmarkReceipt(b *testing.B) {
	l := create(b, b.TempDir())
	grow(b, l, 100_000)
	i := int64(0)
	for b.Loop() {
		i = (i + 7919) % 100_000
		if _, err := l.Dir().Receipt(l.Trust(), i, i+1, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func hashAll(b *testing.B, fsys fs.FS) (size int64) {
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		_ = sha256.Sum256(data)
		size += int64(len(data))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}

var _ seal.TileReader = (*Dir)(nil)
