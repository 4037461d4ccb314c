// Package matter is the law of one case: given a procedure and what was recorded
// so far, may this step be taken now, and what is due next. It touches no clock,
// no database and no network.
package matter

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// A State is a matter as its records tell it, corrections applied.
type State struct {
	ID        id.Matter
	Procedure string
	Edition   day.Day // of the day the matter began
	Org       id.Org
	Begun     day.Day
	Closed    bool
	Len       int   // number of records read
	Last      int64 // Seq of the last of them
	done      map[string][]record.Record
	places    map[int64]int64 // of a record that corrects: the Seq of the first one whose place it took
}

// Fold reads the records of one matter, oldest first, into its State.
func Fold(p procedure.Procedure, past []record.Record) State {
	st := State{Procedure: p.ID, Edition: p.From, done: map[string][]record.Record{}}
	for _, r := range past {
		st.Add(p, r)
	}
	return st
}

// Add takes the next record of the matter into st.
func (st *State) Add(p procedure.Procedure, r record.Record) {
	if st.Len == 0 {
		st.ID, st.Org, st.Begun, st.Procedure, st.Edition = r.Matter, r.Org, r.On, p.ID, p.From
	}
	if st.done == nil {
		st.done = map[string][]record.Record{}
	}
	st.Len, st.Last = st.Len+1, r.Seq
	step := r.Step()
	if r.Corrects != 0 {
		for i, old := range st.done[step] {
			if old.Seq == r.Corrects {
				st.done[step][i] = r
				if st.places == nil {
					st.places = map[int64]int64{}
				}
				st.places[r.Seq] = st.place(old)
			}
		}
	} else {
		st.done[step] = append(st.done[step], r)
	}
	if s, ok := p.Step(step); ok {
		st.Closed = st.Closed || s.Closes
		st.adopt(p, s, r)
	}
}

// adopt takes the steps that r tells, as done on paper before, as if each had been
// recorded on its day. They have no number of their own, and their fields are not told.
func (st *State) adopt(p procedure.Procedure, s procedure.Step, r record.Record) {
	if s.Adopts == "" {
		return
	}
	for _, row := range r.Fields.Items(s.Adopts) {
		step := row.Choice("step")
		st.done[step] = append(st.done[step], record.Record{Matter: r.Matter, Org: r.Org, Kind: p.Kind(step), On: row.Day("on"), Edition: r.Edition})
	}
}

// Done returns the record by which step stands, the last one if it repeats, and
// whether it was taken at all.
func (st State) Done(step string) (record.Record, bool) {
	all := st.done[step]
	if len(all) == 0 {
		return record.Record{}, false
	}
	return all[len(all)-1], true
}

// All returns every record by which step stands, oldest first.
func (st State) All(step string) []record.Record { return st.done[step] }

// Find returns the standing record seq of the matter and whether it is there. A
// record that was corrected stands no more.
func (st State) Find(seq int64) (record.Record, bool) {
	for _, all := range st.done {
		if i := slices.IndexFunc(all, func(r record.Record) bool { return r.Seq == seq }); i >= 0 {
			return all[i], true
		}
	}
	return record.Record{}, false
}

// Over returns the organisation over which the right to take s is needed: that of the
// matter, or the one that an earlier step named; 0 while it has not been named.
func (st State) Over(s procedure.Step) id.Org {
	if s.Over.None() {
		return st.Org
	}
	named, _ := st.Done(s.Over.Of)
	return named.Fields.Org(s.Over.Field)
}

// An Act is a step that somebody wants to take.
type Act struct {
	Procedure string
	Matter    id.Matter // empty: begin a new one
	Org       id.Org    // the organisation it concerns
	Step      string
	On        day.Day       // when it happened
	Behalf    id.Person     // recorded for a member who came with paper
	Corrects  int64         // record of the same step that this one sets right
	Fields    record.Fields // with Corrects, [record.Correction] among them says why
}

// Book returns the name of the book of one year that act would begin or go on with
// under p, or "" if it is about none: p keeps no books, or the year is missing.
func (a Act) Book(p procedure.Procedure) id.Matter {
	year := a.Fields.Number(procedure.YearField)
	if p.Subject != "year" || year < firstYear || year > lastYear {
		return ""
	}
	return a.Org.Year(p.ID, int(year))
}

// The years that have four digits; a guard of the system, not a rule.
const firstYear, lastYear = 1000, 9999

// A Refusal says why an act is not possible, for the person who tried: what,
// which clause, and how to put it right. Why is a key into the catalogue of
// words; Args fill its places.
type Refusal struct {
	Step, Field string
	Why         string
	Args        map[string]string
	Basis       string     // clause that forbids it, if one does
	More        []*Refusal // what else is wrong with the same act
}

// All returns r and everything else that is wrong with the act.
func (r *Refusal) All() []*Refusal { return append([]*Refusal{r}, r.More...) }

// Error implements error.
func (r *Refusal) Error() string {
	s := r.Step
	if r.Field != "" {
		s += "." + r.Field
	}
	return s + ": " + r.Why
}

// Refuse returns a refusal with arguments in pairs: name, value, name, value.
func Refuse(field, why, basis string, args ...string) *Refusal {
	r := &Refusal{Field: field, Why: why, Basis: basis}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args[args[i]] = args[i+1]
	}
	return r
}

// A Question is put to an organisation about one of its records. It never
// refuses; there is room for an answer.
type Question struct {
	Why   string // key into the catalogue of words
	Args  map[string]string
	Basis string
}
