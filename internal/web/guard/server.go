package guard

import (
	"context"
	"net/http"
	"time"
)

// How long a connection may take. Slow senders are cut off; a route that takes
// large files, or sends for long, asks for more time with
// [http.ResponseController].
const (
	headerTime = 5 * time.Second
	bodyTime   = 60 * time.Second
	answerTime = 60 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 16 << 10
)

// Server returns a server for h that no slow or talkative client can hold up.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
	}
}

// A Gate lets a few in at a time: for routes of which one costs as much as a
// hundred others.
type Gate struct {
	slots chan struct{}
	wait  time.Duration
}

// NewGate returns a gate for n at a time, where others wait no longer than wait.
func NewGate(n int, wait time.Duration) *Gate {
	return &Gate{slots: make(chan struct{}, max(1, n)), wait: wait}
}

// Enter waits to be let in, and returns how to leave; or [Crowded], or the error
// of ctx.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-g.slots }
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	default:
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, Crowded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
