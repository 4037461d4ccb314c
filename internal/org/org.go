// Package org knows the tree of Party organisations on any day: who stands
// where, under what name, below whom. It knows no people.
package org

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// A Kind is the kind of an organisation (domain §1).
type Kind string

// The kinds of organisations.
const (
	Committee        Kind = "committee"         // 党委
	WorkingCommittee Kind = "working_committee" // 党工委
	LeadingGroup     Kind = "leading_group"     // 党组
	GeneralBranch    Kind = "general_branch"    // 党总支
	Branch           Kind = "branch"            // 党支部
	JointBranch      Kind = "joint_branch"      // 联合党支部
	TemporaryBranch  Kind = "temporary_branch"  // 临时党支部
	Group            Kind = "group"             // 党小组
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Committee, WorkingCommittee, LeadingGroup, GeneralBranch, Branch, JointBranch, TemporaryBranch, Group}
}

// Basic reports whether k is a branch of some sort: where members belong and
// organisation life takes place.
func (k Kind) Basic() bool { return k == Branch || k == JointBranch || k == TemporaryBranch }

// A Version is what an organisation was from one day on.
type Version struct {
	From     day.Day
	Name     string
	Kind     Kind
	Superior id.Org // 0 at the top
	Set      Part   // what was decided for this day; the rest was so before
}

// A Part is a set of parts of a version.
type Part uint8

// The parts of a version.
const (
	SetName Part = 1 << iota
	SetKind
	SetSuperior
)

// An Org is one organisation through all its life.
type Org struct {
	ID       id.Org
	Stands   day.Period // To is the last day, open while it stands
	Versions []Version  // by rising From; the first begins with Stands
	Into     id.Org     // what it was merged into, or 0
	Code     string     // external code, as the division code; may be empty
	Sector   string     // code: village, community, government, school …
	Level    string     // code: city, county, township, or "" below
}

// On returns what o was on d: its last version that had begun. Before the first
// it is the first.
func (o Org) On(d day.Day) Version {
	for _, v := range slices.Backward(o.Versions) {
		if v.From <= d {
			return v
		}
	}
	if len(o.Versions) == 0 {
		return Version{}
	}
	return o.Versions[0]
}

// Last returns the latest version of o.
func (o Org) Last() Version {
	if len(o.Versions) == 0 {
		return Version{}
	}
	return o.Versions[len(o.Versions)-1]
}

// A Tree holds every organisation that ever stood. Numbers are dense, so it is a
// slice: the organisation numbered n is at n.
type Tree struct {
	orgs  []Org
	below [][]id.Org // every organisation that was ever directly below, by number

	changed int64 // grows with every change
}

// Len returns the number of the newest organisation.
func (t *Tree) Len() int { return max(len(t.orgs)-1, 0) }

// Org returns organisation o, and whether there ever was one.
func (t *Tree) Org(o id.Org) (Org, bool) {
	if o == 0 || int(o) >= len(t.orgs) || t.orgs[o].ID == 0 {
		return Org{}, false
	}
	return t.orgs[o], true
}

// Get returns organisation o, or the zero Org.
func (t *Tree) Get(o id.Org) Org {
	org, _ := t.Org(o)
	return org
}

// Changed returns a number that grows with every change of the tree.
func (t *Tree) Changed() int64 { return t.changed }

// Put sets o in the tree, whole.
func (t *Tree) Put(o Org) {
	t.changed++
	t.reach(o.ID)
	for _, v := range t.orgs[o.ID].Versions {
		t.below[v.Superior] = without(t.below[v.Superior], o.ID)
	}
	t.orgs[o.ID] = o
	for _, v := range o.Versions {
		t.reach(v.Superior)
		if v.Superior != 0 {
			t.below[v.Superior] = with(t.below[v.Superior], o.ID)
		}
	}
}

// reach makes the tree long enough to hold o.
func (t *Tree) reach(o id.Org) {
	for int(o) >= len(t.orgs) {
		t.orgs = append(t.orgs, Org{})
		t.below = append(t.below, nil)
	}
}

func with(list []id.Org, o id.Org) []id.Org {
	i, found := slices.BinarySearch(list, o)
	if found {
		return list
	}
	return slices.Insert(list, i, o)
}

