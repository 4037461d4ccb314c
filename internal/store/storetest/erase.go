package storetest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

func testErase(t *testing.T, fresh func(t *testing.T) store.Config) {
	cfg := fresh(t)
	db := Open(t, cfg)
	secret := "名叫某某的人"
	rs := Records(0, 3)
	rs[1].Fields = rs[1].Fields.With("name", record.Text(secret)).With("scan", record.Files{{Name: "a", Hash: "cd" + string(bytes.Repeat([]byte("0"), 62)), Size: 1, Kind: "image/png"}})
	rs[1] = rs[1].Sealed(rs[1].Salt, rs[1].Blind)
	batch := record.Batch{Records: rs}
	for _, r := range rs {
		batch.Answers = append(batch.Answers, record.Answer{Actor: 7, Key: string(r.Matter) + "-" + strconv.FormatInt(r.Seq, 10), Request: []byte("digest"), Seq: r.Seq})
		batch.Notices = append(batch.Notices, record.Notice{Org: r.Org, Kind: "notice.x", Matter: r.Matter, Seq: r.Seq})
	}
	must(t, db.Append(t.Context(), 0, batch))
	beside(t, db, rs)
	must(t, db.Append(t.Context(), 3, record.Batch{Records: Records(3, 1), Erase: []int64{2}}))

	t.Run("what was kept beside it is gone, and nothing else", func(t *testing.T) { forgotten(t, db, rs) })
	t.Run("fields and salt are gone, every proof still holds", func(t *testing.T) {
		want := rs[1]
		want.Fields, want.Salt = nil, nil
		got := all(t.Context(), t, db, record.Query{After: 1, UpTo: 2})
		is(t, got, []record.Record{want})
		if !got[0].Erased() || got[0].Commitment() != rs[1].Commitment() {
			t.Error("commitment changed with erasure")
		}
		for r, err := range db.Raw(t.Context(), record.Query{After: 1, UpTo: 2}) {
			must(t, err)
			if r.Canon != nil || r.Salt != nil {
				t.Error("something is left")
			}
		}
	})
	t.Run("the record shows its attachments no longer", func(t *testing.T) {
		links, err := db.Links(t.Context(), rs[1].Fields.Files("scan")[0].Hash)
		must(t, err)
		is(t, len(links), 0)
	})
	t.Run("nothing is left in the files", func(t *testing.T) {
		if cfg.Postgres != "" {
			t.Log("PostgreSQL overwrites when it vacuums")
			return
		}
		for _, name := range []string{store.File, store.File + "-wal"} {
			b, err := os.ReadFile(filepath.Join(cfg.Dir, name))
			must(t, err)
			if bytes.Contains(b, []byte(secret)) {
				t.Error(name, "still has the name")
			}
		}
	})
	t.Run("erasing twice is no harm, erasing nothing is refused whole", func(t *testing.T) {
		must(t, db.Append(t.Context(), 4, record.Batch{Records: Records(4, 1), Erase: []int64{2}}))
		if err := db.Append(t.Context(), 5, record.Batch{Records: Records(5, 1), Erase: []int64{77}}); err == nil {
			t.Error("erased what never was")
		}
		is(t, len(all(t.Context(), t, db, record.Query{})), 5)
	})
}

// beside keeps drafts of forms: one of the matter of the second record, and others.
func beside(t *testing.T, db *store.DB, rs []record.Record) {
	t.Helper()
	for form, body := range map[string]string{string(rs[1].Matter) + "/hold": "名叫某某的人", string(rs[1].Matter) + "0/hold": "x", "/meeting/new/theme_day?org=o1": "x"} {
		must(t, db.SaveDraft(t.Context(), store.Draft{Person: 7, Form: form, Body: []byte(body), Time: Epoch}))
	}
}

func forgotten(t *testing.T, db *store.DB, rs []record.Record) {
	for _, r := range rs {
		ans, found, err := db.Answer(t.Context(), 7, string(r.Matter)+"-"+strconv.FormatInt(r.Seq, 10))
		must(t, err)
		is(t, found, true)
		is(t, len(ans.Request) == 0, r.Seq == 2)
	}
	drafts, err := db.Drafts(t.Context(), 7)
	must(t, err)
	is(t, len(drafts), 2)
	notices, err := db.Due(t.Context(), Epoch, 10)
	must(t, err)
	is(t, len(notices), 2)
}

func testGuards(t *testing.T, fresh func(t *testing.T) store.Config) {
	cfg := fresh(t)
	db := Open(t, cfg)
	want := Records(0, 2)
	must(t, db.Append(t.Context(), 0, record.Batch{Records: want}))
	must(t, db.LogReadings(t.Context(), store.Reading{Time: Epoch, Reader: 1, Person: 2}))
	console := SQL(t, cfg)
	for _, text := range []string{
		`DELETE FROM record`,
		`DELETE FROM record WHERE seq = 2`,
		`UPDATE record SET actor = 9`,
		`UPDATE record SET fields = NULL`,
		`UPDATE record SET salt = NULL`,
		`UPDATE record SET fields = NULL, salt = NULL, digest = salt`,
		`UPDATE record SET fields = NULL, salt = NULL, "on" = 1 WHERE seq = 1`,
		`DELETE FROM reading`,
		`UPDATE reading SET reader = 9`,
	} {
		t.Run(text, func(t *testing.T) {
			if _, err := console.ExecContext(t.Context(), text); err == nil {
				t.Error("went through")
			}
		})
	}
	is(t, all(t.Context(), t, db, record.Query{}), want)
	t.Run("erasure is the one change allowed", func(t *testing.T) {
		_, err := console.ExecContext(t.Context(), `UPDATE record SET fields = NULL, salt = NULL WHERE seq = 2`)
		must(t, err)
	})
}

func testSnapshot(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	must(t, db.Append(t.Context(), 0, batch(0)))
	must(t, db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		seq, _, err := s.Last(t.Context())
		must(t, err)
		is(t, seq, int64(4))
		must(t, db.Append(t.Context(), 4, record.Batch{Records: Records(4, 9), Rows: []record.Row{{View: "org", Key: "o1", Seq: 5, Body: []byte("later")}}}))
		is(t, len(all(t.Context(), t, s, record.Query{})), 4)
		for r, err := range s.View(t.Context(), "org") {
			must(t, err)
			if string(r.Body) == "later" {
				t.Error("a snapshot shows what came after it")
			}
		}
		return nil
	}))
	seq, _, err := db.Last(t.Context())
	must(t, err)
	is(t, seq, int64(13))
}
