package web

import (
	"maps"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// reviewed are the procedures of the second register: organisation-life meetings
// and appraisals, which have pages of their own.
var reviewed = []string{"life_meeting", "appraisal"}

// lifeArea is the area whose matters are meetings.
const lifeArea = "life"

// meetingsListed is how many rows a register shows at once.
const meetingsListed = 20

// meetings is the register of theme days and the other meetings.
func (s *Server) meetings(c *Call) (templ.Component, error) {
	kinds := slices.DeleteFunc(s.lifeProcedures(c), func(p procedure.Procedure) bool { return slices.Contains(reviewed, p.ID) })
	return s.register(c, view.AtMeeting, view.PathMeeting, kinds)
}

// reviews is the register of organisation-life meetings and appraisals.
func (s *Server) reviews(c *Call) (templ.Component, error) {
	kinds := slices.DeleteFunc(s.lifeProcedures(c), func(p procedure.Procedure) bool { return !slices.Contains(reviewed, p.ID) })
	return s.register(c, view.AtLife, view.PathLife, kinds)
}

// lifeProcedures are the procedures of organisation life in force today.
func (s *Server) lifeProcedures(c *Call) (all []procedure.Procedure) {
	for _, name := range slices.Sorted(maps.Keys(s.App.Library().Procedures)) {
		if p, ok := s.App.Library().Procedure(name, c.Today()); ok && p.Area == lifeArea && p.Subject == "" {
			all = append(all, p)
		}
	}
	return all
}

func (s *Server) register(c *Call, at view.Section, path string, kinds []procedure.Procedure) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	f := c.registerFilter(o, kinds)
	found, err := c.Visit.Meetings(c.R.Context(), f.query)
	if err != nil {
		return nil, err
	}
	v := view.MeetingsView{Base: c.Base, Scope: c.Visit.OrgNames([]id.Org{o})[o]}
	v.At = at
	v.Kinds, v.Months, v.Only = c.kindOptions(kinds), c.monthOptions(f.basic), c.onlyOptions()
	v.Orgs = c.orgOptions(s, o)
	v.Chips = f.chips(c, path)
	for _, m := range found.Meetings {
		v.Rows = append(v.Rows, s.meetingRow(c, m))
	}
	total := f.query.Offset + len(found.Meetings)
	if found.More {
		total++
	}
	v.Pager = view.NewPager(total, c.page(), meetingsListed, path, f.values)
	v.Begin = c.begins(o, kinds)
	return view.Meetings(v), nil
}

// A registerFilter is what a register shows alone.
type registerFilter struct {
	query  app.MeetingQuery
	values url.Values
	basic  bool
	from   day.Day
}

// registerFilter reads the filter of a register. A branch shows the whole year
// unless a month is chosen; above a branch it is a month at a time.
func (c *Call) registerFilter(o id.Org, kinds []procedure.Procedure) registerFilter {
	f := registerFilter{values: url.Values{}}
	f.query = app.MeetingQuery{Org: o, Limit: meetingsListed, Offset: (c.page() - 1) * meetingsListed}
	for _, name := range []string{"kind", "month", "org", "only"} {
		if v := c.R.FormValue(name); v != "" {
			f.values.Set(name, v)
		}
	}
	lines, err := c.Visit.Below(o)
	f.basic = err == nil && len(lines) == 0
	f.query.During = day.Period{From: c.Today() - 31, To: c.Today()}
	if f.basic {
		f.query.During.From = c.Today().AddYears(-1)
	}
	if d, err := day.Parse(f.values.Get("month") + "-01"); err == nil {
		f.query.During, f.from = d.Month(), d
	} else {
		f.values.Del("month")
	}
	for _, p := range kinds {
		if chosen := f.values.Get("kind"); chosen == "" || chosen == p.ID {
			f.query.Kinds = append(f.query.Kinds, p.ID)
		}
	}
	f.query.Late, f.query.Asked = f.values.Get("only") == "late", f.values.Get("only") == "asked"
	return f
}

