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
	reqs := make([]*request, 0, len(tasks))
	at := make([]int, 0, len(tasks))
	for i, t := range tasks {
		if err := t.Visit.mayKnow(ctx, t.Act); err != nil {
			outcomes[i].Err = err
			continue
		}
		reqs = append(reqs, &request{ctx: ctx, act: t.Act, by: t.Visit.me, done: make(chan outcome, 1)})
		at = append(at, i)
	}
	if err := a.hand(ctx, reqs); err != nil {
		answerAll(reqs, err)
	}
	for i, req := range reqs {
		out := <-req.done
		outcomes[at[i]] = Outcome{out.record, out.err}
	}
	return outcomes
}
