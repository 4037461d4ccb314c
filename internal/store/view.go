package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"qingfeng/internal/record"
)

// View implements [record.Log]. The rows are of one moment; the query stays
// open until the caller has them all.
func (d *DB) View(ctx context.Context, name string) iter.Seq2[record.Row, error] {
	return view(ctx, d, name)
}

// View is as [DB.View], of the moment of the snapshot.
func (s *Snapshot) View(ctx context.Context, name string) iter.Seq2[record.Row, error] {
	return view(ctx, s, name)
}

func view(ctx context.Context, from source, name string) iter.Seq2[record.Row, error] {
	scan := func(rows *sql.Rows) (record.Row, error) {
		r := record.Row{View: name}
		err := rows.Scan(&r.Key, &r.Seq, &r.Body)
		if r.Body == nil {
			r.Body = []byte{} // no row has a nil body, and drivers read an empty one as nil
		}
		if err != nil {
			err = fmt.Errorf("view %s: %w", name, err)
		}
		return r, err
	}
	return query(ctx, from, scan, "SELECT key, seq, body FROM view WHERE region = $1 AND name = $2 ORDER BY key", from.region(), name)
}

// ClearView removes every row of a view, to be built anew from the record.
func (d *DB) ClearView(ctx context.Context, name string) error {
	return d.change(ctx, "clear view", "DELETE FROM view WHERE region = $1 AND name = $2", name)
}

// change runs one statement in a transaction; the region goes before args.
func (d *DB) change(ctx context.Context, what, text string, args ...any) error {
	err := d.write(ctx, func(t *tx) error {
		_, err := t.exec(text, append([]any{t.region()}, args...)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
