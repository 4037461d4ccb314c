package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// The migrations, in order of their names: NNNN.sql for both databases, then
// NNNN.sqlite.sql or NNNN.postgres.sql for one. What was released is never
// edited; a change of the tables is the next number.
//
//go:embed schema/*.sql
var schemas embed.FS

// migrations returns the scripts of this database; the first makes version 1.
func (d *dialect) migrations() (scripts []string, err error) {
	for {
		name := fmt.Sprintf("schema/%04d", len(scripts)+1)
		shared, err := fs.ReadFile(schemas, name+".sql")
		if err != nil {
			break
		}
		script := d.adapt(string(shared))
		if own, err := fs.ReadFile(schemas, name+d.suffix); err == nil {
			script += string(own)
		}
		scripts = append(scripts, script)
	}
	if len(scripts) == 0 {
		return nil, fs.ErrNotExist
	}
	return scripts, nil
}

// migrate brings the tables up to the version of this program, each step in a
// transaction of its own with the number it reaches, so that a stop anywhere
// leaves a whole version behind. Processes that start together take turns.
func (d *DB) migrate(ctx context.Context) (err error) {
	scripts, err := d.dialect.migrations()
	if err != nil {
		return err
	}
	conn, err := d.writers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for {
		version, err := d.version(ctx, conn)
		switch {
		case err != nil:
			return err
		case version > len(scripts):
			return fmt.Errorf("%w: it has version %d, this program knows %d", ErrNewer, version, len(scripts))
		case version == len(scripts):
			return nil
		}
		if err := d.step(ctx, conn, version, scripts[version]); err != nil {
			return fmt.Errorf("version %d: %w", version+1, err)
		}
	}
}

// step takes the tables from one version to the next, unless somebody else did
// so meanwhile.
func (d *DB) step(ctx context.Context, conn *sql.Conn, version int, script string) (err error) {
	if _, err := conn.ExecContext(ctx, d.dialect.begin); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // the first error counts
		}
	}()
	if d.dialect.turn != "" {
		if _, err := conn.ExecContext(ctx, d.dialect.turn, 0); err != nil {
			return err
		}
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)"); err != nil {
		return err
	}
	now, err := d.version(ctx, conn)
	if err != nil {
		return err
	}
	if now == version {
		if _, err := conn.ExecContext(ctx, script); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO version (number) VALUES ($1)", version+1); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// version returns the number of the tables; 0 when there are none yet.
func (d *DB) version(ctx context.Context, conn *sql.Conn) (version int, err error) {
	var there bool
	if err := conn.QueryRowContext(ctx, d.dialect.exists, "version").Scan(&there); err != nil || !there {
		return 0, err
	}
	err = conn.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM version").Scan(&version)
	return version, err
}

// checkVersion accepts a database that this program can read as it stands.
func (d *DB) checkVersion(ctx context.Context) (err error) {
	scripts, err := d.dialect.migrations()
	if err != nil {
		return err
	}
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	version, err := d.version(ctx, conn)
	switch {
	case err != nil:
		return err
	case version > len(scripts):
		return fmt.Errorf("%w: it has version %d, this program knows %d", ErrNewer, version, len(scripts))
	case version < len(scripts):
		return fmt.Errorf("the database has version %d, this program needs %d: open it for writing once", version, len(scripts))
	}
	return nil
}
