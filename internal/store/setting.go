package store

import (
	"context"
	"database/sql"
	"time"

	"qingfeng/internal/id"
)

var (
	intoSetting = into("setting", `key' value*`, "ON CONFLICT (region, key) DO UPDATE SET value = excluded.value")
	intoWitness = into("witness", `name' note*`, "ON CONFLICT (region, name) DO UPDATE SET note = excluded.note")
	intoDraft   = into("draft", `person# form' body* at#`, "ON CONFLICT (region, person, form) DO UPDATE SET body = excluded.body, at = excluded.at")
)

func scanBytes(rows *sql.Rows) (b []byte, err error) {
	err = rows.Scan(&b)
	return b, err
}

// first is the only element of all, or nil.
func first(all [][]byte, err error) ([]byte, error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return present(all[0]), nil
}

// Setting implements [account.Store].
func (d *DB) Setting(ctx context.Context, key string) ([]byte, error) {
	return first(many(ctx, d, "setting", scanBytes, "SELECT value FROM setting WHERE region = $1 AND key = $2", key))
}

// SaveSetting implements [account.Store].
func (d *DB) SaveSetting(ctx context.Context, key string, value []byte) error {
	return d.keep(ctx, "save setting", intoSetting, key, present(value))
}

// Witnesses keeps the last note that each witness has signed.
type Witnesses struct{ db *DB }

// Witnesses returns the notes of the witnesses.
func (d *DB) Witnesses() Witnesses { return Witnesses{d} }

// Last returns the note kept for a witness, nil if there is none.
func (w Witnesses) Last(ctx context.Context, witness string) ([]byte, error) {
	return first(many(ctx, w.db, "witness", scanBytes, "SELECT note FROM witness WHERE region = $1 AND name = $2", witness))
}

// Keep replaces it, durably.
func (w Witnesses) Keep(ctx context.Context, witness string, note []byte) error {
	return w.db.keep(ctx, "keep note of witness", intoWitness, witness, present(note))
}

// A Draft is a form that somebody has not sent off yet.
type Draft struct {
	Person id.Person
	Form   string // which form, as its page calls it
	Body   []byte
	Time   time.Time
}

// SaveDraft keeps d instead of what was kept of the same form.
func (d *DB) SaveDraft(ctx context.Context, draft Draft) error {
	return d.keep(ctx, "save draft", intoDraft, int64(draft.Person), draft.Form, present(draft.Body), micro(draft.Time))
}

// Draft returns what p has kept of a form, or [fault.NotFound].
func (d *DB) Draft(ctx context.Context, p id.Person, form string) (Draft, error) {
	return one(ctx, d, "draft", scanDraft, "SELECT person, form, body, at FROM draft WHERE region = $1 AND person = $2 AND form = $3", int64(p), form)
}

// Drafts returns what p has kept, newest first.
func (d *DB) Drafts(ctx context.Context, p id.Person) ([]Draft, error) {
	return many(ctx, d, "drafts", scanDraft, "SELECT person, form, body, at FROM draft WHERE region = $1 AND person = $2 ORDER BY at DESC, form", int64(p))
}

func scanDraft(rows *sql.Rows) (d Draft, err error) {
	var person, at int64
	err = rows.Scan(&person, &d.Form, &d.Body, &at)
	d.Person, d.Body, d.Time = id.Person(person), present(d.Body), moment(at)
	return d, err
}

// DropDraft removes what p has kept of a form.
func (d *DB) DropDraft(ctx context.Context, p id.Person, form string) error {
	return d.change(ctx, "drop draft", "DELETE FROM draft WHERE region = $1 AND person = $2 AND form = $3", int64(p), form)
}

// SweepDrafts removes drafts that nobody has touched since before.
func (d *DB) SweepDrafts(ctx context.Context, before time.Time) error {
	return d.change(ctx, "sweep drafts", "DELETE FROM draft WHERE region = $1 AND at < $2", micro(before))
}
