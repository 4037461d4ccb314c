package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"

	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Dir: t.TempDir()}
	})
}

func TestASecondInstanceIsTurnedAway(t *testing.T) {
	dir := t.TempDir()
	first, err := store.Open(t.Context(), store.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = store.Open(t.Context(), store.Config{Dir: dir})
		var busy *store.InUse
		if !errors.As(err, &busy) || busy.Dir != dir || busy.Process != strconv.Itoa(os.Getpid()) {
			t.Fatal("second instance:", err)
		}
	}
	if err := first.Append(t.Context(), 0, record.Batch{Records: storetest.Records(0, 1)}); err != nil {
		t.Error("the first instance suffered:", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.Open(t, store.Config{Dir: dir})
}

func TestReadOnlyBesideAService(t *testing.T) {
	dir := t.TempDir()
	serving := storetest.Open(t, store.Config{Dir: dir})
	beside := storetest.Open(t, store.Config{Dir: dir, ReadOnly: true})
	if err := serving.Append(t.Context(), 0, record.Batch{Records: storetest.Records(0, 3)}); err != nil {
		t.Fatal(err)
	}
	if seq, _, err := beside.Last(t.Context()); seq != 3 || err != nil {
		t.Error("last:", seq, err)
	}
	err := beside.Append(t.Context(), 3, record.Batch{Records: storetest.Records(3, 1)})
	if !errors.Is(err, fault.ReadOnly) {
		t.Error("append:", err)
	}
	if seq, err := beside.Backup(t.Context(), filepath.Join(dir, "copy")); seq != 3 || err != nil {
		t.Error("backup:", seq, err)
	}
	if _, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), ReadOnly: true}); err == nil {
		t.Error("opened a database that is not there")
	}
}

func TestABackupIsOfOneMoment(t *testing.T) {
	db := storetest.Open(t, store.Config{Dir: t.TempDir()})
	if err := db.Append(t.Context(), 0, record.Batch{Records: storetest.Records(0, 5000)}); err != nil {
		t.Fatal(err)
	}
	copied := make(chan error)
	dir := t.TempDir()
	var seq int64
	go func() {
		var err error
		seq, err = db.Backup(t.Context(), dir)
		copied <- err
	}()
	have := int64(5000)
	for done := false; !done; have++ { // the service goes on
		select {
		case err := <-copied:
			if done = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
		row := record.Row{View: "org", Key: "o1", Seq: have + 1, Body: []byte("x")}
		if err := db.Append(t.Context(), have, record.Batch{Records: storetest.Records(have, 1), Rows: []record.Row{row}}); err != nil {
			t.Fatal(err)
		}
	}
	restored := storetest.Open(t, store.Config{Dir: dir})
	n := int64(0)
	for r, err := range restored.Read(t.Context(), record.Query{}) {
		if n++; err != nil || r.Seq != n || !r.Intact() {
			t.Fatal("record", n, r.Seq, err)
		}
	}
	if row, found, err := restored.Row(t.Context(), "org", "o1"); err != nil || n != seq || found && row.Seq != seq {
		t.Errorf("the copy ends at %d, says %d, its view at %d (%v)", n, seq, row.Seq, err)
	}
	if err := restored.Append(t.Context(), seq, record.Batch{Records: storetest.Records(seq, 1)}); err != nil {
		t.Error("the copy cannot go on:", err)
	}
	if _, err := db.Backup(t.Context(), dir); !errors.Is(err, os.ErrExist) {
		t.Error("a backup wrote over another:", err)
	}
}

func TestDirectoriesOfAnyName(t *testing.T) {
	for _, name := range []string{"吕梁 市", "50%", "a?b=c", "a#b", "a&_pragma=x", "%41"} {
		dir := filepath.Join(t.TempDir(), name)
		storetest.Open(t, store.Config{Dir: dir})
		if _, err := os.Stat(filepath.Join(dir, store.File)); err != nil {
			t.Error(err)
		}
	}
}
