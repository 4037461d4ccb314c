package demo

import (
	"qingfeng/internal/app"
	"qingfeng/internal/id"
)

// first is how many people are looked at for one per role: the first branches have
// all of them.
const first = 4096

// Find returns one person per role of a city that was built before.
func Find(a *app.App) (People, error) {
	people := People{}
	for n := id.Person(1); n < first; n++ {
		v, err := a.For(n, "demo")
		if err != nil {
			break // there are no more
		}
		roles := v.Offices()
		if len(roles) == 0 {
			roles = []string{"member"}
		}
		for _, role := range roles {
			if people[role] == 0 {
				people[role] = n
			}
		}
	}
	return people, nil
}
