package app

import (
	"context"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

const (
	keptEarlier  = 44   // traces of the newest records, for each organisation
	keptMeetings = 256  // traces of meetings, for each organisation
	keptWindow   = 35   // days back for which meetings are kept
	slack        = 8    // traces, or days, beyond that before the oldest go
	keptOrgs     = 9000 // organisations that are remembered
)

// A memory holds traces of what organisations recorded last, so that a question can
// be asked without reading. Whatever it does not hold is read: it never changes what
// is asked. What was erased is forgotten.
type memory struct {
	app  *App
	orgs map[id.Org]*remembered
}

// remembered is what is known of one organisation, up to the record before the one
// in question.
type remembered struct {
	earlier  []matter.Earlier // of its newest records, by rising Seq
	whole    bool             // it has no others
	meetings []matter.Meeting // of all its meetings that took place on day since or later
	since    day.Day
}

func newMemory(a *App) memory { return memory{app: a, orgs: map[id.Org]*remembered{}} }

// add takes in r, which has been asked about. An organisation that is not remembered
// is left to be read when it is needed.
func (m *memory) add(ctx context.Context, r record.Record) error {
	switch m.app.effect(r) {
	case "record.erase":
		return m.forget(ctx, r.Fields.Number("record"))
	case "org.found":
		m.keep(r.Org, &remembered{whole: true})
	}
	if k := m.orgs[r.Org]; k != nil {
		k.add(r)
	}
	return nil
}

func (k *remembered) add(r record.Record) {
	if len(k.earlier) > keptEarlier+slack {
		k.earlier, k.whole = append(k.earlier[:0], k.earlier[slack:]...), false
	}
	k.earlier = append(k.earlier, matter.EarlierOf(r))
	meeting, met := matter.MeetingOf(r)
	if !met || meeting.On < k.since {
		return
	}
	if k.meetings = append(k.meetings, meeting); len(k.meetings) >= keptMeetings {
		for _, x := range k.meetings {
			k.since = max(k.since, x.On+1)
		}
		k.meetings = nil
	} else if since := meeting.On - keptWindow; since > k.since+slack {
		k.meetings = slices.DeleteFunc(k.meetings, func(x matter.Meeting) bool { return x.On < since })
		k.since = since
	}
}

// forget drops the organisation whose record seq was erased.
func (m *memory) forget(ctx context.Context, seq int64) error {
	erased, err := m.app.Record(ctx, seq)
	if err != nil {
		return err
	}
	delete(m.orgs, erased.Org)
	return nil
}

func (m *memory) keep(o id.Org, k *remembered) {
	for other := range m.orgs {
		if len(m.orgs) < keptOrgs {
			break
		}
		delete(m.orgs, other) // any: it can be read again
	}
	m.orgs[o] = k
}

// of returns what is remembered of o before record seq, reading it at the first touch.
func (m *memory) of(ctx context.Context, o id.Org, d day.Day, seq int64) (*remembered, error) {
	if k := m.orgs[o]; k != nil {
		return k, nil
	}
	if seq == 1 {
		return &remembered{whole: true}, nil // nothing came before, and UpTo 0 would say everything
	}
	newest, err := m.app.records(ctx, record.Query{Orgs: []id.Org{o}, UpTo: seq - 1, Limit: keptEarlier, Backwards: true})
	if err != nil {
		return nil, err
	}
	k := &remembered{whole: len(newest) < keptEarlier, since: d - keptWindow}
	for _, r := range slices.Backward(newest) {
		k.earlier = append(k.earlier, matter.EarlierOf(r))
	}
	if k.meetings, err = m.meetings(ctx, o, day.Period{From: k.since}, seq); err != nil {
		return nil, err
	}
	m.keep(o, k)
	return k, nil
}

// meetings reads the meetings of o that took place in span, before record seq.
func (m *memory) meetings(ctx context.Context, o id.Org, span day.Period, seq int64) (all []matter.Meeting, err error) {
	records, err := m.app.records(ctx, record.Query{Orgs: []id.Org{o}, During: span, UpTo: seq - 1})
	for _, r := range records {
		if meeting, met := matter.MeetingOf(r); met {
			all = append(all, meeting)
		}
	}
	return all, err
}

// past shows a function the records before one, on a register that is locked.
type past struct {
	ctx    context.Context
	memory *memory
	reg    *register.Register
	seq    int64
}

// Recent implements [matter.Past].
func (p past) Recent(o id.Org, d day.Day, limit int) (recent []matter.Earlier, err error) {
	k, err := p.memory.of(p.ctx, o, d, p.seq)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(k.earlier) {
		if len(recent) == limit {
			return recent, nil
		}
		if e.On <= d {
			recent = append(recent, e)
		}
	}
	if k.whole || len(recent) == limit {
		return recent, nil
	}
	records, err := p.memory.app.records(p.ctx, record.Query{Orgs: []id.Org{o}, During: day.Period{To: d}, UpTo: p.seq - 1, Limit: limit, Backwards: true})
	recent = recent[:0]
	for _, r := range records {
		recent = append(recent, matter.EarlierOf(r))
	}
	return recent, err
}

// PresentOn implements [matter.Past]. It looks where somebody can have been: in
// the own branch and in the organisations of the own offices.
func (p past) PresentOn(who id.Person, d day.Day) (present []matter.Meeting, err error) {
	x, ok := p.reg.Person(who)
	if !ok {
		return nil, nil
	}
	var orgs []id.Org
	if m, ok := x.Membership(d); ok {
		orgs = append(orgs, m.Org)
	}
	for _, f := range x.Offices {
		if f.Held.Contains(d) && !slices.Contains(orgs, f.Org) {
			orgs = append(orgs, f.Org)
		}
	}
	for _, o := range orgs {
		meetings, err := p.meetingsOn(o, d)
		if err != nil {
			return nil, err
		}
		for _, m := range meetings {
			if m.On != d {
				continue
			}
			if _, there := slices.BinarySearch(m.Present, who); there {
				present = append(present, m)
			}
		}
	}
	slices.SortFunc(present, func(a, b matter.Meeting) int { return int(a.Seq - b.Seq) })
	return present, nil
}

// meetingsOn returns meetings of o, among them all of d.
func (p past) meetingsOn(o id.Org, d day.Day) ([]matter.Meeting, error) {
	k, err := p.memory.of(p.ctx, o, d, p.seq)
	if err != nil || d >= k.since {
		return k.meetings, err
	}
	return p.memory.meetings(p.ctx, o, day.Period{From: d, To: d}, p.seq)
}

// Record implements [matter.Past].
func (p past) Record(seq int64) (record.Record, error) { return p.memory.app.Record(p.ctx, seq) }
