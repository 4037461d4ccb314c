package library_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

var histories = flag.Int("histories", 60, "random admissions for which the earliest days are compared with a count day by day")

// A wayfarer is one random admission: the path says when each step can be taken, the
// law is asked about that day and the day before, and days are counted one by one.
type wayfarer struct {
	t     *testing.T
	p     procedure.Procedure
	law   matter.Law
	world *register.Register
	rng   *rand.Rand
	st    matter.State
	last  day.Day // of the last act
}

// farOff is a day on which everything of the test is past.
var farOff = day.Must("2049-12-31")

const (
	township  id.Org    = 2
	ofBranch  id.Org    = 3
	applicant id.Person = 9
)

func TestThePathIsWhatTheLawDecidesAndWhatADayByDayCountFinds(t *testing.T) {
	lib := shipped(t)
	p, _ := lib.Procedure("admission", day.Must("2014-06-01"))
	law := lib.Law
	law.Calendar = holidays(rand.New(rand.NewPCG(7, 7)))
	for i := range *histories {
		w := &wayfarer{t: t, p: p, law: law, world: branchWorld(t), rng: rand.New(rand.NewPCG(uint64(i), 1))}
		w.walk()
		if t.Failed() {
			t.Fatalf("history %d", i)
		}
	}
}

// holidays is a calendar of many years in which about one weekday in ten is off and
// about one day of a weekend in ten is worked.
func holidays(rng *rand.Rand) day.Calendar {
	c := day.Calendar{Off: map[day.Day]bool{}, Work: map[day.Day]bool{}, Year: map[int]bool{}}
	for d := day.Must("2014-01-01"); d <= farOff; d++ {
		c.Year[d.Year()] = true
		if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; weekend {
			c.Work[d] = rng.IntN(10) == 0
		} else {
			c.Off[d] = rng.IntN(10) == 0
		}
	}
	return c
}

// branchWorld is a branch of eight members and an applicant below a township.
func branchWorld(t *testing.T) *register.Register {
	g := register.New([]byte("path"))
	apply := func(effect string, m id.Matter, o id.Org, fields ...record.Field) {
		if _, err := g.Apply(effect, record.Record{Matter: m, Org: o, On: day.Must("2010-01-01"), Fields: record.Of(fields...)}); err != nil {
			t.Fatal(err)
		}
	}
	for i, kind := range []string{"committee", "committee", "branch"} {
		apply("org.found", id.Org(i+1).Matter(), id.Org(i+1), record.F("kind", record.Choice(kind)), record.F("superior", record.Org(i)))
	}
	for n := id.Person(1); n <= applicant; n++ {
		standing := "member"
		if n == applicant {
			standing = "applicant"
		}
		apply("person.register", n.Matter(), ofBranch, record.F("standing", record.Choice(standing)), record.F("birth", record.Day(day.Must("1980-02-29"))))
	}
	return g
}

func (w *wayfarer) walk() {
	w.take("apply", day.Must("2014-06-01")+day.Day(w.rng.IntN(4000)))
	for steps := 0; !w.st.Closed && !w.t.Failed(); steps++ {
		path := matter.Path(w.p, w.law, w.world, w.st, w.last)
		i := slices.IndexFunc(path, func(s matter.Stop) bool { return s.Ready })
		if steps > 60 || i < 0 {
			w.t.Errorf("no way on from %s: %+v", w.last, path)
			return
		}
		stop := path[i]
		if w.pendingExtension() {
			w.take("extend", w.last+day.Day(w.rng.IntN(30)))
			continue
		}
		w.compare(stop)
		w.take(stop.Step.ID, min(stop.From+day.Day(w.rng.IntN(40)), cmpOr(stop.Until.On, farOff)))
	}
}

func cmpOr(d, otherwise day.Day) day.Day {
	if d == 0 {
		return otherwise
	}
	return d
}

func (w *wayfarer) pendingExtension() bool {
	r, ok := w.st.Done("confirm_vote")
	_, extended := w.st.Done("extend")
	return ok && !extended && r.Fields.Choice("outcome") == "extend"
}

// compare asks the law about the first day and the day before it, and counts.
func (w *wayfarer) compare(stop matter.Stop) {
	bound := stop.Waits.On == stop.From // else nothing but the day on which it was asked holds it back
	for _, a := range stop.Step.After {
		before, _ := w.st.Done(a)
		bound = bound || before.On == stop.From
	}
	if r := w.decide(stop.Step.ID, stop.From-1); r == nil && bound {
		w.t.Errorf("%s is taken on %s, the first day being %s", stop.Step.ID, stop.From-1, stop.From)
	}
	if r := w.decide(stop.Step.ID, stop.From); r != nil {
		w.t.Errorf("%s is refused on %s, the first day: %v", stop.Step.ID, stop.From, r)
	}
	counted := max(w.last, w.count(stop.Step))
	if counted != stop.From {
		w.t.Errorf("%s: %s by the path, %s day by day", stop.Step.ID, stop.From, counted)
	}
}

