package api

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// People is one page of a roster.
type People struct {
	On     day.Day      `json:"on"`
	Total  int          `json:"total"`
	Offset int          `json:"offset"`
	People []PersonLine `json:"people"`
}

// PersonLine is one person in a list.
type PersonLine struct {
	Ref
	Branch   Ref      `json:"branch,omitzero"`
	Standing string   `json:"standing"`
	Since    day.Day  `json:"since,omitzero"`
	Roles    []string `json:"roles"`
}

// Person is the page of one person.
type Person struct {
	PersonLine
	Facts   []Fact       `json:"facts"`
	Offices []HeldOffice `json:"offices"`
	File    []Entry      `json:"file"`
	Looked  []Reading    `json:"looked"` // empty unless the owner of the token may know
}

// Fact is one thing known of a person, and by which record.
type Fact struct {
	Field string         `json:"field"`
	Title string         `json:"title"`
	Value jsontext.Value `json:"value"`
	Seq   int64          `json:"seq"`
}

// Reading says who looked at the details of a person.
type Reading struct {
	Reader  Ref       `json:"reader"`
	Time    time.Time `json:"time"`
	Purpose string    `json:"purpose"`
}

func (c *call) people() (People, error) {
	offset := int(c.number("offset"))
	page, err := c.visit.People(c.r.Context(), app.PeopleQuery{
		Org: c.org(), On: c.day("on"), Name: c.text("name"), Standing: person.Standing(c.text("standing")), Offset: offset, Limit: c.limit(),
	})
	if err != nil {
		return People{}, err
	}
	return People{On: page.On, Total: page.Total, Offset: offset, People: personLines(page.Lines)}, nil
}

func personLines(lines []app.PersonLine) (all []PersonLine) {
	for _, l := range lines {
		all = append(all, personLine(l))
	}
	return all
}

func personLine(l app.PersonLine) PersonLine {
	line := PersonLine{Ref: personRef(l.PersonRef), Standing: string(l.Standing), Since: l.Since, Roles: l.Roles}
	if l.Branch.ID != 0 {
		line.Branch = orgRef(l.Branch)
	}
	return line
}

func (c *call) personPage() (Person, error) {
	page, err := c.visit.PersonPage(c.r.Context(), c.person())
	if err != nil {
		return Person{}, err
	}
	p := Person{PersonLine: personLine(page.PersonLine), File: c.entries(page.File)}
	for _, f := range page.Facts {
		p.Facts = append(p.Facts, Fact{f.Field.ID, c.say(f.Field.Title), value(f.Value), f.Seq})
	}
	for _, f := range page.Offices {
		p.Offices = append(p.Offices, HeldOffice{Org: orgRef(f.Org), Role: f.Role, Title: c.role(f.Role), From: f.Held.From, To: f.Held.To})
	}
	for _, l := range page.Looked {
		p.Looked = append(p.Looked, Reading{personRef(l.Reader), l.Time, l.Purpose})
	}
	return p, nil
}

// value spells one value with its type, as in a record: {"money":"30.00"}.
func value(v record.Value) jsontext.Value {
	b := record.Of(record.F("v", v)).Append(nil)
	return b[len(`{"v":`) : len(b)-1]
}
