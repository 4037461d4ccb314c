package app

import (
	"context"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// An Acting is an office that the visitor holds today, or with no role the branch
// that the visitor belongs to.
type Acting struct {
	Org  OrgRef
	Role string
}

// Actings returns the organisations for which the visitor can act: those of the
// offices that reach furthest first, each organisation once; last the own branch.
func (v *Visit) Actings() (all []Acting) {
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		offices := reader.Person.OfficesOn(v.today)
		slices.SortStableFunc(offices, func(a, b person.Office) int {
			return len(g.Tree().Path(a.Org, v.today)) - len(g.Tree().Path(b.Org, v.today))
		})
		for _, f := range offices {
			if !slices.ContainsFunc(all, func(a Acting) bool { return a.Org.ID == f.Org }) {
				all = append(all, Acting{orgOn(g, f.Org, v.today), f.Role})
			}
		}
		if m, ok := reader.Person.Membership(v.today); ok && !slices.ContainsFunc(all, func(a Acting) bool { return a.Org.ID == m.Org }) {
			all = append(all, Acting{Org: orgOn(g, m.Org, v.today)})
		}
	})
	return all
}

// Name returns the name of the visitor.
func (v *Visit) Name() (name string) {
	v.app.read(func(g *register.Register) { name = personRef(g, v.me).Name })
	return name
}

// MayPerson reports whether the visitor may do action with the file of p.
func (v *Visit) MayPerson(action access.Action, p id.Person) (may bool) {
	v.app.read(func(g *register.Register) {
		who, ok := g.Person(p)
		may = ok && v.reader(g).MayPerson(action, who)
	})
	return may
}

// Knows reports whether the visitor may know of matter m.
func (v *Visit) Knows(ctx context.Context, m id.Matter) (bool, error) {
	first, err := v.app.records(ctx, record.Query{Matter: m, Limit: 1})
	if err != nil {
		return false, err
	}
	return len(first) > 0 && v.knows(first[0]), nil
}

// Branch returns the branch that the visitor belongs to.
func (v *Visit) Branch() (branch OrgRef, err error) {
	v.app.read(func(g *register.Register) {
		me, ok := g.Person(v.me)
		if !ok {
			return
		}
		if m, ok := me.Membership(v.today); ok {
			branch = orgOn(g, m.Org, v.today)
		}
	})
	if branch.ID == 0 {
		return branch, fault.NotFound
	}
	return branch, nil
}

// Offices returns the roles that the visitor holds today.
func (v *Visit) Offices() (roles []string) {
	v.app.read(func(g *register.Register) {
		for _, f := range v.reader(g).Person.OfficesOn(v.today) {
			roles = append(roles, f.Role)
		}
	})
	return roles
}
