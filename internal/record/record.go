// Package record defines the append-only record: what one entry is, how it is
// written down and sealed, and what any place that keeps entries must promise.
// It knows nothing of what the entries mean.
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// A Record is one thing that happened. It is never changed and never removed;
// a mistake is set right by a later record that names it in Corrects.
type Record struct {
	Seq      int64     // place in the log, from 1, without gaps
	Time     time.Time // when it was written down: UTC, whole microseconds, never decreasing
	On       day.Day   // when it happened
	Actor    id.Person // who wrote it down; 0 is the installation itself
	Role     string    // the office under which: "branch.secretary", or "" for one's own affairs
	Behalf   id.Person // on whose behalf, when a secretary acts for a member on paper
	Org      id.Org    // the organisation it concerns
	Matter   id.Matter // the matter it belongs to
	Kind     string    // procedure and step: "theme_day.hold"
	Edition  day.Day   // the edition of the procedure by which it was decided
	Corrects int64     // Seq of the record set right by this one, or 0
	Fields   Fields    // what the form asked for
	Salt     []byte    // random, 16 bytes; erased with the fields
	Blind    []byte    // random, 16 bytes; stays
	Digest   []byte    // of Salt and Fields; stays when they are erased
}

// Correction is the field in which a record that corrects another says why. It is
// a field, and not a part of the head, so that the leaf covers it and lawful
// erasure still reaches what somebody wrote there. No form may ask under this name.
const Correction = "correction"

// Procedure returns the part of Kind before the dot.
func (r Record) Procedure() string {
	p, _, _ := strings.Cut(r.Kind, ".")
	return p
}

// Step returns the part of Kind after the dot.
func (r Record) Step() string {
	_, s, _ := strings.Cut(r.Kind, ".")
	return s
}

// Lateness returns the days between the event and the writing down, in the time
// zone of the installation.
func (r Record) Lateness(zone *time.Location) int { return int(day.Of(r.Time.In(zone)) - r.On) }

// Sealed returns r with its fields bound to salt, and its head to be hidden
// behind blind. The seal commits to Digest and not to Fields, so that personal
// data can be erased and every proof still holds.
func (r Record) Sealed(salt, blind []byte) Record {
	r.Salt, r.Blind = salt, blind
	r.Digest = FieldsDigest(salt, r.Fields.Append(nil))
	return r
}

// FieldsDigest returns the digest of the canonical encoding of fields under salt.
func FieldsDigest(salt, fields []byte) []byte {
	h := sha256.New()
	h.Write([]byte("qingfeng/fields/v1\n"))
	h.Write(salt)
	h.Write(fields)
	return h.Sum(nil)
}

// Intact reports whether the fields are still the ones that were sealed.
// Erased fields are not intact, and are not a forgery: see [Record.Erased].
func (r Record) Intact() bool {
	return bytes.Equal(r.Digest, FieldsDigest(r.Salt, r.Fields.Append(nil)))
}

// Erased reports whether the fields were lawfully erased.
func (r Record) Erased() bool { return len(r.Salt) == 0 && len(r.Fields) == 0 }

// Head returns the canonical encoding of everything but the fields, which are
// there as their digest. Empty parts are left out; the order is fixed.
func (r Record) Head() []byte {
	b := make([]byte, 0, 320)
	b = strconv.AppendInt(append(b, `{"seq":`...), r.Seq, 10)
	part := func(name, value string) {
		if value != "" {
			b = quote(append(append(append(b, `,"`...), name...), `":`...), value)
		}
	}
	part("time", r.timeText())
	part("on", r.On.String())
	part("actor", r.Actor.String())
	part("role", r.Role)
	part("behalf", r.Behalf.String())
	part("org", r.Org.String())
	part("matter", string(r.Matter))
	part("kind", r.Kind)
	part("edition", r.Edition.String())
	if r.Corrects != 0 {
		b = strconv.AppendInt(append(b, `,"corrects":`...), r.Corrects, 10)
	}
	part("digest", hex.EncodeToString(r.Digest))
	return append(b, '}')
}

// Commitment returns what the public log commits to: the head under its blind.
func (r Record) Commitment() [32]byte {
	h := sha256.New()
	h.Write([]byte("qingfeng/record/v1\n"))
	h.Write(r.Blind)
	h.Write(r.Head())
	return [32]byte(h.Sum(nil))
}

// Leaf returns the entry of the public log: number, time and commitment, and
// nothing from which anybody could learn that a certain matter exists.
func (r Record) Leaf() []byte {
	c := r.Commitment()
	b := make([]byte, 0, 128)
	b = append(b, "qingfeng/record/v1\n"...)
	b = append(strconv.AppendInt(b, r.Seq, 10), '\n')
	b = append(append(b, r.timeText()...), '\n')
	return append(base64.StdEncoding.AppendEncode(b, c[:]), '\n')
}

// TimeLayout is how times of writing down are spelt in heads and leaves.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

func (r Record) timeText() string { return r.Time.UTC().Format(TimeLayout) }
