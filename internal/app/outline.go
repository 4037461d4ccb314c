package app

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
)

// An outline is the tree of one day in the plainest form, which holds for all days
// around it on which nothing in the tree changed: the month ends of a quiet year
// share one.
type outline struct {
	changed int64      // of the tree when it was drawn
	holds   day.Period // To is open where nothing is decided for later
	kinds   []org.Kind // by number of organisation; "" does not stand
	above   []id.Org

	sets   map[string]*roaring.Bitmap // by kinds
	within map[id.Org]*roaring.Bitmap // organisations in it, itself included
}

// outline returns the outline of tree on d.
func (c *counts) outline(tree *org.Tree, d day.Day) *outline {
	if l := c.outlineOf(tree.Changed(), d); l != nil {
		return l
	}
	if len(c.outlines) >= keptDays {
		c.outlines = nil
	}
	l := draw(tree, d)
	c.outlines = append(c.outlines, l)
	return l
}

func draw(tree *org.Tree, d day.Day) *outline {
	n := tree.Len() + 1
	l := &outline{changed: tree.Changed(), kinds: make([]org.Kind, n), above: make([]id.Org, n), sets: map[string]*roaring.Bitmap{}, within: map[id.Org]*roaring.Bitmap{}}
	for o := 1; o < n; o++ {
		x, ok := tree.Org(id.Org(o))
		if !ok {
			continue
		}
		l.narrow(x, d)
		v := x.On(d)
		if l.above[o] = v.Superior; x.Stands.Contains(d) {
			l.kinds[o] = v.Kind
		}
	}
	return l
}

// narrow takes the days on which x changes out of those for which l holds.
func (l *outline) narrow(x org.Org, d day.Day) {
	on := func(change day.Day) {
		switch {
		case change == 0:
		case change <= d:
			l.holds.From = max(l.holds.From, change)
		case l.holds.To == 0 || change <= l.holds.To:
			l.holds.To = change - 1
		}
	}
	on(x.Stands.From)
	if x.Stands.To != 0 {
		on(x.Stands.To + 1)
	}
	for _, v := range x.Versions {
		on(v.From)
	}
}

// climb visits o and everything above it until visit returns false.
func (l *outline) climb(o id.Org, visit func(id.Org) bool) {
	for n := 0; o != 0 && n < highest && visit(o); n++ {
		o = l.above[o]
	}
}

// highest ends a climb that would go round for ever.
const highest = 32

// of returns the organisations of these kinds that stand. The set must not be changed.
func (l *outline) of(kinds []string) *roaring.Bitmap {
	key := strings.Join(kinds, " ")
	if l.sets[key] != nil {
		return l.sets[key]
	}
	wanted := map[org.Kind]bool{}
	for _, k := range kinds {
		wanted[org.Kind(k)] = true
	}
	set := roaring.New()
	for o, kind := range l.kinds {
		if kind != "" && wanted[kind] {
			set.Add(uint32(o))
		}
	}
	l.sets[key] = set
	return set
}

// in returns root and everything below it that stands with all that is between. The
// set must not be changed.
func (l *outline) in(root id.Org) *roaring.Bitmap {
	if l.within[root] != nil {
		return l.within[root]
	}
	set := roaring.New()
	for o := range l.kinds {
		inside := false
		l.climb(id.Org(o), func(above id.Org) bool {
			if int(above) >= len(l.kinds) || l.kinds[above] == "" {
				return false
			}
			inside = above == root
			return !inside
		})
		if inside {
			set.Add(uint32(o))
		}
	}
	l.within[root] = set
	return set
}
