// Package blob keeps the bytes of attachments under the hash of those bytes, on
// a disk or in an S3 bucket. It does not know who may have them, nor what they
// show: both are decided before, from the record.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"

	"qingfeng/internal/fault"
)

// ErrDamaged: what is kept under a hash does not have it. It is never handed out.
var ErrDamaged = errors.New("the attachment is damaged")

// A Store keeps bytes. It is safe for use by many goroutines and processes.
type Store interface {
	// Put keeps content, unless it is kept already, and returns when it is
	// durable and was read back. It reads content twice, from its beginning.
	Put(ctx context.Context, content io.ReadSeeker) (Kept, error)

	// Get returns the bytes of a hash, checked before the first is handed out:
	// [fault.NotFound] if there are none, [ErrDamaged] if they are not the ones.
	Get(ctx context.Context, hash string) (io.ReadSeekCloser, error)

	// Stat returns how many bytes are kept under a hash, or [fault.NotFound].
	Stat(ctx context.Context, hash string) (int64, error)

	// Delete removes the bytes of a hash, for erasure; that there are none is
	// no error.
	Delete(ctx context.Context, hash string) error

	// All yields every hash that is kept, by rising hash.
	All(ctx context.Context) iter.Seq2[string, error]
}

// Kept says under what hash how many bytes are kept.
type Kept struct {
	Hash string // SHA-256 in lower-case hex
	Size int64
}

// Verify reads what is kept under a hash and reports whether it is that.
func Verify(ctx context.Context, from Store, hash string) error {
	content, err := from.Get(ctx, hash)
	if err != nil {
		return err
	}
	return content.Close()
}

// measure returns hash and size of content and goes back to its beginning.
func measure(content io.ReadSeeker) (Kept, error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return Kept{}, err
	}
	h := sha256.New()
	size, err := io.Copy(h, content)
	if err != nil {
		return Kept{}, err
	}
	_, err = content.Seek(0, io.SeekStart)
	return Kept{hex.EncodeToString(h.Sum(nil)), size}, err
}

// check measures content against the hash it is kept under.
func check(content io.ReadSeeker, hash string) error {
	kept, err := measure(content)
	if err == nil && kept.Hash != hash {
		err = fmt.Errorf("%w: kept as %s, hashes to %s", ErrDamaged, hash, kept.Hash)
	}
	return err
}

// valid reports whether hash is spelt as hashes are; nothing else becomes part
// of a path.
func valid(hash string) bool {
	if len(hash) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(hash) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// known turns a hash away that nothing can be kept under.
func known(hash string) error {
	if !valid(hash) {
		return fmt.Errorf("attachment %.80q: %w", hash, fault.NotFound)
	}
	return nil
}
