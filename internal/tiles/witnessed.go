package tiles

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"qingfeng/internal/seal"
)

// KeepWitnessed keeps a checkpoint of this log with the lines of its witnesses beside the newest checkpoint, in the
// place of the one kept before, and returns once it is durable. It refuses with [ErrDamaged] one that is larger than
// the log. Whether the lines of the witnesses are good is for the caller, who knows their keys.
func (l *Log) KeepWitnessed(ctx context.Context, note []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ready(ctx); err != nil {
		return err
	}
	s, err := l.trust.Open(note)
	if err != nil {
		return fmt.Errorf("tiles: %s: %w", witnessedFile, err)
	}
	if s.Size > l.last.Size {
		return fmt.Errorf("tiles: %s covers %d leaves of %d: %w", witnessedFile, s.Size, l.last.Size, ErrDamaged)
	}
	return l.disk.replace(witnessedFile, note)
}

// witnessed holds the witnessed checkpoint, where there is one, against the newest: it must be of this log, and of its
// beginning. A witness that nobody named proves nothing and is no fault.
func (c *checker) witnessed(newest seal.Signed) {
	msg, err := fs.ReadFile(c.fsys, witnessedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		c.fault(Unreadable, witnessedFile, -1, 0, err)
		return
	}
	seen, err := c.o.Trust.Open(msg)
	switch {
	case errors.Is(err, seal.ErrSignature):
		c.fault(BadSignature, witnessedFile, -1, 0, err)
		return
	case err != nil:
		c.fault(Malformed, witnessedFile, -1, 0, err)
		return
	}
	verdict, err := seal.Compare(newest.Checkpoint, checked{c.fsys}, seen.Checkpoint)
	switch {
	case err != nil || verdict.Verdict == seal.Inconsistent:
		c.fault(BadRoot, witnessedFile, -1, 0, err)
	case verdict.Verdict == seal.Shorter:
		c.fault(Missing, witnessedFile, verdict.MissingFrom, verdict.MissingTo-verdict.MissingFrom, nil)
	}
}

// checked reads the tiles of a log that is being checked.
type checked struct{ fsys fs.FS }

// ReadTile implements [seal.TileReader].
func (c checked) ReadTile(t seal.Tile) ([]byte, error) { return readTile(c.fsys, t) }
