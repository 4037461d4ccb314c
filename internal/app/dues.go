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

// dues is the procedure by which branches keep their books of dues.
const dues = "dues"

// A DuesYear is the book of dues of one branch and year as the visitor may see it.
type DuesYear struct {
	Org    OrgRef
	Year   int
	Matter id.Matter   // empty: nobody has opened the book
	Book   ledger.Book // with the ledgers of everybody, or only the visitor's own
	All    bool        // the ledgers are those of everybody
	Month  int         // up to which dues are owed today: 0 to 12
	Names  map[id.Person]string
	Open   []OpenStep
	Closed bool
}

// Dues returns the book of branch o and a year. Officers who may read people there
// see every ledger; members see their own, and no sums of others.
func (v *Visit) Dues(ctx context.Context, o id.Org, year int) (DuesYear, error) {
	if !v.May(access.ReadOrg, o) {
		return DuesYear{}, fault.NotFound
	}
	d, err := v.duesOf(ctx, o, year)
	if err != nil {
		return DuesYear{}, err
	}
	v.app.read(func(g *register.Register) { d.All = v.reader(g).MayAsOfficer(access.ReadPerson, o) })
	if !d.All {
		d.Book = d.Book.Of(v.me)
	}
	return d, nil
}

// MyDues returns the visitor's own ledger in the book of a branch, also of one that
// they have left since.
func (v *Visit) MyDues(ctx context.Context, o id.Org, year int) (DuesYear, error) {
	d, err := v.duesOf(ctx, o, year)
	if err != nil {
		return DuesYear{}, err
	}
	d.Book, d.Open = d.Book.Of(v.me), nil
	return d, nil
}

func (v *Visit) duesOf(ctx context.Context, o id.Org, year int) (DuesYear, error) {
	records, err := v.app.records(ctx, record.Query{Matter: o.Year(dues, year)})
	if err != nil {
		return DuesYear{}, fmt.Errorf("dues of %s: %w", o, err)
	}
	d := DuesYear{Year: year, Names: map[id.Person]string{}}
	if len(records) == 0 {
		v.app.read(func(g *register.Register) { d.Org = orgOn(g, o, v.today) })
		return d, nil
	}
	p, ok := v.app.lib.ProcedureEdition(dues, records[0].Edition)
	if !ok {
		return d, fmt.Errorf("dues of %s: no edition of %s", o, records[0].Edition)
	}
	v.app.read(func(g *register.Register) {
		st := matter.Fold(p, records)
		d.Org, d.Matter, d.Closed = orgOn(g, o, v.today), st.ID, st.Closed
		d.Book = ledger.Read(v.app.lib.Law, g, st)
		d.Month, d.Open = d.Book.Month(v.today), v.openSteps(g, p, st)
		for _, l := range d.Book.Ledgers {
			d.Names[l.Person] = personRef(g, l.Person).Name
		}
	})
	return d, nil
}

// DuesBranches returns the branches to which the visitor belonged on the first of some
// month of a year, each once, in the order of time.
func (v *Visit) DuesBranches(year int) (branches []id.Org) {
	v.app.read(func(g *register.Register) {
		me, ok := g.Person(v.me)
		if !ok {
			return
		}
		for _, d := range ledger.FirstDays(year) {
			if o := me.Home(d); me.OnRoster(o, d) && !slices.Contains(branches, o) {
				branches = append(branches, o)
			}
		}
	})
	return branches
}
