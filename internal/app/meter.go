package app

import (
	"context"
	"errors"
	"maps"
	"sync"

	"qingfeng/internal/matter"
)

// A meter counts what the writer answered.
type meter struct {
	mu      sync.Mutex
	acts    int64
	failed  int64
	refused map[string]int64
}

// count takes in the outcomes of a batch.
func (m *meter) count(outcomes ...outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, out := range outcomes {
		var refusal *matter.Refusal
		switch {
		case out.err == nil:
			m.acts++
		case errors.As(out.err, &refusal):
			if m.refused == nil {
				m.refused = map[string]int64{}
			}
			m.refused[refusal.Why]++
		default:
			m.failed++
		}
	}
}

// fail counts n acts of which nobody knows what became of them.
func (m *meter) fail(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed += int64(n)
}

// A Metering is how much this process did since it started, and how far behind its
// followers are.
type Metering struct {
	Acts    int64            // recorded
	Failed  int64            // neither recorded nor refused
	Refused map[string]int64 // by the key of the reason
	Queue   int              // handed over to the writer and not yet taken
	Size    int64            // records
	Lag     map[string]int64 // records that a follower has still to take, by its name
}

// Metering returns the present counts.
func (a *App) Metering(ctx context.Context) (Metering, error) {
	a.meter.mu.Lock()
	m := Metering{Acts: a.meter.acts, Failed: a.meter.failed, Refused: maps.Clone(a.meter.refused)}
	a.meter.mu.Unlock()
	m.Queue, m.Size, m.Lag = len(a.queue), a.Size(), map[string]int64{}
	for _, name := range []string{followerFigures, followerQuestions} {
		at, err := a.store.Position(ctx, name)
		if err != nil {
			return m, err
		}
		m.Lag[name] = max(0, m.Size-at)
	}
	return m, nil
}
