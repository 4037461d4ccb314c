// Package checkin knows the code on the secretary's screen: what it shows at a
// moment and what it accepts. It keeps no list of who is there and knows nobody's
// rights.
package checkin

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

// The reasons why somebody is not checked in.
var (
	// ErrCode: the code is not, or no longer, the one on the screen.
	ErrCode = errors.New("checkin: not the code on the screen")

	// ErrClosed: nobody checks in at this meeting now.
	ErrClosed = errors.New("checkin: not open")

	// ErrTwice: this person is checked in already; the first time counts.
	ErrTwice = errors.New("checkin: checked in before")

	// ErrNotDue: this person does not belong to the branch that meets.
	ErrNotDue = errors.New("checkin: not on the roster")
)

// A Door is a meeting where people can check in.
type Door struct {
	Matter id.Matter
	Org    id.Org
	Nonce  []byte // drawn anew each time it is opened; codes of before are worth nothing
	By     id.Person
	Opened time.Time
	Closed time.Time // zero while it is open
}

// Open reports whether people can check in now.
func (d Door) Open() bool { return len(d.Nonce) > 0 && d.Closed.IsZero() }

// A Mark says that somebody checked in. It waits for the record of the meeting,
// which takes it as presence by code.
type Mark struct {
	Matter id.Matter
	Person id.Person
	At     time.Time
	Device string // which browser; two people on one are asked about
}

// A Rhythm is how the code changes, as the rules of the day say.
type Rhythm struct {
	Slot   time.Duration // for which a code is shown
	Around int           // slots before and after, for clocks and fingers that are slow
}

// A MAC binds parts to the secret of the installation.
type MAC func(purpose string, parts ...[]byte) []byte

// A Code is what the screen shows.
type Code struct {
	Token  string    // for the picture
	Digits string    // to be typed, for phones that cannot read it
	Until  time.Time // when the next one is shown
}

const (
	tokenBytes = 16
	codeRange  = 1_000_000 // six digits
)

// Code returns what the screen shows at now.
func (d Door) Code(mac MAC, r Rhythm, now time.Time) Code {
	slot := r.slot(now)
	sum := d.sum(mac, slot)
	return Code{
		Token:  base64.RawURLEncoding.EncodeToString(sum[:tokenBytes]),
		Digits: fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum[tokenBytes:])%codeRange),
		Until:  time.Unix(0, (slot+1)*int64(r.Slot)).UTC(),
	}
}

// Accepts reports whether typed is what the screen shows at now, or showed or will
// show so few slots away that it is the same to a person in the room.
func (d Door) Accepts(mac MAC, r Rhythm, now time.Time, typed string) bool {
	if !d.Open() {
		return false
	}
	typed = strings.Map(unspaced, typed)
	fits := 0
	for s := -r.Around; s <= r.Around; s++ {
		c := d.Code(mac, r, now.Add(time.Duration(s)*r.Slot))
		fits |= subtle.ConstantTimeCompare([]byte(c.Token), []byte(typed)) | subtle.ConstantTimeCompare([]byte(c.Digits), []byte(typed))
	}
	return fits == 1
}

// unspaced drops what people put between digits, and takes full-width ones.
func unspaced(r rune) rune {
	switch {
	case r == ' ' || r == '\t' || r == '\u3000':
		return -1
	case r >= '\uff10' && r <= '\uff19':
		return r - '\uff10' + '0'
	}
	return r
}

func (r Rhythm) slot(now time.Time) int64 { return now.UnixNano() / int64(r.Slot) }

func (d Door) sum(mac MAC, slot int64) []byte {
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(slot))
	return mac("checkin", []byte(d.Matter), at[:], d.Nonce)
}

// Presences returns marks as the record of the meeting has them.
func Presences(marks []Mark) record.People {
	all := make(record.People, 0, len(marks))
	for _, m := range marks {
		all = append(all, record.Presence{Person: m.Person, State: record.Present, Means: record.ByCode})
	}
	return all.Sort()
}

// Shared returns the people who checked in with a browser that somebody else used
// as well: a question to the branch, since one phone may serve an old couple.
func Shared(marks []Mark) map[string][]id.Person {
	by := map[string][]id.Person{}
	for _, m := range marks {
		if m.Device != "" {
			by[m.Device] = append(by[m.Device], m.Person)
		}
	}
	for device, people := range by {
		if len(people) < 2 {
			delete(by, device)
		}
	}
	return by
}

// A Store keeps doors and marks until the record of the meeting has them.
type Store interface {
	// Door returns the door of m, or [fault.NotFound]; SaveDoor writes it.
	Door(ctx context.Context, m id.Matter) (Door, error)
	SaveDoor(ctx context.Context, d Door) error

	// Mark writes a mark. A person has one mark at a meeting: whoever has one
	// keeps it, and it is returned with [ErrTwice].
	Mark(ctx context.Context, m Mark) (Mark, error)

	// Marks returns the marks of m in the order in which they were made.
	Marks(ctx context.Context, m id.Matter) ([]Mark, error)
}
