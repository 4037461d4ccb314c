// Package transfer judges moves of members from branch to branch: who may apply, which
// letter is on its way and how long it is valid. It moves nobody; accepting does.
package transfer

import (
	"slices"
	"strconv"

	"qingfeng/internal/access"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// The rules of letters of transfer, in days: how long one may be valid at most, and
// how long it is where nothing is said, within the installation and beyond.
const (
	Longest = "transfer.longest"
	Inside  = "transfer.inside"
	Outside = "transfer.outside"
)

// The procedures of a transfer, and their steps between which the functions below tell.
var transfers = []string{"transfer.apply", "transfer_out.apply"}

const (
	applied  = "apply"
	agreed   = "agree"
	issued   = "issue"
	returned = "return"
	lapsed   = "lapse"
)

// letters is the clause of the letter of transfer.
const letters = "handbook#letter"

// Person is whom a transfer moves: who applies, or on whose behalf it is done.
func Person(c matter.Case) (record.Value, *matter.Refusal) {
	if r, ok := c.State.Done(applied); ok {
		return r.Fields.Get("person"), nil
	}
	if c.Act.Behalf != 0 || c.By == nil {
		return record.Person(c.Act.Behalf), nil
	}
	return record.Person(c.By.ID), nil
}

// Branch is where the application wants to go.
func Branch(c matter.Case) (record.Value, *matter.Refusal) {
	r, _ := c.State.Done(applied)
	return r.Fields.Get("branch"), nil
}

// Place is the organisation elsewhere that the application names.
func Place(c matter.Case) (record.Value, *matter.Refusal) {
	r, _ := c.State.Done(applied)
	return r.Fields.Get("place"), nil
}

// Dues is until when dues are settled, as the branch said when it agreed.
func Dues(c matter.Case) (record.Value, *matter.Refusal) {
	r, _ := c.State.Done(agreed)
	return r.Fields.Get("dues_until"), nil
}

// Until is the last day of a letter: as many days after it was issued as it
// says, or as the rule usual has it. [Letter] keeps it from being too long.
func Until(usual string) func(c matter.Case) (record.Value, *matter.Refusal) {
	return func(c matter.Case) (record.Value, *matter.Refusal) {
		longest, refusal := c.Rule(Longest)
		if refusal != nil {
			return nil, refusal
		}
		days := c.Act.Fields.Number("days")
		if days == 0 {
			v, refusal := c.Rule(usual)
			if refusal != nil {
				return nil, refusal
			}
			days = v.Int()
		}
		return record.Day(c.Act.On.AddDays(int(min(days, longest.Int())))), nil
	}
}

// Letter refuses a letter that is valid for longer than the rule allows.
func Letter(c matter.Case) *matter.Refusal {
	v, refusal := c.Rule(Longest)
	if refusal != nil {
		return refusal
	}
	if c.Act.Fields.Number("days") > v.Int() {
		return matter.Refuse("days", "refuse.letter_too_long", v.Basis, "days", strconv.FormatInt(v.Int(), 10))
	}
	return nil
}

// End is the last day of the letter that was issued last, by the rule that
// holds for letters.
func End(c matter.Case) (matter.Deadline, error) {
	r, ok := c.State.Done(issued)
	if !ok {
		return matter.Deadline{}, nil
	}
	return matter.Deadline{On: r.Fields.Day("until"), Rule: Longest, Basis: letters}, nil
}

// Opens says that an application begins a matter, or is set right.
func Opens(c matter.Case) bool { return c.State.Len == 0 || c.Act.Corrects != 0 }

// Unagreed says that the branch has not yet answered.
func Unagreed(c matter.Case) bool {
	_, answered := c.State.Done(agreed)
	return !answered
}

// Issuable says that no letter is on its way: none was issued, or the last one
// came back or ran out. As below, what was recorded can be set right at any time.
func Issuable(c matter.Case) bool { return c.Act.Corrects != 0 || !letterOut(c) }

// Sent says that a letter is on its way.
func Sent(c matter.Case) bool { return c.Act.Corrects != 0 || letterOut(c) }

// Overdue says that the letter on its way is valid no more.
func Overdue(c matter.Case) bool {
	r, _ := c.State.Done(issued)
	return c.Act.Corrects != 0 || letterOut(c) && c.Act.On > r.Fields.Day("until")
}

func letterOut(c matter.Case) bool {
	return len(c.State.All(issued)) > len(c.State.All(returned))+len(c.State.All(lapsed))
}

// Begins refuses an application for somebody who is not on the roster of the
// branch, who wants to stay in it, or for whom a transfer is under way already; what
// somebody else recorded without paper; and another destination in a correction.
func Begins(c matter.Case) *matter.Refusal {
	who, to := c.Act.Fields.Person("person"), c.Act.Fields.Org("branch")
	if old, corrected := c.State.Done(applied); corrected {
		if old.Fields.Org("branch") != to {
			return matter.Refuse("branch", "refuse.transfer_elsewhere", letters)
		}
		return nil
	}
	if refusal := Here(c); refusal != nil {
		return refusal
	}
	if to == c.Act.Org {
		return matter.Refuse("branch", "refuse.transfer_nowhere", "")
	}
	if refusal := onPaper(c); refusal != nil {
		return refusal
	}
	if m := underWay(c, who); m != "" {
		return matter.Refuse("", "refuse.transfer_pending", letters, "matter", string(m))
	}
	return nil
}

// Here refuses to move somebody who is not on the roster of the branch: on the
// day of the act, and today.
func Here(c matter.Case) *matter.Refusal {
	p, ok := c.World.Person(c.Act.Fields.Person("person"))
	if !ok || !p.OnRoster(c.Act.Org, c.Act.On) || !p.OnRoster(c.Act.Org, c.Today) {
		return matter.Refuse("", "refuse.transfer_not_here", "member-education#transfer")
	}
	return nil
}

// InTime refuses a receipt of an acceptance that came before the letter was
// issued, after its last day, or after the receipt.
func InTime(c matter.Case) *matter.Refusal {
	r, _ := c.State.Done(issued)
	switch on, last := c.Act.Fields.Day("accepted"), r.Fields.Day("until"); {
	case on < r.On:
		return matter.Refuse("accepted", "refuse.before_step", letters, "step", issued, "day", r.On.String())
	case on > last:
		return matter.Refuse("accepted", "refuse.letter_lapsed", letters, "day", last.String())
	case on > c.Act.On:
		return matter.Refuse("accepted", "refuse.future", "", "day", on.String())
	}
	return nil
}

// Theirs refuses that a member without office takes back what is another's.
func Theirs(c matter.Case) *matter.Refusal {
	r, _ := c.State.Done(applied)
	if c.By != nil && c.By.ID != r.Fields.Person("person") && !officer(c) {
		return matter.Refuse("", "refuse.reserved", letters, "role", c.Step.By[0])
	}
	return nil
}

// onPaper refuses an application for somebody else without office or without paper.
func onPaper(c matter.Case) *matter.Refusal {
	switch {
	case c.Act.Behalf == 0 || c.By != nil && c.By.ID == c.Act.Behalf:
		return nil
	case !officer(c):
		return matter.Refuse("behalf", "refuse.reserved", letters, "role", c.Step.By[0])
	case len(c.Act.Fields.Files("papers")) == 0:
		return matter.Refuse("papers", "refuse.transfer_paper", letters)
	}
	return nil
}

// officer reports whether the step is taken by office, and not as a member.
func officer(c matter.Case) bool {
	if c.By == nil {
		return true
	}
	reader := access.Reader{Roles: c.Law.Roles, Tree: c.World.Tree(), Person: c.By, Today: c.Today}
	roles := slices.DeleteFunc(slices.Clone(c.Step.By), func(role string) bool { return role == access.AnyMember })
	_, ok := reader.Holds(roles, c.Act.Org)
	return ok
}

// underWay returns the transfer of who that has begun in the branch and not ended.
func underWay(c matter.Case, who id.Person) id.Matter {
	if c.Log == nil {
		return ""
	}
	for _, m := range c.Log.Unfinished(c.Act.Org) {
		seq, err := strconv.ParseInt(string(m[1:]), 10, 64) // m567 began with record 567
		if err != nil {
			continue
		}
		if r, _, ok := c.Log.Find(seq); ok && slices.Contains(transfers, r.Kind) && r.Fields.Person("person") == who {
			return m
		}
	}
	return ""
}

// Given refuses to register who comes with a letter of which a part is missing,
// or that is valid no more.
func Given(c matter.Case) *matter.Refusal {
	f := c.Act.Fields
	parts := map[string]bool{"letter": f.Text("letter") != "", "letter_from": f.Text("letter_from") != "", "letter_until": f.Day("letter_until") != 0}
	given := parts["letter"] || parts["letter_from"] || parts["letter_until"]
	for _, field := range []string{"letter", "letter_from", "letter_until"} {
		if given && !parts[field] {
			return matter.Refuse(field, "refuse.missing", letters, "field", field)
		}
	}
	if given && c.Act.On > f.Day("letter_until") {
		return matter.Refuse("letter_until", "refuse.letter_lapsed", letters, "day", f.Day("letter_until").String())
	}
	return nil
}
