package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
)

// A source answers queries: the store as it is at each query, or a [Snapshot].
type source interface {
	rows(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	row(ctx context.Context, text string, args []any, into ...any) error
	region() int64
	words() *dialect
	noticed(err error) error
}

func (d *DB) region() int64   { return d.cfg.Region }
func (d *DB) words() *dialect { return d.dialect }

// rows runs a query whose statement is prepared once.
func (d *DB) rows(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, err := d.prepare(ctx, text)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, d.noticed(err)
	}
	rows, err := s.QueryContext(d.dialect.asking(ctx), args...)
	return rows, d.noticed(err)
}

func (d *DB) row(ctx context.Context, text string, args []any, into ...any) error {
	s, err := d.prepare(ctx, text)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return d.noticed(err)
	}
	return d.noticed(s.QueryRowContext(d.dialect.asking(ctx), args...).Scan(into...))
}

// prepare keeps one statement for each text. Texts are few: they are written
// in this package, and conditions are appended in one order.
func (d *DB) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if d.stopped.Err() != nil {
		return nil, ErrClosed
	}
	if s, ok := d.statements.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := d.readers.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if other, ok := d.statements.LoadOrStore(text, s); ok {
		return other.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// A Snapshot reads everything as of one moment. Views, positions and the end
// of the log agree with each other in it, whoever writes meanwhile.
type Snapshot struct {
	db   *DB
	conn *sql.Conn
}

// Snapshot calls f with the state of now. f should be quick: as long as it
// runs, SQLite cannot shorten its write-ahead log.
func (d *DB) Snapshot(ctx context.Context, f func(*Snapshot) error) (err error) {
	if d.stopped.Err() != nil {
		return ErrClosed
	}
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, d.dialect.still); err != nil {
		return err
	}
	err = f(&Snapshot{d, conn})
	_, end := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(err, end)
}

func (s *Snapshot) region() int64   { return s.db.cfg.Region }
func (s *Snapshot) words() *dialect { return s.db.dialect }

func (s *Snapshot) noticed(err error) error { return s.db.noticed(err) }

func (s *Snapshot) rows(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	rows, err := s.conn.QueryContext(ctx, text, args...)
	return rows, s.db.noticed(err)
}

func (s *Snapshot) row(ctx context.Context, text string, args []any, into ...any) error {
	return s.db.noticed(s.conn.QueryRowContext(ctx, text, args...).Scan(into...))
}

// query yields what scan makes of each row of a query, in one go: the query
// stays open as long as the caller takes its time.
func query[T any](ctx context.Context, from source, scan func(*sql.Rows) (T, error), text string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := from.rows(ctx, text, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if err == nil {
				err = ctx.Err()
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := from.noticed(rows.Err()); err != nil {
			yield(none, err)
		}
	}
}

// list collects what query yields.
func list[T any](ctx context.Context, from source, scan func(*sql.Rows) (T, error), text string, args ...any) (all []T, err error) {
	for v, err := range query(ctx, from, scan, text, args...) {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
