package seal

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// A Tree is an RFC 6962 tree that grows at its right edge. It holds only that edge (one partial bundle and at most
// one partial tile a level) and gives every other file away as soon as it is full. The zero Tree is empty.
// A Tree is not safe for use by several goroutines.
type Tree struct {
	size   int64
	bundle []byte   // encoded entries of the last, partial bundle
	levels [][]byte // hashes of the partial tile of each level
}

// Emit takes a file of the log. The data is the receiver's to keep.
type Emit func(t Tile, data []byte) error

// RestoreTree reads the right edge of a tree of this size and returns the tree, ready to grow. It checks the entries
// of the partial bundle against the hashes of the partial tile; that these belong to the right tree is for the
// caller to check by comparing [Tree.Root] with a signed root.
func RestoreTree(size int64, read func(Tile) ([]byte, error)) (*Tree, error) {
	t := &Tree{size: size, levels: make([][]byte, Levels(size))}
	for level := range t.levels {
		edge, ok := EdgeOf(level, size)
		if !ok {
			continue
		}
		data, err := read(edge)
		if err != nil {
			return nil, err
		}
		if len(data) != edge.Width*HashSize {
			return nil, fmt.Errorf("%s has %d bytes instead of %d: %w", edge, len(data), edge.Width*HashSize, ErrMalformed)
		}
		t.levels[level] = append(make([]byte, 0, TileWidth*HashSize), data...)
	}
	return t, t.restoreBundle(read)
}

func (t *Tree) restoreBundle(read func(Tile) ([]byte, error)) error {
	edge, ok := EdgeOf(Entries, t.size)
	if !ok {
		return nil
	}
	data, err := read(edge)
	if err != nil {
		return err
	}
	entries, err := ParseBundle(data, edge.Width)
	if err != nil {
		return fmt.Errorf("%s: %w", edge, err)
	}
	for i, entry := range entries {
		if LeafHash(entry) != HashAt(t.levels[0], i) {
			return fmt.Errorf("%s: entry of leaf %d does not hash to its leaf hash: %w", edge, edge.Leaf(i), ErrProof)
		}
	}
	t.bundle = append([]byte(nil), data...)
	return nil
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Append adds entries as leaves, in order, and emits each bundle and each hash tile that became full, lower levels
// first. An entry longer than [MaxEntry] is refused before any is added; after an error from emit the tree
// must be thrown away.
func (t *Tree) Append(entries [][]byte, emit Emit) error {
	for i, entry := range entries {
		if len(entry) > MaxEntry {
			return fmt.Errorf("entry %d of %d bytes, the longest allowed is %d: %w", i, len(entry), MaxEntry, ErrMalformed)
		}
	}
	if t.size+int64(len(entries)) > MaxSize {
		return fmt.Errorf("tree of %d leaves cannot take %d more: %w", t.size, len(entries), ErrMalformed)
	}
	for _, entry := range entries {
		if err := t.add(entry, emit); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tree) add(entry []byte, emit Emit) error {
	var err error
	if t.bundle, err = AppendEntry(t.bundle, entry); err != nil {
		return err
	}
	index := t.size / TileWidth
	t.size++
	if t.size%TileWidth == 0 {
		if err := emit(Tile{Entries, index, TileWidth}, t.bundle); err != nil {
			return err
		}
		t.bundle = make([]byte, 0, len(t.bundle))
	}
	return t.push(0, LeafHash(entry), emit)
}

// push adds a hash at the edge of a level. A tile that becomes full is emitted and its root goes one level up.
func (t *Tree) push(level int, h Hash, emit Emit) error {
	for ; ; level++ {
		if level == len(t.levels) {
			t.levels = append(t.levels, nil)
		}
		if t.levels[level] == nil {
			t.levels[level] = make([]byte, 0, TileWidth*HashSize)
		}
		t.levels[level] = append(t.levels[level], h[:]...)
		tile := t.levels[level]
		if len(tile) < TileWidth*HashSize {
			return nil
		}
		index := levelCount(level, t.size)/TileWidth - 1
		if err := emit(Tile{level, index, TileWidth}, tile); err != nil {
			return err
		}
		t.levels[level] = nil
		h = TileRoot(tile)
	}
}

// Edge emits the partial bundle and the partial tiles of the present size: with what [Tree.Append] emitted before,
// these are all the files of this tree (tlog-tiles, Partial Tiles).
func (t *Tree) Edge(emit Emit) error {
	for level := Entries; level < len(t.levels); level++ {
		edge, ok := EdgeOf(level, t.size)
		if !ok {
			continue
		}
		data := t.bundle
		if level != Entries {
			data = t.levels[level]
		}
		if err := emit(edge, slices.Clip(data)); err != nil {
			return err
		}
	}
	return nil
}

// Root is the root hash of the present tree.
func (t *Tree) Root() Hash { return EdgeRoot(t.levels) }

// EdgeRoot is the root of the tree whose partial tiles, from level 0 up, hold these hashes; a level without a
// partial tile is empty (RFC 6962 §2.1: the subtrees of the binary expansion of the size, joined from the right).
func EdgeRoot(levels [][]byte) Hash {
	root, some := EmptyRoot(), false
	for _, hashes := range levels {
		for n := len(hashes) / HashSize; n > 0; n &= n - 1 {
			k := n & -n
			h := TileRoot(hashes[(n-k)*HashSize : n*HashSize])
			if some {
				h = NodeHash(h, root)
			}
			root, some = h, true
		}
	}
	return root
}

// TileRoot is the root over a power of two of hashes, at most 256: of a full tile, the hash that stands for it one level up.
func TileRoot(hashes []byte) Hash {
	var work [TileWidth * HashSize]byte
	var node [1 + 2*HashSize]byte
	node[0] = 1
	n := copy(work[:], hashes) / HashSize
	for ; n > 1; n /= 2 {
		for i := range n / 2 {
			copy(node[1:], work[i*2*HashSize:])
			h := sha256.Sum256(node[:])
			copy(work[i*HashSize:], h[:])
		}
	}
	return Hash(work[:HashSize])
}

// HashAt is hash i of a tile's data, which must be long enough.
func HashAt(data []byte, i int) Hash { return Hash(data[i*HashSize:]) }
