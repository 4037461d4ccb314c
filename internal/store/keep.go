package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qingfeng/internal/fault"
)

// What the tables beside the record share.

// micro is how a time is kept: to the microsecond; no time is 0.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment reads what micro wrote.
func moment(micro int64) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

// flag is how yes or no is kept.
func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// some is b, or NULL where there is nothing.
func some(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// change runs one statement in a transaction; the region goes before args.
func (d *DB) change(ctx context.Context, what, text string, args ...any) error {
	_, err := d.changed(ctx, what, text, args...)
	return err
}

// changed is change, and tells how many rows it touched.
func (d *DB) changed(ctx context.Context, what, text string, args ...any) (n int64, err error) {
	err = d.write(ctx, func(t *tx) (err error) {
		n, err = t.changed(text, append([]any{t.region()}, args...)...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return n, nil
}

// keep puts one row into a table.
func (d *DB) keep(ctx context.Context, what string, into *target, row ...any) error {
	return d.change(ctx, what, into.each, row...)
}

// one returns the only row of a query, or [fault.NotFound]. The region goes
// before args.
func one[T any](ctx context.Context, d *DB, what string, scan func(*sql.Rows) (T, error), text string, args ...any) (T, error) {
	all, err := many(ctx, d, what, scan, text, args...)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: %w", what, fault.NotFound)
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// many returns the rows of a query; the region goes before args.
func many[T any](ctx context.Context, d *DB, what string, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	all, err := list(ctx, d, scan, text, append([]any{d.region()}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}
