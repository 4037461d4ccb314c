package ledger

import (
	"fmt"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// BenchmarkABranchYear reads the book of an average branch, 23 members who paid every
// month. A city has 8,440 of them.
func BenchmarkABranchYear(b *testing.B) {
	g := register.New([]byte("secret"))
	apply := func(effect string, m id.Matter, fields ...record.Field) {
		if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must("2015-01-01"), Org: branch, Fields: record.Of(fields...)}); err != nil {
			b.Fatal(err)
		}
	}
	apply("org.found", branch.Matter(), record.F("name", record.Text("b")), record.F("kind", record.Choice("branch")))
	var bases []record.Fields
	for p := id.Person(1); p <= 23; p++ {
		apply("person.register", p.Matter(), record.F("standing", record.Choice("member")))
		bases = append(bases, base(p, "wage", 4000_00, 1))
	}
	records := []record.Record{declare(bases...), approve()}
	for month := 1; month <= 12; month++ {
		var rows []record.Fields
		for p := id.Person(1); p <= 23; p++ {
			rows = append(rows, pay(p, money.Fen(40_00), 0))
		}
		records = append(records, collect(fmt.Sprintf("2018-%02d-10", month), rows...))
	}
	st, rules := book(records...), law()
	for b.Loop() {
		if got := Read(rules, g, st); got.Until(12).Arrears > 0 && got.Received == 0 {
			b.Fatal(got)
		}
	}
}
