package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

const (
	maxBatch   = 4096 // acts in one transaction, but for those handed over together
	maxQueue   = 1024 // handed over and not yet taken
	maxStates  = 8192 // open matters kept in memory
	maxRecent  = 1 << 15
	maxRetries = 8 // when other processes write at the same time
)

// backwards is how far the clock may step back before nothing is written any
// more: less is the ordinary correction of a clock, and time then stands still.
const backwards = 2 * time.Second

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
	for {
		select {
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
	if err := a.Sick(); err != nil {
		answerAll(batch, err)
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
			a.log.Error("commit failed", "err", err, "acts", len(batch))
			answerAll(batch, fmt.Errorf("commit: %w", errors.Join(fault.Unknown, err)))
			a.recover(ctx)
			return
		}
		d.finish()
		return
	}
	answerAll(batch, fault.Busy)
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

// recover brings memory back to what is really written. While that fails nothing
// is taken.
func (a *App) recover(ctx context.Context) {
	if err := a.startAgain(ctx); err != nil {
		a.StopWriting(err)
	}
}

// A decided batch, not yet written.
type decided struct {
	app      *App
	batch    []*request
	outcomes []outcome
	have     int64
	lastT    time.Time
	write    record.Batch
	states   []*matter.State // touched by the batch
	locked   bool            // the register has been changed and is kept from readers
}

func (a *App) decideAll(ctx context.Context, batch []*request) *decided {
	d := &decided{app: a, batch: batch, outcomes: make([]outcome, len(batch)), have: a.last, lastT: a.lastT}
	for i, req := range batch {
		r, err := d.decide(ctx, req)
		d.outcomes[i] = outcome{r, err}
	}
	return d
}

// decide takes one act into the batch, or says why not.
func (d *decided) decide(ctx context.Context, req *request) (record.Record, error) {
	a := d.app
	if r, found, err := d.repeated(ctx, req); found || err != nil {
		return r, err
	}
	now, err := d.time()
	if err != nil {
		return record.Record{}, err
	}
	act := req.act
	p, st, err := a.matterState(ctx, act)
	if err != nil {
		return record.Record{}, err
	}
	a.placeOn(a.reg, p, st, &act)
	by := matter.By{Today: a.Today()}
	if req.by != 0 {
		who, ok := a.reg.Person(req.by)
		if !ok {
			return record.Record{}, fault.Forbidden
		}
		by.Person = who
	}
	r, refusal := matter.Decide(p, a.lib.Law, a.world(), *st, act, by)
	if refusal != nil {
		return record.Record{}, refusal
	}
	r.Seq, r.Time = d.have+int64(len(d.write.Records))+1, now
	d.name(p, &r)
	if err := d.seal(&r); err != nil {
		return record.Record{}, err
	}
	if err := d.take(p, st, r); err != nil {
		return record.Record{}, err
	}
	if req.key != "" {
		ans := record.Answer{Actor: req.by, Key: req.key, Request: req.hash, Seq: r.Seq}
		d.write.Answers = append(d.write.Answers, ans)
		a.writer.remember(ans)
	}
	return r, nil
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

// time returns the time of writing down: never before that of the record before.
func (d *decided) time() (time.Time, error) {
	now := d.app.now().UTC().Truncate(time.Microsecond)
	if now.Before(d.lastT.Add(-backwards)) {
		return now, errors.Join(fault.ReadOnly, fmt.Errorf("the clock shows %s, before the last record (%s)", now, d.lastT))
	}
	if now.Before(d.lastT) {
		now = d.lastT
	}
	return now, nil
}

// name gives a matter that begins its name, and an organisation or a person the
// next number.
func (d *decided) name(p procedure.Procedure, r *record.Record) {
	if r.Matter != "" {
		return
	}
	switch p.Subject {
	case "org":
		o := id.Org(d.app.reg.Tree().Len() + 1)
		r.Matter, r.Org = o.Matter(), o
	case "person":
		r.Matter = id.Person(d.app.reg.People() + 1).Matter()
	default:
		r.Matter = id.Begun(r.Seq)
	}
}

func (d *decided) seal(r *record.Record) error {
	noise := make([]byte, 32)
	if _, err := io.ReadFull(d.app.random, noise); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	*r = r.Sealed(noise[:16], noise[16:])
	return nil
}

// take takes r into the batch and its effect into the register.
func (d *decided) take(p procedure.Procedure, st *matter.State, r record.Record) error {
	a := d.app
	s, _ := p.Step(r.Step())
	if s.Effect != "" {
		if !d.locked {
			a.mu.Lock() // readers see the change when it is durable
			d.locked = true
		}
		changes, err := a.reg.Apply(s.Effect, r)
		if err != nil {
			return err
		}
		rows, err := a.reg.Rows(changes, r.Seq)
		if err != nil {
			return err
		}
		d.write.Rows = append(d.write.Rows, rows...)
		if s.Effect == "record.erase" {
			d.write.Erase = append(d.write.Erase, r.Fields.Number("record"))
		}
	}
	d.write.Records = append(d.write.Records, r)
	d.lastT = r.Time
	st.Add(p, r)
	a.writer.keep(r.Matter, st)
	return nil
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

func (a *App) append(ctx context.Context, d *decided) error {
	if len(d.write.Records) == 0 {
		return nil
	}
	return a.store.Append(ctx, d.have, d.write)
}

// finish makes the written batch what everybody sees, and answers.
func (d *decided) finish() {
	a := d.app
	if n := len(d.write.Records); n > 0 {
		if !d.locked {
			a.mu.Lock()
		}
		a.last, a.lastT = d.write.Records[n-1].Seq, d.lastT
		a.mu.Unlock()
		a.tail.add(d.write.Records)
		a.waves.rise(a.last)
	}
	for i, req := range d.batch {
		req.done <- d.outcomes[i]
	}
}

// abandon lets readers in again; what is in memory must be read anew.
func (d *decided) abandon() {
	if d.locked {
		d.app.mu.Unlock()
	}
}

// matterState returns the procedure and the state of the matter that act is about.
func (a *App) matterState(ctx context.Context, act matter.Act) (procedure.Procedure, *matter.State, error) {
	if act.Matter == "" {
		p, ok := a.lib.Procedure(act.Procedure, act.On)
		if !ok {
			return p, nil, fault.NotFound
		}
		return p, &matter.State{Procedure: p.ID, Edition: p.From}, nil
	}
	if st, ok := a.writer.states[act.Matter]; ok && st.Procedure == act.Procedure {
		p, ok := a.lib.ProcedureEdition(st.Procedure, st.Edition)
		if !ok {
			return p, nil, fault.NotFound
		}
		return p, st, nil
	}
	past, err := a.records(ctx, record.Query{Matter: act.Matter})
	if err != nil {
		return procedure.Procedure{}, nil, err
	}
	if len(past) == 0 || past[0].Procedure() != act.Procedure {
		return procedure.Procedure{}, nil, fault.NotFound
	}
	p, ok := a.lib.ProcedureEdition(act.Procedure, past[0].Edition)
	if !ok {
		return p, nil, fault.NotFound
	}
	st := matter.Fold(p, past)
	return p, &st, nil
}

// placeOn works out the organisation where the form must not say it: the matter
// knows; and the file of a person follows the person.
func (a *App) placeOn(g *register.Register, p procedure.Procedure, st *matter.State, act *matter.Act) {
	switch {
	case st.Len == 0:
	case p.Subject == "person":
		n, _ := act.Matter.Person()
		if who, ok := g.Person(n); ok {
			if m, ok := who.Membership(a.Today()); ok {
				act.Org = m.Org
			}
		}
	case act.Org == 0:
		act.Org = st.Org
	}
}

func (a *App) world() matter.World { return a.reg }

var _ matter.World = (*register.Register)(nil)

// requestHash digests what a request asks for, so that its key cannot serve another.
func requestHash(act matter.Act) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%s\n%s\n%d\n%d\n", act.Procedure, act.Matter, act.Org, act.Step, act.On, act.Behalf, act.Corrects)
	h.Write(act.Fields.Append(nil))
	return h.Sum(nil)
}
