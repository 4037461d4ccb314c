package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/obligation"
	"qingfeng/internal/web/view"
)

// The figures of the overview: the first is what map and bars show unless another
// is chosen.
var overviewFigures = []string{"members", "theme_day_held", "special_life_meeting_held", "appraisal_people", "problems_secretary", "opinions"}

// mapped are the figures that the map can show.
var mapped = []string{"theme_day_held", "appraisal_people", "committee_meeting_held"}

// overview is the first page of an officer: the figures of the organisation acted
// for, what is to be done, and who needs help.
func (s *Server) overview(c *Call) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	v := view.OverviewView{Base: c.Base}
	v.At = view.AtOverview
	v.Scope = c.Visit.OrgNames([]id.Org{o})[o]
	year := day.Period{From: c.Today().AddMonths(-11).Month().From, To: c.Today()}
	if err := s.tiles(c, o, year, &v); err != nil {
		return nil, err
	}
	if err := s.mapAndBars(c, o, year, &v); err != nil {
		return nil, err
	}
	if err := s.trend(c, o, year, &v); err != nil {
		return nil, err
	}
	behind, err := c.Visit.Behind(c.R.Context(), o, c.Today().Month().From-1, 8)
	if err != nil {
		return nil, err
	}
	v.Behind, v.Late = s.behindRows(c, behind, 8)
	tasks, err := s.tasks(c)
	if err != nil {
		return nil, err
	}
	v.Tasks, v.Open = tasks[:min(5, len(tasks))], len(tasks)
	return view.Overview(v), nil
}

func (s *Server) tiles(c *Call, o id.Org, year day.Period, v *view.OverviewView) error {
	for _, name := range overviewFigures {
		in, ok := s.App.Library().Indicators[name]
		if !ok {
			continue
		}
		f, err := c.Visit.Figure(c.R.Context(), app.FigureQuery{ID: name, Org: o, Period: year})
		if err != nil {
			return err
		}
		v.AsOf, v.AsOfRef = c.T("figure.as_of", "record", c.Base.W.N(int(f.AsOf))), view.RecordPath(f.AsOf)
		tile := view.Tile{Label: c.Say(in.Title), Value: c.counted(f.Indicator, f.Count), Unit: c.Say(in.Unit), Href: s.query(f, year).Path()}
		if f.HasBase {
			tile.Sub = c.share(f) + " " + c.of(f)
		}
		v.Tiles = append(v.Tiles, tile)
	}
	v.Meta = []string{c.period(year)}
	return nil
}

// of says what a figure is a share of.
func (c *Call) of(f app.Figure) string {
	return c.T("figure.of", "base", c.whole(f.Indicator), "value", c.counted(f.Indicator, f.Base))
}

// whole names what an indicator is a share of.
func (c *Call) whole(in indicator.Indicator) string {
	switch {
	case in.Base.Roster:
		return c.T("figure.whole_roster")
	case len(in.Base.Orgs) > 0:
		return c.T("figure.whole_orgs")
	case in.Base.Indicator != "":
		return c.Say(c.s.App.Library().Indicators[in.Base.Indicator].Title)
	}
	return ""
}

// query is the address of a figure.
func (s *Server) query(f app.Figure, p day.Period) view.FigureQuery {
	return view.FigureQuery{ID: f.Indicator.ID, Org: f.Org.ID, From: p.From, To: p.To}
}

// mapAndBars shows one figure for each organisation right below: counties on the
// map, all of them as bars, in the order of the tree.
func (s *Server) mapAndBars(c *Call, o id.Org, year day.Period, v *view.OverviewView) error {
	chosen := c.R.FormValue("figure")
	if !slices.Contains(mapped, chosen) {
		chosen = mapped[0]
	}
	in := s.App.Library().Indicators[chosen]
	v.Measure, v.Note, v.NoteRef = c.Say(in.Title), c.Say(in.Definition), view.FigureQuery{ID: chosen, Org: o, From: year.From, To: year.To}.Path()
	for _, name := range mapped {
		v.Choices = append(v.Choices, view.Tab{Text: c.Say(s.App.Library().Indicators[name].Title), Href: view.With("/overview", "org", o.String(), "figure", name), Current: name == chosen})
	}
	below, err := c.Visit.FigureBelow(c.R.Context(), app.FigureQuery{ID: chosen, Org: o, Period: year})
	if err != nil {
		return err
	}
	shades := c.shade(below)
	m := &view.Map{Title: v.Measure, Scale: shades.labels(c)}
	for _, f := range below {
		if f.HasBase && f.Base == 0 {
			continue
		}
		href := view.With("/overview", "org", f.Org.ID.String())
		if f.Org.Kind.Basic() {
			href = view.Under(view.PathOrg, f.Org.ID.String())
		}
		v.Bars = append(v.Bars, view.BarRow{Name: c.short(f.Org), Href: href, Permille: permille(f), Value: c.share(f), Extra: c.Base.W.N(int(f.Count)) + " / " + c.Base.W.N(int(f.Base))})
		if code := c.Visit.OrgCode(f.Org.ID); len(code) == countyCode {
			m.Areas = append(m.Areas, view.MapArea{Code: code, Name: c.short(f.Org), Value: c.share(f), Shade: shades.of(f), Href: href})
		}
	}
	if len(m.Areas) > 1 {
		v.Map = m
	}
	return nil
}

