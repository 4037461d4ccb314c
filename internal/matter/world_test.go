package matter

import (
	"testing"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/rule"
	"qingfeng/internal/title"
)

// The day of the tests, and the people and organisations in it.
var today = day.Must("2018-06-15")

const (
	city, town, branch, other id.Org = 1, 2, 3, 4

	secretary, member, stranger, officer, gone id.Person = 1, 2, 3, 4, 5
)

// world: a city committee over a township committee over two branches. The
// secretary and a member belong to the first, a stranger to the second; the
// officer sits in the township; somebody has left the first branch.
func world(t testing.TB) *register.Register {
	g := register.New([]byte("secret"))
	apply := func(effect string, m id.Matter, on string, o id.Org, fields ...record.Field) {
		t.Helper()
		if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must(on), Org: o, Fields: record.Of(fields...)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []struct {
		org, above id.Org
		kind, on   string
	}{{city, 0, "committee", "2015-01-01"}, {town, city, "committee", "2015-01-01"}, {branch, town, "branch", "2016-01-01"}, {other, town, "branch", "2016-01-01"}} {
		apply("org.found", o.org.Matter(), o.on, o.org, record.F("name", record.Text(o.org.String())), record.F("kind", record.Choice(o.kind)), record.F("superior", record.Org(o.above)))
	}
	for _, p := range []struct {
		person id.Person
		org    id.Org
	}{{secretary, branch}, {member, branch}, {stranger, other}, {officer, other}, {gone, branch}} {
		apply("person.register", p.person.Matter(), "2016-02-01", p.org, record.F("standing", record.Choice("member")))
	}
	apply("person.leave", gone.Matter(), "2018-03-01", branch)
	office := func(m id.Matter, o id.Org, who id.Person, role string) {
		apply("office.take", m, "2016-03-01", o, record.F("person", record.Person(who)), record.F("role", record.Choice(role)))
	}
	office("m101", branch, secretary, "branch.secretary")
	office("m102", town, officer, "township.organiser")
	return g
}

var words = title.Title{ZH: "字", EN: "word"}

func field(id string, t record.Type) procedure.Field {
	return procedure.Field{ID: id, Title: words, Type: t, Optional: true}
}

// meeting is a procedure with every sort of step and field.
func meeting() procedure.Procedure {
	must := field("theme", record.TypeText)
	must.Optional, must.Basis = false, "branch-work#theme"
	choice := field("choice", record.TypeChoice)
	choice.Codes = "grade"
	rows := field("rows", record.TypeItems)
	rows.Rows = []procedure.Field{{ID: "text", Title: words, Type: record.TypeText}, field("who", record.TypePerson)}
	counted := field("counted", record.TypeItems)
	doubled := field("doubled", record.TypeNumber)
	doubled.Optional, doubled.Computed = false, "test.doubled"
	counted.Rows = []procedure.Field{field("number", record.TypeNumber), doubled}
	sum := field("sum", record.TypeNumber)
	sum.Computed = "test.sum"
	broken := field("broken", record.TypeNumber)
	broken.Computed = "test.broken"
	bySecretary := []string{"branch.secretary"}
	return procedure.Procedure{
		ID: "meeting", From: day.Must("2016-10-27"), Title: words, Area: "life", Basis: []string{"branch-work#1"}, Of: []string{"branch"},
		Steps: []procedure.Step{
			{ID: "plan", By: bySecretary},
			{ID: "hold", By: bySecretary, After: []string{"plan"}, Basis: []string{"branch-work#2"}, Behalf: true, Within: procedure.Within{Rule: "test.days", Of: "plan"}, Form: []procedure.Field{
				must, field("number", record.TypeNumber), field("money", record.TypeMoney), field("day", record.TypeDay), field("time", record.TypeTime), field("person", record.TypePerson),
				field("people", record.TypePeople), field("org", record.TypeOrg), field("file", record.TypeFile), field("vote", record.TypeVote), choice, rows, counted, sum}},
			{ID: "note", By: []string{access.AnyMember}, After: []string{"plan"}, Repeats: true},
			{ID: "special", By: bySecretary, OnlyIf: "test.never", Basis: []string{"branch-work#3"}},
			{ID: "judged", By: bySecretary, Repeats: true, Checks: []string{"test.refuses", "test.refuses_too", "test.rule"}},
			{ID: "worked_out", By: bySecretary, Form: []procedure.Field{broken}},
			{ID: "renamed", By: bySecretary, Effect: "org.rename", Form: []procedure.Field{field("name", record.TypeText)}},
			{ID: "close", By: bySecretary, After: []string{"hold", "note"}, Closes: true},
			{ID: "answer", By: bySecretary, After: []string{"close"}, Standing: true, Repeats: true},
		},
	}
}

// file is the procedure of a person's own file.
func file() procedure.Procedure {
	return procedure.Procedure{ID: "membership", From: day.Must("2016-10-27"), Subject: "person", Basis: []string{"member#1"}, Steps: []procedure.Step{
		{ID: "register", By: []string{"branch.secretary", "township.organiser"}},
		{ID: "correct", By: []string{access.Self, "branch.secretary", "township.organiser"}, Repeats: true},
		{ID: "standing", By: []string{"township.organiser"}, Repeats: true},
	}}
}

// yearly is the procedure of the book that an organisation keeps of a year.
func yearly() procedure.Procedure {
	return procedure.Procedure{ID: "dues", From: day.Must("2016-10-27"), Subject: "year", Basis: []string{"dues#1"}, Of: []string{"branch"}, Steps: []procedure.Step{
		{ID: "open", By: []string{"branch.secretary"}, Form: []procedure.Field{field("year", record.TypeNumber)}},
		{ID: "close", By: []string{"branch.secretary"}, After: []string{"open"}, Closes: true},
	}}
}

// founding is the procedure of an organisation's own file.
func founding() procedure.Procedure {
	return procedure.Procedure{ID: "organisation", From: day.Must("2016-10-27"), Subject: "org", Basis: []string{"constitution#1"}, Steps: []procedure.Step{
		{ID: "found", By: []string{"township.organiser"}, Form: []procedure.Field{field("superior", record.TypeOrg)}},
		{ID: "rename", By: []string{"township.organiser", "branch.secretary"}, After: []string{"found"}, Repeats: true, Form: []procedure.Field{field("name", record.TypeText)}},
	}}
}

func law() Law {
	five, long := int64(5), int64(36)
	since := day.Must("2017-01-01")
	value := func(unit string, n *int64) rule.Param {
		return rule.Param{Unit: unit, Values: []rule.Value{{From: since, Value: n, Basis: "branch-work#" + unit}}}
	}
	return Law{
		Book:     rule.Book{"test.days": value("day", &five), "test.months": value("month", &long), "test.working": value("working_day", &five), "test.hours": value("hour", &five)},
		Calendar: day.Calendar{Year: map[int]bool{2018: true}, Off: map[day.Day]bool{day.Must("2018-06-18"): true}},
		Roles: access.Roles{
			"branch.secretary":   {ID: "branch.secretary", Reach: access.Own},
			"township.organiser": {ID: "township.organiser", Reach: access.Below},
		},
		Codes: map[string]Codes{"grade": {ID: "grade", Values: []Code{{"good", "好", "Good"}, {"bad", "差", "Bad"}}}},
		Functions: map[string]Function{
			"test.never":       {Only: func(c Case) bool { return c.Act.On.Year() == 2030 }},
			"test.refuses":     {Check: func(Case) *Refusal { return Refuse("a", "refuse.first", "branch-work#a") }},
			"test.refuses_too": {Check: func(Case) *Refusal { return Refuse("b", "refuse.second", "") }},
			"test.rule":        {Check: func(c Case) *Refusal { _, r := c.Rule("test.days"); return r }},
			"test.sum": {Compute: func(c Case) (record.Value, *Refusal) {
				return record.Number(c.Act.Fields.Number("number") + int64(c.Act.Fields.Money("money"))), nil
			}},
			"test.doubled": {Compute: func(c Case) (record.Value, *Refusal) {
				if n := c.Row.Number("number"); n != 13 {
					return record.Number(2 * n), nil
				}
				return nil, Refuse("number", "refuse.no_sum", "branch-work#sum")
			}},
			"test.broken": {Compute: func(Case) (record.Value, *Refusal) { return nil, Refuse("", "refuse.no_sum", "branch-work#sum") }},
		},
	}
}

// past is a matter in which the steps were taken on the days given.
func past(p procedure.Procedure, m id.Matter, o id.Org, steps ...record.Record) State {
	var records []record.Record
	for i, r := range steps {
		r.Seq, r.Matter, r.Org, r.Kind = int64(i+1), m, o, p.Kind(r.Kind)
		records = append(records, r)
	}
	return Fold(p, records)
}

// taken is a step that was taken on a day.
func taken(step, on string) record.Record { return record.Record{Kind: step, On: day.Must(on)} }

// planned is a matter in which the meeting was planned for the first of June.
func planned() State { return past(meeting(), "m1", branch, taken("plan", "2018-06-01")) }

// by returns who acts today.
func by(g *register.Register, n id.Person) By {
	p, _ := g.Person(n)
	return By{Person: p, Today: today}
}

// correcting is an act that sets record seq right, for this reason.
func correcting(seq int64, name, on string, why record.Value) Act {
	return with(step(name, on), func(a *Act) { a.Corrects, a.Fields = seq, record.Of(record.F(record.Correction, why)) })
}

// hold is the act of holding the planned meeting, with these answers.
func hold(fields ...record.Field) Act {
	fields = append([]record.Field{record.F("theme", record.Text("重温入党誓词"))}, fields...)
	return Act{Procedure: "meeting", Matter: "m1", Org: branch, Step: "hold", On: day.Must("2018-06-08"), Fields: record.Of(fields...)}
}
