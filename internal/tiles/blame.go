package tiles

import (
	"bytes"
	"io/fs"
	"slices"

	"qingfeng/internal/seal"
)

// maxCombinations bounds the search of [reconcile]: up to so many differing hashes every mixture is tried.
const maxCombinations = 10

// blame decides, where a file and what was rebuilt from the entries differ, which of the two was signed. It works from the
// checkpoint down: the hashes at the right edge must give the signed root, and every tile the hash that stands
// for it one level up.
func (c *checker) blame() {
	edges, known := c.trueEdges()
	if edges == nil {
		c.undecided(known)
		return
	}
	for level := len(edges) - 1; level >= 0; level-- {
		if t, ok := seal.EdgeOf(level, c.size); ok {
			c.settle(t, edges[level])
		}
	}
	for t, settled := range c.differ {
		if !settled { // what was rebuilt leads to the signed root, so the file is wrong
			c.badTile(t, c.rebuiltTile(t))
		}
	}
}

// trueEdges returns the partial tiles, by level, that give the signed root; nil if neither the files nor the entries
// nor a mixture of them do, and with known false if some of them cannot be read at all.
func (c *checker) trueEdges() (edges [][]byte, known bool) {
	var stored, rebuilt []byte
	var widths []int
	for level := range seal.Levels(c.size) {
		t, ok := seal.EdgeOf(level, c.size)
		if !ok {
			widths = append(widths, 0)
			continue
		}
		file, made := c.quietly(t), c.rebuiltTile(t)
		if file == nil {
			file = made
		}
		if file == nil {
			return nil, false
		}
		stored, rebuilt, widths = append(stored, file...), append(rebuilt, made...), append(widths, t.Width)
	}
	split := func(all []byte) [][]byte {
		levels := make([][]byte, len(widths))
		for i, w := range widths {
			levels[i], all = all[:w*seal.HashSize], all[w*seal.HashSize:]
		}
		return levels
	}
	truth := reconcile(stored, rebuilt, func(all []byte) bool {
		return seal.EdgeRoot(split(all)) == c.report.Checkpoint.Root
	})
	if truth == nil {
		return nil, true
	}
	return split(truth), true
}

// reconcile finds the mixture of two equally long lists of hashes for which holds is true, preferring b; nil if there is
// none or too many would have to be tried.
func reconcile(a, b []byte, holds func([]byte) bool) []byte {
	if len(a) != len(b) {
		return nil
	}
	var at []int
	for i := range len(a) / seal.HashSize {
		if seal.HashAt(a, i) != seal.HashAt(b, i) {
			at = append(at, i*seal.HashSize)
		}
	}
	if holds(b) {
		return append([]byte{}, b...)
	}
	if holds(a) {
		return append([]byte{}, a...)
	}
	for mask := 1; len(at) <= maxCombinations && mask < 1<<len(at)-1; mask++ {
		mixed := slices.Clone(b)
		for bit, i := range at {
			if mask>>bit&1 != 0 {
				copy(mixed[i:i+seal.HashSize], a[i:])
			}
		}
		if holds(mixed) {
			return mixed
		}
	}
	return nil
}

// settle compares the file of a tile and what lies below it with the hashes that were signed.
func (c *checker) settle(t seal.Tile, truth []byte) {
	if _, ok := c.differ[t]; ok {
		c.differ[t] = true
	}
	if stored := c.quietly(t); stored != nil && !bytes.Equal(stored, truth) {
		c.badTile(t, truth)
	}
	rebuilt := c.rebuiltTile(t)
	for i := range len(truth) / seal.HashSize {
		switch {
		case seal.HashAt(rebuilt, i) == seal.HashAt(truth, i):
		case t.Level == 0:
			bundle := seal.Tile{Level: seal.Entries, Index: t.Index, Width: t.Width}
			c.fault(BadEntry, bundle.Path(), t.Leaf(i), 1, nil)
		default:
			c.settleBelow(below(t, i), seal.HashAt(truth, i))
		}
	}
}

