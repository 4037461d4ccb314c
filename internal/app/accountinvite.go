package app

import (
	"context"
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

// An Invitation is a one-time link, shown once to whoever hands it on.
type Invitation struct {
	Token string
	Until time.Time
}

// Invite makes a one-time link for p, who signs in with it and chooses a name and a
// password, the first time or a new one. Links made before still hold until they
// are used or too old.
func (s *Session) Invite(ctx context.Context, p id.Person) (Invitation, error) {
	if err := s.manages(ctx, p, "account.invite"); err != nil {
		return Invitation{}, err
	}
	return s.accounts.invite(ctx, s.data.Person, p, s.source)
}

// InviteByInstallation makes a one-time link at the terminal of the installation:
// for a model city, and where nobody is left who could make one. The trail shows
// it as the installation's own.
func (s *Accounts) InviteByInstallation(ctx context.Context, p id.Person) (Invitation, error) {
	if s.gone(p) {
		return Invitation{}, fault.NotFound
	}
	return s.invite(ctx, 0, p, "terminal")
}

func (s *Accounts) invite(ctx context.Context, by, p id.Person, source string) (Invitation, error) {
	name, hash, err := secret.Name(s)
	if err != nil {
		return Invitation{}, err
	}
	now := s.now().UTC()
	i := account.Invite{Hash: hash, Person: p, By: by, Made: now, Until: now.Add(s.Settings().Link)}
	if err := s.store.SaveInvite(ctx, i); err != nil {
		return Invitation{}, fmt.Errorf("invite: %w", err)
	}
	return Invitation{name, i.Until}, s.trace(ctx, "account.invited", by, p, source, "")
}

// A Choice is what somebody chooses who came by a one-time link.
type Choice struct {
	Name     string // to sign in with
	Password string
	Code     string // where a second factor is set up already
}

// Redeem lets somebody in who has a one-time link. The link is used up only when
// everything else is right: who mistypes something has it still. Whoever has a
// second factor already gives a code of it as well, or a link made for somebody
// would be worth as much as all of the account.
func (s *Accounts) Redeem(ctx context.Context, token string, choice Choice, from From) (Entered, error) {
	dev, err := s.device(from)
	if err != nil {
		return Entered{}, fmt.Errorf("redeem: %w", err)
	}
	budgets, _, err := s.attempt(ctx, []budget{{key: "link " + from.Source, pace: account.SourcePace(), open: true}})
	if err != nil {
		return Entered{}, err
	}
	now := s.now().UTC()
	i, err := s.store.Invite(ctx, secret.Hash(token), now)
	if errors.Is(err, fault.NotFound) || err == nil && s.gone(i.Person) {
		return Entered{}, errors.Join(account.ErrInvite, s.Deny(ctx, 0, "invite.wrong", "", from.Source))
	}
	if err != nil {
		return Entered{}, fmt.Errorf("redeem: %w", err)
	}
	if err := s.refund(ctx, budgets); err != nil {
		return Entered{}, fmt.Errorf("redeem: %w", err)
	}
	acc, err := s.choose(ctx, i, choice, from)
	if err != nil {
		return Entered{}, err
	}
	if err := s.trace(ctx, "account.joined", acc.Person, acc.Person, from.Source, ""); err != nil {
		return Entered{}, err
	}
	return s.enter(ctx, acc, dev, from, acc.Factored() && !s.demo)
}

// choose makes the choice of somebody invited the account's, and the link used.
func (s *Accounts) choose(ctx context.Context, i account.Invite, choice Choice, from From) (account.Account, error) {
	old, err := s.store.Account(ctx, i.Person)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return old, fmt.Errorf("redeem: %w", err)
	}
	old.Person = i.Person
	if old.Disabled {
		return old, account.ErrInvite
	}
	bare := s.demo && choice == Choice{}
	var set func(*account.Account) error
	if bare {
		set = func(a *account.Account) error { a.Name = orOwn(a.Name, a.Person); return nil }
	} else if set, err = s.chosen(ctx, old, choice, from); err != nil {
		return old, err
	}
	// From here on nothing but a race can go wrong: the link is used first, so that
	// of two who have it one gets in.
	if _, err := s.store.UseInvite(ctx, i.Hash, s.now().UTC()); errors.Is(err, fault.NotFound) {
		return old, account.ErrInvite
	} else if err != nil {
		return old, fmt.Errorf("redeem: %w", err)
	}
	acc, err := s.change(ctx, i.Person, func(a *account.Account) error {
		if !bare {
			a.Epoch++
		}
		return set(a)
	})
	if err != nil {
		return acc, fmt.Errorf("redeem: %w", err)
	}
	acc.Version++
	return acc, nil
}

// orOwn returns name, or the number of p where there is none: everybody has a name
// of their own to sign in with, and a number is nobody else's.
func orOwn(name string, p id.Person) string {
	if name == "" {
		return p.String()
	}
	return name
}

