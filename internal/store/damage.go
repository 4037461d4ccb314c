package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"qingfeng/internal/record"
)

// Damage returns the first damage that was met on reading since the store was opened:
// an [ErrDamaged], or a [record.ErrDamaged] that names the record. nil: none was. What
// is sound can still be read; who is about to write on such a ground asks first.
func (d *DB) Damage() error {
	if damage := d.damage.Load(); damage != nil {
		return *damage
	}
	return nil
}

// noticed remembers an error that tells of damage, and names the file that has it.
func (d *DB) noticed(err error) error {
	if err == nil || errors.Is(err, ErrDamaged) {
		return err
	}
	damaged := d.dialect.damaged(err)
	if damaged {
		err = fmt.Errorf("%s: %w: %w", d.place(), ErrDamaged, err)
	}
	if damaged || errors.Is(err, record.ErrDamaged) {
		d.damage.CompareAndSwap(nil, &err)
	}
	return err
}

// Integrity asks SQLite whether its file is whole and every index says what its table
// does: a line for each thing that is wrong. PostgreSQL has tools of its own for that.
func (d *DB) Integrity(ctx context.Context) (wrong []string, err error) {
	if d.cfg.Postgres != "" {
		return nil, nil
	}
	scan := func(rows *sql.Rows) (line string, err error) {
		err = rows.Scan(&line)
		return line, err
	}
	wrong, err = list(ctx, d, scan, "PRAGMA integrity_check(20)")
	if err != nil {
		return nil, fmt.Errorf("integrity: %w", err)
	}
	if len(wrong) == 1 && wrong[0] == "ok" {
		return nil, nil
	}
	return wrong, nil
}

// openFailed says to an operator what to look at when the database cannot be opened.
func (d *DB) openFailed(err error) error {
	if d.cfg.Postgres == "" && sqliteCode(err)&0xff == sqliteCannotOpen {
		return fmt.Errorf("%s cannot be opened; look at its permissions, or restore it from a backup: %w", d.place(), err)
	}
	return d.noticed(err)
}

// place is where the database is, for an operator.
func (d *DB) place() string {
	if d.cfg.Postgres != "" {
		return "the PostgreSQL database"
	}
	return filepath.Join(d.cfg.Dir, File)
}
