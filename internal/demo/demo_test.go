package demo_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	_ "modernc.org/sqlite" // to change what nobody may change

	"qingfeng/content"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/demo"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/library"
	"qingfeng/internal/matter"
	"qingfeng/internal/obligation"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
	"qingfeng/internal/tiles"
	"qingfeng/internal/verify"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// A city is a built one, still open.
type city struct {
	app    *app.App
	db     *store.DB
	log    *tiles.Log
	start  demo.Start
	people demo.People
	year   day.Period
}

// The city is built once for each database: under the race detector that takes
// longer than everything else here.
func TestTheModelCityIsWhatItsRecordSays(t *testing.T) {
	dir := t.TempDir()
	for name, config := range map[string]func(t *testing.T) store.Config{
		"SQLite":     func(*testing.T) store.Config { return store.Config{Dir: dir} },
		"PostgreSQL": func(t *testing.T) store.Config { return store.Config{Postgres: storetest.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			c := build(t, cfg)
			t.Run("every view and every figure is what the record says", c.derived)
			t.Run("the figures are those of the plan", c.figures)
			t.Run("a figure as of an earlier record is what was counted then", c.asOf)
			t.Run("a superior counts as late what stands as late in the calendars below", c.late)
			t.Run("every record is under a checkpoint", c.sealed)
			t.Run("what is remembered of figures is what they are", c.remembered)
			if cfg.Dir != "" {
				t.Run("a changed past is named", func(t *testing.T) { c.changed(t, filepath.Join(dir, store.File)) })
			}
		})
	}
}

// build builds the smallest city and lets the followers catch up.
func build(t *testing.T, cfg store.Config) *city {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	lib, err := library.Load(content.FS)
	must(t, err)
	db, err := store.Open(t.Context(), cfg)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	clock := demo.NewClock(zone, time.Now)
	a, err := app.Open(t.Context(), app.Config{Library: lib, Store: db, Secret: []byte("sixteen bytes and more"), Zone: zone, Now: clock.Now})
	must(t, err)
	key, err := seal.NewKey("qingfeng.test/log", make([]byte, 32))
	must(t, err)
	dir := t.TempDir()
	log, err := tiles.Create(dir, key, time.Now())
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })

	ctx, stop := context.WithCancel(t.Context())
	followers, ctx := errgroup.WithContext(ctx)
	followers.Go(func() error { return a.FollowFigures(ctx) })
	followers.Go(func() error { return a.FollowQuestions(ctx) })
	followers.Go(func() error { return a.FollowSeal(ctx, log, time.Now) })
	t.Cleanup(func() { stop(); must(t, followers.Wait()); a.Close() })

	today := clock.Today()
	clock.Set(demo.Eve(today))
	start := setUp(t, a, db)
	people, err := demo.Build(t.Context(), a, clock, demo.Village, start, nil, func(demo.People) error { return nil })
	must(t, err)
	must(t, a.CaughtUp(t.Context()))
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for log.Last().Size < a.Size() { // the seal follows by itself
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatal("a follower stopped: ", followers.Wait())
		}
	}
	return &city{app: a, db: db, log: log, start: start, people: people, year: day.Period{From: demo.Eve(today) + 1, To: today}}
}

// setUp sets the installation up as its first visitor would.
func setUp(t *testing.T, a *app.App, db *store.DB) demo.Start {
	t.Helper()
	hasher, err := secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 2, time.Minute)
	must(t, err)
	accounts, err := app.OpenAccounts(t.Context(), app.AccountsConfig{App: a, Store: db, Doors: db, Hasher: hasher, Now: time.Now, Demo: true})
	must(t, err)
	token, err := accounts.SetUpToken()
	must(t, err)
	made, err := accounts.SetUp(t.Context(), token, app.SetUpForm{
		Root: "中共甲市委员会", Level: "city", Branch: "机关党支部", Admin: "安守正", Officer: "贺青禾", Reason: "试验",
		Since: day.Must("1945-08-15"), SignName: "admin", Password: "ten thousand mountains",
	}, app.From{Source: "terminal"})
	must(t, err)
	return demo.Start{Root: made.Root, Admin: made.People[0], Officer: made.People[1]}
}

