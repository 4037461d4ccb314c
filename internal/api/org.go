package api

import (
	"cmp"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
)

// Ref names an organisation or a person.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind,omitzero"` // of an organisation
}

func orgRef(o app.OrgRef) Ref       { return Ref{o.ID.String(), o.Name, string(o.Kind)} }
func personRef(p app.PersonRef) Ref { return Ref{ID: p.ID.String(), Name: p.Name} }

// Organisation is one organisation on a day.
type Organisation struct {
	Ref
	On        day.Day      `json:"on"`
	Level     string       `json:"level,omitzero"`
	Code      string       `json:"code,omitzero"`
	Founded   day.Day      `json:"founded"`
	Dissolved day.Day      `json:"dissolved,omitzero"`
	Path      []Ref        `json:"path"` // from the top down
	Below     []OrgLine    `json:"below"`
	Officers  []HeldOffice `json:"officers"`
	Members   int          `json:"members"`
	Probation int          `json:"probationary"`
}

// OrgLine is one organisation in a list.
type OrgLine struct {
	Ref
	HasBelow bool `json:"has_below"`
	Branches int  `json:"branches"`
	Members  int  `json:"members"` // with probationary members, and with everything below
}

// HeldOffice is an office, and who holds it or where.
type HeldOffice struct {
	Person Ref     `json:"person,omitzero"`
	Org    Ref     `json:"org,omitzero"`
	Role   string  `json:"role"`
	Title  string  `json:"title"`
	From   day.Day `json:"from"`
	To     day.Day `json:"to,omitzero"`
}

func (c *call) organisation() (Organisation, error) {
	page, err := c.visit.OrgPage(c.r.Context(), c.org(), c.day("on"))
	if err != nil {
		return Organisation{}, err
	}
	o := Organisation{Ref: orgRef(page.OrgRef), On: page.On, Level: page.Org.Level, Code: page.Org.Code,
		Founded: page.Org.Stands.From, Dissolved: page.Org.Stands.To, Below: orgLines(page.Below), Members: page.Members, Probation: page.Probation}
	for _, above := range page.Path {
		o.Path = append(o.Path, orgRef(above))
	}
	for _, f := range page.Officers {
		o.Officers = append(o.Officers, HeldOffice{Person: personRef(f.PersonRef), Role: f.Role, Title: c.role(f.Role), From: f.Held.From, To: f.Held.To})
	}
	return o, nil
}

func (c *call) role(id string) string { return c.say(c.s.App.Library().Law.Roles[id].Title) }

func (c *call) below() ([]OrgLine, error) {
	lines, err := c.visit.Below(c.org())
	return orgLines(lines), err
}

func orgLines(lines []app.OrgLine) (all []OrgLine) {
	for _, l := range lines {
		all = append(all, OrgLine{orgRef(l.OrgRef), l.HasBelow, l.Branches, l.Members})
	}
	return all
}

// Calendar is the year of one organisation.
type Calendar struct {
	Org         Ref          `json:"org"`
	From        day.Day      `json:"from"`
	To          day.Day      `json:"to"`
	Obligations []Obligation `json:"obligations"`
}

// Obligation is one thing that is to be held, span by span.
type Obligation struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Spans []Due  `json:"spans"`
}

// Due is one obligation in one span.
type Due struct {
	From   day.Day   `json:"from"`
	To     day.Day   `json:"to"`
	Times  int       `json:"times"`
	Held   []day.Day `json:"held"`
	Status string    `json:"status"`
	Rule   string    `json:"rule"`
	Clause string    `json:"clause,omitzero"`
}

func (c *call) calendar() (Calendar, error) {
	cal, err := c.visit.Calendar(c.r.Context(), c.org(), cmp.Or(c.day("in"), c.visit.Today()))
	if err != nil {
		return Calendar{}, err
	}
	out := Calendar{Org: orgRef(cal.Org), From: cal.Year.From, To: cal.Year.To}
	for _, row := range cal.Rows {
		ob := Obligation{ID: row.Obligation.ID, Title: c.say(row.Obligation.Title)}
		for _, d := range row.Dues {
			ob.Spans = append(ob.Spans, Due{d.Span.From, d.Span.To, d.Times, d.Held, string(d.Status), d.Rule, d.Basis})
		}
		out.Obligations = append(out.Obligations, ob)
	}
	return out, nil
}
