package app

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"sync"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// setUp is what an installation knows while it is still empty.
type setUp struct {
	mu   sync.Mutex
	hash []byte // of the token printed at this start
}

// A SetUpForm is what the first visitor of an empty installation fills in. Two
// people are named, and they are two: one who gives rights and sees nothing, and
// one who founds and registers and gives no rights.
type SetUpForm struct {
	Root     string  // name of the organisation at the top
	Level    string  // city, county or township
	Branch   string  // name of the branch that the two belong to
	Admin    string  // name of the security administrator, who fills this in
	Officer  string  // name of the first officer
	Reason   string  // for the grant, in the words of whoever sets up
	Since    day.Day // since when the organisation at the top stands; today if not given
	SignName string  // the administrator's, to sign in with
	Password string
}

// A SetUpResult is what comes of it.
type SetUpResult struct {
	Entered            // the administrator, signed in
	Officer Invitation // link for the first officer
	Root    id.Org
	People  [2]id.Person // administrator, officer
}

// NeedsSetUp reports whether the installation is still to be set up: nobody was
// ever appointed who gives rights. It asks the record and not the list of accounts,
// so that removing somebody never opens it again.
func (s *Accounts) NeedsSetUp() (needs bool) {
	s.app.read(func(g *register.Register) {
		needs = !account.Administered(s.app.lib.Law.Roles, g.Person, g.People())
	})
	return needs
}

// SetUpToken returns a new token to be printed in the terminal, once, in place of
// any before, or "" where there is nothing to set up.
func (s *Accounts) SetUpToken() (string, error) {
	if !s.NeedsSetUp() {
		return "", nil
	}
	name, hash, err := secret.Name(s)
	if err != nil {
		return "", err
	}
	s.setUp.mu.Lock()
	defer s.setUp.mu.Unlock()
	s.setUp.hash = hash
	return name, nil
}

// SetUp founds the organisation at the top and its first branch, registers the two
// people and appoints them, by records of the installation itself, and makes their
// accounts. Cut short by a fault it goes on where it was, with a new token; done
// once it is refused for ever.
func (s *Accounts) SetUp(ctx context.Context, token string, form SetUpForm, from From) (SetUpResult, error) {
	s.setUp.mu.Lock()
	defer s.setUp.mu.Unlock()
	if s.setUp.hash == nil || subtle.ConstantTimeCompare(s.setUp.hash, secret.Hash(token)) != 1 || !s.NeedsSetUp() {
		return SetUpResult{}, errors.Join(account.ErrSetUp, s.Deny(ctx, 0, "set_up.wrong", "", from.Source))
	}
	if r := s.refuseSetUp(form); r != nil {
		return SetUpResult{}, r
	}
	out, err := s.install(ctx, form, from)
	if err != nil {
		return SetUpResult{}, err
	}
	s.setUp.hash = nil
	if err := s.app.RecordOverrides(ctx); err != nil {
		s.app.log.Warn("replaced content is not recorded yet; the next start tries again", "err", err)
	}
	return out, nil
}

// refuseSetUp says everything that can be said of the form before anything is
// recorded.
func (s *Accounts) refuseSetUp(form SetUpForm) *matter.Refusal {
	var all []*matter.Refusal
	for _, f := range []struct{ id, value string }{
		{"root", form.Root}, {"branch", form.Branch}, {"admin", form.Admin}, {"officer", form.Officer}, {"reason", form.Reason},
	} {
		if account.Name(f.value) == "" {
			all = append(all, matter.Refuse(f.id, "refuse.missing", "", "field", f.id))
		}
	}
	if form.Admin == form.Officer && form.Admin != "" {
		all = append(all, matter.Refuse("officer", "setup.same_person", ""))
	}
	if why := account.CheckName(account.Name(form.SignName)); why != "" {
		all = append(all, matter.Refuse("sign_name", why, ""))
	}
	if r := s.refuse("password", form.Password, account.Account{Name: account.Name(form.SignName)}); r != nil {
		all = append(all, r)
	}
	if s.app.officerOf(form.Level) == "" {
		all = append(all, matter.Refuse("level", "refuse.unknown_code", "", "code", form.Level))
	}
	if len(all) == 0 {
		return nil
	}
	all[0].More = all[1:]
	return all[0]
}

