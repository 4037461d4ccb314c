package app

import (
	"context"
	"errors"
	"fmt"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/register"
)

// Prove takes the password once more, and the code if there is a second factor, and
// opens what is privileged for some minutes, in a session with a new name.
func (s *Session) Prove(ctx context.Context, form SignIn, from From) (Entered, error) {
	c := s.accounts
	acc, err := c.store.Account(ctx, s.data.Person)
	if err != nil {
		return Entered{}, fmt.Errorf("prove: %w", err)
	}
	dev, err := c.device(from)
	if err != nil {
		return Entered{}, fmt.Errorf("prove: %w", err)
	}
	// Whoever got hold of a session must not guess faster in it than outside.
	key := "prove " + acc.Person.String()
	budgets, judged, err := c.attempt(ctx, []budget{{key: key, pace: account.DevicePace(), all: true}})
	if err != nil {
		return Entered{}, err
	}
	in, err := c.judge(ctx, acc, form, judged)
	if errors.Is(err, account.ErrWrong) {
		return Entered{}, errors.Join(err, c.Deny(ctx, acc.Person, "prove.wrong", "", from.Source))
	}
	if err != nil {
		return Entered{}, fmt.Errorf("prove: %w", err)
	}
	if err := c.refund(ctx, budgets); err != nil {
		return Entered{}, fmt.Errorf("prove: %w", err)
	}
	return c.enter(ctx, in, dev, from, in.Factored())
}

// ChangePassword takes the old password and sets a new one. Every other session
// ends; this one goes on under a new name.
func (s *Session) ChangePassword(ctx context.Context, old SignIn, password string, from From) (Entered, error) {
	if r := s.accounts.refuse("password", password, s.account); r != nil {
		return Entered{}, r
	}
	if account.Password(old.Password) == account.Password(password) {
		return Entered{}, matter.Refuse("password", "password.same", "")
	}
	proved, err := s.Prove(ctx, old, from)
	if err != nil {
		return Entered{}, err
	}
	from.Session = proved.ID
	return proved.renew(ctx, "account.password", from, func(a *account.Account, hash string) { a.Hash, a.Since = hash, s.accounts.now().UTC() }, password)
}

// renew sets a new password by f, ends everything begun before, and begins anew.
func (s *Session) renew(ctx context.Context, what string, from From, f func(a *account.Account, hash string), password string) (Entered, error) {
	c := s.accounts
	hash, err := c.hasher.Hash(ctx, password)
	if err != nil {
		return Entered{}, fmt.Errorf("%s: %w", what, err)
	}
	err = c.endAll(ctx, s.data.Person, s.data.Person, s.source, what, func(a *account.Account) error { f(a, hash); return nil })
	if err != nil {
		return Entered{}, err
	}
	return c.enterAgain(ctx, s, from)
}

// enterAgain begins a session like s, after all of them were ended.
func (s *Accounts) enterAgain(ctx context.Context, old *Session, from From) (Entered, error) {
	acc, err := s.store.Account(ctx, old.data.Person)
	if err != nil {
		return Entered{}, fmt.Errorf("enter: %w", err)
	}
	dev, err := s.device(from)
	if err != nil {
		return Entered{}, fmt.Errorf("enter: %w", err)
	}
	return s.enter(ctx, acc, dev, from, old.data.Factor)
}

// refuse says why a password cannot be chosen, or nothing.
func (s *Accounts) refuse(field, password string, acc account.Account) *matter.Refusal {
	names := []string{acc.Name}
	s.app.read(func(g *register.Register) {
		if p, ok := g.Person(acc.Person); ok {
			names = append(names, p.Name)
		}
	})
	why, arg := s.Settings().Policy().Check(account.Password(password), names...)
	if why == "" {
		return nil
	}
	return matter.Refuse(field, why, "", "least", arg)
}

// An Enrolment is what an authenticator program needs. It is shown once.
type Enrolment struct {
	Factor string // to be typed
	URI    string // for the picture
}

// EnrolFactor begins to set up a second factor. It counts only once
// [Session.ConfirmFactor] has seen a code of it.
func (s *Session) EnrolFactor(ctx context.Context) (Enrolment, error) {
	if err := s.Privileged(); err != nil {
		return Enrolment{}, err
	}
	c := s.accounts
	factor, err := secret.NewFactor(c)
	if err != nil {
		return Enrolment{}, err
	}
	sealed, err := c.keys.Seal(c, []byte(factor), s.data.Person.String())
	if err != nil {
		return Enrolment{}, err
	}
	acc, err := c.change(ctx, s.data.Person, func(a *account.Account) error { a.Pending = sealed; return nil })
	if err != nil {
		return Enrolment{}, fmt.Errorf("enrol: %w", err)
	}
	return Enrolment{Factor: factor, URI: secret.FactorURI(factor, c.issuer, acc.Name)}, nil
}

// Enrolling returns the second factor that is being set up, again for whoever
// mistyped its first code, or [fault.NotFound].
func (s *Session) Enrolling() (Enrolment, error) {
	if err := s.Privileged(); err != nil {
		return Enrolment{}, err
	}
	if s.account.Pending == nil {
		return Enrolment{}, fault.NotFound
	}
	factor, err := s.accounts.keys.Open(s.account.Pending, s.data.Person.String())
	if err != nil {
		return Enrolment{}, fmt.Errorf("enrol: %w", err)
	}
	return Enrolment{Factor: string(factor), URI: secret.FactorURI(string(factor), s.accounts.issuer, s.account.Name)}, nil
}

// ConfirmFactor makes the factor count that was being set up, and returns recovery
// codes, to be shown once. All other sessions end: they began without it.
func (s *Session) ConfirmFactor(ctx context.Context, code string, from From) (Entered, []string, error) {
	if err := s.Privileged(); err != nil {
		return Entered{}, nil, err
	}
	c, owner := s.accounts, s.data.Person.String()
	codes, hashes, err := c.keys.NewRecovery(c, owner)
	if err != nil {
		return Entered{}, nil, err
	}
	err = c.endAll(ctx, s.data.Person, s.data.Person, s.source, "account.factor_set", func(a *account.Account) error {
		factor, err := c.keys.Open(a.Pending, owner)
		if err != nil {
			return fault.NotFound // nothing is being set up
		}
		step, fits := secret.CheckFactor(string(factor), code, c.now(), 0)
		if !fits {
			return matter.Refuse("code", "factor.wrong", "")
		}
		a.Secret, a.Pending, a.Step, a.Recovery = a.Pending, nil, step, hashes
		return nil
	})
	if err != nil {
		return Entered{}, nil, err
	}
	s.data.Factor = true
	in, err := c.enterAgain(ctx, s, from)
	return in, codes, err
}

// NewRecovery replaces the recovery codes.
func (s *Session) NewRecovery(ctx context.Context) ([]string, error) {
	if err := s.Privileged(); err != nil {
		return nil, err
	}
	if !s.Factored() {
		return nil, fault.NotFound
	}
	c := s.accounts
	codes, hashes, err := c.keys.NewRecovery(c, s.data.Person.String())
	if err != nil {
		return nil, err
	}
	if _, err := c.change(ctx, s.data.Person, func(a *account.Account) error { a.Recovery = hashes; return nil }); err != nil {
		return nil, fmt.Errorf("recovery: %w", err)
	}
	return codes, c.trace(ctx, "account.recovery_set", s.data.Person, s.data.Person, s.source, "")
}
