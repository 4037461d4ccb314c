package app

import (
	"context"
	"errors"
	"syscall"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

// sealEvery is the least time between two checkpoints while records keep coming; a
// record is under a checkpoint well within a second.
const sealEvery = 300 * time.Millisecond

// FollowSeal makes every record a leaf of the public log, in the order of their
// numbers, and signs, until ctx ends. It is the only writer of log. When the log
// takes no more, the App stops taking records, and this ends without an error:
// what cannot be sealed is not recorded, and can still be read. Where only room is
// missing it goes on once there is some. now is the real time, also where the records
// of a model city are dated back.
func (a *App) FollowSeal(ctx context.Context, log *tiles.Log, now func() time.Time) error {
	var stop *fault.Stop // while there is no room
	for {
		records, err := a.After(ctx, log.Size(), followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, nil, err)
		}
		switch err = a.sealAll(ctx, log, records, now); {
		case ctx.Err() != nil:
			return nil
		case err == nil && log.Size() < a.Size() && len(records) == followAtOnce:
			continue // sign when it has caught up
		case err == nil:
			a.writeAgain(stop)
			stop = nil
			if !pause(ctx, sealEvery) {
				return nil
			}
			continue
		case stop == nil:
			stop = &fault.Stop{Why: "stop.log_write", Err: err}
			a.StopWriting(stop)
		}
		for errors.Is(err, syscall.ENOSPC) && pause(ctx, tryEvery) {
			err = log.Resume()
		}
		if err != nil {
			return nil // what else can fail leaves nobody knowing what is on the disk
		}
	}
}

// sealAll makes records leaves, and signs unless there are more.
func (a *App) sealAll(ctx context.Context, log *tiles.Log, records []record.Record, now func() time.Time) error {
	leaves := make([][]byte, len(records))
	for i, r := range records {
		leaves[i] = r.Leaf()
	}
	if _, err := log.Append(ctx, leaves); err != nil {
		return err
	}
	if log.Size() < a.Size() && len(records) == followAtOnce {
		return nil
	}
	return a.publish(ctx, log, now)
}

// publish signs what was appended. While the clock stands behind the last signature
// it waits for the clock: nothing is lost by that, and every other failure is final.
// No records are taken while it stands further behind than a clock is corrected by.
func (a *App) publish(ctx context.Context, log *tiles.Log, now func() time.Time) error {
	var stop *fault.Stop
	defer func() { a.writeAgain(stop) }()
	for {
		at := now()
		_, err := log.Publish(ctx, at)
		if !errors.Is(err, seal.ErrClock) {
			return err
		}
		if signed := log.Last().At; stop == nil && at.Before(signed.Add(-backwards)) {
			stop = a.clockBehind("stop.clock_signed", at, signed)
			a.StopWriting(stop)
		}
		if !pause(ctx, clockWait) {
			return ctx.Err()
		}
	}
}

// clockWait is how often a clock that went back is looked at again.
const clockWait = time.Second

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
