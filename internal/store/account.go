package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
)

var _ account.Store = (*DB)(nil)

const accountColumns = "person, version, name, hash, since, secret, pending, step, recovery, epoch, disabled"

// Account implements [account.Store].
func (d *DB) Account(ctx context.Context, p id.Person) (account.Account, error) {
	return one(ctx, d, "account", scanAccount, "SELECT "+accountColumns+" FROM account WHERE region = $1 AND person = $2", int64(p))
}

// AccountNamed implements [account.Store].
func (d *DB) AccountNamed(ctx context.Context, name string) (account.Account, error) {
	return one(ctx, d, "account", scanAccount, "SELECT "+accountColumns+" FROM account WHERE region = $1 AND name = $2 AND name <> ''", name)
}

// Accounts implements [account.Store].
func (d *DB) Accounts(ctx context.Context) ([]account.Known, error) {
	scan := func(rows *sql.Rows) (k account.Known, err error) {
		var person, disabled, secret int64
		err = rows.Scan(&person, &disabled, &secret)
		k.Person, k.Disabled, k.Factored = id.Person(person), disabled != 0, secret > 0
		return k, err
	}
	return many(ctx, d, "accounts", scan, "SELECT person, disabled, COALESCE(length(secret), 0) FROM account WHERE region = $1 ORDER BY person")
}

func scanAccount(rows *sql.Rows) (a account.Account, err error) {
	var person, since, disabled int64
	var recovery string
	err = rows.Scan(&person, &a.Version, &a.Name, &a.Hash, &since, &a.Secret, &a.Pending, &a.Step, &recovery, &a.Epoch, &disabled)
	if err != nil {
		return a, err
	}
	a.Person, a.Since, a.Disabled = id.Person(person), moment(since), disabled != 0
	return a, json.Unmarshal([]byte(recovery), &a.Recovery)
}

// SaveAccount implements [account.Store].
func (d *DB) SaveAccount(ctx context.Context, a account.Account) error {
	err := d.write(ctx, func(t *tx) error { return t.saveAccount(a) })
	if d.dialect.doubled(err) {
		err = account.ErrNameTaken // by somebody who was quicker
	}
	if err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return nil
}

func (t *tx) saveAccount(a account.Account) error {
	recovery, err := json.Marshal(a.Recovery)
	if err != nil {
		return err
	}
	var taken int64
	err = t.row("SELECT count(*) FROM account WHERE region = $1 AND name = $2 AND name <> '' AND person <> $3",
		[]any{t.region(), a.Name, int64(a.Person)}, &taken)
	if err != nil {
		return err
	}
	if taken > 0 {
		return account.ErrNameTaken
	}
	args := []any{t.region(), int64(a.Person), a.Version + 1, a.Name, a.Hash, micro(a.Since), some(a.Secret), some(a.Pending),
		a.Step, string(recovery), a.Epoch, flag(a.Disabled)}
	text := "INSERT INTO account (region, " + accountColumns + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (region, person) DO NOTHING"
	if a.Version > 0 {
		text = `UPDATE account SET version = $3, name = $4, hash = $5, since = $6, secret = $7, pending = $8, step = $9, recovery = $10, epoch = $11, disabled = $12
			WHERE region = $1 AND person = $2 AND version = $3 - 1`
	}
	n, err := t.changed(text, args...)
	if err == nil && n == 0 {
		err = account.ErrMoved
	}
	return err
}

var intoInvite = into("invite", `hash* person# "by"# made# until# used#`, "")

// SaveInvite implements [account.Store].
func (d *DB) SaveInvite(ctx context.Context, i account.Invite) error {
	return d.keep(ctx, "save invite", intoInvite, i.Hash, int64(i.Person), int64(i.By), micro(i.Made), micro(i.Until), micro(i.Used))
}

const inviteText = `SELECT hash, person, "by", made, until, used FROM invite WHERE region = $1 AND hash = $2`

