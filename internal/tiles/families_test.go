package tiles

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"qingfeng/internal/seal"
)

// families are the kinds of change the campaign makes.
var families = map[string]func(testing.TB, specimen) iter.Seq[mutant]{
	"an entry edited":                                    entryEdited,
	"entries deleted, inserted, swapped":                 entriesMoved,
	"an entry edited and its leaf hash with it":          leafEdited,
	"all rewritten, not signed":                          rewrittenUnsigned,
	"all rewritten and signed with a wrong key":          rewrittenWrongKey,
	"all rewritten and signed with the right key":        rewrittenRightKey,
	"the end cut off and signed with the right key":      endCut,
	"an older checkpoint put back":                       olderCheckpoint,
	"a hash edited":                                      hashEdited,
	"a file cut, emptied, lengthened or gone":            fileCut,
	"files exchanged or renumbered":                      filesExchanged,
	"a file that does not belong":                        strayFile,
	"the checkpoint says another size, origin or root":   checkpointEdited,
	"signature lines removed, repeated, borrowed, moved": signatureLines,
}

// bundleAt is the place of a leaf's bundle in the newest tree.
func (s specimen) bundleAt(leaf int64) seal.Tile {
	return seal.TilesOf(seal.Entries, s.size)[leaf/seal.TileWidth]
}

// leaves are those that a kind of change is tried on: all of them, or of each bundle both ends and a sample.
func (s specimen) leaves() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for leaf := range s.size {
			tile := s.bundleAt(leaf)
			if sampled(int(leaf-tile.Leaf(0)), tile.Width, 23) && !yield(leaf) {
				return
			}
		}
	}
}

func (s specimen) entriesOf(t testing.TB) [][]byte {
	var all [][]byte
	for _, tile := range seal.TilesOf(seal.Entries, s.size) {
		list, err := seal.ParseBundle(s.clean[tile.Path()].Data, tile.Width)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

func bundleOf(list [][]byte) []byte {
	var data []byte
	for _, e := range list {
		data, _ = seal.AppendEntry(data, e)
	}
	return data
}

// with replaces files in a copy of the clean log; nil removes.
func (s specimen) with(changed map[string][]byte) fstest.MapFS {
	m := maps.Clone(s.clean)
	for path, data := range changed {
		if m[path] = (&fstest.MapFile{Data: data}); data == nil {
			delete(m, path)
		}
	}
	return m
}

func entryEdited(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		all := s.entriesOf(t)
		for leaf := range s.leaves() {
			tile := s.bundleAt(leaf)
			list := slices.Clone(all[tile.Leaf(0):tile.Leaf(tile.Width)])
			for name, e := range map[string][]byte{"changed": []byte("forged"), "emptied": {}, "longer": append(slices.Clone(all[leaf]), 'x')} {
				list[leaf%256] = e
				m := s.with(map[string][]byte{tile.Path(): bundleOf(list)})
				if !yield(mutant{fmt.Sprintf("entry %d %s", leaf, name), m, tile.Path(), leaf, "", true}) {
					return
				}
			}
		}
	}
}

func entriesMoved(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		all := s.entriesOf(t)
		for leaf := range s.leaves() {
			tile := s.bundleAt(leaf)
			at := int(leaf % 256)
			list := all[tile.Leaf(0):tile.Leaf(tile.Width)]
			swapped := slices.Clone(list)
			other := (at + 1) % len(list)
			swapped[at], swapped[other] = list[other], list[at]
			doubled := slices.Clone(list)
			doubled[other] = list[at]
			for name, changed := range map[string][][]byte{
				"deleted":  slices.Delete(slices.Clone(list), at, at+1),
				"inserted": slices.Insert(slices.Clone(list), at, []byte("forged")),
				"repeated": slices.Insert(slices.Clone(list), at, list[at]),
				"swapped":  swapped, "written over its neighbour": doubled,
			} {
				m := s.with(map[string][]byte{tile.Path(): bundleOf(changed)})
				if !yield(mutant{fmt.Sprintf("entry %d %s", leaf, name), m, tile.Path(), -1, "", true}) {
					return
				}
			}
		}
	}
}

// rebuild makes all files of a tree of other entries, beside what else the log has.
func (s specimen) rebuild(t testing.TB, all [][]byte) (fstest.MapFS, seal.Hash) {
	m := fstest.MapFS{"checkpoint": s.clean["checkpoint"]}
	var tree seal.Tree
	keep := func(tile seal.Tile, data []byte) error {
		m[tile.Path()] = &fstest.MapFile{Data: data}
		return nil
	}
	if err := tree.Append(all, keep); err != nil {
		t.Fatal(err)
	}
	if err := tree.Edge(keep); err != nil {
		t.Fatal(err)
	}
	return m, tree.Root()
}

// forged is the log's entries with one changed.
func (s specimen) forged(t testing.TB, leaf int64) [][]byte {
	all := s.entriesOf(t)
	all[leaf] = []byte("forged")
	return all
}

