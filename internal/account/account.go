// Package account says what an account, a session, a token and an invitation are,
// and how long each of them holds. It keeps none of them, knows no page and no
// right: what somebody may do comes from offices, never from an account.
package account

import (
	"errors"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
)

// The failures that look different to the person who signs in. There are few on
// purpose: an unknown name, a wrong password, a wrong code, a disabled account
// and one that is waiting are all the same [ErrWrong].
var (
	// ErrWrong: name, password and code do not belong together, or it is too early
	// to try again.
	ErrWrong = errors.New("account: not signed in")

	// ErrInvite: the one-time link is unknown, was used, or is too old.
	ErrInvite = errors.New("account: the link does not hold")

	// ErrFactor: an office demands a second factor and none is set up yet.
	ErrFactor = errors.New("account: set up a second factor first")

	// ErrRenew: the password is older than the rules of the installation allow.
	ErrRenew = errors.New("account: choose a new password first")

	// ErrProve: what is asked for needs a password given within the last minutes.
	ErrProve = errors.New("account: prove who you are once more")

	// ErrNameTaken: somebody else signs in under this name.
	ErrNameTaken = errors.New("account: the name is taken")

	// ErrMoved: what was to be written changed meanwhile; read it again.
	ErrMoved = errors.New("account: changed meanwhile")

	// ErrSetUp: the installation is set up already, or the token is wrong.
	ErrSetUp = errors.New("account: no set-up")
)

// An Account is how one person signs in.
type Account struct {
	Person   id.Person
	Version  int64     // counted up by the store with each change; 0: not stored yet
	Name     string    // as [Name] spells it
	Hash     string    // of the password, with its parameters; "" before the first
	Since    time.Time // when the password was chosen
	Secret   []byte    // of the second factor, encrypted; nil: none
	Pending  []byte    // the same, while it is being set up
	Step     int64     // the last step of the second factor that was used
	Recovery [][]byte  // hashes of the recovery codes still unused
	Epoch    int64     // counted up when all sessions and known browsers are to end
	Disabled bool
}

// Known says of somebody that there is an account, and how it stands.
type Known struct {
	Person   id.Person
	Disabled bool
	Factored bool
}

// Factored reports whether a second factor is set up.
func (a Account) Factored() bool { return len(a.Secret) > 0 }

// A Session is one browser in which somebody is signed in.
type Session struct {
	Hash   []byte // of the id, which only the browser knows
	Person id.Person
	Epoch  int64 // of the account when it began; when that has risen, it has ended
	Began  time.Time
	Seen   time.Time // last used; may be a minute old
	Proved time.Time // when a password was last given
	Factor bool      // a second factor was given as well
	Device string    // which browser, as its cookie says
	Source string    // from which address it began
	Agent  string    // what the browser calls itself, shortened
}

// Ahead is how far what is dated may lie ahead of the clock, since those of two
// processes differ. What lies further ahead was dated by a clock that has been set
// back since, and is not believed: it would hold until the clock is there again.
const Ahead = time.Minute

// ahead reports whether a clock that has been set back since dated t.
func ahead(t, now time.Time) bool { return !t.Add(-Ahead).Before(now) }

// Holds reports whether the session is still good at now.
func (s Session) Holds(now time.Time, set Settings) bool {
	return now.Before(s.Began.Add(set.Absolute)) && now.Before(s.Seen.Add(set.Idle)) && !ahead(s.Began, now)
}

// Privileged reports whether a password was given recently enough for the few
// things that ask for it.
func (s Session) Privileged(now time.Time, set Settings) bool {
	return now.Before(s.Proved.Add(set.Window)) && !ahead(s.Proved, now)
}

// An Invite lets one person sign in once, without a password, and choose one.
type Invite struct {
	Hash   []byte // of the token in the link
	Person id.Person
	By     id.Person // who issued it; 0: the installation
	Made   time.Time
	Until  time.Time
	Used   time.Time // zero: not yet
}

// A Throttle counts failed attempts of one account, one source or one device.
type Throttle struct {
	Key   string
	Count int
	Last  time.Time
}

// An Event is a line of the trail that the audit administrator reads: a change of
// an account, or somebody turned away.
type Event struct {
	Time   time.Time
	Actor  id.Person // who; 0: nobody is signed in, or the installation itself
	What   string    // key into the catalogue of words, as "account.invited"
	Person id.Person // whose account; 0: none, or not known
	Source string    // the address it came from
	Note   string    // never a password, a code or a name that was typed
}

// A Wait turns somebody away for a while, openly: it is about where the attempt
// comes from and tells nothing of any account.
type Wait struct{ For time.Duration }

// Error implements error.
func (w *Wait) Error() string { return "account: wait " + w.For.String() }

// Unwrap makes it a [fault.Busy].
func (w *Wait) Unwrap() error { return fault.Busy }

// Due reports whether a password chosen at since must be replaced on today.
func (p Policy) Due(since time.Time, zone *time.Location, today day.Day) bool {
	return p.Days > 0 && today > day.Of(since.In(zone)).AddDays(p.Days)
}
