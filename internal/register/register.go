// Package register keeps who and what there is: the tree of organisations, the
// people and their offices, as a fold of the record. It decides nothing; what it
// is told has been decided.
package register

import (
	"encoding/binary"
	"slices"

	"crypto/hmac"
	"crypto/sha256"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
)

// A Register is the state of tree, people and offices after some record. It is
// not safe for concurrent use.
type Register struct {
	tree    org.Tree
	people  []person.Person        // the person numbered n is at n
	members map[id.Org][]id.Person // everybody who ever belonged to a branch, by number
	holders map[id.Org][]id.Person // everybody who ever held an office there, by number
	terms   map[id.Matter]term     // the office that a matter of procedure "office" is about
	numbers map[uint64]id.Person   // by key of the ID number
	changed int64                  // grows with every change
	shown   []shown                // the latest changes by the days from which they show
	secret  []byte                 // keys the ID numbers, so that the map alone reveals none
}

// A term is an office and who holds it.
type term struct {
	Person id.Person
	Office person.Office
}

// New returns an empty register. secret keys the index of ID numbers.
func New(secret []byte) *Register {
	return &Register{
		people:  make([]person.Person, 1, 1024),
		members: map[id.Org][]id.Person{},
		holders: map[id.Org][]id.Person{},
		terms:   map[id.Matter]term{},
		numbers: map[uint64]id.Person{},
		secret:  secret,
	}
}

// Tree returns the tree; it must not be changed.
func (g *Register) Tree() *org.Tree { return &g.tree }

// People returns the number of the newest person.
func (g *Register) People() int { return len(g.people) - 1 }

// Person returns person p, and whether there is one. The person must not be changed.
func (g *Register) Person(p id.Person) (*person.Person, bool) {
	if p == 0 || int(p) >= len(g.people) || g.people[p].ID == 0 {
		return nil, false
	}
	return &g.people[p], true
}

// Roster returns the members and probationary members of branch o on d, by
// rising number.
func (g *Register) Roster(o id.Org, d day.Day) []id.Person {
	ever := g.members[o]
	on := make([]id.Person, 0, len(ever))
	for _, p := range ever {
		if g.people[p].OnRoster(o, d) {
			on = append(on, p)
		}
	}
	return on
}

// CountRoster returns how many members and probationary members branch o had on d.
func (g *Register) CountRoster(o id.Org, d day.Day) (n int) {
	for _, p := range g.members[o] {
		if g.people[p].OnRoster(o, d) {
			n++
		}
	}
	return n
}

// Changed returns a number that grows with every change of the register.
func (g *Register) Changed() int64 { return g.changed }

// Ever returns everybody who ever belonged to branch o, by rising number.
func (g *Register) Ever(o id.Org) []id.Person { return g.members[o] }

// Holders returns who held an office in o on d, each person once.
func (g *Register) Holders(o id.Org, d day.Day) (on []id.Person) {
	for _, p := range g.holders[o] {
		if slices.ContainsFunc(g.people[p].Offices, func(f person.Office) bool { return f.Org == o && f.Held.Contains(d) }) {
			on = append(on, p)
		}
	}
	return on
}

// ByIDKey returns who has the ID number with this key, or 0.
func (g *Register) ByIDKey(key uint64) id.Person { return g.numbers[key] }

// IDKey returns the key of an ID number: a keyed hash, 0 for no number.
func (g *Register) IDKey(number string) uint64 {
	if number == "" {
		return 0
	}
	mac := hmac.New(sha256.New, g.secret)
	mac.Write([]byte(number))
	return binary.BigEndian.Uint64(mac.Sum(nil)) | 1
}

// put sets a person, whole, and keeps the indexes true.
func (g *Register) put(p person.Person) {
	for int(p.ID) >= len(g.people) {
		g.people = append(g.people, person.Person{})
	}
	g.shows(differFrom(g.people[p.ID], p))
	if old := g.people[p.ID]; old.IDKey != 0 && old.IDKey != p.IDKey {
		delete(g.numbers, old.IDKey)
	}
	if p.IDKey != 0 {
		g.numbers[p.IDKey] = p.ID
	}
	for _, m := range g.people[p.ID].Memberships {
		g.exclude(m.Org, p.ID)
	}
	g.people[p.ID] = p
	for _, m := range p.Memberships {
		g.members[m.Org] = include(g.members[m.Org], p.ID)
	}
	for _, f := range p.Offices {
		g.holders[f.Org] = include(g.holders[f.Org], p.ID)
	}
}

// exclude takes p off those who ever belonged to o: a merger recorded late changes
// where somebody went.
func (g *Register) exclude(o id.Org, p id.Person) {
	i, found := slices.BinarySearch(g.members[o], p)
	if !found {
		return
	}
	if g.members[o] = slices.Delete(g.members[o], i, i+1); len(g.members[o]) == 0 {
		delete(g.members, o)
	}
}

// include adds p to a sorted list, once.
func include(list []id.Person, p id.Person) []id.Person {
	if n := len(list); n == 0 || list[n-1] < p {
		return append(list, p)
	}
	i, found := slices.BinarySearch(list, p)
	if found {
		return list
	}
	return slices.Insert(list, i, p)
}
