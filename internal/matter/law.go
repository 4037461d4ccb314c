package matter

import (
	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/rule"
	"qingfeng/internal/title"
)

// Law is what a decision rests on besides the record.
type Law struct {
	Book      rule.Book
	Calendar  day.Calendar
	Roles     access.Roles
	Codes     map[string]Codes
	Functions map[string]Function
}

// Codes is a code table: code → titles, in the order of the file.
type Codes struct {
	ID       string      `yaml:"id"`
	Title    title.Title `yaml:"title"`
	Standard string      `yaml:"standard"` // "GB/T 2261.1", or empty for our own
	Values   []Code      `yaml:"values"`
}

// A Code is one row of a code table.
type Code struct {
	Code string `yaml:"code"`
	ZH   string `yaml:"zh"`
	EN   string `yaml:"en"`
}

// Has reports whether code is in the table.
func (c Codes) Has(code string) bool { _, ok := c.Find(code); return ok }

// Find returns the title of code.
func (c Codes) Find(code string) (title.Title, bool) {
	for _, v := range c.Values {
		if v.Code == code {
			return title.Title{ZH: v.ZH, EN: v.EN}, true
		}
	}
	return title.Title{}, false
}

// A World is what there is on the day of a decision: the tree and the people.
type World interface {
	Tree() *org.Tree
	Person(p id.Person) (*person.Person, bool)
	// Roster returns the members and probationary members of branch o on d, by
	// rising number.
	Roster(o id.Org, d day.Day) []id.Person
	// Ever returns everybody who ever belonged to branch o, by rising number.
	Ever(o id.Org) []id.Person
	// Holders returns who held an office in o on d, each person once.
	Holders(o id.Org, d day.Day) []id.Person
	// ByIDKey returns who has the ID number with this key, or 0.
	ByIDKey(key uint64) id.Person
	// IDKey returns the key of an ID number, as kept in the register.
	IDKey(number string) uint64
}

// A Case is all that a function of package area may look at.
type Case struct {
	Law       Law
	World     World
	Procedure procedure.Procedure
	Step      procedure.Step
	State     State
	Act       Act            // Fields hold what has been checked and computed so far
	Row       record.Fields  // the row whose column is worked out, where a column is
	By        *person.Person // nil: the installation itself
	Today     day.Day
	Log       Log // nil where nothing is decided
}

// Rule returns the value of a rule on the day of the act.
func (c Case) Rule(id string) (rule.Value, *Refusal) {
	v, err := c.Law.Book.At(id, c.Act.On)
	if err != nil {
		return v, Refuse("on", "refuse.rule_not_in_force", "", "rule", id, "day", c.Act.On.String())
	}
	return v, nil
}

// Committee returns the members of the committee of the organisation on the day of
// the act: who held one of the offices that sit on it.
func (c Case) Committee() (members []id.Person) {
	for _, n := range c.World.Holders(c.Act.Org, c.Act.On) {
		p, _ := c.World.Person(n)
		for _, f := range p.OfficesOn(c.Act.On) {
			if f.Org == c.Act.Org && c.Law.Roles[f.Role].Committee {
				members = append(members, n)
				break
			}
		}
	}
	return members
}

// A Function is what content calls by name. Each has just the part that its
// place in a procedure file needs.
type Function struct {
	Rules   []string                                                   // the rules it applies, which content must have
	Check   func(Case) *Refusal                                        // checks: may refuse
	Compute func(Case) (record.Value, *Refusal)                        // computed: works out a field
	Day     func(Case) (Deadline, error)                               // at: works out a day from what was recorded
	Only    func(Case) bool                                            // only_if: is the step part of this matter?
	Ask     func(Case, record.Record, Past) ([]Question, error)        // asks: may put questions about a record
	Applies func(w World, law Law, o id.Org, d day.Day) (bool, string) // obligations: does it bind o on d, and by which rule
}
