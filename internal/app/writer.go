package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

const (
	maxBatch   = 4096 // acts in one transaction, but for those handed over together
	maxQueue   = 1024 // handed over and not yet taken
	maxRetries = 8    // when other processes write at the same time

	tryEvery = time.Second // how often it is looked whether what failed is over
)

// A request waits for the writer.
type request struct {
	ctx  context.Context
	act  matter.Act
	by   id.Person
	key  string // idempotency key, or ""
	hash []byte // of the request, when there is a key
	done chan outcome
}

type outcome struct {
	record record.Record
	err    error
}

// submit hands req to the writer and waits until its record is durable.
func (a *App) submit(req *request) (record.Record, error) {
	if err := a.hand(req.ctx, []*request{req}); err != nil {
		return record.Record{}, err
	}
	// From here on the outcome counts, whether or not somebody still waits: to
	// give up now would leave the caller not knowing.
	out := <-req.done
	return out.record, out.err
}

// hand gives requests to the writer, to be written in one transaction.
func (a *App) hand(ctx context.Context, reqs []*request) error {
	select {
	case a.queue <- reqs:
		return nil
	case <-a.closed:
		return fault.ReadOnly
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the one writer. What arrives together is written together: each act is
// decided on the state that the ones before it made, a refused one changes
// nothing, and all are acknowledged when the one transaction is durable.
func (a *App) write() {
	defer a.writing.Done()
	again := time.NewTicker(tryEvery)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			a.tryAgain(context.Background()) // as a commit
		case first := <-a.queue:
			a.commit(a.gather(first))
		case <-a.closed:
			a.drain()
			return
		}
	}
}

func (a *App) gather(first []*request) []*request {
	batch := first
	for len(batch) < maxBatch {
		select {
		case next := <-a.queue:
			batch = append(batch, next...)
		default:
			return batch
		}
	}
	return batch
}

func (a *App) drain() {
	for {
		select {
		case reqs := <-a.queue:
			answerAll(reqs, fault.ReadOnly)
		default:
			return
		}
	}
}

// commit decides and writes a batch, and answers everybody in it.
func (a *App) commit(batch []*request) {
	ctx := context.Background() // a commit under way is never cancelled by a client
	if stop := a.stopped(); stop != nil {
		answerAll(batch, stop)
		return
	}
	for range maxRetries {
		d := a.decideAll(ctx, batch)
		err := a.append(ctx, d)
		if errors.Is(err, record.ErrStale) {
			d.abandon()
			if err = a.startAgain(ctx); err == nil {
				continue
			}
		}
		if err != nil {
			d.abandon()
			a.meter.fail(len(batch))
			a.log.Error("commit failed", "err", err, "acts", len(batch))
			stop := a.fail(err)
			if errors.Is(err, store.ErrUnknown) {
				err = errors.Join(fault.Unknown, err)
			} else {
				err = stop // nothing was written
			}
			answerAll(batch, fmt.Errorf("commit: %w", err))
			a.recover(ctx, stop.Err)
			return
		}
		d.finish()
		return
	}
	answerAll(batch, fault.Busy)
}

// fail remembers why a commit failed, until one succeeds.
func (a *App) fail(why error) *fault.Stop {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed = &fault.Stop{Why: "stop.failed", Err: why}
	return a.failed
}

// tryAgain looks, after a commit that failed, whether the database takes something:
// nobody else may, while it is said that no records are taken.
func (a *App) tryAgain(ctx context.Context) {
	a.mu.RLock()
	failed, last := a.failed, a.last
	a.mu.RUnlock()
	if failed == nil || a.store.PutRows(ctx, followerWriter, last, nil) != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed = nil
	a.log.Info("the database takes records again")
}

func answerAll(batch []*request, err error) {
	for _, req := range batch {
		req.done <- outcome{err: err}
	}
}

// startAgain forgets everything in memory and reads it anew: after another
// process wrote first, or after a commit whose outcome is not known.
func (a *App) startAgain(ctx context.Context) error {
	a.writer.forget()
	return a.load(ctx)
}

// recover brings memory back to what is really written. When that fails, or the
// disk failed under the write, nothing more is taken.
func (a *App) recover(ctx context.Context, why error) {
	if err := a.startAgain(ctx); err != nil || errors.Is(why, store.ErrBroken) {
		a.StopWriting(&fault.Stop{Why: "stop.disk", Err: errors.Join(why, err)})
	}
}
