package roll

import (
	"strconv"

	"qingfeng/internal/account"
	"qingfeng/internal/matter"
)

// GrantLongest is the rule that says how long a right on the platform is given at
// most, in months.
const GrantLongest = "grant.longest"

// GrantSeparate refuses rights that somebody gives to themselves, and two of the
// three administrators' offices in one hand.
func GrantSeparate(c matter.Case) *matter.Refusal {
	to, ok := c.World.Person(c.Act.Fields.Person("person"))
	if !ok {
		return nil // the form has said so
	}
	why := account.CheckGrant(c.Law.Roles, account.Grant{Role: c.Act.Fields.Choice("role"), To: to, By: c.By, From: c.Act.On})
	if why == "" {
		return nil
	}
	return matter.Refuse("person", why, "separated-duties#three", "person", to.ID.String())
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

// OfficeOthers refuses an office that somebody registers for themselves.
func OfficeOthers(c matter.Case) *matter.Refusal {
	if c.By != nil && c.By.ID == c.Act.Fields.Person("person") {
		return matter.Refuse("person", "refuse.grant_self", "handbook#offices")
	}
	return nil
}