func (c *city) derived(t *testing.T) {
	differences, err := c.app.Compare(t.Context())
	must(t, err)
	if len(differences) > 0 {
		t.Errorf("%d differ: %v", len(differences), differences[:min(5, len(differences))])
	}
}

// figures compares with what is counted from the records here, in the plainest way.
func (c *city) figures(t *testing.T) {
	v, err := c.app.For(c.start.Officer, "test")
	must(t, err)
	var secretary, branch, opinions, appraised, held int64
	for r, err := range c.db.Read(t.Context(), record.Query{}) {
		must(t, err)
		switch r.Kind {
		case "life_meeting.prepare":
			for _, row := range r.Fields.Items("problems") {
				secretary += one(row.Choice("source") == "secretary")
				branch += one(row.Choice("source") == "branch")
			}
		case "life_meeting.hold":
			held++
			opinions += int64(len(r.Fields.Items("opinions")))
		case "appraisal.hold":
			appraised += int64(r.Fields.People("attended").Count(record.Present))
		}
	}
	for figure, want := range map[string]int64{"problems_secretary": secretary, "problems_branch": branch, "opinions": opinions, "special_life_meeting_held": held, "appraisal_people": appraised} {
		f, err := v.Figure(t.Context(), app.FigureQuery{ID: figure, Org: c.start.Root, Period: c.year})
		must(t, err)
		if f.Count != want || want == 0 {
			t.Errorf("%s: %d, want %d", figure, f.Count, want)
		}
		below, err := v.FigureBelow(t.Context(), app.FigureQuery{ID: figure, Org: c.start.Root, Period: c.year})
		must(t, err)
		sum := int64(0)
		for _, b := range below {
			sum += b.Count
		}
		if sum != want {
			t.Errorf("%s: those below add up to %d, the whole is %d", figure, sum, want)
		}
	}
	missing, err := v.FigureMissing(t.Context(), app.FigureQuery{ID: "appraisal_people", Org: c.start.Root, Period: c.year})
	must(t, err)
	if f, _ := v.Figure(t.Context(), app.FigureQuery{ID: "appraisal_people", Org: c.start.Root, Period: c.year}); f.Base-f.Count != int64(missing.GetCardinality()) {
		t.Errorf("%d of %d, and %d are missing", f.Count, f.Base, missing.GetCardinality())
	}
}

// late adds up the calendars of all branches, level by level.
func (c *city) late(t *testing.T) {
	v, err := c.app.For(c.start.Officer, "test")
	must(t, err)
	if c.lateIn(t, v, c.start.Root) == 0 {
		t.Error("nobody is late with anything: nothing was compared")
	}
}

// lateIn returns with how many duties o is behind, itself and all below it.
func (c *city) lateIn(t *testing.T, v *app.Visit, o id.Org) (late int) {
	cal, err := v.Calendar(t.Context(), o, v.Today())
	must(t, err)
	for _, row := range cal.Rows {
		for _, due := range row.Dues {
			late += int(one(due.Status == obligation.Behind))
		}
	}
	below, err := v.Below(o)
	must(t, err)
	told, err := v.LateBelow(t.Context(), o)
	must(t, err)
	for _, b := range below {
		counted := c.lateIn(t, v, b.ID)
		if told[b.ID] != counted {
			t.Errorf("%s is said to be behind with %d duties; the calendars say %d", b.Name, told[b.ID], counted)
		}
		late += counted
	}
	return late
}

