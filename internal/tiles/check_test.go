package tiles

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"qingfeng/internal/seal"
)

// accused lists what a check says, one short line a fault.
func accused(r Report) (list []string) {
	for _, f := range r.Faults {
		list = append(list, fmt.Sprintf("%s %s %d+%d", f.File, f.Kind, f.Leaf, f.Leaves))
	}
	return list
}

func wantFaults(t *testing.T, name string, r Report, want ...string) {
	t.Helper()
	if got := accused(r); !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", name, got, want)
	}
}

// Each fault is named once, and nothing that is sound.
func TestDamageIsPlacedExactly(t *testing.T) {
	l := create(t, t.TempDir())
	for _, size := range []int64{300, 600, 900} {
		grow(t, l, size)
	}
	clean := files(t, l.Dir().FS())
	bundle := func(list [][]byte) []byte { return bundleOf(list) }
	edited := entries(256, 512)
	edited[4] = []byte("forged")
	cutShort := slices.Clone(clean["tile/entries/001"].Data)
	cutShort[10*(2+len("entry 256"))+1]-- // the length of entry 10; the next one is out of step
	flipped := func(path string, i int) []byte {
		data := slices.Clone(clean[path].Data)
		data[i] ^= 1
		return data
	}
	for name, c := range map[string]struct {
		changed map[string][]byte
		want    []string
	}{
		"an entry":            {map[string][]byte{"tile/entries/001": bundle(edited)}, []string{"tile/entries/001 entry 260+1"}},
		"a length":            {map[string][]byte{"tile/entries/001": cutShort}, []string{"tile/entries/001 malformed 266+246"}},
		"a bundle gone":       {map[string][]byte{"tile/entries/001": nil}, []string{"tile/entries/001 missing 256+256"}},
		"a tile gone":         {map[string][]byte{"tile/0/001": nil}, []string{"tile/0/001 missing 256+256"}},
		"both gone":           {map[string][]byte{"tile/0/001": nil, "tile/entries/001": nil}, []string{"tile/0/001 missing 256+256", "tile/entries/001 missing 256+256"}},
		"the whole edge gone": {map[string][]byte{"tile/0/003.p/132": nil, "tile/entries/003.p/132": nil}, []string{"tile/0/003.p/132 missing 768+132", "tile/entries/003.p/132 missing 768+132"}},
		"the edge and a pair gone": {
			map[string][]byte{"tile/0/003.p/132": nil, "tile/entries/003.p/132": nil, "tile/0/001": nil, "tile/entries/001": nil},
			[]string{"tile/0/001 missing 256+256", "tile/0/003.p/132 missing 768+132", "tile/entries/001 missing 256+256", "tile/entries/003.p/132 missing 768+132"},
		},
		"a hash of level 0":     {map[string][]byte{"tile/0/001": flipped("tile/0/001", 5*32)}, []string{"tile/0/001 tile 261+1"}},
		"a hash of level 1":     {map[string][]byte{"tile/1/000.p/3": flipped("tile/1/000.p/3", 32)}, []string{"tile/1/000.p/3 tile 256+256"}},
		"an older hash":         {map[string][]byte{"tile/1/000.p/1": flipped("tile/1/000.p/1", 0)}, []string{"tile/1/000.p/1 tile 0+256"}},
		"a hash and an entry":   {map[string][]byte{"tile/1/000.p/3": flipped("tile/1/000.p/3", 0), "tile/entries/001": bundle(edited)}, []string{"tile/1/000.p/3 tile 0+256", "tile/entries/001 entry 260+1"}},
		"an edge hash":          {map[string][]byte{"tile/0/003.p/132": flipped("tile/0/003.p/132", 0)}, []string{"tile/0/003.p/132 tile 768+1"}},
		"entry and hash alike":  {alike(edited), []string{"tile/0/001 tile 256+256", "tile/entries/001 entry 256+256"}},
		"a tile of other width": {map[string][]byte{"tile/0/001": clean["tile/0/003.p/132"].Data}, []string{"tile/0/001 malformed 256+256"}},
	} {
		m := specimen{clean: clean}.with(c.changed)
		wantFaults(t, name, check(t, m, l.Trust()), c.want...)
	}
}

// alike is a bundle and the tile above it, both of the same forged entries.
func alike(list [][]byte) map[string][]byte {
	return map[string][]byte{"tile/entries/001": bundleOf(list), "tile/0/001": leafHashes(list)}
}

// Damage on two levels at once under a full tile of level 1: what cannot be decided is still narrowed down to its files.
func TestDamageBeyondDecisionIsNarrowedDown(t *testing.T) {
	l := create(t, t.TempDir())
	grow(t, l, 66_000)
	clean := files(t, l.Dir().FS())
	list := entries(5*256, 6*256)
	list[0] = []byte("forged")
	upper := slices.Clone(clean["tile/1/000"].Data)
	upper[5*seal.HashSize] ^= 1
	m := specimen{clean: clean}.with(map[string][]byte{"tile/entries/005": bundleOf(list), "tile/0/005": leafHashes(list), "tile/1/000": upper})
	wantFaults(t, "three files", check(t, m, l.Trust()), "tile/0/005 tile 1280+256", "tile/1/000 tile 0+65536", "tile/entries/005 entry 1280+256")
}

