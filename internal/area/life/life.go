// Package life has the arithmetic of organisation life: who is due at a meeting,
// what quota grades keep, which records deserve a question. Meetings themselves
// are procedure files.
package life

import (
	"strconv"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// The rules that this package applies.
const (
	CommitteeFrom  = "branch.committee_from" // full members from which a branch has a committee (R1.1)
	ExcellentShare = "appraisal.excellent"   // of those graded (R4.1)
	NearCopy       = "near_copy.share"       // share of like wording that raises a question
	YoungMinutes   = "minutes.least"         // characters below which minutes raise a question
)

// Due works out how many people were due: the roster of the branch on the day,
// without those exempted with a reason.
func Due(c matter.Case) (record.Value, *matter.Refusal) {
	exempt := map[id.Person]bool{}
	for _, row := range c.Act.Fields.Items("exempt") {
		exempt[row.Person("person")] = true
	}
	n := 0
	for _, p := range c.World.Roster(c.Act.Org, c.Act.On) {
		if !exempt[p] {
			n++
		}
	}
	return record.Number(n), nil
}

// CommitteeDue works out how many members the committee of the branch had.
func CommitteeDue(c matter.Case) (record.Value, *matter.Refusal) {
	return record.Number(len(c.Committee())), nil
}

// Present works out how many people were there.
func Present(c matter.Case) (record.Value, *matter.Refusal) {
	return record.Number(c.Act.Fields.People("attended").Count(record.Present)), nil
}

// Roster refuses people marked absent or on leave who were never due: only those
// of the roster can be missed. Guests may be present.
func Roster(c matter.Case) *matter.Refusal {
	for _, p := range c.Act.Fields.People("attended") {
		who, _ := c.World.Person(p.Person)
		if p.State != record.Present && !who.OnRoster(c.Act.Org, c.Act.On) {
			return matter.Refuse("attended", "refuse.not_on_roster", "", "person", p.Person.String())
		}
	}
	return nil
}

// Reasons refuses leave without a reason.
func Reasons(c matter.Case) *matter.Refusal {
	for _, p := range c.Act.Fields.People("attended") {
		if p.State == record.Leave && p.Note == "" {
			return matter.Refuse("attended", "refuse.leave_without_reason", "", "person", p.Person.String())
		}
	}
	return nil
}

// AppraisalQuota refuses a proposal of grades with more excellent members than the
// share allows, rounded down; with a grade for somebody who is not on the roster,
// twice for the same, or for a probationary member, who takes part without one
// (R4.1). The rows are in the field "grades": person, grade.
func AppraisalQuota(c matter.Case) *matter.Refusal {
	v, refusal := c.Rule(ExcellentShare)
	if refusal != nil {
		return refusal
	}
	excellent, graded := 0, map[id.Person]bool{}
	rows := c.Act.Fields.Items("grades")
	for i, row := range rows {
		at := "grades." + strconv.Itoa(i) + ".person"
		n := row.Person("person")
		p, _ := c.World.Person(n)
		switch {
		case !p.OnRoster(c.Act.Org, c.Act.On):
			return matter.Refuse(at, "refuse.not_on_roster", v.Basis, "person", n.String())
		case p.Standing(c.Act.On) == person.Probationary:
			return matter.Refuse(at, "refuse.probationary_grade", v.Basis, "person", n.String())
		case graded[n]:
			return matter.Refuse(at, "refuse.graded_twice", v.Basis, "person", n.String())
		}
		graded[n] = true
		if row.Choice("grade") == "excellent" {
			excellent++
		}
	}
	if most := int(v.Share.Floor(int64(len(rows)))); excellent > most {
		return matter.Refuse("grades", "refuse.excellent_quota", v.Basis,
			"excellent", strconv.Itoa(excellent), "most", strconv.Itoa(most), "graded", strconv.Itoa(len(rows)), "share", v.Share.String())
	}
	return nil
}

// HasCommittee reports whether the branch must have a committee (R1.1).
func HasCommittee(c matter.Case) bool {
	yes, _ := CommitteeBinds(c.World, c.Law, c.Act.Org, c.Act.On)
	return yes
}

// CommitteeBinds reports whether branch o had enough full members on d to need a
// committee, and names the rule (R1.1).
func CommitteeBinds(w matter.World, law matter.Law, o id.Org, d day.Day) (bool, string) {
	v, err := law.Book.At(CommitteeFrom, d)
	if err != nil {
		return false, CommitteeFrom
	}
	full := int64(0)
	for _, n := range w.Roster(o, d) {
		if p, _ := w.Person(n); p.Standing(d) == person.Member {
			full++
		}
	}
	return full >= v.Int(), CommitteeFrom
}

// GroupsBind reports whether branch o had groups on d: a member who belongs to one.
func GroupsBind(w matter.World, _ matter.Law, o id.Org, d day.Day) (bool, string) {
	for _, n := range w.Roster(o, d) {
		p, _ := w.Person(n)
		if m, ok := p.Membership(d); ok && m.Group > 0 {
			return true, ""
		}
	}
	return false, ""
}

// HasGroups reports whether the branch has groups.
func HasGroups(c matter.Case) bool {
	yes, _ := GroupsBind(c.World, c.Law, c.Act.Org, c.Act.On)
	return yes
}

// AnyBranch binds every branch.
func AnyBranch(w matter.World, _ matter.Law, o id.Org, d day.Day) (bool, string) {
	b, ok := w.Tree().Org(o)
	return ok && b.On(d).Kind.Basic() && b.On(d).Kind != org.TemporaryBranch, ""
}
