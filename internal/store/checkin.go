package store

import (
	"context"
	"database/sql"
	"fmt"

	"qingfeng/internal/checkin"
	"qingfeng/internal/id"
)

var _ checkin.Store = (*DB)(nil)

var intoDoor = into("door", `matter' org# nonce* "by"# opened# closed#`,
	`ON CONFLICT (region, matter) DO UPDATE SET org = excluded.org, nonce = excluded.nonce, "by" = excluded."by", opened = excluded.opened, closed = excluded.closed`)

// Door implements [checkin.Store].
func (d *DB) Door(ctx context.Context, m id.Matter) (checkin.Door, error) {
	scan := func(rows *sql.Rows) (checkin.Door, error) {
		door := checkin.Door{Matter: m}
		var org, by, opened, closed int64
		err := rows.Scan(&org, &door.Nonce, &by, &opened, &closed)
		door.Org, door.By, door.Opened, door.Closed = id.Org(org), id.Person(by), moment(opened), moment(closed)
		return door, err
	}
	return one(ctx, d, "door", scan, `SELECT org, nonce, "by", opened, closed FROM door WHERE region = $1 AND matter = $2`, string(m))
}

// SaveDoor implements [checkin.Store].
func (d *DB) SaveDoor(ctx context.Context, door checkin.Door) error {
	return d.keep(ctx, "save door", intoDoor, string(door.Matter), int64(door.Org), present(door.Nonce), int64(door.By), micro(door.Opened), micro(door.Closed))
}

// Mark implements [checkin.Store].
func (d *DB) Mark(ctx context.Context, m checkin.Mark) (checkin.Mark, error) {
	n, err := d.changed(ctx, "mark", "INSERT INTO mark (region, matter, person, at, device) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
		string(m.Matter), int64(m.Person), micro(m.At), m.Device)
	if err != nil || n == 1 {
		return m, err
	}
	first, err := one(ctx, d, "mark", scanMark(m.Matter), "SELECT person, at, device FROM mark WHERE region = $1 AND matter = $2 AND person = $3",
		string(m.Matter), int64(m.Person))
	if err != nil {
		return checkin.Mark{}, err
	}
	return first, fmt.Errorf("mark: %w", checkin.ErrTwice)
}

// Marks implements [checkin.Store].
func (d *DB) Marks(ctx context.Context, m id.Matter) ([]checkin.Mark, error) {
	return many(ctx, d, "marks", scanMark(m), "SELECT person, at, device FROM mark WHERE region = $1 AND matter = $2 ORDER BY at, person", string(m))
}

func scanMark(m id.Matter) func(*sql.Rows) (checkin.Mark, error) {
	return func(rows *sql.Rows) (checkin.Mark, error) {
		mark := checkin.Mark{Matter: m}
		var person, at int64
		err := rows.Scan(&person, &at, &mark.Device)
		mark.Person, mark.At = id.Person(person), moment(at)
		return mark, err
	}
}
