package seal

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// stampSize is the length of a timestamped signature: a big-endian uint64 of POSIX seconds and an Ed25519 signature
// (tlog-cosignature, Format).
const stampSize = 8 + ed25519.SignatureSize

// A Cosigner is the public key of a witness, or of a log in its timestamped role. It implements [note.Verifier] for
// cosignature/v1 lines.
type Cosigner struct {
	name string
	key  ed25519.PublicKey
}

// ParseCosigner reads the vkey of a witness: of type 0x04, or of type 0x01, as some witnesses publish the same
// Ed25519 key (tlog-cosignature, Format).
func ParseCosigner(vkey string) (Cosigner, error) {
	name, kind, key, err := parseVKey(vkey)
	if err == nil && kind != typeEd25519 && kind != typeCosignature {
		err = fmt.Errorf("witness key of type %#x: %w", kind, ErrMalformed)
	}
	return Cosigner{name, key}, err
}

// String is the vkey of type 0x04.
func (c Cosigner) String() string {
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), encode(append([]byte{typeCosignature}, c.key...)))
}

// Name implements [note.Verifier].
func (c Cosigner) Name() string { return c.name }

// KeyHash implements [note.Verifier].
func (c Cosigner) KeyHash() uint32 { return keyID(c.name, typeCosignature, c.key) }

// Verify implements [note.Verifier] over the note text of a checkpoint.
func (c Cosigner) Verify(msg, sig []byte) bool {
	at, ok := stampTime(sig)
	return ok && ed25519.Verify(c.key, cosignedMessage(at, msg), sig[8:])
}

// A Cosignature is the verified word of one witness: as of At (UTC, whole seconds), this checkpoint was the largest
// consistent one it had seen of the log.
type Cosignature struct {
	Name string
	At   time.Time
}

// Cosign signs the text of a checkpoint with the time, truncated to the second, as cosignature/v1: the line a witness
// answers with, and the second line of every checkpoint of our own. Times before 1970 are refused.
func Cosign(k Key, now time.Time) note.Signer { return timedSigner{k, now.Unix()} }

// timedSigner implements [note.Signer] for one instant.
type timedSigner struct {
	key  Key
	unix int64
}

func (s timedSigner) Name() string    { return s.key.name }
func (s timedSigner) KeyHash() uint32 { return s.key.Public().Timed().KeyHash() }

func (s timedSigner) Sign(msg []byte) ([]byte, error) {
	if s.unix < 0 {
		return nil, fmt.Errorf("time stamp %d before 1970: %w", s.unix, ErrMalformed)
	}
	sig, err := s.key.Sign(cosignedMessage(s.unix, msg))
	return append(binary.BigEndian.AppendUint64(nil, uint64(s.unix)), sig...), err
}

// cosignedMessage is the header line, the time line and the note text (tlog-cosignature, Ed25519 signed message).
func cosignedMessage(unix int64, text []byte) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatInt(unix, 10)+"\n"), text...)
}

func stampTime(sig []byte) (unix int64, ok bool) {
	if len(sig) != stampSize {
		return 0, false
	}
	at := binary.BigEndian.Uint64(sig)
	return int64(at & math.MaxInt64), at <= math.MaxInt64
}
