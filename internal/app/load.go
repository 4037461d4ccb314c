package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// errView tells the operator what to do about a view that does not even parse.
var errView = errors.New("a row that is derived from the record is damaged: run qingfeng rebuild --write, which derives it anew")

// load reads the views that decisions need, or folds the record where no view is
// to be trusted.
func (a *App) load(ctx context.Context) (err error) {
	reg := register.New(a.secret)
	var last int64
	var at time.Time
	if a.afresh {
		if reg, _, err = a.derive(ctx); err == nil {
			last, at, err = a.store.Last(ctx)
		}
	} else {
		err = a.store.Snapshot(ctx, func(snap *store.Snapshot) (err error) {
			if err := loadViews(ctx, snap, reg); err != nil {
				return err
			}
			last, at, err = snap.Last(ctx)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("app: load: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reg, a.last, a.lastT = reg, last, at
	a.tallies.forget(last)
	a.counts.forget()
	a.spelled.all(reg)
	return nil
}

// A shelf is some rows of the views, on their way into the register.
type shelf struct {
	rows   []record.Row
	loaded []register.Loaded
	err    error
	parsed chan struct{} // closed when loaded or err is set
}

const (
	shelfRows   = 1024
	shelvesOpen = 8 // how many may be on their way
)

// loadViews reads one shelf after the other while those before are parsed side by
// side, and takes them into reg in order.
func loadViews(ctx context.Context, snap *store.Snapshot, reg *register.Register) error {
	shelves := make(chan *shelf, shelvesOpen)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(shelves)
		return eachShelf(ctx, snap, func(s *shelf) error {
			go s.parse()
			select {
			case shelves <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	group.Go(func() error {
		for s := range shelves {
			<-s.parsed
			if s.err != nil {
				return s.err
			}
			for _, l := range s.loaded {
				reg.Load(l)
			}
		}
		return nil
	})
	return group.Wait()
}

// eachShelf reads the views and gives their rows away, some at a time.
func eachShelf(ctx context.Context, snap *store.Snapshot, give func(*shelf) error) error {
	fresh := func() *shelf { return &shelf{rows: make([]record.Row, 0, shelfRows), parsed: make(chan struct{})} }
	s := fresh()
	for _, view := range views {
		for row, err := range snap.View(ctx, view) {
			if err != nil {
				return fmt.Errorf("view %s: %w", view, err)
			}
			if s.rows = append(s.rows, row); len(s.rows) < shelfRows {
				continue
			}
			if err := give(s); err != nil {
				return err
			}
			s = fresh()
		}
	}
	return give(s)
}

func (s *shelf) parse() {
	defer close(s.parsed)
	s.loaded = make([]register.Loaded, len(s.rows))
	for i, row := range s.rows {
		if s.loaded[i], s.err = register.Parse(row); s.err != nil {
			s.err = fmt.Errorf("%w (%w)", errView, s.err)
			return
		}
	}
	s.rows = nil
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
