// Package roll has the checks that keep tree and roster true: no circles, nobody
// twice, no branch closed over its members. It keeps neither tree nor roster.
package roll

import (
	"slices"
	"strconv"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
)

// NoCircle refuses a superior that is missing, gone, a branch, or below the
// organisation itself. Only the installation founds one with nobody above it.
func NoCircle(c matter.Case) *matter.Refusal {
	above := c.Act.Fields.Org("superior")
	if above == 0 && c.By == nil && c.State.Len == 0 {
		return nil
	}
	o, ok := c.World.Tree().Org(above)
	switch {
	case !ok || !stands(c, o):
		return matter.Refuse("superior", "refuse.no_such_org", "")
	case o.On(c.Act.On).Kind.Basic():
		return matter.Refuse("superior", "refuse.branch_above", "")
	case c.State.Len > 0 && c.World.Tree().Circle(c.Act.Org, above, c.Act.On):
		return matter.Refuse("superior", "refuse.circle", "")
	}
	return nil
}

// stands reports whether o stood on the day of the act and still does: what is
// recorded late must not put anybody into what has been closed since.
func stands(c matter.Case, o org.Org) bool {
	return o.Stands.Contains(c.Act.On) && o.Stands.Contains(c.Today)
}

// closing is the clause by which everything has somewhere to go before an
// organisation closes (R1.3).
const closing = "handbook#closing"

// Empty refuses to dissolve an organisation while people or organisations still
// belong to it, or came to it later, or something is unfinished: each must have
// somewhere to go (R1.3).
func Empty(c matter.Case) *matter.Refusal {
	if c.World.Tree().BelowSince(c.Act.Org, c.Act.On) {
		return matter.Refuse("", "refuse.orgs_below", closing)
	}
	if n := staying(c); n > 0 {
		return matter.Refuse("", "refuse.members_left", closing, "count", strconv.Itoa(n))
	}
	return finished(c)
}

// finished refuses to close an organisation over its own matters: nobody could go
// on with them.
func finished(c matter.Case) *matter.Refusal {
	if c.Log == nil {
		return nil
	}
	if open := c.Log.Unfinished(c.Act.Org); len(open) > 0 {
		return matter.Refuse("", "refuse.matters_left", closing, "count", strconv.Itoa(len(open)), "matter", string(open[0]))
	}
	return nil
}

// staying counts who belongs to the organisation on the day of the act or later,
// leaving aside those who are no longer in the Party.
func staying(c matter.Case) (n int) {
	for _, who := range c.World.Ever(c.Act.Org) {
		p, _ := c.World.Person(who)
		if s := p.Standing(c.Today); s == "" || s == person.Removed || s == person.Died {
			continue // "": the registration was erased
		}
		since := day.Period{From: c.Act.On}
		if slices.ContainsFunc(p.Memberships, func(m person.Membership) bool { return m.Org == c.Act.Org && m.Held.Overlaps(since) }) {
			n++
		}
	}
	return n
}

// MergeInto refuses to merge into anything but a standing branch other than itself,
// and to merge what still has organisations below it or something unfinished.
func MergeInto(c matter.Case) *matter.Refusal {
	into := c.Act.Fields.Org("into")
	o, ok := c.World.Tree().Org(into)
	switch {
	case !ok || !stands(c, o) || into == c.Act.Org:
		return matter.Refuse("into", "refuse.no_such_org", "")
	case !o.On(c.Act.On).Kind.Basic() && staying(c) > 0:
		return matter.Refuse("into", "refuse.not_a_branch", "")
	case c.World.Tree().BelowSince(c.Act.Org, c.Act.On):
		return matter.Refuse("", "refuse.orgs_below", closing)
	}
	return finished(c)
}

