package witness

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"qingfeng/internal/seal"
)

const origin = "example.org/log"

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func key(t testing.TB, name string, seed byte) seal.Key {
	t.Helper()
	k, err := seal.NewKey(name, []byte(strings.Repeat(string(rune(seed)), 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// memLog is a log in memory that signs itself.
type memLog struct {
	key   seal.Key
	tree  seal.Tree
	files map[seal.Tile][]byte
	twist string // what its entries say, to make logs that differ
}

func newLog(t testing.TB, size int64, twist string) *memLog {
	t.Helper()
	l := &memLog{key: key(t, origin, 'a'), files: map[seal.Tile][]byte{}, twist: twist}
	l.grow(t, size)
	return l
}

func (l *memLog) grow(t testing.TB, size int64) {
	t.Helper()
	keep := func(tile seal.Tile, data []byte) error { l.files[tile] = data; return nil }
	for l.tree.Size() < size {
		if err := l.tree.Append([][]byte{fmt.Appendf(nil, "%s %d", l.twist, l.tree.Size())}, keep); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.tree.Edge(keep); err != nil {
		t.Fatal(err)
	}
}

func (l *memLog) ReadTile(t seal.Tile) ([]byte, error) {
	data, ok := l.files[t]
	if !ok {
		return nil, fmt.Errorf("no %s", t)
	}
	return data, nil
}

func (l *memLog) checkpoint(t testing.TB) seal.Signed {
	t.Helper()
	text := seal.Checkpoint{Origin: origin, Size: l.tree.Size(), Root: l.tree.Root()}.Text()
	msg, err := note.Sign(&note.Note{Text: text}, l.key, seal.Cosign(l.key, noon))
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.trust().Open(msg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (l *memLog) trust() seal.Trust { return seal.Trust{Log: []seal.PublicKey{l.key.Public()}} }

// memStore implements [Store].
type memStore struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (m *memStore) Last(_ context.Context, witness string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[witness], nil
}

func (m *memStore) Keep(_ context.Context, witness string, msg []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string][]byte{}
	}
	m.kept[witness] = msg
	return nil
}

// A small witness, written from the text of tlog-witness: it keeps the last checkpoint and follows the rules.
type small struct {
	key    seal.Key
	trust  seal.Trust // of the one log it follows
	mu     sync.Mutex
	latest seal.Checkpoint
	asked  int
}

func (w *small) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	data, _ := io.ReadAll(r.Body)
	head, msg, _ := strings.Cut(string(data), "\n\n")
	oldLine, proofText, _ := strings.Cut(head, "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(oldLine, "old "), 10, 64)
	if proofText != "" {
		proofText += "\n"
	}
	proof, proofErr := seal.ParseProof([]byte(proofText))
	if err != nil || proofErr != nil || r.Method != http.MethodPost || r.URL.Path != "/w/add-checkpoint" {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	claimed, _ := seal.Unverified([]byte(msg))
	if claimed.Origin != w.trust.Log[0].Name() {
		rw.WriteHeader(http.StatusNotFound)
		return
	}
	s, err := w.trust.Open([]byte(msg))
	switch {
	case err != nil:
		rw.WriteHeader(http.StatusForbidden)
	case old > s.Size:
		rw.WriteHeader(http.StatusBadRequest)
	case old != w.latest.Size, old == s.Size && old > 0 && s.Root != w.latest.Root:
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", w.latest.Size)
	case old > 0 && seal.CheckConsistency(proof, s.Size, s.Root, old, w.latest.Root) != nil:
		rw.WriteHeader(http.StatusUnprocessableEntity)
	default:
		w.latest = s.Checkpoint
		signed, _ := note.Sign(&note.Note{Text: s.Text()}, seal.Cosign(w.key, noon.Add(time.Minute)))
		_, _ = rw.Write(signed[len(s.Text())+1:])
	}
}
