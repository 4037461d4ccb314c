package matter

import (
	"slices"
	"strconv"

	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// corrections is the clause by which a correction names its record and its reason.
const corrections = "handbook#corrections"

// correction checks that what is to be set right is there, and is of this step.
func (d *decision) correction() *Refusal {
	old, ok := d.State.Find(d.Act.Corrects)
	if !ok || old.Step() != d.Step.ID {
		return Refuse("corrects", "refuse.nothing_to_correct", corrections, "record", strconv.FormatInt(d.Act.Corrects, 10))
	}
	if d.Step.Effect != "" {
		return Refuse("corrects", "refuse.correct_by_step", corrections)
	}
	return nil
}

// reason returns the fields that are no answer to the step's form: of a correction,
// why it was made. Nothing is set right without a reason.
func (d *decision) reason() (record.Fields, *Refusal) {
	if d.Act.Corrects == 0 {
		return nil, nil
	}
	switch v := d.Act.Fields.Get(record.Correction).(type) {
	case record.Text:
		if empty(v) {
			break
		}
		if r := d.text(procedure.Field{ID: record.Correction}, string(v)); r != nil {
			return nil, r
		}
		return record.Of(record.F(record.Correction, v)), nil
	case nil:
	default:
		return nil, Refuse(record.Correction, "refuse.wrong_type", corrections, "want", string(record.TypeText), "got", string(v.Type()))
	}
	return nil, Refuse(record.Correction, "refuse.correct_why", corrections)
}

// between checks that what is set right stays where it stood among the other steps:
// not before what it follows, not after what follows it. What had stood in another
// order already, among records of one repeated step, may stay.
func (d *decision) between() *Refusal {
	old, _ := d.State.Find(d.Act.Corrects)
	if from := d.Procedure.From; d.Act.On < from && old.On >= from {
		return Refuse("on", "refuse.before_edition", "", "day", from.String()) // a matter stays with its edition
	}
	if r := d.window(d.State.until(d.State.place(old))); r != nil {
		return r
	}
	if r := d.later(old); r != nil {
		return r
	}
	for _, a := range d.Step.After {
		if r, ok := d.State.lastBefore(a, d.State.place(old)); ok && d.Act.On < r.On && d.Act.On < old.On {
			return Refuse("on", "refuse.before_step", d.basis(), "step", a, "day", r.On.String())
		}
	}
	for _, s := range d.Procedure.Steps {
		if r, ok := d.State.firstAfter(s, d.Step.ID, d.State.place(old)); ok && d.Act.On > r.On && d.Act.On > old.On {
			return Refuse("on", "refuse.after_step", d.basis(), "step", s.ID, "day", r.On.String())
		}
	}
	return nil
}

// place returns the number of the record whose place in the matter r has: its own,
// or that of the first one in a row of corrections.
func (st State) place(r record.Record) int64 {
	if first, ok := st.places[r.Seq]; ok {
		return first
	}
	return r.Seq
}

// lastBefore returns the last standing record of step that was taken before place.
func (st State) lastBefore(step string, place int64) (record.Record, bool) {
	for _, r := range slices.Backward(st.done[step]) {
		if st.place(r) < place {
			return r, true
		}
	}
	return record.Record{}, false
}

// firstAfter returns the standing record of s with the earliest day that was taken
// after place, if s follows step; step "" is any.
func (st State) firstAfter(s procedure.Step, step string, place int64) (first record.Record, found bool) {
	if step != "" && !slices.Contains(s.After, step) {
		return first, false
	}
	for _, r := range st.done[s.ID] {
		if st.place(r) > place && (!found || r.On < first.On) {
			first, found = r, true
		}
	}
	return first, found
}

// later checks that what waited for the corrected step, or had to come within a time
// of it, still keeps to it.
func (d *decision) later(old record.Record) *Refusal {
	for _, s := range d.Procedure.Steps {
		next, ok := d.State.firstAfter(s, "", d.State.place(old))
		if !ok {
			continue
		}
		st := d.State.until(d.State.place(next))
		for i, r := range st.done[d.Step.ID] {
			if r.Seq == old.Seq {
				st.done[d.Step.ID][i].On, st.done[d.Step.ID][i].Fields = d.Act.On, d.Act.Fields
			}
		}
		e := decision{d.Case}
		e.Step, e.Act.On = s, next.On
		if r := e.window(st); r != nil {
			return Refuse("on", "refuse.after_step", r.Basis, "step", s.ID, "day", next.On.String())
		}
	}
	return nil
}

// until returns how the matter stood before the record at place was taken.
func (st State) until(place int64) State {
	was := st
	was.done = map[string][]record.Record{}
	for step, all := range st.done {
		for _, r := range all {
			if st.place(r) < place {
				was.done[step] = append(was.done[step], r)
			}
		}
	}
	return was
}
