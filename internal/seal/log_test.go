package seal

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// memLog is a whole log in memory: the files a tree gave away, and the tree.
type memLog struct {
	tree  Tree
	files map[Tile][]byte
}

func newMemLog(t testing.TB, size int) *memLog {
	t.Helper()
	l := &memLog{files: map[Tile][]byte{}}
	l.grow(t, size)
	return l
}

// grow appends entries "entry 0", "entry 1", … up to the size.
func (l *memLog) grow(t testing.TB, size int) {
	t.Helper()
	var entries [][]byte
	for i := int(l.tree.Size()); i < size; i++ {
		entries = append(entries, fmt.Appendf(nil, "entry %d", i))
	}
	if err := l.tree.Append(entries, l.keep); err != nil {
		t.Fatal(err)
	}
	if err := l.tree.Edge(l.keep); err != nil {
		t.Fatal(err)
	}
}

func (l *memLog) keep(t Tile, data []byte) error {
	l.files[t] = data
	return nil
}

func (l *memLog) ReadTile(t Tile) ([]byte, error) {
	data, ok := l.files[t]
	if !ok {
		return nil, fmt.Errorf("no %s", t)
	}
	return bytes.Clone(data), nil
}

func testKey(t testing.TB, name string, seed byte) Key {
	t.Helper()
	k, err := NewKey(name, bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// sign signs the present tree as a log of its own would.
func (l *memLog) sign(t testing.TB, k Key) Signed {
	t.Helper()
	s, err := NewSigner(k, Signed{})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := s.Sign(l.tree.Size(), l.tree.Root(), nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := Trust{Log: []PublicKey{k.Public()}}.Open(msg)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
