package app

import (
	"context"
	"slices"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A PeopleQuery selects people of a roster.
type PeopleQuery struct {
	Org      id.Org          // and everything below it
	On       day.Day         // 0: today
	Name     string          // part of the name, also in Latin letters, or "" for all
	Standing person.Standing // or "" for members and probationary members
	Offset   int
	Limit    int // 0: 20
}

// A PeoplePage is one page of a roster.
type PeoplePage struct {
	On    day.Day
	Total int
	Lines []PersonLine
}

// A PersonLine is one person in a list.
type PersonLine struct {
	PersonRef
	Branch   OrgRef
	Group    int
	Standing person.Standing
	Sex      byte
	Since    day.Day // of the standing
	Joined   day.Day // when the Party admitted the person as probationary or full member; 0: not known
	Full     day.Day // when the person became a full member: party age counts from here; 0: not known
	Roles    []string
}

// People returns a page of the roster of q.Org.
func (v *Visit) People(_ context.Context, q PeopleQuery) (page PeoplePage, err error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	if q.On == 0 {
		q.On = v.today
	}
	if !v.May(access.ListPeople, q.Org) {
		return PeoplePage{}, fault.NotFound
	}
	page.On = q.On
	w := want(q.Name)
	v.app.read(func(g *register.Register) {
		g.Tree().Walk(q.Org, q.On, func(o org.Org) bool {
			for _, n := range g.Ever(o.ID) {
				p, _ := g.Person(n)
				if !q.selects(p, o.ID) || w.words != "" && !v.named(w, p) {
					continue
				}
				if page.Total >= q.Offset && len(page.Lines) < q.Limit {
					page.Lines = append(page.Lines, personLine(g, p, q.On))
				}
				page.Total++
			}
			return true
		})
	})
	return page, nil
}

func (q PeopleQuery) selects(p *person.Person, o id.Org) bool {
	m, ok := p.Membership(q.On)
	if !ok || m.Org != o {
		return false
	}
	s := p.Standing(q.On)
	return (q.Standing == s || q.Standing == "" && s.OnRoster())
}

// named reports whether p has a name like the one wanted.
func (v *Visit) named(w wanted, p *person.Person) bool {
	_, ok := w.in(p.Name, v.app.spelled.personName(p.ID))
	return ok
}

func personLine(g *register.Register, p *person.Person, on day.Day) PersonLine {
	line := PersonLine{PersonRef: PersonRef{p.ID, p.Name}, Standing: p.Standing(on), Sex: p.Sex}
	if m, ok := p.Membership(on); ok {
		line.Branch, line.Group = orgOn(g, m.Org, on), m.Group
	}
	for _, s := range p.Stands {
		if s.From > on {
			break
		}
		line.Since = s.From
		if line.Joined == 0 && s.Standing.OnRoster() {
			line.Joined = s.From
		}
		if line.Full == 0 && s.Standing == person.Member {
			line.Full = s.From
		}
	}
	for _, f := range p.OfficesOn(on) {
		line.Roles = append(line.Roles, f.Role)
	}
	return line
}

// Names returns the names of people whom the visitor has already been shown by
// number: for lists of presence, which hold numbers only.
func (v *Visit) Names(people []id.Person) map[id.Person]string {
	names := make(map[id.Person]string, len(people))
	v.app.read(func(g *register.Register) {
		for _, n := range people {
			names[n] = personRef(g, n).Name
		}
	})
	return names
}

// OrgNames returns the names of organisations as of today.
func (v *Visit) OrgNames(orgs []id.Org) map[id.Org]string {
	names := make(map[id.Org]string, len(orgs))
	v.app.read(func(g *register.Register) {
		for _, o := range orgs {
			names[o] = orgOn(g, o, v.today).Name
		}
	})
	return names
}

// Roster returns the members and probationary members of branch o on day on (0: today).
func (v *Visit) Roster(o id.Org, on day.Day) (lines []PersonLine, err error) {
	if on == 0 {
		on = v.today
	}
	if !v.May(access.ListPeople, o) {
		return nil, fault.NotFound
	}
	v.app.read(func(g *register.Register) {
		for _, n := range g.Roster(o, on) {
			p, _ := g.Person(n)
			lines = append(lines, personLine(g, p, on))
		}
	})
	return lines, nil
}

// A PersonPage is what the page of one person tells.
type PersonPage struct {
	PersonLine
	Person   person.Person
	Facts    []Fact // what the forms said, latest answers
	File     []Entry
	Offices  []HeldOffice
	Attended []Attendance // of the last twelve months
	Looked   []Reading    // who looked at this file; empty unless the visitor may know
}

// A Fact is one thing known of a person, and by which record.
type Fact struct {
	Field procedure.Field
	Value record.Value
	Seq   int64
}

// A HeldOffice is an office with the name of the organisation.
type HeldOffice struct {
	Org  OrgRef
	Role string
	Held day.Period
}

// An Attendance is one meeting at which somebody was due.
type Attendance struct {
	Record   int64
	Matter   id.Matter
	Kind     string
	On       day.Day
	Presence record.Presence
}

// PersonPage returns the page of person p, with numbers in part. That it was read is
// written down before it is answered, and the person can see it.
func (v *Visit) PersonPage(ctx context.Context, p id.Person) (PersonPage, error) {
	return v.personPage(ctx, p, maskFacts)
}

func (v *Visit) personPage(ctx context.Context, p id.Person, show func([]Fact) []Fact) (PersonPage, error) {
	var page PersonPage
	may, officer := false, false
	v.app.read(func(g *register.Register) {
		if who, ok := g.Person(p); ok {
			reader := v.reader(g)
			may = reader.MayPerson(access.ReadPerson, who)
			officer = reader.MayAnywhere(access.ReadAudit)
			page.PersonLine, page.Person = personLine(g, who, v.today), *who
			for _, f := range who.Offices {
				page.Offices = append(page.Offices, HeldOffice{orgOn(g, f.Org, f.Held.From), f.Role, f.Held})
			}
		}
	})
	if !may {
		return PersonPage{}, fault.NotFound
	}
	if p != v.me {
		if err := v.logReading(ctx, p); err != nil {
			return PersonPage{}, err
		}
	}
	records, err := v.app.records(ctx, record.Query{Matter: p.Matter()})
	if err != nil {
		return PersonPage{}, err
	}
	v.app.read(func(g *register.Register) {
		page.File = v.loose(g, records)
	})
	page.Facts = show(v.app.facts(records))
	if page.Attended, err = v.attended(ctx, p, page.Branch.ID); err != nil {
		return PersonPage{}, err
	}
	if p == v.me || officer {
		page.Looked, err = v.app.readings(ctx, p)
	}
	return page, err
}

// facts returns the latest answer to each question, in the order of first asking.
func (a *App) facts(records []record.Record) (facts []Fact) {
	for _, r := range records {
		p, ok := a.lib.ProcedureEdition(r.Procedure(), r.Edition)
		if !ok {
			continue
		}
		s, _ := p.Step(r.Step())
		for _, f := range s.Form {
			value := r.Fields.Get(f.ID)
			if value == nil {
				continue
			}
			if i := slices.IndexFunc(facts, func(x Fact) bool { return x.Field.ID == f.ID }); i >= 0 {
				facts[i].Value, facts[i].Seq = value, r.Seq
			} else {
				facts = append(facts, Fact{f, value, r.Seq})
			}
		}
	}
	return facts
}

// attended returns the meetings of the last twelve months of branch o at which p
// was due or present, newest first.
func (v *Visit) attended(ctx context.Context, p id.Person, o id.Org) (all []Attendance, err error) {
	if o == 0 {
		return nil, nil
	}
	year := day.Period{From: v.today.AddYears(-1) + 1, To: v.today}
	records, err := v.app.records(ctx, record.Query{Orgs: []id.Org{o}, During: year, Backwards: true})
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		for _, f := range r.Fields {
			people, ok := f.Value.(record.People)
			if !ok {
				continue
			}
			if i := slices.IndexFunc(people, func(x record.Presence) bool { return x.Person == p }); i >= 0 {
				all = append(all, Attendance{r.Seq, r.Matter, r.Kind, r.On, people[i]})
			}
		}
	}
	return all, nil
}
