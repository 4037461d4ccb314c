package matter

import (
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// The most that one answer may hold; a guard of the system, not a rule.
const (
	maxText = 20_000 // characters
	maxRows = 5_000
)

// form checks what was answered against what the step asks, and works out the
// computed fields. It reports everything that is wrong at once, so that nobody
// mends a form one field at a time. Afterwards d.Act.Fields holds exactly what
// will be recorded.
func (d *decision) form() *Refusal {
	var all []*Refusal
	for _, f := range d.Act.Fields {
		if _, asked := d.Step.Field(f.ID); !asked && !(f.ID == record.Correction && d.Act.Corrects != 0) {
			all = append(all, Refuse(f.ID, "refuse.not_asked", ""))
		}
	}
	sent := d.Act.Fields
	kept, r := d.reason()
	if r != nil {
		all = append(all, r)
	}
	for _, f := range d.Step.Form {
		v, r := d.value(f, sent)
		if r == nil {
			r = d.answer(f, v)
		}
		if r == nil {
			v, r = d.columns(f, v, sent)
		}
		if r == nil && v != nil && (record.Fields{{ID: f.ID, Value: v}}).Check() != nil {
			r = Refuse(f.ID, "refuse.wrong_type", "", "want", string(f.Type), "got", string(v.Type()))
		}
		if r != nil {
			all = append(all, r)
		} else if v != nil && !empty(v) {
			kept = append(kept, record.F(f.ID, v))
		}
	}
	d.Act.Fields = record.Of(kept...)
	return join(all)
}

// value returns the answer to f: as sent, or worked out.
func (d *decision) value(f procedure.Field, sent record.Fields) (record.Value, *Refusal) {
	if f.Computed == "" {
		return sent.Get(f.ID), nil
	}
	v, r := d.Law.Functions[f.Computed].Compute(d.withFields(sent))
	if r != nil {
		r.Field = f.ID
	}
	return v, r
}

// columns returns v with the computed columns of its rows worked out; what was sent
// for them is dropped.
func (d *decision) columns(f procedure.Field, v record.Value, sent record.Fields) (record.Value, *Refusal) {
	rows, ok := v.(record.Items)
	if !ok || f.Computed != "" {
		return v, nil
	}
	for _, col := range f.Rows {
		if col.Computed == "" {
			continue
		}
		rows = slices.Clone(rows)
		for i, row := range rows {
			c := d.withFields(sent)
			c.Row = row
			cell, r := d.Law.Functions[col.Computed].Compute(c)
			if r != nil {
				r.Field = f.ID + "." + strconv.Itoa(i) + "." + cmp.Or(r.Field, col.ID)
				return nil, r
			}
			rows[i] = row.With(col.ID, cell)
		}
	}
	return rows, nil
}

// join returns the first of all, with the others as More.
func join(all []*Refusal) *Refusal {
	if len(all) == 0 {
		return nil
	}
	all[0].More = all[1:]
	return all[0]
}

// withFields returns the case as a computing function sees it: with everything
// that was sent, since the order of fields should not matter to it.
func (d *decision) withFields(sent record.Fields) Case {
	c := d.Case
	c.Act.Fields = sent
	return c
}

// answer checks one answer.
func (d *decision) answer(f procedure.Field, v record.Value) *Refusal {
	if v == nil || empty(v) {
		if f.Optional {
			return nil
		}
		return Refuse(f.ID, "refuse.missing", f.Basis, "field", f.ID)
	}
	if v.Type() != f.Type {
		return Refuse(f.ID, "refuse.wrong_type", "", "want", string(f.Type), "got", string(v.Type()))
	}
	switch v := v.(type) {
	case record.Text:
		return d.text(f, string(v))
	case record.Number:
		if v < 0 {
			return Refuse(f.ID, "refuse.negative", "")
		}
	case record.Money:
		if v < 0 {
			return Refuse(f.ID, "refuse.negative", "")
		}
	case record.Choice:
		if !d.Law.Codes[f.Codes].Has(string(v)) {
			return Refuse(f.ID, "refuse.unknown_code", "", "code", string(v))
		}
	case record.Person:
		if _, ok := d.World.Person(id.Person(v)); !ok {
			return Refuse(f.ID, "refuse.no_such_person", "")
		}
	case record.Org:
		if _, ok := d.World.Tree().Org(id.Org(v)); !ok {
			return Refuse(f.ID, "refuse.no_such_org", "")
		}
	case record.People:
		return d.people(f, v)
	case record.Files:
		return d.files(f, v)
	case record.Vote:
		return vote(f, v)
	case record.Items:
		return d.rows(f, v)
	}
	return nil
}

func (d *decision) text(f procedure.Field, s string) *Refusal {
	if !utf8.ValidString(s) {
		return Refuse(f.ID, "refuse.not_text", "")
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		return Refuse(f.ID, "refuse.too_long", "", "most", strconv.Itoa(maxText), "got", strconv.Itoa(n))
	}
	return nil
}

func (d *decision) people(f procedure.Field, people record.People) *Refusal {
	if err := people.Check(); err != nil {
		return Refuse(f.ID, "refuse.bad_people", "", "error", err.Error())
	}
	for _, p := range people {
		if _, ok := d.World.Person(p.Person); !ok {
			return Refuse(f.ID, "refuse.no_such_person", "", "person", p.Person.String())
		}
		if r := d.text(f, p.Note); r != nil {
			return r
		}
	}
	return nil
}

func (d *decision) files(f procedure.Field, files record.Files) *Refusal {
	for _, file := range files {
		for _, s := range []string{file.Name, file.Kind} {
			if r := d.text(f, s); r != nil {
				return r
			}
		}
	}
	return nil
}

// vote checks that the counts of one vote can be true: nobody is both present and
// heard in writing, and nobody is counted twice. It subtracts, since sums of what
// anybody may have sent can run over.
func vote(f procedure.Field, v record.Vote) *Refusal {
	if min(v.Due, v.Present, v.For, v.Against, v.Abstain, v.Written) < 0 {
		return Refuse(f.ID, "refuse.negative", "")
	}
	absent := v.Due - v.Present
	if v.Written > absent || v.For > v.Present+v.Written || v.Against > v.Present+v.Written-v.For || v.Abstain > v.Present+v.Written-v.For-v.Against {
		return Refuse(f.ID, "refuse.vote_sum", "",
			"cast", strconv.Itoa(v.For+v.Against+v.Abstain), "present", strconv.Itoa(v.Present), "due", strconv.Itoa(v.Due))
	}
	return nil
}

func (d *decision) rows(f procedure.Field, rows record.Items) *Refusal {
	if len(rows) > maxRows {
		return Refuse(f.ID, "refuse.too_many_rows", "", "most", strconv.Itoa(maxRows))
	}
	for i, row := range rows {
		for _, cell := range row {
			if !hasColumn(f, cell.ID) {
				return Refuse(f.ID, "refuse.not_asked", "", "column", cell.ID)
			}
		}
		for _, col := range f.Rows {
			if col.Computed != "" {
				continue // whatever was sent is going to be replaced
			}
			if r := d.answer(col, row.Get(col.ID)); r != nil {
				r.Field = f.ID + "." + strconv.Itoa(i) + "." + col.ID
				return r
			}
		}
	}
	return nil
}

func hasColumn(f procedure.Field, id string) bool {
	for _, c := range f.Rows {
		if c.ID == id {
			return true
		}
	}
	return false
}

// empty reports whether v says nothing: blank text, a list without rows.
func empty(v record.Value) bool {
	switch v := v.(type) {
	case record.Text:
		for _, r := range v {
			if r != ' ' && r != '\t' && r != '\n' && r != '\r' && r != '　' {
				return false
			}
		}
		return true
	case record.Choice:
		return v == ""
	case record.Day:
		return v == 0
	case record.Person:
		return v == 0
	case record.Org:
		return v == 0
	case record.People:
		return len(v) == 0
	case record.Items:
		return len(v) == 0
	case record.Files:
		return len(v) == 0
	}
	return false
}
