package store

import (
	"context"
	"database/sql"
	"errors"
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
	return query(ctx, from, scanRow(name), "SELECT key, seq, body FROM view WHERE region = $1 AND name = $2 ORDER BY key", from.region(), name)
}

// RowsUnder yields the rows of a view whose keys begin with prefix, by rising key.
func (d *DB) RowsUnder(ctx context.Context, name, prefix string) iter.Seq2[record.Row, error] {
	return query(ctx, d, scanRow(name), "SELECT key, seq, body FROM view WHERE region = $1 AND name = $2 AND key >= $3 AND key < $4 ORDER BY key",
		d.region(), name, prefix, prefix+"\U0010FFFF")
}

// Row returns one row of a view, and whether there is one.
func (d *DB) Row(ctx context.Context, name, key string) (record.Row, bool, error) {
	r := record.Row{View: name, Key: key}
	err := d.row(ctx, "SELECT seq, body FROM view WHERE region = $1 AND name = $2 AND key = $3", []any{d.region(), name, key}, &r.Seq, &r.Body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return record.Row{}, false, nil
	case err != nil:
		return record.Row{}, false, fmt.Errorf("view %s: %w", name, err)
	}
	r.Body = present(r.Body)
	return r, true, nil
}

func scanRow(name string) func(*sql.Rows) (record.Row, error) {
	return func(rows *sql.Rows) (record.Row, error) {
		r := record.Row{View: name}
		err := rows.Scan(&r.Key, &r.Seq, &r.Body)
		if err != nil {
			err = fmt.Errorf("view %s: %w", name, err)
		}
		r.Body = present(r.Body)
		return r, err
	}
}

// present is b, not nil: an empty column may be read as nil, and in a row nil
// means that there is none.
func present(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// ClearView removes every row of a view, to be built anew from the record.
func (d *DB) ClearView(ctx context.Context, name string) error {
	return d.change(ctx, "clear view", "DELETE FROM view WHERE region = $1 AND name = $2", name)
}
