package record

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
)

// What a forged record may make us read: rows within rows, and people, of whom a
// run of a few bytes names any number.
const (
	maxDepth  = 3
	maxPeople = 1 << 18 // in all fields together; more than a city has members
)

// A reader reads tokens and counts the people that runs have named so far.
type reader struct {
	*jsontext.Decoder
	people int
}

// ParseFields reads the canonical encoding of fields and refuses every other
// spelling: unknown types, repeated or unsorted keys, blanks, a number written
// twice over. So that two encodings are equal exactly when the fields are.
func ParseFields(b []byte) (Fields, error) {
	fs, err := parseFields(&reader{Decoder: jsontext.NewDecoder(bytes.NewReader(b))}, 0)
	if err != nil {
		return nil, fmt.Errorf("fields: %w", err)
	}
	if canon := fs.Append(make([]byte, 0, len(b))); !bytes.Equal(canon, b) {
		return nil, errors.New("fields: not in canonical form")
	}
	return fs, nil
}

func parseFields(d *reader, depth int) (fs Fields, err error) {
	if depth > maxDepth {
		return nil, errors.New("rows within rows within rows")
	}
	err = object(d, func(id string) error {
		if n := len(fs); n > 0 && fs[n-1].ID >= id {
			return fmt.Errorf("field %q is out of order", id)
		}
		var v Value
		err := object(d, func(tag string) (err error) {
			if v != nil {
				return errors.New("two types")
			}
			v, err = parseValue(d, Type(tag), depth)
			return err
		})
		if err == nil && v == nil {
			err = errors.New("no value")
		}
		if err != nil {
			return fmt.Errorf("field %q: %w", id, err)
		}
		fs = append(fs, Field{id, v})
		return nil
	})
	return fs, err
}

func parseValue(d *reader, t Type, depth int) (Value, error) {
	switch t {
	case TypeNumber:
		n, err := whole(d)
		return Number(n), err
	case TypeVote:
		return parseVote(d)
	case TypePeople:
		return parsePeople(d)
	case TypeFile:
		return parseFiles(d)
	case TypeItems:
		items := Items{}
		err := array(d, func() error {
			row, err := parseFields(d, depth+1)
			items = append(items, row)
			return err
		})
		return items, err
	}
	s, err := text(d)
	if err != nil {
		return nil, err
	}
	return ParseText(t, s)
}

// ParseText reads a value of one of the types that are written as one text:
// text, money, day, time, person, org, choice.
func ParseText(t Type, s string) (Value, error) {
	switch t {
	case TypeText:
		return Text(s), nil
	case TypeMoney:
		f, err := money.Parse(s)
		return Money(f), err
	case TypeDay:
		d, err := day.Parse(s)
		return Day(d), err
	case TypeTime:
		return parseTime(s)
	case TypePerson:
		p, err := id.ParsePerson(s)
		return Person(p), err
	case TypeOrg:
		o, err := id.ParseOrg(s)
		return Org(o), err
	case TypeChoice:
		return Choice(s), nil
	}
	return nil, fmt.Errorf("unknown type %q", t)
}

func parseTime(s string) (Time, error) {
	digit := func(i int) int { return int(s[i]) - '0' }
	if len(s) != 5 || s[2] != ':' {
		return 0, fmt.Errorf("time %q: want HH:MM", s)
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, fmt.Errorf("time %q: want HH:MM", s)
		}
	}
	h, m := digit(0)*10+digit(1), digit(3)*10+digit(4)
	if h > 23 || m > 59 {
		return 0, fmt.Errorf("time %q: want HH:MM", s)
	}
	return Time(h*60 + m), nil
}

func parseVote(d *reader) (v Vote, err error) {
	parts := map[string]*int{"due": &v.Due, "present": &v.Present, "for": &v.For, "against": &v.Against, "abstain": &v.Abstain, "written": &v.Written}
	err = object(d, func(k string) error {
		part, ok := parts[k]
		if !ok {
			return fmt.Errorf("vote: unknown key %q", k)
		}
		n, err := whole(d)
		*part = int(n)
		return err
	})
	return v, err
}

func parsePeople(d *reader) (p People, err error) {
	notes := map[id.Person]string{}
	err = object(d, func(k string) error {
		if k == "notes" {
			return object(d, func(who string) error {
				n, err := id.ParsePerson(who)
				if err != nil {
					return err
				}
				notes[n], err = text(d)
				return err
			})
		}
		for _, g := range groups {
			if g.name == k {
				runs, err := text(d)
				if err != nil {
					return err
				}
				p, err = d.runs(p, runs, g.state, g.means)
				return err
			}
		}
		return fmt.Errorf("people: unknown key %q", k)
	})
	if err != nil {
		return nil, err
	}
	p.Sort()
	for i := range p {
		p[i].Note = notes[p[i].Person]
	}
	return p, p.Check()
}

func parseFiles(d *reader) (Files, error) {
	files := Files{}
	err := array(d, func() error {
		var f File
		err := object(d, func(k string) (err error) {
			switch k {
			case "name":
				f.Name, err = text(d)
			case "hash":
				f.Hash, err = text(d)
			case "size":
				f.Size, err = whole(d)
			case "type":
				f.Kind, err = text(d)
			default:
				err = fmt.Errorf("file: unknown key %q", k)
			}
			return err
		})
		if err == nil && !isHash(f.Hash) {
			err = fmt.Errorf("file: hash %q: want SHA-256 in lower-case hex", f.Hash)
		}
		files = append(files, f)
		return err
	})
	return files, err
}

func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// object reads one JSON object and calls each with every key; each reads the value.
func object(d *reader, each func(key string) error) error {
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return errors.Join(err, errors.New("want an object"))
	}
	for d.PeekKind() == '"' {
		key, err := text(d)
		if err != nil {
			return err
		}
		if err := each(key); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// array reads one JSON array and calls each where every element begins.
func array(d *reader, each func() error) error {
	if t, err := d.ReadToken(); err != nil || t.Kind() != '[' {
		return errors.Join(err, errors.New("want a list"))
	}
	for k := d.PeekKind(); k != ']' && k != 0; k = d.PeekKind() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func text(d *reader) (string, error) {
	t, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	if t.Kind() != '"' {
		return "", errors.New("want text")
	}
	return t.String(), nil
}

func whole(d *reader) (int64, error) {
	t, err := d.ReadToken()
	if err != nil {
		return 0, err
	}
	if t.Kind() != '0' {
		return 0, errors.New("want a number")
	}
	return strconv.ParseInt(t.String(), 10, 64)
}
