package app

import (
	"sync"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/register"
)

// A census has the number of branches and of people in every organisation,
// everything below it included, on one day.
type census struct {
	on       day.Day
	seq      int64
	branches []int // by number of organisation
	members  []int
}

// counts keeps the latest census, which pages of a tree ask for again and again.
type counts struct {
	mu   sync.Mutex
	kept map[day.Day]*census
}

// keptDays is how many days' counts are kept.
const keptDays = 16

// on returns the census of day d on register g.
func (c *counts) on(g *register.Register, d day.Day) *census {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.kept[d]; kept != nil && kept.seq == g.Changed() {
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
	c := &census{on: d, seq: g.Changed(), branches: make([]int, n), members: make([]int, n)}
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
