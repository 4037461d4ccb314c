package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// person is the page of one person. Reading it is written down, and the person
// sees who read.
func (s *Server) person(c *Call) (templ.Component, error) {
	page, err := c.Visit.PersonPage(c.R.Context(), c.Person())
	if err != nil {
		return nil, err
	}
	v, err := s.personView(c, page)
	if err != nil {
		return nil, err
	}
	v.Reveal = view.RevealPath(page.ID)
	v.Purposes = c.options(revealPurposes, "")[1:]
	return view.Person(v), nil
}

// revealPurposes is the code table of reasons for which a number is read in full.
const revealPurposes = "reveal_purpose"

// revealedFor is how many seconds numbers stand there in full.
const revealedFor = 30

// reveal is the page of one person with the numbers in full, for half a minute.
func (s *Server) reveal(c *Call) (templ.Component, error) {
	if err := c.form(); err != nil {
		return nil, err
	}
	page, err := c.Visit.Reveal(c.R.Context(), c.Person(), c.R.PostFormValue("purpose"))
	if err != nil {
		return nil, err
	}
	v, err := s.personView(c, page)
	if err != nil {
		return nil, err
	}
	c.W.Header().Set("Refresh", strconv.Itoa(revealedFor)+"; url="+view.Under(view.PathPerson, page.ID.String()))
	return view.Person(v), nil
}

func (s *Server) personView(c *Call, page app.PersonPage) (v view.PersonView, err error) {
	row := s.personRow(c, page.PersonLine, c.Today())
	v = view.PersonView{Base: c.Base, Name: page.Name, Small: row.Sex, Tags: []view.Tag{row.Standing}, Own: page.ID == c.Visit.Me()}
	v.At = view.AtPerson
	v.Crumbs = []view.Crumb{{Text: page.Branch.Name, Href: view.Under(view.PathOrg, page.Branch.ID.String())}, {Text: page.Name}}
	for _, f := range page.Facts {
		if f.Field.Masked {
			v.Numbers = append(v.Numbers, view.Fact{Name: c.Say(f.Field.Title), Text: c.value(f.Field.Codes, f.Value), Href: view.RecordPath(f.Seq)})
			continue
		}
		v.Facts = append(v.Facts, view.Fact{Name: c.Say(f.Field.Title), Text: c.value(f.Field.Codes, f.Value), Href: view.RecordPath(f.Seq)})
	}
	for _, o := range page.Offices {
		v.Offices = append(v.Offices, view.OfficeRow{Role: c.roleTitle(o.Role), Org: o.Org.Name, Href: view.Under(view.PathOrg, o.Org.ID.String()), From: c.Base.W.Day(o.Held.From), To: c.Base.W.Day(o.Held.To)})
	}
	for _, a := range page.Attended[:min(20, len(page.Attended))] {
		v.Meetings = append(v.Meetings, view.AttendedRow{Day: c.Base.W.Day(a.On), Title: c.kindTitle(a.Kind), Href: view.MatterPath(a.Matter), Presence: c.presenceTag(a.Presence.State)})
	}
	for _, e := range page.File {
		v.History = append(v.History, s.entry(c, e))
	}
	v.NoLooks = !v.Own && !c.Visit.MayAnywhere(access.ReadAudit)
	for _, l := range page.Looked {
		v.Looks = append(v.Looks, view.Look{Who: l.Reader.Name, At: c.Base.W.Moment(l.Time.In(s.App.Zone())), Why: c.lookedWhy(l.Purpose)})
	}
	v.Flash = c.doneFlash()
	v.Doing, err = c.personActs(page)
	return v, err
}

// lookedWhy says for what somebody looked: the reason that was given, or what was
// opened.
func (c *Call) lookedWhy(purpose string) string {
	if code, revealed := strings.CutPrefix(purpose, app.Revealed); revealed {
		return c.T("person.looked_full", "why", c.codeTitle(revealPurposes, code))
	}
	switch {
	case strings.Contains(purpose, view.PathMatter+"/"):
		return c.T("person.looked_file")
	case strings.Contains(purpose, view.PathPerson+"/"):
		return c.T("person.looked_page")
	case strings.Contains(purpose, view.PathSearch):
		return c.T("person.looked_search")
	}
	return purpose
}

// masked hides the day of birth and the serial of an ID number, as is the custom.
func masked(number string) string {
	const head, tail = 6, 2
	if len(number) < head+tail {
		return ""
	}
	hidden := make([]byte, 0, len(number))
	for i := range len(number) {
		if i < head || i >= len(number)-tail {
			hidden = append(hidden, number[i])
		} else {
			hidden = append(hidden, '*')
		}
	}
	return string(hidden)
}

func (c *Call) presenceTag(state record.State) view.Tag {
	tone := map[record.State]view.Tone{record.Present: view.Good, record.Leave: view.Mute, record.Absent: view.Warn}[state]
	return view.Tag{Tone: tone, Text: c.T("presence." + string(state))}
}

// value writes one answer as text; table is the code table of a choice.
func (c *Call) value(table string, v record.Value) string {
	switch v := v.(type) {
	case record.Choice:
		if t, ok := c.s.App.Library().Law.Codes[table].Find(string(v)); ok {
			return c.Say(t)
		}
		return string(v)
	case record.Text:
		return string(v)
	case record.Number:
		return c.Base.W.N(int(v))
	case record.Money:
		return money.Fen(v).String()
	case record.Day:
		return c.Base.W.Day(day.Day(v))
	case record.Time:
		return v.String()
	case record.Person:
		return c.Visit.Names([]id.Person{id.Person(v)})[id.Person(v)]
	case record.Org:
		return c.Visit.OrgNames([]id.Org{id.Org(v)})[id.Org(v)]
	case record.Items:
		return c.T("value.rows", "count", strconv.Itoa(len(v)))
	case record.People:
		return c.T("value.people", "count", strconv.Itoa(v.Count(record.Present)))
	case record.Files:
		return c.T("value.files", "count", strconv.Itoa(len(v)))
	}
	return ""
}

// entry draws one record in a trail.
func (s *Server) entry(c *Call, e app.Entry) view.Entry {
	r := e.Record
	seal := s.sealOf(r.Seq, e.Leaf)
	return view.Entry{Day: c.Base.W.MonthDay(r.On), Small: strconv.Itoa(r.On.Year()), Title: c.kindTitle(r.Kind), Href: view.MatterPath(r.Matter),
		LateDays: e.Late, Text: s.summary(c, e), Who: c.T("entry.who", "name", e.Actor.Name, "at", c.Base.W.Moment(r.Time.In(s.App.Zone()))), Seal: &seal}
}

// summary is what a record says in one line: its theme or topic, and who came.
func (s *Server) summary(c *Call, e app.Entry) string {
	for _, name := range []string{"theme", "topic", "name"} {
		if f, ok := e.Step.Field(name); ok {
			if v := e.Record.Fields.Get(name); v != nil {
				return c.value(f.Codes, v)
			}
		}
	}
	return ""
}
