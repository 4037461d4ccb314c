package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/checkin"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// nonceLength is the length of what makes the codes of one opening its own.
const nonceLength = 16

// OpenCheckIn lets people check in at a meeting that was planned, and returns the
// door. Whoever may record the meeting may open it. Opened again, codes of before
// are worth nothing; who checked in stays.
func (s *Session) OpenCheckIn(ctx context.Context, m id.Matter) (checkin.Door, error) {
	o, err := s.keepsDoor(ctx, m)
	if err != nil {
		return checkin.Door{}, err
	}
	nonce := make([]byte, nonceLength)
	if _, err := io.ReadFull(s.accounts, nonce); err != nil {
		return checkin.Door{}, fmt.Errorf("check-in: %w", err)
	}
	d := checkin.Door{Matter: m, Org: o, Nonce: nonce, By: s.data.Person, Opened: s.accounts.now().UTC()}
	if err := s.accounts.doors.SaveDoor(ctx, d); err != nil {
		return checkin.Door{}, fmt.Errorf("check-in: %w", err)
	}
	return d, nil
}

// CloseCheckIn ends checking in; who checked in stays.
func (s *Session) CloseCheckIn(ctx context.Context, m id.Matter) error {
	if _, err := s.keepsDoor(ctx, m); err != nil {
		return err
	}
	d, err := s.accounts.doors.Door(ctx, m)
	if err != nil {
		return fmt.Errorf("check-in: %w", err)
	}
	d.Closed = s.accounts.now().UTC()
	if err := s.accounts.doors.SaveDoor(ctx, d); err != nil {
		return fmt.Errorf("check-in: %w", err)
	}
	return nil
}

// A Screen is what the secretary's screen shows.
type Screen struct {
	checkin.Code
	Present int           // who have checked in
	Slot    time.Duration // after which it changes
}

// Screen returns the code of this moment, for whoever may open the door.
func (s *Session) Screen(ctx context.Context, m id.Matter) (Screen, error) {
	if _, err := s.keepsDoor(ctx, m); err != nil {
		return Screen{}, err
	}
	d, err := s.accounts.doors.Door(ctx, m)
	if errors.Is(err, fault.NotFound) || err == nil && !d.Open() {
		return Screen{}, checkin.ErrClosed
	}
	if err != nil {
		return Screen{}, fmt.Errorf("check-in: %w", err)
	}
	r, err := s.accounts.app.rhythm()
	if err != nil {
		return Screen{}, err
	}
	marks, err := s.accounts.doors.Marks(ctx, m)
	if err != nil {
		return Screen{}, fmt.Errorf("check-in: %w", err)
	}
	return Screen{d.Code(s.accounts.keys.MAC, r, s.accounts.now()), len(marks), r.Slot}, nil
}

// rhythm returns how codes change, as the rules of today say.
func (a *App) rhythm() (checkin.Rhythm, error) {
	slot, err := a.lib.Law.Book.At("checkin.slot", a.Today())
	if err != nil {
		return checkin.Rhythm{}, fmt.Errorf("check-in: %w", err)
	}
	around, err := a.lib.Law.Book.At("checkin.around", a.Today())
	if err != nil {
		return checkin.Rhythm{}, fmt.Errorf("check-in: %w", err)
	}
	return checkin.Rhythm{Slot: time.Duration(max(1, slot.Int())) * time.Second, Around: int(around.Int())}, nil
}

// CheckIn marks whoever is signed in as present at m, by the code on the screen: as
// the picture has it, or the digits typed. It counts once; whoever comes again is
// told when it was, with [checkin.ErrTwice]. Nobody checks in for somebody else:
// the person is that of the session, and no form says another.
func (s *Session) CheckIn(ctx context.Context, m id.Matter, code string) (checkin.Mark, error) {
	if err := s.due(ctx, m); err != nil {
		return checkin.Mark{}, err
	}
	d, err := s.accounts.doors.Door(ctx, m)
	if errors.Is(err, fault.NotFound) || err == nil && !d.Open() {
		return checkin.Mark{}, checkin.ErrClosed
	}
	if err != nil {
		return checkin.Mark{}, fmt.Errorf("check-in: %w", err)
	}
	if err := s.rightCode(ctx, d, code); err != nil {
		return checkin.Mark{}, err
	}
	mark := checkin.Mark{Matter: m, Person: s.data.Person, At: s.accounts.now().UTC(), Device: s.data.Device}
	kept, err := s.accounts.doors.Mark(ctx, mark)
	if err != nil && !errors.Is(err, checkin.ErrTwice) {
		return checkin.Mark{}, fmt.Errorf("check-in: %w", err)
	}
	return kept, err
}

