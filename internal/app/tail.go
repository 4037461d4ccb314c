package app

import (
	"context"
	"slices"
	"sync"

	"qingfeng/internal/record"
)

// maxTail is how many of the newest records stay in memory for followers.
const maxTail = 1 << 13

// A tail keeps the newest records, so that followers need not read back what was
// just written.
type tail struct {
	mu      sync.Mutex
	records []record.Record
}

func (t *tail) add(fresh []record.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) > 0 && len(fresh) > 0 && t.records[len(t.records)-1].Seq+1 != fresh[0].Seq {
		t.records = nil // something is missing between: start anew
	}
	t.records = append(t.records, fresh...)
	if over := len(t.records) - maxTail; over > maxTail/2 {
		t.records = append([]record.Record(nil), t.records[over:]...)
	}
}

// erase blanks record seq. Followers may hold what was handed out: it stays as it is.
func (t *tail) erase(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) == 0 || seq < t.records[0].Seq || seq > t.records[len(t.records)-1].Seq {
		return
	}
	t.records = slices.Clone(t.records)
	r := &t.records[seq-t.records[0].Seq]
	r.Fields, r.Salt = nil, nil
}

// after returns the records after seq, and whether all of them are in memory.
func (t *tail) after(seq int64, limit int) ([]record.Record, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) == 0 || t.records[0].Seq > seq+1 {
		return nil, false
	}
	from := min(int(seq+1-t.records[0].Seq), len(t.records))
	to := min(from+limit, len(t.records))
	return t.records[from:to:to], true
}

// Waves tell followers that the log has grown.
type waves struct {
	mu   sync.Mutex
	high int64
	wait chan struct{}
}

func (w *waves) rise(high int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.high = high
	if w.wait != nil {
		close(w.wait)
		w.wait = nil
	}
}

// beyond returns a channel that is closed once the log is longer than seq.
func (w *waves) beyond(seq int64) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.high > seq {
		done := make(chan struct{})
		close(done)
		return done
	}
	if w.wait == nil {
		w.wait = make(chan struct{})
	}
	return w.wait
}

// After returns up to limit records after seq, oldest first, waiting until there
// is one or ctx ends.
func (a *App) After(ctx context.Context, seq int64, limit int) ([]record.Record, error) {
	select {
	case <-a.waves.beyond(seq):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if rs, ok := a.tail.after(seq, limit); ok && len(rs) > 0 {
		return rs, nil
	}
	return a.records(ctx, record.Query{After: seq, Limit: limit})
}
