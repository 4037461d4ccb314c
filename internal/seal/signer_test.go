package seal

import (
	"errors"
	"testing"
	"time"
)

func TestTheSignerRefusesWhatContradictsItsLastWord(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	l := newMemLog(t, 300)
	small := l.tree.Root()
	l.grow(t, 700)
	root := l.tree.Root()
	growth, _ := ProveConsistency(l, 700, root, 300)
	shrink, _ := RootAt(l, 700, root, 299)

	start := func() *Signer {
		s, err := NewSigner(k, Signed{Checkpoint: Checkpoint{Origin: origin, Size: 300, Root: small}, At: noon})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	later := noon.Add(time.Millisecond)
	for name, c := range map[string]struct {
		size  int64
		root  Hash
		proof []Hash
		now   time.Time
		want  error
	}{
		"smaller":              {299, shrink, nil, later, ErrSmaller},
		"no proof":             {700, root, nil, later, ErrInconsistent},
		"another root":         {700, flip(root), growth, later, ErrInconsistent},
		"same size, otherwise": {300, flip(small), nil, later, ErrInconsistent},
		"the same moment":      {700, root, growth, noon, ErrClock},
		"a moment before":      {700, root, growth, noon.Add(-time.Hour), ErrClock},
		"larger than we speak": {MaxSize + 1, root, growth, later, ErrMalformed},
	} {
		s := start()
		if _, err := s.Sign(c.size, c.root, c.proof, c.now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if _, err := s.Sign(700, root, growth, later); err != nil {
			t.Errorf("after refusing %s the true tree is refused: %v", name, err)
		}
	}

	s := start()
	msg, err := s.Sign(700, root, growth, later)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := trust.Open(msg)
	if err != nil || signed.Size != 700 || signed.Root != root {
		t.Errorf("signed %+v, %v", signed, err)
	}
	if _, err := s.Sign(700, root, nil, later); !errors.Is(err, ErrClock) {
		t.Errorf("signing twice in one moment: %v", err)
	}
	if _, err := s.Sign(300, small, nil, later.Add(time.Second)); !errors.Is(err, ErrSmaller) {
		t.Errorf("going back: %v", err)
	}
	if _, err := s.Sign(700, root, nil, later.Add(time.Second)); err != nil {
		t.Errorf("signing the same tree again later: %v", err)
	}
}

func TestTheFirstCheckpointOfALog(t *testing.T) {
	k := testKey(t, origin, 1)
	s, err := NewSigner(k, Signed{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(0, Hash{1}, nil, noon); err == nil {
		t.Error("an empty tree with a root of its own is signed")
	}
	if _, err := s.Sign(0, EmptyRoot(), nil, noon); err != nil {
		t.Errorf("the empty tree: %v", err)
	}
	if _, err := NewSigner(k, Signed{Checkpoint: Checkpoint{Origin: "example.org/other"}}); err == nil {
		t.Error("the key continues another log")
	}
}

func TestComparisonWithWhatWasSeen(t *testing.T) {
	l := newMemLog(t, 0)
	roots := map[int64]Hash{0: EmptyRoot()}
	for _, n := range []int{1, 299, 300, 700} {
		l.grow(t, n)
		roots[int64(n)] = l.tree.Root()
	}
	local := Checkpoint{Origin: origin, Size: 300, Root: roots[300]}
	for size, root := range roots {
		c, err := Compare(local, l, Checkpoint{Origin: origin, Size: size, Root: root})
		switch {
		case err != nil:
			t.Errorf("seen %d: %v", size, err)
		case size > 300 && (c.Verdict != Shorter || c.MissingFrom != 300 || c.MissingTo != size):
			t.Errorf("seen %d: %+v", size, c)
		case size <= 300 && c.Verdict != Consistent:
			t.Errorf("seen %d: %+v", size, c)
		}
		c, err = Compare(local, l, Checkpoint{Origin: origin, Size: size, Root: flip(root)})
		if size <= 300 && (err != nil || c.Verdict != Inconsistent) {
			t.Errorf("seen another tree of %d: %+v, %v", size, c, err)
		}
	}
	if _, err := Compare(local, l, Checkpoint{Origin: "example.org/other"}); err == nil {
		t.Error("two logs are compared")
	}
	l.files[Tile{0, 0, 256}][0] ^= 1
	if c, err := Compare(local, l, Checkpoint{Origin: origin, Size: 1, Root: roots[1]}); err == nil {
		t.Errorf("damaged tiles give the verdict %+v", c)
	}
}