// countyCode is the length of a county's division code.
const countyCode = 6

// shades divides figures into five classes of equal width.
type shades struct{ low, width int }

// shade looks at what the map shows: organisations with the code of a county.
func (c *Call) shade(all []app.Figure) shades {
	low, high := 1000, 0
	for _, f := range all {
		if f.Base > 0 && len(c.Visit.OrgCode(f.Org.ID)) == countyCode {
			low, high = min(low, permille(f)), max(high, permille(f))
		}
	}
	return shades{min(low, high), max((high-low)/5+1, 1)}
}

func (s shades) of(f app.Figure) int { return min(max((permille(f)-s.low)/s.width+1, 1), 5) }

func (s shades) labels(c *Call) (labels []string) {
	for i := range 5 {
		labels = append(labels, percent(s.low+i*s.width)+"–"+percent(min(s.low+(i+1)*s.width, 1000)))
	}
	return labels
}

// permille is the share of a figure in thousandths.
func permille(f app.Figure) int {
	if f.Base == 0 {
		return 0
	}
	return int(min(f.Count*1000/f.Base, 1000))
}

func percent(permille int) string { return fmt.Sprintf("%d.%d%%", permille/10, permille%10) }

// share writes the share of a figure with two places, rounded half up.
func (c *Call) share(f app.Figure) string {
	if !f.HasBase || f.Base == 0 {
		return ""
	}
	n := (f.Count*100_000/f.Base + 5) / 10
	return fmt.Sprintf("%d.%02d%%", n/100, n%100)
}

// short is the name of an organisation as people say it: without what all have.
func (c *Call) short(o app.OrgRef) string { return shortName(o.Name) }

// trend shows the first figure month by month.
func (s *Server) trend(c *Call, o id.Org, year day.Period, v *view.OverviewView) error {
	name := "theme_day_held"
	trend, err := c.Visit.FigureTrend(c.R.Context(), app.FigureQuery{ID: name, Org: o, Period: year}, indicator.PerMonth)
	if err != nil {
		return err
	}
	in := s.App.Library().Indicators[name]
	v.Trend = view.Chart{ID: "trend", Label: c.Say(in.Title), Unit: "%", Max: 100, Series: []view.Series{{Name: c.Say(in.Title), Line: true}}}
	for _, f := range trend {
		v.Trend.Categories = append(v.Trend.Categories, c.Base.W.MonthName(f.Period.From.Time().Month()))
		v.Trend.Series[0].Values = append(v.Trend.Series[0].Values, view.Decimal(strconv.FormatFloat(float64(permille(f))/10, 'f', 1, 64)))
	}
	v.Source = view.FigureQuery{ID: name, Org: o, From: year.From, To: year.To}.Path()
	return nil
}

// behindRows lists who has still to hold something, to help them.
func (s *Server) behindRows(c *Call, all []app.Behind, most int) (rows []view.BehindRow, late int) {
	for _, b := range all {
		late += b.Bound - b.Done
		for _, m := range b.Missing {
			if len(rows) == most {
				break
			}
			rule, href := c.clause(m.Due.Basis)
			rows = append(rows, view.BehindRow{
				Org: m.Name, Href: view.Under(view.PathOrg, m.ID.String()), Above: shortName(m.Above.Name),
				Duty: c.dutyTitle(b.Obligation, b.Span), Rule: rule, RuleHref: href, Deadline: c.deadline(b.Span.To),
			})
		}
	}
	return rows, late
}

// dutyTitle names an obligation with its span, as 6月 主题党日.
func (c *Call) dutyTitle(ob obligation.Obligation, span day.Period) string {
	return c.T("duty.in", "span", c.span(ob.Per, span), "duty", c.duty(ob))
}

// duty names what an obligation asks for: as the procedure by which it is recorded.
func (c *Call) duty(ob obligation.Obligation) string {
	if p, ok := c.s.App.Library().Latest(ob.Begin); ok && !c.keepsBook(ob) {
		return c.Say(p.Title)
	}
	return c.Say(ob.Title)
}

// span names a month, a quarter or a year.
func (c *Call) span(per indicator.Per, p day.Period) string {
	switch per {
	case indicator.PerYear:
		return c.T("span.year", "year", strconv.Itoa(p.From.Year()))
	case indicator.PerQuarter:
		_, m, _ := p.From.Date()
		return c.T("span.quarter", "year", strconv.Itoa(p.From.Year()), "quarter", strconv.Itoa(int(m-1)/3+1))
	}
	return c.Base.W.Month(p.From)
}

// period writes a period in words.
func (c *Call) period(p day.Period) string {
	return c.T("span.period", "from", c.Base.W.Month(p.From), "to", c.Base.W.Month(p.To))
}

// soon is how many days before a deadline it is marked.
const soon = 3

// deadline says how long there is, or since when it is over.
func (c *Call) deadline(due day.Day) view.Deadline {
	if due == 0 {
		return view.Deadline{}
	}
	d := view.Deadline{Text: c.Base.W.Left(c.Today(), due)}
	switch left := int(due - c.Today()); {
	case left < 0:
		d.Urgency = view.Late
	case left <= soon:
		d.Urgency = view.Soon
	}
	return d
}
