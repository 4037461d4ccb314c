package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A Visit is one person's use of the platform. Reading is somebody's act too:
// pages and API get a Visit, and nothing reads a person or a matter without one.
type Visit struct {
	app     *App
	me      id.Person
	purpose string // why details are read, shown to those whose they are
	today   day.Day
}

// For returns the Visit of person me.
func (a *App) For(me id.Person, purpose string) (*Visit, error) {
	known := false
	a.read(func(g *register.Register) { _, known = g.Person(me) })
	if !known {
		return nil, fault.SignIn
	}
	return &Visit{app: a, me: me, purpose: purpose, today: a.Today()}, nil
}

// Me returns the number of the person whose visit it is.
func (v *Visit) Me() id.Person { return v.me }

// Today returns the day of the visit.
func (v *Visit) Today() day.Day { return v.today }

// reader returns the visitor as access sees them, on register g.
func (v *Visit) reader(g *register.Register) access.Reader {
	p, ok := g.Person(v.me)
	if !ok {
		p = &person.Person{}
	}
	return access.Reader{Roles: v.app.lib.Law.Roles, Tree: g.Tree(), Person: p, Today: v.today}
}

// May reports whether the visitor may do action with what concerns o.
func (v *Visit) May(action access.Action, o id.Org) (may bool) {
	v.app.read(func(g *register.Register) { may = v.reader(g).May(action, o) })
	return may
}

// MayAnywhere reports whether some office of the visitor grants action.
func (v *Visit) MayAnywhere(action access.Action) (may bool) {
	v.app.read(func(g *register.Register) { may = v.reader(g).MayAnywhere(action) })
	return may
}

// A Receipt is what somebody who recorded something can keep, and check later
// against any checkpoint of the log.
type Receipt struct {
	Record record.Record
	Leaf   []byte // hash of the leaf in the public log
}

// Act takes one step of a matter. It returns when the record is durable. With a
// key, the same request sent again gets the first answer.
func (v *Visit) Act(ctx context.Context, act matter.Act, key string) (Receipt, error) {
	if len(key) > 64 {
		return Receipt{}, &fault.Invalid{Field: "key", Why: "form.key_too_long"}
	}
	if err := v.mayKnow(ctx, act); err != nil {
		return Receipt{}, err
	}
	req := &request{ctx: ctx, act: act, by: v.me, key: key, done: make(chan outcome, 1)}
	if key != "" {
		req.hash = requestHash(act)
		if r, found, err := v.answered(ctx, req); found || err != nil {
			return receipt(r), err
		}
	}
	r, err := v.app.submit(req)
	if err != nil {
		return Receipt{}, err
	}
	return receipt(r), nil
}

func receipt(r record.Record) Receipt {
	if r.Seq == 0 {
		return Receipt{}
	}
	return Receipt{Record: r, Leaf: leafHash(r)}
}

// mayKnow turns away whoever may not know of the matter as if there were none.
func (v *Visit) mayKnow(ctx context.Context, act matter.Act) error {
	if act.Matter == "" {
		return nil
	}
	first, err := v.app.records(ctx, record.Query{Matter: act.Matter, Limit: 1})
	if err != nil {
		return err
	}
	if len(first) == 0 || !v.knows(first[0]) {
		return fault.NotFound
	}
	return nil
}

// answered looks for an answer given to the same key before.
func (v *Visit) answered(ctx context.Context, req *request) (record.Record, bool, error) {
	ans, found, err := v.app.store.Answer(ctx, v.me, req.key)
	if err != nil || !found {
		return record.Record{}, false, err
	}
	if string(ans.Request) != string(req.hash) {
		return record.Record{}, false, fault.Reused
	}
	r, err := v.app.Record(ctx, ans.Seq)
	return r, err == nil, err
}

