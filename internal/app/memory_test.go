package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/shingle"
	"qingfeng/internal/store"
)

// A diary is what three branches wrote down in half a year, some of it late, some
// of it copied, some of it at two places at once.
type diary struct {
	app     *App
	records []record.Record
	rng     *rand.Rand
}

const (
	diaryBranches = 3
	diaryPeople   = 9 // three in each branch; the first of each has an office next door
	diaryLength   = 700
)

func newDiary(t *testing.T, seed uint64) *diary {
	t.Helper()
	lib, err := law()
	must(t, err)
	db, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	d := &diary{rng: rand.New(rand.NewPCG(seed, 1))}
	d.app = &App{lib: lib, store: db, zone: time.UTC, reg: register.New([]byte("sixteen bytes and more"))}
	for o := id.Org(1); o <= diaryBranches; o++ {
		d.apply(t, "org.found", record.Record{Org: o, Matter: o.Matter(), On: day.Must("2022-01-01"), Fields: record.Of(
			record.F("name", record.Text("支部")), record.F("kind", record.Choice("branch")))})
	}
	for n := id.Person(1); n <= diaryPeople; n++ {
		home := id.Org(n-1)/3 + 1
		d.apply(t, "person.register", record.Record{Org: home, Matter: n.Matter(), On: day.Must("2022-01-02"), Fields: record.Of(
			record.F("name", record.Text("某人")), record.F("standing", record.Choice("member")))})
		if n%3 == 1 {
			d.apply(t, "office.take", record.Record{Org: home%diaryBranches + 1, Matter: id.Begun(int64(n)), On: day.Must("2022-01-03"), Fields: record.Of(
				record.F("person", record.Person(n)), record.F("role", record.Choice("branch.deputy")))})
		}
	}
	for len(d.records) < diaryLength {
		d.write()
	}
	must(t, db.Append(t.Context(), 0, record.Batch{Records: d.records}))
	return d
}

func (d *diary) apply(t *testing.T, effect string, r record.Record) {
	t.Helper()
	_, err := d.app.reg.Apply(effect, r)
	must(t, err)
}

// write adds a theme day, or now and then something that is no meeting.
func (d *diary) write() {
	seq := int64(len(d.records)) + 1
	o := id.Org(1 + d.rng.IntN(diaryBranches))
	if d.rng.IntN(3) > 0 {
		o = 1 // one is busier than is usual
	}
	today := day.Must("2022-02-01") + day.Day(seq/5)
	r := record.Record{Seq: seq, Time: today.Time().Add(time.Duration(seq) * time.Second), On: today - day.Day(d.rng.IntN(4)),
		Actor: 1, Org: o, Matter: id.Begun(seq), Kind: "theme_day.hold", Edition: day.Must("2017-07-01")}
	if d.rng.IntN(20) == 0 {
		r.On = today - day.Day(d.rng.IntN(120))
	}
	if d.rng.IntN(8) == 0 {
		r.Kind, r.Fields = "theme_day.plan", record.Of(record.F("day", record.Day(r.On)))
	} else {
		r.Fields = d.meeting(o)
	}
	d.records = append(d.records, r.Sealed(make([]byte, 16), make([]byte, 16)))
}

func (d *diary) meeting(o id.Org) record.Fields {
	var people record.People
	for n := id.Person(1); n <= diaryPeople; n++ {
		switch d.rng.IntN(4) {
		case 0:
			people = append(people, record.Presence{Person: n, State: record.Absent})
		case 1, 2:
			people = append(people, record.Presence{Person: n, State: record.Present, Means: record.ByList})
		}
	}
	start := 480 + 30*d.rng.IntN(20)
	text := fmt.Sprintf("第%d次学习讨论了%d件事情并且决定由%d人负责落实", d.rng.IntN(30), d.rng.IntN(9), d.rng.IntN(9))
	return record.Of(record.F("start", record.Time(start)), record.F("end", record.Time(start+60)),
		record.F("attended", people), record.F("minutes", record.Text(text)))
}

// recent looks through the whole diary.
func (d *diary) recent(before int64, o id.Org, on day.Day, limit int) (all []matter.Earlier) {
	for _, r := range slices.Backward(d.records[:before-1]) {
		if r.Org == o && r.On <= on && len(all) < limit {
			all = append(all, matter.EarlierOf(r))
		}
	}
	return all
}

func (d *diary) presentOn(before int64, who id.Person, on day.Day) (all []matter.Meeting) {
	home := id.Org(who-1)/3 + 1
	for _, r := range d.records[:before-1] {
		near := r.Org == home || who%3 == 1 && r.Org == home%diaryBranches+1
		if m, _ := matter.MeetingOf(r); near && r.On == on && slices.Contains(m.Present, who) {
			all = append(all, m)
		}
	}
	return all
}

