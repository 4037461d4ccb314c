package seal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A TileReader reads hash tiles of a log. ReadTile returns exactly t.Width × 32 bytes. It need not be trusted: what
// it returns is checked against a root before anything is proved with it.
type TileReader interface {
	ReadTile(t Tile) ([]byte, error)
}

// ProveInclusion returns the audit path of leaf index in the tree of this size and root, from the leaf's sibling
// up (RFC 6962 §2.1.1). It fails when the tiles do not hash to the root.
func ProveInclusion(r TileReader, size int64, root Hash, index int64) ([]Hash, error) {
	if err := checkSizes(index+1, size); err != nil {
		return nil, fmt.Errorf("prove leaf %d: %w", index, err)
	}
	proof, err := tlog.ProveRecord(size, index, hashes(r, size, root))
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", index, size, err)
	}
	return proof, nil
}

// ProveConsistency returns the proof that the tree of this size and root begins with its own tree of size old
// (RFC 6962 §2.1.2). The proof is empty where old is zero or size itself.
func ProveConsistency(r TileReader, size int64, root Hash, old int64) ([]Hash, error) {
	if err := checkSizes(old, size); err != nil {
		return nil, fmt.Errorf("prove growth from %d: %w", old, err)
	}
	if old == 0 {
		return nil, nil
	}
	proof, err := tlog.ProveTree(size, old, hashes(r, size, root))
	if err != nil {
		return nil, fmt.Errorf("prove growth from %d to %d: %w", old, size, err)
	}
	return proof, nil
}

// RootAt returns the root that the tree of this size and root had when it was of size old.
func RootAt(r TileReader, size int64, root Hash, old int64) (Hash, error) {
	if err := checkSizes(old, size); err != nil {
		return Hash{}, fmt.Errorf("root at %d: %w", old, err)
	}
	if old == size {
		return root, nil
	}
	h, err := tlog.TreeHash(old, hashes(r, size, root))
	if err != nil {
		return Hash{}, fmt.Errorf("root at %d of %d: %w", old, size, err)
	}
	return h, nil
}

// CheckInclusion returns nil if the proof shows that the tree of this size and root has this hash as leaf index,
// and otherwise an error that wraps [ErrProof] (RFC 6962 §2.1.1).
func CheckInclusion(proof []Hash, size int64, root Hash, index int64, leaf Hash) error {
	if err := checkSizes(index+1, size); err != nil {
		return fmt.Errorf("leaf %d in a tree of %d: %w", index, size, ErrProof)
	}
	if err := tlog.CheckRecord(proof, size, root, index, leaf); err != nil {
		return fmt.Errorf("leaf %d in a tree of %d: %w", index, size, ErrProof)
	}
	return nil
}

// CheckConsistency returns nil if the proof shows that the tree of this size and root begins with the tree of size
// old and root oldRoot, and otherwise an error that wraps [ErrProof] (RFC 6962 §2.1.2).
func CheckConsistency(proof []Hash, size int64, root Hash, old int64, oldRoot Hash) error {
	bad := fmt.Errorf("growth from %d to %d: %w", old, size, ErrProof)
	if checkSizes(old, size) != nil {
		return bad
	}
	if old == 0 {
		if len(proof) != 0 || oldRoot != EmptyRoot() || size == 0 && root != oldRoot {
			return bad
		}
		return nil
	}
	if tlog.CheckTree(proof, size, root, old, oldRoot) != nil {
		return bad
	}
	return nil
}

func checkSizes(part, whole int64) error {
	if part < 0 || whole < 0 || part > whole || whole > MaxSize {
		return fmt.Errorf("%d is not within a tree of %d: %w", part, whole, ErrProof)
	}
	return nil
}

func hashes(r TileReader, size int64, root Hash) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tileSource{r})
}

// tileSource implements [tlog.TileReader] over tiles of height 8.
type tileSource struct{ tiles TileReader }

func (tileSource) Height() int { return 8 }

func (s tileSource) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if data[i], err = s.tiles.ReadTile(Tile{t.L, t.N, t.W}); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (tileSource) SaveTiles([]tlog.Tile, [][]byte) {}
