package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A NewToken is what somebody asks of a token for a program.
type NewToken struct {
	Title string
	Scope account.Scope
	Days  int // for which it is good
}

// maxTitle is the length of what somebody calls a token, in characters.
const maxTitle = 80

// MakeToken makes a token by which a program acts for whoever is signed in, with
// less rights. It is shown once.
func (s *Session) MakeToken(ctx context.Context, ask NewToken) (string, account.Token, error) {
	if err := errors.Join(s.Owes(), s.Privileged()); err != nil {
		return "", account.Token{}, err
	}
	if r := ask.refuse(); r != nil {
		return "", account.Token{}, r
	}
	c := s.accounts
	name, _, err := secret.Name(c)
	if err != nil {
		return "", account.Token{}, err
	}
	text, now := account.TokenPrefix+name, c.now().UTC()
	t := account.Token{
		Hash: secret.Hash(text), Person: s.data.Person, Title: strings.TrimSpace(ask.Title), Scope: ask.Scope,
		Made: now, Until: now.AddDate(0, 0, ask.Days),
	}
	if err := c.store.SaveToken(ctx, t); err != nil {
		return "", account.Token{}, fmt.Errorf("token: %w", err)
	}
	return text, t, c.trace(ctx, "token.made", s.data.Person, s.data.Person, s.source, t.Scope.String())
}

func (n NewToken) refuse() *matter.Refusal {
	length := utf8.RuneCountInString(strings.TrimSpace(n.Title))
	switch {
	case length == 0:
		return matter.Refuse("title", "refuse.missing", "", "field", "title")
	case length > maxTitle || !utf8.ValidString(n.Title):
		return matter.Refuse("title", "refuse.too_long", "", "most", fmt.Sprint(maxTitle), "got", fmt.Sprint(length))
	case n.Days < 1 || n.Days > account.MaxTokenDays:
		return matter.Refuse("days", "token.days", "", "most", fmt.Sprint(account.MaxTokenDays))
	}
	if why := n.Scope.Check(); why != "" {
		return matter.Refuse("scope", why, "")
	}
	return nil
}

// Tokens returns the tokens of whoever is signed in.
func (s *Session) Tokens(ctx context.Context) ([]account.Token, error) {
	all, err := s.accounts.store.Tokens(ctx, s.data.Person)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return all, nil
}

// EndToken ends one of one's own tokens at once.
func (s *Session) EndToken(ctx context.Context, hash []byte) error {
	t, err := s.accounts.store.Token(ctx, hash)
	if err != nil {
		return fmt.Errorf("end token: %w", err)
	}
	if t.Person != s.data.Person {
		return fault.NotFound
	}
	if err := s.accounts.store.EndToken(ctx, hash); err != nil {
		return fmt.Errorf("end token: %w", err)
	}
	s.accounts.cache.drop(t.Person)
	return s.accounts.trace(ctx, "token.ended", t.Person, t.Person, s.source, "")
}

// A Bearer is a program that acts for somebody, with what its token leaves of that
// person's rights.
type Bearer struct {
	app   *App
	token account.Token
}

// Bearer returns whose token it is, or [fault.SignIn].
func (s *Accounts) Bearer(ctx context.Context, text, source string) (*Bearer, error) {
	name, ours := strings.CutPrefix(text, account.TokenPrefix)
	if !ours || !wellNamed(name) {
		return nil, fault.SignIn
	}
	hash, now := secret.Hash(text), s.now().UTC()
	known, ok, mark := s.cache.get(hash, now)
	if !ok {
		read, err := s.readToken(ctx, hash, now)
		if errors.Is(err, fault.NotFound) {
			return nil, errors.Join(fault.SignIn, s.Deny(ctx, 0, "token.wrong", "", source))
		}
		if err != nil {
			return nil, fmt.Errorf("token: %w", err)
		}
		known = read
	}
	if !known.token.Holds(now) || known.account.Disabled || s.gone(known.token.Person) {
		return nil, errors.Join(fault.SignIn, s.Deny(ctx, known.token.Person, "token.ended", "", source))
	}
	s.seeToken(ctx, &known, now)
	s.cache.put(hash, known, mark)
	return &Bearer{s.app, known.token}, nil
}

func (s *Accounts) readToken(ctx context.Context, hash []byte, now time.Time) (cached, error) {
	t, err := s.store.Token(ctx, hash)
	if err != nil {
		return cached{}, err
	}
	acc, err := s.store.Account(ctx, t.Person)
	return cached{read: now, token: t, account: acc}, err
}

// seeToken notes now and then that a token is in use, so that its owner sees which
// ones nobody needs.
func (s *Accounts) seeToken(ctx context.Context, k *cached, now time.Time) {
	if now.Sub(k.token.Seen) < seenEvery {
		return
	}
	k.token.Seen = now
	if err := s.store.SeeToken(ctx, k.token.Hash, now); err != nil {
		s.app.log.Warn("a token in use was not written down", "err", err)
	}
}

// Person returns for whom the program acts.
func (b *Bearer) Person() id.Person { return b.token.Person }

// Visit returns the visit for one use of action in what concerns o, or
// [fault.Forbidden] where the token does not leave that right. What is done with
// the visit is decided by the rights of the person as always.
func (b *Bearer) Visit(action access.Action, o id.Org, purpose string) (*Visit, error) {
	allows := false
	b.app.read(func(g *register.Register) { allows = b.token.Scope.Allows(action, o, g.Tree(), b.app.Today()) })
	if !allows {
		return nil, fault.Forbidden
	}
	return b.app.For(b.token.Person, purpose)
}

// Act takes a step, see [Visit.Act], if the token leaves the right to. Rights on
// the platform are not given by programs.
func (b *Bearer) Act(ctx context.Context, purpose string, act matter.Act, key string) (Receipt, error) {
	if !b.token.Scope.Acts || b.app.grants(act) {
		return Receipt{}, fault.Forbidden
	}
	if err := b.covers(ctx, act); err != nil {
		return Receipt{}, err
	}
	v, err := b.app.For(b.token.Person, purpose)
	if err != nil {
		return Receipt{}, err
	}
	return v.Act(ctx, act, key)
}

// covers returns nil if act concerns what the token is for: the organisation that
// the matter belongs to, whatever the request says.
func (b *Bearer) covers(ctx context.Context, act matter.Act) error {
	if b.token.Scope.Root == 0 {
		return nil
	}
	o := act.Org
	if act.Matter != "" {
		first, err := b.app.records(ctx, record.Query{Matter: act.Matter, Limit: 1})
		if err != nil {
			return err
		}
		if len(first) == 0 {
			return fault.NotFound
		}
		o = first[0].Org
	}
	covers := false
	b.app.read(func(g *register.Register) {
		if p, ok := act.Matter.Person(); ok {
			if who, found := g.Person(p); found {
				m, _ := who.Membership(b.app.Today())
				o = m.Org
			}
		}
		covers = b.token.Scope.Covers(o, g.Tree(), b.app.Today())
	})
	if !covers {
		return fault.Forbidden
	}
	return nil
}
