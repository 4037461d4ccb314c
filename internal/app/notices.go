package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

const (
	followerNotices = "notices"
	// noticeAge is how old a record may be for anybody to be told of it.
	noticeAge = 14 * 24 * time.Hour
	// noticesAtOnce is after how many records the position is kept even if they
	// concerned nobody.
	noticesAtOnce = 2000
)

// The kinds of notices, keys into the catalogue of words. A notice says where to look
// and nothing of what is there.
const (
	noticeStep      = "told.step"      // a step waits for you
	noticeCorrected = "told.corrected" // what you recorded was set right
	noticeFile      = "told.file"      // something was recorded in your file
	noticeGoesOn    = "told.goes_on"   // somebody went on with what you began
)

// FollowNotices looks at every new record and puts into the outbox whom it concerns,
// until ctx ends. Notices and position are written together, and a notice has a key
// of its own: a crash repeats nothing that anybody sees and loses nothing. now is the
// real time.
func (a *App) FollowNotices(ctx context.Context, now func() time.Time) error {
	at, err := a.store.Position(ctx, followerNotices)
	if err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	for kept := at; ; {
		records, err := a.After(ctx, at, followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, nil, err)
		}
		var notices []record.Notice
		for _, r := range records {
			at = r.Seq
			if now().Sub(r.Time) > noticeAge {
				continue
			}
			concerned, err := a.concerned(ctx, r)
			if err != nil {
				return fmt.Errorf("notices: record %d: %w", r.Seq, err)
			}
			notices = append(notices, concerned...)
		}
		if len(notices) == 0 && at-kept < noticesAtOnce {
			continue
		}
		if err := a.store.PutNotices(ctx, followerNotices, at, notices); err != nil {
			return fmt.Errorf("notices: %w", err)
		}
		kept = at
	}
}

// concerned returns the notices that r causes, never one for whoever recorded it.
func (a *App) concerned(ctx context.Context, r record.Record) (notices []record.Notice, err error) {
	tell := func(kind string, p id.Person) {
		told := slices.ContainsFunc(notices, func(n record.Notice) bool { return n.Person == p })
		if p != 0 && p != r.Actor && !told {
			notices = append(notices, record.Notice{Person: p, Kind: kind, Matter: r.Matter, Seq: r.Seq})
		}
	}
	if r.Corrects != 0 {
		was, err := a.Record(ctx, r.Corrects)
		if err != nil {
			return nil, err
		}
		tell(noticeCorrected, was.Actor)
		return notices, nil
	}
	if p, ok := r.Matter.Person(); ok {
		tell(noticeFile, p)
		return notices, nil
	}
	past, err := a.records(ctx, record.Query{Matter: r.Matter, UpTo: r.Seq})
	if err != nil || len(past) == 0 {
		return nil, err
	}
	for _, p := range a.waiting(past, r) {
		tell(noticeStep, p)
	}
	tell(noticeGoesOn, past[0].Actor)
	return notices, nil
}

// waiting returns who may take a step that r has opened, nearest to the organisation;
// nobody where whoever recorded r may take it as well.
func (a *App) waiting(past []record.Record, r record.Record) (people []id.Person) {
	p, ok := a.lib.ProcedureEdition(r.Procedure(), past[0].Edition)
	if !ok {
		return nil
	}
	st := matter.Fold(p, past)
	a.read(func(g *register.Register) {
		for _, s := range matter.Next(p, a.lib.Law, g, st, a.Today()) {
			if slices.Contains(s.After, r.Step()) && !s.Standing {
				people = append(people, a.takers(g, s.By, st.Over(s), r.Actor)...)
			}
		}
	})
	return people
}

// takers returns who holds one of roles over organisation over, on the way up as far
// as the first organisation that has anybody; nobody where actor is among them.
func (a *App) takers(g *register.Register, roles []string, over id.Org, actor id.Person) (people []id.Person) {
	today := a.Today()
	for _, o := range g.Tree().Path(over, today) {
		for _, p := range g.Holders(o, today) {
			who, _ := g.Person(p)
			reader := access.Reader{Roles: a.lib.Law.Roles, Tree: g.Tree(), Person: who, Today: today}
			if _, may := reader.Holds(roles, over); may {
				people = append(people, p)
			}
		}
		if slices.Contains(people, actor) {
			return nil
		}
		if len(people) > 0 {
			break
		}
	}
	return people
}

