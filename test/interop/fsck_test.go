// Package interop holds the log against programs of other people: the fsck of the tessera project and a witness of the
// transparency-dev project. It tests nothing that our own tests could test.
package interop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

const origin = "example.org/log"

func key(t testing.TB, name string, seed byte) seal.Key {
	t.Helper()
	k, err := seal.NewKey(name, bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// newLog writes a log of this size, published in several steps, as the product would.
func newLog(t testing.TB, size int64) (dir string, l *tiles.Log) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "log")
	l, err := tiles.Create(dir, key(t, origin, 1), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	for _, at := range []int64{size / 3, size - 1, size} {
		grow(t, l, at)
	}
	return dir, l
}

func grow(t testing.TB, l *tiles.Log, size int64) seal.Signed {
	t.Helper()
	var entries [][]byte
	for i := l.Size(); i < size; i++ {
		entries = append(entries, fmt.Appendf(nil, "entry %d", i))
	}
	if _, err := l.Append(context.Background(), entries); err != nil {
		t.Fatal(err)
	}
	s, err := l.Publish(context.Background(), l.Last().At.Add(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hashBundle is the leaf hashing that the fsck command uses for tlog-tiles logs.
func hashBundle(data []byte) ([][]byte, error) {
	var bundle api.EntryBundle
	if err := bundle.UnmarshalText(data); err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, e := range bundle.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return hashes, nil
}

func runFsck(t testing.TB, source fsck.Fetcher, k seal.Key) error {
	t.Helper()
	verifier, err := note.NewVerifier(k.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	return fsck.New(origin, verifier, source, hashBundle, fsck.Opts{N: 2}).Check(context.Background())
}

// serve serves the log as the product does: what [tiles.Dir.Open] gives, below /log/.
func serve(t testing.TB, dir string) *client.HTTPFetcher {
	t.Helper()
	d, err := tiles.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.StripPrefix("/log/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := d.Open(r.URL.Path)
		if errors.Is(err, fs.ErrNotExist) {
			http.NotFound(w, r)
			return
		}
		if err != nil {
			http.Error(w, "unreadable", http.StatusInternalServerError)
			return
		}
		defer file.Close()
		w.Header().Set("Content-Type", file.ContentType)
		http.ServeContent(w, r, "", file.ModTime, file)
	})))
	t.Cleanup(func() { server.Close(); _ = d.Close() })
	u, err := url.Parse(server.URL + "/log/")
	if err != nil {
		t.Fatal(err)
	}
	fetcher, err := client.NewHTTPFetcher(u, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return fetcher
}

func TestTesseraAcceptsOurLogs(t *testing.T) {
	for _, size := range []int64{1, 2, 255, 256, 257, 300, 512, 1000, 65_536, 66_000} {
		dir, _ := newLog(t, size)
		if err := runFsck(t, serve(t, dir), key(t, origin, 1)); err != nil {
			t.Errorf("log of %d over HTTP: %v", size, err)
		}
		if err := runFsck(t, &client.FileFetcher{Root: dir}, key(t, origin, 1)); err != nil {
			t.Errorf("log of %d from files: %v", size, err)
		}
	}
}

// The control: on a damaged log it must say no, and so must we.
func TestTesseraAndWeRefuseTheSameDamage(t *testing.T) {
	dir, l := newLog(t, 700)
	if err := runFsck(t, &client.FileFetcher{Root: dir}, key(t, origin, 2)); err == nil {
		t.Error("tessera accepts another key")
	}
	for _, file := range []string{"checkpoint", "tile/entries/000", "tile/entries/002.p/188", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"} {
		path := filepath.Join(dir, filepath.FromSlash(file))
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(good)
		bad[len(bad)/2] ^= 1
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := runFsck(t, &client.FileFetcher{Root: dir}, key(t, origin, 1)); err == nil {
			t.Errorf("tessera accepts a changed %s", file)
		}
		r, err := tiles.Check(context.Background(), os.DirFS(dir), tiles.Options{Trust: l.Trust()})
		if err != nil || len(r.Faults) == 0 || !strings.HasPrefix(r.Faults[0].File, file) {
			t.Errorf("we accept a changed %s: %v, %v", file, r.Faults, err)
		}
		if err := os.WriteFile(path, good, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := runFsck(t, &client.FileFetcher{Root: dir}, key(t, origin, 1)); err != nil {
		t.Errorf("after mending: %v", err)
	}
}

// Proofs that the client of the tessera project makes from our tiles are ours.
func TestTesseraMakesTheSameProofs(t *testing.T) {
	dir, l := newLog(t, 66_000)
	builder, err := client.NewProofBuilder(context.Background(), 66_000, serve(t, dir).ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	last := l.Last()
	for _, index := range []int64{0, 255, 256, 40_000, 65_535, 65_999} {
		theirs, err := builder.InclusionProof(context.Background(), uint64(index))
		ours, ourErr := seal.ProveInclusion(l.Dir(), last.Size, last.Root, index)
		if err != nil || ourErr != nil || !same(theirs, ours) {
			t.Errorf("inclusion of %d differs: %v, %v", index, err, ourErr)
		}
	}
	for _, old := range []int64{1, 256, 300, 65_536, 65_999} {
		theirs, err := builder.ConsistencyProof(context.Background(), uint64(old), 66_000)
		ours, ourErr := seal.ProveConsistency(l.Dir(), last.Size, last.Root, old)
		if err != nil || ourErr != nil || !same(theirs, ours) {
			t.Errorf("growth from %d differs: %v, %v", old, err, ourErr)
		}
	}
}

func same(theirs [][]byte, ours []seal.Hash) bool {
	if len(theirs) != len(ours) {
		return false
	}
	for i := range ours {
		if !bytes.Equal(theirs[i], ours[i][:]) {
			return false
		}
	}
	return true
}
