package app

import (
	"context"
	"fmt"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A DuesAccount is the account of dues of one committee and year.
type DuesAccount struct {
	Org    OrgRef
	Year   int
	Keeps  bool      // an organisation of this kind keeps one
	Matter id.Matter // empty: nobody has opened it
	Fund   ledger.Fund
	Open   []OpenStep
	Closed bool
	Due    []HandedUp // what did not arrive, or was changed since; the organisations below in the order of the tree
}

// A HandedUp is one record of handing up from right below that the account does not
// agree with.
type HandedUp struct {
	Org     OrgRef
	Matter  id.Matter
	Record  record.Record
	Changed bool // it arrived, and does not stand any more: it was corrected afterwards
}

// DuesAccount returns the account of committee o and a year, for those who may see
// its figures as officers.
func (v *Visit) DuesAccount(ctx context.Context, o id.Org, year int) (DuesAccount, error) {
	d := DuesAccount{Year: year}
	may := false
	v.app.read(func(g *register.Register) {
		may = v.reader(g).MayAsOfficer(access.ReadFigure, o)
		d.Org = orgOn(g, o, v.today)
	})
	if !may {
		return d, fault.NotFound
	}
	p, ok := v.app.lib.Latest(ledger.FundBook)
	if d.Keeps = ok && slices.Contains(p.Of, string(d.Org.Kind)); !d.Keeps {
		return d, nil
	}
	st, err := v.yearBook(ctx, ledger.FundBook, o, year)
	if err != nil {
		return d, err
	}
	d.Fund = ledger.ReadFund(st, 0)
	if st.Len > 0 {
		p, _ = v.app.lib.ProcedureEdition(ledger.FundBook, st.Edition)
		d.Matter, d.Closed = st.ID, st.Closed
		v.app.read(func(g *register.Register) { d.Open = v.openSteps(g, p, st) })
	}
	d.Due, err = v.handedUp(ctx, o, year, d.Fund.Receipts)
	return d, err
}

// yearBook folds the book of o and a year, which is empty where nobody has opened it.
func (v *Visit) yearBook(ctx context.Context, procedure string, o id.Org, year int) (matter.State, error) {
	records, err := v.app.records(ctx, record.Query{Matter: o.Year(procedure, year)})
	if err != nil {
		return matter.State{}, fmt.Errorf("%s of %s: %w", procedure, o, err)
	}
	if len(records) == 0 {
		return matter.State{}, nil
	}
	p, ok := v.app.lib.ProcedureEdition(procedure, records[0].Edition)
	if !ok {
		return matter.State{}, fmt.Errorf("%s of %s: no edition of %s", procedure, o, records[0].Edition)
	}
	return matter.Fold(p, records), nil
}

// handedUp compares what stands as handed up right below o with what arrived.
func (v *Visit) handedUp(ctx context.Context, o id.Org, year int, arrived []ledger.Receipt) (due []HandedUp, err error) {
	below, err := v.Below(o)
	if err != nil {
		return nil, err
	}
	for _, b := range below {
		for _, book := range []string{ledger.BranchBook, ledger.FundBook} {
			st, err := v.yearBook(ctx, book, b.ID, year)
			if err != nil {
				return nil, err
			}
			due = append(due, compare(b.OrgRef, st, arrived)...)
		}
	}
	return due, nil
}

// compare lists where the handing up of one book and what arrived of it differ.
func compare(o OrgRef, st matter.State, arrived []ledger.Receipt) (due []HandedUp) {
	for _, r := range st.All(ledger.StepHandUp) {
		if !slices.ContainsFunc(arrived, func(x ledger.Receipt) bool { return x.Record == r.Seq }) {
			due = append(due, HandedUp{Org: o, Matter: st.ID, Record: r})
		}
	}
	for _, x := range arrived {
		if _, stands := st.Find(x.Record); x.From == o.ID && st.Len > 0 && !stands {
			due = append(due, HandedUp{Org: o, Matter: st.ID, Changed: true, Record: record.Record{Seq: x.Record, Fields: record.Of(
				record.F("amount", record.Money(x.Amount)), record.F("flow", record.Choice(x.Flow)))}})
		}
	}
	return due
}
