package ledger

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
)

// owed lists what a ledger has for each month.
func owed(l Ledger) (all [12]money.Fen) {
	for i, m := range l.Months {
		all[i] = m.Owed
	}
	return all
}

func TestAMonthIsOwedWhereOneBelongedOnItsFirstDay(t *testing.T) {
	b := Read(law(), world(t), book(declare(base(first, "pension", 4000_00, 1), base(third, "student", 0, 1), base(left, "student", 0, 1)), approve()))
	for p, want := range map[id.Person][12]money.Fen{
		first: {20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00, 20_00},
		third: {0, 0, 0, 20, 20, 20, 20, 20, 20, 20, 20, 20},
		left:  {20, 20, 20, 20, 20, 20},
	} {
		if l, ok := b.Ledger(p); !ok || owed(l) != want {
			t.Errorf("%s: %v, %v", p, owed(l), ok)
		}
	}
	if l, ok := b.Ledger(second); ok {
		t.Errorf("nobody declared %+v", l)
	}
}

func TestAMonthIsOwedByTheRuleInForceOnItsFirstDay(t *testing.T) {
	b := Read(law(), world(t), book(declare(base(first, "wage", 3000_00, 1)), approve()))
	l, _ := b.Ledger(first)
	if l.Months[5].Owed != 15_00 || l.Months[6].Owed != 12_00 || l.Months[6].Basis != "dues#wage-2018" {
		t.Errorf("June %+v, July %+v", l.Months[5], l.Months[6])
	}
}

func TestADeclarationHoldsOnceItIsApproved(t *testing.T) {
	g := world(t)
	b := Read(law(), g, book(declare(base(first, "student", 0, 1)), approve(), declare(base(first, "pension", 4000_00, 7))))
	if l, _ := b.Ledger(first); b.Until(12).Owed != 2_40 || l.Months[6].Declared != 1 || !reflect.DeepEqual(b.Pending, []int64{3}) {
		t.Errorf("%+v, pending %v", b.Until(12), b.Pending)
	}
	b = Read(law(), g, book(declare(base(first, "student", 0, 1)), approve(), declare(base(first, "pension", 4000_00, 7)), approve()))
	if l, _ := b.Ledger(first); b.Until(12).Owed != 1_20+120_00 || l.Months[6].Declared != 3 || b.Pending != nil {
		t.Errorf("%+v, pending %v", b.Until(12), b.Pending)
	}
}

func TestAPaymentCoversTheOldestMonthsOrThoseItNames(t *testing.T) {
	declared := declare(base(first, "pension", 4000_00, 1))
	for _, c := range []struct {
		amount money.Fen
		month  int64
		parts  []Part
		credit money.Fen
	}{
		{20_00, 0, []Part{{1, 20_00}}, 0},
		{50_00, 0, []Part{{1, 20_00}, {2, 20_00}, {3, 10_00}}, 0},
		{50_00, 11, []Part{{11, 20_00}, {12, 20_00}}, 10_00},
		{1, 5, []Part{{5, 1}}, 0},
	} {
		b := Read(law(), world(t), book(declared, approve(), collect("2018-03-10", pay(first, c.amount, c.month))))
		l, _ := b.Ledger(first)
		if got := l.Payments[0]; !reflect.DeepEqual(got.Parts, c.parts) || l.Credit != c.credit || got.Receipt != "3-1" || got.Means != "cash" {
			t.Errorf("%s from month %d: %+v, credit %s", c.amount, c.month, got, l.Credit)
		}
	}
	b := Read(law(), world(t), book(declared, approve(), collect("2018-03-10", pay(first, 10_00, 2), pay(first, 25_00, 0)), collect("2018-04-10", pay(first, 5_00, 0))))
	l, _ := b.Ledger(first)
	if want := []Part{{1, 20_00}, {2, 5_00}}; !reflect.DeepEqual(l.Payments[1].Parts, want) || !reflect.DeepEqual(l.Payments[2].Parts, []Part{{2, 5_00}}) {
		t.Errorf("%+v", l.Payments)
	}
	if l.Payments[1].Receipt != "3-2" || l.Payments[2].Receipt != "4-1" {
		t.Errorf("receipts %s and %s", l.Payments[1].Receipt, l.Payments[2].Receipt)
	}
}

func TestWhatIsGrantedIsNotInArrears(t *testing.T) {
	declared := declare(base(first, "pension", 4000_00, 1))
	b := Read(law(), world(t), book(declared, approve(), request(first, 3, 5, 5_00), request(first, 7, 12, 0), decide(StepWaive, 3), decide(StepRefuse, 4), decide(StepWaive, 99)))
	l, _ := b.Ledger(first)
	if l.Months[1].Waived != 0 || l.Months[2].Waived != 15_00 || l.Months[4].Arrears() != 5_00 || l.Months[4].Waiver != 5 || l.Months[5].Waived != 0 || l.Months[7].Waived != 0 {
		t.Errorf("%+v", l.Months)
	}
	if q := b.Requests; len(q) != 2 || !q[0].Granted || q[0].Decided != 5 || q[1].Granted || q[1].Decided != 6 {
		t.Errorf("%+v", q)
	}
}

