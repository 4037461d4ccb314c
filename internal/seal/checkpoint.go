package seal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Checkpoint says that the log called Origin has, at Size leaves, this Root (tlog-checkpoint, Note text).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
	// Extension holds the opaque lines after the root, without newlines. We sign none; others may.
	Extension []string
}

// Text is the note text that is signed: origin, size, root and extension lines, each ended by a newline.
func (c Checkpoint) Text() string {
	var b strings.Builder
	b.WriteString(c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + encode(c.Root[:]) + "\n")
	for _, line := range c.Extension {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// ParseCheckpoint reads a note text as [Checkpoint.Text] writes it, without any signature. It refuses every other
// spelling, and sizes over [MaxSize], with [ErrMalformed].
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || !utf8.ValidString(text) {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d lines: %w", len(lines)-1, ErrMalformed)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > MaxSize {
		return Checkpoint{}, fmt.Errorf("checkpoint size %.20q: %w", lines[1], ErrMalformed)
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint root: %w", err)
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: root, Extension: lines[3 : len(lines)-1]}
	if c.Text() != text || hasEmpty(lines[:len(lines)-1]) {
		return Checkpoint{}, fmt.Errorf("checkpoint in another spelling than ours: %w", ErrMalformed)
	}
	if size == 0 && root != EmptyRoot() {
		return Checkpoint{}, fmt.Errorf("checkpoint of an empty tree with root %s: %w", root, ErrMalformed)
	}
	return c, nil
}

// Unverified reads the checkpoint of a signed note without asking who signed it: to learn what a file claims, never
// what is so. Whoever relies on it uses [Trust.Open].
func Unverified(msg []byte) (Checkpoint, error) {
	text, _, ok := bytes.Cut(msg, []byte("\n\n"))
	if !ok {
		return Checkpoint{}, fmt.Errorf("checkpoint without signature block: %w", ErrMalformed)
	}
	return ParseCheckpoint(string(text) + "\n")
}

func hasEmpty(lines []string) bool {
	for _, line := range lines {
		if line == "" || strings.ContainsFunc(line, unicode.IsControl) {
			return true
		}
	}
	return false
}

// encode and decode are standard base64 with padding (RFC 4648 §4); decode refuses spare bits that are not zero and
// line breaks, so that each value has one spelling.
func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func decode(text string) ([]byte, error) {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, fmt.Errorf("base64 %.20q: %w", text, ErrMalformed)
	}
	return data, nil
}

func parseHash(text string) (Hash, error) {
	data, err := decode(text)
	if err != nil {
		return Hash{}, err
	}
	if len(data) != HashSize {
		return Hash{}, fmt.Errorf("hash of %d bytes: %w", len(data), ErrMalformed)
	}
	return Hash(data), nil
}
