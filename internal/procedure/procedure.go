// Package procedure defines what a procedure file may say, and nothing about how
// it runs.
package procedure

import (
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
)

// A Procedure is the declared way of handling one sort of matter, in the edition
// that is in force From a day. A matter stays with the edition of the day it began.
type Procedure struct {
	ID      string      `yaml:"id"` // = directory
	From    day.Day     `yaml:"from"`
	Title   title.Title `yaml:"title"`
	Area    string      `yaml:"area"`
	Basis   []string    `yaml:"basis"`
	Of      []string    `yaml:"of"`      // kinds of organisations that may have such a matter; empty: any
	Subject string      `yaml:"subject"` // "org" or "person": the matter is its own file; "year": the organisation's book of one year; else empty
	Visible string      `yaml:"visible"` // who may know of it: "" whoever stands above, "members" also the branch's members, "sides" also whoever stands above an organisation that a step names with over, and the person in the field "person"
	Steps   []Step      `yaml:"steps"`
}

// A Step is one act that somebody records.
type Step struct {
	ID       string      `yaml:"id"`
	Title    title.Title `yaml:"title"`
	By       []string    `yaml:"by"`       // roles; "member" is every member of the branch, "self" the person whose file it is
	Over     Over        `yaml:"over"`     // over which organisation the right is needed, if another than that of the matter
	Behalf   bool        `yaml:"behalf"`   // may be recorded on behalf of a member who came with paper
	After    []string    `yaml:"after"`    // steps recorded before this one; the whole routing language
	OnlyIf   string      `yaml:"only_if"`  // function of package area: is this step part of this matter?
	Waits    []Within    `yaml:"waits"`    // not before each of these is over
	Within   Within      `yaml:"within"`   // deadline, if any: afterwards the step is overdue, and still taken
	Until    Within      `yaml:"until"`    // last day, if any: afterwards the step is refused
	Form     []Field     `yaml:"form"`     //
	Checks   []string    `yaml:"checks"`   // functions of package area: may refuse
	Asks     []string    `yaml:"asks"`     // functions of package area: may put a question, never refuse
	Effect   string      `yaml:"effect"`   // what it does to tree, people and offices; one of Effects
	Basis    []string    `yaml:"basis"`    // clause of this step, beside that of the procedure
	Repeats  bool        `yaml:"repeats"`  // may be taken more than once
	Standing bool        `yaml:"standing"` // may be taken after the matter is closed, and does not keep it open
	Closes   bool        `yaml:"closes"`   // the matter is closed by this step
	Adopts   string      `yaml:"adopts"`   // field of items: its rows (step, on) tell steps that were taken on paper before
}

// Within is a length of time: as long as a rule says, after another step; or a day
// that a function works out. The rule's unit tells days, working days or months.
// Working days are over with the last of them, so that what waits for them comes
// the day after; days and months are over when the day comes round.
type Within struct {
	Rule  string `yaml:"rule"`
	Of    string `yaml:"of"`
	At    string `yaml:"at"`    // function of package area, in the place of rule and of
	Every bool   `yaml:"every"` // of a step that repeats: counts from its own last record, once there is one
}

// None reports whether w says nothing.
func (w Within) None() bool { return w == Within{} }

// Over is an organisation that an earlier step named: the field of type org of step Of.
type Over struct {
	Field string `yaml:"field"`
	Of    string `yaml:"of"`
}

// None reports whether o says nothing.
func (o Over) None() bool { return o == Over{} }

// A Field is one question of a step's form.
type Field struct {
	ID       string      `yaml:"id"`
	Title    title.Title `yaml:"title"`
	Hint     title.Title `yaml:"hint"`
	Type     record.Type `yaml:"type"`
	Optional bool        `yaml:"optional"`
	Computed string      `yaml:"computed"` // function of package area that works it out, also for each row of a column; what was sent is ignored
	Codes    string      `yaml:"codes"`    // code table of a choice
	Rows     []Field     `yaml:"rows"`     // columns of items
	Whom     string      `yaml:"whom"`     // of people: "roster" (all members of the branch), "committee", "group", "" anybody
	Basis    string      `yaml:"basis"`    // clause that asks for it
	Private  bool        `yaml:"private"`  // shown only to those the matter concerns and to officers above
	Personal bool        `yaml:"personal"` // of items: each row is shown to whom it names and to officers who may read people
	Masked   bool        `yaml:"masked"`   // of text: shown in part; to read all of it one says why, and the person sees that
	Expected []string    `yaml:"expected"` // standings of a person for which the answer is part of complete data, though it may be missing
}

// YearField is the field, a number, by which the first step of a book of one year
// says which year.
const YearField = "year"

// Effects are what a step may do to the tree, the people and the offices. Each
// reads the fields that Needs names.
var effects = map[string][]Need{
	"org.found":        {{"name", record.TypeText}, {"kind", record.TypeChoice}, {"superior", record.TypeOrg}},
	"org.rename":       {{"name", record.TypeText}},
	"org.change":       {{"kind", record.TypeChoice}},
	"org.move":         {{"superior", record.TypeOrg}},
	"org.merge":        {{"into", record.TypeOrg}},
	"org.dissolve":     {},
	"person.register":  {{"name", record.TypeText}, {"standing", record.TypeChoice}},
	"person.correct":   {},
	"person.standing":  {{"standing", record.TypeChoice}},
	"person.join":      {{"branch", record.TypeOrg}},
	"person.leave":     {},
	"office.take":      {{"person", record.TypePerson}, {"role", record.TypeChoice}},
	"office.leave":     {},
	"record.erase":     {{"record", record.TypeNumber}},
	"content.override": {{"hash", record.TypeText}},
}

// A Need is a field that an effect reads.
type Need struct {
	Field string
	Type  record.Type
}

// Needs returns the fields that effect reads, and whether there is such an effect.
func Needs(effect string) ([]Need, bool) {
	n, ok := effects[effect]
	return n, ok
}

// Kind returns the kind of the records that step s of p makes.
func (p Procedure) Kind(step string) string { return p.ID + "." + step }

// Step returns the step called id.
func (p Procedure) Step(id string) (Step, bool) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return p.Steps[i], true
}

// Line returns the steps of the longest way to the end, in the order of the file:
// one that closes the matter, and whatever comes before it. Ways that end early, and
// steps on which nothing waits, are no part of it.
func (p Procedure) Line() (line []Step) {
	for _, s := range p.Steps {
		if all := append(p.before(s), s); s.Closes && len(all) >= len(line) {
			line = all
		}
	}
	return line
}

// before returns the steps that s comes after, directly or not.
func (p Procedure) before(s Step) (all []Step) {
	needed := map[string]bool{}
	need := func(s Step) {
		for _, a := range s.After {
			needed[a] = true
		}
	}
	need(s)
	for _, b := range slices.Backward(p.Steps) { // what comes before stands above
		if needed[b.ID] {
			need(b)
		}
	}
	for _, b := range p.Steps {
		if needed[b.ID] {
			all = append(all, b)
		}
	}
	return all
}

// Field returns the field called id of s.
func (s Step) Field(id string) (Field, bool) {
	i := slices.IndexFunc(s.Form, func(f Field) bool { return f.ID == id })
	if i < 0 {
		return Field{}, false
	}
	return s.Form[i], true
}