func TestWhatIsRememberedIsWhatWouldBeRead(t *testing.T) {
	d := newDiary(t, 1)
	m := newMemory(d.app)
	same := func(what string, got, want any) {
		t.Helper()
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(shingle.Sketch{})); diff != "" {
			t.Fatalf("%s: %s", what, diff)
		}
	}
	for _, r := range d.records {
		if d.rng.IntN(400) == 0 {
			m = newMemory(d.app) // as after a restart
		}
		p := past{t.Context(), &m, d.app.reg, r.Seq}
		for _, on := range []day.Day{r.On, r.On - day.Day(d.rng.IntN(100))} {
			o, limit := id.Org(1+d.rng.IntN(diaryBranches)), 1+d.rng.IntN(60)
			recent, err := p.Recent(o, on, limit)
			must(t, err)
			same("recent", recent, d.recent(r.Seq, o, on, limit))
			who := id.Person(1 + d.rng.IntN(diaryPeople))
			present, err := p.PresentOn(who, on)
			must(t, err)
			same("present", present, d.presentOn(r.Seq, who, on))
		}
		must(t, m.add(t.Context(), r))
	}
}

// asked follows the whole diary and returns the questions that stand then; restart
// says before which records the follower begins anew.
func (d *diary) asked(t *testing.T, restart func(seq int64) bool) (rows []record.Row) {
	t.Helper()
	must(t, d.app.store.ResetRows(t.Context(), followerQuestions, viewQuestion))
	f, err := d.app.newQuestions(t.Context())
	must(t, err)
	for some := range slices.Chunk(d.records, 20) {
		if restart(some[0].Seq) {
			f, err = d.app.newQuestions(t.Context())
			must(t, err)
		}
		must(t, f.take(t.Context(), some))
	}
	for row, err := range d.app.store.View(t.Context(), viewQuestion) {
		must(t, err)
		rows = append(rows, row)
	}
	return rows
}

func TestARestartChangesNoQuestion(t *testing.T) {
	d := newDiary(t, 2)
	through := d.asked(t, func(int64) bool { return false })
	asked := map[string]int{}
	for _, row := range through {
		for _, why := range []string{"ask.near_copy", "ask.two_places", "ask.above_roster", "ask.short_minutes"} {
			if slices.Contains(questionsIn(t, row), why) {
				asked[why]++
			}
		}
	}
	if len(asked) != 4 || len(through) == diaryLength {
		t.Fatalf("the diary is not worth asking about: %v in %d", asked, len(through))
	}
	for name, restart := range map[string]func(int64) bool{
		"now and then":    func(int64) bool { return d.rng.IntN(9) == 0 },
		"before each few": func(int64) bool { return true },
	} {
		if diff := cmp.Diff(through, d.asked(t, restart)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatIsErasedIsForgotten(t *testing.T) {
	d := newDiary(t, 3)
	m := newMemory(d.app)
	last := d.records[len(d.records)-1]
	for _, r := range d.records {
		p := past{t.Context(), &m, d.app.reg, r.Seq}
		_, err := p.Recent(r.Org, r.On, 1)
		must(t, err)
		must(t, m.add(t.Context(), r))
	}
	held := d.recent(last.Seq+1, 1, last.On, 1)
	erasure, ok := d.app.lib.Procedure("erasure", last.On)
	if !ok {
		t.Fatal("no procedure erases")
	}
	erase := record.Record{Seq: last.Seq + 1, Time: last.Time, On: last.On, Org: 1, Kind: erasure.Kind("erase"), Edition: erasure.From,
		Fields: record.Of(record.F("record", record.Number(held[0].Seq)))}
	erase = erase.Sealed(make([]byte, 16), make([]byte, 16))
	must(t, d.app.store.Append(t.Context(), last.Seq, record.Batch{Records: []record.Record{erase}, Erase: []int64{held[0].Seq}}))
	must(t, m.add(t.Context(), erase))
	left, err := (past{t.Context(), &m, d.app.reg, erase.Seq}).Recent(1, last.On, 1)
	must(t, err)
	if len(left) != 1 || left[0].Seq != held[0].Seq || left[0].Minutes != nil || held[0].Minutes == nil {
		t.Errorf("held %+v, left %+v", held, left)
	}
}

// questionsIn returns why the questions of row are asked.
func questionsIn(t *testing.T, row record.Row) (why []string) {
	t.Helper()
	var asked []AskedQuestion
	must(t, json.Unmarshal(row.Body, &asked))
	for _, q := range asked {
		why = append(why, q.Why)
	}
	return why
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
