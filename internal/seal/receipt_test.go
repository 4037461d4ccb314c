package seal

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

// receipt is that of leaf 7 of 300, and the log has grown to 700 since.
func receipt(t testing.TB, k Key, entry bool) (r Receipt, later Checkpoint, growth []Hash) {
	t.Helper()
	l := newMemLog(t, 300)
	s := l.sign(t, k)
	p, err := ProveInclusion(l, s.Size, s.Root, 7)
	if err != nil {
		t.Fatal(err)
	}
	r = Receipt{Number: 8, Time: noon.Add(123 * time.Millisecond), Index: 7, Leaf: LeafHash([]byte("entry 7")), Proof: p, Note: s.Note}
	if entry {
		r.Entry = []byte("entry 7")
	}
	l.grow(t, 700)
	growth, err = ProveConsistency(l, 700, l.tree.Root(), 300)
	if err != nil {
		t.Fatal(err)
	}
	return r, Checkpoint{Origin: origin, Size: 700, Root: l.tree.Root()}, growth
}

func TestAReceiptIsCheckedOfflineAndLater(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	for _, entry := range []bool{true, false} {
		r, later, growth := receipt(t, k, entry)
		got, err := ParseReceipt(r.Text())
		if err != nil || !bytes.Equal(got.Text(), r.Text()) || got.Number != 8 || !got.Time.Equal(r.Time) {
			t.Fatalf("came back as %+v, %v", got, err)
		}
		if s, err := got.Check(trust); err != nil || s.Size != 300 {
			t.Errorf("check: %+v, %v", s, err)
		}
		if err := got.CheckLater(trust, later, growth); err != nil {
			t.Errorf("check later: %v", err)
		}
		refuse(t, "a later checkpoint of another tree", got.CheckLater(trust, Checkpoint{Origin: origin, Size: 700, Root: flip(later.Root)}, growth))
		refuse(t, "another log", got.CheckLater(trust, Checkpoint{Origin: "o", Size: later.Size, Root: later.Root}, growth))
	}
}

func TestAForgedReceiptIsRefused(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	r, later, growth := receipt(t, k, true)
	for name, forge := range map[string]func(*Receipt){
		"another leaf":   func(r *Receipt) { r.Leaf, r.Entry = flip(r.Leaf), nil },
		"another entry":  func(r *Receipt) { r.Entry = []byte("entry 8") },
		"both":           func(r *Receipt) { r.Entry = []byte("entry 8"); r.Leaf = LeafHash(r.Entry) },
		"another index":  func(r *Receipt) { r.Index = 6 },
		"a shorter path": func(r *Receipt) { r.Proof = r.Proof[1:] },
		"a strange key": func(r *Receipt) {
			r.Note = newMemLog(t, 300).sign(t, testKey(t, origin, 2)).Note
		},
	} {
		forged := r
		forge(&forged)
		if _, err := forged.Check(trust); err == nil {
			t.Errorf("%s passes", name)
		}
		if err := forged.CheckLater(trust, later, growth); err == nil {
			t.Errorf("%s passes later", name)
		}
	}
}

func TestEveryChangedBitOfAReceiptIsFoundOrMattersNot(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	r, _, _ := receipt(t, k, true)
	text := r.Text()
	for i := range text {
		for bit := range 8 {
			text[i] ^= 1 << bit
			got, err := ParseReceipt(text)
			if err == nil {
				_, err = got.Check(trust)
			}
			if err == nil && (got.Index != r.Index || got.Leaf != r.Leaf || !bytes.Equal(got.Entry, r.Entry) || !bytes.Equal(got.Note, r.Note)) {
				t.Errorf("bit %d of byte %d passes", bit, i)
			}
			text[i] ^= 1 << bit
		}
	}
}

func TestBrokenReceiptsAreMalformed(t *testing.T) {
	r, _, _ := receipt(t, testKey(t, origin, 1), true)
	text := r.Text()
	for cut := range len(text) - len(r.Note) {
		if _, err := ParseReceipt(text[:cut]); !errors.Is(err, ErrMalformed) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

func TestReceiptsBeyondAnyTreeAreMalformed(t *testing.T) {
	r, _, _ := receipt(t, testKey(t, origin, 1), true)
	for _, index := range []int64{-1, MaxSize} {
		r.Index = index
		if _, err := ParseReceipt(r.Text()); !errors.Is(err, ErrMalformed) {
			t.Errorf("index %d: %v", index, err)
		}
	}
	r.Index, r.Proof = 0, make([]Hash, 64)
	if _, err := ParseReceipt(r.Text()); !errors.Is(err, ErrMalformed) {
		t.Errorf("a path of 64: %v", err)
	}
}

func FuzzParseReceipt(f *testing.F) {
	r, _, _ := receipt(f, testKey(f, origin, 1), true)
	f.Add(r.Text())
	r.Entry = nil
	f.Add(r.Text())
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseReceipt(text)
		if err == nil && !bytes.Equal(r.Text(), text) {
			t.Errorf("%q writes as %q", text, r.Text())
		}
	})
}
