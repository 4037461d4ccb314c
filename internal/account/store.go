package account

import (
	"context"
	"time"

	"qingfeng/internal/id"
)

// A Store keeps accounts and what belongs to them. What a method has written is
// durable when it returns. Whatever is not there is answered with
// [fault.NotFound].
type Store interface {
	// Account returns the account of p.
	Account(ctx context.Context, p id.Person) (Account, error)

	// AccountNamed returns the account that signs in under name.
	AccountNamed(ctx context.Context, name string) (Account, error)

	// Accounts returns who has an account, by rising number, without anything secret.
	Accounts(ctx context.Context) ([]Known, error)

	// SaveAccount writes a with Version one higher. It writes nothing and returns
	// [ErrMoved] if the stored version is not a.Version (none stored: 0), and
	// [ErrNameTaken] if another person has the name. Of two that save the same
	// version at the same moment exactly one succeeds: one-time codes rest on it.
	SaveAccount(ctx context.Context, a Account) error

	// Session returns the session with this hash.
	Session(ctx context.Context, hash []byte) (Session, error)

	// Sessions returns the sessions of p, the last begun first.
	Sessions(ctx context.Context, p id.Person) ([]Session, error)

	// SaveSession writes s under its hash, whether or not there was one.
	SaveSession(ctx context.Context, s Session) error

	// SeeSession sets when a session was last used; one that was ended meanwhile
	// stays ended.
	SeeSession(ctx context.Context, hash []byte, seen time.Time) error

	// EndSession removes a session, EndSessions every session of p but keep.
	EndSession(ctx context.Context, hash []byte) error
	EndSessions(ctx context.Context, p id.Person, keep []byte) error

	// SaveInvite writes a new invitation. Invite returns one that can still be used
	// at now; UseInvite marks it as used as well, and of two that use the same at
	// once one gets [fault.NotFound], as does whoever comes after i.Until.
	SaveInvite(ctx context.Context, i Invite) error
	Invite(ctx context.Context, hash []byte, now time.Time) (Invite, error)
	UseInvite(ctx context.Context, hash []byte, now time.Time) (Invite, error)

	// Invites returns the invitations that can still be used at now, the newest first.
	Invites(ctx context.Context, now time.Time) ([]Invite, error)

	// Token returns the token with this hash, Tokens those of p, the newest first.
	Token(ctx context.Context, hash []byte) (Token, error)
	Tokens(ctx context.Context, p id.Person) ([]Token, error)
	// SeeToken sets when one was last used, unless it was ended meanwhile.
	SaveToken(ctx context.Context, t Token) error
	SeeToken(ctx context.Context, hash []byte, seen time.Time) error
	EndToken(ctx context.Context, hash []byte) error

	// Throttle returns the counter called key, zero if there is none.
	Throttle(ctx context.Context, key string) (Throttle, error)

	// SwapThrottle writes to if the counter still is from, and reports whether.
	SwapThrottle(ctx context.Context, from, to Throttle) (bool, error)

	// Trace adds e to the trail, Deny to the list of those turned away.
	Trace(ctx context.Context, e Event) error
	Deny(ctx context.Context, e Event) error

	// Trail and Denied return what was added before a moment, newest first.
	Trail(ctx context.Context, before time.Time, limit int) ([]Event, error)
	Denied(ctx context.Context, before time.Time, limit int) ([]Event, error)

	// Setting returns a setting, or nil; SaveSetting writes it.
	Setting(ctx context.Context, key string) ([]byte, error)
	SaveSetting(ctx context.Context, key string, value []byte) error

	// Sweep removes sessions, invitations, tokens and counters that nobody can
	// use any more: those last used or good before, and sessions begun after.
	Sweep(ctx context.Context, before, after time.Time) error
}
