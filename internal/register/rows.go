package register

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"

	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// The views in which the register is kept.
const (
	ViewOrg    = "org"
	ViewPerson = "person"
	ViewTerm   = "term"
)

// Rows returns the rows to be written for c, changed by record seq.
func (g *Register) Rows(c Changes, seq int64) ([]record.Row, error) {
	var rows []record.Row
	add := func(view, key string, v any) error {
		body, err := json.Marshal(v, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("register: row %s %s: %w", view, key, err)
		}
		rows = append(rows, record.Row{View: view, Key: key, Seq: seq, Body: body})
		return nil
	}
	for _, o := range c.Orgs {
		if err := add(ViewOrg, o.String(), g.tree.Get(o)); err != nil {
			return nil, err
		}
	}
	for _, p := range c.People {
		body, err := g.people[p].AppendBinary(nil)
		if err != nil {
			return nil, fmt.Errorf("register: row %s %s: %w", ViewPerson, p, err)
		}
		rows = append(rows, record.Row{View: ViewPerson, Key: p.String(), Seq: seq, Body: body})
	}
	for _, m := range c.Matters {
		if err := add(ViewTerm, string(m), g.terms[m]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// A Loaded is a row that was read back and is not yet part of a register.
type Loaded struct {
	org    org.Org       // in rows of ViewOrg
	person person.Person // of ViewPerson
	matter id.Matter     // of ViewTerm
	term   term
}

// Parse reads a row that [Register.Rows] made. Rows can be read side by side.
func Parse(row record.Row) (l Loaded, err error) {
	switch row.View {
	case ViewOrg:
		err = json.Unmarshal(row.Body, &l.org)
	case ViewPerson:
		if bytes.HasPrefix(row.Body, []byte("{")) { // written before people were kept in few bytes
			err = json.Unmarshal(row.Body, &l.person)
		} else {
			err = l.person.UnmarshalBinary(row.Body)
		}
	case ViewTerm:
		l.matter = id.Matter(row.Key)
		err = json.Unmarshal(row.Body, &l.term)
	}
	if err == nil && l.key(row.View) != row.Key {
		err = fmt.Errorf("it is of %q", l.key(row.View))
	}
	if err != nil {
		return Loaded{}, fmt.Errorf("register: row %s %s: %w", row.View, row.Key, err)
	}
	return l, nil
}

// key is the key that l has in a view.
func (l Loaded) key(view string) string {
	switch view {
	case ViewOrg:
		return l.org.ID.String()
	case ViewPerson:
		return l.person.ID.String()
	}
	return string(l.matter)
}

// Load takes l into g.
func (g *Register) Load(l Loaded) {
	switch {
	case l.org.ID != 0:
		g.tree.Put(l.org)
	case l.person.ID != 0:
		g.put(l.person)
	case l.matter != "":
		g.terms[l.matter] = l.term
	}
}
