// Package admission has the judgments of admitting members (domain §2): who may
// apply, vouch and approve, when probation is over, which part of the way a matter
// has reached. What comes after what, and every interval, is in the procedure file.
package admission

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
	Age              = "admission.age"
	MentorsLeast     = "admission.mentors_least"
	MentorsMost      = "admission.mentors_most"
	Introducers      = "admission.introducers"
	TrainingDays     = "admission.training_days"
	TrainingHours    = "admission.training_hours"
	Leaving          = "admission.leaving"
	Approval         = "admission.approval"
	ApprovalSpecial  = "admission.approval_special"
	Announcement     = "admission.announcement"
	Probation        = "membership.probation"
	ConfirmationTime = "admission.confirmation"
	ExtensionLeast   = "admission.extension_least"
	ExtensionMost    = "admission.extension_most"
)

// The steps of the procedure between which the functions below tell.
const (
	apply         = "apply"
	adopt         = "adopt"
	activist      = "activist"
	fileCandidate = "file_candidate"
	vote          = "vote"
	approve       = "approve"
	refuse        = "refuse"
	request       = "request"
	announce      = "announce_confirmation"
	confirmVote   = "confirm_vote"
	confirm       = "confirm"
	extend        = "extend"
	cancel        = "cancel"
)

// Begins refuses an application of somebody who is too young (R2.1), who is on the
// way already, or who is a member, was one, or has died.
func Begins(c matter.Case) *matter.Refusal {
	p, ok := c.World.Person(c.Act.Fields.Person("person"))
	if !ok {
		return nil // the form has said so
	}
	stand := p.Stand(c.Today)
	switch {
	case stand.Standing.OnTheWay() && stand.Matter != "":
		return matter.Refuse("person", "refuse.under_way", "", "matter", string(stand.Matter))
	case stand.Standing != person.Other && !stand.Standing.OnTheWay(), c.Act.Step == apply && stand.Standing == person.Probationary:
		return matter.Refuse("person", "refuse.no_applicant", "", "standing", string(stand.Standing))
	case p.Home(c.Today) != c.Act.Org:
		return matter.Refuse("person", "refuse.not_of_branch", "")
	}
	return oldEnough(c, p)
}

func oldEnough(c matter.Case, p *person.Person) *matter.Refusal {
	on := c.Act.On
	if c.Act.Step == adopt {
		on = told(c, apply)
	}
	v, err := c.Law.Book.At(Age, on)
	switch {
	case on == 0 || err != nil:
		return nil // said elsewhere
	case p.Birth == 0:
		return matter.Refuse("person", "refuse.birth_unknown", v.Basis)
	case on < p.Birth.AddYears(int(v.Int())) && c.Act.Step == apply:
		return matter.Refuse("on", "refuse.too_young", v.Basis, "years", strconv.FormatInt(v.Int(), 10), "day", p.Birth.AddYears(int(v.Int())).String())
	}
	return nil
}

// Mentors refuses more or fewer mentors than the rules say, and whoever cannot be one.
func Mentors(c matter.Case) *matter.Refusal {
	least, r := c.Rule(MentorsLeast)
	if r != nil {
		return r
	}
	most, r := c.Rule(MentorsMost)
	if r != nil {
		return r
	}
	return vouchers(c, "mentors", least.Int(), most.Int(), most.Basis)
}

// IntroducersFit refuses more or fewer introducers than the rule says, and whoever
// cannot be one.
func IntroducersFit(c matter.Case) *matter.Refusal {
	v, r := c.Rule(Introducers)
	if r != nil {
		return r
	}
	return vouchers(c, "introducers", v.Int(), v.Int(), v.Basis)
}

// vouchers checks the rows (person, kin, penalty) of those who stand by somebody:
// full members, each once, no relatives, not on probation within the Party.
func vouchers(c matter.Case, field string, least, most int64, basis string) *matter.Refusal {
	rows := c.Act.Fields.Items(field)
	if n := int64(len(rows)); n < least || n > most {
		return matter.Refuse(field, "refuse.how_many", basis, "least", strconv.FormatInt(least, 10), "most", strconv.FormatInt(most, 10), "got", strconv.FormatInt(n, 10))
	}
	seen := map[id.Person]bool{}
	for i, row := range rows {
		at, n := field+"."+strconv.Itoa(i)+".", row.Person("person")
		p, _ := c.World.Person(n)
		switch {
		case p.Standing(c.Act.On) != person.Member:
			return matter.Refuse(at+"person", "refuse.not_full_member", basis, "person", n.String())
		case seen[n]:
			return matter.Refuse(at+"person", "refuse.named_twice", basis, "person", n.String())
		case row.Choice("kin") != "none":
			return matter.Refuse(at+"kin", "refuse.relative", "handbook#admission", "person", n.String())
		case row.Choice("penalty") != "none":
			return matter.Refuse(at+"penalty", "refuse.on_watch", "admission-rules#introducer", "person", n.String())
		}
		seen[n] = true
	}
	return nil
}

