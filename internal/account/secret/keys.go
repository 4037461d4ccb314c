package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Keys are derived from the secret of an installation, one for each purpose.
type Keys struct {
	box cipher.AEAD
	mac []byte
}

// NewKeys derives the keys from the secret.
func NewKeys(secret []byte) (*Keys, error) {
	boxKey, err := hkdf.Key(sha256.New, secret, nil, "qingfeng account box", 32)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	macKey, err := hkdf.Key(sha256.New, secret, nil, "qingfeng account mac", 32)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	block, err := aes.NewCipher(boxKey)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return &Keys{box: box, mac: macKey}, nil
}

// Seal encrypts what the database must not know. It opens only for the same owner.
func (k *Keys) Seal(random io.Reader, plain []byte, owner string) ([]byte, error) {
	nonce := make([]byte, k.box.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return k.box.Seal(nonce, nonce, plain, []byte(owner)), nil
}

// Open decrypts what [Keys.Seal] made for owner.
func (k *Keys) Open(sealed []byte, owner string) ([]byte, error) {
	n := k.box.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("secret: nothing sealed")
	}
	plain, err := k.box.Open(nil, sealed[:n], sealed[n:], []byte(owner))
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return plain, nil
}

// MAC returns a code over purpose and parts that nobody without the secret can
// make. Each part is written with its length: no two lists give the same code.
func (k *Keys) MAC(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, k.mac)
	for _, p := range append([][]byte{[]byte(purpose)}, parts...) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}

// Name returns a new random name of 256 bits, to be kept by somebody else, and
// its hash, to be kept here.
func Name(random io.Reader) (name string, hash []byte, err error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", nil, fmt.Errorf("secret: %w", err)
	}
	name = base64.RawURLEncoding.EncodeToString(b)
	return name, Hash(name), nil
}

// Hash returns the hash of a random name. A plain one is enough: nobody can try
// 2^256 names.
func Hash(name string) []byte {
	h := sha256.Sum256([]byte(name))
	return h[:]
}

// Spell spells bytes for a cookie or an address.
func Spell(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