func without(list []id.Org, o id.Org) []id.Org {
	i, found := slices.BinarySearch(list, o)
	if !found {
		return list
	}
	return slices.Delete(list, i, i+1)
}

// Below returns the organisations directly below o that stand on d.
func (t *Tree) Below(o id.Org, d day.Day) (below []id.Org) {
	if int(o) >= len(t.below) {
		return nil
	}
	for _, b := range t.below[o] {
		if c := t.orgs[b]; c.Stands.Contains(d) && c.On(d).Superior == o {
			below = append(below, b)
		}
	}
	return below
}

// HasBelow reports whether any organisation was ever directly below o.
func (t *Tree) HasBelow(o id.Org) bool { return int(o) < len(t.below) && len(t.below[o]) > 0 }

// Roots returns the organisations that stand on d with nobody above them.
func (t *Tree) Roots(d day.Day) (roots []id.Org) {
	for _, o := range t.orgs {
		if o.ID != 0 && o.Stands.Contains(d) && o.On(d).Superior == 0 {
			roots = append(roots, o.ID)
		}
	}
	return roots
}

// Walk calls visit for root and everything below it that stands on d, superiors
// first. It stops when visit returns false.
func (t *Tree) Walk(root id.Org, d day.Day, visit func(Org) bool) bool {
	return t.walk(root, d, maxDepth, visit)
}

func (t *Tree) walk(root id.Org, d day.Day, depth int, visit func(Org) bool) bool {
	o, ok := t.Org(root)
	if !ok || !o.Stands.Contains(d) || depth == 0 {
		return true
	}
	if !visit(o) {
		return false
	}
	for _, b := range t.Below(root, d) {
		if !t.walk(b, d, depth-1, visit) {
			return false
		}
	}
	return true
}

// maxDepth ends a walk that would go round for ever; [Tree.Put] cannot see a
// circle, the procedure that moves organisations refuses one.
const maxDepth = 32

// Path returns o and everything above it on d, from o upwards.
func (t *Tree) Path(o id.Org, d day.Day) (path []id.Org) {
	for n := 0; o != 0 && n < maxDepth; n++ {
		c, ok := t.Org(o)
		if !ok {
			break
		}
		path = append(path, o)
		o = c.On(d).Superior
	}
	return path
}

// Within reports whether o is root or stood anywhere below it on d.
func (t *Tree) Within(root, o id.Org, d day.Day) bool {
	for n := 0; o != 0 && n < maxDepth; n++ {
		if o == root {
			return root != 0
		}
		c, ok := t.Org(o)
		if !ok {
			return false
		}
		o = c.On(d).Superior
	}
	return false
}

// BelowSince reports whether anything stands directly below o on d or later.
func (t *Tree) BelowSince(o id.Org, d day.Day) bool {
	if int(o) >= len(t.below) {
		return false
	}
	return slices.ContainsFunc(t.below[o], func(b id.Org) bool {
		c := t.orgs[b]
		for i, v := range c.Versions {
			held := day.Period{From: max(v.From, d), To: c.Stands.To}
			if i+1 < len(c.Versions) {
				held.To = c.Versions[i+1].From - 1
			}
			if v.Superior == o && held.Overlaps(c.Stands) {
				return true
			}
		}
		return false
	})
}

// Circle reports whether o would stand below itself, on d or later, if it were put
// below above on d. Later counts: a move recorded late lasts to the next one.
func (t *Tree) Circle(o, above id.Org, d day.Day) bool {
	lasts := day.Period{From: d}
	for _, v := range slices.Backward(t.Get(o).Versions) {
		if v.From > d && v.Set&SetSuperior != 0 {
			lasts.To = v.From - 1
		}
	}
	days := []day.Day{d}
	for i := 0; i < len(days); i++ {
		for _, p := range t.Path(above, days[i]) {
			if p == o {
				return true
			}
			for _, v := range t.Get(p).Versions {
				if v.From > d && lasts.Contains(v.From) && !slices.Contains(days, v.From) {
					days = append(days, v.From)
				}
			}
		}
	}
	return false
}
