package library

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// fields reads the answers of a case by the form that asks for them. People and
// organisations go by the names of the world.
func (w *world) fields(form []procedure.Field, sent map[string]yaml.Node) (fs record.Fields, err error) {
	for id, n := range sent {
		f, ok := find(form, id)
		if !ok {
			f = procedure.Field{ID: id, Type: record.TypeText} // let the decision refuse it
		}
		v, err := w.value(f, &n)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", id, err)
		}
		fs = fs.With(id, v)
	}
	return fs, nil
}

func find(form []procedure.Field, id string) (procedure.Field, bool) {
	for _, f := range form {
		if f.ID == id {
			return f, true
		}
	}
	return procedure.Field{}, false
}

func (w *world) value(f procedure.Field, n *yaml.Node) (record.Value, error) {
	switch f.Type {
	case record.TypePeople:
		return w.presence(n)
	case record.TypeVote:
		return vote(n)
	case record.TypeItems:
		return w.rows(f, n)
	}
	if n.Kind != yaml.ScalarNode {
		return nil, fmt.Errorf("want one value")
	}
	switch f.Type {
	case record.TypeNumber:
		return w.number(n.Value)
	case record.TypePerson:
		p, err := w.span(n.Value)
		if err != nil || len(p) != 1 {
			return nil, fmt.Errorf("want one person: %w", err)
		}
		return record.Person(p[0]), nil
	case record.TypeOrg:
		o, ok := w.orgs[n.Value]
		if !ok {
			return nil, fmt.Errorf("no organisation is called %q in cases_world.yaml", n.Value)
		}
		return record.Org(o), nil
	case record.TypeFile:
		return record.Files{{Name: n.Value, Hash: hash([]byte(n.Value)), Size: int64(len(n.Value)), Kind: "image/jpeg"}}, nil
	}
	return record.ParseText(f.Type, n.Value)
}

// number reads a number; "act 2" is that of the record which act 2 of the case made.
func (w *world) number(text string) (record.Value, error) {
	act, ok := strings.CutPrefix(text, "act ")
	i, err := strconv.ParseInt(act, 10, 64)
	if err == nil && ok {
		if i < 1 || int(i) > len(w.acts) || w.acts[i-1] == 0 {
			return nil, fmt.Errorf("act %d recorded nothing before this one", i)
		}
		i = w.acts[i-1]
	}
	return record.Number(i), err
}

// presence reads {present: a1-a7, leave: a8, reason: 因病, absent: a9}.
func (w *world) presence(n *yaml.Node) (record.Value, error) {
	words, err := pairs(n)
	if err != nil {
		return nil, err
	}
	var people record.People
	for _, s := range []record.State{record.Present, record.Leave, record.Absent} {
		who, err := w.span(words[string(s)])
		if err != nil {
			return nil, err
		}
		for _, p := range who {
			a := record.Presence{Person: p, State: s}
			switch s {
			case record.Present:
				a.Means = record.ByList
			case record.Leave:
				a.Note = words["reason"]
			}
			people = append(people, a)
		}
	}
	return people.Sort(), nil
}

func vote(n *yaml.Node) (record.Value, error) {
	words, err := pairs(n)
	if err != nil {
		return nil, err
	}
	var v record.Vote
	for name, part := range map[string]*int{"due": &v.Due, "present": &v.Present, "for": &v.For, "against": &v.Against, "abstain": &v.Abstain, "written": &v.Written} {
		if words[name] == "" {
			continue
		}
		if *part, err = strconv.Atoi(words[name]); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (w *world) rows(f procedure.Field, n *yaml.Node) (record.Value, error) {
	items := record.Items{}
	for _, row := range n.Content {
		cells := map[string]yaml.Node{}
		for i := 0; row.Kind == yaml.MappingNode && i+1 < len(row.Content); i += 2 {
			cells[row.Content[i].Value] = *row.Content[i+1]
		}
		fs, err := w.fields(f.Rows, cells)
		if err != nil {
			return nil, err
		}
		items = append(items, fs)
	}
	return items, nil
}

// pairs reads a mapping of words to words.
func pairs(n *yaml.Node) (map[string]string, error) {
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("want keys and values")
	}
	words := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		words[n.Content[i].Value] = n.Content[i+1].Value
	}
	return words, nil
}
