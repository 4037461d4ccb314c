package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/register"
)

// A SignIn is what somebody typed to sign in. There is one form for everybody: who
// has no second factor leaves Code empty, so that no answer tells who has one.
type SignIn struct {
	Name     string
	Password string
	Code     string // of the authenticator, or a recovery code
}

// Entered is what a browser is given when somebody has signed in: two cookies.
type Entered struct {
	*Session
	ID     string // of the session
	Device string // by which the browser is known again
}

// SignIn lets somebody in, or answers [account.ErrWrong] whatever was wrong, after
// the same time and the same work: name, password, code, an account that is
// disabled, one where too many failed lately. Only an address from which too many
// failed is told to wait, with [*account.Wait].
func (s *Accounts) SignIn(ctx context.Context, form SignIn, from From) (Entered, error) {
	name := account.Name(form.Name)
	acc, err := s.store.AccountNamed(ctx, name)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Entered{}, fmt.Errorf("sign in: %w", err)
	}
	dev, err := s.device(from)
	if err != nil {
		return Entered{}, fmt.Errorf("sign in: %w", err)
	}
	budgets, judged, err := s.attempt(ctx, s.budgets(name, acc, dev, from))
	if err != nil {
		return Entered{}, err
	}
	in, err := s.judge(ctx, acc, form, judged)
	if errors.Is(err, account.ErrWrong) {
		return Entered{}, errors.Join(err, s.Deny(ctx, acc.Person, "sign_in.wrong", "", from.Source))
	}
	if err != nil {
		return Entered{}, fmt.Errorf("sign in: %w", err)
	}
	if err := s.refund(ctx, budgets); err != nil {
		return Entered{}, fmt.Errorf("sign in: %w", err)
	}
	if err := s.trace(ctx, "account.signed_in", in.Person, in.Person, from.Source, ""); err != nil {
		return Entered{}, err
	}
	return s.enter(ctx, in, dev, from, in.Factored())
}

// judge returns the account if everything fits. It does the same work whether or
// not there is an account, and whether or not the attempt counts.
func (s *Accounts) judge(ctx context.Context, acc account.Account, form SignIn, judged bool) (account.Account, error) {
	hash := acc.Hash
	if !judged {
		hash = ""
	}
	fits, stale, err := s.hasher.Check(ctx, form.Password, hash)
	if err != nil {
		return acc, err
	}
	factor, err := s.factorFits(acc, form.Code)
	if err != nil {
		return acc, err
	}
	if !fits || factor == nil || acc.Disabled || s.gone(acc.Person) {
		return acc, account.ErrWrong
	}
	if stale {
		if acc.Hash, err = s.hasher.Hash(ctx, form.Password); err != nil {
			return acc, err
		}
	}
	if !acc.Factored() && !stale {
		return acc, nil
	}
	factor(&acc)
	// Saving what was read makes a code good once: of two that use the same at the
	// same moment one finds the account changed.
	if err := s.store.SaveAccount(ctx, acc); errors.Is(err, account.ErrMoved) {
		return acc, account.ErrWrong
	} else if err != nil {
		return acc, err
	}
	s.cache.drop(acc.Person)
	acc.Version++
	return acc, nil
}

// factorFits returns how the account changes when code is used, nil if code is not
// right. An account without a second factor asks for none.
func (s *Accounts) factorFits(acc account.Account, code string) (func(*account.Account), error) {
	if !acc.Factored() {
		return func(*account.Account) {}, nil
	}
	owner := acc.Person.String()
	factor, err := s.keys.Open(acc.Secret, owner)
	if err != nil {
		return nil, err
	}
	if step, fits := secret.CheckFactor(string(factor), code, s.now(), acc.Step); fits {
		return func(a *account.Account) { a.Step = step }, nil
	}
	if left, used := s.keys.UseRecovery(acc.Recovery, code, owner); used {
		return func(a *account.Account) { a.Recovery = left }, nil
	}
	return nil, nil
}

// gone reports whether p cannot sign in any more because there is no such person,
// or the person has died.
func (s *Accounts) gone(p id.Person) (gone bool) {
	s.app.read(func(g *register.Register) {
		who, ok := g.Person(p)
		gone = !ok || who.Standing(s.app.Today()) == person.Died
	})
	return gone
}

// A budget is what an attempt is counted against.
type budget struct {
	key  string
	pace account.Pace
	open bool // whoever is over it is told so
	all  bool // success clears it; else only what this attempt took
}

// budgets returns what an attempt at an account is counted against: in a browser
// where the owner signed in before, that browser alone; else the account and the
// address. So strangers who guess make only strangers wait, and an office that
// shares an address with one of them can sign in.
func (s *Accounts) budgets(name string, acc account.Account, dev secret.Device, from From) []budget {
	if acc.Person != 0 && s.keys.Knows(dev, acc.Person, acc.Epoch, s.today(), s.Settings().Device) {
		return []budget{{key: "device " + dev.Key() + acc.Person.String(), pace: account.DevicePace(), all: true}}
	}
	return []budget{
		{key: "source " + from.Source, pace: account.SourcePace(), open: true},
		{key: "account " + s.hidden(name), pace: account.AccountPace(), all: true},
	}
}

// hidden returns a name as the counters have it: what people type into the field of
// the name is sometimes their password.
func (s *Accounts) hidden(name string) string {
	return hex.EncodeToString(s.keys.MAC("name", []byte(name))[:16])
}

// attempt counts an attempt against every budget before it is judged. judged is
// false when it comes too early and must fail. It returns the budgets it counted.
func (s *Accounts) attempt(ctx context.Context, budgets []budget) (counted []budget, judged bool, err error) {
	judged = true
	for _, b := range budgets {
		wait, err := s.count(ctx, b)
		switch {
		case err != nil:
			return nil, false, fmt.Errorf("attempt: %w", err)
		case wait > 0 && b.open:
			return nil, false, &account.Wait{For: wait}
		case wait > 0:
			judged = false
		default:
			counted = append(counted, b)
		}
	}
	return counted, judged, nil
}

// count counts one attempt, or returns how long it comes too early.
func (s *Accounts) count(ctx context.Context, b budget) (time.Duration, error) {
	for range maxRetries {
		t, err := s.store.Throttle(ctx, b.key)
		if err != nil {
			return 0, err
		}
		t.Key = b.key
		now := s.now().UTC()
		if wait := b.pace.Wait(t, now); wait > 0 {
			return wait, nil
		}
		swapped, err := s.store.SwapThrottle(ctx, t, b.pace.Next(t, now))
		if swapped || err != nil {
			return 0, err
		}
	}
	return time.Second, nil // as many at once as that are over any budget
}

// refund takes the attempt back that turned out to be right.
func (s *Accounts) refund(ctx context.Context, budgets []budget) error {
	for _, b := range budgets {
		for range maxRetries {
			t, err := s.store.Throttle(ctx, b.key)
			if err != nil {
				return err
			}
			back := account.Throttle{Key: b.key, Count: max(0, t.Count-1), Last: t.Last}
			if b.all {
				back.Count = 0
			}
			if swapped, err := s.store.SwapThrottle(ctx, t, back); err != nil {
				return err
			} else if swapped {
				break
			}
		}
	}
	return nil
}
