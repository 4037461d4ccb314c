package storetest

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// ErrInjected is the fault that [Faults] injects.
var ErrInjected = errors.New("injected fault")

// A Mode is how an operation goes wrong.
type Mode int

// The modes of faults.
const (
	Before Mode = iota // it fails and was not done
	After              // it was done, and fails all the same: the answer was lost
	Lie                // it was not done, and says it was: the control
)

// Faults is a driver that lets one operation go wrong. Operations are whatever
// is asked of a connection: to prepare, to run, to query.
type Faults struct {
	driver.Driver

	mu      sync.Mutex
	mode    Mode
	at      int // which operation, from 1; 0 for none
	forever bool
	count   int
}

// Arm lets operation number at, counted from now, go wrong, and with forever
// every one after it.
func (f *Faults) Arm(mode Mode, at int, forever bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mode, f.at, f.forever, f.count = mode, at, forever, 0
}

// Disarm ends all faults and reports whether there was any.
func (f *Faults) Disarm() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	hit := f.at > 0 && f.count >= f.at
	f.at = 0
	return hit
}

// next counts an operation and returns whether it goes wrong, and how.
func (f *Faults) next() (Mode, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == 0 {
		return 0, false
	}
	f.count++
	return f.mode, f.count == f.at || f.forever && f.count > f.at
}

// through runs an operation, or what is left of it. lie is what a lie answers.
func through[T any](f *Faults, lie T, do func() (T, error)) (T, error) {
	mode, wrong := f.next()
	switch {
	case !wrong:
		return do()
	case mode == Lie:
		return lie, nil
	case mode == After:
		if _, err := do(); err != nil {
			return lie, err
		}
	}
	return lie, ErrInjected
}

// Open implements [driver.Driver].
func (f *Faults) Open(address string) (driver.Conn, error) {
	c, err := f.Driver.Open(address)
	if err != nil {
		return nil, err
	}
	return &faultyConn{c, f}, nil
}

type faultyConn struct {
	driver.Conn
	faults *Faults
}

func (c *faultyConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &faultyStmt{s, c.faults}, nil
}

func (c *faultyConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return through(c.faults, driver.Result(driver.RowsAffected(1)), func() (driver.Result, error) {
		return c.Conn.(driver.ExecerContext).ExecContext(ctx, text, args)
	})
}

func (c *faultyConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, text, args)
}

func (c *faultyConn) CheckNamedValue(v *driver.NamedValue) error {
	if check, ok := c.Conn.(driver.NamedValueChecker); ok {
		return check.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type faultyStmt struct {
	driver.Stmt
	faults *Faults
}

func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return through(s.faults, driver.Result(driver.RowsAffected(1)), func() (driver.Result, error) {
		return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	})
}

func (s *faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if mode, wrong := s.faults.next(); wrong && mode != Lie {
		return nil, ErrInjected
	}
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}