// IDNumber refuses an ID number with a wrong checksum or an impossible day of
// birth, or one that contradicts the day of birth given (GB 11643).
func IDNumber(c matter.Case) *matter.Refusal {
	number := c.Act.Fields.Text("id_number")
	if number == "" {
		return nil
	}
	birth, ok := ParseIDNumber(number)
	if !ok || birth > c.Today {
		return matter.Refuse("id_number", "refuse.id_number", "")
	}
	if given := c.Act.Fields.Day("birth"); given != 0 && given != birth {
		return matter.Refuse("birth", "refuse.birth_differs", "", "day", birth.String())
	}
	return nil
}

// ParseIDNumber returns the day of birth in an ID number of 18 characters, and
// whether the number is well formed (GB 11643).
func ParseIDNumber(s string) (day.Day, bool) {
	if len(s) != 18 {
		return 0, false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		sum += int(s[i]-'0') * w
	}
	if "10X98765432"[sum%11] != s[17] {
		return 0, false
	}
	birth, err := day.Parse(s[6:10] + "-" + s[10:12] + "-" + s[12:14])
	return birth, err == nil
}

// Duplicate refuses an ID number that somebody else has: with a pointer where the
// reader may know of that person, else neutrally.
func Duplicate(c matter.Case) *matter.Refusal {
	other := c.World.ByIDKey(c.World.IDKey(c.Act.Fields.Text("id_number")))
	if self, ok := c.Act.Matter.Person(); other == 0 || ok && self == other {
		return nil
	}
	if p, ok := c.World.Person(other); ok && c.By != nil {
		reader := access.Reader{Roles: c.Law.Roles, Tree: c.World.Tree(), Person: c.By, Today: c.Today}
		if reader.MayPerson(access.ReadPerson, p) {
			return matter.Refuse("id_number", "refuse.duplicate_person", "", "person", other.String())
		}
	}
	return matter.Refuse("id_number", "refuse.duplicate_elsewhere", "")
}

// Branch refuses to register or move somebody to what is no standing branch.
func Branch(c matter.Case) *matter.Refusal {
	field, o := "", c.Act.Org
	if b := c.Act.Fields.Org("branch"); b != 0 {
		field, o = "branch", b
	}
	b, ok := c.World.Tree().Org(o)
	if !ok || !stands(c, b) || !b.On(c.Act.On).Kind.Basic() {
		return matter.Refuse(field, "refuse.not_a_branch", "")
	}
	return nil
}

// OfficeFits refuses a role that is not held in such an organisation, or that the
// person holds there already.
func OfficeFits(c matter.Case) *matter.Refusal {
	role := c.Law.Roles[c.Act.Fields.Choice("role")]
	o, _ := c.World.Tree().Org(c.Act.Org)
	if !fits(role, o, c.Act.On) {
		return matter.Refuse("role", "refuse.role_not_here", "", "role", role.ID)
	}
	p, ok := c.World.Person(c.Act.Fields.Person("person"))
	if ok && p.Holds(role.ID, c.Act.Org, c.Act.On) {
		return matter.Refuse("role", "refuse.held_already", "", "role", role.ID)
	}
	return nil
}

func fits(role access.Role, o org.Org, d day.Day) bool {
	has := func(list []string, s string) bool {
		for _, x := range list {
			if x == s {
				return true
			}
		}
		return len(list) == 0
	}
	return role.ID != "" && has(role.Of, string(o.On(d).Kind)) && has(role.Level, o.Level)
}

// OfficeVacant refuses a single office, such as secretary, that somebody holds.
func OfficeVacant(c matter.Case) *matter.Refusal {
	role := c.Law.Roles[c.Act.Fields.Choice("role")]
	if !role.Single {
		return nil
	}
	for _, on := range []day.Day{c.Act.On, c.Today} { // who took it after a day in the past holds it, too
		for _, n := range c.World.Holders(c.Act.Org, on) {
			if p, _ := c.World.Person(n); p.Holds(role.ID, c.Act.Org, on) {
				return matter.Refuse("role", "refuse.not_vacant", "", "role", role.ID, "person", n.String())
			}
		}
	}
	return nil
}
