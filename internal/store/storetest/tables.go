package storetest

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/checkin"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testFollower(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	march, april := day.Must("2026-03-01"), day.Must("2026-04-01")
	cell := func(o id.Org, month day.Day, sum int64, people ...uint32) store.Cell {
		c := indicator.Cell{Sum: sum}
		if len(people) > 0 {
			c.Set = roaring.BitmapOf(people...)
		}
		kept, err := store.NewCell("held", o, month, c)
		must(t, err)
		return kept
	}
	first := []store.Cell{cell(1, march, 3, 1, 2, 3), cell(1, april, 4), cell(2, march, 0, 190_000)}
	must(t, db.PutCells(t.Context(), "figures", 10, first))

	t.Run("cells come back as they were, by organisation and month", func(t *testing.T) {
		got, err := db.CellsOf(t.Context(), "held", []id.Org{2, 1, 3}, []day.Day{april, march})
		must(t, err)
		is(t, got, first)
		c, err := got[0].Cell()
		must(t, err)
		is(t, c.Set.ToArray(), []uint32{1, 2, 3})
		if c, err = got[1].Cell(); err != nil || c.Set != nil {
			t.Error("a set where there was none:", err)
		}
	})
	t.Run("cells and position move together, and never back", func(t *testing.T) {
		must(t, db.PutCells(t.Context(), "figures", 20, []store.Cell{cell(1, march, 9)}))
		fails(t, db.PutCells(t.Context(), "figures", 19, []store.Cell{cell(1, march, 1)}), record.ErrStale)
		fails(t, db.PutRows(t.Context(), "figures", 19, []record.Row{{View: "question", Key: "a", Body: []byte("x")}}), record.ErrStale)
		got, err := db.Cells(t.Context(), "held", 1, []day.Day{march})
		must(t, err)
		is(t, got, []store.Cell{cell(1, march, 9)})
		at, err := db.Position(t.Context(), "figures")
		must(t, err)
		is(t, at, int64(20))
	})
	t.Run("a reset begins anew", func(t *testing.T) {
		must(t, db.PutRows(t.Context(), "questions", 5, []record.Row{{View: "question", Key: "a", Body: []byte("x")}}))
		must(t, db.ResetRows(t.Context(), "questions", "question"))
		must(t, db.ResetCells(t.Context(), "figures", "held"))
		for _, f := range []string{"figures", "questions"} {
			at, err := db.Position(t.Context(), f)
			must(t, err)
			is(t, at, int64(0))
		}
		got, err := db.Cells(t.Context(), "held", 1, []day.Day{march, april})
		must(t, err)
		is(t, len(got), 0)
	})
}

