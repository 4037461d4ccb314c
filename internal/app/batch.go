package app

import (
	"context"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A Task is an act of a visitor, one of many that are handed over together.
type Task struct {
	Visit *Visit
	Act   matter.Act
}

// An Outcome is what became of a task.
type Outcome struct {
	Record record.Record
	Err    error
}

// ActAll takes tasks in order and returns their outcomes in the same order. Each is
// decided by itself, like one act of one person; that they come together only saves
// the waiting between them.
func (a *App) ActAll(ctx context.Context, tasks []Task) []Outcome {
	outcomes := make([]Outcome, len(tasks))
	waiting := make([]*request, len(tasks))
	for i, t := range tasks {
		if err := t.Visit.mayKnow(ctx, t.Act); err != nil {
			outcomes[i].Err = err
			continue
		}
		req := &request{ctx: ctx, act: t.Act, by: t.Visit.me, done: make(chan outcome, 1)}
		if err := a.hand(req); err != nil {
			outcomes[i].Err = err
			continue
		}
		waiting[i] = req
	}
	for i, req := range waiting {
		if req != nil {
			out := <-req.done
			outcomes[i] = Outcome{out.record, out.err}
		}
	}
	return outcomes
}
