package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"qingfeng/internal/blob"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// databases are both that there are.
func databases() map[string]func(t *testing.T) store.Config {
	return map[string]func(t *testing.T) store.Config{
		"SQLite":     func(t *testing.T) store.Config { return store.Config{Dir: t.TempDir()} },
		"PostgreSQL": func(t *testing.T) store.Config { return store.Config{Postgres: storetest.Postgres(t)} },
	}
}

// A village is a city with two branches, in which the installation itself acts, and
// whose followers run.
type village struct {
	t     *testing.T
	app   *App
	db    *store.DB
	files *blob.Disk
	clock *stopped
	close func() // ends the app, once, and waits for what it still does
}

func newVillage(t *testing.T, cfg store.Config) *village {
	t.Helper()
	lib, err := law()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.OpenDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	v := &village{t: t, db: db, files: files, clock: &stopped{at: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}}
	v.app, err = Open(t.Context(), Config{Library: lib, Store: db, Files: files, Secret: []byte("a secret of thirty-two bytes ...."), Zone: time.UTC, Now: v.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	v.close = sync.OnceFunc(v.app.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- v.app.FollowFigures(ctx) }()
	go func() { ended <- v.app.FollowQuestions(ctx) }()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		v.close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	v.must(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(record.F("name", record.Text("甲市委员会")), record.F("kind", record.Choice("committee")), record.F("level", record.Choice("city")))})
	for _, name := range []string{"东村党支部", "西村党支部", "南村党支部"} {
		v.must(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(record.F("name", record.Text(name)), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(1)))})
	}
	return v
}

// try takes a step as the installation, today or some days ago.
func (v *village) try(act matter.Act) (record.Record, error) {
	if act.On == 0 {
		act.On = v.app.Today()
	}
	return v.app.submit(&request{ctx: v.t.Context(), act: act, done: make(chan outcome, 1)})
}

func (v *village) must(act matter.Act) record.Record {
	v.t.Helper()
	r, err := v.try(act)
	if err != nil {
		v.t.Fatalf("%s.%s: %v", act.Procedure, act.Step, err)
	}
	return r
}

func (v *village) register(o id.Org, name string, more ...record.Field) record.Record {
	v.t.Helper()
	fields := append([]record.Field{record.F("name", record.Text(name)), record.F("standing", record.Choice("member"))}, more...)
	return v.must(matter.Act{Procedure: "membership", Step: "register", Org: o, Fields: record.Of(fields...)})
}

func (v *village) erase(o id.Org, seq int64) error {
	r, err := v.try(matter.Act{Procedure: "erasure", Step: "request", Org: o, Fields: record.Of(
		record.F("record", record.Number(seq)), record.F("reason", record.Choice("request")), record.F("account", record.Text("误填")))})
	if err != nil {
		return err
	}
	_, err = v.try(matter.Act{Procedure: "erasure", Step: "erase", Matter: r.Matter, Org: o, Fields: record.Of(
		record.F("record", record.Number(seq)), record.F("approval", record.Text("第3号")))})
	return err
}

