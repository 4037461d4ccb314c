// Package access answers one question: may this person do or see this? It is the
// one place where rights are decided; it knows no pages and no requests.
package access

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/title"
)

// An Action is something that can be done on the platform beside the steps of
// procedures.
type Action string

// The actions. Roles in content grant them; nothing else does.
const (
	ReadOrg      Action = "org.read"       // an organisation, its calendar, its meetings
	ListPeople   Action = "person.list"    // names on a roster
	ReadPerson   Action = "person.read"    // the details of one person; every reading is logged
	ReadFigure   Action = "figure.read"    // figures and what they open to
	Export       Action = "export"         // take tables out of the system
	ReadJournal  Action = "journal.read"   // the journal of all records, without their fields
	ReadAudit    Action = "audit.read"     // who looked, who was refused
	ManageUsers  Action = "account.manage" // invite, disable, reset second factors
	WriteSetting Action = "setting.write"  // how the installation runs
)

// Actions lists every action.
func Actions() []Action {
	return []Action{ReadOrg, ListPeople, ReadPerson, ReadFigure, Export, ReadJournal, ReadAudit, ManageUsers, WriteSetting}
}

// Reach says how far down a role counts.
type Reach string

// The reaches of a role.
const (
	Own   Reach = "own"   // the organisation where the office is held
	Below Reach = "below" // that, and everything below it
)

// A Role is an office as content declares it.
type Role struct {
	ID        string      `yaml:"id"` // "branch.secretary"
	Title     title.Title `yaml:"title"`
	Of        []string    `yaml:"of"`    // kinds of organisation where it may be held; empty: any
	Level     []string    `yaml:"level"` // levels where it may be held; empty: any
	Reach     Reach       `yaml:"reach"`
	Single    bool        `yaml:"single"`    // one person at a time
	Committee bool        `yaml:"committee"` // whoever holds it sits on the committee of the organisation
	MFA       bool        `yaml:"mfa"`       // a second factor is demanded
	May       []Action    `yaml:"may"`
}

// Roles holds every role by id.
type Roles map[string]Role

// The two callers that are not offices; steps may name them among their roles.
const (
	AnyMember = "member" // every member of the branch concerned
	Self      = "self"   // the person whose file it is
)

// A Reader is somebody on a day, seen against the tree of that day.
type Reader struct {
	Roles  Roles
	Tree   *org.Tree
	Person *person.Person
	Today  day.Day
}

// Holds reports under which of roles the reader may act for o today, the first
// that fits, or "". Rights are those of today, whenever the act happened, or an
// expired office could be revived by dating back.
func (r Reader) Holds(roles []string, o id.Org) (string, bool) {
	for _, role := range roles {
		switch {
		case role == AnyMember && r.MemberOf(o):
			return role, true
		case r.holds(role, o):
			return role, true
		}
	}
	return "", false
}

func (r Reader) holds(role string, o id.Org) bool {
	for _, f := range r.Person.Offices {
		if f.Role == role && f.Held.Contains(r.Today) && r.covers(f, o) {
			return true
		}
	}
	return false
}

func (r Reader) covers(f person.Office, o id.Org) bool {
	if f.Org == o {
		return true
	}
	return r.Roles[f.Role].Reach == Below && r.Tree.Within(f.Org, o, r.Today)
}

// MemberOf reports whether the reader is on the roster of o today.
func (r Reader) MemberOf(o id.Org) bool { return o != 0 && r.Person.OnRoster(o, r.Today) }

// May reports whether the reader may do a with what concerns o: by an office
// that grants it there; and to everybody, reading the own branch.
func (r Reader) May(a Action, o id.Org) bool {
	return r.MayAsOfficer(a, o) || a == ReadOrg && r.MemberOf(o)
}

// MayAsOfficer reports whether an office of the reader grants a for what concerns o.
func (r Reader) MayAsOfficer(a Action, o id.Org) bool {
	for _, f := range r.Person.Offices {
		if f.Held.Contains(r.Today) && slices.Contains(r.Roles[f.Role].May, a) && r.covers(f, o) {
			return true
		}
	}
	return false
}

// MayAnywhere reports whether some office grants a in some organisation.
func (r Reader) MayAnywhere(a Action) bool { return len(r.Where(a)) > 0 }

// Concerned reports whether o is any business of the reader: some office of today
// reaches it, whatever it grants, or it is the own branch.
func (r Reader) Concerned(o id.Org) bool {
	return r.MemberOf(o) || slices.ContainsFunc(r.Person.Offices, func(f person.Office) bool { return f.Held.Contains(r.Today) && r.covers(f, o) })
}

// Where returns the organisations of the offices that grant a, each once.
func (r Reader) Where(a Action) (where []id.Org) {
	for _, f := range r.Person.Offices {
		if f.Held.Contains(r.Today) && slices.Contains(r.Roles[f.Role].May, a) && !slices.Contains(where, f.Org) {
			where = append(where, f.Org)
		}
	}
	return where
}

// MayPerson reports whether the reader may do a with the file of p: one's own, or
// by an office over the branch that p belongs to, or belonged to last.
func (r Reader) MayPerson(a Action, p *person.Person) bool {
	if a == ReadPerson && p.ID == r.Person.ID {
		return true
	}
	return r.May(a, p.Home(r.Today))
}

// NeedsSecondFactor reports whether some office of today demands one.
func (r Reader) NeedsSecondFactor() bool {
	return slices.ContainsFunc(r.Person.Offices, func(f person.Office) bool {
		return f.Held.Contains(r.Today) && r.Roles[f.Role].MFA
	})
}
