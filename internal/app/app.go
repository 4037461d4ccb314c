// Package app is what the platform can do. Every change passes through [Visit.Act]:
// read, decide, append. Nothing else writes. It draws no pages and speaks no SQL.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"qingfeng/internal/blob"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/library"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// A Config is what an App is made of.
type Config struct {
	Library *library.Library
	Store   *store.DB
	Files   blob.Store       // keeps attachments; nil: none are taken
	Secret  []byte           // keys the index of ID numbers; at least 16 bytes
	Zone    *time.Location   // in which days begin and end
	Now     func() time.Time // the clock; nil: that of the machine
	Random  io.Reader        // nil: that of the machine
	Log     *slog.Logger

	// Afresh folds the whole record instead of reading the views, to hold those
	// against it. Nobody else may write meanwhile.
	Afresh bool
}

// An App runs one installation. It keeps tree, people and offices in memory, as
// a fold of the record: what is in memory is never more than what is written.
type App struct {
	lib    *library.Library
	store  *store.DB
	files  blob.Store
	secret []byte
	zone   *time.Location
	now    func() time.Time
	random io.Reader
	log    *slog.Logger
	afresh bool

	mu      sync.RWMutex // guards what follows
	reg     *register.Register
	spelled spelled     // the names in reg
	last    int64       // the record up to which reg is folded
	lastT   time.Time   // and its time
	sick    *fault.Stop // why no records are taken for now, or nil
	failed  *fault.Stop // why the last commit failed, or nil

	overrides map[string]Overridden // files of content that are the installation's own, as recorded

	queue   chan []*request // to the writer
	writing sync.WaitGroup  // what Close waits for
	closed  chan struct{}
	writer  writer
	tail    tail
	waves   waves
	counts  counts
	tallies tallies
	meter   meter
}

// Open returns an App that has read what the store holds, and starts its writer.
func Open(ctx context.Context, c Config) (*App, error) {
	if len(c.Secret) < 16 {
		return nil, errors.New("app: the secret is too short")
	}
	a := &App{
		lib: c.Library, store: c.Store, files: c.Files, secret: c.Secret, zone: c.Zone, now: c.Now, random: c.Random, log: c.Log, afresh: c.Afresh,
		queue: make(chan []*request, maxQueue), closed: make(chan struct{}),
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.random == nil {
		a.random = rand.Reader
	}
	if a.zone == nil {
		a.zone = time.UTC
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.writer.forget()
	if err := a.load(ctx); err != nil {
		return nil, err
	}
	a.waves.rise(a.last)
	a.writing.Add(1)
	go a.write()
	// The first reader should not wait until everybody is counted.
	a.writing.Go(func() { a.read(func(g *register.Register) { a.counts.on(g, a.Today()) }) })
	return a, nil
}

// Close lets the writer finish what it was given and stops it. It leaves the
// store open.
func (a *App) Close() {
	close(a.closed)
	a.writing.Wait()
}

// Library returns the content that the installation runs by.
func (a *App) Library() *library.Library { return a.lib }

// Today returns the present day in the time zone of the installation.
func (a *App) Today() day.Day { return day.Of(a.now().In(a.zone)) }

// Zone returns the time zone of the installation.
func (a *App) Zone() *time.Location { return a.zone }

// Size returns the number of the last record taken into the state in memory.
func (a *App) Size() int64 {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.last
}

// Sick returns why no records are taken, or nil: why writing was stopped, that the
// clock stands behind the last record, or why the last commit failed.
func (a *App) Sick() *fault.Stop {
	now := a.now()
	stop := a.stopped()
	a.mu.RLock()
	defer a.mu.RUnlock()
	switch {
	case stop != nil:
		return stop
	case now.Before(a.lastT.Add(-backwards)):
		return a.clockBehind("stop.clock", now, a.lastT)
	}
	return a.failed
}

// stopped returns why writing was stopped, or nil. What was found damaged by anybody
// who read stops it: nothing is decided on what may be wrong.
func (a *App) stopped() *fault.Stop {
	damage := a.store.Damage()
	a.mu.RLock()
	stop := a.sick
	a.mu.RUnlock()
	if stop == nil && damage != nil {
		stop = &fault.Stop{Why: "stop.damaged", Err: damage}
		a.StopWriting(stop)
	}
	return stop
}

// StopWriting makes the App refuse every record from now on, and says why. It
// goes on reading. The first reason stays: what comes after may follow from it.
func (a *App) StopWriting(why *fault.Stop) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sick == nil {
		a.sick = why
	}
	a.log.Error("writing stopped", "why", why)
}

// writeAgain takes back a stop whose reason is over.
func (a *App) writeAgain(stop *fault.Stop) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if stop != nil && a.sick == stop {
		a.sick = nil
		a.log.Info("writing goes on")
	}
}

// read runs f on the register while nobody changes it.
func (a *App) read(f func(g *register.Register)) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	f(a.reg)
}

// dayOf returns the day on which a record was written down.
func (a *App) dayOf(r record.Record) day.Day { return day.Of(r.Time.In(a.zone)) }

// lateness returns the days by which r was written down after it happened.
func (a *App) lateness(r record.Record) int { return r.Lateness(a.zone) }
