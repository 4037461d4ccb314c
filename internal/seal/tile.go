package seal

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// TileWidth is the number of hashes in a full tile and of entries in a full bundle (tlog-tiles, Merkle Tree).
	TileWidth = 256
	// Entries is the level of entry bundles, which lie below the hash tiles of level 0.
	Entries = -1
	// maxLevel is the highest level at which a tree of MaxSize has a hash.
	maxLevel = 6
)

// A Tile names one file of the log: Width consecutive hashes (or entries, at level [Entries]) from
// hash Index × 256 of its level on. A tile narrower than 256 is partial and stands at the right edge of some tree.
type Tile struct {
	Level int
	Index int64
	Width int
}

// Path is the place of the tile under the log's prefix: tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>],
// with N in groups of three digits (tlog-tiles, Merkle Tree and Log entries).
func (t Tile) Path() string {
	level := "entries"
	if t.Level != Entries {
		level = strconv.Itoa(t.Level)
	}
	n := fmt.Sprintf("%03d", t.Index%1000)
	for i := t.Index / 1000; i > 0; i /= 1000 {
		n = fmt.Sprintf("x%03d/%s", i%1000, n)
	}
	if t.Width == TileWidth {
		return "tile/" + level + "/" + n
	}
	return "tile/" + level + "/" + n + ".p/" + strconv.Itoa(t.Width)
}

// String is the path.
func (t Tile) String() string { return t.Path() }

// ParseTile reads a path as [Tile.Path] writes it. It refuses every other spelling (leading zeroes, missing groups,
// a width of 0 or 256, dots) with [ErrMalformed], so a path that parses is safe to join to a directory.
func ParseTile(path string) (Tile, error) {
	bad := fmt.Errorf("tile path %.80q: %w", path, ErrMalformed)
	level, rest, ok := strings.Cut(strings.TrimPrefix(path, "tile/"), "/")
	if !ok || len(path) > 64 {
		return Tile{}, bad
	}
	t := Tile{Level: Entries, Width: TileWidth}
	if level != "entries" {
		l, err := strconv.Atoi(level)
		if err != nil || l < 0 || l > maxLevel {
			return Tile{}, bad
		}
		t.Level = l
	}
	index, width, partial := strings.Cut(rest, ".p/")
	if partial {
		w, err := strconv.Atoi(width)
		if err != nil || w < 1 || w >= TileWidth {
			return Tile{}, bad
		}
		t.Width = w
	}
	for part := range strings.SplitSeq(index, "/") {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "x"))
		if err != nil || n < 0 || n > 999 || t.Index > MaxSize {
			return Tile{}, bad
		}
		t.Index = t.Index*1000 + int64(n)
	}
	if t.Path() != path || !t.In(MaxSize) {
		return Tile{}, bad
	}
	return t, nil
}

// In reports whether a tree of this size has every hash of the tile.
func (t Tile) In(size int64) bool {
	count := levelCount(t.Level, size)
	return t.Index <= count/TileWidth && t.Index*TileWidth+int64(t.Width) <= count
}

// Full is the full tile of the same place.
func (t Tile) Full() Tile { return Tile{t.Level, t.Index, TileWidth} }

// Leaf is the index of the first leaf under hash i of the tile.
func (t Tile) Leaf(i int) int64 {
	return (t.Index*TileWidth + int64(i)) << shift(t.Level)
}

// TilesOf lists the tiles of one level in a tree of this size, from the left; the last may be partial.
func TilesOf(level int, size int64) []Tile {
	count := levelCount(level, size)
	var tiles []Tile
	for i := range count / TileWidth {
		tiles = append(tiles, Tile{level, i, TileWidth})
	}
	if edge, ok := EdgeOf(level, size); ok {
		tiles = append(tiles, edge)
	}
	return tiles
}

// EdgeOf is the partial tile at the right edge of one level, of floor(size / 256^level) mod 256 hashes
// (tlog-tiles, Partial Tiles); ok is false where the level has none.
func EdgeOf(level int, size int64) (edge Tile, ok bool) {
	count := levelCount(level, size)
	return Tile{level, count / TileWidth, int(count % TileWidth)}, count%TileWidth != 0
}

// Levels is the number of levels of hash tiles in a tree of this size; zero when it is empty.
func Levels(size int64) int {
	n := 0
	for levelCount(n, size) > 0 {
		n++
	}
	return n
}

// levelCount is the number of hashes at a level, of entries at level Entries.
func levelCount(level int, size int64) int64 { return size >> shift(level) }

func shift(level int) uint { return uint(max(level, 0) * 8) }
