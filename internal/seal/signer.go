package seal

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A Signer signs the checkpoints of one log and refuses every one that would contradict the last. It remembers only
// that last one; after a restart, its time only to the second. A Signer is not safe for use by several goroutines.
type Signer struct {
	key  Key
	last Checkpoint
	at   time.Time
}

// NewSigner makes the signer that continues after last, which must be the newest checkpoint this key's log ever
// signed; the zero Signed starts a new log.
func NewSigner(key Key, last Signed) (*Signer, error) {
	if last.Origin != "" && last.Origin != key.Name() {
		return nil, fmt.Errorf("key of %.80q cannot continue the log %.80q: %w", key.Name(), last.Origin, ErrMalformed)
	}
	if last.Origin == "" {
		last.Root = EmptyRoot()
	}
	return &Signer{key, last.Checkpoint, last.At}, nil
}

// Sign signs the tree of this size and root as of now. The proof is that of consistency from the size signed last.
// It refuses with [ErrSmaller], [ErrInconsistent], or, where now is not after the last reading of the clock,
// [ErrClock]; a tree that did not grow may be signed again. What is refused leaves no trace; what is signed counts
// as signed even if the caller then fails to store it (tlog-checkpoint, Signatures).
func (s *Signer) Sign(size int64, root Hash, proof []Hash, now time.Time) ([]byte, error) {
	next := Checkpoint{Origin: s.key.Name(), Size: size, Root: root}
	if err := s.refuse(next, proof, now); err != nil {
		return nil, err
	}
	msg, err := note.Sign(&note.Note{Text: next.Text()}, s.key, Cosign(s.key, now))
	if err != nil {
		return nil, fmt.Errorf("sign tree of %d: %w", size, err)
	}
	s.last, s.at = next, now
	return msg, nil
}

func (s *Signer) refuse(next Checkpoint, proof []Hash, now time.Time) error {
	if next.Size < s.last.Size {
		return fmt.Errorf("sign %d after %d: %w", next.Size, s.last.Size, ErrSmaller)
	}
	if _, err := ParseCheckpoint(next.Text()); err != nil {
		return fmt.Errorf("sign tree of %d: %w", next.Size, err)
	}
	if err := CheckConsistency(proof, next.Size, next.Root, s.last.Size, s.last.Root); err != nil {
		return fmt.Errorf("sign %d after %d: %w: %w", next.Size, s.last.Size, ErrInconsistent, err)
	}
	if !now.After(s.at) {
		return fmt.Errorf("sign at %s after %s: %w", now.UTC().Format(time.RFC3339Nano), s.at.UTC().Format(time.RFC3339Nano), ErrClock)
	}
	return nil
}
