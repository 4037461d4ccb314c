package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A WayTask is a step with a deadline that the visitor may take in the admission of
// somebody.
type WayTask struct {
	Matter id.Matter
	Org    OrgRef
	Person PersonRef
	Step   OpenStep
}

// mostWays is how many matters are looked at for one list; a guard of the system, not
// a rule: a township has some tens of them.
const mostWays = 400

// WayTasks returns the steps with a deadline in matters about people on the way to
// membership, in branch o or in the branches directly below committee o, that are the
// visitor's to take: what is due first comes first.
func (v *Visit) WayTasks(ctx context.Context, o id.Org) (tasks []WayTask, err error) {
	if !v.May(access.ReadOrg, o) {
		return nil, fault.NotFound
	}
	for _, m := range v.ways(o) {
		records, err := v.app.records(ctx, record.Query{Matter: m.matter})
		if err != nil {
			return nil, fmt.Errorf("way tasks: %w", err)
		}
		if len(records) == 0 || !v.knows(records[0]) {
			continue
		}
		p, ok := v.app.lib.ProcedureEdition(records[0].Procedure(), records[0].Edition)
		if !ok {
			continue
		}
		v.app.read(func(g *register.Register) {
			st := matter.Fold(p, records)
			for _, s := range v.openSteps(g, p, st) {
				if s.Mine && s.Due.On != 0 {
					tasks = append(tasks, WayTask{Matter: m.matter, Org: orgOn(g, st.Org, v.today), Person: personRef(g, m.person), Step: s})
				}
			}
		})
	}
	slices.SortStableFunc(tasks, func(a, b WayTask) int { return int(a.Step.Due.On - b.Step.Due.On) })
	return tasks, nil
}

// A wayOf is the matter in which somebody's way to membership is decided.
type wayOf struct {
	person id.Person
	matter id.Matter
}

// ways lists whoever is on the way in o, or directly below it, as far as a matter
// decides it.
func (v *Visit) ways(o id.Org) (all []wayOf) {
	v.app.read(func(g *register.Register) {
		for _, b := range basics(g, o, v.today) {
			if b != o && g.Tree().Get(b).On(v.today).Superior != o {
				continue
			}
			for _, n := range g.Ever(b) {
				p, _ := g.Person(n)
				stand := p.Stand(v.today)
				if len(all) < mostWays && stand.Standing.OnTheWay() && stand.Matter != "" && p.Home(v.today) == b {
					all = append(all, wayOf{n, stand.Matter})
				}
			}
		}
	})
	return all
}
