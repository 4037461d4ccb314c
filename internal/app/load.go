package app

import (
	"context"
	"fmt"
	"time"

	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// load reads the views that decisions need, and the records that came after them.
func (a *App) load(ctx context.Context) error {
	reg := register.New(a.secret)
	var last int64
	var at time.Time
	err := a.store.Snapshot(ctx, func(snap *store.Snapshot) (err error) {
		for _, view := range views {
			for row, err := range snap.View(ctx, view) {
				if err == nil {
					err = reg.Load(row)
				}
				if err != nil {
					return fmt.Errorf("view %s: %w", view, err)
				}
			}
		}
		last, at, err = snap.Last(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("app: load: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reg, a.last, a.lastT = reg, last, at
	a.tallies.forget(last)
	a.counts.forget()
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
