package app

import (
	"context"
	"fmt"
	"time"
)

// followEvery is how often CaughtUp looks whether the followers have arrived.
const followEvery = 20 * time.Millisecond

// CaughtUp waits until figures and questions are where the record was when it was
// called, or ctx ends. A command that reports figures calls it first.
func (a *App) CaughtUp(ctx context.Context) error {
	want := a.Size()
	for _, follower := range []string{followerFigures, followerQuestions} {
		for {
			at, err := a.store.Position(ctx, follower)
			if err != nil {
				return fmt.Errorf("caught up: %w", err)
			}
			if at >= want {
				break
			}
			if !pause(ctx, followEvery) {
				return ctx.Err()
			}
		}
	}
	return nil
}