func testAccount(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	full := account.Account{Person: 3, Name: "zhang", Hash: "$argon2id$", Since: Epoch, Secret: []byte{1}, Pending: []byte{2}, Step: 9, Recovery: [][]byte{{3}, {4, 5}}, Epoch: 2, Disabled: true}
	must(t, db.SaveAccount(ctx, full))
	full.Version = 1
	t.Run("an account comes back by person and by name", func(t *testing.T) {
		got, err := db.Account(ctx, 3)
		must(t, err)
		is(t, got, full)
		got, err = db.AccountNamed(ctx, "zhang")
		must(t, err)
		is(t, got, full)
		_, err = db.Account(ctx, 4)
		fails(t, err, fault.NotFound)
		_, err = db.AccountNamed(ctx, "")
		fails(t, err, fault.NotFound)
	})
	t.Run("a name belongs to one person, and many have none", func(t *testing.T) {
		fails(t, db.SaveAccount(ctx, account.Account{Person: 4, Name: "zhang"}), account.ErrNameTaken)
		must(t, db.SaveAccount(ctx, account.Account{Person: 5}))
		must(t, db.SaveAccount(ctx, account.Account{Person: 6}))
	})
	t.Run("of those who save one version at once one succeeds", func(t *testing.T) {
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := db.SaveAccount(ctx, full)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, account.ErrMoved) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		is(t, won.Load(), int32(1))
		fails(t, db.SaveAccount(ctx, account.Account{Person: 3, Name: "other"}), account.ErrMoved)
	})
	t.Run("an invitation serves once and in time", func(t *testing.T) {
		i := account.Invite{Hash: []byte("h"), Person: 3, By: 1, Made: Epoch, Until: Epoch.Add(time.Hour)}
		must(t, db.SaveInvite(ctx, i))
		_, err := db.UseInvite(ctx, i.Hash, Epoch.Add(2*time.Hour))
		fails(t, err, fault.NotFound)
		got, err := db.Invite(ctx, i.Hash, Epoch)
		must(t, err)
		is(t, got, i)
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := db.UseInvite(ctx, i.Hash, Epoch.Add(time.Minute)); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		is(t, won.Load(), int32(1))
		_, err = db.Invite(ctx, i.Hash, Epoch)
		fails(t, err, fault.NotFound)
	})
	t.Run("tokens come and go", func(t *testing.T) {
		tok := account.Token{Hash: []byte("t"), Person: 3, Title: "出纳表", Scope: account.Scope{Actions: []access.Action{access.ReadOrg}, Acts: true, Root: 12}, Made: Epoch, Until: Epoch.Add(time.Hour)}
		must(t, db.SaveToken(ctx, tok))
		must(t, db.SeeToken(ctx, tok.Hash, Epoch.Add(time.Minute)))
		tok.Seen = Epoch.Add(time.Minute)
		got, err := db.Tokens(ctx, 3)
		must(t, err)
		is(t, got, []account.Token{tok})
		must(t, db.EndToken(ctx, tok.Hash))
		must(t, db.SeeToken(ctx, tok.Hash, Epoch))
		_, err = db.Token(ctx, tok.Hash)
		fails(t, err, fault.NotFound)
	})
}

func testSession(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	one := account.Session{Hash: []byte("1"), Person: 3, Epoch: 1, Began: Epoch, Seen: Epoch, Proved: Epoch, Factor: true, Device: "d", Source: "192.0.2.1", Agent: "浏览器"}
	two := one
	two.Hash, two.Began = []byte("2"), Epoch.Add(time.Second)
	must(t, db.SaveSession(ctx, one))
	must(t, db.SaveSession(ctx, two))
	t.Run("sessions come back, the last begun first", func(t *testing.T) {
		got, err := db.Sessions(ctx, 3)
		must(t, err)
		is(t, got, []account.Session{two, one})
	})
	t.Run("one that was ended stays ended", func(t *testing.T) {
		must(t, db.EndSession(ctx, one.Hash))
		must(t, db.SeeSession(ctx, one.Hash, Epoch.Add(time.Hour)))
		_, err := db.Session(ctx, one.Hash)
		fails(t, err, fault.NotFound)
	})
	t.Run("all end but one", func(t *testing.T) {
		must(t, db.SaveSession(ctx, one))
		must(t, db.EndSessions(ctx, 3, two.Hash))
		got, err := db.Sessions(ctx, 3)
		must(t, err)
		is(t, got, []account.Session{two})
		must(t, db.EndSessions(ctx, 3, nil))
		got, err = db.Sessions(ctx, 3)
		must(t, err)
		is(t, len(got), 0)
	})
	t.Run("a counter changes only from what was read", func(t *testing.T) {
		none, err := db.Throttle(ctx, "source:192.0.2.1")
		must(t, err)
		is(t, none, account.Throttle{Key: "source:192.0.2.1"})
		next := account.Throttle{Key: none.Key, Count: 1, Last: Epoch}
		for i, want := range []bool{true, false} {
			swapped, err := db.SwapThrottle(ctx, none, next)
			must(t, err)
			if swapped != want {
				t.Error("swap", i, swapped)
			}
		}
		got, err := db.Throttle(ctx, none.Key)
		must(t, err)
		is(t, got, next)
		swapped, err := db.SwapThrottle(ctx, next, none)
		must(t, err)
		is(t, swapped, true)
	})
	t.Run("what nobody can use is swept", func(t *testing.T) {
		must(t, db.SaveSession(ctx, one))
		must(t, db.SaveSession(ctx, account.Session{Hash: []byte("3"), Person: 4, Seen: Epoch.Add(time.Hour)}))
		must(t, db.Sweep(ctx, Epoch.Add(time.Minute)))
		_, err := db.Session(ctx, one.Hash)
		fails(t, err, fault.NotFound)
		_, err = db.Session(ctx, []byte("3"))
		must(t, err)
	})
}