// A Courier takes notices out of the house. It may be given the same one twice, after
// a crash: Key tells.
type Courier interface {
	Deliver(ctx context.Context, n record.Notice, key string) error
}

// noticeKey is the same for the same notice, always.
func noticeKey(n record.Notice) string {
	return strconv.FormatInt(n.Seq, 10) + "." + n.Kind + "." + n.Person.String()
}

// DeliverNotices takes notices out of the outbox into everybody's inbox, and to the
// courier if there is one, until ctx ends: at least once to the courier, and in the
// inbox exactly once. A courier that fails is tried again later, and nobody waits.
func (a *App) DeliverNotices(ctx context.Context, courier Courier, now func() time.Time, every time.Duration) error {
	for pause(ctx, every) {
		if err := a.deliver(ctx, courier, now()); err != nil {
			return errUnlessDone(ctx, nil, fmt.Errorf("notices: %w", err))
		}
	}
	return nil
}

func (a *App) deliver(ctx context.Context, courier Courier, now time.Time) error {
	due, err := a.store.Due(ctx, now, followAtOnce)
	if err != nil || len(due) == 0 {
		return err
	}
	var done, later []record.Notice
	for _, d := range due {
		if courier != nil && d.Tries < courierTries {
			if err := courier.Deliver(ctx, d.Notice, noticeKey(d.Notice)); err != nil {
				a.log.Warn("a notice was not carried out of the house", "key", noticeKey(d.Notice), "err", err)
				later = append(later, d.Notice)
				continue
			}
		}
		done = append(done, d.Notice)
	}
	return errors.Join(a.store.Delivered(ctx, now, done...), a.store.Postpone(ctx, now.Add(courierWait), later...))
}

const (
	courierTries = 5 // after which a notice is in the inbox only
	courierWait  = time.Minute
)

// An Inbound is a notice as its reader sees it.
type Inbound struct {
	record.Notice
	Record record.Record // that caused it
	Org    OrgRef
	Actor  PersonRef
	Unread bool
}

// inboxLength is how many notices a page shows.
const inboxLength = 100

// Inbox returns the visitor's notices, newest first, of matters that the visitor may
// know of today, and remembers that the visitor has seen them.
func (v *Visit) Inbox(ctx context.Context) (all []Inbound, err error) {
	seen, err := v.noticesSeen(ctx)
	if err != nil {
		return nil, err
	}
	notices, err := v.app.store.Inbox(ctx, v.me, 0, inboxLength)
	if err == nil && len(notices) > 0 && notices[0].Seq > seen {
		err = v.looked(ctx, notices[0].Seq)
	}
	if err != nil {
		return nil, err
	}
	for _, n := range notices {
		r, err := v.app.Record(ctx, n.Seq)
		if err != nil {
			return nil, err
		}
		v.app.read(func(g *register.Register) {
			if v.knowsOn(g, r) {
				all = append(all, Inbound{n, r, orgOn(g, r.Org, v.today), personRef(g, r.Actor), n.Seq > seen})
			}
		})
	}
	return all, nil
}

// Unread returns how many notices came since the visitor last looked.
func (v *Visit) Unread(ctx context.Context) (int, error) {
	seen, err := v.noticesSeen(ctx)
	if err != nil {
		return 0, err
	}
	fresh, err := v.app.store.Inbox(ctx, v.me, seen, inboxLength)
	return len(fresh), err
}

// looked remembers that the visitor has seen the notices up to record seq. Where the
// disk takes nothing more they stay unread.
func (v *Visit) looked(ctx context.Context, seq int64) error {
	err := v.app.store.SaveSetting(ctx, v.seenKey(), []byte(strconv.FormatInt(seq, 10)))
	if errors.Is(err, fault.ReadOnly) {
		return nil
	}
	return err
}

func (v *Visit) seenKey() string { return "notices.seen." + v.me.String() }

func (v *Visit) noticesSeen(ctx context.Context) (int64, error) {
	text, err := v.app.store.Setting(ctx, v.seenKey())
	if err != nil || text == nil {
		return 0, err
	}
	return strconv.ParseInt(string(text), 10, 64)
}
