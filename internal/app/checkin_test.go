package app

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/checkin"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A meeting is a theme day that was planned, its secretary, and two members.
type meeting struct {
	*house
	matter    id.Matter
	secretary Entered
	first     Entered
	second    Entered
}

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	m := &meeting{house: newHouse(t)}
	m.secretary = m.member("孟书记", "meng")
	m.first, m.second = m.member("周而复", "zhou"), m.member("金不换", "jin")
	m.act(m.officer, matter.Act{Procedure: "office", Step: "take", Org: m.branch, Fields: record.Of(
		record.F("person", record.Person(m.secretary.Person())), record.F("role", record.Choice("branch.secretary")))})
	r := m.act(m.secretary, matter.Act{Procedure: "theme_day", Step: "plan", Org: m.branch, Fields: record.Of(
		record.F("day", record.Day(m.app.Today())))})
	m.matter = r.Matter
	return m
}

func (m *meeting) open() {
	m.t.Helper()
	if _, err := m.secretary.OpenCheckIn(m.t.Context(), m.matter); err != nil {
		m.t.Fatal(err)
	}
}

func (m *meeting) screen() Screen {
	m.t.Helper()
	s, err := m.secretary.Screen(m.t.Context(), m.matter)
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}

func TestCheckingInByTheCodeOnTheScreen(t *testing.T) {
	m := newMeeting(t)
	if _, err := m.first.CheckIn(t.Context(), m.matter, "123456"); !errors.Is(err, checkin.ErrClosed) {
		t.Error("before it is open:", err)
	}
	if _, err := m.secretary.Screen(t.Context(), m.matter); !errors.Is(err, checkin.ErrClosed) {
		t.Error("before it is open:", err)
	}
	m.open()
	screen := m.screen()
	if screen.Slot != 15*time.Second || screen.Present != 0 {
		t.Errorf("%+v", screen)
	}
	mark, err := m.first.CheckIn(t.Context(), m.matter, screen.Token)
	m.must(err)
	if mark.Person != m.first.Person() || mark.Device == "" {
		t.Errorf("%+v", mark)
	}
	if again, err := m.first.CheckIn(t.Context(), m.matter, screen.Digits); !errors.Is(err, checkin.ErrTwice) || !again.At.Equal(mark.At) {
		t.Error("a second time:", again, err)
	}
	m.clock.forward(time.Minute)
	if _, err := m.second.CheckIn(t.Context(), m.matter, screen.Token); !errors.Is(err, checkin.ErrCode) {
		t.Error("a code sent on a minute ago:", err)
	}
	if _, err := m.second.CheckIn(t.Context(), m.matter, m.screen().Digits); err != nil {
		t.Error("the digits of now:", err)
	}
	in, err := m.secretary.CheckedIn(t.Context(), m.matter)
	m.must(err)
	if len(in.Marks) != 2 || in.People.Count(record.Present) != 2 || in.People[0].Means != record.ByCode || len(in.Shared) != 0 {
		t.Errorf("%+v", in)
	}
	if m.screen().Present != 2 {
		t.Error("the screen does not count")
	}
}

func TestOnlyTheirOwnBranchChecksInAndOnlyOfficersSeeTheScreen(t *testing.T) {
	m := newMeeting(t)
	m.open()
	code := m.screen().Token
	for name, try := range map[string]func() error{
		"a member opens":         func() error { return second(m.first.OpenCheckIn(t.Context(), m.matter)) },
		"a member sees the code": func() error { return second(m.first.Screen(t.Context(), m.matter)) },
		"a member sees who came": func() error { return second(m.first.CheckedIn(t.Context(), m.matter)) },
		"a member closes":        func() error { return m.first.CloseCheckIn(t.Context(), m.matter) },
	} {
		if err := try(); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := m.act(m.officer, matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(
		record.F("name", record.Text("另一支部")), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(m.root)))})
	m.branch = other.Org
	stranger := m.member("外人", "stranger")
	for name, err := range map[string]error{
		"a stranger":              second(stranger.CheckIn(t.Context(), m.matter, code)),
		"a meeting there is not":  second(m.first.CheckIn(t.Context(), "m99999", code)),
		"no meeting":              second(m.first.CheckIn(t.Context(), "", code)),
		"the file of a person":    second(m.first.CheckIn(t.Context(), m.officer.Person().Matter(), code)),
		"a screen there is not":   second(m.secretary.Screen(t.Context(), "m99999")),
		"a stranger's own screen": second(stranger.OpenCheckIn(t.Context(), m.matter)),
	} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m.act(m.officer, matter.Act{Procedure: "office", Step: "take", Org: m.root, Fields: record.Of(
		record.F("person", record.Person(stranger.Person())), record.F("role", record.Choice("leader")))})
	if _, err := stranger.CheckIn(t.Context(), m.matter, code); !errors.Is(err, checkin.ErrNotDue) {
		t.Error("a leader who knows of it, of another branch:", err)
	}
	in, err := m.secretary.CheckedIn(t.Context(), m.matter)
	m.must(err)
	if len(in.Marks) != 0 {
		t.Errorf("%+v", in.Marks)
	}
}

