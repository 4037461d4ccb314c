package matter

import (
	"fmt"

	"qingfeng/internal/day"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// A Deadline is a day by which a step must be recorded, and why.
type Deadline struct {
	Step  string
	On    day.Day
	Rule  string
	Basis string
}

// Due returns the deadline of s, or the zero Deadline if it has none yet. The
// length is the one in force on the day the clock starts.
func Due(law Law, st State, s procedure.Step) (Deadline, error) {
	return limit(Case{Law: law, Step: s, State: st}, s.Within)
}

// limit returns the day on which w is over, or the zero Deadline if its clock has not
// started.
func limit(c Case, w procedure.Within) (d Deadline, err error) {
	switch start, ok := started(c, w); {
	case w.At != "":
		d, err = c.Law.Functions[w.At].Day(c)
	case ok:
		d, err = c.Law.Count(w.Rule, start.On)
	default:
		return Deadline{}, nil
	}
	if err != nil {
		return Deadline{}, fmt.Errorf("step %s of %s: %w", c.Step.ID, c.State.ID, err)
	}
	d.Step = c.Step.ID
	return d, nil
}

// started returns the record from which w counts, and whether there is one.
func started(c Case, w procedure.Within) (record.Record, bool) {
	start, ok := c.State.Done(w.Of)
	if again, done := c.State.Done(c.Step.ID); w.Every && done {
		return again, true
	}
	return start, ok && w.Rule != ""
}

// Count returns the day on which a length of time, as the rule has it on day from,
// is over when it begins on that day.
func (law Law) Count(id string, from day.Day) (Deadline, error) {
	v, err := law.Book.At(id, from)
	if err != nil {
		return Deadline{}, err
	}
	d := Deadline{Rule: id, Basis: v.Basis}
	n := int(v.Int())
	switch unit := law.Book[id].Unit; unit {
	case "day":
		d.On = from.AddDays(n)
	case "month":
		d.On = from.AddMonths(n)
	case "working_day":
		if d.On, err = law.Calendar.AddWorking(from, n, v.First); err != nil {
			return Deadline{}, err
		}
	default:
		return Deadline{}, fmt.Errorf("rule %s counts in %q, not in days", id, unit)
	}
	return d, nil
}

// Earliest returns the first day on which s is not refused as too early by what it
// waits for, and what makes it that day; the zero Deadline where it waits for nothing.
func Earliest(law Law, st State, s procedure.Step) (last Deadline, err error) {
	c := Case{Law: law, Step: s, State: st}
	for _, w := range s.Waits {
		d, err := limit(c, w)
		if err != nil {
			return Deadline{}, err
		}
		if w.Rule != "" && d.On != 0 && law.Book[w.Rule].Unit == "working_day" {
			d.On++ // the last of them has to be over
		}
		if d.On > last.On {
			last = d
		}
	}
	return last, nil
}

// Latest returns the last day on which s is not refused as too late, or the zero
// Deadline if there is none.
func Latest(law Law, st State, s procedure.Step) (Deadline, error) {
	return limit(Case{Law: law, Step: s, State: st}, s.Until)
}

// Next returns the steps that can be taken now, in the order of the file. It
// leaves the question who may take them to [Decide].
func Next(p procedure.Procedure, law Law, world World, st State, today day.Day) (open []procedure.Step) {
	for _, s := range p.Steps {
		_, done := st.Done(s.ID)
		if st.Closed && !s.Standing || done && !s.Repeats || !ready(st, s) {
			continue
		}
		c := Case{Law: law, World: world, Procedure: p, Step: s, State: st, Today: today,
			Act: Act{Procedure: p.ID, Matter: st.ID, Org: st.Org, Step: s.ID, On: today}}
		if s.OnlyIf == "" || law.Functions[s.OnlyIf].Only(c) {
			open = append(open, s)
		}
	}
	return open
}

func ready(st State, s procedure.Step) bool {
	for _, a := range s.After {
		if _, done := st.Done(a); !done {
			return false
		}
	}
	return true
}
