package secret

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// maxMarks is how many people one browser remembers to have signed in.
const maxMarks = 4

// markLength is the length of a mark in bytes.
const markLength = 16

// A Device is one browser, as the cookie says that it keeps for a long time. The
// cookie proves who signed in there before and is worth nothing else: it opens no
// door, it only keeps the owner apart from strangers who guess.
type Device struct {
	id    []byte
	marks []mark
}

// A mark says that somebody signed in here on a day. It names nobody.
type mark struct {
	on  day.Day
	mac []byte
}

// NewDevice returns a browser that nobody has signed in from.
func NewDevice(random io.Reader) (Device, error) {
	d := Device{id: make([]byte, 16)}
	if _, err := io.ReadFull(random, d.id); err != nil {
		return Device{}, fmt.Errorf("secret: %w", err)
	}
	return d, nil
}

// ParseDevice reads a cookie, and reports whether it is one. What it claims is not
// yet proved, see [Device.Knows].
func ParseDevice(cookie string) (Device, bool) {
	parts := strings.Split(cookie, ".")
	if len(cookie) > 256 || len(parts) > 1+maxMarks {
		return Device{}, false
	}
	var d Device
	var err error
	if d.id, err = base64.RawURLEncoding.DecodeString(parts[0]); err != nil || len(d.id) != 16 {
		return Device{}, false
	}
	for _, p := range parts[1:] {
		on, mac, _ := strings.Cut(p, "_")
		n, err := strconv.ParseInt(on, 36, 32)
		if err != nil {
			return Device{}, false
		}
		b, err := hex.DecodeString(mac)
		if err != nil || len(b) != markLength {
			return Device{}, false
		}
		d.marks = append(d.marks, mark{day.Day(n), b})
	}
	return d, true
}

// String spells d for its cookie.
func (d Device) String() string {
	parts := []string{Spell(d.id)}
	for _, m := range d.marks {
		parts = append(parts, strconv.FormatInt(int64(m.on), 36)+"_"+hex.EncodeToString(m.mac))
	}
	return strings.Join(parts, ".")
}

// Key names the browser where it has to be told from others.
func (d Device) Key() string {
	if len(d.id) == 0 {
		return ""
	}
	return hex.EncodeToString(Hash(string(d.id))[:8])
}

// Knows reports whether p signed in here within the last days before today, and
// has not since had all browsers forgotten.
func (k *Keys) Knows(d Device, p id.Person, epoch int64, today day.Day, days int) bool {
	for _, m := range d.marks {
		if m.on <= today && m.on.AddDays(days) >= today && hmac.Equal(m.mac, k.mark(d, p, epoch, m.on)) {
			return true
		}
	}
	return false
}

// Know returns d knowing that p signed in today. The oldest mark makes room.
func (k *Keys) Know(d Device, p id.Person, epoch int64, today day.Day) Device {
	marks := []mark{{today, k.mark(d, p, epoch, today)}}
	for _, m := range d.marks {
		if len(marks) < maxMarks && !hmac.Equal(m.mac, k.mark(d, p, epoch, m.on)) {
			marks = append(marks, m)
		}
	}
	return Device{id: d.id, marks: marks}
}

func (k *Keys) mark(d Device, p id.Person, epoch int64, on day.Day) []byte {
	return k.MAC("device", d.id, []byte(p.String()), []byte(strconv.FormatInt(epoch, 10)), []byte(on.String()))[:markLength]
}