// chosen checks what somebody chose and returns how it changes the account.
func (s *Accounts) chosen(ctx context.Context, old account.Account, choice Choice, from From) (func(*account.Account) error, error) {
	name := account.Name(choice.Name)
	if why := account.CheckName(name); why != "" {
		return nil, matter.Refuse("name", why, "")
	}
	if other, err := s.store.AccountNamed(ctx, name); err == nil && other.Person != old.Person {
		return nil, matter.Refuse("name", "name.taken", "")
	} else if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, fmt.Errorf("redeem: %w", err)
	}
	if r := s.refuse("password", choice.Password, account.Account{Person: old.Person, Name: name}); r != nil {
		return nil, r
	}
	budgets, judged, err := s.attempt(ctx, []budget{{key: "prove " + old.Person.String(), pace: account.DevicePace(), all: true}})
	if err != nil {
		return nil, err
	}
	factor, err := s.factorFits(old, choice.Code)
	if err != nil {
		return nil, fmt.Errorf("redeem: %w", err)
	}
	if factor == nil || !judged {
		return nil, errors.Join(matter.Refuse("code", "factor.wrong", ""), s.Deny(ctx, old.Person, "invite.code", "", from.Source))
	}
	if err := s.refund(ctx, budgets); err != nil {
		return nil, fmt.Errorf("redeem: %w", err)
	}
	hash, err := s.hasher.Hash(ctx, choice.Password)
	if err != nil {
		return nil, fmt.Errorf("redeem: %w", err)
	}
	step := old.Step
	return func(a *account.Account) error {
		if a.Step != step {
			return account.ErrInvite // the same code was used elsewhere meanwhile
		}
		factor(a)
		a.Name, a.Hash, a.Since = name, hash, s.now().UTC()
		return nil
	}, nil
}

// Disable keeps p from signing in and ends everything of p at once.
func (s *Session) Disable(ctx context.Context, p id.Person) error {
	return s.administer(ctx, p, "account.disabled", func(a *account.Account) error { a.Disabled = true; return nil })
}

// Enable lets p sign in again.
func (s *Session) Enable(ctx context.Context, p id.Person) error {
	return s.administer(ctx, p, "account.enabled", func(a *account.Account) error { a.Disabled = false; return nil })
}

// ResetFactor removes the second factor of p, who lost it.
func (s *Session) ResetFactor(ctx context.Context, p id.Person) error {
	return s.administer(ctx, p, "account.factor_reset", func(a *account.Account) error {
		a.Secret, a.Pending, a.Recovery = nil, nil, nil
		return nil
	})
}

// administer changes somebody else's account and ends everything begun before.
func (s *Session) administer(ctx context.Context, p id.Person, what string, f func(*account.Account) error) error {
	if err := s.manages(ctx, p, what); err != nil {
		return err
	}
	if p == s.data.Person {
		return fault.Forbidden // nobody locks himself out, or lifts what binds him
	}
	return s.accounts.endAll(ctx, s.data.Person, p, s.source, what, func(a *account.Account) error {
		if a.Version == 0 {
			return fault.NotFound
		}
		return f(a)
	})
}

// An AccountState is what whoever manages accounts sees of one.
type AccountState struct {
	Known    bool // there is an account
	Disabled bool
	Factored bool
	Sessions int
}

// AccountOf returns the state of somebody's account.
func (s *Session) AccountOf(ctx context.Context, p id.Person) (AccountState, error) {
	if err := s.mayManage(ctx, p, "account.read"); err != nil {
		return AccountState{}, err
	}
	acc, err := s.accounts.store.Account(ctx, p)
	if errors.Is(err, fault.NotFound) {
		return AccountState{}, nil
	}
	if err != nil {
		return AccountState{}, fmt.Errorf("account: %w", err)
	}
	all, err := s.accounts.store.Sessions(ctx, p)
	if err != nil {
		return AccountState{}, fmt.Errorf("account: %w", err)
	}
	state := AccountState{Known: true, Disabled: acc.Disabled, Factored: acc.Factored()}
	for _, one := range all {
		if s.accounts.valid(cached{session: one, account: acc}, s.accounts.now()) {
			state.Sessions++
		}
	}
	return state, nil
}

// manages returns nil if s may change the account of p now.
func (s *Session) manages(ctx context.Context, p id.Person, what string) error {
	if err := s.mayManage(ctx, p, what); err != nil {
		return err
	}
	return s.Privileged()
}

// mayManage returns nil if an office of today lets s manage the account of p: held
// where p belongs, or above. That nobody is there looks as if it were not allowed.
func (s *Session) mayManage(ctx context.Context, p id.Person, what string) error {
	if err := s.Owes(); err != nil {
		return err
	}
	may := false
	s.accounts.app.read(func(g *register.Register) {
		me, _ := g.Person(s.data.Person)
		who, ok := g.Person(p)
		if me == nil || !ok || len(who.Memberships) == 0 {
			return
		}
		today := s.accounts.app.Today()
		r := access.Reader{Roles: s.accounts.app.lib.Law.Roles, Tree: g.Tree(), Person: me, Today: today}
		m, ok := who.Membership(today)
		if !ok {
			m = who.Memberships[len(who.Memberships)-1]
		}
		for _, o := range r.Where(access.ManageUsers) {
			may = may || g.Tree().Within(o, m.Org, today)
		}
	})
	if !may {
		return errors.Join(fault.Forbidden, s.accounts.Deny(ctx, s.data.Person, what, p.String(), s.source))
	}
	return nil
}
