package browser

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"qingfeng/content"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/blob"
	"qingfeng/internal/day"
	"qingfeng/internal/demo"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
	"qingfeng/internal/web"
	"qingfeng/internal/web/guard"
)

// A city is the model city at its smallest, served on this machine.
type city struct {
	app      *app.App
	accounts *app.Accounts
	log      *tiles.Log
	people   demo.People
	address  string
	browser  context.Context // the one process that all tabs are in
}

// newCity builds the city, serves it and starts the browser.
func newCity(t *testing.T) *city {
	t.Helper()
	zone := must(time.LoadLocation("Asia/Shanghai"))(t)
	clock := demo.NewClock(zone, time.Now)
	db := must(store.Open(t.Context(), store.Config{Dir: t.TempDir()}))(t)
	t.Cleanup(func() { check(t, db.Close()) })
	files := must(blob.OpenDisk(t.TempDir()))(t)
	t.Cleanup(func() { check(t, files.Close()) })
	c := &city{}
	c.app = must(app.Open(t.Context(), app.Config{Library: must(library.Load(content.FS))(t), Store: db, Files: files,
		Secret: []byte("thirty-two bytes that are secret"), Zone: zone, Now: clock.Now}))(t)
	t.Cleanup(c.app.Close)
	key := must(seal.NewKey("qingfeng.test/log", make([]byte, 32)))(t)
	c.log = must(tiles.Create(t.TempDir(), key, time.Now()))(t)
	t.Cleanup(func() { check(t, c.log.Close()) })
	hasher := must(secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 2, time.Minute))(t)
	c.accounts = must(app.OpenAccounts(t.Context(), app.AccountsConfig{App: c.app, Store: db, Doors: db, Hasher: hasher, Now: time.Now, Issuer: "Qingfeng", Demo: true}))(t)
	c.serve(t)
	c.build(t, clock)
	c.settle(t)
	c.browser = startBrowser(t)
	return c
}

// serve lets the followers follow and the pages be seen, until the test ends.
func (c *city) serve(t *testing.T) {
	t.Helper()
	handler := must(web.New(web.Config{App: c.app, Accounts: c.accounts, Log: app.NewPublicLog(c.log), City: "清源", Version: "test", Demo: true,
		Guard: guard.Options{Now: time.Now, Random: rand.Reader}, Logger: slog.New(slog.DiscardHandler)}))(t)
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	c.address = "http://" + listener.Addr().String()
	server := guard.Server(handler)
	ctx, stop := context.WithCancel(context.Background())
	var running errgroup.Group
	running.Go(func() error { return c.app.FollowFigures(ctx) })
	running.Go(func() error { return c.app.FollowQuestions(ctx) })
	running.Go(func() error { return c.app.FollowSeal(ctx, c.log, time.Now) })
	running.Go(func() error {
		if err := server.Serve(listener); err != http.ErrServerClosed {
			return err
		}
		return nil
	})
	t.Cleanup(func() {
		stop()
		check(t, server.Close())
		check(t, running.Wait())
	})
}

// build sets the installation up as its first visitor would, and fills it.
func (c *city) build(t *testing.T, clock *demo.Clock) {
	t.Helper()
	clock.Set(demo.Eve(clock.Today()))
	made := must(c.accounts.SetUp(t.Context(), must(c.accounts.SetUpToken())(t), app.SetUpForm{
		Root: "中共清源市委员会", Level: "city", Branch: "市委组织部机关党支部", Admin: "安守正", Officer: "贺青禾", Reason: "试验",
		Since: day.Must("1945-08-15"), SignName: "admin", Password: "ten thousand mountains",
	}, app.From{Source: "terminal"}))(t)
	start := demo.Start{Root: made.Root, Admin: made.People[0], Officer: made.People[1]}
	c.people = must(demo.Build(t.Context(), c.app, clock, demo.Village, start, nil, func(demo.People) error { return nil }))(t)
}

// The branch of the tests, founded beside those of the model city: it has never
// held anything, whatever the day on which the tests run.
const newBranch = "newcomer.secretary"

// founded is how many days the branch of the tests has stood.
const founded = 70

// settle founds the branch of the tests, in the township whose organiser looks on.
func (c *city) settle(t *testing.T) {
	t.Helper()
	organiser := must(c.app.For(c.people["township.organiser"], "test"))(t)
	township := organiser.Actings()[0].Org.ID
	branch, _ := c.act(t, matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(
		record.F("name", record.Text("新塬村党支部")), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(township)))}).Matter.Org()
	var members []id.Person
	for _, name := range []string{"宋砚秋", "白若川", "冯临川", "段知夏"} {
		r := c.act(t, matter.Act{Procedure: "membership", Step: "register", Org: branch, Fields: record.Of(
			record.F("name", record.Text(name)), record.F("standing", record.Choice(person.Member)))})
		p, _ := r.Matter.Person()
		members = append(members, p)
	}
	c.act(t, matter.Act{Procedure: "office", Step: "take", Org: branch, Fields: record.Of(
		record.F("person", record.Person(members[0])), record.F("role", record.Choice("branch.secretary")))})
	c.people[newBranch] = members[0]
	c.caughtUp(t)
}

// act takes a step as the officer of the city, on the day of the founding.
func (c *city) act(t *testing.T, act matter.Act) record.Record {
	t.Helper()
	act.On = c.app.Today().AddDays(-founded)
	v := must(c.app.For(c.people["city.officer"], "test"))(t)
	return must(v.Act(t.Context(), act, ""))(t).Record
}

// caughtUp waits until figures show and the seal covers every record.
func (c *city) caughtUp(t *testing.T) {
	t.Helper()
	check(t, c.app.CaughtUp(t.Context()))
	for c.log.Last().Size < c.app.Size() && t.Context().Err() == nil {
		runtime.Gosched() // the seal follows by itself
	}
}

// must returns v of a call that may not fail.
func must[V any](v V, err error) func(*testing.T) V {
	return func(t *testing.T) V {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
