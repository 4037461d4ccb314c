package app

import (
	"strings"

	"qingfeng/internal/access"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/register"
)

// Found is what a search found, the first hits of each sort and how many there are.
type Found struct {
	Orgs      []PlacedOrg
	People    []PersonLine
	AllOrgs   int
	AllPeople int
}

// Search looks for words in the names of organisations and people within the
// visitor's rights, as of today.
func (v *Visit) Search(words string, most int) (found Found) {
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		seen := map[id.Org]bool{}
		for _, root := range reader.Where(access.ReadOrg) {
			g.Tree().Walk(root, v.today, func(o org.Org) bool {
				if seen[o.ID] || !reader.May(access.ReadOrg, o.ID) {
					return !seen[o.ID]
				}
				seen[o.ID] = true
				if strings.Contains(o.On(v.today).Name, words) {
					if found.AllOrgs++; len(found.Orgs) < most {
						found.Orgs = append(found.Orgs, PlacedOrg{orgOn(g, o.ID, v.today), orgOn(g, o.On(v.today).Superior, v.today)})
					}
				}
				v.findPeople(g, reader, o.ID, words, most, &found)
				return true
			})
		}
	})
	return found
}

func (v *Visit) findPeople(g *register.Register, reader access.Reader, o id.Org, words string, most int, found *Found) {
	listable := -1 // whether people of o may be listed: asked only when somebody is found
	for _, n := range g.Ever(o) {
		p, _ := g.Person(n)
		if !strings.Contains(p.Name, words) {
			continue
		}
		if listable < 0 {
			listable = 0
			if reader.May(access.ListPeople, o) {
				listable = 1
			}
		}
		if m, ok := p.Membership(v.today); listable == 1 && ok && m.Org == o {
			if found.AllPeople++; len(found.People) < most {
				found.People = append(found.People, personLine(g, p, v.today))
			}
		}
	}
}
