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

// newSecret makes the secret of an installation.
func newSecret() ([]byte, error) { return random(32) }

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
		return seal.Key{}, err
	}
	return seal.ParseKey(strings.TrimSpace(string(text)))
}

// fresh makes what a file should hold, readable by nobody else, unless it is there.
func fresh(file string, content func() ([]byte, error)) error {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b, err := content()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return writeNew(file, bytes.NewReader(b))
}

func random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := rand.Read(b)
	return b, err
}
