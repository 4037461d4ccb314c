package life

import (
	"strconv"
	"unicode"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
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
	got := len(letters(r.Fields.Text("minutes")))
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
	mine := grams(r.Fields.Text("minutes"))
	if len(mine) == 0 {
		return nil, nil
	}
	earlier, err := past.Recent(r.Org, r.On, looksBack)
	if err != nil {
		return nil, err
	}
	for _, e := range earlier {
		if e.Seq == r.Seq || e.Seq == r.Corrects {
			continue
		}
		if same, all := overlap(mine, grams(e.Fields.Text("minutes"))); v.Share.Reached(same, all, v.More) {
			return []matter.Question{{Why: "ask.near_copy", Basis: v.Basis, Args: map[string]string{
				"record": strconv.FormatInt(e.Seq, 10), "day": e.On.String(), "percent": strconv.FormatInt(same*100/all, 10)}}}, nil
		}
	}
	return nil, nil
}

// AskTwoPlaces asks when somebody was present at two meetings at the same time.
func AskTwoPlaces(c matter.Case, r record.Record, past matter.Past) ([]matter.Question, error) {
	start, end, timed := hours(r)
	if !timed {
		return nil, nil
	}
	var asked []matter.Question
	for _, p := range r.Fields.People("attended") {
		if p.State != record.Present {
			continue
		}
		others, err := past.PresentOn(p.Person, r.On)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			s, e, timed := hours(o)
			if o.Matter != r.Matter && timed && s < end && start < e {
				asked = append(asked, matter.Question{Why: "ask.two_places", Args: map[string]string{
					"person": p.Person.String(), "record": strconv.FormatInt(o.Seq, 10), "org": o.Org.String()}})
			}
		}
	}
	return asked, nil
}

func hours(r record.Record) (start, end record.Time, ok bool) {
	start, one := r.Fields.Get("start").(record.Time)
	end, two := r.Fields.Get("end").(record.Time)
	return start, end, one && two && start < end
}

// gram is how many characters are compared at once.
const gram = 4

// grams returns the set of all runs of [gram] letters and digits in s.
func grams(s string) map[[gram]rune]bool {
	text := letters(s)
	set := make(map[[gram]rune]bool, len(text))
	for i := 0; i+gram <= len(text); i++ {
		set[[gram]rune(text[i:i+gram])] = true
	}
	return set
}

func letters(s string) (text []rune) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			text = append(text, r)
		}
	}
	return text
}

// overlap returns the size of the common part and of the union of a and b.
func overlap(a, b map[[gram]rune]bool) (same, all int64) {
	for g := range a {
		if b[g] {
			same++
		}
	}
	return same, int64(len(a)) + int64(len(b)) - same
}