func leafEdited(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for leaf := range s.leaves() {
			bundle := s.bundleAt(leaf)
			hashes := seal.Tile{Level: 0, Index: bundle.Index, Width: bundle.Width}
			other, _ := s.rebuild(t, s.forged(t, leaf))
			m := s.with(map[string][]byte{bundle.Path(): other[bundle.Path()].Data, hashes.Path(): other[hashes.Path()].Data})
			place := bundle.Path()
			if bundle.Width < 256 {
				place = "" // at the edge nothing below the checkpoint tells which side is right
			}
			if !yield(mutant{fmt.Sprintf("entry and leaf %d", leaf), m, place, -1, "", false}) {
				return
			}
		}
	}
}

func (s specimen) rewritten(t testing.TB, sign func(seal.Hash) []byte, file string, v seal.Verdict) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for leaf := range s.leaves() {
			m, root := s.rebuild(t, s.forged(t, leaf))
			if sign != nil {
				m["checkpoint"] = &fstest.MapFile{Data: sign(root)}
			}
			if !yield(mutant{fmt.Sprintf("rewritten with leaf %d forged", leaf), m, file, -1, v, false}) {
				return
			}
		}
	}
}

func rewrittenUnsigned(t testing.TB, s specimen) iter.Seq[mutant] {
	return s.rewritten(t, nil, "checkpoint", "")
}

func rewrittenWrongKey(t testing.TB, s specimen) iter.Seq[mutant] {
	s.seen = seal.Checkpoint{Origin: origin, Root: seal.EmptyRoot()} // no help from the witness here
	return s.rewritten(t, func(root seal.Hash) []byte { return signAs(t, key(t, origin, 9), s.size, root) }, "checkpoint", "")
}

func rewrittenRightKey(t testing.TB, s specimen) iter.Seq[mutant] {
	return s.rewritten(t, func(root seal.Hash) []byte { return signAs(t, s.key, s.size, root) }, "", seal.Inconsistent)
}

func endCut(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for size := range s.leaves() {
			m, root := s.rebuild(t, s.entriesOf(t)[:size])
			m["checkpoint"] = &fstest.MapFile{Data: signAs(t, s.key, size, root)}
			if !yield(mutant{fmt.Sprintf("cut to %d", size), m, "", -1, seal.Shorter, false}) {
				return
			}
		}
	}
}

func olderCheckpoint(_ testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for i, msg := range s.older {
			m := s.with(map[string][]byte{"checkpoint": msg})
			if !yield(mutant{fmt.Sprintf("checkpoint %d put back", i), m, "", -1, "", false}) {
				return
			}
		}
	}
}

func hashEdited(_ testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for path, f := range s.clean {
			tile, err := seal.ParseTile(path)
			if err != nil || tile.Level == seal.Entries {
				continue
			}
			for i := range tile.Width {
				if !sampled(i, tile.Width, 23) {
					continue
				}
				data := slices.Clone(f.Data)
				copy(data[i*seal.HashSize:], "a hash that somebody has made up")
				if !yield(mutant{fmt.Sprintf("%s hash %d", path, i), s.with(map[string][]byte{path: data}), path, -1, "", true}) {
					return
				}
			}
		}
	}
}

func fileCut(_ testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for path, f := range s.clean {
			changes := map[string][]byte{"lengthened": append(slices.Clone(f.Data), 0), "doubled": slices.Concat(f.Data, f.Data)}
			for n := 0; n < len(f.Data); n += 13 {
				if !sampled(n/13, len(f.Data)/13, 7) {
					continue
				}
				changes[fmt.Sprint("cut to ", n)] = slices.Clip(f.Data[:n:n])
			}
			if older(path, s.size) {
				delete(changes, "gone")
			} else {
				changes["gone"] = nil
			}
			for name, data := range changes {
				if !yield(mutant{path + " " + name, s.with(map[string][]byte{path: data}), path, -1, "", true}) {
					return
				}
			}
		}
	}
}

// older tells a partial file of an earlier checkpoint, which a log may remove.
func older(path string, size int64) bool {
	tile, err := seal.ParseTile(path)
	return err == nil && tile.Width < seal.TileWidth && !isEdge(path, size)
}

func filesExchanged(_ testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for a, fa := range s.clean {
			for b, fb := range s.clean {
				if a < b {
					m := s.with(map[string][]byte{a: fb.Data, b: fa.Data})
					if !yield(mutant{a + " and " + b + " exchanged", m, a, -1, "", false}) {
						return
					}
				}
				if a != b && b != "checkpoint" && !older(a, s.size) {
					m := s.with(map[string][]byte{a: nil, b: fa.Data})
					if !yield(mutant{a + " renamed to " + b, m, a, -1, "", false}) {
						return
					}
				}
			}
		}
	}
}

func strayFile(_ testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		for _, path := range []string{"stray", "tile/stray", "tile/0/stray", "tile/0/000.p/stray", "tile/entries/stray.p/1", "checkpoint.stray"} {
			m := s.with(map[string][]byte{path: []byte("x")})
			if !yield(mutant{path, m, path, -1, "", true}) {
				return
			}
		}
	}
}
