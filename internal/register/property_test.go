package register

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qingfeng/internal/area/roll"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// The days of a history, and how far back a record may date.
const (
	first   = 2 // the day before it is a day
	horizon = 32
	back    = 12
)

// A history writes random records in order of writing, with the days on which
// things happened out of order, and keeps beside the register a plain table of
// every day, made again from all that happened.
type history struct {
	g       *Register
	twin    *Register                // another process, which takes the rows as they come
	rows    map[[2]string]record.Row // as the store would hold them
	seq     int64
	today   day.Day
	names   map[id.Org]*[horizon + 1]told[string]
	above   map[id.Org]*[horizon + 1]told[id.Org]
	stands  map[id.Org]day.Period
	belongs map[id.Person]*[horizon + 1]stay
	is      map[id.Person]*[horizon + 1]told[person.Standing]
	gone    map[id.Person]*[horizon + 1]bool // left on a day before, by a record
	offices map[id.Matter]person.Office
	held    map[id.Matter]id.Person
}

// told is what was so on one day, and the day for which it was said.
type told[T any] struct {
	what T
	from day.Day
}

// tell notes that from d on it is so, up to the next day for which something was said.
func tell[T any](table *[horizon + 1]told[T], d day.Day, what T) {
	for i := d; i <= horizon; i++ {
		if table[i].from <= d {
			table[i] = told[T]{what, d}
		}
	}
}

// A stay is one time in one branch, numbered by the record that began it.
type stay struct {
	org    id.Org
	number int64
}

// join puts a person into o from d on: to the end of the stay it takes the place
// of, or up to the next.
func join(table *[horizon + 1]stay, d day.Day, s stay) {
	was := table[d]
	if was.number != 0 && (d == horizon || table[d+1] != was) {
		was = stay{} // it ends that day
		table[d] = stay{}
	}
	for i := d; i <= horizon && table[i] == was; i++ {
		table[i] = s
	}
}

func newHistory() *history {
	h := &history{g: New([]byte("secret")), twin: New([]byte("secret")), rows: map[[2]string]record.Row{}, today: 14,
		names: map[id.Org]*[horizon + 1]told[string]{}, above: map[id.Org]*[horizon + 1]told[id.Org]{}, stands: map[id.Org]day.Period{},
		belongs: map[id.Person]*[horizon + 1]stay{}, is: map[id.Person]*[horizon + 1]told[person.Standing]{}, gone: map[id.Person]*[horizon + 1]bool{},
		offices: map[id.Matter]person.Office{}, held: map[id.Matter]id.Person{}}
	return h
}

func (h *history) apply(t *rapid.T, effect string, m id.Matter, on day.Day, o id.Org, fields ...record.Field) {
	h.seq++
	r := record.Record{Seq: h.seq, Matter: m, On: on, Org: o, Fields: record.Of(fields...)}
	c, err := h.g.Apply(effect, r)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := h.g.Rows(c, h.seq)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		h.rows[[2]string{row.View, row.Key}] = row
		if err := h.twin.load(row); err != nil {
			t.Fatal(err)
		}
	}
}

// pick draws a number below n, all of them equally often: rapid by itself prefers
// the first ones, and hardly ever gets to a merger.
func pick(t *rapid.T, n int, label string) int {
	return int(uint64(rapid.Uint32().Draw(t, label)) * 2654435761 >> 8 % uint64(n))
}

// on draws a day of the near past on which o stood.
func (h *history) on(t *rapid.T, o id.Org) (day.Day, bool) {
	d := h.today - day.Day(pick(t, back, "days ago"))
	return d, d >= first && (o == 0 || h.stands[o].Contains(d))
}

// passes asks a check as a decision would.
func (h *history) passes(check func(matter.Case) *matter.Refusal, o id.Org, on day.Day, begun int, fields ...record.Field) bool {
	return check(matter.Case{World: h.g, Today: h.today, By: &person.Person{ID: 1}, State: matter.State{Len: begun},
		Act: matter.Act{Org: o, On: on, Fields: record.Of(fields...)}}) == nil
}

func (h *history) org(t *rapid.T) id.Org {
	return id.Org(1 + pick(t, h.g.Tree().Len(), "organisation"))
}

func (h *history) person(t *rapid.T) id.Person {
	if h.g.People() == 0 {
		return 0
	}
	return id.Person(1 + pick(t, h.g.People(), "person"))
}

