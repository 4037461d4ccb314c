package store

import (
	"context"
	"strings"

	"qingfeng/internal/record"
)

// Plan returns how the database answers q.
func (d *DB) Plan(ctx context.Context, q record.Query) (string, error) {
	text, args := selection(d, q, 64)
	explain, column := "EXPLAIN ", 0
	if d.cfg.Postgres == "" {
		explain, column = "EXPLAIN QUERY PLAN ", 3
	}
	rows, err := d.readers.QueryContext(ctx, explain+text, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		names, err := rows.Columns()
		if err != nil {
			return "", err
		}
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		plan = append(plan, values[column].(string))
	}
	return strings.Join(plan, "\n"), rows.Err()
}
