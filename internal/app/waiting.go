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
