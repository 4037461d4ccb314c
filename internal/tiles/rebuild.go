package tiles

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"

	"qingfeng/internal/seal"
)

// bundles checks all bundles and the tiles of level 0, several at a time.
func (c *checker) bundles(ctx context.Context) error {
	c.rebuilt = make([][]byte, max(2, seal.Levels(c.size)+1))
	c.rebuilt[1] = make([]byte, c.size/seal.TileWidth*seal.HashSize)
	tiles := seal.TilesOf(0, c.size)
	var next atomic.Int64
	var group sync.WaitGroup
	for range cmp.Or(c.o.Workers, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(tiles) && ctx.Err() == nil; i = next.Add(1) - 1 {
				c.bundle(tiles[i])
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

func (c *checker) bundle(t seal.Tile) {
	stored := c.read(t)
	hashes := c.entries(t, stored)
	if hashes == nil {
		hashes = stored
	}
	switch {
	case t.Width < seal.TileWidth:
		c.rebuilt[0] = hashes
	case hashes != nil:
		root := seal.TileRoot(hashes)
		copy(c.rebuilt[1][t.Index*seal.HashSize:], root[:])
	}
	c.note(t, stored, hashes)
	c.olderPartials(t, stored, hashes)
	c.progress(int64(t.Width))
}

// read reads a tile exactly as the checkpoint demands it; nil after a fault.
func (c *checker) read(t seal.Tile) []byte {
	data, err := fs.ReadFile(c.fsys, t.Path())
	if err != nil {
		c.fault(absence(err), t.Path(), t.Leaf(0), t.Leaf(t.Width)-t.Leaf(0), err)
		return nil
	}
	if t.Level != seal.Entries && len(data) != t.Width*seal.HashSize {
		c.fault(Malformed, t.Path(), t.Leaf(0), t.Leaf(t.Width)-t.Leaf(0), fmt.Errorf("%d bytes instead of %d", len(data), t.Width*seal.HashSize))
		return nil
	}
	return data
}

// entries hashes the entries of the bundle over a tile of level 0; nil after a fault.
func (c *checker) entries(t seal.Tile, stored []byte) []byte {
	bundle := seal.Tile{Level: seal.Entries, Index: t.Index, Width: t.Width}
	data := c.read(bundle)
	if data == nil {
		return nil
	}
	entries, err := seal.ParseBundle(data, t.Width)
	hashes := leafHashes(entries)
	c.ask(bundle, entries)
	if err != nil {
		at := firstDifference(hashes, stored)
		c.fault(Malformed, bundle.Path(), t.Leaf(at), int64(t.Width-at), err)
		return nil
	}
	return hashes
}

// ask puts every entry before the caller.
func (c *checker) ask(bundle seal.Tile, entries [][]byte) {
	if c.o.Entry == nil {
		return
	}
	for i, entry := range entries {
		if err := c.o.Entry(bundle.Leaf(i), entry); err != nil {
			c.fault(Refused, bundle.Path(), bundle.Leaf(i), 1, err)
		}
	}
}

// firstDifference is the index of the first hash that is not the same in both.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b)) / seal.HashSize
	for i := range n {
		if seal.HashAt(a, i) != seal.HashAt(b, i) {
			return i
		}
	}
	return n
}

func (c *checker) note(t seal.Tile, stored, rebuilt []byte) {
	if stored != nil && rebuilt != nil && !bytes.Equal(stored, rebuilt) {
		c.mu.Lock()
		c.differ[t] = false
		c.mu.Unlock()
	}
}

func (c *checker) progress(leaves int64) {
	if c.o.Progress == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += leaves
	c.o.Progress(c.done, c.size)
}

// upperLevels rebuilds the levels above 0 from the roots below and compares their tiles.
func (c *checker) upperLevels() {
	for level := 1; level < seal.Levels(c.size); level++ {
		var roots []byte
		for _, t := range seal.TilesOf(level, c.size) {
			stored := c.read(t)
			rebuilt := c.rebuilt[level][t.Index*seal.TileWidth*seal.HashSize:][:t.Width*seal.HashSize]
			fillUnknown(rebuilt, stored)
			c.note(t, stored, rebuilt)
			c.olderPartials(t, stored, rebuilt)
			if t.Width == seal.TileWidth {
				root := seal.TileRoot(rebuilt)
				roots = append(roots, root[:]...)
			}
		}
		c.rebuilt[level+1] = roots
	}
}

// fillUnknown takes from the stored tile the hashes of subtrees none of whose files could be read.
func fillUnknown(rebuilt, stored []byte) {
	for i := range len(rebuilt) / seal.HashSize {
		if stored != nil && seal.HashAt(rebuilt, i) == (seal.Hash{}) {
			copy(rebuilt[i*seal.HashSize:][:seal.HashSize], stored[i*seal.HashSize:])
		}
	}
}

// olderPartials checks the partial files of earlier checkpoints that lie beside a tile: each must hold its beginning, or what was rebuilt of it.
func (c *checker) olderPartials(t seal.Tile, stored, rebuilt []byte) {
	for _, level := range []int{t.Level, seal.Entries} {
		if level == seal.Entries && t.Level != 0 {
			return
		}
		for _, width := range c.found[seal.Tile{Level: level, Index: t.Index, Width: seal.TileWidth}] {
			if width < t.Width {
				c.olderPartial(seal.Tile{Level: level, Index: t.Index, Width: width}, stored, rebuilt)
			}
		}
	}
}

func (c *checker) olderPartial(t seal.Tile, stored, rebuilt []byte) {
	data := c.read(t)
	if data == nil {
		return
	}
	if t.Level == seal.Entries {
		entries, err := seal.ParseBundle(data, t.Width)
		if err != nil {
			c.fault(Malformed, t.Path(), t.Leaf(0), int64(t.Width), err)
			return
		}
		data = leafHashes(entries)
	}
	kind := BadTile
	if t.Level == seal.Entries {
		kind = BadEntry
	}
	for i := range t.Width {
		if !hasHash(stored, data, i) && !hasHash(rebuilt, data, i) {
			c.fault(kind, t.Path(), t.Leaf(i), t.Leaf(i+1)-t.Leaf(i), nil)
		}
	}
}

// hasHash tells whether hash i is the same in both. Where the tile and its rebuilt content differ, an older file may
// hold either: which of them is right is decided for the newest file, and said of that.
func hasHash(a, b []byte, i int) bool {
	return len(a) >= (i+1)*seal.HashSize && seal.HashAt(a, i) == seal.HashAt(b, i)
}

func leafHashes(entries [][]byte) []byte {
	hashes := make([]byte, 0, len(entries)*seal.HashSize)
	for _, entry := range entries {
		h := seal.LeafHash(entry)
		hashes = append(hashes, h[:]...)
	}
	return hashes
}
