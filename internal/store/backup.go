package store

import (
	"context"

	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the database, as of one moment, into dir, and returns
// the last record that it holds. The service goes on meanwhile. The copy has
// its final name only once it is whole and durable; [Open] on dir opens it.
//
// PostgreSQL has tools of its own for this and answers [errors.ErrUnsupported].
func (d *DB) Backup(ctx context.Context, dir string) (seq int64, err error) {
	if d.cfg.Postgres != "" {
		return 0, fmt.Errorf("backup of PostgreSQL: %w", errors.ErrUnsupported)
	}
	final := filepath.Join(dir, File)
	if _, err := os.Lstat(final); err == nil {
		return 0, fmt.Errorf("backup: %s: %w", final, os.ErrExist)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	unfinished := final + ".part"
	defer func() {
		if err != nil {
			err = fmt.Errorf("backup: %w", errors.Join(err, removeIfThere(unfinished)))
		}
	}()
	if err := removeIfThere(unfinished); err != nil {
		return 0, err
	}
	if err := d.copyTo(ctx, unfinished); err != nil {
		return 0, err
	}
	if err := os.Chmod(unfinished, 0o600); err != nil {
		return 0, err
	}
	for _, step := range []func() error{
		func() error { return syncPath(unfinished) },
		func() error { return os.Rename(unfinished, final) },
		func() error { return syncPath(dir) },
	} {
		if err := step(); err != nil {
			return 0, err
		}
	}
	return lastIn(ctx, d, dir)
}

// copyTo copies what is in the database now, without what was erased or freed.
func (d *DB) copyTo(ctx context.Context, file string) error {
	pool := d.pool(1, copying)
	_, err := pool.ExecContext(ctx, "VACUUM INTO $1", file)
	return errors.Join(err, pool.Close())
}

// lastIn looks into the copy itself: a copy that cannot be read is none.
func lastIn(ctx context.Context, d *DB, dir string) (int64, error) {
	cfg := Config{Dir: dir, Region: d.cfg.Region, Readers: 1, ReadOnly: true, Driver: d.cfg.Driver}
	copied, err := Open(ctx, cfg)
	if err != nil {
		return 0, err
	}
	seq, _, err := copied.Last(ctx)
	return seq, errors.Join(err, copied.Close())
}

func removeIfThere(file string) error {
	if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// syncPath makes a file, or the names in a directory, durable.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
