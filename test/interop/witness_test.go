package interop

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	theirs "github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"

	"qingfeng/internal/seal"
	"qingfeng/internal/witness"
)

// newWitness starts the witness of the transparency-dev project, following our log under this key.
func newWitness(t testing.TB, logKey seal.Key) (url string, vkey string) {
	t.Helper()
	k := key(t, "witness.example/w", 7)
	signer, err := f_note.NewSignerForCosignatureV1(k.Secret())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(logKey.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	w, err := theirs.New(context.Background(), theirs.Opts{
		Persistence: inmemory.New(),
		Signers:     []note.Signer{signer},
		VerifierForLog: func(_ context.Context, o string) (note.Verifier, bool, error) {
			return verifier, o == origin, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sub/add-checkpoint", theirs.NewHTTPHandler(w).AddCheckpoint)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	vkey, err = f_note.VKeyToCosignatureV1(k.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	return server.URL + "/sub", vkey
}

// memory implements [witness.Store].
type memory map[string][]byte

func (m memory) Last(_ context.Context, w string) ([]byte, error) { return m[w], nil }

func (m memory) Keep(_ context.Context, w string, msg []byte) error {
	m[w] = msg
	return nil
}

func connect(t testing.TB, url, vkey string, store memory) (*witness.Client, seal.Trust) {
	t.Helper()
	cosigner, err := seal.ParseCosigner(vkey)
	if err != nil {
		t.Fatal(err)
	}
	trust := seal.Trust{Log: []seal.PublicKey{key(t, origin, 1).Public()}, Witnesses: []seal.Cosigner{cosigner}}
	c, err := witness.New(witness.Config{URL: url, Key: cosigner, Trust: trust, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return c, trust
}

func TestAStrangersWitnessCosignsOurLog(t *testing.T) {
	url, vkey := newWitness(t, key(t, origin, 1))
	store := memory{}
	c, trust := connect(t, url, vkey, store)
	_, l := newLog(t, 5)
	for _, size := range []int64{6, 255, 256, 300, 1000} {
		grow(t, l, size)
		if size == 300 {
			delete(store, c.Name()) // and it names the size itself
		}
		lines, err := c.Submit(context.Background(), l.Dir(), l.Last())
		if err != nil {
			t.Fatalf("at %d: %v", size, err)
		}
		s, err := trust.AddCosignatures(l.Last(), lines)
		if err != nil || len(s.Cosignatures) != 1 || time.Since(s.Cosignatures[0].At) > time.Hour {
			t.Errorf("at %d: %+v, %v", size, s, err)
		}
		verifier, err := f_note.NewVerifier(vkey)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := note.Open(s.Note, note.VerifierList(verifier)); err != nil || len(n.Sigs) != 1 {
			t.Errorf("at %d their own verifier: %v", size, err)
		}
	}
}

func TestAStrangersWitnessRefusesWhatItMust(t *testing.T) {
	url, vkey := newWitness(t, key(t, origin, 1))
	_, l := newLog(t, 300)
	c, _ := connect(t, url, vkey, memory{})
	if _, err := c.Submit(context.Background(), l.Dir(), l.Last()); err != nil {
		t.Fatal(err)
	}
	_, short := newLog(t, 200)
	forged := forgedLog(t, 400)
	for name, store := range map[string]memory{"remembered": nil, "forgotten": {}} {
		client := c
		if store != nil {
			client, _ = connect(t, url, vkey, store)
		}
		if _, err := client.Submit(context.Background(), short.Dir(), short.Last()); !errors.Is(err, witness.ErrAhead) {
			t.Errorf("a shorter log, %s: %v", name, err)
		}
		if _, err := client.Submit(context.Background(), forged, forged.last); !errors.Is(err, witness.ErrInconsistent) {
			t.Errorf("another past, %s: %v", name, err)
		}
		same := forgedLog(t, 300)
		if _, err := client.Submit(context.Background(), same, same.last); !errors.Is(err, witness.ErrInconsistent) {
			t.Errorf("another past of the same size, %s: %v", name, err)
		}
	}
	otherURL, _ := newWitness(t, key(t, origin, 3))
	store := memory{}
	other, _ := connect(t, otherURL, vkey, store)
	// The standard demands 403 here, this witness answers 500: either way it is no cosignature.
	if lines, err := other.Submit(context.Background(), l.Dir(), l.Last()); err == nil || len(store) > 0 {
		t.Errorf("a key it does not know: %q", lines)
	}
}

// fork is a log in memory with other entries, signed with the right key.
type fork struct {
	files map[seal.Tile][]byte
	last  seal.Signed
}

func (f fork) ReadTile(t seal.Tile) ([]byte, error) { return f.files[t], nil }

func forgedLog(t testing.TB, size int) fork {
	t.Helper()
	f := fork{files: map[seal.Tile][]byte{}}
	keep := func(tile seal.Tile, data []byte) error { f.files[tile] = data; return nil }
	var tree seal.Tree
	if err := tree.Append(make([][]byte, size), keep); err != nil {
		t.Fatal(err)
	}
	if err := tree.Edge(keep); err != nil {
		t.Fatal(err)
	}
	signer, err := seal.NewSigner(key(t, origin, 1), seal.Signed{})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := signer.Sign(tree.Size(), tree.Root(), nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if f.last, err = (seal.Trust{Log: []seal.PublicKey{key(t, origin, 1).Public()}}).Open(msg); err != nil {
		t.Fatal(err)
	}
	return f
}
