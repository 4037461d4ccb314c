// Package demo builds a model city and a year of its organisation life through
// the ordinary acts of invented people, and by no other way: what it makes has
// been decided like everything else.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

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
	Officer id.Person
}

// Progress is told how far the building is: so many of all acts are done.
type Progress func(stage string, done, total int)

// handed is how many acts are handed over at once.
const handed = 2048

// A Result says who can be looked at: one invented person per role.
type Result struct {
	People map[string]id.Person // by role; "member" is a member without office
}

// Build builds the city below start, up to the present day of the real clock. The
// app must run by clock, which Build moves through the year and leaves real.
func Build(ctx context.Context, a *app.App, clock *Clock, scale Scale, start Start, progress Progress) (Result, error) {
	defer clock.Real()
	rng := rand.New(rand.NewPCG(1411, 2018))
	units, err := plan(scale, rng)
	if err != nil {
		return Result{}, err
	}
	today := clock.day(time.Now())
	months := day.Period{From: today.AddMonths(-11).Month().From, To: today}
	b := &builder{ctx: ctx, app: a, clock: clock, rng: rng, progress: progress, months: months,
		minutes: minutesWriter{rng}, result: Result{People: map[string]id.Person{}}}
	b.clock.Set(months.From - 1)
	if err := b.found(units, start); err != nil {
		return Result{}, err
	}
	return b.result, b.year()
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
	visits   map[id.Person]*app.Visit
	stage    string
	done     int
	total    int
	result   Result
}

// add hands over an act of person by; then is told the record.
func (b *builder) add(by id.Person, act matter.Act, then func(record.Record)) error {
	v, err := b.visit(by)
	if err != nil {
		return err
	}
	b.tasks, b.results = append(b.tasks, app.Task{Visit: v, Act: act}), append(b.results, then)
	if len(b.tasks) >= handed {
		return b.flush()
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
	outcomes := b.app.ActAll(b.ctx, b.tasks)
	for i, o := range outcomes {
		if o.Err != nil {
			return fmt.Errorf("demo: %s.%s for %s on %s: %w", b.tasks[i].Act.Procedure, b.tasks[i].Act.Step, b.tasks[i].Act.Org, b.tasks[i].Act.On, explain(o.Err))
		}
		if b.results[i] != nil {
			b.results[i](o.Record)
		}
	}
	b.done += len(b.tasks)
	b.tasks, b.results = b.tasks[:0], b.results[:0]
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
