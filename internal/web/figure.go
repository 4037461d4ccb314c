package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/money"
	"qingfeng/internal/web/view"
)

// asked reads which figure, of whom, in what period and as of which record the
// address asks for. Without a period it is the last twelve months.
func (c *Call) figureQuery(name string) (app.FigureQuery, error) {
	o, err := c.Org()
	if err != nil {
		return app.FigureQuery{}, err
	}
	q := app.FigureQuery{ID: name, Org: o, Period: day.Period{From: c.Today().AddMonths(-11).Month().From, To: c.Today()}}
	for param, into := range map[string]*day.Day{"from": &q.Period.From, "to": &q.Period.To} {
		d, err := day.Parse(c.R.FormValue(param))
		if err != nil {
			return q, &fault.Invalid{Field: param, Why: "form.not_a_day", Value: c.R.FormValue(param)}
		}
		if d != 0 {
			*into = d
		}
	}
	if text := c.R.FormValue("asof"); text != "" {
		if q.AsOf, err = strconv.ParseInt(text, 10, 64); err != nil || q.AsOf < 1 {
			return q, &fault.Invalid{Field: "asof", Why: "form.not_a_number", Value: text}
		}
	}
	return q, nil
}

// address is the link to a figure as q asks for it.
func address(q app.FigureQuery) view.FigureQuery {
	return view.FigureQuery{ID: q.ID, Org: q.Org, From: q.Period.From, To: q.Period.To, AsOf: q.AsOf}
}

// scope lets the reader choose organisation, period and moment.
func (s *Server) scope(c *Call, action string, q app.FigureQuery, asOf int64) view.FigureScope {
	v := view.FigureScope{Action: action, From: q.Period.From, To: q.Period.To, AsOf: asOf, Fixed: q.AsOf != 0}
	if r, err := s.App.Record(c.R.Context(), asOf); err == nil {
		v.Time = r.Time.In(s.App.Zone())
	}
	newest := q
	newest.AsOf = 0
	v.Newest = address(newest).Path()
	v.Orgs = append(v.Orgs, view.Option{Value: q.Org.String(), Text: c.Visit.OrgNames([]id.Org{q.Org})[q.Org], Selected: true})
	for _, b := range s.below(c, q.Org) {
		v.Orgs = append(v.Orgs, view.Option{Value: b.ID.String(), Text: shortName(b.Name)})
	}
	for _, p := range []struct {
		key    string
		period day.Period
	}{{"month", c.Today().Month()}, {"quarter", c.Today().Quarter()}, {"year", c.Today().CalendarYear()}} {
		one := q
		one.Period = day.Period{From: p.period.From, To: min(p.period.To, c.Today())}
		v.Quick = append(v.Quick, view.Tab{Text: c.T("span.this_" + p.key), Href: address(one).Path(), Current: one.Period == q.Period})
	}
	return v
}

// figures lists every figure of an organisation by topic.
func (s *Server) figures(c *Call) (templ.Component, error) {
	q, err := c.figureQuery("")
	if err != nil {
		return nil, err
	}
	v := view.FiguresView{Base: c.Base, Org: c.Visit.OrgNames([]id.Org{q.Org})[q.Org], Period: c.period(q.Period), Checks: view.PathChecks}
	v.At = view.AtFigure
	asOf := int64(0)
	for _, in := range s.ordered() {
		q.ID = in.ID
		f, err := c.Visit.Figure(c.R.Context(), q)
		if err != nil {
			return nil, err
		}
		asOf = f.AsOf
		topic := c.T("topic." + in.Topic)
		if n := len(v.Topics); n == 0 || v.Topics[n-1].Title != topic {
			v.Topics = append(v.Topics, view.FigureTopic{Title: topic})
		}
		t := &v.Topics[len(v.Topics)-1]
		t.Figures = append(t.Figures, s.figureLine(c, f, q))
	}
	v.Scope = s.scope(c, view.PathFigure, q, asOf)
	return view.Figures(v), nil
}

