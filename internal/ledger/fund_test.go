package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

const township id.Org = 7

// account is the state of the township's account of 2018 after some records, numbered
// here from 1.
func account(records ...record.Record) matter.State {
	for i := range records {
		r := &records[i]
		r.Seq, r.Org, r.Matter, r.Kind = int64(i+1), township, township.Year(FundBook, 2018), FundBook+"."+r.Kind
	}
	return matter.Fold(procedure.Procedure{ID: FundBook, Subject: "year"}, records)
}

func amount(step string, n money.Fen, more ...record.Field) record.Record {
	return record.Record{Kind: step, Fields: record.Of(append(more, record.F("amount", record.Money(n)))...)}
}

func flow(code string) record.Field { return record.F("flow", record.Choice(code)) }

func arrive(from id.Org, code string, n money.Fen) record.Record {
	row := record.Of(record.F("record", record.Number(99)), record.F("from", record.Org(from)), flow(code), record.F("amount", record.Money(n)))
	return record.Record{Kind: StepReceive, Fields: record.Of(record.F("arrivals", record.Items{row}))}
}

func TestAnAccountTellsWhereEveryFenIs(t *testing.T) {
	f := ReadFund(account(
		record.Record{Kind: StepOpen, Fields: record.Of(record.F("cashier", record.Person(first)), record.F("brought", record.Money(5_00)))},
		arrive(branch, FlowRegular, 100_00), arrive(branch, FlowSpecial, 1000_00), arrive(township, FlowRegular, 7_00),
		amount(StepInterest, 36), amount(StepHandUp, 40_00, flow(FlowRegular)), amount(StepHandUp, 1000_00, flow(FlowSpecial)),
		amount(StepAskUse, 30_00, record.F("category", record.Choice("training"))), decide(StepGrantUse, 8),
		amount(StepAskUse, 20_00, record.F("category", record.Choice("hardship"))), decide(StepGrantUse, 10),
		amount(StepAskUse, 1_00, record.F("category", record.Choice("commend"))), decide(StepRefuseUse, 12),
		amount(StepPayUse, 29_00, record.F("record", record.Number(8))),
		amount(StepCarry, 3_00, flow(FlowRegular)),
	), 0)
	for name, c := range map[string][2]money.Fen{
		"brought": {f.Brought(), 12_00}, "regular": {f.Regular(), 100_00}, "special": {f.Special(), 1000_00}, "interest": {f.Interest(), 36},
		"handed up": {f.HandedUp(), 1040_00}, "used": {f.AllUsed(), 29_00}, "used on training": {f.Used("training"), 29_00}, "on hardship": {f.Used("hardship"), 0},
		"in hand": {f.Have(FlowRegular), 40_36}, "special in hand": {f.Have(FlowSpecial), 0}, "balance": {f.Balance(), 40_36}, "free": {f.Free(), 20_36},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s, want %s", name, c[0], c[1])
		}
	}
	if f.Cashier != first || len(f.Receipts) != 3 || f.Uses[2].Granted || f.Uses[2].Decided != 13 || !f.Uses[1].Waits() || f.Uses[0].Waits() {
		t.Errorf("%+v", f)
	}
	if again := ReadFund(account(arrive(branch, FlowRegular, 1_00), amount(StepInterest, 5)), 2); again.Balance() != 1_00 {
		t.Errorf("without its second record: %s", again.Balance())
	}
}

// Debits equal credits whatever was recorded; and what is in hand is what came less
// what went, counted here from the records and not from the entries.
func TestAnAccountBalances(t *testing.T) {
	flows := rapid.SampledFrom([]string{FlowRegular, FlowSpecial})
	rapid.Check(t, func(t *rapid.T) {
		var records []record.Record
		in, asked := money.Fen(0), []int64{}
		for range rapid.IntRange(0, 40).Draw(t, "records") {
			n := money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "fen"))
			switch step := rapid.SampledFrom([]string{StepReceive, StepInterest, StepHandUp, StepCarry, StepAskUse, StepPayUse}).Draw(t, "step"); {
			case step == StepReceive:
				records, in = append(records, arrive(branch, flows.Draw(t, "flow"), n)), in+n
			case step == StepInterest:
				records, in = append(records, amount(step, n)), in+n
			case step == StepAskUse:
				records = append(records, amount(step, n, record.F("category", record.Choice("commend"))))
				asked = append(asked, int64(len(records)))
			case step != StepPayUse:
				records, in = append(records, amount(step, n, flow(flows.Draw(t, "flow")))), in-n
			case len(asked) > 0:
				records, in = append(records, amount(step, n, record.F("record", record.Number(asked[0])))), in-n
				asked = asked[1:]
			}
		}
		f := ReadFund(account(records...), 0)
		var debit, credit money.Fen
		for _, a := range f.Accounts() {
			debit, credit = debit+a.Debit, credit+a.Credit
		}
		if debit != credit || f.Balance() != in {
			t.Fatalf("debits %s, credits %s, in hand %s, want %s", debit, credit, f.Balance(), in)
		}
	})
}
