package seal

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

func TestProofsHoldHereAndInAnotherImplementation(t *testing.T) {
	const top = 600
	l := newMemLog(t, 0)
	roots := []Hash{l.tree.Root()}
	for n := 1; n <= top; n++ {
		l.grow(t, n)
		roots = append(roots, l.tree.Root())
	}
	for size := int64(1); size <= top; size += 37 {
		for at := int64(0); at < size; at += 5 {
			p, err := ProveInclusion(l, size, roots[size], at)
			if err != nil {
				t.Fatal(err)
			}
			leaf := HashAt(l.files[tileOfLeaf(at, top)], int(at%256))
			if err := CheckInclusion(p, size, roots[size], at, leaf); err != nil {
				t.Error(err)
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(at), uint64(size), leaf[:], raw(p), roots[size][:]); err != nil {
				t.Errorf("leaf %d of %d: %v", at, size, err)
			}
		}
		for old := int64(0); old <= size; old += 3 {
			p, err := ProveConsistency(l, size, roots[size], old)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckConsistency(p, size, roots[size], old, roots[old]); err != nil {
				t.Error(err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(size), raw(p), roots[old][:], roots[size][:]); err != nil {
				t.Errorf("growth %d to %d: %v", old, size, err)
			}
			if root, err := RootAt(l, size, roots[size], old); err != nil || root != roots[old] {
				t.Errorf("root at %d of %d is %s, %v", old, size, root, err)
			}
		}
	}
}

func tileOfLeaf(at, size int64) Tile {
	if edge, ok := EdgeOf(0, size); ok && edge.Index == at/TileWidth {
		return edge
	}
	return Tile{0, at / TileWidth, TileWidth}
}

func raw(hs []Hash) [][]byte {
	out := [][]byte{}
	for _, h := range hs {
		out = append(out, h[:])
	}
	return out
}

// Every way to alter a proof or what it is held against must be refused, at every size up to two levels.
func TestForgedProofsAreRefused(t *testing.T) {
	for _, size := range []int64{2, 3, 7, 8, 255, 256, 257, 300} {
		l := newMemLog(t, int(size))
		root := l.tree.Root()
		for _, at := range []int64{0, 1, size / 2, size - 1} {
			p, _ := ProveInclusion(l, size, root, at)
			leaf := HashAt(l.files[tileOfLeaf(at, size)], int(at%256))
			for name, forged := range forgeries(p) {
				if err := CheckInclusion(forged, size, root, at, leaf); !errors.Is(err, ErrProof) {
					t.Errorf("size %d leaf %d: %s passes: %v", size, at, name, err)
				}
			}
			refuse(t, "another leaf", CheckInclusion(p, size, root, at, flip(leaf)))
			refuse(t, "another root", CheckInclusion(p, size, flip(root), at, leaf))
			refuse(t, "another index", CheckInclusion(p, size, root, (at+1)%size, leaf))
			refuse(t, "index past the end", CheckInclusion(p, size, root, size, leaf))
			refuse(t, "negative index", CheckInclusion(p, size, root, -1, leaf))
			refuse(t, "an inner node given as a leaf", CheckInclusion(p[min(1, len(p)):], (size+1)/2, root, at/2, leaf))
		}
		for _, old := range []int64{1, size / 2, size - 1, size} {
			oldRoot, _ := RootAt(l, size, root, old)
			p, _ := ProveConsistency(l, size, root, old)
			for name, forged := range forgeries(p) {
				refuse(t, name, CheckConsistency(forged, size, root, old, oldRoot))
			}
			refuse(t, "another old root", CheckConsistency(p, size, root, old, flip(oldRoot)))
			refuse(t, "another new root", CheckConsistency(p, size, flip(root), old, oldRoot))
			refuse(t, "sizes swapped", CheckConsistency(p, old-1, oldRoot, size, root))
		}
		refuse(t, "a made-up empty root", CheckConsistency(nil, size, root, 0, flip(EmptyRoot())))
		refuse(t, "an empty tree with another root", CheckConsistency(nil, 0, flip(EmptyRoot()), 0, EmptyRoot()))
		refuse(t, "hashes where none are needed", CheckConsistency([]Hash{root}, size, root, 0, EmptyRoot()))
	}
}

func refuse(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ErrProof) {
		t.Errorf("%s passes: %v", what, err)
	}
}

func flip(h Hash) Hash { h[31] ^= 1; return h }

func forgeries(p []Hash) map[string][]Hash {
	forged := map[string][]Hash{
		"a hash more at the end":   append(slices.Clone(p), Hash{1}),
		"a hash more at the start": append([]Hash{{1}}, p...),
	}
	if len(p) > 0 {
		forged["a hash less at the end"] = p[:len(p)-1]
		forged["a hash less at the start"] = p[1:]
	}
	for i := range p {
		changed := slices.Clone(p)
		changed[i] = flip(p[i])
		forged["a bit of hash "+string(rune('0'+i))] = changed
	}
	if len(p) > 1 && p[0] != p[1] {
		swapped := slices.Clone(p)
		swapped[0], swapped[1] = p[1], p[0]
		forged["two hashes swapped"] = swapped
	}
	return forged
}

func TestProofsAreNotMadeFromDamagedTiles(t *testing.T) {
	l := newMemLog(t, 700)
	root := l.tree.Root()
	l.files[Tile{0, 0, 256}][5] ^= 1
	if _, err := ProveInclusion(l, 700, root, 3); err == nil {
		t.Error("a proof was made from a damaged tile")
	}
	if _, err := ProveInclusion(l, 700, root, 699); err != nil {
		t.Errorf("a proof that needs no damaged tile fails: %v", err)
	}
	if _, err := ProveConsistency(l, 700, flip(root), 256); err == nil {
		t.Error("a proof was made for a root that is not the tree's")
	}
}

func TestAbsurdSizesAreRefusedAtOnce(t *testing.T) {
	path := make([]Hash, 63)
	refuse(t, "a tree over MaxSize", CheckInclusion(path, 1<<62+1, Hash{}, 0, Hash{}))
	refuse(t, "growth over MaxSize", CheckConsistency(path, 1<<63-1, Hash{}, 1, Hash{}))
	refuse(t, "the last index of an int64", CheckInclusion(nil, MaxSize, Hash{}, 1<<63-1, Hash{}))
}

func TestProofTextsHaveOneSpelling(t *testing.T) {
	line := string(FormatProof([]Hash{{1}}))
	for name, text := range map[string]string{
		"64 lines": strings.Repeat(line, 64), "no newline": line[:44], "33 bytes": encode(make([]byte, 33)) + "\n", "an empty line": line + "\n",
		"a carriage return": line[:44] + "\r\n", "spare bits": line[:42] + "B=\n",
	} {
		if p, err := ParseProof([]byte(text)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s reads as %d hashes, %v", name, len(p), err)
		}
	}
	if p, err := ParseProof([]byte(strings.Repeat(line, 63))); err != nil || len(p) != 63 {
		t.Errorf("63 lines: %d, %v", len(p), err)
	}
}

func FuzzParseProof(f *testing.F) {
	l := newMemLog(f, 300)
	p, _ := ProveInclusion(l, 300, l.tree.Root(), 7)
	f.Add(FormatProof(p))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParseProof(text)
		if err == nil && string(FormatProof(p)) != string(text) {
			t.Errorf("%q reads as %d hashes and writes otherwise", text, len(p))
		}
		_ = CheckInclusion(p, 300, Hash{}, 7, Hash{}) // must not panic
		_ = CheckConsistency(p, 300, Hash{}, 7, Hash{})
	})
}
