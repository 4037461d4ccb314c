package web

import (
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// prefill fills in what is known before anybody types: the old answers of a
// correction, a draft, what was planned, how it was last time, and who checked in.
func (f *stepForm) prefill(c *Call) error {
	f.set("on", c.Today().String())
	if f.old != nil {
		f.set("on", f.old.On.String())
		f.setFields(f.old.Fields)
		return nil
	}
	if found, err := f.recall(c); found || err != nil {
		f.fillMarks()
		return err
	}
	f.fillSelf(c)
	f.fillQuery(c)
	f.fillPlan()
	if c.R.URL.Query().Get("like") == "last" {
		if last, ok := c.lastLike(f.procedure, f.step, f.org); ok {
			f.fillLike(last)
		}
	}
	f.fillMarks()
	if err := f.fillDues(c); err != nil {
		return err
	}
	f.offerRows()
	return nil
}

// offerRows gives every list that must not be empty a first row to fill in.
func (f *stepForm) offerRows() {
	for _, q := range f.step.Form {
		if q.Type == record.TypeItems && !q.Optional && f.rowCount(q.ID) == 0 {
			f.set(q.ID+".rows", "1")
		}
	}
}

func (f *stepForm) set(name, value string) { f.values.Set(name, value) }

// setFields writes answers as the form has them.
func (f *stepForm) setFields(fields record.Fields) {
	for _, a := range fields {
		if q, ok := f.step.Field(a.ID); ok && q.Computed == "" {
			f.setValue(a.ID, a.Value)
		}
	}
}

func (f *stepForm) setValue(name string, v record.Value) {
	switch v := v.(type) {
	case record.Text:
		f.set(name, string(v))
	case record.Choice:
		f.set(name, string(v))
	case record.Number:
		f.set(name, strconv.FormatInt(int64(v), 10))
	case record.Money:
		f.set(name, money.Fen(v).String())
	case record.Day:
		f.set(name, day.Day(v).String())
	case record.Time:
		f.set(name, v.String())
	case record.Person:
		f.set(name, id.Person(v).String())
	case record.Org:
		f.set(name, id.Org(v).String())
	case record.Vote:
		for i, n := range []int{v.Due, v.Present, v.For, v.Against, v.Abstain, v.Written} {
			f.set(name+"."+voteParts[i], strconv.Itoa(n))
		}
	case record.People:
		f.setPeople(name, v)
	case record.Files:
		for _, file := range v {
			f.values.Add(name+".keep", keptName(file))
		}
	case record.Items:
		f.set(name+".rows", strconv.Itoa(len(v)))
		for i, row := range v {
			for _, cell := range row {
				f.setValue(cellName(name, i, cell.ID), cell.Value)
			}
		}
	}
}

func (f *stepForm) setPeople(name string, people record.People) {
	for _, p := range people {
		at := name + "." + p.Person.String()
		f.set(at, string(p.State))
		f.set(at+".means", string(p.Means))
		f.set(at+".note", p.Note)
	}
}

// fillSelf puts the secretary in the chair and the visitor at the minutes, where
// the step asks for them.
func (f *stepForm) fillSelf(c *Call) {
	i := slices.IndexFunc(f.roster, func(l app.PersonLine) bool { return l.ID == c.Visit.Me() })
	if _, asks := f.step.Field("recorder"); asks && i >= 0 {
		f.set("recorder", c.Visit.Me().String())
	}
	if _, asks := f.step.Field("chair"); !asks {
		return
	}
	for _, o := range f.officers {
		if o.Role == secretaryRole {
			f.set("chair", o.ID.String())
		}
	}
}

// fillQuery takes over what the link to the form says already, and puts what is
// founded below the organisation that the form was opened for.
func (f *stepForm) fillQuery(c *Call) {
	for _, q := range f.step.Form {
		if text := c.R.URL.Query().Get(q.ID); text != "" && q.ID != "org" && f.asks(q.ID) {
			f.set(q.ID, text)
		}
		if f.matter == "" && f.procedure.Subject == "org" && q.ID == "superior" && f.values.Get(q.ID) == "" {
			f.set(q.ID, f.org.String())
		}
	}
}

// secretaryRole is the office of whoever usually takes the chair in a branch.
const secretaryRole = "branch.secretary"

// fillPlan takes over what was announced, under the names that announcing and
// holding share, and who asked to be excused.
func (f *stepForm) fillPlan() {
	if f.dossier == nil {
		return
	}
	for _, e := range f.dossier.Entries {
		switch e.Step.ID {
		case "plan":
			if d := e.Record.Fields.Day("day"); d != 0 {
				f.set("on", d.String())
			}
			f.takeOver(e.Record.Fields, "start", "place", "topic")
			if _, ok := f.step.Field("theme"); ok && e.Record.Fields.Text("topic") != "" {
				f.set("theme", e.Record.Fields.Text("topic"))
			}
		case "excuse":
			f.excuse(e.Record)
		}
	}
}

func (f *stepForm) takeOver(fields record.Fields, names ...string) {
	for _, name := range names {
		if _, asks := f.step.Field(name); asks && fields.Get(name) != nil {
			f.setValue(name, fields.Get(name))
		}
	}
}

// excuse puts whoever asked for leave down as on leave.
func (f *stepForm) excuse(r record.Record) {
	q, ok := f.step.Field("attended")
	if !ok || q.Type != record.TypePeople {
		return
	}
	who := r.Actor
	if r.Behalf != 0 {
		who = r.Behalf
	}
	f.setPeople("attended", record.People{{Person: who, State: record.Leave, Note: r.Fields.Choice("reason")}})
}

// fillLike takes over what is often the same again: place and times, no people.
func (f *stepForm) fillLike(last record.Record) {
	f.takeOver(last.Fields, "start", "end", "place", "chair", "recorder")
}

// fillMarks puts down as present whoever checked in.
func (f *stepForm) fillMarks() {
	for _, q := range f.step.Form {
		if asksPresence(q) {
			f.setPeople(q.ID, f.marks)
		}
	}
}

// addRow gives a list one row more.
func (f *stepForm) addRow(name string) {
	if q, ok := f.step.Field(name); ok && q.Type == record.TypeItems {
		f.set(name+".rows", strconv.Itoa(min(f.rowCount(name)+1, mostRows)))
	}
}

// drop takes away a row of a list, or an attachment.
func (f *stepForm) drop(what string) {
	name, which, _ := strings.Cut(what, ":")
	q, ok := f.step.Field(name)
	switch {
	case !ok:
	case q.Type == record.TypeItems:
		if n, ok := rowNumber(which); ok {
			f.dropRow(name, n)
		}
	case q.Type == record.TypeFile:
		f.values[name+".keep"] = slices.DeleteFunc(f.values[name+".keep"], func(kept string) bool { return kept == which })
	}
}

// dropRow moves the rows after n up by one.
func (f *stepForm) dropRow(name string, n int) {
	q, _ := f.step.Field(name)
	rows := f.rowCount(name)
	if n >= rows {
		return
	}
	for i := n; i < rows; i++ {
		for _, col := range q.Rows {
			for _, part := range cellParts(col) {
				f.values[cellName(name, i, col.ID)+part] = f.values[cellName(name, i+1, col.ID)+part]
			}
		}
	}
	f.set(name+".rows", strconv.Itoa(rows-1))
}

// cellParts is what follows the name of a cell in the names of its fields.
func cellParts(col procedure.Field) []string {
	switch col.Type {
	case record.TypeVote:
	case record.TypePerson, record.TypeOrg:
		return []string{"", "." + pick}
	default:
		return []string{""}
	}
	parts := make([]string, len(voteParts))
	for i, part := range voteParts {
		parts[i] = "." + part
	}
	return parts
}

// dropEmptyRows takes away rows in which nothing was typed, so that the rows of the
// form and those of the record have the same numbers.
func (f *stepForm) dropEmptyRows() {
	for _, q := range f.step.Form {
		if q.Type != record.TypeItems {
			continue
		}
		for i := f.rowCount(q.ID) - 1; i >= 0; i-- {
			filled := false
			for _, col := range q.Rows {
				for _, part := range cellParts(col) {
					filled = filled || strings.TrimSpace(f.values.Get(cellName(q.ID, i, col.ID)+part)) != ""
				}
			}
			if !filled {
				f.dropRow(q.ID, i)
			}
		}
	}
}

// allPresent puts everybody down as present of whom nothing is known.
func (f *stepForm) allPresent(name string) {
	q, ok := f.step.Field(name)
	if !ok || q.Type != record.TypePeople {
		return
	}
	for _, p := range f.due(q) {
		if at := name + "." + p.ID.String(); f.values.Get(at) == "" {
			f.set(at, string(record.Present))
			f.set(at+".means", string(record.ByList))
		}
	}
}
