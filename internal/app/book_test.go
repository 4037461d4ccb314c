package app

import (
	"errors"
	"sync"
	"testing"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
)

// openBook is the act of opening the book of dues of this year.
func (m *meeting) openBook() matter.Act {
	return matter.Act{Procedure: "dues", Step: "open", Org: m.branch, On: m.app.Today(), Fields: record.Of(
		record.F("year", record.Number(m.app.Today().Year())), record.F("cashier", record.Person(m.first.Person())))}
}

// book opens the book and declares both members.
func (m *meeting) book() id.Matter {
	m.t.Helper()
	book := m.act(m.secretary, m.openBook()).Matter
	row := func(p id.Person, income money.Fen) record.Fields {
		return record.Of(record.F("person", record.Person(p)), record.F("kind", record.Choice("wage")), record.F("income", record.Money(income)), record.F("month", record.Number(12)))
	}
	m.act(m.secretary, matter.Act{Procedure: "dues", Step: "declare", Matter: book, Fields: record.Of(
		record.F("bases", record.Items{row(m.first.Person(), 3000_00), row(m.second.Person(), 3000_01)}))})
	return book
}

func TestAnOrganisationKeepsOneBookOfAYear(t *testing.T) {
	m := newMeeting(t)
	var done sync.WaitGroup
	outcomes := make([]error, 8)
	for i := range outcomes {
		done.Go(func() { _, outcomes[i] = m.secretary.Act(t.Context(), "test", m.openBook(), "") })
	}
	done.Wait()
	opened := 0
	for _, err := range outcomes {
		var refusal *matter.Refusal
		switch {
		case err == nil:
			opened++
		case !errors.As(err, &refusal) || refusal.Why != "refuse.done_before":
			t.Error(err)
		}
	}
	visit, err := m.secretary.Visit("test")
	m.must(err)
	if opened != 1 {
		t.Errorf("%d books were opened", opened)
	}
	if refusal, err := visit.Try(t.Context(), m.openBook()); err != nil || refusal == nil || refusal.Why != "refuse.done_before" {
		t.Errorf("tried: %v, %v", refusal, err)
	}
	next := m.openBook()
	next.Fields = next.Fields.With("year", record.Number(m.app.Today().Year()+1))
	if refusal, err := visit.Try(t.Context(), next); err != nil || refusal != nil {
		t.Errorf("the next year: %v, %v", refusal, err)
	}
	r := m.act(m.secretary, next)
	if o, year, procedure, ok := r.Matter.Year(); o != m.branch || year != m.app.Today().Year()+1 || procedure != "dues" || !ok {
		t.Errorf("it is called %s", r.Matter)
	}
}

func TestEverybodySeesTheRowsThatAreAboutThem(t *testing.T) {
	m := newMeeting(t)
	book := m.book()
	rows := func(in Entered) (people []id.Person) {
		t.Helper()
		visit, err := in.Visit("test")
		m.must(err)
		d, err := visit.Dossier(t.Context(), book)
		m.must(err)
		for _, row := range d.Entries[1].Record.Fields.Items("bases") {
			people = append(people, row.Person("person"))
		}
		if hidden := d.Entries[1].Hidden; hidden != (len(people) < 2) {
			t.Errorf("%d rows, and hidden is %v", len(people), hidden)
		}
		return people
	}
	if got := rows(m.first); len(got) != 1 || got[0] != m.first.Person() {
		t.Errorf("a member sees %v", got)
	}
	if got := rows(m.secretary); len(got) != 2 {
		t.Errorf("the secretary sees %v", got)
	}
	if got := rows(m.officer); len(got) != 2 {
		t.Errorf("the officer above sees %v", got)
	}
}

// settled is a book in which the first member owes 15 yuan and the second 30, both for
// December alone.
func (m *meeting) settled() id.Matter {
	m.t.Helper()
	book := m.book()
	m.act(m.secretary, matter.Act{Procedure: "dues", Step: "approve", Matter: book, Fields: record.Of(record.F("account", record.Text("支委会研究确定")))})
	return book
}

func (m *meeting) pay(book id.Matter, p id.Person, amount money.Fen) matter.Act {
	row := record.Of(record.F("person", record.Person(p)), record.F("amount", record.Money(amount)), record.F("means", record.Choice("transfer")))
	return matter.Act{Procedure: "dues", Step: "collect", Matter: book, On: m.app.Today(), Fields: record.Of(record.F("payments", record.Items{row}))}
}

func TestPaymentsAtOnceNeverComeToMoreThanIsOwed(t *testing.T) {
	m := newMeeting(t)
	book := m.settled()
	var done sync.WaitGroup
	outcomes := make([]error, 12)
	for i := range outcomes {
		done.Go(func() {
			_, outcomes[i] = m.secretary.Act(t.Context(), "test", m.pay(book, m.second.Person(), 10_00), "")
		})
	}
	done.Wait()
	taken := 0
	for _, err := range outcomes {
		var refusal *matter.Refusal
		switch {
		case err == nil:
			taken++
		case !errors.As(err, &refusal) || refusal.Why != "refuse.dues_above_open":
			t.Error(err)
		}
	}
	visit, err := m.secretary.Visit("test")
	m.must(err)
	d, err := visit.Dues(t.Context(), m.branch, m.app.Today().Year())
	m.must(err)
	l, _ := d.Book.Ledger(m.second.Person())
	if year := l.Until(12); taken != 3 || year.Owed != 30_00 || year.Paid != 30_00 || year.Arrears != 0 || d.Book.Received != 30_00 || !d.All {
		t.Errorf("%d payments taken, %+v, received %s", taken, year, d.Book.Received)
	}
}

func TestAPaymentSentTwiceIsTakenOnce(t *testing.T) {
	m := newMeeting(t)
	book := m.settled()
	act := m.pay(book, m.second.Person(), 10_00)
	first, err := m.secretary.Act(t.Context(), "test", act, "k1")
	m.must(err)
	if again, err := m.secretary.Act(t.Context(), "test", act, "k1"); err != nil || again.Record.Seq != first.Record.Seq {
		t.Errorf("record %d, %v", again.Record.Seq, err)
	}
	if _, err := m.secretary.Act(t.Context(), "test", m.pay(book, m.second.Person(), 10_01), "k1"); !errors.Is(err, fault.Reused) {
		t.Errorf("another amount under the same key: %v", err)
	}
	mine, err := m.second.Visit("test")
	m.must(err)
	d, err := mine.MyDues(t.Context(), m.branch, m.app.Today().Year())
	m.must(err)
	if l, _ := d.Book.Ledger(m.second.Person()); l.Until(12).Paid != 10_00 || len(d.Book.Ledgers) != 1 || d.Book.Received != 10_00 {
		t.Errorf("%+v", d.Book)
	}
}
