package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	other "github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
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

// troubles are the ways in which a disk fails.
func troubles() map[string]trouble {
	return map[string]trouble{
		"full":                 {code: sqlite3.FULL},
		"full from then on":    {code: sqlite3.FULL, forever: true, half: true},
		"a write fails":        {code: sqlite3.IOERR_WRITE, half: true},
		"a sync fails":         {code: sqlite3.IOERR_FSYNC},
		"dead from then on":    {code: sqlite3.IOERR_FSYNC, forever: true},
		"dead half way within": {code: sqlite3.IOERR_WRITE, forever: true, half: true},
	}
}

func TestADiskThatFailsUnderAnAppend(t *testing.T) {
	for name, with := range troubles() {
		t.Run(name, func(t *testing.T) {
			n := 0
			for hit := true; hit; n++ {
				var complaint error
				if hit, complaint = appendOnto(t, with, n+1); complaint != nil {
					t.Errorf("operation %d: %v", n+1, complaint)
				}
			}
			if n < 5 {
				t.Errorf("the disk was asked for only %d things", n-1)
			}
		})
	}
	t.Run("a disk that lies is found out", func(t *testing.T) {
		found := 0
		for n, hit := 1, true; hit; n++ {
			var complaint error
			if hit, complaint = appendOnto(t, trouble{lies: true}, n); complaint != nil {
				found++
			}
		}
		if found == 0 {
			t.Error("no lie was noticed: the tests above could not fail")
		}
	})
}

// appendOnto appends while the disk fails at one operation, and judges what the
// store finds when the process goes on, and what it would find after a crash.
func appendOnto(t *testing.T, with trouble, at int) (hit bool, complaint error) {
	t.Helper()
	d, on := newDisk(t, with)
	cfg := store.Config{Dir: t.TempDir(), Driver: on}
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	d.arm(at)
	outcome := db.Append(t.Context(), 0, storetest.Batch())
	hit = d.disarm()
	crashed := store.Config{Dir: copyOf(t, cfg.Dir)}
	living := goOn(t, db, outcome)
	_ = db.Close() // it may still suffer
	return hit, errors.Join(living, judgeAfresh(t, crashed, outcome))
}

// goOn checks the promises to the process that goes on: after a failed disk it
// reads and does not write; after a full one it does both.
func goOn(t *testing.T, db *store.DB, outcome error) error {
	t.Helper()
	if !errors.Is(outcome, store.ErrUnknown) {
		if err := storetest.Judge(t.Context(), db, outcome); err != nil {
			return fmt.Errorf("in the same process: %w", err)
		}
	}
	have, _, err := db.Last(t.Context())
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	next := db.Append(t.Context(), have, record.Batch{Records: storetest.Records(have, 1)})
	if errors.Is(outcome, store.ErrBroken) {
		if !errors.Is(next, fault.ReadOnly) {
			return fmt.Errorf("writes on after the disk failed: %w", errors.Join(outcome, next))
		}
		return nil
	}
	if next != nil {
		return fmt.Errorf("does not go on: %w", next)
	}
	return nil
}

func judgeAfresh(t *testing.T, cfg store.Config, outcome error) error {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		return fmt.Errorf("after a crash: %w", err)
	}
	defer db.Close()
	if err := storetest.Judge(t.Context(), db, outcome); err != nil {
		return fmt.Errorf("after a crash: %w", err)
	}
	return nil
}

// copyOf is the directory as a crash would leave it now.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{store.File, store.File + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestADiskThatFailsUnderACheckpoint(t *testing.T) {
	for name, with := range troubles() {
		t.Run(name, func(t *testing.T) {
			n := 0
			for hit := true; hit; n++ {
				d, on := newDisk(t, with)
				cfg := store.Config{Dir: t.TempDir(), Driver: on}
				db, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				outcome := db.Append(t.Context(), 0, storetest.Batch())
				d.arm(n + 1)
				_ = db.Close() // moves the log into the file, or fails to
				hit = d.disarm()
				if err := judgeAfresh(t, store.Config{Dir: cfg.Dir}, outcome); err != nil {
					t.Errorf("operation %d: %v", n+1, err)
				}
			}
			if n < 5 {
				t.Errorf("the disk was asked for only %d things", n-1)
			}
		})
	}
}

// TestAFullDiskIsNoDisaster: with no page left the store refuses, reads, and
// goes on when there is room again.
func TestAFullDiskIsNoDisaster(t *testing.T) {
	d, on := newDisk(t, trouble{code: sqlite3.FULL, forever: true})
	db := storetest.Open(t, store.Config{Dir: t.TempDir(), Driver: on})
	d.arm(1)
	for range 3 {
		err := db.Append(t.Context(), 0, storetest.Batch())
		if err == nil || errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrBroken) || !strings.Contains(err.Error(), "full") {
			t.Fatal("a full disk:", err)
		}
	}
	d.disarm()
	if err := db.Append(t.Context(), 0, storetest.Batch()); err != nil {
		t.Fatal("room again:", err)
	}
	if err := storetest.Judge(t.Context(), db, nil); err != nil {
		t.Error(err)
	}
}
