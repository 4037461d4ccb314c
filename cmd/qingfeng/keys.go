package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"qingfeng/internal/seal"
)

// keyFile and secretFile are where an installation keeps what nobody else may read.
func keyFile(dir string) string    { return filepath.Join(dir, "keys", "log.key") }
func secretFile(dir string) string { return filepath.Join(dir, "keys", "secret") }

// secretSize is how many bytes the secret of an installation has.
const secretSize = 32

// newSecret makes the secret of an installation.
func newSecret() ([]byte, error) { return random(secretSize) }

// newKey makes the key that signs the log, under a name of its own.
func newKey() ([]byte, error) {
	seed, err := random(32)
	if err != nil {
		return nil, err
	}
	tail, err := random(4)
	if err != nil {
		return nil, err
	}
	key, err := seal.NewKey(fmt.Sprintf("qingfeng.local/%x", tail), seed)
	return []byte(key.Secret()), err
}

// noteKey reads the key that signs the log.
func noteKey(dir string) (seal.Key, error) {
	text, err := os.ReadFile(keyFile(dir))
	if err != nil {
		return seal.Key{}, fmt.Errorf("%w: %s", err, mendKey)
	}
	key, err := seal.ParseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return seal.Key{}, fmt.Errorf("%s: %w: %s", keyFile(dir), err, mendKey)
	}
	return key, nil
}

// readSecret reads the secret of the installation.
func readSecret(dir string) ([]byte, error) {
	secret, err := os.ReadFile(secretFile(dir))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %s", err, mendKey)
	case len(secret) != secretSize:
		return nil, fmt.Errorf("%s: it has %d bytes and not %d: %s", secretFile(dir), len(secret), secretSize, mendKey)
	}
	return secret, nil
}

// mendKey tells the operator what to do about a key.
const mendKey = "restore the directory keys from a backup and see that only the service can read it"

// fresh makes what a file should hold, readable by nobody else, unless it is there.
func fresh(file string, content func() ([]byte, error)) error { return onDisk.fresh(file, content) }

// keySteps are what it takes to make a file that is there whole or not at all.
type keySteps struct {
	write  func(name string, content []byte) error // and makes it durable
	rename func(from, to string) error
	sync   func(dir string) error // makes the names in it durable
}

var onDisk = keySteps{
	write:  func(name string, content []byte) error { return writeNew(name, bytes.NewReader(content)) },
	rename: os.Rename,
	sync: func(dir string) error {
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	},
}

// fresh gives the file its name only once it is whole and durable: whatever ends the
// program, nobody ever finds half a key.
func (s keySteps) fresh(file string, content func() ([]byte, error)) error {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b, err := content()
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	beside := file + ".part"
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // of a start that was killed
	}
	if err := s.write(beside, b); err != nil {
		return errors.Join(err, os.RemoveAll(beside))
	}
	if err := s.rename(beside, file); err != nil {
		return errors.Join(err, os.RemoveAll(beside))
	}
	return errors.Join(s.sync(dir), s.sync(filepath.Dir(dir)))
}

func random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := rand.Read(b)
	return b, err
}
