package app

import (
	"context"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// Uses reports whether the token leaves the right to action somewhere.
func (b *Bearer) Uses(action access.Action) bool {
	return slices.Contains(b.token.Scope.Actions, action)
}

// Covers reports whether what concerns o is within what the token is for.
func (b *Bearer) Covers(o id.Org) (covers bool) {
	b.app.read(func(g *register.Register) { covers = b.token.Scope.Covers(o, g.Tree(), b.app.Today()) })
	return covers
}

// Acts reports whether the token leaves the right to take steps.
func (b *Bearer) Acts() bool { return b.token.Scope.Acts }

// Reader returns a visit that is bound to no organisation: for what everybody may
// read, and for lists that the caller cuts to what the token [Bearer.Covers].
func (b *Bearer) Reader(purpose string) (*Visit, error) { return b.app.For(b.token.Person, purpose) }

// VisitPerson returns the visit for one use of action with the file of p. Whom the
// owner of the token may not know of is not there, whatever the token says.
func (b *Bearer) VisitPerson(action access.Action, p id.Person, purpose string) (*Visit, error) {
	v, err := b.Reader(purpose)
	if err != nil {
		return nil, err
	}
	if !v.MayPerson(action, p) {
		return nil, fault.NotFound
	}
	return v, b.within(action, b.home(p))
}

// VisitMatter returns the visit in which matter m is read: by the right to read the
// organisation, or for the file of a person by that to read the person.
func (b *Bearer) VisitMatter(ctx context.Context, m id.Matter, purpose string) (*Visit, error) {
	if p, ok := m.Person(); ok {
		return b.VisitPerson(access.ReadPerson, p, purpose)
	}
	v, err := b.Reader(purpose)
	if err != nil {
		return nil, err
	}
	first, err := b.app.records(ctx, record.Query{Matter: m, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(first) == 0 || !v.knows(first[0]) {
		return nil, fault.NotFound
	}
	return v, b.within(access.ReadOrg, first[0].Org)
}

// VisitRecord returns the visit in which record seq is read in the journal.
func (b *Bearer) VisitRecord(ctx context.Context, seq int64, purpose string) (*Visit, error) {
	v, err := b.Reader(purpose)
	if err != nil {
		return nil, err
	}
	line, _, err := v.JournalRecord(ctx, seq)
	if err != nil {
		return nil, err
	}
	return v, b.within(access.ReadJournal, line.Org.ID)
}

// Try decides act and records nothing, see [Visit.Try], if the token leaves the
// right to take it.
func (b *Bearer) Try(ctx context.Context, purpose string, act matter.Act) (*matter.Refusal, error) {
	if !b.token.Scope.Acts || b.app.grants(act) {
		return nil, fault.Forbidden
	}
	if err := b.covers(ctx, act); err != nil {
		return nil, err
	}
	v, err := b.Reader(purpose)
	if err != nil {
		return nil, err
	}
	return v.Try(ctx, act)
}

// within returns [fault.Forbidden] where the token does not leave the right.
func (b *Bearer) within(action access.Action, o id.Org) error {
	allows := false
	b.app.read(func(g *register.Register) { allows = b.token.Scope.Allows(action, o, g.Tree(), b.app.Today()) })
	if !allows {
		return fault.Forbidden
	}
	return nil
}

// home returns the branch that p belongs to, or belonged to last.
func (b *Bearer) home(p id.Person) (o id.Org) {
	b.app.read(func(g *register.Register) {
		if who, ok := g.Person(p); ok {
			o = who.Home(b.app.Today())
		}
	})
	return o
}
