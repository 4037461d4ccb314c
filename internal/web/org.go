package web

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/person"
	"qingfeng/internal/web/view"
)

// org is the page of one organisation, with the tree beside it.
func (s *Server) org(c *Call) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	page, err := c.Visit.OrgPage(c.R.Context(), o, 0)
	if err != nil {
		return nil, err
	}
	v := view.OrgView{Base: c.Base, Crumbs: s.crumbs(page), Name: page.Name, Tree: s.tree(c, page)}
	v.At = view.AtOrg
	kind, _ := s.App.Library().Law.Codes["org_kind"].Find(string(page.Kind))
	v.Tags = []view.Tag{{Tone: view.Line, Text: c.Say(kind)}}
	v.Meta = []string{c.T("org.stands_since", "day", c.Base.W.Day(page.Org.Stands.From))}
	if page.Org.Code != "" {
		v.Meta = append(v.Meta, page.Org.Code)
	}
	if page.Kind.Basic() {
		if err := s.branchHome(c, page, &v); err != nil {
			return nil, err
		}
		if v.Gaps, err = c.gaps(o); err != nil {
			return nil, err
		}
	}
	if v.Below, err = s.orgRows(c, page); err != nil {
		return nil, err
	}
	for _, f := range page.Officers {
		v.Leaders = append(v.Leaders, view.Face{Name: f.Name, Post: c.roleTitle(f.Role), Href: s.personHref(c, f.ID)})
	}
	for _, e := range page.Recent {
		v.Recent = append(v.Recent, s.entry(c, e))
	}
	if v.Facts, err = s.orgFacts(c, page); err != nil {
		return nil, err
	}
	v.AllHref = view.With(view.PathMeeting, "org", o.String())
	v.Tiles = append([]view.Tile{s.memberTile(c, page)}, v.Tiles...)
	v.Flash = c.doneFlash()
	if v.Doing, err = c.orgActs(page); err != nil {
		return nil, err
	}
	if v.Terms, err = c.terms(o); err != nil {
		return nil, err
	}
	return view.Org(v), nil
}