// Trained refuses a course that is too short: so many days, or so many hours.
func Trained(c matter.Case) *matter.Refusal {
	days, r := c.Rule(TrainingDays)
	if r != nil {
		return r
	}
	hours, r := c.Rule(TrainingHours)
	if r != nil {
		return r
	}
	from, to := c.Act.Fields.Day("from"), c.Act.On
	if from > to {
		return matter.Refuse("from", "refuse.ends_before", days.Basis)
	}
	if int64(to-from)+1 >= days.Int() || c.Act.Fields.Number("hours") >= hours.Int() {
		return nil
	}
	return matter.Refuse("hours", "refuse.too_short", days.Basis, "days", strconv.FormatInt(days.Int(), 10), "hours", strconv.FormatInt(hours.Int(), 10))
}

// Body refuses a body that may not approve: only a committee above the branch does,
// and none that stands below the committee of a township (R2.4).
func Body(c matter.Case) *matter.Refusal {
	const authority = "admission-rules#authority"
	n, tree := c.Act.Fields.Org("body"), c.World.Tree()
	o, _ := tree.Org(n)
	now := o.On(c.Act.On)
	switch {
	case now.Kind != org.Committee && now.Kind != org.WorkingCommittee:
		return matter.Refuse("body", "refuse.may_not_approve", authority, "kind", string(now.Kind))
	case !o.Stands.Contains(c.Act.On) || !tree.Within(n, c.Act.Org, c.Act.On) || n == c.Act.Org:
		return matter.Refuse("body", "refuse.not_above", authority)
	}
	if above, ok := tree.Org(now.Superior); ok && above.Level == "township" {
		return matter.Refuse("body", "refuse.below_township", authority)
	}
	return nil
}

// Special refuses an approval after the ordinary time that gives no reason for it.
func Special(c matter.Case) *matter.Refusal {
	voted, _ := c.State.Done(vote)
	d, err := c.Law.Count(Approval, voted.On)
	if err != nil || c.Act.On <= d.On || c.Act.Fields.Text("special") != "" {
		return nil
	}
	return matter.Refuse("special", "refuse.why_late", d.Basis, "day", d.On.String())
}

// Extension refuses to extend probation a second time, by too little or too much, and
// a day where nothing is extended.
func Extension(c matter.Case) *matter.Refusal {
	until := c.Act.Fields.Day("until")
	if c.Act.Fields.Choice("outcome") != extend {
		if until != 0 {
			return matter.Refuse("until", "refuse.not_extended", "")
		}
		return nil
	}
	end, err := ProbationEnd(c)
	if err != nil {
		return nil // said by the window
	}
	if _, before := c.State.Done(extend); before {
		return matter.Refuse("outcome", "refuse.extended_before", "admission-rules#confirmation")
	}
	least, err := c.Law.Count(ExtensionLeast, end.On)
	most, err2 := c.Law.Count(ExtensionMost, end.On)
	if err == nil && err2 == nil && (until < least.On || until > most.On) {
		return matter.Refuse("until", "refuse.extension", least.Basis, "from", least.On.String(), "to", most.On.String())
	}
	return nil
}

// ProbationEnd works out when probation is over: so long after the vote of the branch
// meeting, or what it was extended to. Party age counts from that day (R2.3).
func ProbationEnd(c matter.Case) (matter.Deadline, error) {
	voted, ok := c.State.Done(vote)
	if !ok {
		return matter.Deadline{}, nil
	}
	end, err := c.Law.Count(Probation, voted.On)
	extended, longer := c.State.Done(extend)
	if err != nil || !longer {
		return end, err
	}
	if until := extended.Fields.Day("until"); until != 0 {
		return matter.Deadline{On: until, Rule: ExtensionMost, Basis: "admission-rules#confirmation"}, nil
	}
	return c.Law.Count(ExtensionMost, end.On) // papers that do not say how long
}

// ConfirmationDue works out by when the branch meeting decides on confirmation.
func ConfirmationDue(c matter.Case) (matter.Deadline, error) {
	end, err := ProbationEnd(c)
	if err != nil || end.On == 0 {
		return end, err
	}
	return c.Law.Count(ConfirmationTime, end.On)
}

// told returns the day that the rows of papers give for a step, the last one, or 0.
func told(c matter.Case, step string) (on day.Day) {
	for _, row := range c.Act.Fields.Items("steps") {
		if row.Choice("step") == step {
			on = max(on, row.Day("on"))
		}
	}
	return on
}

// AskLeaving asks when somebody is examined who is about to leave the unit.
func AskLeaving(c matter.Case, r record.Record, _ matter.Past) ([]matter.Question, error) {
	leaves := r.Fields.Day("leaving")
	if leaves == 0 {
		return nil, nil
	}
	until, err := c.Law.Count(Leaving, r.On)
	if err != nil || leaves > until.On {
		return nil, err
	}
	return []matter.Question{{Why: "ask.leaving", Args: map[string]string{"day": leaves.String()}, Basis: until.Basis}}, nil
}
