package app

import (
	"context"
	"errors"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

// sealEvery is the least time between two checkpoints while records keep coming; a
// record is under a checkpoint well within a second.
const sealEvery = 300 * time.Millisecond

// FollowSeal makes every record a leaf of the public log, in the order of their
// numbers, and signs, until ctx ends. It is the only writer of log. When the log
// takes no more, the App stops taking records, and this ends without an error:
// what cannot be sealed is not recorded, and can still be read. now is the real time, also where the records of a model city are dated
// back.
func (a *App) FollowSeal(ctx context.Context, log *tiles.Log, now func() time.Time) error {
	for {
		records, err := a.After(ctx, log.Size(), followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, nil, err)
		}
		leaves := make([][]byte, len(records))
		for i, r := range records {
			leaves[i] = r.Leaf()
		}
		if _, err := log.Append(ctx, leaves); err != nil {
			return a.unsealed(ctx, err)
		}
		if log.Size() < a.Size() && len(records) == followAtOnce {
			continue // sign when it has caught up
		}
		if err := a.publish(ctx, log, now); err != nil {
			return a.unsealed(ctx, err)
		}
		if !pause(ctx, sealEvery) {
			return nil
		}
	}
}

// publish signs what was appended. While the clock stands behind the last signature
// it waits for the clock: nothing is lost by that, and every other failure is final.
func (a *App) publish(ctx context.Context, log *tiles.Log, now func() time.Time) error {
	for {
		_, err := log.Publish(ctx, now())
		if !errors.Is(err, seal.ErrClock) {
			return err
		}
		a.log.Warn("the clock stands behind the last signature: waiting", "err", err)
		if !pause(ctx, clockWait) {
			return ctx.Err()
		}
	}
}

// clockWait is how often a clock that went back is looked at again.
const clockWait = time.Second

func (a *App) unsealed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	a.StopWriting(&fault.Stop{Why: "stop.log_write", Err: err})
	return nil
}

// pause waits, and reports whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
