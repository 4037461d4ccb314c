package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

const (
	maxStates = 8192    // open matters kept in memory
	maxRecent = 1 << 15 // answers in each of the two generations
)

// A writer is what only the writing goroutine touches.
type writer struct {
	states map[id.Matter]*matter.State
	recent map[answerKey]record.Answer // what was answered lately, not older than older
	older  map[answerKey]record.Answer
}

type answerKey struct {
	actor id.Person
	key   string
}

func (w *writer) forget() {
	w.states = map[id.Matter]*matter.State{}
	w.recent, w.older = map[answerKey]record.Answer{}, map[answerKey]record.Answer{}
}

func (w *writer) remember(ans record.Answer) {
	if len(w.recent) >= maxRecent {
		w.older, w.recent = w.recent, map[answerKey]record.Answer{}
	}
	w.recent[answerKey{ans.Actor, ans.Key}] = ans
}

func (w *writer) answered(actor id.Person, key string) (record.Answer, bool) {
	if ans, ok := w.recent[answerKey{actor, key}]; ok {
		return ans, true
	}
	ans, ok := w.older[answerKey{actor, key}]
	return ans, ok
}

// erase forgets what r said: the state of its matter, and the digest of the request
// that made it.
func (w *writer) erase(r record.Record) {
	delete(w.states, r.Matter)
	for _, answers := range []map[answerKey]record.Answer{w.recent, w.older} {
		for k, ans := range answers {
			if ans.Seq == r.Seq {
				ans.Request = nil
				answers[k] = ans
			}
		}
	}
}

// keep keeps the state of a matter that may go on.
func (w *writer) keep(m id.Matter, st *matter.State) {
	if st.Closed {
		delete(w.states, m)
		return
	}
	if len(w.states) >= maxStates {
		w.states = map[id.Matter]*matter.State{}
	}
	w.states[m] = st
}

// repeated answers a request that came before with the same key.
func (d *decided) repeated(ctx context.Context, req *request) (record.Record, bool, error) {
	if req.key == "" {
		return record.Record{}, false, nil
	}
	ans, ok := d.app.writer.answered(req.by, req.key)
	if !ok {
		return record.Record{}, false, nil
	}
	if !slices.Equal(ans.Request, req.hash) {
		return record.Record{}, false, fault.Reused
	}
	if i := ans.Seq - d.have - 1; i >= 0 && i < int64(len(d.write.Records)) {
		return d.write.Records[i], true, nil
	}
	r, err := d.app.Record(ctx, ans.Seq)
	return r, err == nil, err
}

// requestHash digests what a request asks for, so that its key cannot serve another.
func requestHash(act matter.Act) []byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\n%s\n%s\n%s\n%s\n%d\n%d\n", act.Procedure, act.Matter, act.Org, act.Step, act.On, act.Behalf, act.Corrects) // a hash takes everything
	h.Write(act.Fields.Append(nil))
	return h.Sum(nil)
}
