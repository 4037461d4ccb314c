package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/demo"
	"qingfeng/internal/id"
)

type demoCommand struct {
	dataFlags
	listenFlags
	Scale string `help:"How much of the city to build." enum:"village,county,city" default:"city"`
}

// Run builds the model city, if the data directory is empty, and serves it. Pages
// can be used while it still fills.
func (c *demoCommand) Run(inv *invocation) (err error) {
	c.City = cmp.Or(c.City, modelCity)
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	clock := demo.NewClock(zone, inv.now)
	in, err := c.open(inv, clock.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	accounts, err := in.accounts(inv.ctx, true)
	if err != nil {
		return err
	}
	b := &building{inv: inv, in: in, accounts: accounts, clock: clock, address: c.address()}
	in.recordContent(inv)
	if in.app.Size() > 0 {
		people, err := demo.Find(in.app)
		if err != nil {
			return err
		}
		if err := b.links(inv.ctx, people); err != nil {
			return err
		}
		return c.run(inv, in, accounts, nil, true, nil)
	}
	return c.run(inv, in, accounts, b.filling, true, func(ctx context.Context) error { return b.build(ctx, demo.Scale(c.Scale)) })
}

// modelCity is whom the model city stands for: its places are real, its people not.
const modelCity = "吕梁"

// A building is a model city that is being built while it is served.
type building struct {
	inv         *invocation
	in          *installation
	accounts    *app.Accounts
	clock       *demo.Clock
	address     string
	done, total atomic.Int64
}

// filling tells pages how far the building is.
func (b *building) filling() (done, all int) { return int(b.done.Load()), int(b.total.Load()) }

func (b *building) build(ctx context.Context, scale demo.Scale) error {
	began := b.inv.now()
	b.total.Store(1)
	start, err := b.setUp(ctx)
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions64(1, progressbar.OptionSetWriter(b.inv.errs), progressbar.OptionShowCount(),
		progressbar.OptionSetDescription("building "+string(scale)), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	first := true
	people, err := demo.Build(ctx, b.in.app, b.clock, scale, start, func(_ string, done, total int) {
		b.done.Store(int64(done))
		b.total.Store(int64(max(total, done)))
		bar.ChangeMax(max(total, done))
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
	}, func(ready demo.People) error {
		if !first {
			return nil
		}
		first = false
		return b.links(ctx, ready)
	})
	if err != nil {
		return err
	}
	_ = bar.Finish() // as above
	b.done.Store(b.total.Load())
	b.inv.say("Built: %d records in %.1f s.\n", b.in.app.Size(), b.inv.now().Sub(began).Seconds())
	return b.links(ctx, people)
}

// setUp sets the installation up as its first visitor would.
func (b *building) setUp(ctx context.Context) (demo.Start, error) {
	b.clock.Set(demo.Eve(b.clock.Today()))
	token, err := b.accounts.SetUpToken()
	if err != nil {
		return demo.Start{}, err
	}
	password, err := random(18)
	if err != nil {
		return demo.Start{}, err
	}
	made, err := b.accounts.SetUp(ctx, token, app.SetUpForm{
		Root: "中共吕梁市委员会", Level: "city", Branch: "市委组织部机关党支部", Admin: "安守正", Officer: "贺青禾", Reason: "演示",
		Since: day.New(1945, 8, 15), SignName: "admin", Password: fmt.Sprintf("%x", password),
	}, app.From{Source: "terminal"})
	if err != nil {
		return demo.Start{}, err
	}
	return demo.Start{Root: made.Root, Admin: made.People[0], Officer: made.People[1]}, nil
}

// links prints a one-time sign-in link for one invented person per role.
func (b *building) links(ctx context.Context, people demo.People) error {
	roles := make([]string, 0, len(people))
	for role := range people {
		roles = append(roles, role)
	}
	slices.Sort(roles)
	b.inv.say("\nOpen %s with one of these links. Each works once; nobody has a password.\n\n", b.address)
	for _, role := range roles {
		made, err := b.accounts.InviteByInstallation(ctx, people[role])
		if err != nil {
			return err
		}
		b.inv.say("  %-22s %-10s %s/link/%s\n", role, b.name(people[role]), b.address, made.Token)
	}
	b.inv.say("\n")
	return nil
}

func (b *building) name(p id.Person) string {
	v, err := b.in.app.For(p, "terminal")
	if err != nil {
		return p.String()
	}
	return v.Name()
}
