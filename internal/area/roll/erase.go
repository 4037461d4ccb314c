package roll

import (
	"slices"
	"strconv"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// erasing is the clause about what can be erased.
const erasing = "handbook#erasure"

// erasable are the effects of records that hold data about a person and on which
// nothing else rests. What founds organisations, gives offices, moves members or
// erases holds no more of anybody than a number, and everything else rests on it.
var erasable = []string{"", "person.register", "person.correct"}

// EraseFits refuses to erase what is not there, was erased before, belongs to another
// organisation than the one that is asked, or must stay.
func EraseFits(c matter.Case) *matter.Refusal {
	if c.Log == nil {
		return nil
	}
	seq := c.Act.Fields.Number("record")
	number := strconv.FormatInt(seq, 10)
	r, effect, ok := c.Log.Find(seq)
	switch {
	case !ok || !c.World.Tree().Within(c.Act.Org, concerned(c, r), c.Today):
		return matter.Refuse("record", "refuse.no_such_record", erasing, "record", number)
	case r.Erased():
		return matter.Refuse("record", "refuse.erased_before", "", "record", number)
	case !slices.Contains(erasable, effect):
		return matter.Refuse("record", "refuse.erase_kept", erasing, "record", number)
	}
	return nil
}

// concerned is the organisation whose business a record is: the one it was made for;
// and the file of a person goes with the person.
func concerned(c matter.Case, r record.Record) id.Org {
	if n, ok := r.Matter.Person(); ok {
		if p, ok := c.World.Person(n); ok && p.Home(c.Today) != 0 {
			return p.Home(c.Today)
		}
	}
	return r.Org
}

// EraseAsked refuses to erase another record than the one that was asked for.
func EraseAsked(c matter.Case) *matter.Refusal {
	asked, _ := c.State.Done("request")
	if want := asked.Fields.Number("record"); c.Act.Fields.Number("record") != want {
		return matter.Refuse("record", "refuse.erase_unasked", erasing, "record", strconv.FormatInt(want, 10))
	}
	return nil
}
