package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A Dossier is one matter from its first record to its last, what is open, and
// what was asked.
type Dossier struct {
	ID        id.Matter
	Procedure procedure.Procedure // in the edition of the matter
	Org       OrgRef
	Closed    bool
	Entries   []Entry // oldest first
	Open      []OpenStep
	Way       []WayStep // from the first step to the end, where steps have to wait; else empty
	Questions []AskedQuestion
	AsOf      int64 // the number of the last record taken into account
}

// An Entry is one record as a reader of the dossier sees it.
type Entry struct {
	Record    record.Record
	Step      procedure.Step
	Actor     PersonRef // zero: the installation itself
	Behalf    PersonRef
	Late      int    // days by which it was late beyond the tolerance, or 0
	Lateness  int    // days between the event and the writing down
	Erased    bool   // fields were lawfully erased
	Corrected int64  // record that set this one right, or 0
	Leaf      []byte // hash of its leaf in the public log
	Hidden    bool   // private fields were left out for this reader
}

// An OpenStep is a step that can be taken now.
type OpenStep struct {
	Step     procedure.Step
	Due      matter.Deadline // zero if there is none
	Mine     bool            // the visitor may take it
	Overdue  bool
	Deadline error // why the deadline could not be worked out, or nil
}

// A WayStep is a step of the line to the end: done on a day, or still to come.
type WayStep struct {
	Step procedure.Step
	Done day.Day     // zero: still to come
	Stop matter.Stop // when it can be taken, if it is still to come
}

// An OrgRef names an organisation as of a day.
type OrgRef struct {
	ID   id.Org
	Name string
	Kind org.Kind
}

// A PersonRef names a person.
type PersonRef struct {
	ID   id.Person
	Name string
}

// Dossier returns the matter called m for the visitor to see.
func (v *Visit) Dossier(ctx context.Context, m id.Matter) (Dossier, error) {
	records, err := v.app.records(ctx, record.Query{Matter: m})
	if err != nil {
		return Dossier{}, fmt.Errorf("dossier %s: %w", m, err)
	}
	if len(records) == 0 || !v.knows(records[0]) {
		return Dossier{}, fault.NotFound // do not tell a stranger that it exists
	}
	if p, ok := m.Person(); ok && p != v.me {
		if err := v.logReading(ctx, p); err != nil {
			return Dossier{}, err
		}
	}
	p, ok := v.app.lib.ProcedureEdition(records[0].Procedure(), records[0].Edition)
	if !ok {
		return Dossier{}, fmt.Errorf("dossier %s: no procedure %s", m, records[0].Procedure())
	}
	questions, err := v.app.questionsOf(ctx, m)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{ID: m, Procedure: p, Questions: questions, AsOf: records[len(records)-1].Seq}
	v.app.read(func(g *register.Register) {
		st := matter.Fold(p, records)
		d.Closed = st.Closed
		d.Org = orgOn(g, belongs(g, p, st, v.today), v.today)
		d.Entries = v.entries(g, p, records)
		d.Open = v.openSteps(g, p, st)
		d.Way = v.way(g, p, st)
	})
	return d, nil
}

func (v *Visit) entries(g *register.Register, p procedure.Procedure, records []record.Record) []Entry {
	entries := make([]Entry, 0, len(records))
	for _, r := range records {
		s, _ := p.Step(r.Step())
		e := Entry{Record: r, Step: s, Actor: personRef(g, r.Actor), Behalf: personRef(g, r.Behalf),
			Lateness: v.app.lateness(r), Erased: r.Erased(), Leaf: leafHash(r)}
		e.Late = v.app.late(r)
		e.Record.Fields, e.Hidden = v.visible(g, s, r)
		e.Record.Fields = maskFields(s, e.Record.Fields)
		entries = append(entries, e)
	}
	for _, r := range records {
		if r.Corrects == 0 {
			continue
		}
		if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Record.Seq == r.Corrects }); i >= 0 {
			entries[i].Corrected = r.Seq
		}
	}
	return entries
}

