package web

import (
	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
)

// figureChecks shows the identities between figures, those that fail first.
func (s *Server) figureChecks(c *Call) (templ.Component, error) {
	q, err := c.figureQuery("")
	if err != nil {
		return nil, err
	}
	checks, err := c.Visit.Checks(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	v := view.FigureChecksView{Base: c.Base, Org: c.Visit.OrgNames([]id.Org{q.Org})[q.Org], Period: c.period(q.Period), Scope: s.scope(c, view.PathChecks, q, max(q.AsOf, s.App.Size()))}
	v.At = view.AtFigure
	for _, one := range checks {
		v.Checks = append(v.Checks, s.figureCheck(c, q, one))
		if !one.Holds {
			v.Failed++
		}
	}
	return view.FigureChecks(v), nil
}

func (s *Server) figureCheck(c *Call, q app.FigureQuery, one app.FigureCheck) view.FigureCheck {
	count := func(n int64) string { return c.counted(one.Right[0].Indicator, n) }
	out := view.FigureCheck{Title: c.Say(one.Identity.Title), Sign: "=", Sum: count(one.Sum), Want: count(one.Want), Holds: one.Holds}
	if one.Identity.Figure != "" {
		out.Sign = "≤"
	}
	if !one.Holds {
		out.Diff = count(one.Sum - one.Want)
	}
	out.Right = s.terms(c, q, one.Right)
	if len(one.Identity.Children) == 0 {
		out.Left = s.terms(c, q, one.Left)
	} else {
		out.Left = []view.CheckTerm{{Title: c.T("figure.those_below"), Value: out.Sum, Href: out.Right[0].Href}}
	}
	for _, row := range one.Rows {
		out.Rows = append(out.Rows, view.CheckRow{Org: shortName(row.Org.Name), Href: view.With(view.PathChecks, "org", row.Org.ID.String()),
			Left: count(row.Left), Right: count(row.Right), Diff: count(row.Left - row.Right)})
	}
	return out
}

func (s *Server) terms(c *Call, q app.FigureQuery, figures []app.Figure) (terms []view.CheckTerm) {
	for _, f := range figures {
		q.ID, q.Org = f.Indicator.ID, f.Org.ID
		terms = append(terms, view.CheckTerm{Title: c.Say(f.Indicator.Title), Value: c.counted(f.Indicator, f.Count), Href: address(q).Path()})
	}
	return terms
}

// figureMinusChosen leads from the form of a figure to the difference it asks for.
func (s *Server) figureMinusChosen(c *Call) (templ.Component, error) {
	q, err := c.figureQuery(c.R.PathValue("figure"))
	if err != nil {
		return nil, err
	}
	other := c.R.FormValue("other")
	if _, ok := s.App.Library().Indicators[other]; !ok {
		return nil, fault.NotFound
	}
	return nil, c.To(address(q).Minus(other))
}
