// Package library reads and checks content: sources, rules, calendars, code
// tables, roles, areas, procedures, obligations, indicators and identities. It
// decides nothing by them. A binary with bad content does not start.
package library

import (
	"io/fs"
	"slices"
	"strings"

	"qingfeng/internal/access"
	"qingfeng/internal/area"
	"qingfeng/internal/day"
	"qingfeng/internal/indicator"
	"qingfeng/internal/matter"
	"qingfeng/internal/obligation"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/rule"
)

// A Library is all declared content, checked as a whole.
type Library struct {
	Law         matter.Law
	Sources     map[string]Source
	Areas       []Area                           // in the order of the menu
	Roles       []Role                           // in the order of the file
	Procedures  map[string][]procedure.Procedure // every edition, by rising From
	Obligations []obligation.Obligation          // in the order of their files
	Indicators  map[string]indicator.Indicator
	Identities  []Identity
	Edition     string     // digest of all content: two libraries with the same one say the same
	Overrides   []Override // what an installation put in the place of what is built in, or added

	expected map[person.Standing]person.Details // what complete data has, by [Library.Expected]

	files *shelf
	world worldFile // in which cases are played
}

// Load reads the content in fsys and, over it, that of each further directory: a
// file of the same path replaces, others are added. It reports everything that is
// wrong at once, as [Problems].
func Load(fsys fs.FS, overrides ...fs.FS) (*Library, error) {
	l := newLoader()
	files, err := newShelf(append([]fs.FS{fsys}, overrides...))
	if err != nil {
		return nil, err
	}
	l.lib.files, l.lib.Edition, l.lib.Overrides = files, files.digest(), files.replaced()
	l.sources()
	l.rules()
	l.calendars()
	l.codes()
	l.roles()
	l.areas()
	l.procedures()
	l.expectations()
	l.obligations()
	l.indicators()
	l.identities()
	l.world()
	l.functions()
	l.strays()
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	return l.lib, nil
}

func newLoader() *loader {
	return &loader{
		lib: &Library{
			Law: matter.Law{
				Book:      rule.Book{},
				Calendar:  day.Calendar{Off: map[day.Day]bool{}, Work: map[day.Day]bool{}, Year: map[int]bool{}},
				Roles:     access.Roles{},
				Codes:     map[string]matter.Codes{},
				Functions: area.Functions(),
			},
			Sources:    map[string]Source{},
			Procedures: map[string][]procedure.Procedure{},
			Indicators: map[string]indicator.Indicator{},
		},
	}
}

// Procedure returns the edition of procedure id that is in force on d, and
// whether there is one.
func (lib *Library) Procedure(id string, d day.Day) (procedure.Procedure, bool) {
	for _, p := range slices.Backward(lib.Procedures[id]) {
		if p.From <= d {
			return p, true
		}
	}
	return procedure.Procedure{}, false
}

// ProcedureEdition returns the edition of procedure id that came into force on
// from: the one with which a matter stays.
func (lib *Library) ProcedureEdition(id string, from day.Day) (procedure.Procedure, bool) {
	for _, p := range lib.Procedures[id] {
		if p.From == from {
			return p, true
		}
	}
	return procedure.Procedure{}, false
}

// Latest returns the newest edition of procedure id, and whether there is any.
func (lib *Library) Latest(id string) (procedure.Procedure, bool) {
	all := lib.Procedures[id]
	if len(all) == 0 {
		return procedure.Procedure{}, false
	}
	return all[len(all)-1], true
}

// Clause returns the clause that a basis such as "branch-work#talks" cites, its
// source, and whether there is one.
func (lib *Library) Clause(basis string) (Source, Clause, bool) {
	id, number, _ := strings.Cut(basis, "#")
	s := lib.Sources[id]
	c, ok := s.Clauses[number]
	return s, c, ok
}

// steps returns the step that makes records of a kind, "theme_day.hold", in every
// edition that has it.
func (lib *Library) steps(kind string) (all []procedure.Step) {
	id, step, _ := strings.Cut(kind, ".")
	for _, p := range lib.Procedures[id] {
		if s, ok := p.Step(step); ok {
			all = append(all, s)
		}
	}
	return all
}
