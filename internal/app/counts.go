package app

import (
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/org"
	"qingfeng/internal/register"
)

// A census is what figures are shares of, worked out once for a day: how many
// branches and people every organisation has, everything below it included, which
// organisations stand where, and which of them an obligation binds.
type census struct {
	changed  int64 // of the register when it was taken
	branches []int // by number of organisation
	members  []int
	under    map[id.Org]*roaring.Bitmap // organisations in it, itself included
	bound    map[string]*roaring.Bitmap // by kinds and function
}

// counts keeps the census of the days that are asked for again and again.
type counts struct {
	mu   sync.Mutex
	kept map[day.Day]*census
}

// keptDays is how many days' censuses are kept: the month ends of some years.
const keptDays = 64

// on returns the census of day d on register g.
func (c *counts) on(g *register.Register, d day.Day) *census {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.kept[d]; kept != nil && kept.changed == g.Changed() {
		return kept
	}
	if c.kept == nil || len(c.kept) >= keptDays {
		c.kept = map[day.Day]*census{}
	}
	fresh := take(g, d)
	c.kept[d] = fresh
	return fresh
}

func take(g *register.Register, d day.Day) *census {
	n := g.Tree().Len() + 1
	c := &census{changed: g.Changed(), branches: make([]int, n), members: make([]int, n),
		under: map[id.Org]*roaring.Bitmap{}, bound: map[string]*roaring.Bitmap{}}
	for o := id.Org(1); int(o) < n; o++ {
		x, ok := g.Tree().Org(o)
		if !ok || !x.Stands.Contains(d) || !x.On(d).Kind.Basic() {
			continue
		}
		members := g.CountRoster(o, d)
		for _, above := range g.Tree().Path(o, d) {
			c.branches[above]++
			c.members[above] += members
		}
	}
	return c
}

// boundIn returns the organisations of these kinds in root on d that a function of
// package area binds ("" binds all). The set must not be changed.
func (c *counts) boundIn(g *register.Register, lib *library.Library, root id.Org, d day.Day, kinds []string, onlyIf string) *roaring.Bitmap {
	kept := c.on(g, d)
	c.mu.Lock()
	defer c.mu.Unlock()
	key := onlyIf + " " + strings.Join(kinds, " ")
	if kept.bound[key] == nil {
		kept.bound[key] = bound(g, lib, d, kinds, onlyIf)
	}
	if kept.under[root] == nil {
		kept.under[root] = under(g, root, d)
	}
	return roaring.And(kept.bound[key], kept.under[root])
}

func bound(g *register.Register, lib *library.Library, d day.Day, kinds []string, onlyIf string) *roaring.Bitmap {
	set := roaring.New()
	for o := id.Org(1); int(o) <= g.Tree().Len(); o++ {
		x, ok := g.Tree().Org(o)
		if !ok || !x.Stands.Contains(d) || !slices.Contains(kinds, string(x.On(d).Kind)) {
			continue
		}
		binds := onlyIf == ""
		if !binds {
			binds, _ = lib.Law.Functions[onlyIf].Applies(g, lib.Law, o, d)
		}
		if binds {
			set.Add(uint32(o))
		}
	}
	return set
}

func under(g *register.Register, root id.Org, d day.Day) *roaring.Bitmap {
	set := roaring.New()
	g.Tree().Walk(root, d, func(o org.Org) bool {
		set.Add(uint32(o.ID))
		return true
	})
	return set
}