func TestWhatACrashLeavesIsNoFault(t *testing.T) {
	l := logOf(t, 300)
	before := check(t, l.Dir().FS(), l.Trust())
	if _, err := l.Append(context.Background(), entries(300, 1100)); err != nil {
		t.Fatal(err)
	}
	dir := l.Dir().root.Name()
	if err := os.WriteFile(filepath.Join(dir, "staging", "next"), []byte("half a fi"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := check(t, os.DirFS(dir), l.Trust())
	wantFaults(t, "ahead", r)
	if r.Ahead != 6 || r.Files != before.Files+6 || r.Bytes <= before.Bytes || before.Ahead != 0 {
		t.Errorf("%d of %d files of %d bytes are ahead", r.Ahead, r.Files, r.Bytes)
	}
	if again, err := Open(dir, key(t, origin, 1), seal.Trust{}); err != nil {
		t.Error(err)
	} else {
		_ = again.Close()
	}
	if _, err := os.Stat(filepath.Join(dir, "staging", "next")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a file outlives opening: %v", err)
	}
	if err := os.Symlink("001.p", filepath.Join(dir, "tile", "0", "007")); err != nil {
		t.Fatal(err)
	}
	wantFaults(t, "a link", check(t, os.DirFS(dir), l.Trust()), "tile/0/007 stray -1+0")
}

func TestACheckAsksAboutEveryEntryAndTellsItsProgress(t *testing.T) {
	l := logOf(t, 700)
	var asked atomic.Int64
	var last int64
	refused := errors.New("not in the record")
	r, err := Check(context.Background(), l.Dir().FS(), Options{
		Trust: l.Trust(),
		Entry: func(index int64, entry []byte) error {
			asked.Add(1)
			if string(entry) != fmt.Sprint("entry ", index) || index == 511 {
				return refused
			}
			return nil
		},
		Progress: func(done, total int64) {
			if done <= last || total != 700 {
				t.Errorf("%d of %d after %d", done, total, last)
			}
			last = done
		},
	})
	if err != nil || asked.Load() != 700 || last != 700 {
		t.Errorf("asked about %d, told of %d, %v", asked.Load(), last, err)
	}
	wantFaults(t, "refused", r, "tile/entries/001 refused 511+1")
	if !errors.Is(r.Faults[0], refused) {
		t.Errorf("the reason is lost: %v", r.Faults[0])
	}
}

func TestACheckThatIsCancelledSaysSo(t *testing.T) {
	l := logOf(t, 700)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Check(ctx, l.Dir().FS(), Options{Trust: l.Trust()}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// failing is a disk that cannot give one file.
type failing struct {
	fstest.MapFS
	path string
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.path {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errInjected}
	}
	return f.MapFS.Open(name)
}

func (f failing) ReadFile(name string) ([]byte, error) {
	if name == f.path {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errInjected}
	}
	return f.MapFS.ReadFile(name)
}

func TestAFileTheDiskDoesNotGiveIsUnreadable(t *testing.T) {
	l := logOf(t, 300)
	clean := files(t, l.Dir().FS())
	for path, want := range map[string]string{
		"checkpoint": "checkpoint unreadable -1+0", "tile/entries/000": "tile/entries/000 unreadable 0+256", "tile/0/001.p/44": "tile/0/001.p/44 unreadable 256+44",
	} {
		wantFaults(t, path, check(t, failing{clean, path}, l.Trust()), want)
	}
}

func TestAReportIsBounded(t *testing.T) {
	l := create(t, t.TempDir())
	grow(t, l, maxFaults+500)
	r, err := Check(context.Background(), l.Dir().FS(), Options{Trust: l.Trust(), Entry: func(int64, []byte) error { return errInjected }})
	if err != nil || len(r.Faults) != maxFaults || r.More != 500 {
		t.Errorf("%d faults and %d more, %v", len(r.Faults), r.More, err)
	}
}

func TestAPartialTileIsCutFromTheFullOne(t *testing.T) {
	l := create(t, t.TempDir())
	grow(t, l, 300)
	partial, err := l.Dir().ReadTile(seal.Tile{Level: 0, Index: 1, Width: 44})
	if err != nil {
		t.Fatal(err)
	}
	grow(t, l, 600)
	for _, level := range []int{seal.Entries, 0} {
		if _, err := os.Stat(filepath.Join(l.Dir().root.Name(), seal.Tile{Level: level, Index: 1, Width: 44}.Path())); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("the partial file is still there: %v", err)
		}
	}
	again, err := l.Dir().ReadTile(seal.Tile{Level: 0, Index: 1, Width: 44})
	if err != nil || !slices.Equal(again, partial) {
		t.Errorf("cut otherwise: %v", err)
	}
	list, err := l.Dir().Entries(290, 300)
	if err != nil || len(list) != 10 || string(list[0]) != "entry 290" {
		t.Errorf("entries are %q, %v", list, err)
	}
}

func TestProgressOfTimeIsKept(t *testing.T) {
	l := create(t, t.TempDir())
	s := grow(t, l, 1)
	if !s.At.Equal(noon.Add(time.Second)) || !check(t, l.Dir().FS(), l.Trust()).Checkpoint.At.Equal(s.At) {
		t.Errorf("signed at %s", s.At)
	}
}
