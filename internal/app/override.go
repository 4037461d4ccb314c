package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// The procedure by which the installation writes down what content it runs by, and
// its steps.
const (
	overrideProcedure = "override"
	overrideReplace   = "replace"
	overrideWithdraw  = "withdraw"
)

// installationOrg is the organisation at the top, which set-up founds first: what the
// installation records about itself stands there.
const installationOrg = id.Org(1)

// An Overridden is a file of content that the installation replaced or added, as it
// was recorded.
type Overridden struct {
	library.Override
	Record int64   // that says so
	On     day.Day // since when
	Time   time.Time
}

// RecordOverrides writes down, by acts of the installation itself, every file of
// content that differs from what was recorded before: replaced, added, or no longer
// so. Done twice it records nothing the second time. Before set-up there is nowhere
// to record it, and it does nothing.
func (a *App) RecordOverrides(ctx context.Context) error {
	founded := false
	a.read(func(g *register.Register) { _, founded = g.Tree().Org(installationOrg) })
	if !founded {
		return nil
	}
	known, err := a.overridden(ctx)
	if err != nil {
		return fmt.Errorf("overrides: %w", err)
	}
	now := map[string]bool{}
	for _, o := range a.lib.Overrides {
		now[o.Path] = true
		if known[o.Path].Override == o {
			continue
		}
		r, err := a.override(ctx, overrideReplace, record.Of(
			record.F("path", record.Text(o.Path)), record.F("hash", record.Text(o.Hash)), record.F("replaced", record.Text(o.Replaced))))
		if err != nil {
			return fmt.Errorf("override %s: %w", o.Path, err)
		}
		known[o.Path] = Overridden{o, r.Seq, r.On, r.Time}
	}
	for _, path := range slices.Sorted(maps.Keys(known)) {
		if now[path] {
			continue
		}
		if _, err := a.override(ctx, overrideWithdraw, record.Of(
			record.F("path", record.Text(path)), record.F("withdrawn", record.Text(known[path].Hash)))); err != nil {
			return fmt.Errorf("override %s: %w", path, err)
		}
		delete(known, path)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.overrides = known
	return nil
}

// overridden reads what was recorded last of every file that is still replaced.
func (a *App) overridden(ctx context.Context) (map[string]Overridden, error) {
	known := map[string]Overridden{}
	records, err := a.records(ctx, record.Query{Orgs: []id.Org{installationOrg}})
	for _, r := range records {
		path := r.Fields.Text("path")
		switch r.Kind {
		case overrideProcedure + "." + overrideReplace:
			known[path] = Overridden{library.Override{Path: path, Hash: r.Fields.Text("hash"), Replaced: r.Fields.Text("replaced")}, r.Seq, r.On, r.Time}
		case overrideProcedure + "." + overrideWithdraw:
			delete(known, path)
		}
	}
	return known, err
}

func (a *App) override(ctx context.Context, step string, fields record.Fields) (record.Record, error) {
	act := matter.Act{Procedure: overrideProcedure, Org: installationOrg, Step: step, On: a.Today(), Fields: fields}
	return a.submit(&request{ctx: ctx, act: act, done: make(chan outcome, 1)})
}

// Overridden returns what was recorded of a file of content, if the installation
// replaced or added it.
func (a *App) Overridden(path string) (o Overridden, ok bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	o, ok = a.overrides[path]
	return o, ok
}
