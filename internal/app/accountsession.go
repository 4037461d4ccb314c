package app

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/register"
)

// A Session is a request of somebody who is signed in. It opens the platform, see
// [Session.Visit], and holds what people do with their own account.
type Session struct {
	accounts *Accounts
	data     account.Session
	account  account.Account
	source   string // of this request
}

// seenEvery is how often it is written down that a session is in use.
const seenEvery = time.Minute

// enter begins a session with a new name, and ends the one the browser had: a name
// that somebody planted before is worth nothing afterwards.
func (s *Accounts) enter(ctx context.Context, acc account.Account, dev secret.Device, from From, factor bool) (Entered, error) {
	name, hash, err := secret.Name(s)
	if err != nil {
		return Entered{}, fmt.Errorf("enter: %w", err)
	}
	dev = s.keys.Know(dev, acc.Person, acc.Epoch, s.today())
	now := s.now().UTC()
	data := account.Session{
		Hash: hash, Person: acc.Person, Epoch: acc.Epoch, Began: now, Seen: now, Proved: now, Factor: factor,
		Device: dev.Key(), Source: from.Source, Agent: from.agent(),
	}
	if err := s.store.SaveSession(ctx, data); err != nil {
		return Entered{}, fmt.Errorf("enter: %w", err)
	}
	if from.Session != "" {
		if err := s.endNamed(ctx, from.Session); err != nil {
			return Entered{}, fmt.Errorf("enter: %w", err)
		}
	}
	return Entered{Session: &Session{s, data, acc, from.Source}, ID: name, Device: dev.String()}, nil
}

func (s *Accounts) endNamed(ctx context.Context, name string) error {
	hash := secret.Hash(name)
	old, err := s.store.Session(ctx, hash)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.store.EndSession(ctx, hash); err != nil {
		return err
	}
	s.cache.drop(old.Person)
	return nil
}

// Session returns the session that a browser names, or [fault.SignIn].
func (s *Accounts) Session(ctx context.Context, from From) (*Session, error) {
	if !wellNamed(from.Session) {
		return nil, fault.SignIn
	}
	hash, now := secret.Hash(from.Session), s.now().UTC()
	known, ok, mark := s.cache.get(hash, now)
	if !ok {
		read, err := s.readSession(ctx, hash, now)
		if err != nil {
			return nil, err
		}
		if known.session.Seen.After(read.session.Seen) && known.session.Epoch == read.session.Epoch {
			read.session.Seen = known.session.Seen // used since it was last written down
		}
		known = read
	}
	if !s.valid(known, now) {
		return nil, fault.SignIn
	}
	s.see(ctx, &known, now)
	s.cache.put(hash, known, mark)
	return &Session{s, known.session, known.account, from.Source}, nil
}

// wellNamed reports whether name could be one that [secret.Name] made.
func wellNamed(name string) bool {
	b, err := base64.RawURLEncoding.DecodeString(name)
	return err == nil && len(b) == 32
}

func (s *Accounts) readSession(ctx context.Context, hash []byte, now time.Time) (cached, error) {
	data, err := s.store.Session(ctx, hash)
	if err == nil {
		var acc account.Account
		if acc, err = s.store.Account(ctx, data.Person); err == nil {
			return cached{read: now, session: data, account: acc}, nil
		}
	}
	if errors.Is(err, fault.NotFound) {
		return cached{}, fault.SignIn
	}
	return cached{}, fmt.Errorf("session: %w", err)
}

// valid reports whether a session is one: of an account that may sign in, not ended
// with all others of it, neither idle for too long nor too old.
func (s *Accounts) valid(k cached, now time.Time) bool {
	return !k.account.Disabled && k.session.Epoch == k.account.Epoch && k.session.Holds(now, s.Settings()) && !s.gone(k.account.Person)
}

// see notes that a session is in use; in the database only now and then, and when the
// clock has been set back: being used in the future lengthens no life. That it
// could not be written there makes the session end earlier, and is no reason to
// turn a reader away.
func (s *Accounts) see(ctx context.Context, k *cached, now time.Time) {
	if now.Sub(k.session.Seen).Abs() < seenEvery {
		return
	}
	k.session.Seen = now
	if err := s.store.SeeSession(ctx, k.session.Hash, now); err != nil {
		s.app.log.Warn("a session in use was not written down", "err", err)
	}
}

// Person returns who is signed in.
func (s *Session) Person() id.Person { return s.data.Person }

