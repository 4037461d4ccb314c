package seal

import (
	"bytes"
	"slices"
	"testing"
)

func TestTilePathsAreThoseOfTheStandard(t *testing.T) {
	for _, c := range []struct {
		tile Tile
		path string
	}{
		{Tile{0, 0, 256}, "tile/0/000"},
		{Tile{Entries, 1234067, 256}, "tile/entries/x001/x234/067"},
		{Tile{1, 999, 17}, "tile/1/999.p/17"},
		{Tile{0, 1000, 1}, "tile/0/x001/000.p/1"},
		{Tile{2, 0, 255}, "tile/2/000.p/255"},
	} {
		if got := c.tile.Path(); got != c.path {
			t.Errorf("%+v has path %s, want %s", c.tile, got, c.path)
		}
		if got, err := ParseTile(c.path); err != nil || got != c.tile {
			t.Errorf("%s is %+v, %v", c.path, got, err)
		}
	}
}

func TestOtherSpellingsOfAPathAreRefused(t *testing.T) {
	for _, path := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000/000", "tile/00/000",
		"tile/-1/000", "tile/+1/000", "tile/7/000", "tile/64/000", "tile/0/001/000", "tile/0/x001", "tile/0/000.p", "tile/0/000.p/",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000.p/1.p/1", "tile/0/../000", "../tile/0/000",
		"/tile/0/000", "tile/0/000/..", "tile/entries/../../000", "tile/data/000", "tile//000", "tile/0/x-01/000", "tile/0/٠٠٠",
		"tile/0/x999/x999/x999/x999/x999/x999/999", "0/000", "tile/6/x032/000",
	} {
		if tile, err := ParseTile(path); err == nil {
			t.Errorf("%q is taken for %+v", path, tile)
		}
	}
}

func FuzzParseTile(f *testing.F) {
	f.Add("tile/entries/x001/x234/067.p/8")
	f.Add("tile/6/x031/999")
	f.Add("tile/0/000")
	f.Fuzz(func(t *testing.T, path string) {
		tile, err := ParseTile(path)
		if err != nil {
			return
		}
		if tile.Path() != path || !tile.In(MaxSize) || tile.Leaf(0) < 0 || tile.Leaf(tile.Width) > MaxSize {
			t.Errorf("%q is taken for %+v", path, tile)
		}
	})
}

func TestBundlesComeBackAsTheyWent(t *testing.T) {
	entries := [][]byte{{}, []byte("a"), make([]byte, MaxEntry), []byte("b")}
	var bundle []byte
	for _, e := range entries {
		var err error
		if bundle, err = AppendEntry(bundle, e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ParseBundle(bundle, len(entries))
	if err != nil || !slices.EqualFunc(got, entries, bytes.Equal) {
		t.Errorf("came back as %d entries, %v", len(got), err)
	}
	for _, width := range []int{3, 5} {
		if _, err := ParseBundle(bundle, width); err == nil {
			t.Errorf("passes for a bundle of %d entries", width)
		}
	}
	if _, err := ParseBundle(bundle[:len(bundle)-1], len(entries)); err == nil {
		t.Error("a cut bundle passes")
	}
	if _, err := AppendEntry(nil, make([]byte, MaxEntry+1)); err == nil {
		t.Error("an entry of 65,536 bytes is encoded")
	}
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte("\x00\x01a\x00\x00"), 2)
	f.Add([]byte("\x00\x05abc"), 1)
	f.Fuzz(func(t *testing.T, bundle []byte, width int) {
		if width < 0 || width > TileWidth {
			return
		}
		entries, err := ParseBundle(bundle, width)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			again, _ = AppendEntry(again, e)
		}
		if len(entries) != width || !bytes.Equal(again, bundle) {
			t.Errorf("%x reads as %d entries and writes as %x", bundle, len(entries), again)
		}
	})
}
