package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path/filepath"

	"modernc.org/sqlite"
)

// File is the name of the database in a data directory.
const File = "qingfeng.db"

// sqliteDialect: one file, one connection that writes, many that read. Writes
// that arrive together share one commit, because a commit waits for the disk.
func sqliteDialect() *dialect {
	return &dialect{
		driver:  &sqlite.Driver{},
		address: sqliteAddress,
		writers: 1,
		group:   64,
		suffix:  ".sqlite.sql",
		adapt:   func(schema string) string { return schema },
		exists:  "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = $1",
		still:   "BEGIN",
		begin:   "BEGIN IMMEDIATE",
		among: func(column string, arg int) string {
			return fmt.Sprintf("%s IN (SELECT value FROM json_each($%d))", column, arg)
		},
		list:    sqliteList,
		put:     putEach,
		doubled: sqliteDoubled,
		blame:   sqliteBlame,
		damaged: sqliteDamaged,
		// To stop a query half-way the driver starts two goroutines for each, which
		// costs more than most of them; whoever went away is noticed between rows.
		asking: context.WithoutCancel,
		// The disk answers or fails. A context that can end would cost each
		// statement somebody who waits for its end.
		bound: func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
	}
}

// sqliteAddress is the URI of the file. WAL with synchronous=FULL keeps what
// was acknowledged through a power cut; other settings lose it. There is no
// memory map: where a read returns an error, a map would kill the process.
func sqliteAddress(cfg Config, p purpose) string {
	pragmas := []string{"busy_timeout(10000)", "trusted_schema(OFF)", "cell_size_check(ON)", "temp_store(MEMORY)"}
	switch p {
	case reading:
		pragmas = append(pragmas, "cache_size(-4096)", "query_only(ON)")
	case writing:
		pragmas = append(pragmas,
			"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
			"recursive_triggers(ON)", // or REPLACE would pass by the guards of the record
			"secure_delete(ON)",      // what is erased is overwritten
			"wal_autocheckpoint(0)",  // done in the background
			"cache_size(-32768)",
		)
	}
	file, err := filepath.Abs(filepath.Join(cfg.Dir, File))
	if err != nil {
		file = filepath.Join(cfg.Dir, File)
	}
	u := url.URL{Scheme: "file", Path: file, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return u.String()
}

func sqliteList(numbers []int64) any {
	b, _ := json.Marshal(numbers) // numbers always can be
	return string(b)
}

// putEach runs one prepared statement for each row: on SQLite that is faster
// than many rows in one statement.
func putEach(t *tx, into *target, rows iter.Seq[[]any]) error {
	n := 0
	for row := range rows {
		if _, err := t.exec(into.each, row...); err != nil {
			return err
		}
		if n++; n%512 == 0 && t.asked.Err() != nil {
			return t.asked.Err()
		}
	}
	return nil
}

// The primary result codes of SQLite that end all writing: what was written
// cannot be trusted to be on the disk, or what is on the disk cannot be
// trusted. A full disk is not among them: nothing is lost but the transaction.
const (
	sqliteIOErr   = 10
	sqliteCorrupt = 11
	sqliteNotADB  = 26
)

// sqliteCannotOpen is the primary result code of a file that is none, or that may not
// be opened: for now only, where too many files are open.
const sqliteCannotOpen = 14

func sqliteDamaged(err error) bool {
	code := sqliteCode(err) & 0xff
	return code == sqliteCorrupt || code == sqliteNotADB
}

func sqliteBlame(err error) blame {
	switch code := sqliteCode(err) & 0xff; code {
	case 0:
		return connection
	case sqliteIOErr, sqliteCorrupt, sqliteNotADB:
		return disk
	}
	return statement
}

// The extended result codes of a row whose primary key, or other unique key, is
// there already.
const (
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

func sqliteDoubled(err error) bool {
	code := sqliteCode(err)
	return code == sqlitePrimaryKey || code == sqliteUnique
}

// sqliteCode is the result code that SQLite gave, or 0 if err is not from there.
func sqliteCode(err error) int {
	var e interface{ Code() int }
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
