package record

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
)

// A Type is the sort of answer that a field holds.
type Type string

// The types of values. A form can ask for nothing else.
const (
	TypeText   Type = "text"   // words
	TypeNumber Type = "number" // a whole number
	TypeMoney  Type = "money"  // fen, written in yuan
	TypeDay    Type = "day"    // a calendar day
	TypeTime   Type = "time"   // a time of day, to the minute
	TypePerson Type = "person" // one person
	TypePeople Type = "people" // people, each with presence
	TypeOrg    Type = "org"    // one organisation
	TypeFile   Type = "file"   // attachments
	TypeVote   Type = "vote"   // the count of one vote
	TypeChoice Type = "choice" // a code from a code table
	TypeItems  Type = "items"  // a list of small rows
)

// Types lists every type that a form may ask for.
func Types() []Type {
	return []Type{TypeText, TypeNumber, TypeMoney, TypeDay, TypeTime, TypePerson, TypePeople, TypeOrg, TypeFile, TypeVote, TypeChoice, TypeItems}
}

// A Value is one typed answer. Its canonical encoding is JSON, one spelling for
// each value, tagged with the type: {"money":"30.00"}.
type Value interface {
	Type() Type
	appendTo(b []byte) []byte // the part after the tag
}

// The simple values.
type (
	Text   string
	Number int64
	Money  money.Fen
	Day    day.Day
	Time   int // minutes after midnight, 0 to 1439
	Person id.Person
	Org    id.Org
	Choice string
)

// A Vote is the count of one vote. Due counts those entitled, Written the
// opinions sent in writing before the meeting.
type Vote struct {
	Due, Present, For, Against, Abstain, Written int
}

// Files are attachments; their bytes are kept by content hash elsewhere.
type Files []File

// A File names one attachment by the hash of its bytes.
type File struct {
	Name string // as the person called it, without a path
	Hash string // SHA-256 in lower-case hex
	Size int64  // bytes
	Kind string // media type, as checked by the server
}

// Items is a list of small rows, for problem lists, opinions, grades and the like.
type Items []Fields

// Type implements [Value], here and below.
func (Text) Type() Type   { return TypeText }
func (Number) Type() Type { return TypeNumber }
func (Money) Type() Type  { return TypeMoney }
func (Day) Type() Type    { return TypeDay }
func (Time) Type() Type   { return TypeTime }
func (Person) Type() Type { return TypePerson }
func (People) Type() Type { return TypePeople }
func (Org) Type() Type    { return TypeOrg }
func (Files) Type() Type  { return TypeFile }
func (Vote) Type() Type   { return TypeVote }
func (Choice) Type() Type { return TypeChoice }
func (Items) Type() Type  { return TypeItems }

// String returns the time of day as "09:30".
func (v Time) String() string {
	b := []byte{'0' + byte(v/600), '0' + byte(v/60%10), ':', '0' + byte(v%60/10), '0' + byte(v%10)}
	return string(b)
}

func (v Text) appendTo(b []byte) []byte   { return quote(b, string(v)) }
func (v Number) appendTo(b []byte) []byte { return strconv.AppendInt(b, int64(v), 10) }
func (v Money) appendTo(b []byte) []byte  { return quote(b, money.Fen(v).String()) }
func (v Day) appendTo(b []byte) []byte    { return quote(b, day.Day(v).String()) }
func (v Time) appendTo(b []byte) []byte   { return quote(b, v.String()) }
func (v Person) appendTo(b []byte) []byte { return quote(b, id.Person(v).String()) }
func (v Org) appendTo(b []byte) []byte    { return quote(b, id.Org(v).String()) }
func (v Choice) appendTo(b []byte) []byte { return quote(b, string(v)) }

func (v Vote) appendTo(b []byte) []byte {
	for i, part := range []struct {
		name string
		n    int
	}{{"due", v.Due}, {"present", v.Present}, {"for", v.For}, {"against", v.Against}, {"abstain", v.Abstain}, {"written", v.Written}} {
		b = append(b, "{,"[min(i, 1)])
		b = append(quote(b, part.name), ':')
		b = strconv.AppendInt(b, int64(part.n), 10)
	}
	return append(b, '}')
}

func (v Files) appendTo(b []byte) []byte {
	b = append(b, '[')
	for i, f := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(append(b, `{"name":`...), f.Name)
		b = quote(append(b, `,"hash":`...), f.Hash)
		b = strconv.AppendInt(append(b, `,"size":`...), f.Size, 10)
		b = quote(append(b, `,"type":`...), f.Kind)
		b = append(b, '}')
	}
	return append(b, ']')
}

func (v Items) appendTo(b []byte) []byte {
	b = append(b, '[')
	for i, row := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = row.Append(b)
	}
	return append(b, ']')
}

// quote appends s as JSON. Text that is not UTF-8 never reaches a Value: forms
// and readers refuse it; should it happen all the same, the bad bytes become
// U+FFFD, and reading back shows it.
func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}
