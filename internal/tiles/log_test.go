package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"qingfeng/internal/seal"
)

const origin = "example.org/log"

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func key(t testing.TB, name string, seed byte) seal.Key {
	t.Helper()
	k, err := seal.NewKey(name, bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// entries are "entry <from>" … up to, not including, to.
func entries(from, to int64) [][]byte {
	var list [][]byte
	for i := from; i < to; i++ {
		list = append(list, fmt.Appendf(nil, "entry %d", i))
	}
	return list
}

func create(t testing.TB, dir string) *Log {
	t.Helper()
	l, err := Create(dir, key(t, origin, 1), noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// grow appends up to the size and publishes, a second after the last checkpoint.
func grow(t testing.TB, l *Log, size int64) seal.Signed {
	t.Helper()
	if _, err := l.Append(context.Background(), entries(l.Size(), size)); err != nil {
		t.Fatal(err)
	}
	s, err := l.Publish(context.Background(), l.Last().At.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// logOf is a finished log of several checkpoints, the last of this size, in a directory of its own.
func logOf(t testing.TB, size int64) *Log {
	t.Helper()
	l := create(t, t.TempDir())
	for _, at := range []int64{size / 3, size / 2, size - 3, size} {
		if at > l.Size() {
			grow(t, l, at)
		}
	}
	return l
}

// files copies a log into memory.
func files(t testing.TB, fsys fs.FS) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		m[path] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func check(t testing.TB, fsys fs.FS, trust seal.Trust) Report {
	t.Helper()
	r, err := Check(context.Background(), fsys, Options{Trust: trust})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sound(t testing.TB, l *Log) {
	t.Helper()
	if r := check(t, l.Dir().FS(), l.Trust()); len(r.Faults) != 0 {
		t.Fatalf("log of %d: %v", r.Checkpoint.Size, r.Faults)
	}
}

func TestALogGrowsResumesAndStaysSound(t *testing.T) {
	dir := t.TempDir()
	l := create(t, dir)
	sound(t, l)
	whole := new(seal.Tree)
	for _, size := range []int64{1, 2, 255, 256, 257, 300, 511, 512, 1024, 1500, 70_000} {
		if err := whole.Append(entries(whole.Size(), size), func(seal.Tile, []byte) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if s := grow(t, l, size); s.Root != whole.Root() || s.Size != size {
			t.Fatalf("checkpoint of %d: %+v", size, s)
		}
		sound(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if l, err = Open(dir, key(t, origin, 1), seal.Trust{}); err != nil {
			t.Fatalf("open at %d: %v", size, err)
		}
		if l.Size() != size || l.Last().Root != whole.Root() {
			t.Fatalf("opened at %d with %d", size, l.Size())
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAppendTellsTheLeafIndex(t *testing.T) {
	l := create(t, t.TempDir())
	for _, want := range []int64{0, 3, 6} {
		if first, err := l.Append(context.Background(), entries(0, 3)); err != nil || first != want {
			t.Errorf("first is %d, %v; want %d", first, err, want)
		}
	}
	if l.Last().Size != 0 {
		t.Error("something was published")
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.Append(cancelled, entries(0, 3)); !errors.Is(err, context.Canceled) || l.Size() != 9 {
		t.Errorf("after cancelling: %v, size %d", err, l.Size())
	}
	if _, err := l.Append(context.Background(), [][]byte{make([]byte, seal.MaxEntry+1)}); !errors.Is(err, seal.ErrMalformed) {
		t.Errorf("an entry too long: %v", err)
	}
	if s := grow(t, l, 9); s.Size != 9 {
		t.Errorf("after two refusals the log has %d leaves", s.Size)
	}
}

func TestALogIsBegunOnceAndOnlyByHand(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, key(t, origin, 1), seal.Trust{}); !errors.Is(err, ErrNoLog) {
		t.Errorf("opening nothing: %v", err)
	}
	l := create(t, filepath.Join(dir, "log"))
	if _, err := Create(filepath.Join(dir, "log"), key(t, origin, 1), noon); !errors.Is(err, ErrExists) {
		t.Errorf("creating twice: %v", err)
	}
	grow(t, l, 3)
	if err := os.Remove(filepath.Join(dir, "log", "checkpoint")); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(filepath.Join(dir, "log"), key(t, origin, 1), noon); !errors.Is(err, ErrExists) {
		t.Errorf("creating over tiles without checkpoint: %v", err)
	}
}

func TestAStrangersLogIsNotContinued(t *testing.T) {
	l := logOf(t, 10)
	if _, err := Open(l.Dir().root.Name(), key(t, origin, 2), seal.Trust{}); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("with another key: %v", err)
	}
	older := seal.Trust{Log: []seal.PublicKey{key(t, origin, 1).Public()}}
	next, err := Open(l.Dir().root.Name(), key(t, origin, 2), older)
	if err != nil {
		t.Fatalf("with a new key and the old one trusted: %v", err)
	}
	grow(t, next, 20)
	sound(t, next)
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedEdgeIsNamedOnOpening(t *testing.T) {
	l := logOf(t, 300)
	dir := l.Dir().root.Name()
	for _, file := range []string{"tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"} {
		path := filepath.Join(dir, file)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, bad := range map[string][]byte{"changed": append([]byte{good[0] ^ 1}, good[1:]...), "cut": good[:len(good)-1], "gone": nil} {
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			if bad == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Open(dir, key(t, origin, 1), seal.Trust{}); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s %s: %v", file, what, err)
			}
		}
		if err := os.WriteFile(path, good, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClockThatStandsStillIsRefusedAndForgiven(t *testing.T) {
	l := create(t, t.TempDir())
	at := grow(t, l, 5).At
	if _, err := l.Append(context.Background(), entries(5, 600)); err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{at, at.Add(-time.Hour)} {
		if _, err := l.Publish(context.Background(), now); !errors.Is(err, seal.ErrClock) {
			t.Errorf("published at %s: %v", now, err)
		}
	}
	if s := grow(t, l, 700); s.Size != 700 {
		t.Errorf("published %d", s.Size)
	}
	sound(t, l)
}

func TestPartialFilesGoOnceThePlaceIsFull(t *testing.T) {
	l := logOf(t, 300)
	grow(t, l, 600)
	for path := range files(t, l.Dir().FS()) {
		tile, err := seal.ParseTile(path)
		if edge, _ := seal.EdgeOf(tile.Level, 600); err == nil && tile.Width < seal.TileWidth && tile.Index != edge.Index {
			t.Errorf("%s is still there", path)
		}
	}
}

func TestAnotherHandOnTheCheckpointStopsTheLog(t *testing.T) {
	l := logOf(t, 300)
	old, err := l.Dir().Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	grow(t, l, 310)
	if err := os.WriteFile(filepath.Join(l.Dir().root.Name(), "checkpoint"), old, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(context.Background(), entries(310, 320)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Publish(context.Background(), noon.Add(time.Hour)); !errors.Is(err, ErrDamaged) {
		t.Errorf("published over it: %v", err)
	}
	if _, err := l.Append(context.Background(), entries(0, 1)); !errors.Is(err, ErrStopped) {
		t.Errorf("append afterwards: %v", err)
	}
}

func TestWhatIsReadBackWrongIsNeverSigned(t *testing.T) {
	for _, file := range []string{"tile/entries/000", "tile/0/001", "tile/entries/002.p/88", "tile/0/002.p/88", "tile/1/000.p/2"} {
		l := create(t, t.TempDir())
		l.disk = liar{l.disk, file, filepath.Join(l.Dir().root.Name(), file)}
		if _, err := l.Append(context.Background(), entries(0, 600)); err != nil {
			t.Fatal(err)
		}
		if s, err := l.Publish(context.Background(), noon.Add(time.Second)); err == nil {
			t.Errorf("%s: signed %+v", file, s.Checkpoint)
		}
	}
}

// A liar is a disk that keeps one file with its last bit changed.
type liar struct {
	disk
	file, path string
}

func (l liar) write(name string, data []byte) error {
	if err := l.disk.write(name, data); err != nil || name != l.file {
		return err
	}
	data = bytes.Clone(data)
	data[len(data)-1] ^= 1
	return os.WriteFile(l.path, data, 0o644)
}

// A forger is a disk that keeps other entries than it is given, with the leaf hashes that belong to them.
type forger struct{ disk }

func (f forger) write(name string, data []byte) error {
	forged := [][]byte{[]byte("forged")}
	switch name {
	case "tile/entries/000.p/1":
		data = bundleOf(forged)
	case "tile/0/000.p/1":
		data = leafHashes(forged)
	}
	return f.disk.write(name, data)
}

func TestFilesThatAgreeOnAForgeryAreNotSigned(t *testing.T) {
	l := create(t, t.TempDir())
	l.disk = forger{l.disk}
	if _, err := l.Append(context.Background(), entries(0, 1)); err != nil {
		t.Fatal(err)
	}
	if s, err := l.Publish(context.Background(), noon.Add(time.Second)); !errors.Is(err, ErrDamaged) {
		t.Errorf("signed %+v, %v", s.Checkpoint, err)
	}
}

func TestCosignaturesAreAttachedToTheNewestCheckpointOnly(t *testing.T) {
	w := key(t, "witness.example", 7)
	dir := t.TempDir()
	if err := create(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	l, err := Open(dir, key(t, origin, 1), seal.Trust{Witnesses: []seal.Cosigner{w.Public().Timed()}})
	if err != nil {
		t.Fatal(err)
	}
	first := grow(t, l, 3)
	second := grow(t, l, 5)
	if _, err := l.Attach(context.Background(), cosignature(t, w, first)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("lines over an earlier checkpoint: %v", err)
	}
	s, err := l.Attach(context.Background(), cosignature(t, w, second))
	if err != nil || len(s.Cosignatures) != 1 || l.Last().Cosignatures[0].Name != "witness.example" {
		t.Errorf("attached: %+v, %v", s, err)
	}
	sound(t, l)
	grow(t, l, 9)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func cosignature(t testing.TB, w seal.Key, s seal.Signed) []byte {
	t.Helper()
	signer := seal.Cosign(w, s.At)
	sig, err := signer.Sign([]byte(s.Text()))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(noteLine(signer.Name(), signer.KeyHash(), sig))
}

func TestFilesAreServedByTheirPathOnlyOnceSigned(t *testing.T) {
	l := logOf(t, 300)
	if _, err := l.Append(context.Background(), entries(300, 600)); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(l.Dir().root.Name(), "tile", "0", "000.p")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(l.Dir().root.Name(), "tile", "entries", "001.p", "5"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"checkpoint": "text/plain; charset=utf-8", "tile/0/000": "application/octet-stream", "tile/entries/001.p/44": "application/octet-stream",
	} {
		r, err := l.Dir().Open(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, files(t, os.DirFS(l.Dir().root.Name()+"/"))[path].Data) {
			t.Errorf("%s has %d bytes, %v", path, len(got), err)
		}
		if r.ContentType != want || r.Immutable == (path == "checkpoint") || r.ModTime.IsZero() {
			t.Errorf("%s: %+v", path, r)
		}
		_ = r.Close()
	}
	for _, path := range []string{
		"", ".", "/", "tile/entries/001.p/5", "staging", "staging/next", "tile", "tile/0", "tile/0/001", "tile/entries/001", "tile/entries/001.p/45", "tile/0/002", "tile/0/000.p/10",
		"../log/checkpoint", "tile/../checkpoint", "/checkpoint", "checkpoint/", "Checkpoint", "tile/0/000/", "tile\\0\\000", "tile/0/000\x00", "tile/entries/../0/000",
	} {
		if r, err := l.Dir().Open(path); !errors.Is(err, fs.ErrNotExist) && !escapes(err) {
			t.Errorf("%q is served: %v, %v", path, r, err)
		}
	}
}

// escapes tells the refusal of a link that leads out of the directory.
func escapes(err error) bool {
	var pathError *fs.PathError
	return errors.As(err, &pathError) && pathError.Err.Error() == "path escapes from parent"
}

func TestReceiptsAreMadeFromTheFiles(t *testing.T) {
	l := logOf(t, 700)
	for _, index := range []int64{0, 255, 256, 511, 512, 699} {
		r, err := l.Dir().Receipt(l.Trust(), index, index+1, noon)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := r.Check(l.Trust()); err != nil || s.Size != 700 || string(r.Entry) != fmt.Sprint("entry ", index) {
			t.Errorf("leaf %d: %+v, %v", index, r, err)
		}
	}
	for _, index := range []int64{-1, 700} {
		if _, err := l.Dir().Receipt(l.Trust(), index, 1, noon); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("leaf %d: %v", index, err)
		}
	}
	path := filepath.Join(l.Dir().root.Name(), "tile/entries/000")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[5] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if r, err := l.Dir().Receipt(l.Trust(), 0, 1, noon); err == nil {
		t.Errorf("a receipt over a changed entry: %+v", r)
	}
}

func TestTheWitnessedCheckpointIsKeptBesideTheNewest(t *testing.T) {
	w := key(t, "witness.example", 7)
	l := create(t, t.TempDir())
	first := grow(t, l, 300)
	newest := grow(t, l, 305)
	seen, err := (seal.Trust{Log: l.Trust().Log, Witnesses: []seal.Cosigner{w.Public().Timed()}}).AddCosignatures(first, cosignature(t, w, first))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.KeepWitnessed(context.Background(), seen.Note); err != nil {
		t.Fatal(err)
	}
	sound(t, l)
	file, err := l.Dir().Open("witnessed")
	if err != nil || file.Immutable {
		t.Fatalf("served: %+v %v", file, err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	other := create(t, t.TempDir())
	if err := other.KeepWitnessed(context.Background(), newest.Note); !errors.Is(err, ErrDamaged) {
		t.Errorf("of a larger log: %v", err)
	}
	if err := l.KeepWitnessed(context.Background(), []byte("x")); err == nil {
		t.Error("not a checkpoint")
	}
	clean := files(t, l.Dir().FS())
	forged := slices.Clone(seen.Note)
	forged[len("example.org/log\n")]++ // 300 leaves become 400
	for name, c := range map[string]struct {
		note []byte
		want []string
	}{
		"a root nobody signed": {forged, []string{"witnessed signature -1+0"}},
		"no checkpoint":        {[]byte("x"), []string{"witnessed malformed -1+0"}},
	} {
		spoilt := maps.Clone(clean)
		spoilt["witnessed"] = &fstest.MapFile{Data: c.note, Mode: 0o644}
		r, err := Check(context.Background(), spoilt, Options{Trust: l.Trust()})
		if err != nil {
			t.Fatal(err)
		}
		wantFaults(t, name, r, c.want...)
	}
	older := files(t, create(t, t.TempDir()).Dir().FS())
	older["witnessed"] = clean["witnessed"]
	r, err := Check(context.Background(), older, Options{Trust: l.Trust()})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, "an older log", r, "witnessed missing 0+300")
}