func (h *history) found(t *rapid.T, kind org.Kind, above id.Org, on day.Day) {
	o, name := id.Org(h.g.Tree().Len()+1), rapid.StringMatching(`[a-c]`).Draw(t, "name")
	if above != 0 && !h.passes(roll.NoCircle, 0, on, 0, record.F("superior", record.Org(above))) {
		return
	}
	h.apply(t, "org.found", o.Matter(), on, o, record.F("name", record.Text(name)), record.F("kind", record.Choice(kind)), record.F("superior", record.Org(above)))
	h.names[o], h.above[o], h.stands[o] = &[horizon + 1]told[string]{}, &[horizon + 1]told[id.Org]{}, day.Period{From: on}
	tell(h.names[o], on, name)
	tell(h.above[o], on, above)
}

func (h *history) foundAny(t *rapid.T) {
	above := h.org(t)
	if on, ok := h.on(t, above); ok && h.g.Tree().Len() < 7 {
		h.found(t, rapid.SampledFrom([]org.Kind{org.Branch, org.Branch, org.Committee}).Draw(t, "kind"), above, on)
	}
}

func (h *history) rename(t *rapid.T) {
	o := h.org(t)
	if on, ok := h.on(t, o); ok {
		name := rapid.StringMatching(`[a-c]`).Draw(t, "name")
		h.apply(t, "org.rename", o.Matter(), on, o, record.F("name", record.Text(name)))
		tell(h.names[o], on, name)
	}
}

func (h *history) move(t *rapid.T) {
	o, above := h.org(t), h.org(t)
	on, ok := h.on(t, o)
	if to := record.F("superior", record.Org(above)); ok && o != 1 && h.passes(roll.NoCircle, o, on, 1, to) {
		h.apply(t, "org.move", o.Matter(), on, o, to)
		tell(h.above[o], on, above)
	}
}

func (h *history) merge(t *rapid.T) {
	o, other := h.org(t), h.org(t)
	on, ok := h.on(t, o)
	into := record.F("into", record.Org(other))
	if !ok || o == 1 || h.stands[o].To != 0 || !h.passes(roll.MergeInto, o, on, 1, into) {
		return
	}
	h.apply(t, "org.merge", o.Matter(), on, o, into)
	h.close(o, on-1)
	for _, table := range h.belongs {
		for d := on; d <= horizon; d++ {
			if table[d].org == o {
				table[d] = stay{other, table[d].number<<20 + int64(table[d].org)} // another stay than the one before the merger
			}
		}
	}
}

func (h *history) dissolve(t *rapid.T) {
	o := h.org(t)
	if on, ok := h.on(t, o); ok && o != 1 && h.stands[o].To == 0 && h.passes(roll.Empty, o, on, 1) {
		h.apply(t, "org.dissolve", o.Matter(), on, o)
		h.close(o, on-1)
	}
}

// close ends an organisation, and whatever was held in it.
func (h *history) close(o id.Org, last day.Day) {
	h.stands[o] = day.Period{From: h.stands[o].From, To: last}
	for m, f := range h.offices {
		if f.Org == o && (f.Held.To == 0 || f.Held.To > last) {
			f.Held.To = last
			h.offices[m] = f
		}
	}
}

func (h *history) register(t *rapid.T) {
	o := h.org(t)
	if on, ok := h.on(t, o); ok && h.g.People() < 5 && h.passes(roll.Branch, o, on, 0) {
		h.registerIn(t, o, on)
	}
}

func (h *history) registerIn(t *rapid.T, o id.Org, on day.Day) {
	p := id.Person(h.g.People() + 1)
	s := rapid.SampledFrom([]person.Standing{person.Member, person.Probationary, person.Activist}).Draw(t, "standing")
	h.apply(t, "person.register", p.Matter(), on, o, record.F("name", record.Text("p")), record.F("standing", record.Choice(s)))
	h.belongs[p], h.gone[p], h.is[p] = &[horizon + 1]stay{}, &[horizon + 1]bool{}, &[horizon + 1]told[person.Standing]{}
	join(h.belongs[p], on, stay{o, h.seq})
	tell(h.is[p], on, s)
}

// came returns a day on which something may have happened to p.
func (h *history) came(t *rapid.T, p id.Person) (day.Day, bool) {
	on, ok := h.on(t, 0)
	return on, ok && p != 0 && h.is[p][on].from != 0
}

func (h *history) standing(t *rapid.T) {
	p := h.person(t)
	if on, ok := h.came(t, p); ok {
		s := rapid.SampledFrom([]person.Standing{person.Member, person.Suspended, person.Probationary}).Draw(t, "standing")
		h.apply(t, "person.standing", p.Matter(), on, 0, record.F("standing", record.Choice(s)))
		tell(h.is[p], on, s)
	}
}

