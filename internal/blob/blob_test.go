package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"qingfeng/internal/fault"
)

func TestStores(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) Store{
		"disk": func(t *testing.T) Store { return openDisk(t, t.TempDir()) },
		"s3":   func(t *testing.T) Store { _, s := serve(t); return s },
	} {
		t.Run(name, func(t *testing.T) { suite(t, open(t)) })
	}
}

func suite(t *testing.T, s Store) {
	ctx := t.Context()
	t.Run("what was kept comes back", func(t *testing.T) {
		for _, size := range []int{0, 1, 4096, 3 << 20} {
			want := bytes.Repeat([]byte("照"), size/3+1)[:size]
			kept, err := s.Put(ctx, bytes.NewReader(want))
			if err != nil || kept != (Kept{hashOf(want), int64(size)}) {
				t.Fatal(size, kept, err)
			}
			if got := read(t, s, kept.Hash); !bytes.Equal(got, want) {
				t.Error(size, "bytes came back as", len(got))
			}
			if n, err := s.Stat(ctx, kept.Hash); n != int64(size) || err != nil {
				t.Error("stat:", n, err)
			}
		}
	})
	t.Run("a reader that stands elsewhere is read from its beginning", func(t *testing.T) {
		r := strings.NewReader("begin end")
		if _, err := r.Seek(5, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		kept, err := s.Put(ctx, r)
		if err != nil || kept.Hash != hashOf([]byte("begin end")) {
			t.Error(kept, err)
		}
	})
	t.Run("many keep the same at once", func(t *testing.T) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := s.Put(ctx, strings.NewReader("same")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := read(t, s, hashOf([]byte("same"))); string(got) != "same" {
			t.Errorf("%q", got)
		}
	})
	t.Run("what is not there is not found", func(t *testing.T) {
		for _, hash := range []string{hashOf([]byte("never")), "", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63) + "/"} {
			_, get := s.Get(ctx, hash)
			_, stat := s.Stat(ctx, hash)
			if !errors.Is(get, fault.NotFound) || !errors.Is(stat, fault.NotFound) {
				t.Errorf("%q: %v, %v", hash, get, stat)
			}
			if err := s.Delete(ctx, hash); err != nil {
				t.Errorf("delete %q: %v", hash, err)
			}
		}
	})
	t.Run("all are listed, and what was removed is gone", func(t *testing.T) {
		gone, err := s.Put(ctx, strings.NewReader("to be erased"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(list(t, s), gone.Hash) {
			t.Error("not listed")
		}
		if err := s.Delete(ctx, gone.Hash); err != nil {
			t.Error(err)
		}
		if all := list(t, s); slices.Contains(all, gone.Hash) || len(all) < 5 || !slices.IsSorted(all) {
			t.Error("after removal:", len(all))
		}
	})
	t.Run("who gives up keeps nothing", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Put(ctx, strings.NewReader("given up")); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestADamagedFileIsNeverHandedOut(t *testing.T) {
	dir := t.TempDir()
	s := openDisk(t, dir)
	kept, err := s.Put(t.Context(), strings.NewReader("as it was"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, place(kept.Hash))
	if err := os.WriteFile(file, []byte("as it waz"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), kept.Hash); !errors.Is(err, ErrDamaged) {
		t.Error("get:", err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("as it was")); err != nil {
		t.Error("bringing it again does not mend it:", err)
	}
	if got := read(t, s, kept.Hash); string(got) != "as it was" {
		t.Errorf("%q", got)
	}
}

func TestAWriteThatFailsLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	s := openDisk(t, dir)
	for at := range int64(3) {
		if _, err := s.Put(t.Context(), &failing{Reader: strings.NewReader("abc"), left: 3 + at}); err == nil {
			t.Error("kept what could not be read")
		}
	}
	if all := list(t, s); len(all) != 0 {
		t.Error("listed:", all)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(left) != 0 {
		t.Error("left behind:", left, err)
	}
}

func TestABucketIsNotBelieved(t *testing.T) {
	for name, spoil := range map[string]func(*bucket){
		"it loses what it says it kept": func(b *bucket) { b.loses = true },
		"it keeps other bytes":          func(b *bucket) { b.spoils = func(c []byte) []byte { return append(c, 'x') } },
		"it keeps half":                 func(b *bucket) { b.spoils = func(c []byte) []byte { return c[:len(c)/2] } },
		"it ends half way":              func(b *bucket) { b.cuts = true },
		"it always refuses":             func(b *bucket) { b.refuses = 1 << 20 },
	} {
		t.Run(name, func(t *testing.T) {
			b, s := serve(t)
			spoil(b)
			if _, err := s.Put(t.Context(), strings.NewReader("an attachment")); err == nil || errors.Is(err, fault.NotFound) {
				t.Error("kept:", err)
			}
		})
	}
	t.Run("wrong bytes are never handed out", func(t *testing.T) {
		b, s := serve(t)
		kept, err := s.Put(t.Context(), strings.NewReader("an attachment"))
		if err != nil {
			t.Fatal(err)
		}
		b.objects["a/"+place(kept.Hash)][0] ^= 1
		if _, err := s.Get(t.Context(), kept.Hash); !errors.Is(err, ErrDamaged) {
			t.Error("get:", err)
		}
		if _, err := s.Put(t.Context(), strings.NewReader("an attachment")); err != nil {
			t.Error("bringing it again does not mend it:", err)
		}
	})
	t.Run("a bucket that is busy for a moment is asked again", func(t *testing.T) {
		b, s := serve(t)
		b.refuses = 1
		if _, err := s.Put(t.Context(), strings.NewReader("an attachment")); err != nil {
			t.Error(err)
		}
	})
	t.Run("the same bytes are sent and kept once", func(t *testing.T) {
		b, s := serve(t)
		for range 3 {
			if _, err := s.Put(t.Context(), strings.NewReader("an attachment")); err != nil {
				t.Fatal(err)
			}
		}
		if b.puts != 1 {
			t.Error("kept", b.puts, "times")
		}
	})
}

func openDisk(t *testing.T, dir string) *Disk {
	t.Helper()
	s, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func read(t *testing.T, s Store, hash string) []byte {
	t.Helper()
	r, err := s.Get(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func list(t *testing.T, s Store) (all []string) {
	t.Helper()
	for hash, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, hash)
	}
	return all
}

// failing is a reader that fails after so many bytes, over all readings.
type failing struct {
	*strings.Reader
	left int64
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.Reader.Read(b[:min(int64(len(b)), max(f.left, 0))])
	if f.left -= int64(n); f.left <= 0 {
		return n, errors.New("the reader failed")
	}
	return n, err
}

// WriteTo hides that of strings.Reader, which would pass by Read.
func (f *failing) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{f})
}
