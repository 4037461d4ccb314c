// Package store keeps the record and what stands beside it in a SQL database,
// SQLite or PostgreSQL. It decides nothing: no right, no rule, no step of a
// procedure is known here.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
)

var (
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")

	// ErrUnknown: the transaction was sent off and nobody knows whether it is
	// durable. The caller must not acknowledge, and must read Last and Answer
	// again before it decides anything else.
	ErrUnknown = errors.New("the outcome of the commit is not known")

	// ErrBroken: the disk failed under a write, so this store writes no more.
	// Reading goes on. It is a [fault.ReadOnly]; only [Open] on a sound disk
	// makes the store writable again.
	ErrBroken = fmt.Errorf("the disk failed under a write: %w", fault.ReadOnly)

	// ErrDamaged: what the database holds is not what was written there. It is for
	// an operator to see, and never goes away by itself.
	ErrDamaged = errors.New("it is damaged; look at the disk, restore it from a backup, and run qingfeng verify")

	// ErrNewer: the database was written by a newer version of the program.
	ErrNewer = errors.New("the database belongs to a newer version of the program")
)

// A Config says which database to open.
type Config struct {
	Dir      string // the data directory; made when it is missing
	Postgres string // address of a PostgreSQL database, instead of a file in the directory
	Region   int64  // the city; 1 when not given
	Readers  int    // connections for reading; 8 when not given

	// ReadOnly opens SQLite beside a running service, to verify or to back up.
	// Nothing is made, migrated or locked, and every write is refused.
	ReadOnly bool

	// Driver replaces the driver of the database; tests inject faults with it.
	Driver driver.Driver
}

// DB is the store of one region. It is safe for use by many goroutines.
//
// An error of a write means that nothing was written, unless it is
// [ErrUnknown]. Neither a failed nor an unknown write may be acknowledged.
type DB struct {
	cfg     Config
	dialect *dialect
	readers *sql.DB
	writers *sql.DB
	lock    io.Closer

	statements  sync.Map // text to *sql.Stmt, prepared on readers
	jobs        chan *job
	broken      atomic.Pointer[error]
	damage      atomic.Pointer[error] // the first that was met on reading
	checkpoints *sql.DB               // SQLite: moves the write-ahead log into the file
	grown       chan struct{}         // the write-ahead log has grown
	stopped     context.Context
	stop        context.CancelFunc // ends what runs in the background
	background  sync.WaitGroup
}

var _ record.Log = (*DB)(nil)

// Open opens the database, and makes it or brings its tables up to date first
// if need be. A directory that another process serves is refused with [*InUse],
// a database of a newer version with [ErrNewer].
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d := &DB{cfg: cfg.filled(), jobs: make(chan *job)}
	d.stopped, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := d.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open: %w", d.openFailed(err)), d.Close())
	}
	return d, nil
}

// filled puts in what was not given.
func (c Config) filled() Config {
	if c.Region == 0 {
		c.Region = 1
	}
	if c.Readers == 0 {
		c.Readers = 8
	}
	return c
}

func (d *DB) open(ctx context.Context) error {
	d.dialect = sqliteDialect()
	if d.cfg.Postgres != "" {
		d.dialect = postgresDialect()
	}
	if d.cfg.Driver == nil {
		d.cfg.Driver = d.dialect.driver
	}
	if err := d.claim(); err != nil {
		return err
	}
	d.readers = d.pool(d.cfg.Readers, reading)
	if d.cfg.ReadOnly {
		return d.checkVersion(ctx)
	}
	d.writers = d.pool(d.dialect.writers, writing)
	if err := d.migrate(ctx); err != nil {
		return err
	}
	if err := d.startCheckpoints(ctx); err != nil {
		return err
	}
	for range d.dialect.writers {
		d.background.Go(d.serveWrites)
	}
	return nil
}

// claim makes the data directory ours, or fails with [*InUse]. With PostgreSQL, too:
// keys and log are in it, and two may not sign.
func (d *DB) claim() (err error) {
	if d.cfg.Dir == "" && d.cfg.Postgres != "" || d.cfg.ReadOnly {
		return nil
	}
	if err := os.MkdirAll(d.cfg.Dir, 0o700); err != nil {
		return err
	}
	d.lock, err = Lock(d.cfg.Dir)
	return err
}

// Close waits for the writes under way and closes the database.
func (d *DB) Close() error {
	d.stop()
	d.background.Wait()
	var errs []error
	d.statements.Range(func(_, s any) bool {
		errs = append(errs, s.(*sql.Stmt).Close())
		return true
	})
	for _, db := range []*sql.DB{d.readers, d.checkpoints, d.writers} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Close())
	}
	return errors.Join(errs...)
}