func (h *history) join(t *rapid.T) {
	p, o := h.person(t), h.org(t)
	on, ok := h.came(t, p)
	if branch := record.F("branch", record.Org(o)); ok && h.passes(roll.Branch, 0, on, 1, branch) {
		h.apply(t, "person.join", p.Matter(), on, o, branch)
		join(h.belongs[p], on, stay{o, h.seq})
		for d := range h.gone[p] {
			h.gone[p][d] = h.gone[p][d] && h.belongs[p][d].number == 0
		}
	}
}

func (h *history) leave(t *rapid.T) {
	p := h.person(t)
	on, ok := h.came(t, p)
	if !ok {
		return
	}
	h.apply(t, "person.leave", p.Matter(), on, 0)
	table := h.belongs[p]
	was := table[on]
	for i := on + 1; i <= horizon && was.number != 0 && table[i] == was; i++ {
		table[i], h.gone[p][i] = stay{}, true
	}
}

func (h *history) take(t *rapid.T) {
	p, o := h.person(t), h.org(t)
	on, ok := h.came(t, p)
	if !ok || !h.stands[o].Contains(on) {
		return
	}
	until := day.Day(rapid.SampledFrom([]int{0, 0, int(on) + 3, int(on) + 20}).Draw(t, "until"))
	m := id.Begun(h.seq + 1)
	h.apply(t, "office.take", m, on, o, record.F("person", record.Person(p)), record.F("role", record.Choice("branch.secretary")), record.F("until", record.Day(until)))
	if last := h.stands[o].To; last != 0 && (until == 0 || until > last) {
		until = last
	}
	h.offices[m], h.held[m] = person.Office{Org: o, Role: "branch.secretary", Held: day.Period{From: on, To: until}}, p
}

func (h *history) giveUp(t *rapid.T) {
	terms := slices.Sorted(maps.Keys(h.offices))
	if len(terms) == 0 {
		return
	}
	m := terms[pick(t, len(terms), "term")]
	office := h.offices[m]
	on, ok := h.on(t, 0)
	if !ok || on < office.Held.From {
		return
	}
	h.apply(t, "office.leave", m, on, office.Org)
	if office.Held.To == 0 || on < office.Held.To {
		office.Held.To = on
	}
	h.offices[m] = office
}

// check compares the register with the tables, day by day.
func (h *history) check(t *rapid.T) {
	for o := id.Org(1); int(o) <= h.g.Tree().Len(); o++ {
		for d := h.stands[o].From; d <= horizon && h.stands[o].Contains(d); d++ {
			v := h.g.Tree().Get(o).On(d)
			if v.Name != h.names[o][d].what || v.Superior != h.above[o][d].what {
				t.Fatalf("%s on day %d: %q below %s, want %q below %s", o, d, v.Name, v.Superior, h.names[o][d].what, h.above[o][d].what)
			}
			if path := h.g.Tree().Path(o, d); path[len(path)-1] != 1 || len(path) > 12 {
				t.Fatalf("%s on day %d does not stand below the top: %v", o, d, path)
			}
			if v.Superior != 0 && !h.stands[v.Superior].Contains(d) {
				t.Fatalf("%s on day %d stands below %s, which does not stand", o, d, v.Superior)
			}
		}
		if h.g.Tree().Get(o).Stands != h.stands[o] {
			t.Fatalf("%s stands %s, want %s", o, h.g.Tree().Get(o).Stands, h.stands[o])
		}
	}
	for p := range h.belongs {
		h.checkPerson(t, p)
	}
	for o := id.Org(1); int(o) <= h.g.Tree().Len(); o++ {
		for d := day.Day(1); d <= horizon; d++ {
			if want, got := h.roster(o, d), h.g.Roster(o, d); !slices.Equal(want, got) {
				t.Fatalf("roster of %s on day %d: %v, want %v", o, d, got, want)
			}
			if want, got := h.holders(o, d), h.g.Holders(o, d); !slices.Equal(want, got) {
				t.Fatalf("offices in %s on day %d: %v, want %v", o, d, got, want)
			}
		}
	}
}

