package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A WaitingGrant is a right that somebody proposed and that the visitor may confirm.
type WaitingGrant struct {
	Matter id.Matter
	Org    OrgRef
	Who    PersonRef // who is to have it
	Role   string
	By     PersonRef      // who proposed it; zero: the installation
	Record record.Record  // the proposal as it stands
	Step   procedure.Step // by which it is confirmed
}

// WaitingGrants returns what waits for the visitor's confirmation, oldest first. What
// the visitor proposed waits for somebody else.
func (v *Visit) WaitingGrants(ctx context.Context) (waiting []WaitingGrant, err error) {
	p, confirm, ok := v.app.stepOf("office.take", v.app.lib.Law.Roles[v.app.administrator()])
	if !ok || len(confirm.After) == 0 {
		return nil, nil
	}
	var orgs []id.Org
	v.app.read(func(g *register.Register) {
		for _, o := range v.reader(g).Where(access.ManageUsers) {
			if takesByOffice(v.reader(g), confirm, o) {
				orgs = append(orgs, o)
			}
		}
	})
	if len(orgs) == 0 {
		return nil, nil
	}
	proposals, err := v.app.records(ctx, record.Query{Orgs: orgs, Kinds: []string{p.Kind(confirm.After[0])}})
	if err != nil {
		return nil, fmt.Errorf("waiting grants: %w", err)
	}
	var seen []id.Matter
	for _, r := range proposals {
		if slices.Contains(seen, r.Matter) {
			continue // a proposal that was corrected
		}
		seen = append(seen, r.Matter)
		if w, mine, err := v.waitingGrant(ctx, r); err != nil {
			return nil, err
		} else if mine {
			waiting = append(waiting, w)
		}
	}
	return waiting, nil
}

// waitingGrant reads the matter that r began, and says whether its confirmation is
// the visitor's to give.
func (v *Visit) waitingGrant(ctx context.Context, r record.Record) (w WaitingGrant, mine bool, err error) {
	records, err := v.app.records(ctx, record.Query{Matter: r.Matter})
	if err != nil {
		return w, false, fmt.Errorf("waiting grants: %w", err)
	}
	p, ok := v.app.lib.ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return w, false, nil
	}
	st := matter.Fold(p, records)
	stands, _ := st.Done(r.Step())
	v.app.read(func(g *register.Register) {
		for _, s := range matter.Next(p, v.app.lib.Law, g, st, v.today) {
			if s.Effect == "office.take" && stands.Actor != v.me {
				w = WaitingGrant{Matter: r.Matter, Org: orgOn(g, r.Org, v.today), Who: personRef(g, stands.Fields.Person("person")),
					Role: stands.Fields.Choice("role"), By: personRef(g, stands.Actor), Record: stands, Step: s}
				mine = w.Who.ID != v.me
			}
		}
	})
	return w, mine, nil
}

// A WaitingStep is what an organisation on one side of a matter has to do, and the
// visitor for it.
type WaitingStep struct {
	OpenStep
	Matter    id.Matter
	Procedure procedure.Procedure
	Org       OrgRef    // to which the matter belongs
	Who       PersonRef // whom it is about
}

// WaitingSteps returns what waits for the visitor in matters between two sides, oldest
// matter first: the next step on the way, and what has a deadline. A step waits for
// those who are nearest to the organisation that takes it.
func (v *Visit) WaitingSteps(ctx context.Context) (waiting []WaitingStep, err error) {
	records, err := v.app.records(ctx, record.Query{Kinds: v.app.sidesKinds()})
	if err != nil {
		return nil, fmt.Errorf("waiting steps: %w", err)
	}
	past, order := map[id.Matter][]record.Record{}, []id.Matter{}
	for _, r := range records {
		if past[r.Matter] == nil {
			order = append(order, r.Matter)
		}
		past[r.Matter] = append(past[r.Matter], r)
	}
	v.app.read(func(g *register.Register) {
		for _, m := range order {
			waiting = append(waiting, v.waitingSteps(g, past[m])...)
		}
	})
	return waiting, nil
}

// sidesKinds returns the kinds of records of matters between two sides.
func (a *App) sidesKinds() (kinds []string) {
	for name := range a.lib.Procedures {
		if p, ok := a.lib.Latest(name); ok && p.Visible == "sides" {
			for _, s := range p.Steps {
				kinds = append(kinds, p.Kind(s.ID))
			}
		}
	}
	return kinds
}

// waitingSteps returns what waits for the visitor in the matter of past.
func (v *Visit) waitingSteps(g *register.Register, past []record.Record) (waiting []WaitingStep) {
	p, ok := v.app.lib.ProcedureEdition(past[0].Procedure(), past[0].Edition)
	if !ok || !v.knowsOn(g, past[0]) {
		return nil
	}
	st, line := matter.Fold(p, past), p.Line()
	for _, o := range v.openSteps(g, p, st) {
		on := slices.ContainsFunc(line, func(s procedure.Step) bool { return s.ID == o.Step.ID })
		if (on || o.Due.On != 0) && o.Mine && slices.Contains(v.app.takers(g, o.Step.By, st.Over(o.Step), 0), v.me) {
			waiting = append(waiting, WaitingStep{o, st.ID, p, orgOn(g, st.Org, v.today), personRef(g, past[0].Fields.Person("person"))})
		}
	}
	return waiting
}
