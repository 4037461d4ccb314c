package matter

import (
	"maps"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// A Stop is a step of the line to the end that is still to come.
type Stop struct {
	Step    procedure.Step
	Ready   bool     // everything before it was taken: From is certain, else it is the earliest that can still be
	Missing []string // steps that come before it and were not taken
	From    day.Day  // the first day on which it can be taken; zero when that cannot be counted, see Err
	Waits   Deadline // what makes it From, if it waits for something; else what came before it does, or today
	Due     Deadline // by when it should be taken
	Until   Deadline // the last day on which it can be
	Err     error    // a number of days that nobody knows
}

// TooLate reports whether the step can no longer be taken in time.
func (s Stop) TooLate() bool { return s.Until.On != 0 && s.From > s.Until.On }

// Path returns the steps that are still to come on the line to the end, with the
// earliest lawful day of each, counted from the same declarations by which [Decide]
// refuses. For a step whose turn has not come that is the day if all before it are
// taken as early as they can be. What depends on what is yet to be answered, such as
// the outcome of a vote, is taken to go well.
func Path(p procedure.Procedure, law Law, world World, st State, today day.Day) (stops []Stop) {
	if st.Closed {
		return nil
	}
	ahead := st
	ahead.done = maps.Clone(st.done)
	for _, s := range p.Line() {
		if _, done := ahead.Done(s.ID); done && !again(p, law, world, ahead, s, today) {
			continue
		}
		stop := stopAt(law, st, ahead, s, today)
		stops = append(stops, stop)
		if stop.From == 0 {
			return stops // nothing after it can be counted, either
		}
		ahead.Last++
		ahead.done[s.ID] = append(slices.Clone(ahead.done[s.ID]), record.Record{Seq: ahead.Last, Kind: p.Kind(s.ID), Org: st.Org, Matter: st.ID, On: stop.From})
	}
	return stops
}

// again reports whether a step that was taken is part of the matter once more, because
// of what came of it. What only returns after some time, as a review does, is not
// something that the line waits for.
func again(p procedure.Procedure, law Law, world World, st State, s procedure.Step, on day.Day) bool {
	if !s.Repeats || s.OnlyIf == "" || s.Within.Every {
		return false
	}
	return law.Functions[s.OnlyIf].Only(Case{Law: law, World: world, Procedure: p, Step: s, State: st, Today: on,
		Act: Act{Procedure: p.ID, Matter: st.ID, Org: st.Org, Step: s.ID, On: on}})
}

// stopAt works out when s can be taken: st is how the matter stands, ahead how it will
// when everything before s has been taken.
func stopAt(law Law, st, ahead State, s procedure.Step, today day.Day) Stop {
	stop := Stop{Step: s, From: today}
	for _, a := range s.After {
		before, _ := ahead.Done(a)
		stop.From = max(stop.From, before.On)
		if real, done := st.Done(a); !done || real.On != before.On || real.Seq != before.Seq {
			stop.Missing = append(stop.Missing, a)
		}
	}
	stop.Ready = len(stop.Missing) == 0
	waits, err := Earliest(law, ahead, s)
	if err == nil && waits.On > stop.From {
		stop.From, stop.Waits = waits.On, waits
	}
	if err == nil {
		stop.Due, err = Due(law, ahead, s)
	}
	if err == nil {
		stop.Until, err = Latest(law, ahead, s)
	}
	if err != nil {
		stop.From, stop.Err = 0, err
	}
	return stop
}

// A Told is a step as papers tell it, with the day they give.
type Told struct {
	Step string
	On   day.Day
}

// Contradictions returns what is wrong with the order and the days of a history that
// was told: each with the step, the reason and the clause, in the order of the file.
// It is not for refusing: what happened, happened.
func Contradictions(p procedure.Procedure, law Law, told []Told) (all []*Refusal) {
	st := State{Procedure: p.ID, Edition: p.From, done: map[string][]record.Record{}}
	for i, t := range told {
		st.done[t.Step] = append(st.done[t.Step], record.Record{Seq: int64(i + 1), Kind: p.Kind(t.Step), On: t.On})
	}
	for _, records := range st.done {
		slices.SortStableFunc(records, func(a, b record.Record) int { return int(a.On - b.On) })
	}
	for _, s := range p.Steps {
		for _, r := range st.done[s.ID] {
			d := decision{Case{Law: law, Procedure: p, Step: s, State: st, Act: Act{Step: s.ID, On: r.On}}}
			for _, why := range d.told(r) {
				why.Step = s.ID
				all = append(all, why)
			}
		}
	}
	return all
}

// told checks one step of a history that was told against the steps around it.
func (d *decision) told(r record.Record) (all []*Refusal) {
	for _, a := range d.Step.After {
		switch before := d.State.All(a); {
		case len(before) == 0:
			all = append(all, Refuse("", "refuse.comes_first", d.basis(), "step", a))
		case r.On < before[0].On:
			return append(all, Refuse("on", "refuse.before_step", d.basis(), "step", a, "day", before[0].On.String()))
		}
	}
	if r := d.window(d.State.by(r)); r != nil {
		all = append(all, r)
	}
	return all
}

// by returns how the matter stood on the day of r, with what was taken then or before;
// and with the first record of what came only later, so that an interval turned round
// is seen.
func (st State) by(r record.Record) State {
	was := st
	was.done = map[string][]record.Record{}
	for step, all := range st.done {
		n := 0
		for n < len(all) && (all[n].On < r.On || all[n].On == r.On && all[n].Seq != r.Seq) {
			n++
		}
		if step != r.Step() {
			n = max(n, 1)
		}
		was.done[step] = all[:min(n, len(all))]
	}
	return was
}
