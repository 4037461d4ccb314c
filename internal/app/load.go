package app

import (
	"context"
	"fmt"

	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// load reads the views that decisions need, and the records that came after them.
func (a *App) load(ctx context.Context) error {
	reg := register.New(a.secret)
	seq := int64(0)
	for _, view := range []string{register.ViewOrg, register.ViewPerson, register.ViewTerm} {
		for row, err := range a.store.View(ctx, view) {
			if err == nil {
				err = reg.Load(row)
			}
			if err != nil {
				return fmt.Errorf("app: load view %s: %w", view, err)
			}
			seq = max(seq, row.Seq)
		}
	}
	last, at, err := a.store.Last(ctx)
	if err != nil {
		return fmt.Errorf("app: load: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reg, a.last, a.lastT = reg, last, at
	return nil
}

// effect returns what the step of r does to the register, in the edition by which
// r was decided.
func (a *App) effect(r record.Record) string {
	p, ok := a.lib.ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return ""
	}
	s, _ := p.Step(r.Step())
	return s.Effect
}
