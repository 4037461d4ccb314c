package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/internal/store"
)

func TestABackupOfARunningServiceRestoresToWhatWasSealed(t *testing.T) {
	h := newHouse(t).sealed()
	kept, err := h.files.Put(t.Context(), bytes.NewReader([]byte("minutes")))
	must(t, err)
	for _, name := range []string{"backup", "backup.tar.gz"} {
		t.Run(name, func(t *testing.T) {
			to, back := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), "restored")
			_, err := command("backup", "--data", h.dir, "--to", to)
			must(t, err)
			if _, err := command("backup", "--data", h.dir, "--to", to); err == nil {
				t.Error("a backup was overwritten")
			}
			if left, err := filepath.Glob(to + ".part*"); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
			out, err := command("restore", "--from", to, "--data", back)
			if err != nil || !strings.Contains(out, "Everything is as it was sealed.") {
				t.Fatal(out, err)
			}
			for _, file := range []string{"keys/secret", "keys/log.key", "log/checkpoint", filepath.Join(blobDir, kept.Hash[:2], kept.Hash[2:])} {
				if !bytes.Equal(bytesOf(t, filepath.Join(h.dir, file)), bytesOf(t, filepath.Join(back, file))) {
					t.Errorf("%s differs", file)
				}
			}
			if _, err := command("restore", "--from", to, "--data", back); err == nil {
				t.Error("a data directory was overwritten")
			}
			db, err := store.Open(t.Context(), store.Config{Dir: back})
			must(t, err)
			last, _, err := db.Last(t.Context())
			if err != nil || last != h.app.Size() {
				t.Errorf("%d records, want %d: %v", last, h.app.Size(), err)
			}
			must(t, db.Close())
		})
	}
}

func TestARestoreSaysWhatIsWrong(t *testing.T) {
	h := newHouse(t).sealed()
	to := filepath.Join(t.TempDir(), "backup")
	_, err := command("backup", "--data", h.dir, "--to", to)
	must(t, err)
	tiles, err := filepath.Glob(filepath.Join(to, "log", "tile", "0", "*", "*"))
	must(t, err)
	if len(tiles) == 0 {
		t.Fatal("no tiles")
	}
	b := bytesOf(t, tiles[0])
	b[0] ^= 1
	must(t, os.WriteFile(tiles[0], b, 0o600))
	out, err := command("restore", "--from", to, "--data", filepath.Join(t.TempDir(), "restored"))
	if !errors.Is(err, errFound) || strings.Contains(out, "Everything") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	to := filepath.Join(t.TempDir(), "backup")
	if _, err := command("backup", "--data", t.TempDir(), "--to", to); err == nil {
		t.Error("nothing was backed up, and nobody complained")
	}
	if left, err := os.ReadDir(filepath.Dir(to)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestUnpackingStaysInItsDirectory(t *testing.T) {
	for name, h := range map[string]*tar.Header{
		"above":    {Name: "../evil", Typeflag: tar.TypeReg, Mode: 0o600, Size: 1},
		"absolute": {Name: "/evil", Typeflag: tar.TypeReg, Mode: 0o600, Size: 1},
		"a link":   {Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/"},
	} {
		if err := unpack(archive(t, h), t.TempDir()); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
	dir := t.TempDir()
	must(t, unpack(archive(t, &tar.Header{Name: "a/b", Typeflag: tar.TypeReg, Mode: 0o600, Size: 1}), dir))
	if got := string(bytesOf(t, filepath.Join(dir, "a", "b"))); got != "x" {
		t.Errorf("control: %q", got)
	}
}

// archive is a file with one entry of one byte.
func archive(t *testing.T, h *tar.Header) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	must(t, w.WriteHeader(h))
	if h.Size > 0 {
		_, err := w.Write([]byte("x"))
		must(t, err)
	}
	must(t, errors.Join(w.Close(), zip.Close()))
	return &b
}

func bytesOf(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	return b
}
