package register

import (
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
		if err := add(ViewPerson, p.String(), &g.people[p]); err != nil {
			return nil, err
		}
	}
	for _, m := range c.Matters {
		if err := add(ViewTerm, string(m), g.terms[m]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Load takes a row that [Register.Rows] made into g.
func (g *Register) Load(row record.Row) error {
	var err error
	switch row.View {
	case ViewOrg:
		var o org.Org
		if err = json.Unmarshal(row.Body, &o); err == nil {
			g.tree.Put(o)
		}
	case ViewPerson:
		var p person.Person
		if err = json.Unmarshal(row.Body, &p); err == nil {
			g.put(p)
		}
	case ViewTerm:
		var t term
		if err = json.Unmarshal(row.Body, &t); err == nil {
			g.terms[id.Matter(row.Key)] = t
		}
	}
	if err != nil {
		return fmt.Errorf("register: row %s %s: %w", row.View, row.Key, err)
	}
	return nil
}