// orgRows are the organisations directly below, with who leads them and with how
// much they are behind.
func (s *Server) orgRows(c *Call, page app.OrgPage) (rows []view.OrgRow, err error) {
	if len(page.Below) == 0 {
		return nil, nil
	}
	late, err := c.Visit.LateBelow(c.R.Context(), page.ID)
	if err != nil {
		return nil, err
	}
	for _, line := range page.Below {
		k, _ := s.App.Library().Law.Codes["org_kind"].Find(string(line.Kind))
		row := view.OrgRow{Name: line.Name, Href: view.Under(view.PathOrg, line.ID.String()), Kind: c.Say(k), Members: c.Base.W.N(line.Members),
			Leader: line.Secretary.Name, Behind: late[line.ID]}
		if line.HasBelow {
			row.Orgs = c.Base.W.N(line.Branches)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// orgFacts are the plain facts of an organisation.
func (s *Server) orgFacts(c *Call, page app.OrgPage) ([]view.Fact, error) {
	facts := []view.Fact{{Name: c.T("org.founded"), Text: c.Base.W.Day(page.Org.Stands.From)}}
	if t, ok := s.App.Library().Law.Codes["sector"].Find(page.Org.Sector); ok {
		facts = append(facts, view.Fact{Name: c.T("org.sector"), Text: c.Say(t)})
	}
	if n := len(page.Path); n > 0 {
		above := page.Path[n-1]
		facts = append(facts, view.Fact{Name: c.T("org.superior"), Text: above.Name, Href: view.Under(view.PathOrg, above.ID.String())})
	}
	known, err := c.Visit.OrgFacts(c.R.Context(), page.ID)
	for _, f := range known {
		if f.Field.ID == "unit" || f.Field.ID == "unit_code" {
			facts = append(facts, view.Fact{Name: c.Say(f.Field.Title), Text: c.value(f.Field.Codes, f.Value), Href: view.RecordPath(f.Seq)})
		}
	}
	return facts, err
}

func (s *Server) memberTile(c *Call, page app.OrgPage) view.Tile {
	t := view.Tile{Label: c.T("org.members"), Value: c.Base.W.N(page.Members + page.Probation), Unit: c.T("unit.people"), Href: view.With(view.PathPerson, "org", page.ID.String())}
	if !page.Kind.Basic() {
		t.Value = c.Base.W.N(c.Visit.Members(page.ID))
	} else if page.Probation > 0 {
		t.Sub = c.T("org.of_whom_probationary", "count", c.Base.W.N(page.Probation))
	}
	return t
}

// branchHome adds what only a branch has: its calendar and its own figures.
func (s *Server) branchHome(c *Call, page app.OrgPage, v *view.OrgView) error {
	cal, err := c.Visit.Calendar(c.R.Context(), page.ID, c.Today())
	if err != nil {
		return err
	}
	v.Year, v.Duties = c.T("org.calendar_of", "year", c.span(indicator.PerYear, cal.Year)), s.calendar(c, cal)
	if page.Manages && c.Visit.May(access.ReadFigure, page.ID) {
		year := day.Period{From: cal.Year.From, To: c.Today()}
		for _, name := range []string{"life_records", "attendances_present", "late_records"} {
			in, ok := s.App.Library().Indicators[name]
			if !ok {
				continue
			}
			f, err := c.Visit.Figure(c.R.Context(), app.FigureQuery{ID: name, Org: page.ID, Period: year})
			if err != nil {
				return err
			}
			v.Tiles = append(v.Tiles, view.Tile{Label: c.Say(in.Title), Value: c.counted(in, f.Count), Unit: c.Say(in.Unit), Sub: c.share(f), Href: s.query(f, year).Path()})
		}
		v.Actions = []view.Action{{Text: c.T("org.record_life"), Href: view.BeginPath("theme_day", page.ID), Icon: "plus", Primary: true}}
	}
	return nil
}

// crumbs lead from the top of what may be seen down to the organisation.
func (s *Server) crumbs(page app.OrgPage) (crumbs []view.Crumb) {
	for _, above := range page.Path {
		crumbs = append(crumbs, view.Crumb{Text: shortName(above.Name), Href: view.Under(view.PathOrg, above.ID.String())})
	}
	return append(crumbs, view.Crumb{Text: page.Name})
}

// tree opens the tree from the heads of what the visitor may see down to the page's
// organisation.
func (s *Server) tree(c *Call, page app.OrgPage) (nodes []view.Node) {
	open := []id.Org{page.ID}
	for _, above := range page.Path {
		open = append(open, above.ID)
	}
	for _, root := range c.Visit.Roots() {
		nodes = append(nodes, s.node(c, app.OrgLine{OrgRef: root}, open, page.ID))
	}
	return nodes
}

// mostNodes is how many organisations of one level the tree shows at once.
const mostNodes = 80

func (s *Server) node(c *Call, line app.OrgLine, open []id.Org, current id.Org) view.Node {
	n := view.Node{Name: shortName(line.Name), Href: view.Under(view.PathOrg, line.ID.String()), Current: line.ID == current}
	if line.Members > 0 {
		n.Count = c.Base.W.N(line.Members)
	}
	if !slices.Contains(open, line.ID) {
		return n
	}
	n.Open = true
	below := s.below(c, line.ID)
	for _, b := range below[:min(mostNodes, len(below))] {
		n.Children = append(n.Children, s.node(c, b, open, current))
	}
	return n
}

func (s *Server) personHref(c *Call, p id.Person) string {
	if !c.Visit.MayPerson(access.ReadPerson, p) {
		return ""
	}
	return view.Under(view.PathPerson, p.String())
}

// people is the roster of an organisation and everything below it.
func (s *Server) people(c *Call) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	page, size := c.page(), 20
	q := app.PeopleQuery{Org: o, Name: c.R.FormValue("q"), Standing: person.Standing(c.R.FormValue("standing")), Offset: (page - 1) * size, Limit: size}
	if text := c.R.FormValue("on"); text != "" {
		if q.On, err = day.Parse(text); err != nil {
			return nil, &fault.Invalid{Field: "on", Why: "form.not_a_day", Value: text}
		}
	}
	found, err := c.Visit.People(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	v := view.PeopleView{Base: c.Base, Org: c.Visit.OrgNames([]id.Org{o})[o], OrgID: o.String(), Q: q.Name, AsOf: c.R.FormValue("on"),
		Heads: view.PeopleHeads(c.Base.W, "", false, false, func(string) string { return "" }), Pager: view.NewPager(found.Total, page, size, c.R.URL.Path, c.R.URL.Query())}
	v.At = view.AtPerson
	v.Actions = c.registerAction(o)
	v.Meta = []string{c.T("people.count", "count", c.Base.W.N(found.Total))}
	if q.On != 0 {
		v.Meta = append(v.Meta, c.T("people.on", "day", c.Base.W.Day(q.On)))
	}
	v.Standing = c.options("standing", c.R.FormValue("standing"))
	for _, l := range found.Lines {
		v.Rows = append(v.Rows, s.personRow(c, l, found.On))
	}
	return view.People(v), nil
}

// registerAction is the button by which somebody is registered, if the visitor may
// register anybody anywhere below.
func (c *Call) registerAction(o id.Org) []view.Action {
	p, ok := c.s.App.Library().Procedure(personFile, c.Today())
	if !ok || !c.Visit.MayTake(p, app.MeetingStep(p), o) {
		return nil
	}
	return []view.Action{{Text: c.T("people.register"), Href: view.BeginPath(p.ID, o), Icon: "plus", Primary: true}}
}

func (s *Server) personRow(c *Call, l app.PersonLine, on day.Day) view.PersonRow {
	standing, _ := s.App.Library().Law.Codes["standing"].Find(string(l.Standing))
	sex, _ := s.App.Library().Law.Codes["sex"].Find(string(l.Sex))
	row := view.PersonRow{Name: l.Name, Href: s.personHref(c, l.ID), Org: l.Branch.Name, Sex: c.Say(sex), Standing: view.Tag{Tone: view.Line, Text: c.Say(standing)}, Joined: c.Base.W.Day(l.Joined)}
	if l.Full != 0 {
		row.Years = c.T("person.years_n", "n", strconv.Itoa(wholeYears(l.Full, on)))
	}
	if len(l.Roles) > 0 {
		row.Post = c.roleTitle(l.Roles[0])
	}
	return row
}

// wholeYears returns how many years have passed in full since a day.
func wholeYears(since, today day.Day) int {
	n := today.Year() - since.Year()
	if since.AddYears(n) > today {
		n--
	}
	return max(0, n)
}

// options are the rows of a code table, the first one being every code.
func (c *Call) options(table, chosen string) []view.Option {
	all := []view.Option{{Text: c.T("filter.all"), Selected: chosen == ""}}
	for _, code := range c.s.App.Library().Law.Codes[table].Values {
		all = append(all, view.Option{Value: code.Code, Text: c.Base.W.Pick(code.ZH, code.EN), Selected: code.Code == chosen})
	}
	return all
}