func testTrail(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	early := account.Event{Time: Epoch, Actor: 1, What: "account.invited", Person: 3, Source: "192.0.2.1", Note: "n"}
	late := early
	late.Time = Epoch.Add(time.Second)
	for _, e := range []account.Event{early, late} {
		must(t, db.Trace(ctx, e))
		must(t, db.Deny(ctx, e))
	}
	for name, list := range map[string]func() ([]account.Event, error){
		"trail":  func() ([]account.Event, error) { return db.Trail(ctx, Epoch.Add(time.Hour), 10) },
		"denied": func() ([]account.Event, error) { return db.Denied(ctx, Epoch.Add(time.Hour), 10) },
	} {
		t.Run(name+" comes newest first", func(t *testing.T) {
			got, err := list()
			must(t, err)
			is(t, got, []account.Event{late, early})
		})
	}
	t.Run("readings are found by either side", func(t *testing.T) {
		a := store.Reading{Time: Epoch, Reader: 1, Role: "branch.secretary", Person: 2, Purpose: "purpose.review", Matter: "m1"}
		b := store.Reading{Time: Epoch.Add(time.Second), Reader: 1, Person: 3, Purpose: "purpose.review"}
		must(t, db.LogReadings(ctx, a, b))
		got, err := db.ReadingsBy(ctx, 1, Epoch.Add(time.Hour), 10)
		must(t, err)
		is(t, got, []store.Reading{b, a})
		got, err = db.ReadingsOf(ctx, 2, Epoch.Add(time.Hour), 10)
		must(t, err)
		is(t, got, []store.Reading{a})
		got, err = db.ReadingsBy(ctx, 1, b.Time, 10)
		must(t, err)
		is(t, got, []store.Reading{a})
	})
}

func testCheckin(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	t.Run("a door opens and closes", func(t *testing.T) {
		_, err := db.Door(ctx, "m1")
		fails(t, err, fault.NotFound)
		door := checkin.Door{Matter: "m1", Org: 2, Nonce: []byte("n"), By: 3, Opened: Epoch}
		must(t, db.SaveDoor(ctx, door))
		door.Closed = Epoch.Add(time.Hour)
		must(t, db.SaveDoor(ctx, door))
		got, err := db.Door(ctx, "m1")
		must(t, err)
		is(t, got, door)
	})
	t.Run("the first mark of a person counts", func(t *testing.T) {
		late := checkin.Mark{Matter: "m1", Person: 9, At: Epoch.Add(time.Minute), Device: "d"}
		early := checkin.Mark{Matter: "m1", Person: 10, At: Epoch, Device: "d"}
		for _, m := range []checkin.Mark{late, early} {
			_, err := db.Mark(ctx, m)
			must(t, err)
		}
		again := late
		again.At, again.Device = Epoch.Add(time.Hour), "other"
		got, err := db.Mark(ctx, again)
		fails(t, err, checkin.ErrTwice)
		is(t, got, late)
		marks, err := db.Marks(ctx, "m1")
		must(t, err)
		is(t, marks, []checkin.Mark{early, late})
	})
}

