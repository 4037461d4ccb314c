package web

import (
	"strconv"

	"qingfeng/internal/id"
	"qingfeng/internal/ledger"
	"qingfeng/internal/obligation"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// duesLine says how the visitor's own dues stand in the book of this year, or nothing
// where they are not in it.
func (c *Call) duesLine(branch id.Org) (string, error) {
	d, err := c.Visit.MyDues(c.R.Context(), branch, c.Today().Year())
	if err != nil {
		return "", err
	}
	l, ok := d.Book.Ledger(c.Visit.Me())
	if !ok {
		return "", nil
	}
	if open := l.Until(d.Month).Arrears; open > 0 {
		return c.T("dues.to_pay", "amount", open.String()), nil
	}
	return c.T("dues.all_paid"), nil
}

// fillDues offers what a step of the book of dues is mostly about: the year, everybody
// who is not declared yet, everybody who has something to pay and how much. What is
// owed is worked out again when it is sent.
func (f *stepForm) fillDues(c *Call) error {
	if f.procedure.Area != duesArea {
		return nil
	}
	if _, asks := f.step.Field(procedure.YearField); asks {
		f.set(procedure.YearField, strconv.Itoa(c.Today().Year()))
	}
	if err := f.fillAccount(c); err != nil {
		return err
	}
	o, year, procedure, ok := f.matter.Year()
	if !ok || procedure != ledger.BranchBook || f.step.ID != ledger.StepDeclare && f.step.ID != ledger.StepCollect {
		return nil
	}
	d, err := c.Visit.Dues(c.R.Context(), o, year)
	if err != nil {
		return err
	}
	if f.step.ID == ledger.StepDeclare {
		f.setValue("bases", f.undeclared(d.Book))
		return nil
	}
	var rows record.Items
	for _, l := range d.Book.Ledgers {
		if open := l.Until(d.Month).Arrears; open > 0 {
			rows = append(rows, record.Of(record.F("person", record.Person(l.Person)), record.F("amount", record.Money(open)), record.F("means", record.Choice("transfer"))))
		}
	}
	f.setValue("payments", rows)
	return nil
}

// undeclared has a row for everybody on the roster whose base nobody declared.
func (f *stepForm) undeclared(b ledger.Book) (rows record.Items) {
	for _, l := range f.roster {
		if _, declared := b.Ledger(l.ID); !declared {
			rows = append(rows, record.Of(record.F("person", record.Person(l.ID))))
		}
	}
	return rows
}

// keepsBook reports whether ob is fulfilled by a step of a book of a year, which has a
// name of its own beside that of the book.
func (c *Call) keepsBook(ob obligation.Obligation) bool {
	p, ok := c.s.App.Library().Latest(ob.Begin)
	return ok && p.Subject == "year"
}
