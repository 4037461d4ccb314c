package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"sync"
	"time"

	"qingfeng/internal/seal"
)

var (
	// ErrNoLog says that a directory holds no checkpoint. A log is begun by [Create] only: a wrong path must not
	// silently start a second one.
	ErrNoLog = errors.New("tiles: no log here")
	// ErrExists says that a directory already holds a log.
	ErrExists = errors.New("tiles: a log is here already")
	// ErrDamaged says that the files do not bear out the checkpoint; [Check] tells which and where.
	ErrDamaged = errors.New("tiles: log is damaged")
	// ErrStopped says that an earlier write failed, so that nobody knows what is on the disk: the log takes nothing
	// more until it is opened again.
	ErrStopped = errors.New("tiles: log stopped after a failed write")
)

// A Log appends to the files of a log and signs them. It may be used by several goroutines, but there must be one Log
// only for a directory.
type Log struct {
	dir   *Dir
	disk  disk
	key   seal.Key
	trust seal.Trust

	mu      sync.Mutex
	tree    *seal.Tree // as appended
	proved  *seal.Tree // as read back from the files
	signer  *seal.Signer
	last    seal.Signed
	filled  []seal.Tile // became full since the last checkpoint
	stopped error
}

// Close releases the directory. What was appended and not published is forgotten, as after a crash.
func (l *Log) Close() error { return l.dir.Close() }

// Dir reads the files of this log; it is closed with the log.
func (l *Log) Dir() *Dir { return l.dir }

// Trust is whose signatures the log accepts, its own key included.
func (l *Log) Trust() seal.Trust { return l.trust }

// Size is the number of leaves appended, published or not: the index of the next one.
func (l *Log) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.Size()
}

// Last is the newest checkpoint published.
func (l *Log) Last() seal.Signed {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Append adds entries, each at most [seal.MaxEntry] bytes, and returns the leaf index of the first. They are durable,
// provable and visible after the next [Log.Publish], not before. The context is looked at before anything is
// added. After a failed write all is refused with [ErrStopped].
func (l *Log) Append(ctx context.Context, entries [][]byte) (first int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return 0, err
	}
	first = l.tree.Size()
	err = l.tree.Append(entries, l.emit)
	if err != nil && l.tree.Size() != first {
		return 0, l.stop(err)
	}
	return first, err
}

func (l *Log) ready(ctx context.Context) error {
	if l.stopped != nil {
		return fmt.Errorf("%w: %w", ErrStopped, l.stopped)
	}
	return ctx.Err()
}

func (l *Log) stop(err error) error {
	l.stopped = err
	return err
}

// Resume takes up a log that stopped for want of room, from its files, as [Open] does after a crash. After any other
// failure only a fresh start tells what is on the disk.
func (l *Log) Resume() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	writer, err := newDisk(l.dir.root)
	if err != nil {
		return err
	}
	l.disk, l.filled = writer, nil
	if err := l.resume(l.key); err != nil {
		return err
	}
	l.stopped = nil
	return nil
}

// emit writes a tile that no checkpoint covers yet. Covered files are never written again, not even with the same
// content: until the next sync a power cut could lose them.
func (l *Log) emit(t seal.Tile, data []byte) error {
	if t.In(l.last.Size) {
		return nil
	}
	if err := l.sweep(t); err != nil {
		return err
	}
	if t.Width == seal.TileWidth {
		l.filled = append(l.filled, t)
	}
	return l.disk.write(t.Path(), data)
}

