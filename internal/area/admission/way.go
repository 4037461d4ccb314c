package admission

import (
	"cmp"
	"maps"

	"qingfeng/internal/day"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// Person is whom the matter is about: nobody is asked twice.
func Person(c matter.Case) (record.Value, *matter.Refusal) {
	r, ok := c.State.Done(adopt)
	if !ok {
		r, _ = c.State.Done(apply)
	}
	return r.Fields.Get("person"), nil
}

// Branch is the branch that the matter belongs to.
func Branch(c matter.Case) (record.Value, *matter.Refusal) { return record.Org(c.Act.Org), nil }

// Becomes returns a function that works out the standing a step gives.
func Becomes(s person.Standing) func(matter.Case) (record.Value, *matter.Refusal) {
	return func(matter.Case) (record.Value, *matter.Refusal) { return record.Choice(s), nil }
}

// Ended is the standing of somebody whose admission ended early.
func Ended(c matter.Case) (record.Value, *matter.Refusal) {
	if c.Act.Fields.Choice("cause") == "died" {
		return record.Choice(person.Died), nil
	}
	return record.Choice(person.Other), nil
}

// SinceVote is the day from which somebody is a probationary member.
func SinceVote(c matter.Case) (record.Value, *matter.Refusal) {
	r, _ := c.State.Done(vote)
	return record.Day(r.On), nil
}

// SinceProbation is the day from which somebody is a full member (R2.3).
func SinceProbation(c matter.Case) (record.Value, *matter.Refusal) {
	end, err := ProbationEnd(c)
	if err != nil {
		return nil, matter.Refuse("", "refuse.uncounted", "", "step", confirm)
	}
	return record.Day(end.On), nil
}

// ExtendedUntil is the day that the branch meeting resolved.
func ExtendedUntil(c matter.Case) (record.Value, *matter.Refusal) {
	r, _ := c.State.Done(confirmVote)
	return r.Fields.Get("until"), nil
}

// NoticeUntil is the last day of a public notice put up on the day of the act.
func NoticeUntil(c matter.Case) (record.Value, *matter.Refusal) {
	d, err := c.Law.Count(Announcement, c.Act.On)
	if err != nil {
		return nil, matter.Refuse("", "refuse.uncounted", "handbook#announcement", "step", c.Step.ID)
	}
	return record.Day(d.On), nil
}

// Opens says that an application, or the papers of one, begin a matter.
func Opens(c matter.Case) bool { return c.State.Len == 0 || c.Act.Corrects != 0 }

// Cultivating says that somebody is an activist and not yet a candidate.
func Cultivating(c matter.Case) bool { return done(c, activist) && Choosable(c) }

// Choosable says that somebody is neither a candidate yet nor admitted: papers that
// left a step out do not take anybody back.
func Choosable(c matter.Case) bool { return !done(c, fileCandidate) && Early(c) }

// Passed returns a function that says whether the last finding of a step was in
// favour. What papers tell to have been taken was.
func Passed(step string) func(matter.Case) bool {
	return func(c matter.Case) bool {
		r, ok := c.State.Done(step)
		return ok && r.Fields.Choice("finding") != "refused"
	}
}

// Unpassed returns the contrary of [Passed]: the step is still to be taken, or again.
func Unpassed(step string) func(matter.Case) bool {
	passed := Passed(step)
	return func(c matter.Case) bool { return c.Act.Corrects != 0 || !passed(c) }
}

// CountyOpen says that the committee has agreed and the county not yet.
func CountyOpen(c matter.Case) bool {
	return Passed("pre_examine")(c) && Unpassed("county_examine")(c)
}

// Carried says that the last vote of the branch meeting carried the admission, and
// the committee has not refused it since.
func Carried(c matter.Case) bool {
	voted, ok := c.State.Done(vote)
	return ok && voted.Fields.Choice("result") != "rejected" && !since(c, refuse, voted)
}

// Undecided says that the branch meeting has to vote, or to vote again: it has not
// carried the admission, the committee refused it, or did not decide in time.
func Undecided(c matter.Case) bool {
	if c.Act.Corrects != 0 || !Carried(c) {
		return !done(c, approve)
	}
	voted, _ := c.State.Done(vote)
	last, err := c.Law.Count(ApprovalSpecial, voted.On)
	return err == nil && c.Act.On > last.On && !done(c, approve)
}

// Awaiting says that the branch meeting carried the admission and the committee has
// still to decide.
func Awaiting(c matter.Case) bool { return Carried(c) && !done(c, approve) }

// Early says that the person has not been admitted.
func Early(c matter.Case) bool { return !done(c, approve) }

// OnProbation says that somebody was admitted, and it is not decided how it ends.
func OnProbation(c matter.Case) bool {
	return done(c, approve) && !done(c, confirm) && !done(c, cancel)
}

// Requestable says that the request to be confirmed is missing: at the end of
// probation, and once more when it was extended.
func Requestable(c matter.Case) bool { return OnProbation(c) && !fresh(c, request) }

// Announceable says that a confirmation was requested and not yet announced.
func Announceable(c matter.Case) bool {
	return OnProbation(c) && fresh(c, request) && (!fresh(c, announce) || c.Act.Corrects != 0)
}

// Confirmable says that a confirmation was announced and not yet voted on.
func Confirmable(c matter.Case) bool {
	return OnProbation(c) && fresh(c, announce) && (!fresh(c, confirmVote) || c.Act.Corrects != 0)
}

// Voted returns a function that says whether the branch meeting resolved this.
func Voted(outcome string) func(matter.Case) bool {
	return func(c matter.Case) bool {
		r, ok := c.State.Done(confirmVote)
		resolved := r.Fields.Choice("outcome")
		return ok && OnProbation(c) && fresh(c, confirmVote) && (resolved == outcome || resolved == "" && outcome == confirm)
	}
}

func done(c matter.Case, step string) bool {
	_, ok := c.State.Done(step)
	return ok
}

// fresh reports whether step was taken, and since probation was extended, if it was.
func fresh(c matter.Case, step string) bool {
	extended, longer := c.State.Done(extend)
	return done(c, step) && (!longer || since(c, step, extended))
}

// since reports whether step was taken after r.
func since(c matter.Case, step string, r record.Record) bool {
	s, ok := c.State.Done(step)
	return ok && (s.On > r.On || s.On == r.On && s.Seq > r.Seq)
}

// AdoptedSteps refuses papers without an application, with a step that is still to
// come, or of somebody who is a member already.
func AdoptedSteps(c matter.Case) *matter.Refusal {
	if told(c, apply) == 0 {
		return matter.Refuse("steps", "refuse.no_application", "handbook#adopted")
	}
	for _, row := range c.Act.Fields.Items("steps") {
		if row.Day("on") > c.Act.On {
			return matter.Refuse("steps", "refuse.future", "", "day", row.Day("on").String())
		}
	}
	return nil
}

// AdoptedStanding and AdoptedSince are how far papers tell that somebody has come, and
// since when.
func AdoptedStanding(c matter.Case) (record.Value, *matter.Refusal) {
	s, _ := furthest(c)
	return record.Choice(s), nil
}

// AdoptedSince is the day that goes with [AdoptedStanding].
func AdoptedSince(c matter.Case) (record.Value, *matter.Refusal) {
	_, on := furthest(c)
	return record.Day(cmp.Or(on, c.Act.On)), nil
}

func furthest(c matter.Case) (person.Standing, day.Day) {
	switch {
	case told(c, confirm) != 0:
		return person.Member, told(c, confirm)
	case told(c, approve) != 0 && told(c, vote) != 0:
		return person.Probationary, told(c, vote)
	case told(c, fileCandidate) != 0:
		return person.Candidate, told(c, fileCandidate)
	case told(c, activist) != 0:
		return person.Activist, told(c, activist)
	}
	return person.Applicant, told(c, apply)
}

// AskContradictions puts to the branch what papers contradict, each with its clause.
func AskContradictions(c matter.Case, r record.Record, _ matter.Past) (all []matter.Question, err error) {
	var steps []matter.Told
	for _, row := range r.Fields.Items("steps") {
		steps = append(steps, matter.Told{Step: row.Choice("step"), On: row.Day("on")})
	}
	for _, why := range matter.Contradictions(c.Procedure, c.Law, steps) {
		args := map[string]string{"of": why.Step, "procedure": c.Procedure.ID}
		maps.Copy(args, why.Args)
		all = append(all, matter.Question{Why: asked(why.Why), Args: args, Basis: why.Basis})
	}
	return all, nil
}

// asked is the question in the place of a refusal: what happened, happened.
func asked(refusal string) string {
	switch refusal {
	case "refuse.before_step":
		return "ask.papers_before_step"
	case "refuse.comes_first":
		return "ask.papers_comes_first"
	case "refuse.too_early":
		return "ask.papers_too_early"
	case "refuse.too_late":
		return "ask.papers_too_late"
	}
	return "ask.papers_uncounted"
}