// below is the full tile for which hash i of t stands.
func below(t seal.Tile, i int) seal.Tile {
	return seal.Tile{Level: t.Level - 1, Index: t.Index*seal.TileWidth + int64(i), Width: seal.TileWidth}
}

// settleBelow finds the content of a full tile that gives the signed hash.
func (c *checker) settleBelow(t seal.Tile, want seal.Hash) {
	stored, rebuilt := c.quietly(t), c.rebuiltTile(t)
	if stored == nil {
		stored = rebuilt
	}
	if truth := reconcile(stored, rebuilt, func(h []byte) bool { return seal.TileRoot(h) == want }); truth != nil {
		c.settle(t, truth)
		return
	}
	c.unsettled(t)
}

// unsettled reports a tile of which neither the file nor the rebuilt content is what was signed: both were changed.
func (c *checker) unsettled(t seal.Tile) {
	if _, ok := c.differ[t]; ok {
		c.differ[t] = true
	}
	stored, rebuilt := c.quietly(t), c.rebuiltTile(t)
	leaves := t.Leaf(t.Width) - t.Leaf(0)
	if rebuilt == nil {
		return // nothing of it could be read, which is said already
	}
	if stored != nil {
		c.fault(BadTile, t.Path(), t.Leaf(0), leaves, nil)
	}
	if t.Level == 0 {
		bundle := seal.Tile{Level: seal.Entries, Index: t.Index, Width: t.Width}
		c.fault(BadEntry, bundle.Path(), t.Leaf(0), leaves, nil)
		return
	}
	for i := range t.Width {
		if stored != nil && seal.HashAt(stored, i) != seal.HashAt(rebuilt, i) {
			c.unsettled(below(t, i))
		}
	}
}

// undecided reports a log in which nothing leads to the signed root: the checkpoint does not belong to these files, and
// where the files contradict one another both sides are named. Where part of the right edge cannot be read, that is said
// already and the checkpoint is not to blame.
func (c *checker) undecided(known bool) {
	if known {
		c.fault(BadRoot, checkpointFile, -1, 0, nil)
	}
	for t := range c.differ {
		rebuilt := c.rebuiltTile(t)
		c.badTile(t, rebuilt)
		stored := c.quietly(t)
		for i := range t.Width {
			if t.Level == 0 && seal.HashAt(stored, i) != seal.HashAt(rebuilt, i) {
				bundle := seal.Tile{Level: seal.Entries, Index: t.Index, Width: t.Width}
				c.fault(BadEntry, bundle.Path(), t.Leaf(i), 1, nil)
			}
		}
	}
}

// badTile reports the file of a tile, from the first to the last hash that is not as it should be.
func (c *checker) badTile(t seal.Tile, truth []byte) {
	stored := c.quietly(t)
	first := firstDifference(stored, truth)
	last := first
	for i := first; i < t.Width; i++ {
		if seal.HashAt(stored, i) != seal.HashAt(truth, i) {
			last = i
		}
	}
	c.fault(BadTile, t.Path(), t.Leaf(first), t.Leaf(last+1)-t.Leaf(first), nil)
}

// quietly reads a tile whose faults are reported already; nil if it has any.
func (c *checker) quietly(t seal.Tile) []byte {
	data, err := fs.ReadFile(c.fsys, t.Path())
	if err != nil || len(data) != t.Width*seal.HashSize {
		return nil
	}
	return data
}

// rebuiltTile is the content of a tile as worked out from the entries, or from its own file where those cannot be read.
func (c *checker) rebuiltTile(t seal.Tile) []byte {
	if t.Level > 0 {
		return c.rebuilt[t.Level][t.Index*seal.TileWidth*seal.HashSize:][:t.Width*seal.HashSize]
	}
	if t.Width < seal.TileWidth {
		return c.rebuilt[0]
	}
	data, err := fs.ReadFile(c.fsys, seal.Tile{Level: seal.Entries, Index: t.Index, Width: t.Width}.Path())
	if err != nil {
		return c.quietly(t)
	}
	entries, err := seal.ParseBundle(data, t.Width)
	if err != nil {
		return c.quietly(t)
	}
	return leafHashes(entries)
}