func TestWhoeverPaidMoreThanIsOwedInTheEndHasCredit(t *testing.T) {
	b := Read(law(), world(t), book(declare(base(first, "pension", 4000_00, 1)), approve(), collect("2018-01-10", pay(first, 240_00, 0)), declare(base(first, "student", 0, 7)), approve()))
	l, _ := b.Ledger(first)
	if l.Credit != 240_00-120_00-1_20 || b.Until(12).Arrears != 0 || b.Credit() != l.Credit {
		t.Errorf("credit %s of %s", l.Credit, b.Credit())
	}
}

func TestMonthsInARowWithArrears(t *testing.T) {
	declared := declare(base(first, "pension", 4000_00, 1), base(third, "student", 0, 1))
	b := Read(law(), world(t), book(declared, approve(), collect("2018-02-10", pay(first, 40_00, 0)), collect("2018-05-10", pay(first, 20_00, 5))))
	one, _ := b.Ledger(first)
	late, _ := b.Ledger(third)
	for last, want := range map[int]int{0: 0, 2: 0, 3: 1, 4: 2, 5: 0, 6: 1, 12: 7} {
		if got := one.Behind(last); got != want {
			t.Errorf("up to month %d: %d, want %d", last, got, want)
		}
	}
	if got := late.Behind(5); got != 2 {
		t.Errorf("who came in April has %d months open in May", got)
	}
}

func TestTheMonthOfADay(t *testing.T) {
	b := Book{Year: 2018}
	for on, want := range map[string]int{"2017-12-31": 0, "2018-01-01": 1, "2018-01-31": 1, "2018-02-01": 2, "2018-12-31": 12, "2019-01-01": 12} {
		if got := b.Month(day.Must(on)); got != want {
			t.Errorf("%s: %d, want %d", on, got, want)
		}
	}
}

// TestNothingIsLost plays random years: whatever is declared, paid, waived and handed
// up in whatever order, every fen is somewhere, once.
func TestNothingIsLost(t *testing.T) {
	g := world(t)
	people := []id.Person{first, second, third, left}
	rapid.Check(t, func(t *rapid.T) {
		var records []record.Record
		received, special, up := money.Fen(0), money.Fen(0), money.Fen(0)
		for range rapid.IntRange(1, 25).Draw(t, "records") {
			p := rapid.SampledFrom(people).Draw(t, "person")
			amount := money.Fen(rapid.Int64Range(0, 300_00).Draw(t, "amount"))
			month := rapid.Int64Range(0, 12).Draw(t, "month")
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				kind := rapid.SampledFrom([]string{"wage", "pension", "student", "salary"}).Draw(t, "kind")
				records = append(records, declare(base(p, kind, 100*amount+1, month)))
			case 1:
				records = append(records, approve())
			case 2:
				records = append(records, request(p, max(month, 1), 12, amount))
			case 3:
				records = append(records, decide(rapid.SampledFrom([]string{StepWaive, StepRefuse}).Draw(t, "verdict"), rapid.Int64Range(1, 25).Draw(t, "about")))
			case 4:
				records = append(records, record.Record{Kind: StepSpecial, Fields: record.Of(record.F("amount", record.Money(amount)))})
				special += amount
			case 5:
				records = append(records, record.Record{Kind: StepHandUp, Fields: record.Of(record.F("amount", record.Money(amount)), record.F("flow", record.Choice("regular")))})
				up += amount
			default:
				records = append(records, collect("2018-05-10", pay(p, amount, month), pay(first, amount, 0)))
				received += 2 * amount
			}
		}
		b := Read(law(), g, book(records...))
		check(t, b)
		if b.Received != received || b.Special != special || b.HandedUp["regular"] != up || b.Have("regular") != received-up || b.Have("special") != special {
			t.Fatalf("received %s of %s, special %s of %s", b.Received, received, b.Special, special)
		}
	})
}

// check checks that the book adds up, to the month, to the member and as a whole.
func check(t *rapid.T, b Book) {
	all, credit := Sum{}, money.Fen(0)
	for _, l := range b.Ledgers {
		parts, paid := money.Fen(0), money.Fen(0)
		for _, p := range l.Payments {
			paid += p.Amount
			for _, part := range p.Parts {
				parts += part.Amount
			}
		}
		for i, m := range l.Months {
			if m.Owed < 0 || m.Paid < 0 || m.Waived < 0 || m.Arrears() < 0 || m.Owed != m.Paid+m.Waived+m.Arrears() {
				t.Fatalf("%s, month %d: %+v", l.Person, i+1, m)
			}
		}
		s := l.Until(12)
		if parts != s.Paid || parts+l.Credit != paid {
			t.Fatalf("%s paid %s, of which %s to months and %s too much", l.Person, paid, parts, l.Credit)
		}
		all, credit = Sum{all.Owed + s.Owed, all.Paid + s.Paid, all.Waived + s.Waived, all.Arrears + s.Arrears}, credit+l.Credit
	}
	if all != b.Until(12) || all.Owed != all.Paid+all.Waived+all.Arrears || all.Paid+credit != b.Received {
		t.Fatalf("%+v, and the book has %+v", all, b.Until(12))
	}
	debit, credited := money.Fen(0), money.Fen(0)
	for _, a := range b.Accounts() {
		debit, credited = debit+a.Debit, credited+a.Credit
	}
	if debit != credited {
		t.Fatalf("debits %s, credits %s: %+v", debit, credited, b.Accounts())
	}
}
