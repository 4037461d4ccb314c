package witness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"qingfeng/internal/seal"
)

// A Memory keeps what witnesses have cosigned in several places, so that putting one of them back does not put all of
// it back. It implements [Store].
type Memory []Store

// Last implements [Store]: of what the places hold, the largest.
func (m Memory) Last(ctx context.Context, witness string) ([]byte, error) {
	var last []byte
	size := int64(-1)
	for _, place := range m {
		note, err := place.Last(ctx, witness)
		if err != nil {
			return nil, err
		}
		if note == nil {
			continue
		}
		c, err := seal.Unverified(note)
		if err != nil {
			return nil, fmt.Errorf("remembered checkpoint of %s: %w", witness, err)
		}
		if c.Size > size {
			last, size = note, c.Size
		}
	}
	return last, nil
}

// Keep implements [Store]: every place keeps it.
func (m Memory) Keep(ctx context.Context, witness string, note []byte) error {
	var errs []error
	for _, place := range m {
		errs = append(errs, place.Keep(ctx, witness, note))
	}
	return errors.Join(errs...)
}

// Files keeps one file for each witness in a directory, which is made when it is needed. It implements [Store].
type Files string

// name is the file of a witness, whose name may hold anything.
func (f Files) name(witness string) string {
	sum := sha256.Sum256([]byte(witness))
	return filepath.Join(string(f), hex.EncodeToString(sum[:8]))
}

// Last implements [Store].
func (f Files) Last(_ context.Context, witness string) ([]byte, error) {
	note, err := os.ReadFile(f.name(witness))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return note, err
}

// Keep implements [Store]: after a power cut the file holds the old note or the new one.
func (f Files) Keep(_ context.Context, witness string, note []byte) (err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	next, err := os.CreateTemp(string(f), "next-")
	if err != nil {
		return err
	}
	_, err = next.Write(note)
	err = errors.Join(err, next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), f.name(witness))
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	dir, err := os.Open(string(f))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Parse reads how a witness is named in settings: its public key in the form of C2SP, an @, and its address, as
// in archive.example+0123abcd+BASE64@https://archive.example/w.
func Parse(text string) (key seal.Cosigner, url string, err error) {
	at := strings.Index(text, "@http") // a name may hold an @
	if at < 0 {
		return key, "", fmt.Errorf("witness %.200q: want KEY@URL: %w", text, seal.ErrMalformed)
	}
	if key, err = seal.ParseCosigner(text[:at]); err != nil {
		return key, "", fmt.Errorf("witness %.200q: %w", text, err)
	}
	return key, text[at+1:], nil
}
