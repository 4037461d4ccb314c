package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Trust is whose word counts: the keys of one log, the present and any earlier ones, and the witnesses we know.
type Trust struct {
	Log       []PublicKey
	Witnesses []Cosigner
}

// A Signed is a checkpoint whose signature by its log has been verified.
type Signed struct {
	Checkpoint
	// At is when the log says it signed: UTC, whole seconds, from its own timestamped signature.
	At time.Time
	// Cosignatures are those of known witnesses, in the order of the note, all verified.
	Cosignatures []Cosignature
	// Unknown counts signature lines of keys nobody named. They prove nothing.
	Unknown int
	// Note is the signed text as it was read.
	Note []byte
}

// Open verifies a signed checkpoint (tlog-checkpoint). It demands the plain and the timestamped signature of a log
// key whose name is the origin, and that every line of a known key verifies. It refuses with [ErrSignature] what is
// not so signed and with [ErrMalformed] what is not in our spelling.
func (t Trust) Open(msg []byte) (Signed, error) {
	n, err := note.Open(msg, t.verifiers())
	if err != nil {
		return Signed{}, openError(err)
	}
	if err := oneSpelling(n, msg); err != nil {
		return Signed{}, err
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Signed{}, err
	}
	s := Signed{Checkpoint: c, Unknown: len(n.UnverifiedSigs), Note: bytes.Clone(msg)}
	return s, t.attribute(&s, n.Sigs)
}

// attribute sorts verified signatures into those of the log and those of witnesses.
func (t Trust) attribute(s *Signed, sigs []note.Signature) error {
	plain := false
	for _, sig := range sigs {
		at := timeOf(sig)
		switch {
		case t.isPlain(sig):
			plain = plain || sig.Name == s.Origin
		case !t.isTimed(sig):
			s.Cosignatures = append(s.Cosignatures, Cosignature{sig.Name, at})
		case sig.Name == s.Origin && at.After(s.At):
			s.At = at
		}
	}
	if !plain || s.At.IsZero() {
		return fmt.Errorf("checkpoint of %.80q at %d: %w", s.Origin, s.Size, ErrSignature)
	}
	return nil
}

func (t Trust) isPlain(sig note.Signature) bool {
	return slices.ContainsFunc(t.Log, func(k PublicKey) bool { return made(k.Plain(), sig) })
}

func (t Trust) isTimed(sig note.Signature) bool {
	return slices.ContainsFunc(t.Log, func(k PublicKey) bool { return made(k.Timed(), sig) })
}

func made(v note.Verifier, sig note.Signature) bool {
	return v.Name() == sig.Name && v.KeyHash() == sig.Hash
}

func (t Trust) verifiers() note.Verifiers {
	var list []note.Verifier
	add := func(v note.Verifier) {
		known := func(o note.Verifier) bool { return o.Name() == v.Name() && o.KeyHash() == v.KeyHash() }
		if !slices.ContainsFunc(list, known) {
			list = append(list, v)
		}
	}
	for _, k := range t.Log {
		add(k.Plain())
		add(k.Timed())
	}
	for _, w := range t.Witnesses {
		add(w)
	}
	return note.VerifierList(list...)
}

func openError(err error) error {
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &invalid):
		return fmt.Errorf("signature line of %.80q: %w", invalid.Name, ErrSignature)
	case errors.As(err, &unverified):
		return fmt.Errorf("checkpoint: %w", ErrSignature)
	}
	return fmt.Errorf("checkpoint note: %w", ErrMalformed)
}

// oneSpelling refuses a note with repeated lines or with spare bits set in the base64 of a signature: both would be
// changes to the text that no signature covers.
func oneSpelling(n *note.Note, msg []byte) error {
	block := string(msg[len(n.Text)+1:])
	lines := strings.Split(strings.TrimSuffix(block, "\n"), "\n")
	if len(lines) != len(n.Sigs)+len(n.UnverifiedSigs) {
		return fmt.Errorf("checkpoint repeats a signature line: %w", ErrMalformed)
	}
	for _, line := range lines {
		if _, err := decode(line[strings.LastIndex(line, " ")+1:]); err != nil {
			return fmt.Errorf("signature line: %w", err)
		}
	}
	return nil
}

// timeOf reads the time of a verified cosignature; of any other signature it is without meaning.
func timeOf(sig note.Signature) time.Time {
	data, err := decode(sig.Base64)
	if err != nil || len(data) < 4 {
		return time.Time{}
	}
	unix, _ := stampTime(data[4:])
	return time.Unix(unix, 0).UTC()
}

// AddCosignatures appends to a signed checkpoint the cosignature lines that a witness answered with. Lines of unknown
// keys are dropped (tlog-witness: the client must ignore them), a line of a witness that has signed before replaces
// the earlier one. It returns the new note, and [ErrSignature] if no line of a known witness is left or one is wrong.
func (t Trust) AddCosignatures(s Signed, lines []byte) (Signed, error) {
	text := s.Text() + "\n"
	n, err := note.Open(append([]byte(text), lines...), Trust{Witnesses: t.Witnesses}.verifiers())
	if err != nil {
		return Signed{}, openError(err)
	}
	kept := text
	for line := range strings.Lines(string(s.Note[len(text):])) {
		if !replaced(line, n.Sigs) {
			kept += line
		}
	}
	for _, sig := range n.Sigs {
		kept += "— " + sig.Name + " " + sig.Base64 + "\n"
	}
	return t.Open([]byte(kept))
}

func replaced(line string, by []note.Signature) bool {
	name, b64, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "— "), "\n"), " ")
	data, err := decode(b64)
	return err == nil && len(data) >= 4 && slices.ContainsFunc(by, func(sig note.Signature) bool {
		return sig.Name == name && sig.Hash == binary.BigEndian.Uint32(data)
	})
}