// ordered returns the indicators by topic and name.
func (s *Server) ordered() (all []indicator.Indicator) {
	for _, in := range s.App.Library().Indicators {
		all = append(all, in)
	}
	slices.SortFunc(all, func(a, b indicator.Indicator) int {
		if a.Topic != b.Topic {
			return strings.Compare(a.Topic, b.Topic)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

func (s *Server) figureLine(c *Call, f app.Figure, q app.FigureQuery) view.FigureLine {
	line := view.FigureLine{Title: c.Say(f.Indicator.Title), Value: c.counted(f.Indicator, f.Count), Unit: c.Say(f.Indicator.Unit), Href: address(q).Path(),
		Share: c.share(f), Permille: permille(f)}
	if f.HasBase {
		line.Of = c.of(f)
	}
	return line
}

// counted writes what an indicator came to: a number, or for money an amount in yuan.
func (c *Call) counted(in indicator.Indicator, n int64) string {
	if in.Money {
		return money.Fen(n).String()
	}
	return c.Base.W.N(int(n))
}

// figure is one figure with everything it opens to.
func (s *Server) figure(c *Call) (templ.Component, error) {
	if name, kind, file := strings.Cut(c.R.PathValue("figure"), "."); file && (kind == "csv" || kind == "xlsx") {
		return s.exportFigure(c, name, kind)
	}
	q, err := c.figureQuery(c.R.PathValue("figure"))
	if err != nil {
		return nil, err
	}
	f, err := c.Visit.Figure(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	v := view.FigureView{
		Base: c.Base, Query: address(q), Title: c.Say(f.Indicator.Title), Org: f.Org.Name, Period: c.period(q.Period),
		Scope: s.scope(c, view.Under(view.PathFigure, q.ID), q, f.AsOf), Value: c.counted(f.Indicator, f.Count), Unit: c.Say(f.Indicator.Unit),
		Share: c.share(f), Permille: permille(f), Definition: c.Say(f.Indicator.Definition),
	}
	v.At = view.AtFigure
	v.MayExport = c.Visit.May(access.Export, q.Org)
	if f.HasBase {
		v.Whole, v.WholeValue = c.whole(f.Indicator), c.counted(f.Indicator, f.Base)
	}
	for _, b := range f.Indicator.Basis {
		text, href := c.clause(b)
		v.Basis = append(v.Basis, view.TextLink{Text: text, Href: href})
	}
	if err := s.figureOpens(c, f, q, &v); err != nil {
		return nil, err
	}
	return view.Figure(v), nil
}

// figureOpens adds what a figure opens to: those below, the spans, the lists.
func (s *Server) figureOpens(c *Call, f app.Figure, q app.FigureQuery, v *view.FigureView) error {
	if f.Indicator.Measure.FromRecords() {
		count := int(f.Count)
		if f.Indicator.Measure == indicator.Sum {
			count = view.Uncounted // the sum says nothing of how many records there are
		}
		v.Lists = append(v.Lists, view.FigureList{Title: c.T("figure.records"), Count: count, Icon: "file-text", Href: address(q).Records()})
	}
	if f.Indicator.Measure.Sets() {
		v.Lists = append(v.Lists, view.FigureList{Title: c.T("figure.one_by_one"), Count: int(f.Count), Icon: "users", Href: address(q).People()})
		if f.HasBase {
			v.Lists = append(v.Lists, view.FigureList{Title: c.T("figure.who_is_missing"), Count: int(max(f.Base-f.Count, 0)), Icon: "triangle-alert", Warn: f.Base > f.Count, Href: address(q).Missing()})
		}
		for _, in := range s.ordered() {
			if in.ID != q.ID && in.Measure.Sets() && in.Measure.OfPeople() == f.Indicator.Measure.OfPeople() {
				v.Others = append(v.Others, view.Option{Value: in.ID, Text: c.Say(in.Title)})
			}
		}
	}
	below, err := c.Visit.FigureBelow(c.R.Context(), q)
	if err != nil {
		return err
	}
	m := &view.Map{Title: v.Title}
	classes := c.shade(below)
	m.Scale = classes.labels(c)
	for _, b := range below {
		one := q
		one.Org = b.Org.ID
		row := view.FigureRow{Org: shortName(b.Org.Name), Href: address(one).Path(), Value: c.counted(b.Indicator, b.Count), Share: c.share(b), Permille: permille(b)}
		if b.HasBase {
			row.Of = c.counted(b.Indicator, b.Base)
			if f.Indicator.Measure.Sets() && b.Base > b.Count {
				row.Missing, row.MissHref = int(b.Base-b.Count), address(one).Missing()
			}
		}
		v.Below = append(v.Below, row)
		if code := c.Visit.OrgCode(b.Org.ID); len(code) == countyCode && b.HasBase {
			m.Areas = append(m.Areas, view.MapArea{Code: code, Name: shortName(b.Org.Name), Value: c.share(b), Shade: classes.of(b), Href: row.Href})
		}
	}
	if len(m.Areas) > 1 {
		v.Map = m
	}
	return s.figureTrend(c, f, q, v)
}

func (s *Server) figureTrend(c *Call, f app.Figure, q app.FigureQuery, v *view.FigureView) error {
	trend, err := c.Visit.FigureTrend(c.R.Context(), q, indicator.PerMonth)
	if err != nil || len(trend) < 2 {
		return err
	}
	chart := &view.Chart{ID: "trend", Label: v.Title, Unit: v.Unit, Series: []view.Series{{Name: v.Title}}}
	for _, one := range trend {
		chart.Categories = append(chart.Categories, c.Base.W.MonthName(one.Period.From.Time().Month()))
		value := strconv.FormatInt(one.Count, 10)
		if f.Indicator.Money {
			value = money.Fen(one.Count).String()
		}
		chart.Series[0].Values = append(chart.Series[0].Values, view.Decimal(value))
	}
	v.Trend = chart
	return nil
}

// listed is how many rows one page of a list shows.
const listed = 50

func (s *Server) figureMissing(c *Call) (templ.Component, error) {
	return s.figureSet(c, c.T("figure.who_is_missing"), func(q app.FigureQuery) (*roaring.Bitmap, error) { return c.Visit.FigureMissing(c.R.Context(), q) })
}

func (s *Server) figureCounted(c *Call) (templ.Component, error) {
	return s.figureSet(c, c.T("figure.one_by_one"), func(q app.FigureQuery) (*roaring.Bitmap, error) { return c.Visit.FigureSet(c.R.Context(), q) })
}

// figureSet lists a set of people or organisations, a page at a time.
func (s *Server) figureSet(c *Call, title string, read func(app.FigureQuery) (*roaring.Bitmap, error)) (templ.Component, error) {
	q, err := c.figureQuery(c.R.PathValue("figure"))
	if err != nil {
		return nil, err
	}
	set, err := read(q)
	if err != nil {
		return nil, err
	}
	in := s.App.Library().Indicators[q.ID]
	v := s.counted(c, q, title+" "+c.Say(in.Title))
	s.fillSet(c, &v, in, set)
	return view.Counted(v), nil
}

func (s *Server) counted(c *Call, q app.FigureQuery, title string) view.CountedView {
	v := view.CountedView{Base: c.Base, Title: title, Meta: []string{c.Visit.OrgNames([]id.Org{q.Org})[q.Org], c.period(q.Period)},
		Scope: s.scope(c, c.R.URL.Path, q, max(q.AsOf, 1)), Crumbs: []view.Crumb{{Text: c.Say(s.App.Library().Indicators[q.ID].Title), Href: address(q).Path()}, {Text: title}}}
	v.At = view.AtFigure
	return v
}

// fillSet puts one page of a set into the view.
func (s *Server) fillSet(c *Call, v *view.CountedView, in indicator.Indicator, set *roaring.Bitmap) {
	total, page := int(set.GetCardinality()), c.page()
	v.Pager = view.NewPager(total, page, listed, c.R.URL.Path, c.R.URL.Query())
	v.Meta = append(v.Meta, c.T("figure.count", "count", c.Base.W.N(total)))
	numbers := make([]uint32, 0, listed)
	it := set.Iterator()
	it.AdvanceIfNeeded(nth(set, (page-1)*listed))
	for it.HasNext() && len(numbers) < listed {
		numbers = append(numbers, it.Next())
	}
	if in.Measure.OfPeople() {
		v.Sort = view.CountedPeople
		for _, l := range c.Visit.PersonLines(numbers) {
			v.People = append(v.People, view.CountedPerson{Name: l.Name, Href: s.personHref(c, l.ID), Org: l.Branch.Name, OrgHref: view.Under(view.PathOrg, l.Branch.ID.String())})
		}
		return
	}
	v.Sort = view.CountedOrgs
	for _, l := range c.Visit.OrgsAbove(numbers) {
		v.Orgs = append(v.Orgs, view.CountedOrg{Name: l.Name, Href: view.Under(view.PathOrg, l.ID.String()), Above: shortName(l.Above.Name)})
	}
}

// nth returns the n-th number of a set, or a number beyond it.
func nth(set *roaring.Bitmap, n int) uint32 {
	at, err := set.Select(uint32(n))
	if err != nil {
		return ^uint32(0)
	}
	return at
}

// figureRecords lists the records behind a figure.
func (s *Server) figureRecords(c *Call) (templ.Component, error) {
	q, err := c.figureQuery(c.R.PathValue("figure"))
	if err != nil {
		return nil, err
	}
	after, _ := strconv.ParseInt(c.R.FormValue("after"), 10, 64)
	lines, err := c.Visit.FigureRecords(c.R.Context(), q, after, listed)
	if err != nil {
		return nil, err
	}
	v := s.counted(c, q, c.T("figure.records_of", "figure", c.Say(s.App.Library().Indicators[q.ID].Title)))
	v.Sort = view.CountedRecords
	for _, l := range lines {
		v.Records = append(v.Records, view.CountedRecord{Seq: l.Seq, Href: view.MatterPath(l.Matter), Day: l.On, Title: c.kindTitle(l.Kind), Org: l.Org.Name, LateDays: l.Late, Seal: s.sealOf(l.Seq, l.Leaf)})
	}
	v.Pager = view.NewPager(len(lines), 1, listed, c.R.URL.Path, c.R.URL.Query())
	return view.Counted(v), nil
}

// figureMinus lists who is in one figure and not in another.
func (s *Server) figureMinus(c *Call) (templ.Component, error) {
	q, err := c.figureQuery(c.R.PathValue("figure"))
	if err != nil {
		return nil, err
	}
	other := q
	other.ID = c.R.PathValue("other")
	in, with := s.App.Library().Indicators[q.ID], s.App.Library().Indicators[other.ID]
	if !in.Measure.Sets() || !with.Measure.Sets() || in.Measure.OfPeople() != with.Measure.OfPeople() {
		return nil, fault.NotFound
	}
	a, err := c.Visit.FigureSet(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	b, err := c.Visit.FigureSet(c.R.Context(), other)
	if err != nil {
		return nil, err
	}
	left := roaring.AndNot(a, b)
	v := s.counted(c, q, c.T("figure.minus", "a", c.Say(in.Title), "b", c.Say(with.Title)))
	v.Minus = &view.MinusHead{
		A: view.TextLink{Text: c.Say(in.Title), Href: address(q).Path()}, B: view.TextLink{Text: c.Say(with.Title), Href: address(other).Path()},
		ACount: int(a.GetCardinality()), BCount: int(b.GetCardinality()), Both: int(a.AndCardinality(b)), Left: int(left.GetCardinality()), Swap: address(other).Minus(q.ID),
	}
	s.fillSet(c, &v, in, left)
	return view.Counted(v), nil
}
