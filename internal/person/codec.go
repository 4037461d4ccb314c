package person

import (
	"encoding/binary"
	"errors"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// codec is the first byte of what AppendBinary writes. What begins with codecMatters
// does not say which details are known; what begins with codecBefore knows nothing of
// the matters in which standings were decided either.
const (
	codec        = 3
	codecMatters = 2
	codecBefore  = 1
)

// errCodec: the bytes were not written by AppendBinary.
var errCodec = errors.New("person: not the bytes of a person")

// AppendBinary implements [encoding.BinaryAppender]. A city is read whole when the
// service starts, so a person is kept in few bytes that are quick to read: numbers
// as varints, texts and lists after their lengths, in the order of the fields.
func (p *Person) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendUvarint(append(b, codec), uint64(p.ID))
	b = append(appendText(b, p.Name), p.Sex)
	b = binary.LittleEndian.AppendUint64(appendDay(b, p.Birth), p.IDKey)
	b = binary.AppendUvarint(b, uint64(p.Known))
	b = binary.AppendUvarint(b, uint64(len(p.Stands)))
	for _, s := range p.Stands {
		b = appendText(appendText(appendDay(b, s.From), string(s.Standing)), string(s.Matter))
	}
	b = binary.AppendUvarint(b, uint64(len(p.Memberships)))
	for _, m := range p.Memberships {
		b = binary.AppendVarint(binary.AppendUvarint(b, uint64(m.Org)), int64(m.Group))
		b = appendDay(appendDay(b, m.Held.From), m.Held.To)
	}
	b = binary.AppendUvarint(b, uint64(len(p.Offices)))
	for _, f := range p.Offices {
		b = appendText(binary.AppendUvarint(b, uint64(f.Org)), f.Role)
		b = appendDay(appendDay(b, f.Held.From), f.Held.To)
	}
	return b, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendDay(b []byte, d day.Day) []byte { return binary.AppendVarint(b, int64(d)) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler].
func (p *Person) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] < codecBefore || b[0] > codec {
		return errCodec
	}
	c, before := &cursor{rest: b[1:]}, b[0] < codecMatters
	*p = Person{ID: id.Person(c.number()), Name: string(c.text()), Sex: c.take(1)[0], Birth: c.day(), IDKey: binary.LittleEndian.Uint64(c.take(8))}
	if b[0] >= codec {
		p.Known = Details(c.number())
	}
	p.Stands = make([]Stand, c.count())
	for i := range p.Stands {
		p.Stands[i] = Stand{From: c.day(), Standing: c.standing()}
		if !before {
			p.Stands[i].Matter = id.Matter(c.text())
		}
	}
	p.Memberships = make([]Membership, c.count())
	for i := range p.Memberships {
		p.Memberships[i] = Membership{Org: id.Org(c.number()), Group: int(c.signed()), Held: c.period()}
	}
	p.Offices = make([]Office, c.count())
	for i := range p.Offices {
		p.Offices[i] = Office{Org: id.Org(c.number()), Role: string(c.text()), Held: c.period()}
	}
	if c.bad || len(c.rest) > 0 {
		return errCodec
	}
	return nil
}

// A cursor reads from the front; once something is wrong it reads zeros.
type cursor struct {
	rest []byte
	bad  bool
}

var zeros = make([]byte, 8)

// take returns the next n bytes; the callers ask for at most eight, or for no more
// than there are.
func (c *cursor) take(n int) []byte {
	if n > len(c.rest) {
		c.bad, c.rest = true, nil
		return zeros[:min(n, len(zeros))]
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) number() uint64 {
	v, n := binary.Uvarint(c.rest)
	c.take(c.whole(n))
	return v
}

func (c *cursor) signed() int64 {
	v, n := binary.Varint(c.rest)
	c.take(c.whole(n))
	return v
}

// whole is the length of a varint, or more than there is where there is none.
func (c *cursor) whole(n int) int {
	if n <= 0 {
		return len(c.rest) + 1
	}
	return n
}

// count is the length of a list: never more than there are bytes left.
func (c *cursor) count() int {
	n := c.number()
	if n > uint64(len(c.rest)) {
		c.bad = true
		return 0
	}
	return int(n)
}

func (c *cursor) text() []byte       { return c.take(c.count()) }
func (c *cursor) day() day.Day       { return day.Day(c.signed()) }
func (c *cursor) period() day.Period { return day.Period{From: c.day(), To: c.day()} }
func (c *cursor) standing() Standing {
	b := c.text()
	i := slices.IndexFunc(known, func(s Standing) bool { return string(b) == string(s) })
	if i < 0 {
		return Standing(b)
	}
	return known[i]
}

// known are shared, so that a city does not hold the same word a million times.
var known = Standings()
