package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

// Signature types of the note format (signed-note, Signature types).
const (
	typeEd25519     = 0x01 // Ed25519 over the note text
	typeCosignature = 0x04 // timestamped Ed25519 cosignature/v1 (tlog-cosignature)
)

// A Key signs checkpoints in the name of one log. Its name is the log's origin. It prints as its public half.
type Key struct {
	name    string
	private ed25519.PrivateKey
}

// NewKey makes the key of the log called name from 32 random bytes. A name has no spaces and no plus sign, and
// should be a URL without scheme, such as example.org/log (tlog-checkpoint, Note text).
func NewKey(name string, seed []byte) (Key, error) {
	if !validName(name) {
		return Key{}, fmt.Errorf("key name %.80q: %w", name, ErrMalformed)
	}
	if len(seed) != ed25519.SeedSize {
		return Key{}, fmt.Errorf("key seed of %d bytes instead of %d: %w", len(seed), ed25519.SeedSize, ErrMalformed)
	}
	return Key{name, ed25519.NewKeyFromSeed(seed)}, nil
}

// ParseKey reads a private key as [Key.Secret] writes it. Errors never quote the text.
func ParseKey(secret string) (Key, error) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(secret, "\n"), "PRIVATE+KEY+")
	name, rest, _ := strings.Cut(rest, "+")
	_, data, _ := strings.Cut(rest, "+")
	material, err := decode(data)
	if !ok || err != nil || len(material) != 1+ed25519.SeedSize {
		return Key{}, fmt.Errorf("private key: %w", ErrMalformed)
	}
	k, err := NewKey(name, material[1:])
	if err != nil || k.Secret() != strings.TrimSuffix(secret, "\n") {
		return Key{}, fmt.Errorf("private key: %w", ErrMalformed)
	}
	return k, nil
}

// Secret encodes the private key, PRIVATE+KEY+<name>+<key id>+<base64>. Whoever reads it can sign as the log.
func (k Key) Secret() string {
	material := append([]byte{typeEd25519}, k.private.Seed()...)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", k.name, k.KeyHash(), encode(material))
}

// Public is the public half.
func (k Key) Public() PublicKey {
	return PublicKey{k.name, k.private.Public().(ed25519.PublicKey)}
}

// String is the public half: a key that slips into a log line gives nothing away.
func (k Key) String() string { return k.Public().String() }

// GoString is [Key.String], for %#v.
func (k Key) GoString() string { return k.String() }

// Name implements [note.Signer].
func (k Key) Name() string { return k.name }

// KeyHash implements [note.Signer].
func (k Key) KeyHash() uint32 { return k.Public().Plain().KeyHash() }

// Sign implements [note.Signer].
func (k Key) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(k.private, msg), nil }

// A PublicKey is the public half of a log's key. It verifies both lines a log signs: the plain one and the timestamped one.
type PublicKey struct {
	name string
	key  ed25519.PublicKey
}

// ParsePublicKey reads the vkey of a log, <name>+<key id>+<base64>, of type 0x01 (signed-note, Verifier keys).
func ParsePublicKey(vkey string) (PublicKey, error) {
	name, kind, key, err := parseVKey(vkey)
	if err == nil && kind != typeEd25519 {
		err = fmt.Errorf("public key of type %#x: %w", kind, ErrMalformed)
	}
	return PublicKey{name, key}, err
}

// String is the vkey of type 0x01.
func (p PublicKey) String() string {
	return fmt.Sprintf("%s+%08x+%s", p.name, p.Plain().KeyHash(), encode(append([]byte{typeEd25519}, p.key...)))
}

// Name is the log's origin.
func (p PublicKey) Name() string { return p.name }

// Plain verifies the signature over the note text alone.
func (p PublicKey) Plain() note.Verifier { return plainVerifier{p} }

// Timed verifies the log's own timestamped signature, in the format of a cosignature.
func (p PublicKey) Timed() Cosigner { return Cosigner(p) }

// plainVerifier implements [note.Verifier] for type 0x01.
type plainVerifier struct{ p PublicKey }

func (v plainVerifier) Name() string                { return v.p.name }
func (v plainVerifier) KeyHash() uint32             { return keyID(v.p.name, typeEd25519, v.p.key) }
func (v plainVerifier) Verify(msg, sig []byte) bool { return ed25519.Verify(v.p.key, msg, sig) }

func parseVKey(vkey string) (name string, kind byte, key ed25519.PublicKey, err error) {
	name, rest, _ := strings.Cut(vkey, "+")
	id, data, _ := strings.Cut(rest, "+")
	material, err := decode(data)
	hash, err2 := strconv.ParseUint(id, 16, 32)
	if err != nil || err2 != nil || len(id) != 8 || len(material) != 1+ed25519.PublicKeySize || !validName(name) {
		return "", 0, nil, fmt.Errorf("public key %.160q: %w", vkey, ErrMalformed)
	}
	kind, key = material[0], material[1:]
	if keyID(name, kind, key) != uint32(hash) {
		return "", 0, nil, fmt.Errorf("public key %.160q: id belongs to another key: %w", vkey, ErrMalformed)
	}
	return name, kind, key, nil
}

// keyID is SHA-256(name || 0x0A || type || key)[:4] (signed-note, Verifier keys; tlog-cosignature, Format).
func keyID(name string, kind byte, key []byte) uint32 {
	sum := sha256.Sum256(append(append([]byte(name+"\n"), kind), key...))
	return binary.BigEndian.Uint32(sum[:4])
}

func validName(name string) bool {
	return name != "" && len(name) <= 255 && utf8.ValidString(name) && !strings.Contains(name, "+") &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}
