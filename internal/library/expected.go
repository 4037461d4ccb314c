package library

import (
	"slices"

	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
)

// Expected returns what complete data of a person of standing s has.
func (lib *Library) Expected(s person.Standing) person.Details { return lib.expected[s] }

// expectations gathers what the newest editions expect of whoever is registered.
func (l *loader) expectations() {
	l.lib.expected = map[person.Standing]person.Details{}
	for id := range l.lib.Procedures {
		p, _ := l.lib.Latest(id)
		for _, s := range p.Steps {
			if s.Effect != "person.register" {
				continue
			}
			for _, f := range s.Form {
				d, _ := person.Detail(f.ID)
				for _, standing := range f.Expected {
					l.lib.expected[person.Standing(standing)] |= d
				}
			}
		}
	}
}

// expected complains of a field that is expected of nobody, or that the register
// does not know of people.
func (p page) expected(at string, f procedure.Field) {
	for _, s := range f.Expected {
		p.known(at+".expected", "standing", s, slices.Contains(person.Standings(), person.Standing(s)))
	}
	if _, ok := person.Detail(f.ID); !ok && len(f.Expected) > 0 {
		p.bad(at+".expected", "field %s: the register does not note whether it is known", f.ID)
	}
}