// remembered reads every figure in several places, again after each act, and
// compares with a platform that has just been opened and remembers nothing.
func (c *city) remembered(t *testing.T) {
	secretary, err := c.app.For(c.people["branch.secretary"], "test")
	must(t, err)
	officer, err := c.app.For(c.start.Officer, "test")
	must(t, err)
	branch, err := secretary.Branch()
	must(t, err)
	today := c.app.Today()
	place := record.F("place", record.Text("村委会"))
	two := record.F("attended", record.People{
		{Person: secretary.Me(), State: record.Present, Means: record.ByList}, {Person: secretary.Me() + 1, State: record.Present, Means: record.ByList}})
	acts := []struct {
		what string
		by   *app.Visit
		act  matter.Act
	}{
		{"a talk", secretary, matter.Act{Procedure: "talk", Step: "hold", Org: branch.ID, On: today - 1,
			Fields: record.Of(record.F("kind", record.Choice("member")), two, place, record.F("summary", record.Text("谈了近况")))}},
		{"a new member", officer, matter.Act{Procedure: "membership", Step: "register", Org: c.home(t, officer), On: today,
			Fields: record.Of(record.F("name", record.Text("甲子")), record.F("standing", record.Choice("member")))}},
	}
	c.sameAsFresh(t, "at first", officer, branch.ID)
	for _, a := range acts {
		before := c.app.Size()
		_, err := a.by.Act(t.Context(), a.act, "")
		must(t, err)
		must(t, c.app.CaughtUp(t.Context()))
		if c.sameAsFresh(t, "after "+a.what, officer, branch.ID); c.app.Size() != before+1 {
			t.Errorf("%s: %d records, want one more than %d", a.what, c.app.Size(), before)
		}
	}
}

func (c *city) home(t *testing.T, v *app.Visit) id.Org {
	t.Helper()
	o, err := v.Branch()
	must(t, err)
	return o.ID
}

// sameAsFresh compares every figure of the year, and of this month, from the top down
// to branch, with what is counted from nothing.
func (c *city) sameAsFresh(t *testing.T, when string, officer *app.Visit, branch id.Org) {
	t.Helper()
	other, err := app.Open(t.Context(), app.Config{Library: c.app.Library(), Store: c.db, Secret: []byte("sixteen bytes and more"), Zone: c.app.Zone()})
	must(t, err)
	defer other.Close()
	fresh, err := other.For(officer.Me(), "test")
	must(t, err)
	page, err := officer.OrgPage(t.Context(), branch, 0)
	must(t, err)
	places := []id.Org{branch}
	for _, above := range page.Path {
		places = append(places, above.ID)
	}
	for name := range c.app.Library().Indicators {
		for _, o := range places {
			for _, p := range []day.Period{c.year, {From: c.year.To.Month().From, To: c.year.To}} {
				q := app.FigureQuery{ID: name, Org: o, Period: p}
				got, err := officer.Figure(t.Context(), q)
				must(t, err)
				want, err := fresh.Figure(t.Context(), q)
				must(t, err)
				if got.Count != want.Count || got.Base != want.Base || got.AsOf != want.AsOf {
					t.Errorf("%s: %s of %s: %d of %d as of %d, from nothing %d of %d as of %d", when, name, o, got.Count, got.Base, got.AsOf, want.Count, want.Base, want.AsOf)
				}
			}
		}
	}
}

// asOf compares every figure as of some earlier records with a count of the records
// up to there, and the figures that they are shares of.
func (c *city) asOf(t *testing.T) {
	v, err := c.app.For(c.start.Officer, "test")
	must(t, err)
	size, grown := c.app.Size(), 0
	for _, n := range []int64{size / 2, size * 4 / 5, size - 100, size - 3} {
		for _, in := range c.app.Library().Indicators {
			if !in.Measure.FromRecords() {
				continue
			}
			q := app.FigureQuery{ID: in.ID, Org: c.start.Root, Period: c.year, AsOf: n}
			f, err := v.Figure(t.Context(), q)
			must(t, err)
			if want := c.counted(t, in, n); f.Count != want || f.AsOf != n {
				t.Errorf("%s as of %d: %d, want %d", in.ID, n, f.Count, want)
			}
			if over, is := c.app.Library().Indicators[in.Base.Indicator]; is {
				if want := c.counted(t, over, n); f.Base != want {
					t.Errorf("%s as of %d is a share of %d, want %d", in.ID, n, f.Base, want)
				}
			}
			q.AsOf = 0
			now, err := v.Figure(t.Context(), q)
			must(t, err)
			grown += int(one(now.Count > f.Count && f.Count > 0))
		}
	}
	if grown < 20 {
		t.Errorf("only %d figures have grown since", grown)
	}
}