// due returns nil if whoever is signed in belongs to the branch that meets. One who
// may not know of the meeting is told that there is none.
func (s *Session) due(ctx context.Context, m id.Matter) error {
	v, err := s.Visit("checkin")
	if err != nil {
		return err
	}
	_, st, err := v.meeting(ctx, m)
	if err != nil {
		return err
	}
	member := false
	v.app.read(func(g *register.Register) { member = v.reader(g).MemberOf(st.Org) })
	switch {
	case !member:
		return checkin.ErrNotDue
	case st.Closed:
		return checkin.ErrClosed
	}
	return nil
}

// rightCode returns nil if code is on the screen. Six digits can be guessed by
// whoever may try often enough, so tries are counted for each person.
func (s *Session) rightCode(ctx context.Context, d checkin.Door, code string) error {
	r, err := s.accounts.app.rhythm()
	if err != nil {
		return err
	}
	key := "checkin " + hex.EncodeToString(d.Nonce) + s.data.Person.String()
	budgets, judged, err := s.accounts.attempt(ctx, []budget{{key: key, pace: account.CodePace(), all: true}})
	if err != nil {
		return err
	}
	if !judged || !d.Accepts(s.accounts.keys.MAC, r, s.accounts.now(), code) {
		return errors.Join(checkin.ErrCode, s.accounts.Deny(ctx, s.data.Person, "checkin.code", string(d.Matter), s.source))
	}
	return s.accounts.refund(ctx, budgets)
}

// CheckedIn is who checked in at a meeting, for whoever records it.
type CheckedIn struct {
	Marks  []checkin.Mark
	People record.People // as the record of the meeting has them
	Shared [][]id.Person // who used one browser together: to be asked about, no more
}

// CheckedIn returns who checked in at m.
func (s *Session) CheckedIn(ctx context.Context, m id.Matter) (CheckedIn, error) {
	if _, err := s.keepsDoor(ctx, m); err != nil {
		return CheckedIn{}, err
	}
	marks, err := s.accounts.doors.Marks(ctx, m)
	if err != nil {
		return CheckedIn{}, fmt.Errorf("check-in: %w", err)
	}
	out := CheckedIn{Marks: marks, People: checkin.Presences(marks)}
	for _, people := range checkin.Shared(marks) {
		slices.Sort(people)
		out.Shared = append(out.Shared, people)
	}
	slices.SortFunc(out.Shared, slices.Compare)
	return out, nil
}

// keepsDoor returns the organisation that meets, if whoever is signed in may now
// record who was there.
func (s *Session) keepsDoor(ctx context.Context, m id.Matter) (id.Org, error) {
	v, err := s.Visit("checkin")
	if err != nil {
		return 0, err
	}
	p, st, err := v.meeting(ctx, m)
	if err != nil {
		return 0, err
	}
	if st.Closed {
		return 0, checkin.ErrClosed
	}
	may := false
	v.app.read(func(g *register.Register) {
		for _, step := range matter.Next(p, v.app.lib.Law, g, st, v.today) {
			asksPresence := slices.ContainsFunc(step.Form, asksWhoIsThere)
			_, holds := v.reader(g).Holds(step.By, st.Org)
			may = may || asksPresence && holds
		}
	})
	if !may {
		return 0, fault.Forbidden
	}
	return st.Org, nil
}

// asksWhoIsThere reports whether a question is about the presence of the roster.
func asksWhoIsThere(f procedure.Field) bool {
	return f.Type == record.TypePeople && f.Whom != "" && !f.Optional
}

// meeting returns a matter that the visitor may know of, as it stands.
func (v *Visit) meeting(ctx context.Context, m id.Matter) (procedure.Procedure, matter.State, error) {
	past, err := v.app.records(ctx, record.Query{Matter: m})
	if err != nil {
		return procedure.Procedure{}, matter.State{}, err
	}
	if m == "" || len(past) == 0 || !v.knows(past[0]) {
		return procedure.Procedure{}, matter.State{}, fault.NotFound
	}
	p, ok := v.app.lib.Procedure(past[0].Procedure(), past[0].Edition)
	if !ok {
		return p, matter.State{}, fault.NotFound
	}
	return p, matter.Fold(p, past), nil
}
