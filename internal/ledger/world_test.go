package ledger

import (
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/rule"
)

const (
	branch, other id.Org = 1, 2

	first, second, third, left id.Person = 1, 2, 3, 4
)

// world has a branch with three members; the third came in April, and a fourth went
// to the other branch in the middle of June.
func world(t testing.TB) *register.Register {
	g := register.New([]byte("secret"))
	apply := func(effect string, m id.Matter, on string, o id.Org, fields ...record.Field) {
		if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must(on), Org: o, Fields: record.Of(fields...)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []id.Org{branch, other} {
		apply("org.found", o.Matter(), "2015-01-01", o, record.F("name", record.Text(o.String())), record.F("kind", record.Choice("branch")))
	}
	for p, on := range map[id.Person]string{first: "2016-01-01", second: "2016-01-01", third: "2018-04-01", left: "2016-01-01"} {
		apply("person.register", p.Matter(), on, branch, record.F("standing", record.Choice("member")))
	}
	apply("person.join", left.Matter(), "2018-06-15", other, record.F("branch", record.Org(other)))
	return g
}

// law has the numbers of 2008, and from July 2018 another lowest rate on wages.
func law() matter.Law {
	number := func(n int64) rule.Param {
		return rule.Param{Values: []rule.Value{{From: day.Must("2008-04-01"), Value: &n, Basis: "dues#n"}}}
	}
	wage := func(from string, lowest int64) rule.Value {
		return rule.Value{From: day.Must(from), Basis: "dues#wage-" + from[:4], Brackets: []rule.Bracket{{Above: 0, Value: lowest}, {Above: 3000_00, Value: 10}, {Above: 5000_00, Value: 15}, {Above: 10000_00, Value: 20}}}
	}
	scale := func(v ...rule.Value) rule.Param { return rule.Param{Values: v} }
	return matter.Law{Book: rule.Book{
		Wage: scale(wage("2008-04-01", 5), wage("2018-07-01", 4)), Salary: scale(wage("2008-04-01", 5)), SelfEmployed: scale(wage("2008-04-01", 5)),
		Pension: scale(rule.Value{From: day.Must("2008-04-01"), Basis: "dues#pension", Brackets: []rule.Bracket{{Above: 0, Value: 5}, {Above: 5000_00, Value: 10}}}),
		Fixed:   number(20), FarmerLeast: number(20), FarmerMost: number(100), Rounding: number(1),
	}}
}

// steps is all that the fold asks of the procedure.
var steps = procedure.Procedure{ID: "dues", Subject: "year"}

// book is the state of the book of 2018 after some records, which are numbered here.
func book(records ...record.Record) matter.State {
	for i := range records {
		r := &records[i]
		r.Seq, r.Org, r.Matter, r.Kind = int64(i+1), branch, branch.Year("dues", 2018), "dues."+r.Kind
	}
	return matter.Fold(steps, records)
}

func row(fields ...record.Field) record.Fields { return record.Of(fields...) }

func declare(rows ...record.Fields) record.Record {
	return record.Record{Kind: StepDeclare, On: day.Must("2018-01-05"), Fields: record.Of(record.F("bases", record.Items(rows)))}
}

func approve() record.Record { return record.Record{Kind: StepApprove, On: day.Must("2018-01-06")} }

func base(p id.Person, kind string, income money.Fen, month int64) record.Fields {
	return row(record.F("person", record.Person(p)), record.F("kind", record.Choice(kind)), record.F("income", record.Money(income)), record.F("month", record.Number(month)))
}

func collect(on string, rows ...record.Fields) record.Record {
	return record.Record{Kind: StepCollect, On: day.Must(on), Fields: record.Of(record.F("payments", record.Items(rows)))}
}

func pay(p id.Person, amount money.Fen, month int64) record.Fields {
	fs := row(record.F("person", record.Person(p)), record.F("amount", record.Money(amount)), record.F("means", record.Choice("cash")))
	if month > 0 {
		fs = fs.With("month", record.Number(month))
	}
	return fs
}

func request(p id.Person, from, to int64, reduced money.Fen) record.Record {
	return record.Record{Kind: StepRequest, Fields: record.Of(record.F("person", record.Person(p)), record.F("first", record.Number(from)),
		record.F("last", record.Number(to)), record.F("reduced", record.Money(reduced)))}
}

func decide(step string, about int64) record.Record {
	return record.Record{Kind: step, Fields: record.Of(record.F("record", record.Number(about)))}
}