func TestOneDeviceForTwoPeopleIsAQuestion(t *testing.T) {
	m := newMeeting(t)
	m.open()
	_, err := m.first.CheckIn(t.Context(), m.matter, m.screen().Token)
	m.must(err)
	phone := From{Source: "192.0.2.1", Device: m.first.Device}
	guest, err := m.SignIn(t.Context(), SignIn{Name: "jin", Password: memberPassword}, phone)
	m.must(err)
	_, err = guest.CheckIn(t.Context(), m.matter, m.screen().Token)
	m.must(err)
	in, err := m.secretary.CheckedIn(t.Context(), m.matter)
	m.must(err)
	if len(in.Marks) != 2 || len(in.Shared) != 1 || len(in.Shared[0]) != 2 {
		t.Errorf("%+v", in)
	}
}

func TestSixDigitsCannotBeGuessed(t *testing.T) {
	m := newMeeting(t)
	m.open()
	for range account.CodePace().Free + 1 {
		if _, err := m.first.CheckIn(t.Context(), m.matter, "not it"); !errors.Is(err, checkin.ErrCode) {
			t.Fatal(err)
		}
	}
	if _, err := m.first.CheckIn(t.Context(), m.matter, m.screen().Digits); !errors.Is(err, checkin.ErrCode) {
		t.Error("whoever guesses may go on guessing:", err)
	}
	if _, err := m.second.CheckIn(t.Context(), m.matter, m.screen().Digits); err != nil {
		t.Error("and keeps others out:", err)
	}
	m.clock.forward(2 * time.Second)
	if _, err := m.first.CheckIn(t.Context(), m.matter, m.screen().Digits); err != nil {
		t.Error("after a moment the right code is right:", err)
	}
	if m.deniedFor("checkin.code") != 7 {
		t.Error("denials:", m.deniedFor("checkin.code"))
	}
}

func TestPeopleWhoCheckInTogetherAreMarkedOnceEach(t *testing.T) {
	m := newMeeting(t)
	m.open()
	code := m.screen().Token
	var once, twice atomic.Int32
	var wg sync.WaitGroup
	for i := range 16 {
		in := m.first
		if i%2 == 1 {
			in = m.second
		}
		wg.Go(func() {
			switch _, err := in.CheckIn(t.Context(), m.matter, code); {
			case err == nil:
				once.Add(1)
			case errors.Is(err, checkin.ErrTwice):
				twice.Add(1)
			case !errors.Is(err, checkin.ErrCode): // more at once than anybody's tries
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if once.Load() != 2 {
		t.Errorf("%d marked for the first time, %d again", once.Load(), twice.Load())
	}
}

func TestClosedIsClosedAndOpenedAgainIsAnother(t *testing.T) {
	m := newMeeting(t)
	m.open()
	code := m.screen().Token
	m.must(m.secretary.CloseCheckIn(t.Context(), m.matter))
	if _, err := m.first.CheckIn(t.Context(), m.matter, code); !errors.Is(err, checkin.ErrClosed) {
		t.Error("closed:", err)
	}
	m.open()
	if _, err := m.first.CheckIn(t.Context(), m.matter, code); !errors.Is(err, checkin.ErrCode) {
		t.Error("a code of before:", err)
	}
	m.hold()
	if _, err := m.first.CheckIn(t.Context(), m.matter, m.codeNow()); !errors.Is(err, checkin.ErrClosed) {
		t.Error("a meeting that is over:", err)
	}
	if _, err := m.secretary.OpenCheckIn(t.Context(), m.matter); !errors.Is(err, checkin.ErrClosed) {
		t.Error("opened when it is over:", err)
	}
}

// hold records the meeting, with everybody there.
func (m *meeting) hold() {
	m.t.Helper()
	var all record.People
	for _, in := range []Entered{m.admin, m.officer, m.secretary, m.first, m.second} {
		all = append(all, record.Presence{Person: in.Person(), State: record.Present, Means: record.ByCode})
	}
	chair := record.Person(m.secretary.Person())
	m.act(m.secretary, matter.Act{Procedure: "theme_day", Step: "hold", Matter: m.matter, Org: m.branch, Fields: record.Of(
		record.F("theme", record.Text("清风")), record.F("start", record.Time(540)), record.F("end", record.Time(600)),
		record.F("place", record.Text("会议室")), record.F("chair", chair), record.F("recorder", chair),
		record.F("activities", record.Items{record.Of(record.F("activity", record.Choice("study")))}),
		record.F("attended", all.Sort()), record.F("minutes", record.Text("学习，讨论，议定三件事。")))})
}

// codeNow is the code of the door, whether or not a screen may show it.
func (m *meeting) codeNow() string {
	m.t.Helper()
	d, err := m.mem.Door(m.t.Context(), m.matter)
	m.must(err)
	r, err := m.app.rhythm()
	m.must(err)
	return d.Code(m.keys.MAC, r, m.clock.Now()).Token
}
