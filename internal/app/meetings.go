package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A MeetingQuery selects meetings.
type MeetingQuery struct {
	Org    id.Org     // and everything below it
	Kinds  []string   // procedures
	During day.Period // days on which they were held, or planned
	Late   bool       // only those written down late
	Asked  bool       // only those with a question that nobody has answered
	Offset int
	Limit  int
}

// A MeetingPage is one page of meetings, newest first.
type MeetingPage struct {
	Meetings []Meeting
	More     bool // there are further ones
}

// A Meeting is one meeting in a list, corrections applied.
type Meeting struct {
	Matter    id.Matter
	Procedure procedure.Procedure
	Org       OrgRef
	Record    record.Record // by which it was held, or planned; private answers left out
	Step      procedure.Step
	Held      bool
	Closed    bool
	Late      int // days beyond the tolerance
	Questions int // without an answer
	Leaf      []byte
}

// Guards of the system: how far a list reads before it gives up filling a page.
const (
	mostScanned = 4_000 // candidates of one list
	longestSpan = 400   // days of one list
)

// MeetingStep returns the step of p by which a meeting takes place.
func MeetingStep(p procedure.Procedure) procedure.Step {
	if s, ok := p.Step("hold"); ok {
		return s
	}
	return p.Steps[0]
}

// Meetings returns a page of meetings of q.Org and below. It reads day by day from
// the newest, and no further than the page asks for: a whole city's year is never
// in memory.
func (v *Visit) Meetings(ctx context.Context, q MeetingQuery) (MeetingPage, error) {
	if !v.May(access.ReadOrg, q.Org) {
		return MeetingPage{}, fault.NotFound
	}
	l := meetingList{visit: v, query: q, seen: map[id.Matter]bool{}}
	last := min(q.During.To, v.today)
	if q.During.To == 0 {
		last = v.today
	}
	l.query.During = day.Period{From: max(q.During.From, last-longestSpan), To: last}
	v.app.read(func(g *register.Register) {
		g.Tree().Walk(q.Org, v.today, func(o org.Org) bool {
			l.orgs = append(l.orgs, o.ID)
			return true
		})
	})
	err := l.fill(ctx)
	return l.page, err
}

type meetingList struct {
	visit   *Visit
	query   MeetingQuery
	orgs    []id.Org
	seen    map[id.Matter]bool
	skipped int
	scanned int
	page    MeetingPage
}

// fill reads spans of days backwards: long ones for a branch, single days for many.
func (l *meetingList) fill(ctx context.Context) error {
	width := day.Day(1)
	if len(l.orgs) <= 16 {
		width = longestSpan
	}
	for to := l.query.During.To; to >= l.query.During.From && !l.page.More && l.scanned < mostScanned; to -= width {
		span := day.Period{From: max(l.query.During.From, to-width+1), To: to}
		if err := l.read(ctx, span); err != nil {
			return err
		}
	}
	return nil
}

// read takes in the meetings of span, newest first.
func (l *meetingList) read(ctx context.Context, span day.Period) error {
	var heads []record.Record
	for chunk := range slices.Chunk(l.orgs, orgsAtOnce) {
		for raw, err := range l.visit.app.store.Raw(ctx, record.Query{Orgs: chunk, During: span}) {
			if err != nil {
				return fmt.Errorf("meetings: %w", err)
			}
			if raw.Corrects == 0 && slices.Contains(l.query.Kinds, raw.Procedure()) {
				heads = append(heads, raw.Record)
			}
		}
	}
	slices.SortFunc(heads, func(a, b record.Record) int {
		if a.On != b.On {
			return int(b.On - a.On)
		}
		return int(b.Seq - a.Seq)
	})
	for _, head := range heads {
		if l.page.More || l.scanned >= mostScanned {
			return nil
		}
		if err := l.consider(ctx, head); err != nil {
			return err
		}
	}
	return nil
}

// consider adds the meeting that head belongs to, if the query selects it and the
// page has room. A meeting stands at the day on which it was held, and until then at
// the day on which it began.
func (l *meetingList) consider(ctx context.Context, head record.Record) error {
	l.scanned++
	p, ok := l.visit.app.lib.ProcedureEdition(head.Procedure(), head.Edition)
	if !ok || l.seen[head.Matter] || l.query.Late && l.visit.app.late(head) == 0 {
		return nil
	}
	holds := head.Step() == MeetingStep(p).ID
	if !holds && head.Matter != id.Begun(head.Seq) || !l.visit.knows(head) {
		return nil
	}
	l.seen[head.Matter] = true
	if holds && !l.query.Late && !l.query.Asked && l.skipped < l.query.Offset {
		l.skipped++
		return nil
	}
	m, err := l.visit.meetingOf(ctx, p, head)
	if err != nil || m.Held && !holds || l.query.Asked && m.Questions == 0 || l.query.Late && m.Late == 0 {
		return err
	}
	switch {
	case l.skipped < l.query.Offset:
		l.skipped++
	case len(l.page.Meetings) == l.query.Limit:
		l.page.More = true
	default:
		l.page.Meetings = append(l.page.Meetings, m)
	}
	return nil
}

// meetingOf reads the whole matter of head.
func (v *Visit) meetingOf(ctx context.Context, p procedure.Procedure, head record.Record) (Meeting, error) {
	records, err := v.app.records(ctx, record.Query{Matter: head.Matter})
	if err != nil {
		return Meeting{}, err
	}
	questions, err := v.app.questionsUnder(ctx, fmt.Sprintf("%s/%s/", head.Org, head.Matter))
	if err != nil {
		return Meeting{}, err
	}
	st := matter.Fold(p, records)
	m := Meeting{Matter: head.Matter, Procedure: p, Closed: st.Closed}
	m.Step = MeetingStep(p)
	m.Record, m.Held = st.Done(m.Step.ID)
	if !m.Held {
		m.Step, _ = p.Step(head.Step())
		m.Record, _ = st.Done(m.Step.ID)
	}
	m.Late, m.Leaf = v.app.late(m.Record), leafHash(m.Record)
	for _, q := range questions {
		if q.Answer == 0 {
			m.Questions++
		}
	}
	v.app.read(func(g *register.Register) {
		m.Org = orgOn(g, st.Org, v.today)
		m.Record.Fields, _ = v.visible(g, m.Step, m.Record)
	})
	return m, nil
}

// MayTake reports whether the visitor holds one of the offices by which step s of p
// is taken for o today, and o is of a kind that may have such matters.
func (v *Visit) MayTake(p procedure.Procedure, s procedure.Step, o id.Org) (may bool) {
	v.app.read(func(g *register.Register) {
		kind := orgOn(g, o, v.today).Kind
		_, holds := v.reader(g).Holds(s.By, o)
		may = holds && (len(p.Of) == 0 || slices.Contains(p.Of, string(kind)))
	})
	return may
}

// MayTakeForOthers reports whether the visitor may put down for a member of o who
// came with paper what that member alone decides: the officers of o may.
func (v *Visit) MayTakeForOthers(o id.Org) (may bool) {
	v.app.read(func(g *register.Register) { may = v.reader(g).MayAsOfficer(access.ReadPerson, o) })
	return may
}