// install takes the steps of set-up. The last record is the one that ends it, so
// that whatever happens before leaves the door open.
func (s *Accounts) install(ctx context.Context, form SetUpForm, from From) (out SetUpResult, err error) {
	b := &installing{ctx: ctx, app: s.app, today: s.app.Today(), since: cmp.Or(form.Since, s.app.Today())}
	out.Root = b.org("root", 1, record.Of(
		record.F("name", record.Text(form.Root)), record.F("kind", record.Choice(org.Committee)), record.F("level", record.Choice(form.Level))))
	branch := b.org("branch", 2, record.Of(
		record.F("name", record.Text(form.Branch)), record.F("kind", record.Choice(org.Branch)), record.F("superior", record.Org(out.Root))))
	out.People = [2]id.Person{b.person("admin", 1, branch, form.Admin), b.person("officer", 2, branch, form.Officer)}
	if b.err != nil {
		return out, b.err
	}
	hash, err := s.hasher.Hash(ctx, form.Password)
	if err != nil {
		return out, fmt.Errorf("set up: %w", err)
	}
	acc, err := s.change(ctx, out.People[0], func(a *account.Account) error {
		a.Name, a.Hash, a.Since = account.Name(form.SignName), hash, s.now().UTC()
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("set up: %w", err)
	}
	b.office("officer", out.Root, s.app.officerOf(form.Level), out.People[1], form.Reason)
	b.office("admin", out.Root, s.app.administrator(), out.People[0], form.Reason)
	if b.err != nil {
		return out, b.err
	}
	return out, s.welcome(ctx, &out, acc, from)
}

// welcome signs the administrator in and makes the link for the officer.
func (s *Accounts) welcome(ctx context.Context, out *SetUpResult, acc account.Account, from From) (err error) {
	if err = s.trace(ctx, "account.set_up", acc.Person, acc.Person, from.Source, ""); err != nil {
		return err
	}
	if out.Officer, err = s.invite(ctx, 0, out.People[1], from.Source); err != nil {
		return err
	}
	dev, err := s.device(from)
	if err != nil {
		return err
	}
	acc.Version++
	out.Entered, err = s.enter(ctx, acc, dev, from, false)
	return err
}

// administrator returns the role of whoever gives rights on the platform.
func (a *App) administrator() string {
	for _, r := range a.lib.Roles {
		if account.Silo(r.Role) == access.ManageUsers {
			return r.ID
		}
	}
	return ""
}

// officerOf returns the role of an officer who founds and registers for everything
// below an organisation of this level: one of those that register offices.
func (a *App) officerOf(level string) string {
	p, s, ok := a.stepOf("office.take", access.Role{})
	if !ok || p.ID == "" {
		return ""
	}
	for _, id := range s.By {
		if r := a.lib.Law.Roles[id]; r.Reach == access.Below && slices.Contains(r.Level, level) {
			return id
		}
	}
	return ""
}

// stepOf returns the step that has this effect, where several have it the one by
// which role is given: a grant by those who manage accounts, any other office by
// others.
func (a *App) stepOf(effect string, role access.Role) (procedure.Procedure, procedure.Step, bool) {
	for id := range a.lib.Procedures {
		p, ok := a.lib.Procedure(id, a.Today())
		if !ok {
			continue
		}
		for _, s := range p.Steps {
			if s.Effect != effect || effect == "office.take" && a.byAdministrators(s) != (account.Silo(role) != "") {
				continue
			}
			return p, s, true
		}
	}
	return procedure.Procedure{}, procedure.Step{}, false
}

// byAdministrators reports whether a step is taken by those who manage accounts.
func (a *App) byAdministrators(s procedure.Step) bool {
	return slices.ContainsFunc(s.By, func(role string) bool { return account.Silo(a.lib.Law.Roles[role]) == access.ManageUsers })
}

// An installing is set-up under way; after an error it does nothing more.
type installing struct {
	ctx   context.Context
	app   *App
	today day.Day
	since day.Day // since when the organisations stand
	err   error
}

// act takes a step that has this effect, as the installation, and before it the
// steps that come first: where two people are needed later, it is both of them now.
// What is refused is refused at field of the form of set-up.
func (b *installing) act(field, effect string, on day.Day, role access.Role, o id.Org, fields record.Fields) record.Record {
	p, s, ok := b.app.stepOf(effect, role)
	if b.err == nil && !ok {
		b.err = fmt.Errorf("set up: no procedure has the effect %s", effect)
	}
	act := matter.Act{Procedure: p.ID, Org: o, On: on}
	for _, first := range s.After {
		act.Step, act.Fields = first, fields
		act.Matter, fields = b.take(field, act).Matter, nil // what comes first has been asked
	}
	act.Step, act.Fields = s.ID, fields
	return b.take(field, act)
}

// take takes one step.
func (b *installing) take(field string, act matter.Act) record.Record {
	if b.err != nil {
		return record.Record{}
	}
	r, err := b.app.submit(&request{ctx: b.ctx, act: act, done: make(chan outcome, 1)})
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		for _, one := range refusal.All() {
			one.Field = field
		}
	}
	b.err = err
	return r
}

// org founds organisation number n, unless an earlier attempt did.
func (b *installing) org(field string, n id.Org, fields record.Fields) id.Org {
	there := false
	b.app.read(func(g *register.Register) { _, there = g.Tree().Org(n) })
	if there || b.err != nil {
		return n
	}
	if r := b.act(field, "org.found", b.since, access.Role{}, 0, fields); b.err == nil && r.Org != n {
		b.err = fmt.Errorf("set up: founded %s, not %s: %w", r.Org, n, fault.Unknown)
	}
	return n
}

// person registers person number n, unless an earlier attempt did.
func (b *installing) person(field string, n id.Person, branch id.Org, name string) id.Person {
	there := false
	b.app.read(func(g *register.Register) { _, there = g.Person(n) })
	if !there && b.err == nil {
		b.act(field, "person.register", b.today, access.Role{}, branch, record.Of(
			record.F("name", record.Text(name)), record.F("standing", record.Choice(person.Member))))
	}
	return n
}

// office appoints p, unless an earlier attempt did.
func (b *installing) office(field string, o id.Org, role string, p id.Person, reason string) {
	held := false
	b.app.read(func(g *register.Register) {
		who, ok := g.Person(p)
		held = ok && who.Holds(role, o, b.today)
	})
	if held || b.err != nil {
		return
	}
	fields := record.Of(record.F("person", record.Person(p)), record.F("role", record.Choice(role)))
	r := b.app.lib.Law.Roles[role]
	if account.Silo(r) != "" {
		last, err := b.app.longestGrant(b.today)
		if err != nil {
			b.err = err
			return
		}
		fields = fields.With("until", record.Day(last)).With("reason", record.Text(reason))
	}
	b.act(field, "office.take", b.today, r, o, fields)
}

// longestGrant returns the last day of a grant made today that is as long as the
// rules allow.
func (a *App) longestGrant(today day.Day) (day.Day, error) {
	v, err := a.lib.Law.Book.At("grant.longest", today)
	if err != nil {
		return 0, fmt.Errorf("set up: %w", err)
	}
	return today.AddMonths(int(v.Int())) - 1, nil
}