// count finds, without the rules of content and their arithmetic, the day on which
// everything is over that a step waits for.
func (w *wayfarer) count(s procedure.Step) day.Day {
	since := func(step string) day.Day { r, _ := w.st.Done(step); return r.On }
	switch s.ID {
	case "candidate":
		return monthsAfter(since("activist"), 12)
	case "file_candidate":
		return w.afterWorked(since("announce_candidate"), 5)
	case "confirm_vote":
		first := max(monthsAfter(since("vote"), 12), w.afterWorked(since("announce_confirmation"), 5))
		if extended, ok := w.st.Done("extend"); ok {
			first = max(first, extended.Fields.Day("until"))
		}
		return first
	}
	return 0
}

// monthsAfter goes on day by day until n months are full: each on the same day, or on
// the last where there is none.
func monthsAfter(d day.Day, n int) day.Day {
	_, _, first := d.Date()
	for n > 0 {
		d++
		_, _, now := d.Date()
		_, _, next := (d + 1).Date()
		if now == first || next == 1 && now < first {
			n--
		}
	}
	return d
}

// afterWorked goes on day by day until n working days after d are over.
func (w *wayfarer) afterWorked(d day.Day, n int) day.Day {
	for n > 0 {
		d++
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if weekend && w.law.Calendar.Work[d] || !weekend && !w.law.Calendar.Off[d] {
			n--
		}
	}
	return d + 1
}

func (w *wayfarer) decide(step string, on day.Day) *matter.Refusal {
	_, r := matter.Decide(w.p, w.law, w.world, w.st, w.act(step, on), matter.By{Today: farOff})
	return r
}

func (w *wayfarer) act(step string, on day.Day) matter.Act {
	a := matter.Act{Procedure: "admission", Matter: w.st.ID, Org: ofBranch, Step: step, On: on}
	s, _ := w.p.Step(step)
	for _, f := range s.Form {
		if !f.Optional && f.Computed == "" {
			a.Fields = a.Fields.With(f.ID, w.answer(f, on, 0))
		}
	}
	return a
}

// answer is one that nobody objects to; row tells the rows of a list apart.
func (w *wayfarer) answer(f procedure.Field, on day.Day, row int) record.Value {
	switch f.Type {
	case record.TypeNumber:
		return record.Number(30)
	case record.TypeDay:
		return record.Day(on - 5)
	case record.TypePerson:
		if f.ID == "person" && row == 0 {
			return record.Person(applicant)
		}
		return record.Person(row + 1)
	case record.TypePeople:
		var all record.People
		for n := id.Person(1); n < applicant; n++ {
			all = append(all, record.Presence{Person: n, State: record.Present, Means: record.ByList})
		}
		return all
	case record.TypeOrg:
		return record.Org(township)
	case record.TypeFile:
		return record.Files{{Name: "a", Hash: strings.Repeat("0", 64), Size: 1, Kind: "image/jpeg"}}
	case record.TypeVote:
		return record.Vote{Due: 8, Present: 8, For: 8}
	case record.TypeChoice:
		return record.Choice(w.law.Codes[f.Codes].Values[0].Code)
	case record.TypeItems:
		var rows record.Items
		for row := 1; row <= 2; row++ {
			var fields record.Fields
			for _, col := range f.Rows {
				fields = fields.With(col.ID, w.answer(col, on, row))
			}
			rows = append(rows, fields)
		}
		return rows
	}
	return record.Text("x")
}

// take takes a step, one confirmation in four as an extension.
func (w *wayfarer) take(step string, on day.Day) {
	act := w.act(step, on)
	if _, before := w.st.Done("extend"); step == "confirm_vote" && !before && w.rng.IntN(4) == 0 {
		voted, _ := w.st.Done("vote")
		act.Fields = act.Fields.With("outcome", record.Choice("extend")).With("until", record.Day(voted.On.AddMonths(12).AddMonths(6)+day.Day(w.rng.IntN(150))))
	}
	r, refusal := matter.Decide(w.p, w.law, w.world, w.st, act, matter.By{Today: farOff})
	if refusal != nil {
		w.t.Errorf("%s on %s: %v %v", step, on, refusal, refusal.Args)
		return
	}
	s, _ := w.p.Step(step)
	r.Seq, r.Matter = int64(w.st.Len+1), "m1"
	if _, err := w.world.Apply(s.Effect, r); err != nil {
		w.t.Error(err)
	}
	w.st.Add(w.p, r)
	w.last = on
}
