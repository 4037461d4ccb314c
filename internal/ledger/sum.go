package ledger

import (
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
)

// A Sum is what ledgers come to, up to some month.
// Owed = Paid + Waived + Arrears, always.
type Sum struct {
	Owed, Paid, Waived, Arrears money.Fen
}

func (s Sum) plus(m Month) Sum {
	return Sum{s.Owed + m.Owed, s.Paid + m.Paid, s.Waived + m.Waived, s.Arrears + m.Arrears()}
}

// Until adds up the months of l from January to the last one.
func (l Ledger) Until(last int) (s Sum) {
	for _, m := range l.Months[:last] {
		s = s.plus(m)
	}
	return s
}

// Until adds up the months of everybody from January to the last one.
func (b Book) Until(last int) (s Sum) {
	for _, l := range b.Ledgers {
		x := l.Until(last)
		s = Sum{s.Owed + x.Owed, s.Paid + x.Paid, s.Waived + x.Waived, s.Arrears + x.Arrears}
	}
	return s
}

// Credit is what members paid beyond what they owe.
func (b Book) Credit() (sum money.Fen) {
	for _, l := range b.Ledgers {
		sum += l.Credit
	}
	return sum
}

// Behind returns how many months in a row, up to the last one, have arrears.
func (l Ledger) Behind(last int) (run int) {
	for i := last - 1; i >= 0 && l.Months[i].Arrears() > 0; i-- {
		run++
	}
	return run
}

// Month returns up to which month of the year of the book dues are owed on d: 0
// before the year, 12 after it.
func (b Book) Month(d day.Day) int {
	y, m, _ := d.Date()
	switch {
	case y < b.Year:
		return 0
	case y > b.Year:
		return 12
	}
	return int(m)
}

// An Account is one side of double entry: what came in and what went out, by name.
type Account struct {
	Name          string
	Debit, Credit money.Fen
}

// Accounts keeps the book in double entry: what was received stands against what is
// in hand and what was handed up, what is owed against what was paid, waived and is
// still open. Debits and credits are equal.
func (b Book) Accounts() []Account {
	year := b.Until(12)
	up := b.HandedUp["regular"] + b.HandedUp["special"]
	return []Account{
		{"owed", 0, year.Owed},
		{"waived", year.Waived, 0},
		{"arrears", year.Arrears, 0},
		{"credit", 0, b.Credit()},
		{"special", 0, b.Special},
		{"handed_up", up, 0},
		{"in_hand", b.Received + b.Special - up, 0},
	}
}

// Have is what is in hand of a kind of dues, a code of dues_flow.
func (b Book) Have(flow string) money.Fen {
	if flow == "special" {
		return b.Special - b.HandedUp[flow]
	}
	return b.Received - b.HandedUp[flow]
}

// Of returns the book as a member sees it: the own ledger and what the own payments
// and requests come to.
func (b Book) Of(p id.Person) Book {
	own := Book{Org: b.Org, Year: b.Year, Cashier: b.Cashier, HandedUp: map[string]money.Fen{}}
	if l, ok := b.Ledger(p); ok {
		own.Ledgers = []Ledger{l}
		for _, x := range l.Payments {
			own.Received += x.Amount
		}
	}
	for _, q := range b.Requests {
		if q.Person == p {
			own.Requests = append(own.Requests, q)
		}
	}
	return own
}

// FirstDays returns the first day of every month of a year: who belongs to the branch
// then owes dues for the month.
func FirstDays(year int) (all [12]day.Day) {
	for i := range all {
		all[i] = day.New(year, time.Month(i+1), 1)
	}
	return all
}
