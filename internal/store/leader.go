package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// A Lead is the right to do what only one process may do, as to sign.
type Lead struct {
	pool *sql.DB // nil on SQLite: who holds the data directory leads
	conn *sql.Conn
}

// leadRetry is how often a process that waits asks again. It does not wait in
// the database: a statement that waits for hours keeps PostgreSQL from tidying up.
const leadRetry = time.Second

// Leader waits until this process leads in role, or ctx ends. The lead ends
// with [Lead.Release], with the process, or when the connection is lost, after
// which another takes over; so whoever leads asks [Lead.Held] before every step
// that must not be done twice.
func (d *DB) Leader(ctx context.Context, role string) (*Lead, error) {
	if d.cfg.Postgres == "" {
		return &Lead{}, nil
	}
	for {
		l, err := d.tryLead(ctx, role)
		if ctx.Err() != nil && l == nil {
			return nil, ctx.Err() // whatever became of a question that was broken off
		}
		if l != nil || err != nil {
			return l, err
		}
		select {
		case <-time.After(leadRetry):
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-d.stopped.Done():
			return nil, ErrClosed
		}
	}
}

// tryLead returns nil if another process leads.
func (d *DB) tryLead(ctx context.Context, role string) (*Lead, error) {
	l := &Lead{pool: d.pool(1, writing)}
	var err error
	var won bool
	if l.conn, err = l.pool.Conn(ctx); err == nil {
		err = l.conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.lead.' || $2::text, $1))", d.region(), role).Scan(&won)
	}
	if err == nil && won {
		return l, nil
	}
	if end := l.Release(); err == nil {
		err = end
	}
	if err != nil {
		return nil, fmt.Errorf("lead %s: %w", role, err)
	}
	return nil, nil
}

// Held reports whether this process still leads, as an error if not.
func (l *Lead) Held(ctx context.Context) error {
	if l.conn == nil {
		return nil
	}
	var one int
	if err := l.conn.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("the lead is lost: %w", err)
	}
	return nil
}

// Release gives the lead up.
func (l *Lead) Release() error {
	if l.pool == nil {
		return nil
	}
	if l.conn != nil {
		_ = l.conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it, and with it the lock
	}
	return l.pool.Close()
}

// Grant lets a PostgreSQL role serve and nothing more: it adds to the record
// and to the lists of who did what, blanks fields by erasure, and changes no
// table. Call it as the owner of the tables; then serve as that role.
func (d *DB) Grant(ctx context.Context, role string) error {
	if d.cfg.Postgres == "" {
		return errors.ErrUnsupported
	}
	err := d.write(ctx, func(t *tx) error {
		_, err := t.w.conn.ExecContext(t.ctx, fmt.Sprintf(grants, quoteName(role)))
		return err
	})
	if err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	return nil
}

// grants is run with the quoted name of a role.
const grants = `DO $$
DECLARE
	grantee text := %s;
	r record;
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %%I TO %%s', current_schema(), grantee);
	FOR r IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
		IF r.name = 'version' THEN
			EXECUTE format('GRANT SELECT ON %%I TO %%s', r.name, grantee);
		ELSIF r.name IN ('record', 'reading', 'trail', 'denied') THEN
			EXECUTE format('GRANT SELECT, INSERT ON %%I TO %%s', r.name, grantee);
		ELSE
			EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %%I TO %%s', r.name, grantee);
		END IF;
	END LOOP;
	EXECUTE format('GRANT UPDATE (fields, salt) ON record TO %%s', grantee);
END
$$`
