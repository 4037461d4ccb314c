// Package id names things: organisations, people, matters. A number with its
// letter is all a name says; what it stands for is known elsewhere.
package id

import (
	"fmt"
	"strconv"
	"strings"
)

// An Org is the number of an organisation, counted from 1 in the order of
// founding. The zero Org is none.
type Org uint32

// A Person is the number of a person, counted from 1 in the order of
// registration. Sets of people are bitmaps of these numbers. The zero Person
// is nobody: the installation itself.
type Person uint32

// A Matter names one case: "o12" is the file of an organisation, "p34" that of
// a person, "o12.2018.dues" the book that organisation keeps of one year under a
// procedure, and "m567" any other matter, begun by record 567.
type Matter string

// String returns o as "o12", or "" for none.
func (o Org) String() string { return name('o', uint64(o)) }

// Matter returns the name of the organisation's own file.
func (o Org) Matter() Matter { return Matter(o.String()) }

// String returns p as "p34", or "" for nobody.
func (p Person) String() string { return name('p', uint64(p)) }

// Matter returns the name of the person's own file.
func (p Person) Matter() Matter { return Matter(p.String()) }

// Begun returns the name of the matter that record seq begins.
func Begun(seq int64) Matter { return Matter(name('m', uint64(seq))) }

// ParseOrg reads "o12"; the empty text is no organisation.
func ParseOrg(s string) (Org, error) {
	n, err := parse('o', s)
	return Org(n), err
}

// ParsePerson reads "p34"; the empty text is nobody.
func ParsePerson(s string) (Person, error) {
	n, err := parse('p', s)
	return Person(n), err
}

// Year returns the name of the book that o keeps of a year under a procedure.
func (o Org) Year(procedure string, year int) Matter {
	return Matter(o.String() + "." + strconv.Itoa(year) + "." + procedure)
}

// Year returns whose book m is, of which year and under which procedure, and
// whether it is the book of a year at all.
func (m Matter) Year() (o Org, year int, procedure string, ok bool) {
	parts := strings.Split(string(m), ".")
	if len(parts) != 3 || strings.Trim(parts[2], "abcdefghijklmnopqrstuvwxyz_") != "" || parts[2] == "" {
		return 0, 0, "", false
	}
	o, err := ParseOrg(parts[0])
	n, bad := strconv.Atoi(parts[1])
	if err != nil || bad != nil || o == 0 || n < 1000 || n > 9999 || len(parts[1]) != 4 {
		return 0, 0, "", false
	}
	return o, n, parts[2], true
}

// ParseMatter reads "m567", "o12", "p34" or "o12.2018.dues"; the empty text is no
// matter.
func ParseMatter(s string) (Matter, error) {
	if s == "" {
		return "", nil
	}
	if _, _, _, ok := Matter(s).Year(); ok {
		return Matter(s), nil
	}
	if s[0] != 'm' && s[0] != 'o' && s[0] != 'p' {
		return "", fmt.Errorf("matter %q: want m, o or p and a number", s)
	}
	_, err := parse(s[0], s)
	return Matter(s), err
}

// Org returns the organisation whose own file m is.
func (m Matter) Org() (Org, bool) {
	o, err := ParseOrg(string(m))
	return o, err == nil && o != 0
}

// Person returns the person whose own file m is.
func (m Matter) Person() (Person, bool) {
	p, err := ParsePerson(string(m))
	return p, err == nil && p != 0
}

func name(letter byte, n uint64) string {
	if n == 0 {
		return ""
	}
	return string(strconv.AppendUint([]byte{letter}, n, 10))
}

// parse accepts one spelling of each number only: no sign, no leading zero.
func parse(letter byte, s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	if len(s) < 2 || s[0] != letter || s[1] < '1' || s[1] > '9' {
		return 0, fmt.Errorf("id %q: want %c and a number", s, letter)
	}
	bits := 32
	if letter == 'm' {
		bits = 63
	}
	n, err := strconv.ParseUint(s[1:], 10, bits)
	if err != nil {
		return 0, fmt.Errorf("id %q: want %c and a number", s, letter)
	}
	return n, nil
}
