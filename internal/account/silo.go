package account

import (
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
)

// Silos are the three rights that no one person may have together: to run the
// installation, to give rights, and to read the trail of both (GB/T 22239,
// three separate administrators).
func Silos() []access.Action {
	return []access.Action{access.WriteSetting, access.ManageUsers, access.ReadAudit}
}

// Silo returns to which of [Silos] a role belongs, or "".
func Silo(role access.Role) access.Action {
	for _, s := range Silos() {
		if slices.Contains(role.May, s) {
			return s
		}
	}
	return ""
}

// A Grant is an office of the system about to be given.
type Grant struct {
	Role string
	To   *person.Person
	By   *person.Person // nil: the installation, at set-up
	From day.Day
}

// CheckGrant returns why g must not be given, as a key into the catalogue of
// words, or "": nobody gives rights to himself, and nobody holds two of the three
// administrators' offices, also not one after the other on overlapping days. A
// person is counted by the register, which has everybody once by ID number: a
// second account would not help.
func CheckGrant(roles access.Roles, g Grant) string {
	if g.By != nil && g.By.ID == g.To.ID {
		return "refuse.grant_self"
	}
	silo := Silo(roles[g.Role])
	if silo == "" {
		return ""
	}
	for _, f := range g.To.Offices {
		other := Silo(roles[f.Role])
		if other != "" && other != silo && f.Held.Overlaps(day.Period{From: g.From}) {
			return "refuse.grant_two_silos"
		}
	}
	return ""
}

// Administered reports whether anybody among n people ever held an office that
// gives rights: from then on an installation cannot be set up a second time,
// whoever is removed and whatever runs out later.
func Administered(roles access.Roles, find func(id.Person) (*person.Person, bool), n int) bool {
	for i := 1; i <= n; i++ {
		p, ok := find(id.Person(i))
		if ok && slices.ContainsFunc(p.Offices, func(f person.Office) bool { return Silo(roles[f.Role]) == access.ManageUsers }) {
			return true
		}
	}
	return false
}
