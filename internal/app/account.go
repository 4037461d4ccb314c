package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/checkin"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
)

// An AccountsConfig is what [Accounts] are made of.
type AccountsConfig struct {
	App    *App
	Store  account.Store
	Doors  checkin.Store
	Hasher *secret.Hasher
	Now    func() time.Time // the real time, also where the records of a model city are dated back
	Issuer string           // what an authenticator program calls the installation
	Demo   bool             // a one-time link is enough, and nobody needs a second factor
}

// Accounts know who somebody is: who may sign in, who has, and for how long. What
// somebody may do they do not know; that is a matter of offices.
type Accounts struct {
	app    *App
	store  account.Store
	doors  checkin.Store
	hasher *secret.Hasher
	keys   *secret.Keys
	now    func() time.Time
	issuer string
	demo   bool

	settings atomic.Pointer[account.Settings]
	cache    cache
	setUp    setUp
	random   sync.Mutex // the source of randomness need not be safe for two at once
}

// OpenAccounts returns the accounts of an installation, with the settings it chose.
func OpenAccounts(ctx context.Context, c AccountsConfig) (*Accounts, error) {
	keys, err := secret.NewKeys(c.App.secret)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	s := &Accounts{
		app: c.App, store: c.Store, doors: c.Doors, hasher: c.Hasher, keys: keys, now: c.Now, issuer: c.Issuer, demo: c.Demo,
	}
	set, err := s.readSettings(ctx)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	s.settings.Store(&set)
	return s, nil
}

// settingsKey is where the settings are kept.
const settingsKey = "account"

func (s *Accounts) readSettings(ctx context.Context) (account.Settings, error) {
	set := account.Defaults()
	raw, err := s.store.Setting(ctx, settingsKey)
	if err != nil || raw == nil {
		return set, err
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return set, err
	}
	return set, set.Check()
}

// Settings returns how signing in is set up.
func (s *Accounts) Settings() account.Settings { return *s.settings.Load() }

// From is where a request comes from, as far as anybody can tell.
type From struct {
	Source  string // address
	Agent   string // what the browser calls itself
	Device  string // cookie by which a browser is known again, as it came
	Session string // cookie of the session the browser had until now
}

// agentLength is how much is kept of what a browser calls itself.
const agentLength = 160

func (f From) agent() string {
	if len(f.Agent) > agentLength {
		return f.Agent[:agentLength]
	}
	return f.Agent
}

// device returns the browser the request comes from, a new one if it has no cookie
// of ours.
func (s *Accounts) device(f From) (secret.Device, error) {
	if d, ok := secret.ParseDevice(f.Device); ok {
		return d, nil
	}
	return secret.NewDevice(s)
}

// Read reads randomness; it makes Accounts the source for what they draw.
func (s *Accounts) Read(b []byte) (int, error) {
	s.random.Lock()
	defer s.random.Unlock()
	return s.app.random.Read(b)
}

// today is the real day, whatever day a model city has reached.
func (s *Accounts) today() day.Day { return day.Of(s.now().In(s.app.zone)) }

// change reads the account of p, lets f change it and writes it, anew if somebody
// else wrote between. f must not touch anything else.
func (s *Accounts) change(ctx context.Context, p id.Person, f func(*account.Account) error) (account.Account, error) {
	for range maxRetries {
		a, err := s.store.Account(ctx, p)
		if errors.Is(err, fault.NotFound) {
			a, err = account.Account{Person: p}, nil
		}
		if err != nil {
			return a, err
		}
		if err := f(&a); err != nil {
			return a, err
		}
		err = s.store.SaveAccount(ctx, a)
		if errors.Is(err, account.ErrMoved) {
			continue
		}
		s.cache.drop(p)
		return a, err
	}
	return account.Account{}, fault.Busy
}

// trace writes down a change of an account. Where it cannot be written down the
// change is not acknowledged.
func (s *Accounts) trace(ctx context.Context, what string, by, whose id.Person, source, note string) error {
	e := account.Event{Time: s.now().UTC(), Actor: by, What: what, Person: whose, Source: source, Note: note}
	if err := s.store.Trace(ctx, e); err != nil {
		return fmt.Errorf("trace %s: %w", what, err)
	}
	return nil
}

// Deny writes down that somebody was turned away: who, if that is known, from
// what, and from where.
func (s *Accounts) Deny(ctx context.Context, who id.Person, what, note, source string) error {
	e := account.Event{Time: s.now().UTC(), Actor: who, What: what, Source: source, Note: note}
	if err := s.store.Deny(ctx, e); err != nil {
		return fmt.Errorf("deny %s: %w", what, err)
	}
	return nil
}

// Sweep removes what nobody can use any more. It is to be called now and then.
func (s *Accounts) Sweep(ctx context.Context) error {
	now := s.now()
	return errors.Join(s.store.Sweep(ctx, s.app.sure(now).Add(-24*time.Hour), now.Add(account.Ahead)), s.app.Sweep(ctx))
}