func (h *history) checkPerson(t *rapid.T, p id.Person) {
	who, _ := h.g.Person(p)
	for d := day.Day(1); d <= horizon; d++ {
		in := 0
		for _, m := range who.Memberships {
			if m.Held.Contains(d) {
				in++
			}
		}
		m, _ := who.Membership(d)
		switch {
		case in > 1:
			t.Fatalf("%s is in %d branches on day %d: %v", p, in, d, who.Memberships)
		case m.Org != h.belongs[p][d].org:
			t.Fatalf("%s on day %d is in %s, want %s: %v", p, d, m.Org, h.belongs[p][d].org, who.Memberships)
		case in == 0 && h.is[p][d].from != 0 && !h.gone[p][d]:
			t.Fatalf("%s is lost on day %d: %v", p, d, who.Memberships)
		case in == 1 && !h.stands[m.Org].Contains(d):
			t.Fatalf("%s is on day %d in %s, which does not stand", p, d, m.Org)
		case h.is[p][d].from != 0 && who.Standing(d) != h.is[p][d].what:
			t.Fatalf("%s on day %d: %s, want %s", p, d, who.Standing(d), h.is[p][d].what)
		}
	}
}

func (h *history) roster(o id.Org, d day.Day) (all []id.Person) {
	for p, table := range h.belongs {
		if table[d].org == o && h.is[p][d].what.OnRoster() {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}

func (h *history) holders(o id.Org, d day.Day) (all []id.Person) {
	for m, f := range h.offices {
		if f.Org == o && f.Held.Contains(d) {
			all = append(all, h.held[m])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// restarted loads the rows that a store would hold, by rising key, into a new register.
func (h *history) restarted(t *rapid.T) *Register {
	fresh := New([]byte("secret"))
	for _, k := range slices.SortedFunc(maps.Keys(h.rows), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		if err := fresh.load(h.rows[k]); err != nil {
			t.Fatal(err)
		}
	}
	return fresh
}

// same checks that another register, made from rows, has the indexes of the live one.
func (h *history) same(t *rapid.T, other *Register) {
	if !maps.EqualFunc(h.g.members, other.members, slices.Equal) || !maps.EqualFunc(h.g.holders, other.holders, slices.Equal) {
		t.Fatalf("who belongs where:\nlive %v, %v\nfrom rows %v, %v", h.g.members, h.g.holders, other.members, other.holders)
	}
	for o := id.Org(0); int(o) <= h.g.Tree().Len(); o++ {
		for d := day.Day(1); d <= horizon; d++ {
			if a, b := h.g.Tree().Below(o, d), other.Tree().Below(o, d); !slices.Equal(a, b) {
				t.Fatalf("below %s on day %d: live %v, from rows %v", o, d, a, b)
			}
		}
	}
}

// checkBodies compares every row that g would write with the one that was written.
func (h *history) checkBodies(t *rapid.T, name string, g *Register) {
	var all Changes
	for o := range g.Tree().Len() {
		all.Orgs = append(all.Orgs, id.Org(o+1))
	}
	for p := range g.People() {
		all.People = append(all.People, id.Person(p+1))
	}
	all.Matters = slices.Collect(maps.Keys(g.terms))
	rows, err := g.Rows(all, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(h.rows) {
		t.Fatalf("%s: %d rows, %d written", name, len(rows), len(h.rows))
	}
	for _, row := range rows {
		if written := h.rows[[2]string{row.View, row.Key}]; !bytes.Equal(row.Body, written.Body) {
			t.Fatalf("%s: row %s %s is\n%s, written\n%s", name, row.View, row.Key, row.Body, written.Body)
		}
	}
}

func TestAnyHistoryKeepsTheRegisterTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory()
		h.found(t, org.Committee, 0, first)
		h.found(t, org.Committee, 1, first)
		h.found(t, org.Branch, 2, first)
		h.found(t, org.Branch, 2, first)
		h.registerIn(t, 3, first)
		h.registerIn(t, 4, first)
		steps := map[string]func(*rapid.T){
			"a day passes": func(t *rapid.T) { h.today = min(h.today+day.Day(rapid.IntRange(1, 4).Draw(t, "days")), horizon-1) },
			"found":        h.foundAny, "rename": h.rename, "move": h.move, "merge": h.merge, "dissolve": h.dissolve,
			"move another": h.move, "merge another": h.merge,
			"register": h.register, "register another": h.register, "standing": h.standing, "leave": h.leave,
			"join": h.join, "join another": h.join, "join once more": h.join, "take": h.take, "give up": h.giveUp,
		}
		names := slices.Sorted(maps.Keys(steps))
		for range 35 {
			steps[names[pick(t, len(names), "step")]](t)
			h.check(t)
			h.checkBodies(t, "live", h.g)
			h.same(t, h.twin)
		}
		for name, other := range map[string]*Register{"row by row": h.twin, "restarted": h.restarted(t)} {
			h.checkBodies(t, name, other)
			h.same(t, other)
		}
	})
}
