package record

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/id"
)

// A Presence says how one person took part, and how that is known.
type Presence struct {
	Person id.Person
	State  State
	Means  Means  // how presence was established; "" unless present
	Note   string // reason of leave, proxy note; may be empty
}

// A State is whether somebody was there.
type State string

// The states of presence.
const (
	Present State = "present" // 到会
	Leave   State = "leave"   // 请假
	Absent  State = "absent"  // 未到
)

// Means is how presence was established.
type Means string

// The means of establishing presence. None asks for a place or a face.
const (
	ByList  Means = "list"  // the secretary ticked the name
	ByCode  Means = "code"  // own phone, code on the secretary's screen
	ByPaper Means = "paper" // printed sign-in sheet
	ByProxy Means = "proxy" // somebody scanned for a person who was in the room
	ByVideo Means = "video" // took part from afar
)

// People are the people of a meeting, by rising number, each once.
type People []Presence

// groups lists the states and means in the order in which they are written.
var groups = [...]struct {
	name  string
	state State
	means Means
}{
	{"absent", Absent, ""}, {"leave", Leave, ""},
	{"present/code", Present, ByCode}, {"present/list", Present, ByList}, {"present/paper", Present, ByPaper},
	{"present/proxy", Present, ByProxy}, {"present/video", Present, ByVideo},
}

// Sort brings p into its canonical order.
func (p People) Sort() People {
	slices.SortFunc(p, func(a, b Presence) int { return cmp.Compare(a.Person, b.Person) })
	return p
}

// Count returns the number of people in state s.
func (p People) Count(s State) (n int) {
	for i := range p {
		if p[i].State == s {
			n++
		}
	}
	return n
}

// Check reports what is wrong with p: a person twice, an unknown state or means.
func (p People) Check() error {
	for i, a := range p {
		known := slices.ContainsFunc(groups[:], func(g struct {
			name  string
			state State
			means Means
		}) bool {
			return g.state == a.State && g.means == a.Means
		})
		switch {
		case a.Person == 0:
			return fmt.Errorf("people: nobody is number %d", i+1)
		case i > 0 && a.Person <= p[i-1].Person:
			return fmt.Errorf("people: %s is out of order or there twice", a.Person)
		case !known:
			return fmt.Errorf("people: %s: unknown presence %q by %q", a.Person, a.State, a.Means)
		}
	}
	return nil
}

// appendTo writes the numbers of each group as runs, "p1-p30 p33", so that a
// branch whose people were registered together costs a few bytes a meeting.
func (p People) appendTo(b []byte) []byte {
	b = append(b, '{')
	sep := false
	for _, g := range groups {
		runs := appendRuns(nil, p, g.state, g.means)
		if len(runs) == 0 {
			continue
		}
		if sep {
			b = append(b, ',')
		}
		b, sep = append(append(append(quote(b, g.name), ':', '"'), runs...), '"'), true
	}
	if notes := slices.ContainsFunc(p, func(a Presence) bool { return a.Note != "" }); notes {
		if sep {
			b = append(b, ',')
		}
		b = append(b, `"notes":{`...)
		first := true
		for _, a := range p {
			if a.Note == "" {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			b, first = quote(append(quote(b, a.Person.String()), ':'), a.Note), false
		}
		b = append(b, '}')
	}
	return append(b, '}')
}

func appendRuns(b []byte, p People, s State, m Means) []byte {
	for i := 0; i < len(p); i++ {
		if p[i].State != s || p[i].Means != m {
			continue
		}
		first := p[i].Person
		last := first
		for i+1 < len(p) && p[i+1].State == s && p[i+1].Means == m && p[i+1].Person == last+1 {
			i, last = i+1, last+1
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendUint(append(b, 'p'), uint64(first), 10)
		if last > first {
			b = strconv.AppendUint(append(b, '-', 'p'), uint64(last), 10)
		}
	}
	return b
}

// runs appends the people of runs, all in state s by means m.
func (d *reader) runs(p People, runs string, s State, m Means) (People, error) {
	for run := range strings.SplitSeq(runs, " ") {
		a, z, both := strings.Cut(run, "-")
		first, err := id.ParsePerson(a)
		last := first
		if err == nil && both {
			last, err = id.ParsePerson(z)
		}
		if err != nil || first == 0 || last < first {
			return nil, fmt.Errorf("people: bad run %q", run)
		}
		many := int64(last-first) + 1
		if many > int64(maxPeople-d.people) {
			return nil, errors.New("people: more than a record can hold")
		}
		d.people += int(many)
		for n := first; ; n++ {
			p = append(p, Presence{Person: n, State: s, Means: m})
			if n == last {
				break
			}
		}
	}
	return p, nil
}
