package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/id"
)

var intoSession = into("session", `hash* person# epoch# began# seen# proved# factor# device' source' agent'`,
	`ON CONFLICT (region, hash) DO UPDATE SET person = excluded.person, epoch = excluded.epoch, began = excluded.began, seen = excluded.seen,
	proved = excluded.proved, factor = excluded.factor, device = excluded.device, source = excluded.source, agent = excluded.agent`)

const sessionColumns = "hash, person, epoch, began, seen, proved, factor, device, source, agent"

// Session implements [account.Store].
func (d *DB) Session(ctx context.Context, hash []byte) (account.Session, error) {
	return one(ctx, d, "session", scanSession, "SELECT "+sessionColumns+" FROM session WHERE region = $1 AND hash = $2", hash)
}

// Sessions implements [account.Store].
func (d *DB) Sessions(ctx context.Context, p id.Person) ([]account.Session, error) {
	return many(ctx, d, "sessions", scanSession, "SELECT "+sessionColumns+" FROM session WHERE region = $1 AND person = $2 ORDER BY began DESC, hash", int64(p))
}

func scanSession(rows *sql.Rows) (s account.Session, err error) {
	var person, began, seen, proved, factor int64
	err = rows.Scan(&s.Hash, &person, &s.Epoch, &began, &seen, &proved, &factor, &s.Device, &s.Source, &s.Agent)
	s.Person, s.Began, s.Seen, s.Proved, s.Factor = id.Person(person), moment(began), moment(seen), moment(proved), factor != 0
	return s, err
}

// SaveSession implements [account.Store].
func (d *DB) SaveSession(ctx context.Context, s account.Session) error {
	return d.keep(ctx, "save session", intoSession, s.Hash, int64(s.Person), s.Epoch, micro(s.Began), micro(s.Seen), micro(s.Proved),
		flag(s.Factor), s.Device, s.Source, s.Agent)
}

// SeeSession implements [account.Store].
func (d *DB) SeeSession(ctx context.Context, hash []byte, seen time.Time) error {
	return d.change(ctx, "see session", "UPDATE session SET seen = $2 WHERE region = $1 AND hash = $3", micro(seen), hash)
}

// EndSession implements [account.Store].
func (d *DB) EndSession(ctx context.Context, hash []byte) error {
	return d.change(ctx, "end session", "DELETE FROM session WHERE region = $1 AND hash = $2", hash)
}

// EndSessions implements [account.Store].
func (d *DB) EndSessions(ctx context.Context, p id.Person, keep []byte) error {
	return d.change(ctx, "end sessions", "DELETE FROM session WHERE region = $1 AND person = $2 AND hash <> $3", int64(p), present(keep))
}

// Throttle implements [account.Store].
func (d *DB) Throttle(ctx context.Context, key string) (account.Throttle, error) {
	scan := func(rows *sql.Rows) (account.Throttle, error) {
		t := account.Throttle{Key: key}
		var last int64
		err := rows.Scan(&t.Count, &last)
		t.Last = moment(last)
		return t, err
	}
	all, err := many(ctx, d, "throttle", scan, "SELECT count, last FROM throttle WHERE region = $1 AND key = $2", key)
	if err != nil || len(all) == 0 {
		return account.Throttle{Key: key}, err
	}
	return all[0], nil
}

// SwapThrottle implements [account.Store].
func (d *DB) SwapThrottle(ctx context.Context, from, to account.Throttle) (swapped bool, err error) {
	err = d.write(ctx, func(t *tx) error {
		n, err := t.changed("UPDATE throttle SET count = $2, last = $3 WHERE region = $1 AND key = $4 AND count = $5 AND last = $6",
			t.region(), int64(to.Count), micro(to.Last), from.Key, int64(from.Count), micro(from.Last))
		if err == nil && n == 0 && from.Count == 0 && from.Last.IsZero() {
			n, err = t.changed("INSERT INTO throttle (region, key, count, last) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
				t.region(), from.Key, int64(to.Count), micro(to.Last))
		}
		swapped = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("throttle: %w", err)
	}
	return swapped, nil
}

// Sweep implements [account.Store].
func (d *DB) Sweep(ctx context.Context, before, after time.Time) error {
	err := d.write(ctx, func(t *tx) error {
		for _, text := range []string{
			"DELETE FROM session WHERE region = $1 AND seen < $2",
			"DELETE FROM invite WHERE region = $1 AND until < $2",
			"DELETE FROM token WHERE region = $1 AND until < $2",
			"DELETE FROM throttle WHERE region = $1 AND last < $2",
		} {
			if _, err := t.exec(text, t.region(), micro(before)); err != nil {
				return err
			}
		}
		_, err := t.exec("DELETE FROM session WHERE region = $1 AND began > $2", t.region(), micro(after))
		return err
	})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