// sweep removes partial tiles of the same place that a crash left behind before any checkpoint covered them.
func (l *Log) sweep(t seal.Tile) error {
	dir := t.Full().Path() + ".p"
	found, err := fs.ReadDir(l.dir.FS(), dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("tiles: %w", err)
	}
	for _, f := range found {
		width, err := strconv.Atoi(f.Name())
		if err == nil && (seal.Tile{Level: t.Level, Index: t.Index, Width: width}).In(l.last.Size) {
			continue
		}
		if err := l.disk.remove(path.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Publish signs the tree of all entries appended so far, as of now, and returns once that checkpoint is durable and
// visible. In order: the last tiles are written, all tiles synced, everything new read back from the files and hashed
// again, the growth since the last checkpoint proved and signed, the checkpoint replaced. It may be called without
// anything new, for a fresher time. With [seal.ErrClock] nothing is lost and a later call may succeed; any other
// failure stops the log.
func (l *Log) Publish(ctx context.Context, now time.Time) (seal.Signed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return seal.Signed{}, err
	}
	if err := l.tree.Edge(l.emit); err != nil {
		return seal.Signed{}, l.stop(err)
	}
	if err := l.disk.sync(); err != nil {
		return seal.Signed{}, l.stop(err)
	}
	if err := l.readBack(); err != nil {
		return seal.Signed{}, l.stop(err)
	}
	if err := l.alone(); err != nil {
		return seal.Signed{}, l.stop(err)
	}
	s, err := l.sign(now)
	if errors.Is(err, seal.ErrClock) {
		return seal.Signed{}, err
	}
	if err != nil {
		return seal.Signed{}, l.stop(err)
	}
	return s, l.tidy()
}

// readBack grows a second tree from the entries in the files and compares every tile with its file: a single wrong bit
// that is signed ends a log.
func (l *Log) readBack() error {
	for l.proved.Size() < l.tree.Size() {
		entries, err := l.dir.Entries(l.proved.Size(), l.tree.Size())
		if err != nil {
			return fmt.Errorf("read back: %w", err)
		}
		if err := l.proved.Append(entries, l.same); err != nil {
			return fmt.Errorf("read back: %w", err)
		}
	}
	if err := l.proved.Edge(l.same); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if l.proved.Root() != l.tree.Root() {
		return fmt.Errorf("read back: files have another root than what was appended: %w", ErrDamaged)
	}
	return nil
}

func (l *Log) same(t seal.Tile, want []byte) error {
	got, err := l.dir.ReadTile(t)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s is not as it was written: %w", t, ErrDamaged)
	}
	return nil
}

// alone refuses to go on if the checkpoint on the disk is not the one this log wrote last: somebody else writes here.
func (l *Log) alone() error {
	msg, err := l.dir.Checkpoint()
	if err != nil {
		return err
	}
	if !bytes.Equal(msg, l.last.Note) {
		return fmt.Errorf("checkpoint was replaced by another hand: %w", ErrDamaged)
	}
	return nil
}

func (l *Log) sign(now time.Time) (seal.Signed, error) {
	size, root := l.tree.Size(), l.tree.Root()
	proof, err := seal.ProveConsistency(l.dir, size, root, l.last.Size)
	if err != nil {
		return seal.Signed{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	msg, err := l.signer.Sign(size, root, proof, now)
	if err != nil {
		return seal.Signed{}, err
	}
	return l.put(msg)
}

func (l *Log) put(msg []byte) (seal.Signed, error) {
	s, err := l.trust.Open(msg)
	if err != nil {
		return seal.Signed{}, err
	}
	if err := l.disk.replace(checkpointFile, msg); err != nil {
		return seal.Signed{}, err
	}
	l.last = s
	return s, nil
}

// tidy removes the partial tiles of places that are full now (tlog-tiles, Partial Tiles).
func (l *Log) tidy() error {
	for _, t := range l.filled {
		if err := l.disk.remove(t.Path() + ".p"); err != nil {
			return l.stop(err)
		}
	}
	l.filled = nil
	return nil
}

// Attach adds to the newest checkpoint the cosignature lines of witnesses. Lines over an earlier checkpoint are refused
// with [seal.ErrSignature], and nothing changes.
func (l *Log) Attach(ctx context.Context, lines []byte) (seal.Signed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return seal.Signed{}, err
	}
	s, err := l.trust.AddCosignatures(l.last, lines)
	if err != nil {
		return seal.Signed{}, err
	}
	if s, err = l.put(s.Note); err != nil {
		return seal.Signed{}, l.stop(err)
	}
	return s, nil
}
