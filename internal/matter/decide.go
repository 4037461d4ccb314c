package matter

import (
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// A By is who takes a step, and when it is written down.
type By struct {
	Person *person.Person // nil: the installation itself, at set-up
	Today  day.Day
	Log    Log // what checks may look up; nil: nothing was recorded
}

// Decide returns the record that act would add, or a [*Refusal]. Number, time
// and seal are still missing from it, and so is the name of a matter that begins.
func Decide(p procedure.Procedure, law Law, world World, st State, act Act, by By) (record.Record, *Refusal) {
	s, ok := p.Step(act.Step)
	if !ok {
		return record.Record{}, &Refusal{Step: act.Step, Why: "refuse.no_such_step"}
	}
	d := decision{Case{Law: law, World: world, Procedure: p, Step: s, State: st, Act: act, By: by.Person, Today: by.Today, Log: by.Log}}
	var role string
	for _, check := range []func() *Refusal{
		d.sequence, d.dates, d.place,
		func() (r *Refusal) { role, r = d.right(); return r },
		d.part, d.form, d.judge,
	} {
		if r := check(); r != nil {
			for _, one := range r.All() {
				one.Step = act.Step
			}
			return record.Record{}, r
		}
	}
	r := record.Record{
		On: act.On, Role: role, Behalf: act.Behalf, Org: act.Org, Matter: act.Matter,
		Kind: p.Kind(s.ID), Edition: p.From, Corrects: act.Corrects, Fields: d.Act.Fields,
	}
	if by.Person != nil {
		r.Actor = by.Person.ID
	}
	return r, nil
}

type decision struct{ Case }

// sequence checks the order of steps.
func (d *decision) sequence() *Refusal {
	s, st := d.Step, d.State
	if d.Act.Corrects != 0 {
		return d.correction()
	}
	if st.Closed && !s.Standing {
		return Refuse("", "refuse.closed", "")
	}
	if _, done := st.Done(s.ID); done && !s.Repeats {
		return Refuse("", "refuse.done_before", "")
	}
	for _, a := range s.After {
		if _, done := st.Done(a); !done {
			return Refuse("", "refuse.comes_first", d.basis(), "step", a)
		}
	}
	return nil
}

// dates checks that the act has happened, and not before what it follows; what is
// set right must not have happened after what follows it, either.
func (d *decision) dates() *Refusal {
	on := d.Act.On
	if on.IsZero() {
		return Refuse("on", "refuse.missing", "", "field", "on")
	}
	if on > d.Today {
		return Refuse("on", "refuse.future", "", "day", on.String())
	}
	if d.Act.Corrects != 0 {
		return d.between()
	}
	for _, a := range d.Step.After {
		if r, done := d.State.Done(a); done && on < r.On {
			return Refuse("on", "refuse.before_step", d.basis(), "step", a, "day", r.On.String())
		}
	}
	return d.window(d.State)
}

// window checks that what the step waits for is over, and its last day is not, as st
// has it.
func (d *decision) window(st State) *Refusal {
	from, err := Earliest(d.Law, st, d.Step)
	if err != nil {
		return d.uncounted()
	}
	if d.Act.On < from.On {
		return Refuse("on", "refuse.too_early", from.Basis, "day", from.On.String(), "rule", from.Rule)
	}
	last, err := Latest(d.Law, st, d.Step)
	if err != nil {
		return d.uncounted()
	}
	if last.On != 0 && d.Act.On > last.On {
		return Refuse("on", "refuse.too_late", last.Basis, "day", last.On.String(), "rule", last.Rule)
	}
	return nil
}

// uncounted refuses what would need a number of days that nobody knows: the rule was
// not in force, or the working days of a year have not been entered.
func (d *decision) uncounted() *Refusal {
	return Refuse("on", "refuse.uncounted", d.basis(), "step", d.Step.ID)
}

// place checks that the matter belongs to the organisation, and that such an
// organisation may have it.
func (d *decision) place() *Refusal {
	begins := d.State.Len == 0
	if begins && d.Procedure.Subject == "year" && d.Act.Book(d.Procedure) == "" {
		return Refuse(procedure.YearField, "refuse.no_year", "")
	}
	if !begins && d.Act.Org != d.belongs() {
		return Refuse("", "refuse.other_org", "")
	}
	if begins && d.Procedure.Subject == "org" {
		return nil // it is only being founded
	}
	o, ok := d.World.Tree().Org(d.Act.Org)
	if !ok {
		return Refuse("org", "refuse.no_such_org", "")
	}
	if !begins && d.Procedure.Subject == "person" {
		return nil // the file outlives the branch
	}
	v := o.On(d.Act.On)
	if len(d.Procedure.Of) > 0 && !slices.Contains(d.Procedure.Of, string(v.Kind)) {
		return Refuse("org", "refuse.not_for_kind", d.basis(), "kind", string(v.Kind))
	}
	if !o.Stands.Contains(d.Act.On) {
		return Refuse("on", "refuse.not_standing", "", "day", d.Act.On.String())
	}
	return nil
}

// belongs returns the organisation of the matter: the one it began in; and the
// file of a person goes with the person. Else an officer could act in one's own
// organisation on what is another's.
func (d *decision) belongs() id.Org {
	if n, ok := d.Act.Matter.Person(); ok && d.Procedure.Subject == "person" {
		if p, ok := d.World.Person(n); ok && p.Home(d.Today) != 0 {
			return p.Home(d.Today)
		}
	}
	return d.State.Org
}

// right checks that the person may take the step today, and returns the role.
func (d *decision) right() (string, *Refusal) {
	if d.By == nil {
		return "", d.behalf()
	}
	reader := access.Reader{Roles: d.Law.Roles, Tree: d.World.Tree(), Person: d.By, Today: d.Today}
	if slices.Contains(d.Step.By, access.Self) && d.self() {
		return "", d.behalf()
	}
	role, ok := reader.Holds(d.Step.By, d.over())
	if !ok {
		return "", Refuse("", "refuse.reserved", d.basis(), "role", d.Step.By[0])
	}
	return role, d.behalf()
}

// behalf checks that the step may be recorded for somebody else, who must be known.
func (d *decision) behalf() *Refusal {
	if d.Act.Behalf == 0 {
		return nil
	}
	if !d.Step.Behalf {
		return Refuse("behalf", "refuse.no_behalf", d.basis())
	}
	if _, ok := d.World.Person(d.Act.Behalf); !ok {
		return Refuse("behalf", "refuse.no_such_person", "", "person", d.Act.Behalf.String())
	}
	return nil
}

func (d *decision) self() bool {
	p, ok := d.Act.Matter.Person()
	return ok && p == d.By.ID
}

// over is the organisation over which the right is needed: the one concerned, the one
// that the step names, or while it is being founded the one above it.
func (d *decision) over() id.Org {
	if !d.Step.Over.None() {
		return d.State.Over(d.Step)
	}
	if d.Procedure.Subject == "org" && d.State.Len == 0 {
		return d.Act.Fields.Org("superior")
	}
	return d.Act.Org
}

// part asks only_if.
func (d *decision) part() *Refusal {
	if d.Step.OnlyIf != "" && !d.Law.Functions[d.Step.OnlyIf].Only(d.Case) {
		return Refuse("", "refuse.not_part", d.basis(), "function", d.Step.OnlyIf)
	}
	return nil
}

// judge runs the checks, all of them.
func (d *decision) judge() *Refusal {
	var all []*Refusal
	for _, name := range d.Step.Checks {
		if r := d.Law.Functions[name].Check(d.Case); r != nil {
			all = append(all, r)
		}
	}
	return join(all)
}

// basis is the clause to cite where nothing nearer is known.
func (d *decision) basis() string {
	if len(d.Step.Basis) > 0 {
		return d.Step.Basis[0]
	}
	if len(d.Procedure.Basis) > 0 {
		return d.Procedure.Basis[0]
	}
	return ""
}