// Try decides act and records nothing: the live check of a form. It returns nil
// if the act would be taken.
func (v *Visit) Try(ctx context.Context, act matter.Act) (*matter.Refusal, error) {
	if err := v.mayKnow(ctx, act); err != nil {
		return nil, err
	}
	p, st, err := v.app.stateNow(ctx, &act)
	if err != nil {
		return nil, fmt.Errorf("try %s: %w", act.Matter, err)
	}
	var refusal *matter.Refusal
	look := &lookup{ctx: ctx, app: v.app}
	v.app.read(func(g *register.Register) {
		me, _ := g.Person(v.me)
		placed := act
		v.app.placeOn(g, p, &st, &placed)
		_, refusal = matter.Decide(p, v.app.lib.Law, g, st, placed, matter.By{Person: me, Today: v.today, Log: look})
	})
	return refusal, look.err
}

// stateNow is [App.matterState] for readers, who share nothing with the writer.
func (a *App) stateNow(ctx context.Context, act *matter.Act) (p procedure.Procedure, st matter.State, err error) {
	p, ok := a.lib.Procedure(act.Procedure, act.On)
	begins := act.Matter == ""
	if begins {
		act.Matter = act.Book(p)
	}
	var past []record.Record
	if act.Matter != "" {
		if past, err = a.records(ctx, record.Query{Matter: act.Matter}); err != nil {
			return p, st, err
		}
	}
	switch {
	case len(past) > 0:
		p, ok = a.lib.ProcedureEdition(act.Procedure, past[0].Edition)
		st = matter.Fold(p, past)
	case !begins:
		ok = false
	}
	if !ok {
		return p, st, fault.NotFound
	}
	return p, st, nil
}

// knows reports whether the visitor may know of the matter that r belongs to.
func (v *Visit) knows(r record.Record) (yes bool) {
	v.app.read(func(g *register.Register) { yes = v.knowsOn(g, r) })
	return yes
}

func (v *Visit) knowsOn(g *register.Register, r record.Record) bool {
	reader := v.reader(g)
	if p, ok := r.Matter.Person(); ok {
		who, found := g.Person(p)
		return found && reader.MayPerson(access.ReadPerson, who)
	}
	p, ok := v.app.lib.ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return false
	}
	if reader.May(access.ReadOrg, r.Org) && (p.Visible == "members" || reader.MayAsOfficer(access.ReadOrg, r.Org)) {
		return true
	}
	return handles(reader, p, r.Org) || p.Visible == "sides" && onASide(reader, p, r)
}

// handles reports whether an office of the reader takes some step of p in o: whoever
// gives rights on the platform reads no organisation, and must find what was given.
func handles(reader access.Reader, p procedure.Procedure, o id.Org) bool {
	return slices.ContainsFunc(p.Steps, func(s procedure.Step) bool { return s.Over.None() && takesByOffice(reader, s, o) })
}

// onASide reports whether r is about the reader, or names an organisation that takes a
// step of p and that the reader reads as an officer.
func onASide(reader access.Reader, p procedure.Procedure, r record.Record) bool {
	if who := r.Fields.Person("person"); who != 0 && who == reader.Person.ID {
		return true
	}
	return slices.ContainsFunc(p.Steps, func(s procedure.Step) bool {
		return !s.Over.None() && reader.MayAsOfficer(access.ReadOrg, r.Fields.Org(s.Over.Field))
	})
}

// Concerned reports whether o is any business of the visitor, whatever an office
// there grants.
func (v *Visit) Concerned(o id.Org) (yes bool) {
	v.app.read(func(g *register.Register) { yes = v.reader(g).Concerned(o) })
	return yes
}

// takesByOffice reports whether an office of the reader takes step s in o: who has to
// confirm something has to know of it, even who may read nothing else there.
func takesByOffice(reader access.Reader, s procedure.Step, o id.Org) bool {
	_, ok := reader.Holds(slices.DeleteFunc(slices.Clone(s.By), func(role string) bool { return role == access.AnyMember }), o)
	return ok
}
