package roll

import (
	"strconv"

	"qingfeng/internal/account"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// GrantLongest is the rule that says how long a right on the platform is given at
// most, in months.
const GrantLongest = "grant.longest"

// The steps of a grant between which the functions below tell.
const (
	propose = "propose"
	confirm = "confirm"
)

// three is the clause of the three separate administrators.
const three = "separated-duties#three"

// GrantSeparate refuses rights that somebody gives to themselves, two of the three
// administrators' offices in one hand, and an administrator whom nothing but a name
// tells from a second entry of the same person.
func GrantSeparate(c matter.Case) *matter.Refusal {
	to, ok := c.World.Person(c.Act.Fields.Person("person"))
	if !ok {
		return nil // the form has said so
	}
	role := c.Act.Fields.Choice("role")
	why := account.CheckGrant(c.Law.Roles, account.Grant{Role: role, To: to, By: c.By, From: c.Act.On})
	if why == "" && c.By != nil && to.IDKey == 0 && account.Silo(c.Law.Roles[role]) != "" {
		why = "refuse.grant_unidentified"
	}
	if why == "" {
		return nil
	}
	return matter.Refuse("person", why, three, "person", to.ID.String())
}

// GrantWithin refuses a right that lasts longer than the rule allows, or ends before
// it begins.
func GrantWithin(c matter.Case) *matter.Refusal {
	v, refusal := c.Rule(GrantLongest)
	if refusal != nil {
		return refusal
	}
	until := c.Act.Fields.Day("until")
	if last := c.Act.On.AddMonths(int(v.Int())); until > last || until < c.Act.On {
		return matter.Refuse("until", "refuse.grant_too_long", v.Basis, "months", strconv.FormatInt(v.Int(), 10), "day", last.String())
	}
	return nil
}

// GrantSecond refuses that whoever proposed a grant confirms it. The proposal that
// stands counts: who corrected it has proposed what it says now.
func GrantSecond(c matter.Case) *matter.Refusal {
	if r, ok := c.State.Done(propose); ok && c.By != nil && r.Actor == c.By.ID {
		return matter.Refuse("", "refuse.grant_second", three)
	}
	return nil
}

// GrantProposer refuses that somebody else withdraws a proposal.
func GrantProposer(c matter.Case) *matter.Refusal {
	if r, ok := c.State.Done(propose); ok && c.By != nil && r.Actor != c.By.ID {
		return matter.Refuse("", "refuse.grant_not_yours", "handbook#grants", "person", r.Actor.String())
	}
	return nil
}

// GrantUnconfirmed refuses to put a proposal right that somebody has confirmed: the
// right was given by what it said.
func GrantUnconfirmed(c matter.Case) *matter.Refusal {
	if _, ok := c.State.Done(confirm); ok {
		return matter.Refuse("corrects", "refuse.grant_confirmed", "handbook#grants")
	}
	return nil
}

// GrantOpens says that a proposal begins a matter, or sets right the one that did.
func GrantOpens(c matter.Case) bool { return c.State.Len == 0 || c.Act.Corrects != 0 }

// GrantPending says that a proposal waits.
func GrantPending(c matter.Case) bool {
	_, proposed := c.State.Done(propose)
	_, confirmed := c.State.Done(confirm)
	return proposed && !confirmed
}

// GrantPerson, GrantRole and GrantUntil are what was proposed: who confirms changes
// nothing of it.
func GrantPerson(c matter.Case) (record.Value, *matter.Refusal) { return proposed(c, "person"), nil }
func GrantRole(c matter.Case) (record.Value, *matter.Refusal)   { return proposed(c, "role"), nil }
func GrantUntil(c matter.Case) (record.Value, *matter.Refusal)  { return proposed(c, "until"), nil }

func proposed(c matter.Case, field string) record.Value {
	r, _ := c.State.Done(propose)
	return r.Fields.Get(field)
}

// OfficeOthers refuses an office that somebody registers for themselves.
func OfficeOthers(c matter.Case) *matter.Refusal {
	if c.By != nil && c.By.ID == c.Act.Fields.Person("person") {
		return matter.Refuse("person", "refuse.grant_self", "handbook#offices")
	}
	return nil
}
