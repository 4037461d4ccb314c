// Package tiles keeps the log as files in the C2SP tlog-tiles layout (checkpoint, tile/…), writes them so that a crash
// at any moment leaves a log that resumes, reads them for proofs and for HTTP, and checks all of them. It holds no
// arithmetic of the tree (that is seal), no network and no notion of what an entry means. It writes to nothing but
// its own directory, and expects to be the only writer there: the lock on the data directory is the caller's.
package tiles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"qingfeng/internal/seal"
)

const (
	checkpointFile = "checkpoint"
	// witnessedFile holds the newest checkpoint that witnesses have cosigned, with their lines. It lags behind the
	// newest checkpoint, which is replaced before anybody outside could sign it; it is no part of tlog-tiles.
	witnessedFile = "witnessed"
	// staging holds the one file being written. It is not part of the log: it is emptied on opening and never served.
	staging = "staging"
)

// A Dir reads the files of a log. It may be used by several goroutines, also while a [Log] writes.
type Dir struct{ root *os.Root }

// OpenDir opens the directory of a log for reading. Nothing outside it is ever read, whatever links it contains.
func OpenDir(path string) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	return &Dir{root}, nil
}

// Close releases the directory.
func (d *Dir) Close() error { return d.root.Close() }

// FS is the directory as a file system, for [Check].
func (d *Dir) FS() fs.FS { return d.root.FS() }

// Checkpoint is the newest checkpoint as it stands in its file, unverified. It is [ErrNoLog] where there is none.
func (d *Dir) Checkpoint() ([]byte, error) {
	msg, err := d.root.ReadFile(checkpointFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("tiles: %s: %w", d.root.Name(), ErrNoLog)
	}
	if err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	return msg, nil
}

// Witnessed is the newest checkpoint that witnesses have cosigned as it stands in its file, unverified; nil where there
// is none.
func (d *Dir) Witnessed() ([]byte, error) {
	msg, err := d.root.ReadFile(witnessedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	return msg, nil
}

// ReadTile implements [seal.TileReader]; for level [seal.Entries] it reads the encoded bundle. Where a partial tile is
// gone because the full one exists, it is cut from that (tlog-tiles, Partial Tiles).
func (d *Dir) ReadTile(t seal.Tile) ([]byte, error) { return readTile(d.root.FS(), t) }

func readTile(fsys fs.FS, t seal.Tile) ([]byte, error) {
	data, err := fs.ReadFile(fsys, t.Path())
	if errors.Is(err, fs.ErrNotExist) && t.Width < seal.TileWidth {
		if full, fullErr := fs.ReadFile(fsys, t.Full().Path()); fullErr == nil {
			return cut(full, t)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	if t.Level != seal.Entries && len(data) != t.Width*seal.HashSize {
		return nil, fmt.Errorf("tiles: %s has %d bytes instead of %d: %w", t, len(data), t.Width*seal.HashSize, seal.ErrMalformed)
	}
	return data, nil
}

// cut takes the partial tile t out of the full one.
func cut(full []byte, t seal.Tile) ([]byte, error) {
	if t.Level != seal.Entries {
		if len(full) != seal.TileWidth*seal.HashSize {
			return nil, fmt.Errorf("tiles: %s has %d bytes: %w", t.Full(), len(full), seal.ErrMalformed)
		}
		return full[:t.Width*seal.HashSize], nil
	}
	entries, err := seal.ParseBundle(full, seal.TileWidth)
	if err != nil {
		return nil, fmt.Errorf("tiles: %s: %w", t.Full(), err)
	}
	length := 0
	for _, entry := range entries[:t.Width] {
		length += 2 + len(entry)
	}
	return full[:length], nil
}

// Entries reads up to 256 entries: those of the bundle that holds leaf from, from that leaf on, in a tree of this size.
// They are not verified: [Dir.Receipt] and [Check] do that.
func (d *Dir) Entries(from, size int64) ([][]byte, error) {
	if from < 0 || from >= size || size > seal.MaxSize {
		return nil, fmt.Errorf("tiles: leaf %d of %d: %w", from, size, fs.ErrNotExist)
	}
	t := seal.Tile{Level: seal.Entries, Index: from / seal.TileWidth, Width: seal.TileWidth}
	if edge, ok := seal.EdgeOf(seal.Entries, size); ok && edge.Index == t.Index {
		t = edge
	}
	data, err := d.ReadTile(t)
	if err != nil {
		return nil, err
	}
	entries, err := seal.ParseBundle(data, t.Width)
	if err != nil {
		return nil, fmt.Errorf("tiles: %s: %w", t, err)
	}
	return entries[from%seal.TileWidth:], nil
}

// Receipt makes the receipt of leaf index under the newest checkpoint, with its entry. number and at are the record's
// number and the time it was written down. A leaf that no checkpoint covers yet is [fs.ErrNotExist].
func (d *Dir) Receipt(trust seal.Trust, index, number int64, at time.Time) (seal.Receipt, error) {
	msg, err := d.Checkpoint()
	if err != nil {
		return seal.Receipt{}, err
	}
	s, err := trust.Open(msg)
	if err != nil {
		return seal.Receipt{}, fmt.Errorf("tiles: %s: %w", checkpointFile, err)
	}
	entries, err := d.Entries(index, s.Size)
	if err != nil {
		return seal.Receipt{}, err
	}
	proof, err := seal.ProveInclusion(d, s.Size, s.Root, index)
	if err != nil {
		return seal.Receipt{}, fmt.Errorf("tiles: %w", err)
	}
	r := seal.Receipt{Number: number, Time: at, Index: index, Leaf: seal.LeafHash(entries[0]), Entry: entries[0], Proof: proof, Note: msg}
	if _, err := r.Check(trust); err != nil {
		return seal.Receipt{}, fmt.Errorf("tiles: receipt of leaf %d: %w", index, err)
	}
	return r, nil
}

// A Resource is one file of the log, open for serving. The reader closes it.
type Resource struct {
	*os.File
	ContentType string    // as tlog-tiles demands
	ModTime     time.Time // when it was written
	Immutable   bool      // whether it may be cached for ever; the checkpoint may be for seconds only
}

// Open opens the file at a path below the log's URL prefix: checkpoint, witnessed, tile/<L>/<N>[.p/<W>] or
// tile/entries/<N>[.p/<W>] (tlog-tiles, APIs). Every other path, and a file that the newest checkpoint does not
// cover, is [fs.ErrNotExist]: what is not yet signed may still change after a crash and must not be cached.
func (d *Dir) Open(path string) (*Resource, error) {
	r := &Resource{ContentType: "text/plain; charset=utf-8"}
	if path != checkpointFile && path != witnessedFile {
		if err := d.covered(path); err != nil {
			return nil, err
		}
		r.ContentType, r.Immutable = "application/octet-stream", true
	}
	var err error
	if r.File, err = d.root.Open(path); err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	info, err := r.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = r.Close() // nothing was written to it
		return nil, fmt.Errorf("tiles: %.80q: %w", path, fs.ErrNotExist)
	}
	r.ModTime = info.ModTime()
	return r, nil
}

func (d *Dir) covered(path string) error {
	none := fmt.Errorf("tiles: %.80q: %w", path, fs.ErrNotExist)
	t, err := seal.ParseTile(path)
	if err != nil {
		return none
	}
	msg, err := d.Checkpoint()
	if err != nil {
		return err
	}
	c, err := seal.Unverified(msg)
	if err != nil {
		return fmt.Errorf("tiles: %s: %w", checkpointFile, err)
	}
	if !t.In(c.Size) {
		return none
	}
	return nil
}
