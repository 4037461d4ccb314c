package matter

import (
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/shingle"
)

// A Past gives functions that ask questions what was recorded before the record in
// question. Of most of it only a trace is kept at hand.
type Past interface {
	// Recent returns up to limit records of o that happened on d or before,
	// newest first.
	Recent(o id.Org, d day.Day, limit int) ([]Earlier, error)
	// PresentOn returns the meetings of d at which p was present, by rising Seq.
	PresentOn(p id.Person, d day.Day) ([]Meeting, error)
	// Record returns record seq, whole.
	Record(seq int64) (record.Record, error)
}

// An Earlier is the trace of an earlier record: enough to see that its minutes are
// not alike.
type Earlier struct {
	Seq     int64
	On      day.Day
	Minutes *shingle.Sketch // nil: there are none to speak of
}

// EarlierOf returns the trace of r.
func EarlierOf(r record.Record) Earlier {
	e := Earlier{Seq: r.Seq, On: r.On}
	if set := shingle.Of(Minutes(r)); len(set) > 0 {
		sketch := set.Sketch()
		e.Minutes = &sketch
	}
	return e
}

// Minutes returns the minutes of r, or "".
func Minutes(r record.Record) string { return r.Fields.Text("minutes") }

// A Meeting is the trace of a record by which people were present somewhere.
type Meeting struct {
	Seq        int64
	On         day.Day
	Org        id.Org
	Matter     id.Matter
	Start, End record.Time
	Timed      bool        // both are given, and one comes after the other
	Present    []id.Person // by rising number
}

// MeetingOf returns the trace of r, and whether anybody was present.
func MeetingOf(r record.Record) (Meeting, bool) {
	m := Meeting{Seq: r.Seq, On: r.On, Org: r.Org, Matter: r.Matter}
	start, one := r.Fields.Get("start").(record.Time)
	end, two := r.Fields.Get("end").(record.Time)
	m.Start, m.End, m.Timed = start, end, one && two && start < end
	attended := r.Fields.People("attended")
	m.Present = make([]id.Person, 0, attended.Count(record.Present))
	for _, p := range attended {
		if p.State == record.Present {
			m.Present = append(m.Present, p.Person)
		}
	}
	return m, len(m.Present) > 0
}

// Overlaps reports whether m and other took place at the same time; one ends when
// the next begins.
func (m Meeting) Overlaps(other Meeting) bool {
	return m.On == other.On && m.Timed && other.Timed && m.Start < other.End && other.Start < m.End
}
