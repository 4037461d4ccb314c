package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/id"
)

var (
	intoTrail   = into("trail", `at# actor# what' person# source' note'`, "ON CONFLICT DO NOTHING")
	intoDenied  = into("denied", `at# actor# what' person# source' note'`, "ON CONFLICT DO NOTHING")
	intoReading = into("reading", `person# at# reader# role' purpose' matter'`, "ON CONFLICT DO NOTHING")
)

// Trace implements [account.Store].
func (d *DB) Trace(ctx context.Context, e account.Event) error { return d.note(ctx, intoTrail, e) }

// Deny implements [account.Store].
func (d *DB) Deny(ctx context.Context, e account.Event) error { return d.note(ctx, intoDenied, e) }

func (d *DB) note(ctx context.Context, into *target, e account.Event) error {
	return d.keep(ctx, into.table, into, micro(e.Time), int64(e.Actor), e.What, int64(e.Person), e.Source, e.Note)
}

// Trail returns what befell accounts before a moment, newest first.
func (d *DB) Trail(ctx context.Context, before time.Time, limit int) ([]account.Event, error) {
	return d.events(ctx, "trail", before, limit)
}

// Denied returns who was turned away before a moment, newest first.
func (d *DB) Denied(ctx context.Context, before time.Time, limit int) ([]account.Event, error) {
	return d.events(ctx, "denied", before, limit)
}

func (d *DB) events(ctx context.Context, table string, before time.Time, limit int) ([]account.Event, error) {
	scan := func(rows *sql.Rows) (e account.Event, err error) {
		var at, actor, person int64
		err = rows.Scan(&at, &actor, &e.What, &person, &e.Source, &e.Note)
		e.Time, e.Actor, e.Person = moment(at), id.Person(actor), id.Person(person)
		return e, err
	}
	return many(ctx, d, table, scan, "SELECT at, actor, what, person, source, note FROM "+table+" WHERE region = $1 AND at < $2 ORDER BY at DESC LIMIT $3",
		micro(before), limit)
}

// A Reading says that somebody looked at the details of a person.
type Reading struct {
	Time    time.Time
	Reader  id.Person
	Role    string // the office under which
	Person  id.Person
	Purpose string    // key into the catalogue of words
	Matter  id.Matter // where the details stood, or ""
}

// LogReadings writes readings down. It returns when they are durable, so that no
// page is sent that nobody could know of.
func (d *DB) LogReadings(ctx context.Context, readings ...Reading) error {
	err := d.write(ctx, func(t *tx) error {
		rows := make([][]any, len(readings))
		for i, r := range readings {
			rows[i] = []any{t.region(), int64(r.Person), micro(r.Time), int64(r.Reader), r.Role, r.Purpose, string(r.Matter)}
		}
		return t.put(intoReading, each(rows))
	})
	if err != nil {
		return fmt.Errorf("log readings: %w", err)
	}
	return nil
}

const readingColumns = "person, at, reader, role, purpose, matter"

// ReadingsOf returns who looked at the details of p before a moment, newest first.
func (d *DB) ReadingsOf(ctx context.Context, p id.Person, before time.Time, limit int) ([]Reading, error) {
	return many(ctx, d, "readings", scanReading,
		"SELECT "+readingColumns+" FROM reading WHERE region = $1 AND person = $2 AND at < $3 ORDER BY at DESC LIMIT $4", int64(p), micro(before), limit)
}

// ReadingsBy returns whose details reader looked at before a moment, newest first.
func (d *DB) ReadingsBy(ctx context.Context, reader id.Person, before time.Time, limit int) ([]Reading, error) {
	return many(ctx, d, "readings", scanReading,
		"SELECT "+readingColumns+" FROM reading WHERE region = $1 AND reader = $2 AND at < $3 ORDER BY at DESC LIMIT $4", int64(reader), micro(before), limit)
}

func scanReading(rows *sql.Rows) (r Reading, err error) {
	var person, at, reader int64
	var matter string
	err = rows.Scan(&person, &at, &reader, &r.Role, &r.Purpose, &matter)
	r.Person, r.Time, r.Reader, r.Matter = id.Person(person), moment(at), id.Person(reader), id.Matter(matter)
	return r, err
}
