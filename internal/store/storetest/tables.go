package storetest

import (
	"strings"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/checkin"
	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

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
	t.Run("one that a clock postponed which ran ahead comes at once", func(t *testing.T) {
		must(t, db.Postpone(ctx, Epoch.AddDate(1, 0, 0), waiting[1].Notice))
		is(t, len(due(Epoch.AddDate(1, 0, -1))), 0)
		is(t, len(due(Epoch.AddDate(1, 0, -1).Add(-time.Second))), 1)
		must(t, db.Postpone(ctx, Epoch.Add(time.Minute), waiting[1].Notice))
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