// chips are the conditions in force, each with the page without it.
func (f registerFilter) chips(c *Call, path string) (chips []view.Chip) {
	without := func(name string) string {
		left := maps.Clone(f.values)
		left.Del(name)
		if len(left) == 0 {
			return path
		}
		return path + "?" + left.Encode()
	}
	if name := f.values.Get("kind"); name != "" {
		if p, ok := c.s.App.Library().Latest(name); ok {
			chips = append(chips, view.Chip{Text: c.Say(p.Title), Href: without("kind")})
		}
	}
	if f.from != 0 {
		chips = append(chips, view.Chip{Text: c.Base.W.Month(f.from), Href: without("month")})
	}
	switch {
	case f.query.Late:
		chips = append(chips, view.Chip{Text: c.T("meeting.only_late"), Href: without("only")})
	case f.query.Asked:
		chips = append(chips, view.Chip{Text: c.T("meeting.only_asked"), Href: without("only")})
	}
	return chips
}

func (c *Call) kindOptions(kinds []procedure.Procedure) []view.Option {
	all := []view.Option{{Text: c.T("filter.all")}}
	for _, p := range kinds {
		all = append(all, view.Option{Value: p.ID, Text: c.Say(p.Title), Selected: c.R.FormValue("kind") == p.ID})
	}
	return all
}

// monthOptions are the last twelve months. The first choice is all of the year for
// a branch, and the last month for everybody above.
func (c *Call) monthOptions(basic bool) []view.Option {
	first := c.T("meeting.last_month")
	if basic {
		first = c.T("meeting.last_year")
	}
	all := []view.Option{{Text: first}}
	for i := range 12 {
		d := c.Today().Month().From.AddMonths(-i)
		value := d.String()[:len("2006-01")]
		all = append(all, view.Option{Value: value, Text: c.Base.W.Month(d), Selected: c.R.FormValue("month") == value})
	}
	return all
}

func (c *Call) onlyOptions() []view.Option {
	only := c.R.FormValue("only")
	return []view.Option{
		{Text: c.T("filter.all")},
		{Value: "late", Text: c.T("meeting.only_late"), Selected: only == "late"},
		{Value: "asked", Text: c.T("meeting.only_asked"), Selected: only == "asked"},
	}
}

// orgOptions are the organisation itself and those right below it.
func (c *Call) orgOptions(s *Server, o id.Org) []view.Option {
	lines := s.below(c, o)
	if len(lines) == 0 {
		return nil
	}
	all := []view.Option{{Value: o.String(), Text: c.Visit.OrgNames([]id.Org{o})[o], Selected: true}}
	for _, l := range lines {
		all = append(all, view.Option{Value: l.ID.String(), Text: l.Name})
	}
	return all
}

// begins are the procedures that the visitor may begin for o.
func (c *Call) begins(o id.Org, kinds []procedure.Procedure) (begins []view.Begin) {
	for _, p := range kinds {
		if c.Visit.MayTake(p, app.MeetingStep(p), o) {
			begins = append(begins, view.Begin{Title: c.Say(p.Title), Href: view.BeginPath(p.ID, o)})
		}
	}
	return begins
}

func (s *Server) meetingRow(c *Call, m app.Meeting) view.MeetingRow {
	r := m.Record
	row := view.MeetingRow{Matter: m.Matter, Kind: c.Say(m.Procedure.Title), Org: m.Org.Name, Day: r.On, LateDays: m.Late, Questions: m.Questions, Seal: s.sealOf(r.Seq, m.Leaf)}
	if c.Visit.May(access.ReadOrg, m.Org.ID) {
		row.OrgHref = view.Under(view.PathOrg, m.Org.ID.String())
	}
	row.Theme = s.summary(c, app.Entry{Record: r, Step: m.Step})
	row.Present, row.Due = r.Fields.People("attended").Count(record.Present), int(r.Fields.Number("due"))
	switch {
	case !m.Held:
		row.State = view.MeetingPlanned
		if d := r.Fields.Day("day"); d != 0 {
			row.Day = d
		}
	case m.Closed:
		row.State = view.MeetingFiled
	default:
		row.State = view.MeetingHeld
	}
	return row
}
