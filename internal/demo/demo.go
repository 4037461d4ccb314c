// Package demo builds a model city and a year of its organisation life through
// the ordinary acts of invented people, and by no other way: what it makes has
// been decided like everything else.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A Start is what there is after set-up: the committee at the top, and an officer
// of it who can found and register.
type Start struct {
	Root    id.Org
	Admin   id.Person
	Officer id.Person
}

// People is one invented person per role; "member" is a member without office.
type People map[string]id.Person

// Eve returns the day on which the model city is founded, so that its year of
// organisation life ends today.
func Eve(today day.Day) day.Day { return today.AddMonths(-11).Month().From - 1 }

// Progress is told how far the building is: so many of all acts are done.
type Progress func(stage string, done, total int)

// handed is how many acts are handed over at once.
const handed = 2048

// Build builds the city below start, up to the present day of the real clock. The
// app must run by clock, which Build moves through the year and leaves real. ready
// is told whom one can be once they are in office; the year follows.
func Build(ctx context.Context, a *app.App, clock *Clock, scale Scale, start Start, progress Progress, ready func(People) error) (People, error) {
	defer clock.Real()
	rng := rand.New(rand.NewPCG(1411, 2018))
	units, err := plan(scale, rng)
	if err != nil {
		return nil, err
	}
	today := clock.Today()
	months := day.Period{From: Eve(today) + 1, To: today}
	b := &builder{ctx: ctx, app: a, clock: clock, rng: rng, progress: progress, months: months,
		minutes: minutesWriter{rng}, people: People{}}
	b.clock.Set(months.From - 1)
	if err := b.found(units, start); err != nil {
		return nil, err
	}
	if err := ready(b.people); err != nil {
		return nil, err
	}
	return b.people, b.year()
}

// A builder is the work under way.
type builder struct {
	ctx      context.Context
	app      *app.App
	clock    *Clock
	rng      *rand.Rand
	progress Progress
	months   day.Period
	minutes  minutesWriter
	tasks    []app.Task
	results  []func(record.Record)
	branches []*standing
	under    *handful // handed over, not yet known to be recorded
	visits   map[id.Person]*app.Visit
	stage    string
	done     int
	total    int
	people   People
	heads    heads
}

// add hands over an act of person by; then is told the record.
func (b *builder) add(by id.Person, act matter.Act, then func(record.Record)) error {
	v, err := b.visit(by)
	if err != nil {
		return err
	}
	b.tasks, b.results = append(b.tasks, app.Task{Visit: v, Act: act}), append(b.results, then)
	if len(b.tasks) >= handed && b.stage != "year" {
		return b.handOver()
	}
	return nil
}

func (b *builder) visit(p id.Person) (*app.Visit, error) {
	if v := b.visits[p]; v != nil && v.Today() == b.app.Today() {
		return v, nil
	}
	v, err := b.app.For(p, "demo")
	if err != nil {
		return nil, fmt.Errorf("demo: %s: %w", p, err)
	}
	if b.visits == nil || len(b.visits) > 20_000 {
		b.visits = map[id.Person]*app.Visit{}
	}
	b.visits[p] = v
	return v, nil
}

// flush hands over what has gathered and waits until it is recorded.
func (b *builder) flush() error {
	if err := b.handOver(); err != nil {
		return err
	}
	return b.wait()
}

// handOver hands over what has gathered, once what was handed over before is
// recorded; meanwhile the next can be thought of.
func (b *builder) handOver() error {
	if err := b.wait(); err != nil || len(b.tasks) == 0 {
		return err
	}
	b.under = &handful{tasks: b.tasks, results: b.results, done: make(chan []app.Outcome, 1)}
	b.tasks, b.results = make([]app.Task, 0, handed), make([]func(record.Record), 0, handed)
	go func(h *handful) { h.done <- b.app.ActAll(b.ctx, h.tasks) }(b.under)
	return nil
}

// A handful is what was handed over together.
type handful struct {
	tasks   []app.Task
	results []func(record.Record)
	done    chan []app.Outcome
}

// wait waits until what was handed over is recorded.
func (b *builder) wait() error {
	h := b.under
	if h == nil {
		return b.ctx.Err()
	}
	b.under = nil
	for i, o := range <-h.done {
		if o.Err != nil {
			act := h.tasks[i].Act
			return fmt.Errorf("demo: %s.%s for %s on %s: %w", act.Procedure, act.Step, act.Org, act.On, explain(o.Err))
		}
		if h.results[i] != nil {
			h.results[i](o.Record)
		}
	}
	b.done += len(h.tasks)
	if b.progress != nil {
		b.progress(b.stage, b.done, b.total)
	}
	return b.ctx.Err()
}

// explain adds to a refusal what it was about: a demo that is refused is a fault of
// the demo, and whoever mends it needs to know.
func explain(err error) error {
	var r *matter.Refusal
	if errors.As(err, &r) {
		return fmt.Errorf("%w %v (%s)", err, r.Args, r.Basis)
	}
	return err
}
