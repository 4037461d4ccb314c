package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	other "github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"

	"qingfeng/internal/store/storetest"
)

// These tests let the disk itself fail under SQLite, at each write, sync and
// truncation. They need a file layer written in Go and take the driver that
// has one; the statements and all of our code are the same.

// A trouble is how a disk fails.
type trouble struct {
	code    error // what it says
	forever bool
	half    bool // it writes half of what it should before it fails
	lies    bool // it says nothing, and does nothing: the control
}

// A disk fails at one of its operations.
type disk struct {
	vfs.VFS
	trouble
	mu    sync.Mutex
	at    int // which operation, from 1; 0 for none
	count int
}

func (d *disk) arm(at int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.count = at, 0
}

// disarm makes the disk sound again and reports whether it failed.
func (d *disk) disarm() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	hit := d.at > 0 && d.count >= d.at
	d.at = 0
	return hit
}

func (d *disk) fails() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at == 0 {
		return false
	}
	d.count++
	return d.count == d.at || d.forever && d.count > d.at
}

// OpenFilename implements [vfs.VFSFilename].
func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, got, err := d.VFS.(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil {
		return nil, got, err
	}
	return &diskFile{f, d}, got, nil
}

type diskFile struct {
	vfs.File
	disk *disk
}

func (f *diskFile) Unwrap() vfs.File { return f.File }

func (f *diskFile) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

func (f *diskFile) WriteAt(b []byte, at int64) (int, error) {
	if !f.disk.fails() {
		return f.File.WriteAt(b, at)
	}
	if f.disk.lies {
		return len(b), nil
	}
	if f.disk.half {
		if _, err := f.File.WriteAt(b[:len(b)/2], at); err != nil {
			return 0, err
		}
	}
	return 0, f.disk.code
}

// Sync fails as the file layer of SQLite has it: whatever the system says, also
// that the disk is full, is a failed sync.
func (f *diskFile) Sync(flags vfs.SyncFlag) error {
	if f.disk.fails() && !f.disk.lies {
		return sqlite3.IOERR_FSYNC
	}
	return f.File.Sync(flags)
}

func (f *diskFile) Truncate(size int64) error {
	if f.disk.fails() {
		if f.disk.lies {
			return nil
		}
		return f.disk.code
	}
	return f.File.Truncate(size)
}

// A diskDriver opens SQLite on a disk and gives errors as our own driver does.
type diskDriver struct{ name string }

// Open implements [driver.Driver].
func (d diskDriver) Open(address string) (driver.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("vfs", d.name)
	u.RawQuery = q.Encode()
	c, err := (&other.SQLite{}).Open(u.String())
	if err != nil {
		return nil, coded(err)
	}
	return &diskConn{c}, nil
}

type codedError struct {
	error
	code int
}

func (e codedError) Code() int     { return e.code }
func (e codedError) Unwrap() error { return e.error }

func coded(err error) error {
	var code sqlite3.ExtendedErrorCode
	if errors.As(err, &code) {
		return codedError{err, int(code)}
	}
	return err
}

type diskConn struct{ driver.Conn }

func (c *diskConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
	if err != nil {
		return nil, coded(err)
	}
	return &diskStmt{s}, nil
}

func (c *diskConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	r, err := c.Conn.(driver.ExecerContext).ExecContext(ctx, text, args)
	return r, coded(err)
}

type diskStmt struct{ driver.Stmt }

func (s *diskStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	r, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return r, coded(err)
}

func (s *diskStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	r, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	return r, coded(err)
}

func (s *diskStmt) CheckNamedValue(v *driver.NamedValue) error {
	return s.Stmt.(driver.NamedValueChecker).CheckNamedValue(v)
}

// newDisk registers a disk and returns it with a driver on it.
func newDisk(t *testing.T, with trouble) (*disk, driver.Driver) {
	t.Helper()
	d := &disk{VFS: vfs.Find(""), trouble: with}
	name := fmt.Sprintf("disk%x", storetest.Random(8))
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return d, diskDriver{name}
}