// Visit returns the visit of whoever is signed in, or what has to be done first:
// [account.ErrFactor] or [account.ErrRenew].
func (s *Session) Visit(purpose string) (*Visit, error) {
	if err := s.Owes(); err != nil {
		return nil, err
	}
	return s.accounts.app.For(s.data.Person, purpose)
}

// Owes returns what has to be done before anything else, or nil.
func (s *Session) Owes() error {
	if s.accounts.demo {
		return nil
	}
	if s.needsFactor() && !s.data.Factor {
		return account.ErrFactor
	}
	if s.account.Hash == "" || s.accounts.Settings().Policy().Due(s.account.Since, s.accounts.app.zone, s.accounts.today()) {
		return account.ErrRenew
	}
	return nil
}

// needsFactor reports whether an office of today demands a second factor.
func (s *Session) needsFactor() (needs bool) {
	s.accounts.app.read(func(g *register.Register) {
		if p, ok := g.Person(s.data.Person); ok {
			r := access.Reader{Roles: s.accounts.app.lib.Law.Roles, Tree: g.Tree(), Person: p, Today: s.accounts.app.Today()}
			needs = r.NeedsSecondFactor()
		}
	})
	return needs
}

// Factored reports whether a second factor is set up.
func (s *Session) Factored() bool { return s.account.Factored() }

// Privileged returns nil, or [account.ErrProve] where the password was given too
// long ago for what is privileged: accounts, grants, exports.
func (s *Session) Privileged() error {
	if !s.data.Privileged(s.accounts.now(), s.accounts.Settings()) {
		return account.ErrProve
	}
	return nil
}

// Act takes a step, see [Visit.Act]. Steps that give or take rights on the platform
// are privileged.
func (s *Session) Act(ctx context.Context, purpose string, act matter.Act, key string) (Receipt, error) {
	v, err := s.Visit(purpose)
	if err != nil {
		return Receipt{}, err
	}
	if s.accounts.app.grants(act) {
		if err := s.Privileged(); err != nil {
			return Receipt{}, err
		}
	}
	return v.Act(ctx, act, key)
}

// grants reports whether act is a step by which offices are given or taken by those
// who manage accounts.
func (a *App) grants(act matter.Act) bool {
	p, ok := a.lib.Procedure(act.Procedure, a.Today())
	if !ok {
		return false
	}
	s, _ := p.Step(act.Step)
	return (s.Effect == "office.take" || s.Effect == "office.leave") && a.byAdministrators(s)
}

// Sessions returns the sessions of whoever is signed in, the newest first.
func (s *Session) Sessions(ctx context.Context) ([]account.Session, error) {
	all, err := s.accounts.store.Sessions(ctx, s.data.Person)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	now, good := s.accounts.now(), all[:0]
	for _, one := range all {
		if s.accounts.valid(cached{session: one, account: s.account}, now) {
			good = append(good, one)
		}
	}
	return good, nil
}

// Here reports whether other is this very session.
func (s *Session) Here(other account.Session) bool { return string(other.Hash) == string(s.data.Hash) }

// End ends one of one's own sessions, in whatever browser it is.
func (s *Session) End(ctx context.Context, hash []byte) error {
	one, err := s.accounts.store.Session(ctx, hash)
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	if one.Person != s.data.Person {
		return fault.NotFound
	}
	if err := s.accounts.store.EndSession(ctx, hash); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.accounts.cache.drop(s.data.Person)
	return s.accounts.trace(ctx, "account.signed_out", s.data.Person, s.data.Person, s.source, "")
}

// SignOut ends this session.
func (s *Session) SignOut(ctx context.Context) error { return s.End(ctx, s.data.Hash) }

// SignOutEverywhere ends every session and has every browser forgotten.
func (s *Session) SignOutEverywhere(ctx context.Context) error {
	return s.accounts.endAll(ctx, s.data.Person, s.data.Person, s.source, "account.signed_out_everywhere", func(*account.Account) error { return nil })
}

// endAll changes an account by f and ends everything that was begun before.
func (s *Accounts) endAll(ctx context.Context, by, whose id.Person, source, what string, f func(*account.Account) error) error {
	_, err := s.change(ctx, whose, func(a *account.Account) error { a.Epoch++; return f(a) })
	if err == nil {
		err = s.store.EndSessions(ctx, whose, nil)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	s.cache.drop(whose)
	return s.trace(ctx, what, by, whose, source, "")
}
