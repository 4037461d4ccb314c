package web

import (
	"strconv"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// voteParts are the counts of a vote as the form names them.
var voteParts = []string{"due", "present", "for", "against", "abstain", "written"}

// mostRows is a guard of the system against forms of endless rows.
const mostRows = 500

// wrong says what about an answer cannot be read.
type wrong struct{ name, why, title string }

// parse reads the answer to q, which was sent under name; nil: nothing was sent.
func (f *stepForm) parse(c *Call, q procedure.Field, name string) (record.Value, []wrong) {
	switch q.Type {
	case record.TypePeople:
		return f.people(name)
	case record.TypeVote:
		return f.vote(c, q, name)
	case record.TypeItems:
		return f.items(c, q, name)
	case record.TypeFile:
		return f.files(c, q, name)
	}
	text := strings.ReplaceAll(f.values.Get(name), "\r\n", "\n")
	text = strings.TrimSpace(text)
	var v record.Value
	var why string
	switch {
	case q.Type == record.TypePerson || q.Type == record.TypeOrg:
		v, why = f.chosen(c, q, name)
	case text == "":
	default:
		v, why = f.simple(q, text)
	}
	if why != "" {
		return nil, []wrong{{name, why, c.Say(q.Title)}}
	}
	return v, nil
}

// simple reads an answer of one line, or says why it is none.
func (f *stepForm) simple(q procedure.Field, text string) (v record.Value, why string) {
	switch q.Type {
	case record.TypeText:
		return record.Text(text), ""
	case record.TypeChoice:
		return record.Choice(text), ""
	case record.TypeNumber:
		n, err := strconv.ParseInt(text, 10, 64)
		return record.Number(n), unless(err, "refuse.not_a_number")
	case record.TypeMoney:
		n, err := money.Parse(text)
		return record.Money(n), unless(err, "refuse.not_money")
	case record.TypeDay:
		d, err := day.Parse(text)
		return record.Day(d), unless(err, "refuse.not_a_day")
	case record.TypeTime:
		t, ok := parseClock(text)
		if !ok {
			return nil, "refuse.not_a_time"
		}
		return t, ""
	}
	return nil, "refuse.wrong_type"
}

func unless(err error, why string) string {
	if err != nil {
		return why
	}
	return ""
}

// parseClock reads a time of day, as 09:30.
func parseClock(text string) (record.Time, bool) {
	text = strings.Replace(text, "：", ":", 1)
	hour, minute, ok := strings.Cut(text, ":")
	h, err1 := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	if !ok || err1 != nil || err2 != nil || h > 23 || m > 59 || len(hour) > 2 || len(minute) != 2 {
		return 0, false
	}
	return record.Time(h*60 + m), true
}

// people reads presence. Who is not marked is not listed.
func (f *stepForm) people(name string) (record.Value, []wrong) {
	var all record.People
	for key := range f.values {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok || strings.Contains(rest, ".") {
			continue
		}
		p, err := id.ParsePerson(rest)
		state := record.State(f.values.Get(key))
		if err != nil || state == "" {
			continue
		}
		presence := record.Presence{Person: p, State: state, Note: strings.TrimSpace(f.values.Get(key + ".note"))}
		if state == record.Present {
			presence.Means = record.Means(f.values.Get(key + ".means"))
			if presence.Means == "" {
				presence.Means = record.ByList
			}
		}
		all = append(all, presence)
	}
	if len(all) == 0 {
		return nil, nil
	}
	if err := all.Sort().Check(); err != nil {
		return nil, []wrong{{name, "refuse.bad_people", ""}}
	}
	return all, nil
}

// vote reads the counts of a vote.
func (f *stepForm) vote(c *Call, q procedure.Field, name string) (record.Value, []wrong) {
	var counts [6]int
	var problems []wrong
	sent := false
	for i, part := range voteParts {
		text := strings.TrimSpace(f.values.Get(name + "." + part))
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			problems = append(problems, wrong{name, "refuse.not_a_number", c.Say(q.Title)})
		}
		counts[i], sent = int(n), true
	}
	if !sent || len(problems) > 0 {
		return nil, problems
	}
	return record.Vote{Due: counts[0], Present: counts[1], For: counts[2], Against: counts[3], Abstain: counts[4], Written: counts[5]}, nil
}

// items reads the rows of a list. A row in which nothing was typed is no row.
func (f *stepForm) items(c *Call, q procedure.Field, name string) (record.Value, []wrong) {
	var rows record.Items
	var problems []wrong
	for i := range f.rowCount(name) {
		var row record.Fields
		for _, col := range q.Rows {
			v, bad := f.parse(c, col, cellName(name, i, col.ID))
			problems = append(problems, bad...)
			if v != nil {
				row = row.With(col.ID, v)
			}
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(problems) > 0 || len(rows) == 0 {
		return nil, problems
	}
	return rows, nil
}

func cellName(name string, row int, column string) string {
	return name + "." + strconv.Itoa(row) + "." + column
}

// rowCount is how many rows the form has of a list.
func (f *stepForm) rowCount(name string) int {
	n, _ := rowNumber(f.values.Get(name + ".rows"))
	return n
}

func rowNumber(text string) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return int(min(n, mostRows)), err == nil && n <= mostRows
}