// visible leaves out private fields for those whom they do not concern. A single
// answer is for officers of the organisation as well, and so are rows that are
// personal; rows that are private, as of criticism or of votes, only for those named
// in them and for whoever kept the minutes (R4.4).
func (v *Visit) visible(g *register.Register, s procedure.Step, r record.Record) (record.Fields, bool) {
	if r.Actor == v.me || r.Fields.Person("recorder") == v.me {
		return r.Fields, false
	}
	officer := v.reader(g).MayAsOfficer(access.ReadPerson, r.Org)
	kept, hidden := make(record.Fields, 0, len(r.Fields)), false
	for _, f := range r.Fields {
		asked, _ := s.Field(f.ID)
		items, rows := f.Value.(record.Items)
		switch {
		case !asked.Private && !asked.Personal || officer && (!rows || asked.Personal):
			kept = append(kept, f)
		case rows:
			mine := slices.DeleteFunc(slices.Clone(items), func(row record.Fields) bool { return !names(row, v.me) })
			kept, hidden = append(kept, record.F(f.ID, mine)), hidden || len(mine) < len(items)
		default:
			hidden = true
		}
	}
	return kept, hidden
}

// names reports whether some field of row is person p.
func names(row record.Fields, p id.Person) bool {
	return slices.ContainsFunc(row, func(f record.Field) bool { return f.Value == record.Value(record.Person(p)) })
}

func (v *Visit) openSteps(g *register.Register, p procedure.Procedure, st matter.State) (open []OpenStep) {
	reader := v.reader(g)
	for _, s := range matter.Next(p, v.app.lib.Law, g, st, v.today) {
		o := OpenStep{Step: s}
		o.Due, o.Deadline = matter.Due(v.app.lib.Law, st, s)
		o.Overdue = o.Due.On != 0 && o.Due.On < v.today
		if m, ok := st.ID.Person(); ok && m == v.me && slices.Contains(s.By, access.Self) {
			o.Mine = true
		} else {
			_, o.Mine = reader.Holds(s.By, over(g, p, st, s, v.today))
		}
		open = append(open, o)
	}
	return open
}

// belongs returns the organisation that a matter belongs to: the one it began in, and
// for the file of a person the branch of that person.
func belongs(g *register.Register, p procedure.Procedure, st matter.State, today day.Day) id.Org {
	if n, ok := st.ID.Person(); ok && p.Subject == "person" {
		if who, ok := g.Person(n); ok && who.Home(today) != 0 {
			return who.Home(today)
		}
	}
	return st.Org
}

// way returns the line to the end of a matter whose steps have to wait.
func (v *Visit) way(g *register.Register, p procedure.Procedure, st matter.State) (way []WayStep) {
	line := p.Line()
	if !slices.ContainsFunc(line, func(s procedure.Step) bool { return len(s.Waits) > 0 }) {
		return nil
	}
	stops := map[string]matter.Stop{}
	for _, stop := range matter.Path(p, v.app.lib.Law, g, st, v.today) {
		stops[stop.Step.ID] = stop
	}
	for _, s := range line {
		stop, ahead := stops[s.ID]
		done, taken := st.Done(s.ID)
		switch {
		case ahead:
			way = append(way, WayStep{Step: s, Stop: stop})
		case taken:
			way = append(way, WayStep{Step: s, Done: done.On})
		}
	}
	return way
}

// over returns the organisation over which the right to take step s is needed.
func over(g *register.Register, p procedure.Procedure, st matter.State, s procedure.Step, today day.Day) id.Org {
	if !s.Over.None() {
		return st.Over(s)
	}
	return belongs(g, p, st, today)
}

// Over returns the organisation over which the right to take step s is needed.
func (d Dossier) Over(s procedure.Step) id.Org {
	for _, e := range slices.Backward(d.Entries) {
		if e.Step.ID == s.Over.Of && e.Corrected == 0 {
			return e.Record.Fields.Org(s.Over.Field)
		}
	}
	return d.Org.ID
}

// late returns by how many days r was written down beyond the tolerance that
// the rule of that day gives.
func (a *App) late(r record.Record) int {
	tolerance, err := a.lib.Law.Book.At(ruleTolerance, r.On)
	if err != nil {
		return 0
	}
	if n := a.lateness(r); n > int(tolerance.Int()) {
		return n
	}
	return 0
}

// ruleTolerance is the rule that says how many days after the event an entry is
// not yet late (domain §4, R4.5).
const ruleTolerance = "late.tolerance"

func personRef(g *register.Register, p id.Person) PersonRef {
	who, ok := g.Person(p)
	if !ok {
		return PersonRef{}
	}
	return PersonRef{ID: p, Name: who.Name}
}
