package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"

	"qingfeng/internal/fault"
)

// A job is one transaction that somebody waits for.
type job struct {
	asked context.Context
	do    func(*tx) error
	done  chan error
}

// write runs do in a transaction and returns when it is durable. Jobs that wait
// together may share one commit, each in a savepoint of its own, so that one
// that fails hurts no other. do must not touch anything outside of its
// transaction: it may be undone.
func (d *DB) write(ctx context.Context, do func(*tx) error) error {
	if d.cfg.ReadOnly {
		return fault.ReadOnly
	}
	j := &job{ctx, do, make(chan error, 1)}
	select {
	case d.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	case <-d.stopped.Done():
		return ErrClosed
	}
}

// serveWrites runs jobs on one connection until the store is closed.
func (d *DB) serveWrites() {
	w := &writer{db: d}
	defer w.drop()
	for {
		select {
		case j := <-d.jobs:
			w.run(d.gather(j))
		case <-d.stopped.Done():
			return
		}
	}
}

// gather returns first and what else waits by now.
func (d *DB) gather(first *job) []*job {
	jobs := []*job{first}
	for len(jobs) < d.dialect.group {
		select {
		case j := <-d.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// A writer is one connection that writes, with its prepared statements.
type writer struct {
	db         *DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// run does jobs in one transaction and tells each how it ended.
func (w *writer) run(jobs []*job) {
	errs := make([]error, len(jobs))
	err := w.transact(jobs, errs)
	for i, j := range jobs {
		if errs[i] == nil {
			errs[i] = err
		}
		j.done <- errs[i]
	}
}

// transact fills errs with what befell single jobs; the error it returns befell
// all others.
func (w *writer) transact(jobs []*job, errs []error) error {
	if broken := w.db.broken.Load(); broken != nil {
		return *broken
	}
	ctx, cancel := w.db.dialect.bound(context.WithoutCancel(jobs[0].asked))
	defer cancel()
	if err := w.begin(ctx); err != nil {
		return w.judge(err)
	}
	var after []func()
	for i, j := range jobs {
		t := &tx{w: w, ctx: ctx, asked: j.asked}
		var lost bool
		if errs[i], lost = w.attempt(t, j, len(jobs) > 1); lost {
			errs[i] = w.judge(errs[i])
			w.rollback(ctx)
			return errs[i]
		}
		if errs[i] == nil {
			after = append(after, t.after...)
		}
	}
	if _, err := w.exec(ctx, "COMMIT"); err != nil {
		w.rollback(ctx)
		return w.uncertain(err)
	}
	for _, f := range after {
		f()
	}
	w.db.noteGrowth()
	return nil
}

// attempt runs one job, in a savepoint if it shares the transaction, and
// reports whether the transaction is lost with it. The database may undo a
// whole transaction where one statement was asked for, as when the disk is
// full; going on would write the rest without any.
func (w *writer) attempt(t *tx, j *job, shared bool) (err error, lost bool) {
	if err := j.asked.Err(); err != nil {
		return err, !shared
	}
	if !shared {
		err = j.do(t)
		return err, err != nil
	}
	if _, err := w.exec(t.ctx, "SAVEPOINT one"); err != nil {
		return err, true
	}
	if err = j.do(t); err != nil {
		if _, undo := w.exec(t.ctx, "ROLLBACK TO one"); undo != nil {
			return errors.Join(err, undo), true
		}
	}
	if _, end := w.exec(t.ctx, "RELEASE one"); end != nil {
		return errors.Join(err, end), true
	}
	return err, err != nil && w.db.dialect.blame(err) == disk
}

// begin opens the transaction. A connection may have died since it was last
// used, so one that cannot even begin is replaced once.
func (w *writer) begin(ctx context.Context) error {
	used := w.conn != nil
	err := w.tryBegin(ctx)
	if err != nil && used && w.db.dialect.blame(err) == connection {
		err = w.tryBegin(ctx)
	}
	return err
}

func (w *writer) tryBegin(ctx context.Context) (err error) {
	if w.conn == nil {
		if w.conn, err = w.db.writers.Conn(ctx); err != nil {
			return err
		}
		w.statements = map[string]*sql.Stmt{}
	}
	if _, err = w.exec(ctx, w.db.dialect.begin); err != nil {
		w.drop()
	}
	return err
}

// rollback ends the transaction; a connection that cannot even do that is given up.
func (w *writer) rollback(ctx context.Context) {
	if _, err := w.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		w.drop()
	}
}

// drop closes the connection for good, so that the next job gets a new one.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	for _, s := range w.statements {
		_ = s.Close() // ended with the connection anyway
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // which is how to have it closed
	w.conn = nil
}

// judge looks whether err means that the disk failed, and remembers it.
func (w *writer) judge(err error) error {
	if w.db.dialect.blame(err) == disk {
		err = fmt.Errorf("%w: %w", ErrBroken, err)
		w.db.broken.CompareAndSwap(nil, &err)
	}
	return err
}

// uncertain is judge for a commit that failed. There is no doubt only where the
// database itself refused, as when the disk is full: then nothing happened.
func (w *writer) uncertain(err error) error {
	if w.db.dialect.blame(err) == statement {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnknown, w.judge(err))
}

// exec runs a statement that is prepared once for the connection.
func (w *writer) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, err := w.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (w *writer) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s := w.statements[text]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, text)
	if err == nil {
		w.statements[text] = s
	}
	return s, err
}

// A tx is a transaction under way. Its statements cannot be cut short by the
// one who asked: an interrupted commit would leave everybody in doubt.
type tx struct {
	w     *writer
	ctx   context.Context
	asked context.Context // looked at between statements
	after []func()        // to be done once it is durable
}

func (t *tx) region() int64 { return t.w.db.cfg.Region }

func (t *tx) exec(text string, args ...any) (sql.Result, error) {
	return t.w.exec(t.ctx, text, args...)
}

// changed runs a statement and returns how many rows it touched.
func (t *tx) changed(text string, args ...any) (int64, error) {
	r, err := t.exec(text, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row runs a query for one row and scans it.
func (t *tx) row(text string, args []any, into ...any) error {
	s, err := t.w.prepare(t.ctx, text)
	if err != nil {
		return err
	}
	return s.QueryRowContext(t.ctx, args...).Scan(into...)
}

// put writes rows into a table.
func (t *tx) put(into *target, rows iter.Seq[[]any]) error {
	return t.w.db.dialect.put(t, into, rows)
}