// same checks that every view and every figure is what the record says.
func (v *village) same() {
	v.t.Helper()
	if err := v.app.CaughtUp(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
	differences, err := v.app.Compare(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	if len(differences) > 0 {
		v.t.Fatalf("live and rebuilt differ: %v", differences)
	}
}

func TestAnErasedRegistrationLeavesNothingButTheNumber(t *testing.T) {
	const name, other = "名叫某某的人", "改名后的某某"
	for kind, config := range databases() {
		t.Run(kind, func(t *testing.T) {
			cfg := config(t)
			v := newVillage(t, cfg)
			r := v.register(2, name, record.F("id_number", record.Text("149999198503070016")))
			p, _ := r.Matter.Person()
			reader := v.register(2, "读者")
			who, _ := reader.Matter.Person()
			visit, err := v.app.For(who, "test")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := visit.KeepDraft(t.Context(), string(r.Matter)+"/correct", []byte("name="+name)); err != nil {
				t.Fatal(err)
			}
			again := v.must(matter.Act{Procedure: "membership", Step: "correct", Matter: r.Matter, Org: 2, Fields: record.Of(record.F("name", record.Text(other)), record.F("reason", record.Text("改名")))})
			v.same()
			if err := v.erase(2, again.Seq); err != nil {
				t.Fatal(err)
			}
			v.same()
			if got := v.person(p).Name; got != name {
				t.Errorf("with the correction erased the name is %q", got)
			}
			if err := v.erase(2, r.Seq); err != nil {
				t.Fatal(err)
			}
			v.same()
			got := v.person(p)
			if got.Name != "" || got.IDKey != 0 || len(got.Stands) != 0 || len(got.Memberships) != 0 {
				t.Errorf("left: %+v", got)
			}
			var key id.Person
			v.app.read(func(g *register.Register) { key = g.ByIDKey(g.IDKey("149999198503070016")) })
			if key != 0 {
				t.Errorf("the ID number still names %s", key)
			}
			if found := visit.Search(name, 10); found.AllPeople != 0 {
				t.Errorf("found: %+v", found.People)
			}
			if _, _, err := visit.Draft(t.Context(), string(r.Matter)+"/correct"); err == nil {
				t.Error("the draft is still there")
			}
			if rs, ok := v.app.tail.after(r.Seq-1, 1); !ok || !rs[0].Erased() {
				t.Error("still in memory for followers")
			}
			if cfg.Dir != "" {
				for _, file := range []string{store.File, store.File + "-wal"} {
					b, err := os.ReadFile(filepath.Join(cfg.Dir, file))
					if err != nil {
						t.Fatal(err)
					}
					for _, secret := range []string{name, other} {
						if bytes.Contains(b, []byte(secret)) {
							t.Errorf("%s still has %q", file, secret)
						}
					}
				}
			}
		})
	}
}

func TestAnErasedRecordTakesItsAttachmentsAndItsRequestAlong(t *testing.T) {
	for kind, config := range databases() {
		t.Run(kind, func(t *testing.T) {
			v := newVillage(t, config(t))
			p, _ := v.register(2, "甲").Matter.Person()
			visit, err := v.app.For(p, "test")
			if err != nil {
				t.Fatal(err)
			}
			attach := func(text string) record.Files {
				f, err := visit.Attach(t.Context(), "a.png", "image/png", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				return record.Files{f}
			}
			one, both := attach("only here"), attach("elsewhere as well")
			meeting := func(files record.Files) record.Record {
				return v.must(matter.Act{Procedure: "theme_day", Step: "hold", Org: 2, Fields: v.themeDay().With("photos", files)})
			}
			r := meeting(append(one, both...))
			meeting(both)
			if err := v.erase(2, r.Seq); err != nil {
				t.Fatal(err)
			}
			v.close() // which waits until the attachments are gone
			if _, err := v.files.Stat(t.Context(), one[0].Hash); err == nil {
				t.Error("the attachment of the erased record is still there")
			}
			if _, err := v.files.Stat(t.Context(), both[0].Hash); err != nil {
				t.Error("an attachment that another record shows is gone:", err)
			}
		})
	}
}

func TestARequestWhoseRecordWasErasedCannotBeGuessedAndNotBeRepeated(t *testing.T) {
	v := newVillage(t, store.Config{Dir: t.TempDir()})
	p, _ := v.register(2, "甲").Matter.Person()
	_, err := v.try(matter.Act{Procedure: "office", Step: "take", Org: 1, Fields: record.Of(record.F("person", record.Person(p)), record.F("role", record.Choice("city.officer")))})
	if err != nil {
		t.Fatal(err)
	}
	visit, err := v.app.For(p, "test")
	if err != nil {
		t.Fatal(err)
	}
	act := matter.Act{Procedure: "membership", Step: "register", Org: 2, On: v.app.Today(), Fields: record.Of(record.F("name", record.Text("某某")), record.F("standing", record.Choice("member")))}
	r, err := visit.Act(t.Context(), act, "key")
	if err != nil {
		t.Fatal(err)
	}
	if err := v.erase(2, r.Record.Seq); err != nil {
		t.Fatal(err)
	}
	size := v.app.Size()
	if _, err := visit.Act(t.Context(), act, "key"); err == nil || v.app.Size() != size {
		t.Error("the same request again made the record anew:", err)
	}
	ans, found, err := v.db.Answer(t.Context(), p, "key")
	if err != nil || !found || len(ans.Request) != 0 {
		t.Errorf("kept of the request: %x, %v, %v", ans.Request, found, err)
	}
}

// themeDay is a theme day of a branch that everybody attended.
func (v *village) themeDay() record.Fields {
	var people record.People
	v.app.read(func(g *register.Register) {
		for _, n := range g.Roster(2, v.app.Today()) {
			people = append(people, record.Presence{Person: n, State: record.Present, Means: record.ByList})
		}
	})
	first := record.Person(people[0].Person)
	return record.Of(record.F("theme", record.Text("学党章")), record.F("start", record.Time(540)), record.F("end", record.Time(600)), record.F("place", record.Text("活动室")),
		record.F("chair", first), record.F("recorder", first), record.F("attended", people), record.F("minutes", record.Text(fmt.Sprint("学习党章第一章，议定第", v.app.Size(), "件事"))),
		record.F("activities", record.Items{record.Of(record.F("activity", record.Choice("study")))}))
}

func (v *village) person(p id.Person) (who person.Person) {
	v.app.read(func(g *register.Register) {
		if x, ok := g.Person(p); ok {
			who = *x
		}
	})
	return who
}
