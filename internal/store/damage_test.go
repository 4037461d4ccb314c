package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func TestDamageMetOnReadingIsRememberedAndNamesThePlace(t *testing.T) {
	byMatter := record.Query{Matter: storetest.Records(0, 1)[0].Matter}
	for name, c := range map[string]struct {
		spoil func(*testing.T, store.Config)
		query record.Query
		says  error
		where string
	}{
		"a page of the table":      {page("record"), record.Query{}, store.ErrDamaged, store.File},
		"a page of an index":       {page("record_matter"), byMatter, store.ErrDamaged, store.File},
		"the fields of one record": {fields(3), record.Query{}, record.ErrDamaged, "record 3"},
		"control: another index":   {page("record_matter"), record.Query{}, nil, ""},
		"control: nothing":         {func(*testing.T, store.Config) {}, record.Query{}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := store.Config{Dir: t.TempDir()}
			db, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(db.Append(t.Context(), 0, record.Batch{Records: storetest.Records(0, 5)}), db.Close()); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, cfg)
			db = storetest.Open(t, cfg)
			if db.Damage() != nil {
				t.Fatal("before anything was read:", db.Damage())
			}
			var got error
			for _, err := range db.Read(t.Context(), c.query) {
				got = errors.Join(got, err)
			}
			if !errors.Is(got, c.says) || !errors.Is(db.Damage(), c.says) || (db.Damage() == nil) != (c.says == nil) {
				t.Fatalf("read: %v; remembered: %v", got, db.Damage())
			}
			if c.says != nil && !strings.Contains(db.Damage().Error(), c.where) {
				t.Errorf("%v does not name %s", db.Damage(), c.where)
			}
			if at, err := db.Position(t.Context(), "figures"); err != nil || at != 0 {
				t.Errorf("what is sound cannot be read: %v", err)
			}
		})
	}
}

// page makes rubbish of the first page of a table or an index.
func page(of string) func(*testing.T, store.Config) {
	return func(t *testing.T, cfg store.Config) {
		var number, size int64
		if err := storetest.SQL(t, cfg).QueryRowContext(t.Context(), "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = $1", of).Scan(&number, &size); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(cfg.Dir, store.File), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, int(size)), (number-1)*size)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func fields(seq int) func(*testing.T, store.Config) {
	return func(t *testing.T, cfg store.Config) {
		text := fmt.Sprintf("DROP TRIGGER record_unchanged; UPDATE record SET fields = CAST(fields || ' ' AS BLOB) WHERE seq = %d", seq)
		if _, err := storetest.SQL(t, cfg).ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADatabaseThatCannotBeOpenedIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(file string) error
		says  string
	}{
		"a directory in its place": {func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o700)) }, "permissions"},
		"another file":             {func(file string) error { return os.WriteFile(file, bytes.Repeat([]byte("no database "), 1000), 0o600) }, "backup"},
		"control: nothing":         {func(string) error { return nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := store.Config{Dir: t.TempDir()}
			db, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(cfg.Dir, store.File)
			if err := c.spoil(file); err != nil {
				t.Fatal(err)
			}
			db, err = store.Open(t.Context(), cfg)
			if c.says == "" {
				if err := errors.Join(err, db.Close()); err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %v", err)
			}
		})
	}
}
