// Package person knows people on any day: their standing in the Party, the
// branch they belong to, and their offices. What else is known of somebody stays
// in the fields of the record.
package person

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// A Standing is how far somebody has come on the way to membership, or how it
// ended (domain §2, §4).
type Standing string

// The standings.
const (
	Applicant    Standing = "applicant"    // 入党申请人
	Activist     Standing = "activist"     // 入党积极分子
	Candidate    Standing = "candidate"    // 发展对象
	Probationary Standing = "probationary" // 预备党员
	Member       Standing = "member"       // 正式党员
	Suspended    Standing = "suspended"    // 停止党籍
	Removed      Standing = "removed"      // 除名、劝退、开除、自行脱党
	Died         Standing = "died"         // 去世
	Other        Standing = "other"        // 非党员（如系统管理人员）
)

// Standings lists every standing.
func Standings() []Standing {
	return []Standing{Applicant, Activist, Candidate, Probationary, Member, Suspended, Removed, Died, Other}
}

// OnRoster reports whether s counts on the roster of a branch.
func (s Standing) OnRoster() bool { return s == Member || s == Probationary }

// The stages of the way to membership, in their order.
var stages = []Standing{Applicant, Activist, Candidate, Probationary, Member}

// Stage returns how far on the way to membership s is, counted from 1; 0 is off it.
func (s Standing) Stage() int { return slices.Index(stages, s) + 1 }

// OnTheWay reports whether s is a stage before full membership.
func (s Standing) OnTheWay() bool { return s.Stage() > 0 && s != Member }

// A Stand is a standing from one day on.
type Stand struct {
	From     day.Day
	Standing Standing
	Matter   id.Matter `json:",omitzero"` // in which it was decided; empty: registered in the person's own file
}

// A Membership is the time somebody belongs to a branch, and to which group of it.
type Membership struct {
	Org   id.Org
	Group int // number of the group in the branch, 0 for none
	Held  day.Period
}

// An Office is a role that somebody holds in an organisation for a time.
type Office struct {
	Org  id.Org
	Role string // "branch.secretary"
	Held day.Period
}

// A Person is one human being as the organisation knows them.
type Person struct {
	ID          id.Person
	Name        string
	Sex         byte         // GB/T 2261.1: '1' male, '2' female, '0' and '9' not known
	Birth       day.Day      // zero if not given
	IDKey       uint64       // keyed hash of the ID number, to find duplicates; 0 if not given
	Known       Details      // what has been answered of the person
	Stands      []Stand      // by rising From
	Memberships []Membership // by rising first day, none at the same time
	Offices     []Office
}

// Standing returns the standing of p on d, or "" before the first.
func (p *Person) Standing(d day.Day) Standing { return p.Stand(d).Standing }

// Stand returns the standing of p on d with the day it began, or the zero Stand.
func (p *Person) Stand(d day.Day) Stand {
	for _, s := range slices.Backward(p.Stands) {
		if s.From <= d {
			return s
		}
	}
	return Stand{}
}

// Matters returns the matters in which standings of p were decided, each once.
func (p *Person) Matters() (all []id.Matter) {
	for _, s := range p.Stands {
		if s.Matter != "" && !slices.Contains(all, s.Matter) {
			all = append(all, s.Matter)
		}
	}
	return all
}

// Membership returns the branch p belonged to on d, and whether there was one.
func (p *Person) Membership(d day.Day) (Membership, bool) {
	for _, m := range p.Memberships {
		if m.Held.Contains(d) {
			return m, true
		}
	}
	return Membership{}, false
}

// Home returns the branch whose business p is on d: the one p belongs to, or else
// the last one before, or 0.
func (p *Person) Home(d day.Day) id.Org {
	for _, m := range slices.Backward(p.Memberships) {
		if m.Held.From <= d && (m.Held.To == 0 || m.Held.From <= m.Held.To) {
			return m.Org
		}
	}
	return 0
}

// OnRoster reports whether p stood on the roster of branch o on d.
func (p *Person) OnRoster(o id.Org, d day.Day) bool {
	m, ok := p.Membership(d)
	return ok && m.Org == o && p.Standing(d).OnRoster()
}

// Holds reports whether p held role in o on d.
func (p *Person) Holds(role string, o id.Org, d day.Day) bool {
	return slices.ContainsFunc(p.Offices, func(f Office) bool {
		return f.Role == role && f.Org == o && f.Held.Contains(d)
	})
}

// OfficesOn returns the offices p held on d.
func (p *Person) OfficesOn(d day.Day) (held []Office) {
	for _, f := range p.Offices {
		if f.Held.Contains(d) {
			held = append(held, f)
		}
	}
	return held
}
