package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A Begin is a step by which the visitor may begin a matter.
type Begin struct {
	Procedure procedure.Procedure
	Step      procedure.Step
}

// Begins returns the steps by which the visitor may begin something for o, of the
// procedures of one area, by their names.
func (v *Visit) Begins(o id.Org, area string) (all []Begin) {
	for _, name := range slices.Sorted(maps.Keys(v.app.lib.Procedures)) {
		p, ok := v.app.lib.Procedure(name, v.today)
		if !ok || p.Area != area {
			continue
		}
		for _, s := range p.Steps {
			if len(s.After) == 0 && v.MayTake(p, s, o) {
				all = append(all, Begin{p, s})
			}
		}
	}
	return all
}

// FileSteps returns the steps that the visitor may take now in the file of an
// organisation or a person, which is the matter named after it. Nothing of the
// file is shown, so nothing is written down about reading it.
func (v *Visit) FileSteps(ctx context.Context, m id.Matter) ([]procedure.Step, error) {
	records, err := v.app.records(ctx, record.Query{Matter: m})
	if err != nil {
		return nil, fmt.Errorf("steps of %s: %w", m, err)
	}
	if len(records) == 0 || !v.knows(records[0]) {
		return nil, fault.NotFound
	}
	p, ok := v.app.lib.ProcedureEdition(records[0].Procedure(), records[0].Edition)
	if !ok {
		return nil, fmt.Errorf("steps of %s: no procedure %s", m, records[0].Procedure())
	}
	var steps []procedure.Step
	v.app.read(func(g *register.Register) {
		for _, o := range v.openSteps(g, p, matter.Fold(p, records)) {
			if o.Mine {
				steps = append(steps, o.Step)
			}
		}
	})
	return steps, nil
}

// A Term is an office or a right that somebody holds or is about to get, and what
// the visitor may do about it.
type Term struct {
	Officer
	Matter id.Matter
	Steps  []procedure.Step // that the visitor may take now; at least one
}

// Terms returns the matters of o, of the procedures of one area, in which an office
// or a right is given, as long as the visitor may take a step in them. What waits
// to be confirmed is held by nobody yet: its Held is zero.
func (v *Visit) Terms(ctx context.Context, o id.Org, area string) (all []Term, err error) {
	kinds := v.app.kindsThatBegin(area)
	var held []Officer
	handled := false
	v.app.read(func(g *register.Register) {
		held = officers(g, o, v.today)
		reader := v.reader(g)
		handled = slices.ContainsFunc(v.app.areaProcedures(area), func(p procedure.Procedure) bool { return handles(reader, p, o) })
	})
	if !handled || len(kinds) == 0 {
		return nil, nil
	}
	records, err := v.app.records(ctx, record.Query{Orgs: []id.Org{o}, Kinds: kinds})
	if err != nil {
		return nil, fmt.Errorf("terms of %s: %w", o, err)
	}
	for _, r := range records {
		steps, err := v.FileSteps(ctx, r.Matter)
		if errors.Is(err, fault.NotFound) || err == nil && len(steps) == 0 {
			continue
		}
		if err != nil {
			return nil, err
		}
		t := Term{Officer{Role: r.Fields.Choice("role")}, r.Matter, steps}
		v.app.read(func(g *register.Register) { t.PersonRef = personRef(g, r.Fields.Person("person")) })
		if i := slices.IndexFunc(held, func(f Officer) bool { return f.ID == t.ID && f.Role == t.Role }); i >= 0 {
			t.Officer = held[i]
		}
		all = append(all, t)
	}
	return all, nil
}

// areaProcedures returns the newest editions of the procedures of an area, by name.
func (a *App) areaProcedures(area string) (all []procedure.Procedure) {
	for _, name := range slices.Sorted(maps.Keys(a.lib.Procedures)) {
		if p, ok := a.lib.Latest(name); ok && p.Area == area {
			all = append(all, p)
		}
	}
	return all
}

// kindsThatBegin returns the kinds of record with which matters of an area begin.
func (a *App) kindsThatBegin(area string) (kinds []string) {
	for _, p := range a.areaProcedures(area) {
		for _, s := range p.Steps {
			if len(s.After) == 0 {
				kinds = append(kinds, p.Kind(s.ID))
			}
		}
	}
	return kinds
}
