package api

import (
	"strconv"
	"unicode/utf8"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// A parameter is one thing that stands in a path or in a query: how it is described
// and how it is checked.
type parameter struct {
	Summary string
	Schema  schema
	fits    func(string) bool
}

// most is the most rows of one page of a list.
const most = 500

// maxParameter is the length of a text in a query, in characters.
const maxParameter = 100

// parameters are all parameters by name; the same name means the same everywhere.
var parameters = map[string]parameter{
	"org":      {"Number of an organisation.", schema{Type: "string", Pattern: "^o[1-9][0-9]*$"}, isOrg},
	"person":   {"Number of a person.", schema{Type: "string", Pattern: "^p[1-9][0-9]*$"}, isPerson},
	"matter":   {"Number of a matter; o12 and p34 are the files of an organisation and a person, o12.2018.dues the book of a year.", schema{Type: "string", Pattern: `^([mop][1-9][0-9]*|o[1-9][0-9]*\.[1-9][0-9]{3}\.[a-z_]+)$`}, isMatter},
	"figure":   {"Name of a figure.", schema{Type: "string"}, isText},
	"id":       {"Name of a piece of content.", schema{Type: "string"}, isText},
	"seq":      {"Number of a record.", schema{Type: "integer", Minimum: one}, isCount},
	"on":       {"The state of this day; without it, of today.", dayOf, isDay},
	"in":       {"A day of the year in question; without it, today.", dayOf, isDay},
	"from":     {"First day of the period.", dayOf, isDay},
	"to":       {"Last day of the period.", dayOf, isDay},
	"asof":     {"Number of the last record to be counted; the same request with it gives the same figure for ever.", schema{Type: "integer", Minimum: one}, isCount},
	"before":   {"Only records before this one.", schema{Type: "integer", Minimum: one}, isCount},
	"offset":   {"How many rows to leave out.", schema{Type: "integer", Minimum: new(int64)}, isWhole},
	"limit":    {"Most rows of the answer; 50 where nothing is said.", schema{Type: "integer", Minimum: one, Maximum: new(int64(most))}, isLimit},
	"name":     {"Part of a name.", schema{Type: "string", MaxLength: maxParameter}, isText},
	"standing": {"Only people of this standing.", schema{Type: "string"}, isText},
}

var (
	one   = new(int64(1))
	dayOf = schema{Type: "string", Format: "date"}
)

func isOrg(s string) bool {
	o, err := id.ParseOrg(s)
	return err == nil && o != 0
}

func isPerson(s string) bool {
	p, err := id.ParsePerson(s)
	return err == nil && p != 0
}

func isMatter(s string) bool {
	m, err := id.ParseMatter(s)
	return err == nil && m != ""
}

func isDay(s string) bool {
	d, err := day.Parse(s)
	return err == nil && d != 0
}

func isWhole(s string) bool {
	n, err := strconv.ParseInt(s, 10, 32)
	return err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}

func isCount(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0 && strconv.FormatInt(n, 10) == s
}

func isLimit(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0 && n <= most && strconv.Itoa(n) == s
}

func isText(s string) bool { return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxParameter }
