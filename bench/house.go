package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"qingfeng/content"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

// A house is a city opened from within: to see who lives there, to let people in,
// and to read figures without HTTP. It is closed before anything is served.
type house struct {
	store    *store.DB
	app      *app.App
	accounts *app.Accounts
	byRole   map[string][]id.Person // by the office that reaches furthest; "" has none
	closers  []func() error
}

// settle has the disk take what was written, so that it is not written during a
// measurement.
func settle() error {
	syscall.Sync()
	return nil
}

func openHouse(ctx context.Context, dir string) (*house, error) {
	lib, err := library.Load(content.FS)
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(filepath.Join(dir, "keys", "secret"))
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	h := &house{}
	if h.store, err = store.Open(ctx, store.Config{Dir: dir}); err != nil {
		return nil, err
	}
	h.closers = append(h.closers, h.store.Close)
	if h.app, err = app.Open(ctx, app.Config{Library: lib, Store: h.store, Secret: key, Zone: zone}); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.closers = append(h.closers, func() error { h.app.Close(); return nil })
	hasher, err := secret.NewHasher(secret.Ordinary(), 1, time.Second)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.accounts, err = app.OpenAccounts(ctx, app.AccountsConfig{App: h.app, Store: h.store, Doors: h.store, Hasher: hasher, Now: time.Now, Issuer: "bench", Demo: true})
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) close() error {
	var errs []error
	for _, f := range slices.Backward(h.closers) {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

// meet sorts everybody in the city by office.
func (h *house) meet() {
	h.byRole = map[string][]id.Person{}
	for p := id.Person(1); ; p++ {
		v, err := h.app.For(p, "bench")
		if err != nil {
			return // there are no more
		}
		if all := v.Actings(); len(all) > 0 {
			h.byRole[all[0].Role] = append(h.byRole[all[0].Role], p)
		}
	}
}

// some returns up to n people of a role, spread over all of them.
func (h *house) some(role string, n int) (chosen []id.Person) {
	all := h.byRole[role]
	n = min(n, len(all))
	for i := range n {
		chosen = append(chosen, all[i*len(all)/n])
	}
	return chosen
}

// letIn signs somebody in by a one-time link, as a visitor of the model city would,
// and returns the name of the session that the browser keeps.
func (h *house) letIn(ctx context.Context, p id.Person) (app.Entered, error) {
	made, err := h.accounts.InviteByInstallation(ctx, p)
	if err != nil {
		return app.Entered{}, err
	}
	return h.accounts.Redeem(ctx, made.Token, app.Choice{}, app.From{Source: "127.0.0.1"})
}

// A writer is a secretary whose program records talks through the API.
type writer struct {
	bearer string // value of the header Authorization
	head   string // body of the act up to the words of the summary
	tail   string // and after them
}

// writers returns up to n secretaries, each with a token and the beginning of an act.
func (h *house) writers(ctx context.Context, n int) (all []writer, err error) {
	for _, p := range h.some("branch.secretary", n) {
		w, err := h.writer(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("writer %s: %w", p, err)
		}
		all = append(all, w)
	}
	if len(all) == 0 {
		return nil, errors.New("nobody is a secretary")
	}
	return all, nil
}

// summary is where the words of one talk go.
const summary = "summary-of-the-talk"

func (h *house) writer(ctx context.Context, p id.Person) (writer, error) {
	entered, err := h.letIn(ctx, p)
	if err != nil {
		return writer{}, err
	}
	token, _, err := entered.MakeToken(ctx, app.NewToken{Title: "bench", Scope: account.Scope{Acts: true}, Days: 2})
	if err != nil {
		return writer{}, err
	}
	v, err := h.app.For(p, "bench")
	if err != nil {
		return writer{}, err
	}
	branch, err := v.Branch()
	if err != nil {
		return writer{}, err
	}
	roster, err := v.Roster(branch.ID, 0)
	if err != nil {
		return writer{}, err
	}
	people := record.People{{Person: p, State: record.Present, Means: record.ByList}}
	for _, line := range roster {
		if line.ID != p && line.Standing == person.Member && len(people) < 2 {
			people = append(people, record.Presence{Person: line.ID, State: record.Present, Means: record.ByList})
		}
	}
	fields := record.Of(
		record.F("kind", record.Choice("member")), record.F("attended", people.Sort()),
		record.F("place", record.Text("村党群服务中心")), record.F("summary", record.Text(summary)),
	)
	body := fmt.Sprintf(`{"procedure":"talk","step":"hold","org":%q,"on":%q,"fields":%s}`, branch.ID, v.Today(), fields.Append(nil))
	return split(token, body), nil
}

// A reader is somebody signed in, and the pages that are for them.
type reader struct {
	role   string
	cookie string
	pages  map[string][]string // by kind of page
}

// crowd is who reads, by role: of two hundred.
var crowd = []struct {
	role string
	n    int
}{{"city.officer", 4}, {"county.officer", 26}, {"township.organiser", 40}, {"branch.secretary", 90}, {"", 40}}

// readers returns two hundred people who are signed in.
func (h *house) readers(ctx context.Context) (all []reader, err error) {
	for _, c := range crowd {
		chosen := h.some(c.role, c.n)
		for i := range c.n {
			if len(chosen) == 0 {
				return nil, fmt.Errorf("nobody is %q", c.role)
			}
			r, err := h.reader(ctx, chosen[i%len(chosen)], c.role)
			if err != nil {
				return nil, fmt.Errorf("reader %q: %w", c.role, err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func (h *house) reader(ctx context.Context, p id.Person, role string) (reader, error) {
	entered, err := h.letIn(ctx, p)
	if err != nil {
		return reader{}, err
	}
	v, err := h.app.For(p, "bench")
	if err != nil {
		return reader{}, err
	}
	r := reader{role: role, cookie: "qingfeng-plain=" + entered.ID + "; lang=zh", pages: map[string][]string{}}
	at := v.Actings()[0].Org.ID
	held, err := v.Meetings(ctx, app.MeetingQuery{Org: at, During: day.Period{From: v.Today() - 31, To: v.Today()}, Kinds: []string{"theme_day"}, Limit: 12})
	if err != nil {
		return reader{}, err
	}
	for _, m := range held.Meetings {
		r.pages["dossier"] = append(r.pages["dossier"], "/matter/"+string(m.Matter))
		r.pages["branch home"] = append(r.pages["branch home"], "/org/"+m.Org.ID.String())
	}
	r.pages["list of 20"] = []string{"/meeting", "/person"}
	r.pages["overview"] = []string{"/overview"}
	return r, nil
}
