package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

// A Delivery is a notice on its way.
type Delivery struct {
	record.Notice
	Tries int // attempts that failed
}

// Due returns notices that should be delivered by now, the longest waiting
// first. Each comes again until it is Delivered or Postponed, also after a
// crash between: whoever delivers does so at least once. What waits for a moment more
// than a day ahead was postponed by a clock that has been set back since, and is due.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]Delivery, error) {
	scan := func(rows *sql.Rows) (n Delivery, err error) {
		var person, org int64
		var matter string
		err = rows.Scan(&n.Seq, &n.Kind, &person, &org, &matter, &n.Tries)
		n.Person, n.Org, n.Matter = id.Person(person), id.Org(org), id.Matter(matter)
		return n, err
	}
	return many(ctx, d, "outbox", scan,
		"SELECT seq, kind, person, org, matter, tries FROM outbox WHERE region = $1 AND done = 0 AND (due <= $2 OR due > $3) ORDER BY due, seq, kind, person, org LIMIT $4",
		micro(now), micro(now.Add(24*time.Hour)), limit)
}

// PutNotices writes notices and the position of the follower that found them, all or
// nothing. One that is there already stays as it is.
func (d *DB) PutNotices(ctx context.Context, follower string, at int64, notices []record.Notice) error {
	return d.follow(ctx, follower, at, func(t *tx) error { return t.putNotices(record.Batch{Notices: notices}) })
}

// Inbox returns the delivered notices for p that records after one caused, newest
// first.
func (d *DB) Inbox(ctx context.Context, p id.Person, after int64, limit int) ([]record.Notice, error) {
	scan := func(rows *sql.Rows) (n record.Notice, err error) {
		var matter string
		err = rows.Scan(&n.Seq, &n.Kind, &matter)
		n.Person, n.Matter = p, id.Matter(matter)
		return n, err
	}
	return many(ctx, d, "inbox", scan,
		"SELECT seq, kind, matter FROM outbox WHERE region = $1 AND person = $2 AND seq > $3 AND done > 0 ORDER BY seq DESC, kind LIMIT $4", int64(p), after, limit)
}

// Delivered takes notices out of the queue; they are remembered until swept.
func (d *DB) Delivered(ctx context.Context, now time.Time, notices ...record.Notice) error {
	return d.notices(ctx, "UPDATE outbox SET done = $2", micro(now), notices)
}

// Postpone has notices, whose delivery failed, come again at another time.
func (d *DB) Postpone(ctx context.Context, until time.Time, notices ...record.Notice) error {
	return d.notices(ctx, "UPDATE outbox SET tries = tries + 1, due = $2", micro(until), notices)
}

func (d *DB) notices(ctx context.Context, set string, at int64, notices []record.Notice) error {
	err := d.write(ctx, func(t *tx) error {
		for _, n := range notices {
			_, err := t.exec(set+" WHERE region = $1 AND seq = $3 AND kind = $4 AND person = $5 AND org = $6",
				t.region(), at, n.Seq, n.Kind, int64(n.Person), int64(n.Org))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// SweepNotices forgets notices that were delivered before.
func (d *DB) SweepNotices(ctx context.Context, before time.Time) error {
	return d.change(ctx, "sweep notices", "DELETE FROM outbox WHERE region = $1 AND done > 0 AND done < $2", micro(before))
}
