package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// views are what decisions need, written together with the record.
var views = []string{register.ViewOrg, register.ViewPerson, register.ViewTerm}

// A rowKey names one row of a view.
type rowKey struct{ view, key string }

// derive folds the whole record into a register, and into the rows that the views
// ought to have.
func (a *App) derive(ctx context.Context) (*register.Register, map[rowKey]record.Row, error) {
	reg := register.New(a.secret)
	rows := map[rowKey]record.Row{}
	for r, err := range a.store.Read(ctx, record.Query{}) {
		if err != nil {
			return nil, nil, fmt.Errorf("derive: %w", err)
		}
		effect := a.effect(r)
		if effect == "" {
			continue
		}
		changes, err := reg.Apply(effect, r)
		if err != nil {
			return nil, nil, fmt.Errorf("derive: %w", err)
		}
		changed, err := reg.Rows(changes, r.Seq)
		if err != nil {
			return nil, nil, fmt.Errorf("derive: %w", err)
		}
		for _, row := range changed {
			rows[rowKey{row.View, row.Key}] = row
		}
	}
	return reg, rows, nil
}

// Compare derives every view and every figure from the record alone and returns
// what differs from the live ones, one line each: nothing, if all is well.
func (a *App) Compare(ctx context.Context) (differences []string, err error) {
	_, want, err := a.derive(ctx)
	if err != nil {
		return nil, err
	}
	for _, view := range views {
		for row, err := range a.store.View(ctx, view) {
			if err != nil {
				return nil, fmt.Errorf("compare: %w", err)
			}
			k := rowKey{view, row.Key}
			if w, ok := want[k]; !ok {
				differences = append(differences, view+" "+row.Key+": the record knows of none")
			} else if !bytes.Equal(w.Body, row.Body) {
				differences = append(differences, view+" "+row.Key+": differs")
			}
			delete(want, k)
		}
	}
	for k := range want {
		differences = append(differences, k.view+" "+k.key+": missing")
	}
	cells, err := a.compareCells(ctx)
	slices.Sort(differences)
	return append(differences, cells...), err
}

// compareCells counts all figures anew, up to where the follower is, and compares.
func (a *App) compareCells(ctx context.Context) (differences []string, err error) {
	at, err := a.store.Position(ctx, followerFigures)
	if err != nil || at == 0 {
		return nil, err // nothing is counted yet; and up to record 0 would be up to the last
	}
	f, err := a.newFigures(ctx)
	if err != nil {
		return nil, err
	}
	f.fresh = true
	for r, err := range a.store.Read(ctx, record.Query{UpTo: at}) {
		if err != nil {
			return nil, fmt.Errorf("compare figures: %w", err)
		}
		if err := f.take(ctx, r); err != nil {
			return nil, err
		}
	}
	for c, err := range a.store.AllCells(ctx) {
		if err != nil {
			return nil, fmt.Errorf("compare figures: %w", err)
		}
		k := cellKey{c.Figure, c.Org, c.Month}
		_, known := a.lib.Indicators[k.figure] // what the content dropped may lie about
		want, counted := f.dirty[k]
		if got, err := c.Cell(); err != nil || counted && !equal(got, *want) {
			differences = append(differences, k.String()+": differs")
		} else if known && !counted && !equal(got, indicator.Cell{}) {
			differences = append(differences, k.String()+": the record knows of none")
		}
		delete(f.dirty, k)
	}
	for k, want := range f.dirty {
		if !equal(indicator.Cell{}, *want) {
			differences = append(differences, k.String()+": missing")
		}
	}
	slices.Sort(differences)
	return differences, nil
}

func (k cellKey) String() string {
	return fmt.Sprintf("figure %s of %s in %s", k.figure, k.org, k.month)
}

// storedCell returns the cell as it is stored, empty if there is none.
func (a *App) storedCell(ctx context.Context, k cellKey) (indicator.Cell, error) {
	kept, err := a.store.Cells(ctx, k.figure, k.org, []day.Day{k.month})
	if err != nil || len(kept) == 0 {
		return indicator.Cell{}, err
	}
	return kept[0].Cell()
}

func equal(a, b indicator.Cell) bool {
	if a.Sum != b.Sum || (a.Set == nil || a.Set.IsEmpty()) != (b.Set == nil || b.Set.IsEmpty()) {
		return false
	}
	return a.Set == nil || b.Set == nil || a.Set.Equals(b.Set)
}

// Restore writes the views of decisions anew, drops every figure and question, and sets
// their followers back to the beginning. Nobody else may use the store meanwhile.
func (a *App) Restore(ctx context.Context) error {
	_, rows, err := a.derive(ctx)
	if err != nil {
		return err
	}
	for _, view := range append(slices.Clone(views), viewQuestion) {
		if err := a.store.ClearView(ctx, view); err != nil {
			return err
		}
	}
	last, _, err := a.store.Last(ctx)
	if err != nil {
		return err
	}
	all := make([]record.Row, 0, len(rows))
	for _, row := range rows {
		all = append(all, row)
	}
	if err := a.store.Append(ctx, last, record.Batch{Rows: all}); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := a.store.ResetCells(ctx, followerFigures); err != nil {
		return err
	}
	return a.store.ResetRows(ctx, followerQuestions, viewQuestion)
}
