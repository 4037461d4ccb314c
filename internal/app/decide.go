package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// backwards is how far the clock may step back before nothing is written any
// more: less is the ordinary correction of a clock, and time then stands still.
const backwards = 2 * time.Second

// A decided batch, not yet written.
type decided struct {
	app      *App
	batch    []*request
	outcomes []outcome
	have     int64
	lastT    time.Time
	write    record.Batch
	locked   bool            // the register has been changed and is kept from readers
	erased   []record.Record // as they were
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
	p, st, err := a.matterState(ctx, &act)
	if err != nil {
		return record.Record{}, err
	}
	a.placeOn(a.reg, p, st, &act)
	look := &lookup{ctx: ctx, app: a, pending: d.write.Records}
	by := matter.By{Today: a.Today(), Log: look}
	if req.by != 0 {
		who, ok := a.reg.Person(req.by)
		if !ok {
			return record.Record{}, fault.Forbidden
		}
		by.Person = who
	}
	r, refusal := matter.Decide(p, a.lib.Law, a.world(), *st, act, by)
	if look.err != nil {
		return record.Record{}, fmt.Errorf("decide: %w", look.err)
	}
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

// time returns the time of writing down: never before that of the record before.
func (d *decided) time() (time.Time, error) {
	now := d.app.now().UTC().Truncate(time.Microsecond)
	if now.Before(d.lastT.Add(-backwards)) {
		return now, d.app.clockBehind("stop.clock", now, d.lastT)
	}
	if now.Before(d.lastT) {
		now = d.lastT
	}
	return now, nil
}

// clockBehind says that the clock shows now, and the last record or signature is of last.
func (a *App) clockBehind(why string, now, last time.Time) *fault.Stop {
	return &fault.Stop{Why: why, Args: map[string]string{"clock": now.In(a.zone).Format(time.DateTime), "last": last.In(a.zone).Format(time.DateTime)}}
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
		a.spelled.changed(a.reg, changes)
		rows, err := a.reg.Rows(changes, r.Seq)
		if err != nil {
			return err
		}
		d.write.Rows = append(d.write.Rows, rows...)
		if s.Effect == "record.erase" {
			more, err := d.erase(r.Fields.Number("record"), r.Seq)
			if err != nil {
				return err
			}
			d.write.Rows = append(d.write.Rows, more...)
		}
	}
	d.write.Records = append(d.write.Records, r)
	d.lastT = r.Time
	st.Add(p, r)
	a.writer.keep(r.Matter, st)
	return nil
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
		a.last, a.lastT, a.failed = d.write.Records[n-1].Seq, d.lastT, nil
		a.tallies.note(a.reg.Tree(), d.write.Records, d.locked)
		a.mu.Unlock()
		a.tail.add(d.write.Records)
		d.forget()
		a.waves.rise(a.last)
	}
	a.meter.count(d.outcomes...)
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
// An act that begins the book of a year goes on with it where it is there already.
func (a *App) matterState(ctx context.Context, act *matter.Act) (procedure.Procedure, *matter.State, error) {
	begins := act.Matter == ""
	if begins {
		p, ok := a.lib.Procedure(act.Procedure, act.On)
		if !ok {
			return p, nil, fault.NotFound
		}
		if act.Matter = act.Book(p); act.Matter == "" {
			return p, &matter.State{Procedure: p.ID, Edition: p.From}, nil
		}
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
	if len(past) == 0 && begins {
		p, _ := a.lib.Procedure(act.Procedure, act.On)
		return p, &matter.State{Procedure: p.ID, Edition: p.From}, nil
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
			act.Org = cmp.Or(who.Home(a.Today()), act.Org)
		}
	case act.Org == 0:
		act.Org = st.Org
	}
}

func (a *App) world() matter.World { return a.reg }

var _ matter.World = (*register.Register)(nil)
