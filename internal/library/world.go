package library

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// worldFile is the little world in which cases are played: organisations and
// people by short names, all there from one day on.
type worldFile struct {
	Day    day.Day       `yaml:"day"`
	Orgs   []worldOrg    `yaml:"orgs"`
	People []worldPerson `yaml:"people"`
}

type worldOrg struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	Kind     string `yaml:"kind"`
	Level    string `yaml:"level"`
	Sector   string `yaml:"sector"`
	Superior string `yaml:"superior"`
}

type worldPerson struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	Standing string            `yaml:"standing"`
	Number   string            `yaml:"id_number"`
	Birth    day.Day           `yaml:"birth"`
	Org      string            `yaml:"org"`
	Group    int64             `yaml:"group"`
	Offices  map[string]string `yaml:"offices"` // role → organisation
}

func (l *loader) world() {
	each(l, "cases_world.yaml", func(p page, f worldFile) {
		known := map[string]bool{"": true}
		for i, o := range f.Orgs {
			p.known(fmt.Sprintf("orgs[%d]", i), "organisation", o.Superior, known[o.Superior])
			known[o.ID] = true
		}
		for i, q := range f.People {
			p.known(fmt.Sprintf("people[%d]", i), "organisation", q.Org, known[q.Org])
			for role := range q.Offices {
				_, ok := l.lib.Law.Roles[role]
				p.known(fmt.Sprintf("people[%d].offices", i), "role", role, ok)
			}
		}
		l.lib.world = f
	})
}

// A world is that of one case: the register, what was recorded, and the names by
// which the case calls things.
type world struct {
	*register.Register
	log    []record.Record
	orgs   map[string]id.Org
	people map[string]id.Person
	order  []string // people, as in the file
	acts   []int64  // records that the acts of the case made; 0 for a refused one
}

// newWorld builds the world of cases_world.yaml.
func (lib *Library) newWorld() (*world, error) {
	f := lib.world
	w := &world{Register: register.New([]byte("cases")), orgs: map[string]id.Org{}, people: map[string]id.Person{}}
	for i, o := range f.Orgs {
		w.orgs[o.ID] = id.Org(i + 1)
		fields := record.Of(record.F("name", record.Text(o.Name)), record.F("kind", record.Choice(o.Kind)), record.F("superior", record.Org(w.orgs[o.Superior])),
			record.F("level", record.Choice(o.Level)), record.F("sector", record.Choice(o.Sector)))
		if err := w.add("org.found", record.Record{Kind: "organisation.found", Matter: w.orgs[o.ID].Matter(), Org: w.orgs[o.ID], On: f.Day, Fields: fields}); err != nil {
			return nil, err
		}
	}
	for i, p := range f.People {
		w.people[p.ID], w.order = id.Person(i+1), append(w.order, p.ID)
		if err := w.person(f.Day, p); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *world) person(d day.Day, p worldPerson) error {
	n := w.people[p.ID]
	fields := record.Of(record.F("name", record.Text(p.Name)), record.F("standing", record.Choice(p.Standing)),
		record.F("id_number", record.Text(p.Number)), record.F("group", record.Number(p.Group)))
	if p.Birth != 0 {
		fields = fields.With("birth", record.Day(p.Birth))
	}
	if err := w.add("person.register", record.Record{Kind: "membership.register", Matter: n.Matter(), Org: w.orgs[p.Org], On: d, Fields: fields}); err != nil {
		return err
	}
	for role, o := range p.Offices {
		fields := record.Of(record.F("person", record.Person(n)), record.F("role", record.Choice(role)))
		begun := id.Begun(int64(len(w.log) + 1))
		if err := w.add("office.take", record.Record{Kind: "office.take", Matter: begun, Org: w.orgs[o], On: d, Fields: fields}); err != nil {
			return err
		}
	}
	return nil
}

// add writes r down and takes its effect into the register.
func (w *world) add(effect string, r record.Record) error {
	r.Seq = int64(len(w.log) + 1)
	w.log = append(w.log, r)
	_, err := w.Apply(effect, r)
	return err
}

// past returns the records of m.
func (w *world) past(m id.Matter) (past []record.Record) {
	for _, r := range w.log {
		if r.Matter == m {
			past = append(past, r)
		}
	}
	return past
}

// Recent implements [matter.Past].
func (w *world) Recent(o id.Org, d day.Day, limit int) (recent []matter.Earlier, err error) {
	for i := len(w.log) - 1; i >= 0 && len(recent) < limit; i-- {
		if r := w.log[i]; r.Org == o && r.On <= d {
			recent = append(recent, matter.EarlierOf(r))
		}
	}
	return recent, nil
}

// PresentOn implements [matter.Past].
func (w *world) PresentOn(p id.Person, d day.Day) (there []matter.Meeting, err error) {
	for _, r := range w.log {
		if m, _ := matter.MeetingOf(r); r.On == d && slices.Contains(m.Present, p) {
			there = append(there, m)
		}
	}
	return there, nil
}

// Record implements [matter.Past].
func (w *world) Record(seq int64) (record.Record, error) {
	i := slices.IndexFunc(w.log, func(r record.Record) bool { return r.Seq == seq })
	if i < 0 {
		return record.Record{}, fault.NotFound
	}
	return w.log[i], nil
}

var _ matter.Past = (*world)(nil)

// holder returns who acts as by: the person of that name, or the first who holds
// that role, in o or over it.
func (w *world) holder(by string) (id.Person, error) {
	if p, ok := w.people[by]; ok {
		return p, nil
	}
	for _, name := range w.order {
		p, _ := w.Person(w.people[name])
		for _, f := range p.Offices {
			if f.Role == by {
				return p.ID, nil
			}
		}
	}
	return 0, fmt.Errorf("nobody is called %q or holds such an office in cases_world.yaml", by)
}

// span returns the people that words name: "a1 a3-a5".
func (w *world) span(words string) (all []id.Person, err error) {
	for _, word := range strings.Fields(words) {
		first, last, ranged := strings.Cut(word, "-")
		names := []string{first}
		if ranged {
			names = between(first, last)
		}
		for _, name := range names {
			p, ok := w.people[name]
			if !ok {
				return nil, fmt.Errorf("nobody is called %q in cases_world.yaml", name)
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// between returns the names from a3 to a5.
func between(first, last string) (names []string) {
	letter := strings.TrimRight(first, "0123456789")
	from, err1 := strconv.Atoi(strings.TrimPrefix(first, letter))
	to, err2 := strconv.Atoi(strings.TrimPrefix(last, letter))
	if err1 != nil || err2 != nil || from > to {
		return []string{first + "-" + last} // which nobody is called
	}
	for n := from; n <= to; n++ {
		names = append(names, letter+strconv.Itoa(n))
	}
	return names
}
