package web

import (
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/indicator"
	"qingfeng/internal/money"
	"qingfeng/internal/web/view"
)

// duesFigures are the figures of the overview, in the order of its columns.
var duesFigures = [4]string{"dues_owed", "dues_received", "dues_special", "dues_handed_up"}

// duesBelow adds up the books of the branches below an organisation.
func (s *Server) duesBelow(c *Call, o app.OrgRef, year int) (templ.Component, error) {
	period := day.New(year, time.January, 1).CalendarYear()
	v := view.DuesBelowView{Base: c.Base, Org: o.Name, Year: c.span(indicator.PerYear, period),
		Crumbs: []view.Crumb{{Text: o.Name, Href: view.Under(view.PathOrg, o.ID.String())}, {Text: c.T("nav.dues")}}}
	v.At = view.AtDues
	v.Earlier, v.Later = c.duesYears(view.PathDues, o.ID, year)
	var sums [4]money.Fen
	var below [4][]app.Figure
	for i, name := range duesFigures {
		q := app.FigureQuery{ID: name, Org: o.ID, Period: period}
		f, err := c.Visit.Figure(c.R.Context(), q)
		if err != nil {
			return nil, err
		}
		if below[i], err = c.Visit.FigureBelow(c.R.Context(), q); err != nil {
			return nil, err
		}
		sums[i] = money.Fen(f.Count)
		v.Tiles = append(v.Tiles, view.Tile{Label: c.Say(f.Indicator.Title), Value: sums[i].String(), Unit: c.T("unit.yuan"), Href: s.query(f, period).Path()})
	}
	if sums[0] > 0 {
		v.Tiles[1].Sub = c.T("dues.rate", "share", percent(int(sums[1]*1000/sums[0])))
	}
	for i, f := range below[0] {
		row := view.DuesBelowRow{Org: c.short(f.Org), Href: view.With(view.PathDues, "org", f.Org.ID.String(), "year", period.From.String()[:4])}
		columns := [4]*string{&row.Owed, &row.Received, &row.Special, &row.HandedUp}
		for j, to := range columns {
			*to = money.Fen(below[j][i].Count).String()
		}
		if f.Count > 0 {
			row.Permille = int(below[1][i].Count * 1000 / f.Count)
			row.Share = percent(row.Permille)
		}
		v.Rows = append(v.Rows, row)
	}
	var err error
	v.Account, err = s.duesAccount(c, o, year)
	return view.DuesBelow(v), err
}
