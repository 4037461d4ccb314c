package app

import (
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/register"
)

// A census is what figures are shares of, as far as it rests on people, worked out
// once for a day: how many branches and people every organisation has, everything
// below it included, and which organisations an obligation binds.
type census struct {
	changed  int64 // of the register when it was taken
	branches []int // by number of organisation; nil until somebody asks
	members  []int
	bound    map[string]*roaring.Bitmap // by kinds and function
}

// counts keeps the outlines and the census of the days that are asked for again and
// again.
type counts struct {
	mu       sync.Mutex
	kept     map[day.Day]*census
	outlines []*outline
}

// keptDays is how many days' censuses and outlines are kept: the month ends of some
// years.
const keptDays = 64

// forget drops everything: the register is another one.
func (c *counts) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept, c.outlines = nil, nil
}

// on returns the census of day d on register g.
func (c *counts) on(g *register.Register, d day.Day) *census {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.census(g, d)
	if kept.branches == nil {
		kept.count(g, d, c.outline(g.Tree(), d))
	}
	return kept
}

// census returns that of d, in which people may not have been counted yet.
func (c *counts) census(g *register.Register, d day.Day) *census {
	if kept := c.kept[d]; kept != nil && !g.ShownBy(kept.changed, d) {
		return kept
	}
	if c.kept == nil || len(c.kept) >= keptDays {
		c.kept = map[day.Day]*census{}
	}
	c.kept[d] = &census{changed: g.Changed(), bound: map[string]*roaring.Bitmap{}}
	return c.kept[d]
}

// count counts branches and people in every organisation.
func (c *census) count(g *register.Register, d day.Day, l *outline) {
	c.branches, c.members = make([]int, len(l.above)), make([]int, len(l.above))
	for o := range l.above {
		if !l.kinds[o].Basic() {
			continue
		}
		members := g.CountRoster(id.Org(o), d)
		l.climb(id.Org(o), func(above id.Org) bool {
			c.branches[above]++
			c.members[above] += members
			return true
		})
	}
}

// membersOf returns how many people o had; an organisation founded later had none.
func (c *census) membersOf(o id.Org) int {
	if int(o) >= len(c.members) {
		return 0
	}
	return c.members[o]
}

// boundIn returns the organisations of these kinds in root on d that a function of
// package area binds ("" binds all).
func (c *counts) boundIn(g *register.Register, lib *library.Library, root id.Org, d day.Day, kinds []string, onlyIf string) *roaring.Bitmap {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.outline(g.Tree(), d)
	all := l.of(kinds)
	if onlyIf != "" {
		kept, key := c.census(g, d), onlyIf+" "+strings.Join(kinds, " ")
		if kept.bound[key] == nil {
			kept.bound[key] = bound(g, lib, d, all, onlyIf)
		}
		all = kept.bound[key]
	}
	return roaring.And(all, l.in(root))
}

// bound returns those of all that the function onlyIf binds on d.
func bound(g *register.Register, lib *library.Library, d day.Day, all *roaring.Bitmap, onlyIf string) *roaring.Bitmap {
	set := roaring.New()
	for it := all.Iterator(); it.HasNext(); {
		o := it.Next()
		if binds, _ := lib.Law.Functions[onlyIf].Applies(g, lib.Law, id.Org(o), d); binds {
			set.Add(o)
		}
	}
	return set
}

// outlineOf returns the outline of day d, if one is kept that holds then.
func (c *counts) outlineOf(changed int64, d day.Day) *outline {
	c.outlines = slices.DeleteFunc(c.outlines, func(l *outline) bool { return l.changed != changed })
	for _, l := range c.outlines {
		if l.holds.Contains(d) {
			return l
		}
	}
	return nil
}
