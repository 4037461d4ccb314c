package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testAppend(t *testing.T, fresh func(t *testing.T) store.Config) {
	t.Run("what was appended is read back", func(t *testing.T) {
		db := Open(t, fresh(t))
		want := Records(0, 300)
		must(t, db.Append(t.Context(), 0, record.Batch{Records: want}))
		is(t, all(t.Context(), t, db, record.Query{}), want)
		seq, at, err := db.Last(t.Context())
		must(t, err)
		is(t, seq, int64(300))
		is(t, at, want[299].Time)
	})
	t.Run("an empty log ends at zero", func(t *testing.T) {
		seq, at, err := Open(t, fresh(t)).Last(t.Context())
		must(t, err)
		is(t, seq, int64(0))
		is(t, at, time.Time{})
	})
	t.Run("any text survives, also long and rare", func(t *testing.T) {
		db := Open(t, fresh(t))
		r := Record(1)
		r.Role = "委员‘;--𬱖"
		r.Fields = record.Of(record.F("long", record.Text(strings.Repeat("会议记录𠮷\u0000\"\\", 200_000))), record.F("none", record.Text("")))
		r = r.Sealed(r.Salt, r.Blind)
		must(t, db.Append(t.Context(), 0, record.Batch{Records: []record.Record{r}}))
		got := all(t.Context(), t, db, record.Query{})
		is(t, got, []record.Record{r})
		if !got[0].Intact() || got[0].Commitment() != r.Commitment() {
			t.Error("the seal does not hold any more")
		}
	})
	t.Run("all parts of a batch are written, and once", func(t *testing.T) {
		db := Open(t, fresh(t))
		b := batch(0)
		must(t, db.Append(t.Context(), 0, b))
		is(t, state(t, db), wantState(b))
		must(t, db.Append(t.Context(), 4, record.Batch{Rows: []record.Row{{View: "org", Key: "o1", Seq: 4}}}))
		want := wantState(b)
		want.Rows = want.Rows[1:]
		is(t, state(t, db), want)
	})
	t.Run("a stale writer is turned away and leaves nothing behind", func(t *testing.T) {
		db := Open(t, fresh(t))
		must(t, db.Append(t.Context(), 0, batch(0)))
		before := state(t, db)
		for _, have := range []int64{0, 3, 5, 100} {
			fails(t, db.Append(t.Context(), have, record.Batch{Records: Records(have, 2), Rows: []record.Row{{View: "org", Key: "o9", Body: []byte("x")}}}), record.ErrStale)
		}
		is(t, state(t, db), before)
	})
	t.Run("a batch that breaks the promises of the record is refused", func(t *testing.T) {
		db := Open(t, fresh(t))
		must(t, db.Append(t.Context(), 0, record.Batch{Records: Records(0, 3)}))
		for name, spoil := range map[string]func(rs []record.Record){
			"gap":            func(rs []record.Record) { rs[1].Seq++ },
			"older than log": func(rs []record.Record) { rs[0].Time = Epoch },
			"older inside":   func(rs []record.Record) { rs[1].Time = rs[0].Time.Add(-time.Microsecond) },
			"unsealed":       func(rs []record.Record) { rs[1].Digest = nil },
		} {
			rs := Records(3, 2)
			spoil(rs)
			if err := db.Append(t.Context(), 3, record.Batch{Records: rs}); err == nil {
				t.Error(name, "went through")
			}
		}
		is(t, len(all(t.Context(), t, db, record.Query{})), 3)
	})
	t.Run("an answer is given once and found again", func(t *testing.T) {
		db := Open(t, fresh(t))
		a := record.Answer{Actor: 7, Key: "𠮷-key", Request: []byte{0, 1, 255}, Seq: 1}
		must(t, db.Append(t.Context(), 0, record.Batch{Records: Records(0, 1), Answers: []record.Answer{a}}))
		got, found, err := db.Answer(t.Context(), 7, a.Key)
		must(t, err)
		is(t, found, true)
		is(t, got, a)
		if _, found, err := db.Answer(t.Context(), 8, a.Key); found || err != nil {
			t.Error("somebody else's key:", found, err)
		}
		if err := db.Append(t.Context(), 1, record.Batch{Records: Records(1, 1), Answers: []record.Answer{a}}); err == nil {
			t.Error("a key served twice")
		}
		is(t, len(all(t.Context(), t, db, record.Query{})), 1)
	})
	t.Run("who gives up before the turn writes nothing", func(t *testing.T) {
		db := Open(t, fresh(t))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		fails(t, db.Append(ctx, 0, record.Batch{Records: Records(0, 1)}), context.Canceled)
		is(t, len(all(t.Context(), t, db, record.Query{})), 0)
	})
}

// batch has something of everything that one transaction can write.
func batch(have int64) record.Batch {
	b := record.Batch{Records: Records(have, 4)}
	r := &b.Records[3]
	r.Fields = r.Fields.With("photo", record.Files{{Name: "会.jpg", Hash: strings.Repeat("ab", 32), Size: 9, Kind: "image/jpeg"}})
	*r = r.Sealed(r.Salt, r.Blind)
	b.Answers = []record.Answer{{Actor: 1, Key: "k", Request: []byte("r"), Seq: have + 1}}
	b.Rows = []record.Row{
		{View: "org", Key: "o1", Seq: have + 1, Body: []byte("first")},
		{View: "org", Key: "o2", Seq: have + 2, Body: []byte{}},
		{View: "org", Key: "o1", Seq: have + 3, Body: []byte("last")},
	}
	b.Notices = []record.Notice{{Person: 3, Kind: "notice.held", Matter: "m1", Seq: have + 2}, {Org: 4, Kind: "notice.held", Matter: "m1", Seq: have + 2}}
	return b
}

// contents is all that batch writes, read back.
type contents struct {
	Records []record.Record
	Answers []record.Answer
	Rows    []record.Row
	Notices []record.Notice
	Links   []store.Link
}

func wantState(b record.Batch) contents {
	return contents{b.Records, b.Answers, []record.Row{b.Rows[2], b.Rows[1]}, []record.Notice{b.Notices[1], b.Notices[0]}, []store.Link{{Seq: b.Records[3].Seq, Matter: b.Records[3].Matter}}}
}

func state(t testing.TB, db *store.DB) contents {
	t.Helper()
	c, err := look(context.Background(), db)
	must(t, err)
	return c
}

func look(ctx context.Context, db *store.DB) (c contents, err error) {
	for r, err := range db.Read(ctx, record.Query{}) {
		if err != nil {
			return c, err
		}
		c.Records = append(c.Records, r)
	}
	a, found, err := db.Answer(ctx, 1, "k")
	if err != nil {
		return c, err
	}
	if found {
		c.Answers = []record.Answer{a}
	}
	for r, err := range db.View(ctx, "org") {
		if err != nil {
			return c, err
		}
		c.Rows = append(c.Rows, r)
	}
	due, err := db.Due(ctx, Epoch, 10)
	if err != nil {
		return c, err
	}
	for _, d := range due {
		c.Notices = append(c.Notices, d.Notice)
	}
	c.Links, err = db.Links(ctx, strings.Repeat("ab", 32))
	return c, err
}