func testAttachment(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	shown := store.Attachment{Hash: strings.Repeat("ab", 32), Size: 9, Type: "image/jpeg", Owner: 3, Time: Epoch}
	left := store.Attachment{Hash: strings.Repeat("cd", 32), Size: 1, Type: "image/png", Owner: 3, Time: Epoch}
	must(t, db.SaveAttachment(ctx, shown))
	must(t, db.SaveAttachment(ctx, left))
	must(t, db.Append(ctx, 0, batch(0)))
	t.Run("the first note stays", func(t *testing.T) {
		again := shown
		again.Owner = 4
		must(t, db.SaveAttachment(ctx, again))
		got, err := db.Attachment(ctx, shown.Hash)
		must(t, err)
		is(t, got, shown)
	})
	t.Run("what no record shows can go, the rest cannot", func(t *testing.T) {
		orphans, err := db.Orphans(ctx, Epoch.Add(time.Hour), 10)
		must(t, err)
		is(t, orphans, []store.Attachment{left})
		for hash, want := range map[string]bool{left.Hash: true, shown.Hash: false} {
			dropped, err := db.DropAttachment(ctx, hash)
			must(t, err)
			is(t, dropped, want)
		}
		_, err = db.Attachment(ctx, left.Hash)
		fails(t, err, fault.NotFound)
	})
	t.Run("links in rows of lists count as well", func(t *testing.T) {
		r := Record(5)
		r.Fields = record.Of(record.F("problems", record.Items{record.Of(record.F("scan", record.Files{{Name: "x", Hash: left.Hash, Size: 1, Kind: "image/png"}}))}))
		must(t, db.Append(ctx, 4, record.Batch{Records: []record.Record{r.Sealed(r.Salt, r.Blind)}}))
		links, err := db.Links(ctx, left.Hash)
		must(t, err)
		is(t, links, []store.Link{{Seq: 5, Matter: r.Matter}})
	})
}

func testOutbox(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	must(t, db.Append(ctx, 0, batch(0)))
	due := func(now time.Time) []store.Delivery {
		all, err := db.Due(ctx, now, 10)
		must(t, err)
		return all
	}
	waiting := due(Epoch)
	is(t, len(waiting), 2)
	t.Run("a notice comes until it was delivered", func(t *testing.T) {
		is(t, due(Epoch), waiting)
		must(t, db.Delivered(ctx, Epoch, waiting[0].Notice))
		is(t, due(Epoch), waiting[1:])
	})
	t.Run("one that failed comes later", func(t *testing.T) {
		must(t, db.Postpone(ctx, Epoch.Add(time.Minute), waiting[1].Notice))
		is(t, len(due(Epoch)), 0)
		later := due(Epoch.Add(time.Minute))
		is(t, len(later), 1)
		is(t, later[0].Tries, 1)
	})
	t.Run("only delivered ones are forgotten", func(t *testing.T) {
		must(t, db.SweepNotices(ctx, Epoch.Add(time.Hour)))
		is(t, len(due(Epoch.Add(time.Minute))), 1)
	})
}

func testSetting(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	t.Run("settings", func(t *testing.T) {
		got, err := db.Setting(ctx, "a")
		must(t, err)
		if got != nil {
			t.Error("a setting nobody made")
		}
		must(t, db.SaveSetting(ctx, "a", []byte("1")))
		must(t, db.SaveSetting(ctx, "a", []byte("2")))
		got, err = db.Setting(ctx, "a")
		must(t, err)
		is(t, got, []byte("2"))
	})
	t.Run("notes of witnesses", func(t *testing.T) {
		w := db.Witnesses()
		got, err := w.Last(ctx, "w")
		must(t, err)
		if got != nil {
			t.Error("a note nobody gave")
		}
		must(t, w.Keep(ctx, "w", []byte("note")))
		got, err = w.Last(ctx, "w")
		must(t, err)
		is(t, got, []byte("note"))
	})
	t.Run("drafts", func(t *testing.T) {
		a := store.Draft{Person: 1, Form: "theme_day.hold/m1", Body: []byte("{}"), Time: Epoch}
		b := store.Draft{Person: 1, Form: "theme_day.plan", Body: []byte{}, Time: Epoch.Add(time.Second)}
		must(t, db.SaveDraft(ctx, a))
		must(t, db.SaveDraft(ctx, b))
		got, err := db.Drafts(ctx, 1)
		must(t, err)
		is(t, got, []store.Draft{b, a})
		_, err = db.Draft(ctx, 2, a.Form)
		fails(t, err, fault.NotFound)
		must(t, db.DropDraft(ctx, 1, a.Form))
		_, err = db.Draft(ctx, 1, a.Form)
		fails(t, err, fault.NotFound)
		must(t, db.SweepDrafts(ctx, Epoch.Add(time.Hour)))
		_, err = db.Draft(ctx, 1, b.Form)
		fails(t, err, fault.NotFound)
	})
}