// ahead is from when on what is dated is not believed at now, see [account.Ahead].
func ahead(now time.Time) int64 { return micro(now.Add(account.Ahead)) }

// Invites implements [account.Store].
func (d *DB) Invites(ctx context.Context, now time.Time) ([]account.Invite, error) {
	return many(ctx, d, "invites", scanInvite,
		`SELECT hash, person, "by", made, until, used FROM invite WHERE region = $1 AND used = 0 AND until >= $2 AND made < $3 ORDER BY made DESC, hash`, micro(now), ahead(now))
}

// Invite implements [account.Store].
func (d *DB) Invite(ctx context.Context, hash []byte, now time.Time) (account.Invite, error) {
	return one(ctx, d, "invite", scanInvite, inviteText+" AND used = 0 AND until >= $3 AND made < $4", hash, micro(now), ahead(now))
}

// UseInvite implements [account.Store].
func (d *DB) UseInvite(ctx context.Context, hash []byte, now time.Time) (account.Invite, error) {
	n, err := d.changed(ctx, "use invite", "UPDATE invite SET used = $2 WHERE region = $1 AND hash = $3 AND used = 0 AND until >= $2 AND made < $4", micro(now), hash, ahead(now))
	if err == nil && n == 0 {
		err = fmt.Errorf("use invite: %w", fault.NotFound)
	}
	if err != nil {
		return account.Invite{}, err
	}
	return one(ctx, d, "use invite", scanInvite, inviteText, hash)
}

func scanInvite(rows *sql.Rows) (i account.Invite, err error) {
	var person, by, made, until, used int64
	err = rows.Scan(&i.Hash, &person, &by, &made, &until, &used)
	i.Person, i.By, i.Made, i.Until, i.Used = id.Person(person), id.Person(by), moment(made), moment(until), moment(used)
	return i, err
}

var intoToken = into("token", `hash* person# title' scope' made# until# seen#`,
	"ON CONFLICT (region, hash) DO UPDATE SET title = excluded.title, scope = excluded.scope, until = excluded.until, seen = excluded.seen")

const tokenColumns = "hash, person, title, scope, made, until, seen"

// Token implements [account.Store].
func (d *DB) Token(ctx context.Context, hash []byte) (account.Token, error) {
	return one(ctx, d, "token", scanToken, "SELECT "+tokenColumns+" FROM token WHERE region = $1 AND hash = $2", hash)
}

// Tokens implements [account.Store].
func (d *DB) Tokens(ctx context.Context, p id.Person) ([]account.Token, error) {
	return many(ctx, d, "tokens", scanToken, "SELECT "+tokenColumns+" FROM token WHERE region = $1 AND person = $2 ORDER BY made DESC, hash", int64(p))
}

func scanToken(rows *sql.Rows) (t account.Token, err error) {
	var person, made, until, seen int64
	var scope string
	if err = rows.Scan(&t.Hash, &person, &t.Title, &scope, &made, &until, &seen); err != nil {
		return t, err
	}
	t.Person, t.Made, t.Until, t.Seen = id.Person(person), moment(made), moment(until), moment(seen)
	t.Scope, err = account.ParseScope(scope)
	return t, err
}

// SaveToken implements [account.Store].
func (d *DB) SaveToken(ctx context.Context, t account.Token) error {
	return d.keep(ctx, "save token", intoToken, t.Hash, int64(t.Person), t.Title, t.Scope.String(), micro(t.Made), micro(t.Until), micro(t.Seen))
}

// EndToken implements [account.Store].
func (d *DB) EndToken(ctx context.Context, hash []byte) error {
	return d.change(ctx, "end token", "DELETE FROM token WHERE region = $1 AND hash = $2", hash)
}

// SeeToken implements [account.Store].
func (d *DB) SeeToken(ctx context.Context, hash []byte, seen time.Time) error {
	return d.change(ctx, "see token", "UPDATE token SET seen = $2 WHERE region = $1 AND hash = $3", micro(seen), hash)
}
