package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresDialect: several processes may write. Whoever appends takes its turn
// by a lock that ends with the transaction; commits are grouped by the server.
func postgresDialect() *dialect {
	return &dialect{
		driver:  stdlib.GetDefaultDriver(),
		address: func(cfg Config, _ purpose) string { return cfg.Postgres },
		writers: 4,
		group:   1,
		suffix:  ".postgres.sql",
		adapt:   postgresWords,
		exists:  "SELECT to_regclass($1) IS NOT NULL",
		still:   "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
		begin:   "BEGIN",
		turn:    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.record', $1))",
		among:   func(column string, arg int) string { return fmt.Sprintf("%s = ANY($%d)", column, arg) },
		list:    func(numbers []int64) any { return numbers },
		put:     putColumns,
		doubled: func(err error) bool {
			var e *pgconn.PgError
			return errors.As(err, &e) && e.Code == "23505"
		},
		blame: postgresBlame,
		damaged: func(err error) bool {
			var e *pgconn.PgError
			return errors.As(err, &e) && (e.Code == "XX001" || e.Code == "XX002") // of data, of an index
		},
		asking: func(ctx context.Context) context.Context { return ctx },
		bound: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 30*time.Second)
		},
	}
}

// postgresWords puts the shared schema into the words of PostgreSQL. Texts are
// compared byte by byte, as SQLite does, whatever language the server speaks.
func postgresWords(schema string) string {
	return strings.NewReplacer("INTEGER", "BIGINT", "BLOB", "BYTEA", "TEXT", `TEXT COLLATE "C"`, ") STRICT, WITHOUT ROWID;", ");", ") STRICT;", ");").Replace(schema)
}

// putColumns sends all rows in one statement, column by column.
func putColumns(t *tx, into *target, rows iter.Seq[[]any]) error {
	cols := make([]values, len(into.columns))
	n := 0
	for row := range rows {
		for i, c := range into.columns {
			cols[i].add(c.sort, row[i])
		}
		n++
	}
	if n == 0 {
		return nil
	}
	args := make([]any, len(cols))
	marks := make([]string, len(cols))
	for i, c := range into.columns {
		args[i] = cols[i].array(c.sort)
		marks[i] = fmt.Sprintf("$%d::%s[]", i+1, [...]string{number: "bigint", text: "text", blob: "bytea"}[c.sort])
	}
	_, err := t.exec(fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s) %s",
		into.table, into.names(), strings.Join(marks, ", "), into.clash), args...)
	return err
}

// values are those of one column, of one sort.
type values struct {
	numbers []int64
	texts   []string
	blobs   [][]byte
}

func (v *values) add(s sort, x any) {
	switch s {
	case number:
		v.numbers = append(v.numbers, x.(int64))
	case text:
		v.texts = append(v.texts, x.(string))
	case blob:
		b, _ := x.([]byte) // nil is NULL
		v.blobs = append(v.blobs, bytes.Clone(b))
	}
}

func (v *values) array(s sort) any {
	switch s {
	case number:
		return v.numbers
	case text:
		return v.texts
	}
	return v.blobs
}

// postgresBlame trusts what the server says about a statement, unless it says
// goodbye. Everything else came from the way there.
func postgresBlame(err error) blame {
	var e *pgconn.PgError
	if errors.As(err, &e) && !strings.HasPrefix(e.Code, "08") && !strings.HasPrefix(e.Code, "57P") {
		return statement
	}
	return connection
}

// quoteName is a text literal that holds the quoted name of a role.
func quoteName(role string) string {
	return "'" + strings.ReplaceAll(pgx.Identifier{role}.Sanitize(), "'", "''") + "'"
}