// counted counts in over the whole city, from its records up to n.
func (c *city) counted(t *testing.T, in indicator.Indicator, n int64) (total int64) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	cells := map[day.Period]*indicator.Cell{}
	for _, span := range in.Per.Spans(c.year) {
		cells[span] = &indicator.Cell{}
	}
	for r, err := range c.db.Read(t.Context(), record.Query{UpTo: n, Kinds: in.With, During: c.year}) {
		must(t, err)
		tolerance, err := c.app.Library().Law.Book.At("late.tolerance", r.On)
		must(t, err)
		if x, counts := in.Contribute(r, r.Lateness(zone), int(tolerance.Int())); counts {
			for span, cell := range cells {
				if span.Contains(r.On) {
					cell.Add(x)
				}
			}
		}
	}
	for _, cell := range cells {
		total += cell.Count(in.Measure)
	}
	return total
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func (c *city) sealed(t *testing.T) {
	rep, err := verify.Directory(t.Context(), c.db, c.log.Dir(), verify.Options{Trust: c.log.Trust()})
	must(t, err)
	if !rep.Sound() || rep.Records != c.app.Size() || rep.Waiting != 0 {
		t.Errorf("%d of %d records, %d waiting; log %v, records %v", rep.Records, c.app.Size(), rep.Waiting, rep.Log.Faults, rep.Faults)
	}
}

// What nobody may change is changed here, past the service, and has to be found
// with its number.
func (c *city) changed(t *testing.T, file string) {
	for _, change := range []struct{ what, sql, kind string }{
		{"a field", `UPDATE record SET fields = CAST(replace(CAST(fields AS TEXT), '党', '觉') AS BLOB) WHERE seq = 700`, "record 700: fields"},
		{"a day", `UPDATE record SET "on" = "on" - 3 WHERE seq = 701`, "record 701: head"},
		{"an actor", `UPDATE record SET actor = actor + 1 WHERE seq = 702`, "record 702: head"},
		{"a missing record", `DELETE FROM record WHERE seq = 703`, "record 703: gap"},
		{"the last of those read together", `DELETE FROM record WHERE seq = 1024`, "record 1024: gap"},
		{"the newest", `DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)`, fmt.Sprintf("record %d: vanished", c.app.Size())},
		{"two that changed places", `UPDATE record SET seq = CASE seq WHEN 704 THEN -705 ELSE -704 END WHERE seq IN (704, 705)`, "record 704"},
	} {
		t.Run(change.what, func(t *testing.T) {
			raw, err := sql.Open("sqlite", "file:"+file)
			must(t, err)
			defer func() { must(t, raw.Close()) }()
			tx, err := raw.Begin()
			must(t, err)
			for _, trigger := range triggers(t, tx) {
				_, err = tx.Exec("DROP TRIGGER " + trigger)
				must(t, err)
			}
			_, err = tx.Exec(change.sql)
			must(t, err)
			_, err = tx.Exec(`UPDATE record SET seq = -seq WHERE seq < 0`)
			must(t, err)
			must(t, tx.Commit())
			rep, err := verify.Directory(t.Context(), c.db, c.log.Dir(), verify.Options{Trust: c.log.Trust()})
			must(t, err)
			found := ""
			for _, f := range rep.Faults {
				found += f.Error() + "\n"
			}
			if !strings.Contains(found, change.kind) {
				t.Errorf("not found: want %q in\n%s", change.kind, found)
			}
		})
	}
}

func triggers(t *testing.T, tx *sql.Tx) (names []string) {
	t.Helper()
	rows, err := tx.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	return names
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
