package library

import (
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/title"
)

// A Role is an office, and the code table in which it can be chosen: procedures
// that fill different tables are taken by different people.
type Role struct {
	access.Role
	Table string `yaml:"table"`
}

// rolesFile is what roles.yaml holds: the tables in which roles are chosen, by
// their titles, and the roles.
type rolesFile struct {
	Tables map[string]title.Title `yaml:"tables"`
	Roles  []Role                 `yaml:"roles"`
}

func (l *loader) roles() {
	each(l, "roles.yaml", func(p page, f rolesFile) {
		for i, r := range f.Roles {
			at := fmt.Sprintf("roles[%d]", i)
			if _, twice := l.lib.Law.Roles[r.ID]; twice {
				p.bad(at+".id", "role %q is there twice", r.ID)
			}
			_, table := f.Tables[r.Table]
			p.known(at+".table", "table", r.Table, table)
			p.role(at, r)
			l.lib.Law.Roles[r.ID] = r.Role
		}
		l.lib.Roles = f.Roles
		for id, t := range f.Tables {
			if !t.Whole() {
				p.bad("tables."+id, "table %s needs zh and en", id)
			}
			l.table(id, t)
		}
	})
}

// table makes the code table in which some of the roles are chosen.
func (l *loader) table(id string, t title.Title) {
	c := matter.Codes{ID: id, Title: t}
	for _, r := range l.lib.Roles {
		if r.Table == id {
			c.Values = append(c.Values, matter.Code{Code: r.ID, ZH: r.Title.ZH, EN: r.Title.EN})
		}
	}
	l.lib.Law.Codes[id] = c
}

func (p page) role(at string, r Role) {
	if r.ID == "" || !r.Title.Whole() {
		p.bad(at, "a role needs an id and a title in zh and en")
	}
	if r.ID == access.AnyMember || r.ID == access.Self {
		p.bad(at+".id", "%q is no office", r.ID)
	}
	if r.Reach != access.Own && r.Reach != access.Below {
		p.bad(at+".reach", "reach %q: want own or below", r.Reach)
	}
	p.kinds(at+".of", r.Of)
	for i, level := range r.Level {
		p.known(fmt.Sprintf("%s.level[%d]", at, i), "level", level, p.l.lib.Law.Codes["org_level"].Has(level))
	}
	for i, a := range r.May {
		p.known(fmt.Sprintf("%s.may[%d]", at, i), "action", string(a), slices.Contains(access.Actions(), a))
	}
}

// kinds complains of kinds of organisations that there are not.
func (p page) kinds(at string, kinds []string) {
	for i, k := range kinds {
		p.known(fmt.Sprintf("%s[%d]", at, i), "kind of organisation", k, slices.Contains(org.Kinds(), org.Kind(k)))
	}
}

// An Area is one field of business, as the menu shows it.
type Area struct {
	ID    string      `yaml:"id"`
	Title title.Title `yaml:"title"`
	Note  title.Title `yaml:"note"`
}

func (l *loader) areas() {
	each(l, "areas.yaml", func(p page, areas []Area) {
		var ids []string
		for i, a := range areas {
			if a.ID == "" || !a.Title.Whole() || !a.Note.Whole() {
				p.bad(fmt.Sprintf("[%d]", i), "an area needs id, title and note, in zh and en")
			}
			ids = append(ids, a.ID)
		}
		for _, id := range repeated(ids) {
			p.bad("", "area %q is there twice", id)
		}
		l.lib.Areas = areas
	})
}
