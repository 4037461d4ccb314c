package app

import (
	"context"
	"errors"
	"fmt"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/register"
)

// A Guest is whom a one-time link would let in.
type Guest struct {
	Name  string
	First bool // there is no password yet: one has to be chosen
}

// Invited returns whom a one-time link is for, without using it up, or
// [account.ErrInvite].
func (s *Accounts) Invited(ctx context.Context, token string) (Guest, error) {
	i, err := s.store.Invite(ctx, secret.Hash(token), s.now().UTC())
	if errors.Is(err, fault.NotFound) || err == nil && s.gone(i.Person) {
		return Guest{}, account.ErrInvite
	}
	if err != nil {
		return Guest{}, fmt.Errorf("invited: %w", err)
	}
	g := Guest{}
	s.app.read(func(r *register.Register) { g.Name = personRef(r, i.Person).Name })
	acc, err := s.store.Account(ctx, i.Person)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Guest{}, fmt.Errorf("invited: %w", err)
	}
	g.First = acc.Hash == ""
	return g, nil
}

// SignName returns the name that the signed-in person signs in with, or "".
func (s *Session) SignName() string { return s.account.Name }

// HasPassword reports whether a password was ever chosen.
func (s *Session) HasPassword() bool { return s.account.Hash != "" }
