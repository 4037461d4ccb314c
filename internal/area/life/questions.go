package life

import (
	"strconv"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/shingle"
)

// looksBack is how many earlier records of a branch a new one is compared with.
const looksBack = 40

// AskAboveRoster asks when more people were present than the roster has.
func AskAboveRoster(c matter.Case, r record.Record, _ matter.Past) ([]matter.Question, error) {
	present := r.Fields.People("attended").Count(record.Present)
	roster := len(c.World.Roster(r.Org, r.On))
	if present <= roster {
		return nil, nil
	}
	return []matter.Question{{Why: "ask.above_roster", Args: map[string]string{"present": strconv.Itoa(present), "roster": strconv.Itoa(roster)}}}, nil
}

// AskYoungMinutes asks when the minutes are so short that they can hardly tell
// what happened.
func AskYoungMinutes(c matter.Case, r record.Record, _ matter.Past) ([]matter.Question, error) {
	v, refusal := c.Rule(YoungMinutes)
	if refusal != nil {
		return nil, nil // the rule was not in force that day
	}
	got := len(shingle.Letters(matter.Minutes(r)))
	if int64(got) >= v.Int() {
		return nil, nil
	}
	return []matter.Question{{Why: "ask.short_minutes", Basis: v.Basis, Args: map[string]string{"got": strconv.Itoa(got), "least": strconv.FormatInt(v.Int(), 10)}}}, nil
}

// AskNearCopy asks when the minutes are nearly those of an earlier record of the
// same branch.
func AskNearCopy(c matter.Case, r record.Record, past matter.Past) ([]matter.Question, error) {
	v, refusal := c.Rule(NearCopy)
	if refusal != nil {
		return nil, nil // the rule was not in force that day
	}
	mine := shingle.Of(matter.Minutes(r))
	if len(mine) == 0 {
		return nil, nil
	}
	earlier, err := past.Recent(r.Org, r.On, looksBack)
	if err != nil {
		return nil, err
	}
	sketch := mine.Sketch()
	for _, e := range earlier {
		if e.Seq == r.Seq || e.Seq == r.Corrects || e.Minutes == nil {
			continue
		}
		if most, least := shingle.Most(sketch, *e.Minutes); !v.Share.Reached(most, least, v.More) {
			continue // it cannot be
		}
		old, err := past.Record(e.Seq)
		if err != nil {
			return nil, err
		}
		if same, all := shingle.Overlap(mine, shingle.Of(matter.Minutes(old))); v.Share.Reached(same, all, v.More) {
			return []matter.Question{{Why: "ask.near_copy", Basis: v.Basis, Args: map[string]string{
				"record": strconv.FormatInt(e.Seq, 10), "day": e.On.String(), "percent": strconv.FormatInt(same*100/all, 10)}}}, nil
		}
	}
	return nil, nil
}

// AskTwoPlaces asks when somebody was present at two meetings at the same time.
func AskTwoPlaces(_ matter.Case, r record.Record, past matter.Past) ([]matter.Question, error) {
	mine, _ := matter.MeetingOf(r)
	if !mine.Timed {
		return nil, nil
	}
	var asked []matter.Question
	for _, p := range mine.Present {
		others, err := past.PresentOn(p, r.On)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			if o.Matter != r.Matter && mine.Overlaps(o) {
				asked = append(asked, matter.Question{Why: "ask.two_places", Args: map[string]string{
					"person": p.String(), "record": strconv.FormatInt(o.Seq, 10), "org": o.Org.String()}})
			}
		}
	}
	return asked, nil
}
