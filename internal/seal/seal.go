// Package seal is the arithmetic of the tamper-evident log: tree, tiles, proofs, checkpoints, cosignatures and
// receipts in the public formats (RFC 6962, C2SP tlog-tiles, tlog-checkpoint, tlog-cosignature, tlog-proof), and
// nothing about files, networks, clocks or what an entry means.
//
// Units throughout: a size is a number of leaves, an index counts leaves from zero, a hash is 32 bytes of SHA-256.
// What a stranger sends (a checkpoint, a proof, a tile) may be anything: every parser here refuses what it would
// not itself have written, so two different texts never mean the same.
package seal

import (
	"crypto/sha256"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// HashSize is the length of a hash in bytes.
	HashSize = tlog.HashSize
	// MaxEntry is the length in bytes of the longest entry: an entry bundle counts it in a uint16 (tlog-tiles, Log entries).
	MaxEntry = 1<<16 - 1
	// MaxSize is the size of the largest tree we speak of. It is ours, not the standard's: it keeps every index exact
	// in a JSON number and far from the overflow of the 64-bit arithmetic below.
	MaxSize = 1 << 53
)

// Refusals that a caller tells apart. All other errors of this package mean malformed input or misuse.
var (
	// ErrMalformed says that a text or a file is not in its format.
	ErrMalformed = errors.New("seal: malformed")
	// ErrSignature says that the signature that matters is absent or wrong.
	ErrSignature = errors.New("seal: no valid signature of this log")
	// ErrProof says that a proof does not prove what it claims.
	ErrProof = errors.New("seal: proof does not hold")
	// ErrSmaller says that a tree is smaller than one already signed.
	ErrSmaller = errors.New("seal: tree is smaller than the last one signed")
	// ErrInconsistent says that a tree does not begin with one already signed.
	ErrInconsistent = errors.New("seal: tree does not begin with the last one signed")
	// ErrClock says that the time given is not after the time of the last signature.
	ErrClock = errors.New("seal: clock did not advance since the last signature")
)

// A Hash is a SHA-256 hash of a leaf or a node; it prints as standard base64.
type Hash = tlog.Hash

// LeafHash is SHA-256(0x00 || entry), the hash of one entry (RFC 6962 §2.1).
func LeafHash(entry []byte) Hash {
	var short [512]byte
	if len(entry) < len(short) {
		n := copy(short[1:], entry)
		return sha256.Sum256(short[:1+n])
	}
	long := make([]byte, 1+len(entry))
	copy(long[1:], entry)
	return sha256.Sum256(long)
}

// NodeHash is SHA-256(0x01 || left || right), the hash of an inner node (RFC 6962 §2.1).
func NodeHash(left, right Hash) Hash { return tlog.NodeHash(left, right) }

// EmptyRoot is the root of the tree without leaves, SHA-256 of nothing (RFC 6962 §2.1).
func EmptyRoot() Hash { return sha256.Sum256(nil) }
