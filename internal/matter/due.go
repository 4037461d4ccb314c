package matter

import (
	"fmt"

	"qingfeng/internal/day"
	"qingfeng/internal/procedure"
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
	start, ok := st.Done(s.Within.Of)
	if s.Within.Rule == "" || !ok {
		return Deadline{}, nil
	}
	v, err := law.Book.At(s.Within.Rule, start.On)
	if err != nil {
		return Deadline{}, fmt.Errorf("step %s of %s: %w", s.ID, st.ID, err)
	}
	d := Deadline{Step: s.ID, Rule: s.Within.Rule, Basis: v.Basis}
	n := int(v.Int())
	switch unit := law.Book[s.Within.Rule].Unit; unit {
	case "day":
		d.On = start.On.AddDays(n)
	case "month":
		d.On = start.On.AddMonths(n)
	case "working_day":
		if d.On, err = law.Calendar.AddWorking(start.On, n, false); err != nil {
			return Deadline{}, fmt.Errorf("step %s of %s: %w", s.ID, st.ID, err)
		}
	default:
		return Deadline{}, fmt.Errorf("step %s of %s: rule %s counts in %q, not in days", s.ID, st.ID, s.Within.Rule, unit)
	}
	return d, nil
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
