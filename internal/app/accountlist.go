package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
	"qingfeng/internal/register"
)

// An AccountQuery selects people by how their accounts stand.
type AccountQuery struct {
	Org    id.Org // and below; 0: everywhere the visitor manages accounts
	Name   string // part of it, or in Latin letters; "" for all
	Show   AccountShow
	Offset int
	Limit  int // 0: 20
}

// An AccountShow is one of the lists of accounts.
type AccountShow string

// The lists of accounts.
const (
	ShowWaiting AccountShow = "waiting" // in an office, and nobody has signed in yet
	ShowOffices AccountShow = "offices" // in an office
	ShowKnown   AccountShow = "known"   // with an account
	ShowInvited AccountShow = "invited" // with a link that can still be used
	ShowAll     AccountShow = "all"
)

// An AccountLine is somebody in a list of accounts.
type AccountLine struct {
	PersonLine
	AccountState
	Invited time.Time // until when a link can be used; zero: there is none
}

// An AccountPage is one page of a list of accounts.
type AccountPage struct {
	Total int
	Lines []AccountLine
}

// AccountList returns people whose accounts the visitor manages. Whoever manages
// accounts sees of a person the name, the branch and the offices, and no more.
func (s *Session) AccountList(ctx context.Context, q AccountQuery) (page AccountPage, err error) {
	if err := s.holds(ctx, access.ManageUsers, "account.list"); err != nil {
		return page, err
	}
	states, err := s.accounts.states(ctx)
	if err != nil {
		return page, err
	}
	if q.Limit <= 0 {
		q.Limit = 20
	}
	w, today := want(q.Name), s.accounts.app.Today()
	s.accounts.app.read(func(g *register.Register) {
		within := s.managed(g, q.Org)
		for n := 1; n <= g.People(); n++ {
			if !w.maybe(s.accounts.app.spelled.personName(id.Person(n))) {
				continue
			}
			p, ok := g.Person(id.Person(n))
			if !ok || !within(p.Home(today)) {
				continue
			}
			state := states[p.ID]
			if _, fits := w.in(p.Name, s.accounts.app.spelled.personName(p.ID)); w.words != "" && !fits || !q.Show.has(p, state, today) {
				continue
			}
			if page.Total >= q.Offset && len(page.Lines) < q.Limit {
				page.Lines = append(page.Lines, AccountLine{personLine(g, p, today), state.AccountState, state.Invited})
			}
			page.Total++
		}
	})
	return page, nil
}

// has reports whether p belongs into the list.
func (show AccountShow) has(p *person.Person, state AccountLine, today day.Day) bool {
	office := slices.ContainsFunc(p.Offices, func(f person.Office) bool { return f.Held.Contains(today) })
	switch show {
	case ShowOffices:
		return office
	case ShowWaiting:
		return office && !state.Known
	case ShowKnown:
		return state.Known
	case ShowInvited:
		return !state.Invited.IsZero()
	}
	return true
}

// managed returns whether the visitor manages accounts of those who belong to an
// organisation: one below an office that lets do so, and below top unless that is 0.
func (s *Session) managed(g *register.Register, top id.Org) func(id.Org) bool {
	app := s.accounts.app
	me, ok := g.Person(s.data.Person)
	if !ok {
		return func(id.Org) bool { return false }
	}
	reader := access.Reader{Roles: app.lib.Law.Roles, Tree: g.Tree(), Person: me, Today: app.Today()}
	where := reader.Where(access.ManageUsers)
	return onceEach(func(o id.Org) bool {
		return o != 0 && withinAny(g, where, o, reader.Today) && (top == 0 || g.Tree().Within(top, o, reader.Today))
	})
}

// states returns how everybody's account stands of whom there is anything to say.
func (s *Accounts) states(ctx context.Context) (map[id.Person]AccountLine, error) {
	known, err := s.store.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	invites, err := s.store.Invites(ctx, s.now().UTC())
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	states := make(map[id.Person]AccountLine, len(known)+len(invites))
	for _, k := range known {
		states[k.Person] = AccountLine{AccountState: AccountState{Known: true, Disabled: k.Disabled, Factored: k.Factored}}
	}
	for _, i := range invites {
		state := states[i.Person]
		state.Invited = later(state.Invited, i.Until)
		states[i.Person] = state
	}
	return states, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// An AccountDetail is one account as whoever manages it sees it.
type AccountDetail struct {
	AccountLine
	Self    bool             // it is the visitor's own, which the visitor does not manage
	Invites []account.Invite // that can still be used; their links are not known any more
	By      map[id.Person]string
}

// AccountDetail returns how somebody's account stands.
func (s *Session) AccountDetail(ctx context.Context, p id.Person) (AccountDetail, error) {
	state, err := s.AccountOf(ctx, p)
	if err != nil {
		return AccountDetail{}, err
	}
	d := AccountDetail{AccountLine: AccountLine{AccountState: state}, Self: p == s.data.Person, By: map[id.Person]string{}}
	waiting, err := s.accounts.store.Invites(ctx, s.accounts.now().UTC())
	if err != nil {
		return d, fmt.Errorf("account of %s: %w", p, err)
	}
	s.accounts.app.read(func(g *register.Register) {
		if who, ok := g.Person(p); ok {
			d.PersonLine = personLine(g, who, s.accounts.app.Today())
		}
		for _, i := range waiting {
			if i.Person == p {
				d.Invites = append(d.Invites, i)
				d.By[i.By] = personRef(g, i.By).Name
				d.Invited = later(d.Invited, i.Until)
			}
		}
	})
	if d.ID == 0 {
		return d, fault.NotFound
	}
	return d, nil
}

// A Guided is an invitation and whom it is for.
type Guided struct {
	PersonLine
	Invitation
}

// InviteAll makes a one-time link for each of people. Whoever is not the visitor's
// to invite is refused before any link is made.
func (s *Session) InviteAll(ctx context.Context, people []id.Person) (all []Guided, err error) {
	for _, p := range people {
		if err := s.manages(ctx, p, "account.invite"); err != nil {
			return nil, err
		}
	}
	for _, p := range people {
		link, err := s.Invite(ctx, p)
		if err != nil {
			return all, err
		}
		one := Guided{Invitation: link}
		s.accounts.app.read(func(g *register.Register) {
			if who, ok := g.Person(p); ok {
				one.PersonLine = personLine(g, who, s.accounts.app.Today())
			}
		})
		all = append(all, one)
	}
	return all, nil
}
