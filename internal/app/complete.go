package app

import (
	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/register"
)

// A Gap is somebody of whom something expected is not known.
type Gap struct {
	PersonRef
	Missing []string // names of the fields, in their order in the register
}

// Gaps returns of whom on the roster of branch o something is missing, by rising
// number. It is a reading of the register: what is filled in is missing no more.
func (v *Visit) Gaps(o id.Org) (gaps []Gap, err error) {
	if !v.May(access.ListPeople, o) {
		return nil, fault.NotFound
	}
	v.app.read(func(g *register.Register) {
		for _, n := range g.Roster(o, v.today) {
			p, _ := g.Person(n)
			if missing := v.app.missing(p, v.today); len(missing) > 0 {
				gaps = append(gaps, Gap{PersonRef{n, p.Name}, missing})
			}
		}
	})
	return gaps, nil
}

// missing returns the names of what is expected of p on d and not known.
func (a *App) missing(p *person.Person, d day.Day) []string {
	return a.lib.Expected(p.Standing(d)).Lacks(p.Known)
}

// complete returns the people in o on d of whom nothing is missing now.
func (c *counting) complete(o id.Org, d day.Day) *roaring.Bitmap {
	set := roaring.New()
	d = min(d, c.v.today)
	c.v.app.read(func(g *register.Register) {
		for _, b := range basics(g, o, d) {
			for _, n := range g.Roster(b, d) {
				if p, _ := g.Person(n); len(c.v.app.missing(p, d)) == 0 {
					set.Add(uint32(n))
				}
			}
		}
	})
	return set
}
