package seal

import (
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// The eight leaves and roots of the Certificate Transparency test vectors.
var ctLeaves = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
var ctRoots = []string{
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

func TestRootsAreThoseOfRFC6962(t *testing.T) {
	var tree Tree
	discard := func(Tile, []byte) error { return nil }
	for i, want := range ctRoots {
		root := tree.Root()
		if got := hex.EncodeToString(root[:]); got != want {
			t.Errorf("root of %d leaves is %s, want %s", i, got, want)
		}
		if i < len(ctLeaves) {
			leaf, _ := hex.DecodeString(ctLeaves[i])
			if err := tree.Append([][]byte{leaf}, discard); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// reference is the tree of x/mod/sumdb/tlog, which shares no code with ours.
type reference struct{ hashes []tlog.Hash }

func (r *reference) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, x := range at {
		out[i] = r.hashes[x]
	}
	return out, nil
}

func TestRootsAndTilesAgreeWithAnotherImplementation(t *testing.T) {
	var ref reference
	l := newMemLog(t, 0)
	for n := range int64(3 * 256) {
		l.grow(t, int(n)+1)
		entries, err := ParseBundle(l.files[mustEdge(t, n+1)], mustEdge(t, n+1).Width)
		if err != nil {
			t.Fatal(err)
		}
		hs, _ := tlog.StoredHashes(n, entries[len(entries)-1], &ref)
		ref.hashes = append(ref.hashes, hs...)
		want, _ := tlog.TreeHash(n+1, &ref)
		if got := l.tree.Root(); got != want {
			t.Fatalf("root of %d leaves is %s, want %s", n+1, got, want)
		}
	}
	for tile, data := range l.files {
		if tile.Level == Entries {
			continue
		}
		want, err := tlog.ReadTileData(tlog.Tile{H: 8, L: tile.Level, N: tile.Index, W: tile.Width}, &ref)
		if err != nil || !slices.Equal(data, want) {
			t.Errorf("%s differs: %v", tile, err)
		}
	}
}

// mustEdge is the last bundle of a tree, full or partial.
func mustEdge(t *testing.T, size int64) Tile {
	t.Helper()
	all := TilesOf(Entries, size)
	return all[len(all)-1]
}

func TestFilesOfATreeAreThoseTheStandardLists(t *testing.T) {
	const size = 70_000 // the example of tlog-tiles, Partial Tiles
	got := map[int][2]int{}
	for level := range Levels(size) {
		full := 0
		for _, tile := range TilesOf(level, size) {
			if tile.Width == TileWidth {
				full++
			}
		}
		edge, _ := EdgeOf(level, size)
		got[level] = [2]int{full, edge.Width}
	}
	want := map[int][2]int{0: {273, 112}, 1: {1, 17}, 2: {0, 1}}
	for level := range 4 {
		if got[level] != want[level] {
			t.Errorf("level %d has %v full tiles and partial width, want %v", level, got[level], want[level])
		}
	}
	l := newMemLog(t, size)
	for level := Entries; level < 3; level++ {
		for _, tile := range TilesOf(level, size) {
			if _, ok := l.files[tile]; !ok {
				t.Errorf("tree did not emit %s", tile)
			}
			delete(l.files, tile)
		}
	}
	for tile := range l.files {
		t.Errorf("tree emitted %s, which is not of it", tile)
	}
}

func TestARestoredTreeGrowsLikeOneNeverStopped(t *testing.T) {
	for _, at := range []int{0, 1, 255, 256, 257, 511, 600, 65_536, 65_793} {
		l := newMemLog(t, at)
		tree, err := RestoreTree(int64(at), l.ReadTile)
		if err != nil {
			t.Fatalf("restore at %d: %v", at, err)
		}
		whole := newMemLog(t, at+300)
		l.tree = *tree
		l.grow(t, at+300)
		if l.tree.Root() != whole.tree.Root() {
			t.Errorf("tree restored at %d has another root", at)
		}
		for tile, data := range whole.files {
			if !slices.Equal(l.files[tile], data) {
				t.Errorf("tree restored at %d: %s differs", at, tile)
			}
		}
	}
}

func TestRestoreRefusesDamage(t *testing.T) {
	for _, tile := range []Tile{{Entries, 1, 44}, {0, 1, 44}, {1, 0, 1}} {
		l := newMemLog(t, 300)
		root := l.tree.Root()
		l.files[tile][len(l.files[tile])-1] ^= 1
		if tree, err := RestoreTree(300, l.ReadTile); err == nil && tree.Root() == root {
			t.Errorf("damaged %s was restored", tile)
		}
		l.files[tile] = append(l.files[tile], make([]byte, HashSize)...)
		if _, err := RestoreTree(300, l.ReadTile); err == nil {
			t.Errorf("overlong %s was restored", tile)
		}
		delete(l.files, tile)
		if _, err := RestoreTree(300, l.ReadTile); err == nil {
			t.Errorf("missing %s was restored", tile)
		}
	}
}

func TestAnEntryTooLongIsRefusedBeforeAnyIsAdded(t *testing.T) {
	var tree Tree
	err := tree.Append([][]byte{{1}, make([]byte, MaxEntry+1)}, nil)
	if !errors.Is(err, ErrMalformed) || tree.Size() != 0 {
		t.Errorf("error %v, size %d", err, tree.Size())
	}
	if err := (&Tree{size: MaxSize}).Append([][]byte{{}}, nil); !errors.Is(err, ErrMalformed) {
		t.Errorf("a tree beyond the largest: %v", err)
	}
	keep := newMemLog(t, 0)
	if err := tree.Append([][]byte{make([]byte, MaxEntry)}, keep.keep); err != nil {
		t.Errorf("the longest entry is refused: %v", err)
	}
}

func TestAnErrorOfTheReceiverStopsTheTree(t *testing.T) {
	full := errors.New("disk full")
	var tree Tree
	if err := tree.Append(make([][]byte, 256), func(Tile, []byte) error { return full }); !errors.Is(err, full) {
		t.Errorf("error is %v", err)
	}
}

func TestWhatATreeGaveAwayStaysAsItWas(t *testing.T) {
	l := newMemLog(t, 0)
	for n := 1; n <= 260; n++ {
		l.grow(t, n)
	}
	for tile, data := range newMemLog(t, 100).files {
		if !slices.Equal(l.files[tile], data) {
			t.Errorf("%s changed after it was given away", tile)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	entries := make([][]byte, 4096)
	for i := range entries {
		entries[i] = make([]byte, 200)
		entries[i][0], entries[i][1] = byte(i), byte(i>>8)
	}
	var tree Tree
	discard := func(Tile, []byte) error { return nil }
	b.SetBytes(200)
	for n := b.N; n > 0; n -= len(entries) {
		if err := tree.Append(entries[:min(n, len(entries))], discard); err != nil {
			b.Fatal(err)
		}
	}
}
