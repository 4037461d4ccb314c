package app

import (
	"errors"
	"slices"
	"testing"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// A restored is a village with an officer who looks at its figures.
type restored struct {
	*village
	officer id.Person
	cfg     store.Config
}

func newRestored(t *testing.T, cfg store.Config) *restored {
	v := &restored{village: newVillage(t, cfg), cfg: cfg}
	v.officer, _ = v.register(2, "甲").Matter.Person()
	v.must(matter.Act{Procedure: "office", Step: "take", Org: 1, Fields: record.Of(record.F("person", record.Person(v.officer)), record.F("role", record.Choice("city.officer")))})
	for range 3 {
		v.must(matter.Act{Procedure: "theme_day", Step: "hold", Org: 2, Fields: v.themeDay()})
	}
	v.same()
	return v
}

// held is how many theme days the city counts.
func (v *restored) held() int64 {
	v.t.Helper()
	visit, err := v.app.For(v.officer, "test")
	if err != nil {
		v.t.Fatal(err)
	}
	f, err := visit.Figure(v.t.Context(), FigureQuery{ID: "life_records", Org: 1, Period: v.app.Today().Month()})
	if err != nil {
		v.t.Fatal(err)
	}
	return f.Count
}

// rebuilt is what a rebuild says, and with write what it says after it wrote.
func (v *restored) rebuilt(write bool) []string {
	v.t.Helper()
	lib, err := law()
	if err != nil {
		v.t.Fatal(err)
	}
	a, err := Open(v.t.Context(), Config{Library: lib, Store: v.db, Secret: v.app.secret, Now: v.clock.Now, Afresh: true})
	if err != nil {
		v.t.Fatal(err)
	}
	defer a.Close()
	if write {
		if err := a.Restore(v.t.Context()); err != nil {
			v.t.Fatal(err)
		}
	}
	differences, err := a.Compare(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	return differences
}

// counted lets the figures be counted from wherever they are kept up to, as the next
// start of the service does.
func (v *restored) counted() {
	v.t.Helper()
	f, err := v.app.newFigures(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	for r, err := range v.db.Read(v.t.Context(), record.Query{After: f.at}) {
		if err != nil {
			v.t.Fatal(err)
		}
		if err := f.take(v.t.Context(), r); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := f.flush(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
}

func TestWhatIsRestoredIsWhatTheRecordSaysHoweverOftenItIsRestored(t *testing.T) {
	for kind, config := range databases() {
		t.Run(kind, func(t *testing.T) {
			v := newRestored(t, config(t))
			if n := v.held(); n != 3 {
				t.Fatalf("%d theme days are counted", n)
			}
			if d := v.rebuilt(false); len(d) > 0 {
				t.Fatalf("nothing was damaged: %v", d)
			}
			for name, c := range map[string]struct{ sql, says string }{
				"a sum is wrong":         {"UPDATE cell SET sum = sum + 1 WHERE figure = 'life_records'", "differs"},
				"a cell is gone":         {"DELETE FROM cell WHERE figure = 'life_records'", "missing"},
				"a cell is too many":     {"UPDATE cell SET month = month - 100000 WHERE figure = 'life_records'", "the record knows of none"},
				"a cell cannot be read":  {"UPDATE cell SET people = digest FROM record WHERE record.seq = 1 AND figure = 'life_records'", "differs"},
				"a person is another":    {"UPDATE view SET body = (SELECT body FROM view o WHERE o.name = 'org' AND o.key = 'o1') WHERE name = 'person'", "person p1: differs"},
				"an organisation is not": {"DELETE FROM view WHERE name = 'org' AND key = 'o3'", "org o3: missing"},
			} {
				t.Run(name, func(t *testing.T) {
					if _, err := storetest.SQL(t, v.cfg).ExecContext(t.Context(), c.sql); err != nil {
						t.Fatal(err)
					}
					if d := v.rebuilt(false); !slices.ContainsFunc(d, func(line string) bool { return len(line) >= len(c.says) && line[len(line)-len(c.says):] == c.says }) {
						t.Errorf("it says %v and not %q", d, c.says)
					}
					for range 2 {
						v.rebuilt(true)
						v.counted()
						if d := v.rebuilt(false); len(d) > 0 {
							t.Errorf("restored: %v", d)
						}
						if n := v.held(); n != 3 {
							t.Errorf("restored: %d theme days are counted", n)
						}
					}
				})
			}
		})
	}
}

func TestADamagedViewIsSaidAtTheStart(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	v := newRestored(t, cfg)
	for _, text := range []string{
		"UPDATE view SET body = CAST('{' AS BLOB) WHERE name = 'org' AND key = 'o2'",
		"UPDATE view SET body = CAST('{}' AS BLOB) WHERE name = 'org' AND key = 'o2'",
	} {
		if _, err := storetest.SQL(t, cfg).ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		if err := v.app.load(t.Context()); !errors.Is(err, errView) {
			t.Errorf("%s: %v", text, err)
		}
		v.rebuilt(true)
		if err := v.app.load(t.Context()); err != nil {
			t.Errorf("mended: %v", err)
		}
	}
}
