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
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// An OrgPage is what the page of one organisation tells on a day.
type OrgPage struct {
	OrgRef
	Org       org.Org
	On        day.Day
	Path      []OrgRef // from the top down, without the organisation itself
	Below     []OrgLine
	Officers  []Officer
	Members   int // full members
	Probation int // probationary members
	Recent    []Entry
	Manages   bool // the visitor may read it as an officer
}

// An OrgLine is one organisation in a list.
type OrgLine struct {
	OrgRef
	HasBelow  bool
	Branches  int       // branches in it, itself included
	Members   int       // members and probationary members in it
	Secretary PersonRef // who leads it; nobody while the office is vacant
}

// An Officer is somebody in an office.
type Officer struct {
	PersonRef
	Role string
	Held day.Period
}

// recentEntries is how many records the page of an organisation shows.
const recentEntries = 8

// OrgPage returns organisation o as of day on (0: today).
func (v *Visit) OrgPage(ctx context.Context, o id.Org, on day.Day) (OrgPage, error) {
	if on == 0 {
		on = v.today
	}
	if !v.May(access.ReadOrg, o) {
		return OrgPage{}, fault.NotFound
	}
	page := OrgPage{On: on}
	v.app.read(func(g *register.Register) {
		page.Org, _ = g.Tree().Org(o)
		page.OrgRef = orgOn(g, o, on)
		page.Manages = v.reader(g).MayAsOfficer(access.ReadOrg, o)
		path := g.Tree().Path(o, on)
		for _, above := range slices.Backward(path[min(1, len(path)):]) {
			page.Path = append(page.Path, orgOn(g, above, on))
		}
		page.Below = v.lines(g, o, on)
		page.Officers = officers(g, o, on)
		page.Members, page.Probation = rosterCount(g, o, on)
	})
	records, err := v.app.records(ctx, record.Query{Orgs: []id.Org{o}, During: day.Period{To: on}, Limit: recentEntries, Backwards: true})
	if err != nil {
		return OrgPage{}, err
	}
	v.app.read(func(g *register.Register) { page.Recent = v.loose(g, records) })
	return page, nil
}

// OrgFacts returns what the file of organisation o says of it, latest answers.
func (v *Visit) OrgFacts(ctx context.Context, o id.Org) ([]Fact, error) {
	if !v.May(access.ReadOrg, o) {
		return nil, fault.NotFound
	}
	records, err := v.app.records(ctx, record.Query{Matter: o.Matter()})
	return v.app.facts(records), err
}

// loose returns records of different matters as entries.
func (v *Visit) loose(g *register.Register, records []record.Record) []Entry {
	entries := make([]Entry, 0, len(records))
	for _, r := range records {
		p, ok := v.app.lib.ProcedureEdition(r.Procedure(), r.Edition)
		if ok && v.knowsOn(g, r) {
			entries = append(entries, v.entries(g, p, []record.Record{r})...)
		}
	}
	return entries
}

// Below returns the organisations directly below o as of today.
func (v *Visit) Below(o id.Org) (lines []OrgLine, err error) {
	if !v.May(access.ReadOrg, o) {
		return nil, fault.NotFound
	}
	v.app.read(func(g *register.Register) { lines = v.lines(g, o, v.today) })
	return lines, nil
}

// Roots returns the organisations from which the visitor's rights reach down: the
// heads of the tree that this visitor sees.
func (v *Visit) Roots() (roots []OrgRef) {
	v.app.read(func(g *register.Register) {
		reader := v.reader(g)
		where := reader.Where(access.ReadOrg)
		if m, ok := reader.Person.Membership(v.today); ok {
			where = append(where, m.Org)
		}
		for _, o := range where {
			under := slices.ContainsFunc(where, func(x id.Org) bool { return x != o && g.Tree().Within(x, o, v.today) })
			if !under && !slices.ContainsFunc(roots, func(r OrgRef) bool { return r.ID == o }) {
				roots = append(roots, orgOn(g, o, v.today))
			}
		}
	})
	return roots
}

// Top returns the name of the organisation at the top of the tree, or "" before
// set-up: it stands on every page, also before anybody has signed in.
func (a *App) Top() (name string) {
	a.read(func(g *register.Register) { name = orgOn(g, 1, a.Today()).Name })
	return name
}

func (v *Visit) lines(g *register.Register, o id.Org, on day.Day) (lines []OrgLine) {
	counts := v.app.counts.on(g, on)
	for _, b := range g.Tree().Below(o, on) {
		lines = append(lines, OrgLine{OrgRef: orgOn(g, b, on), HasBelow: len(g.Tree().Below(b, on)) > 0,
			Branches: counts.branches[b], Members: counts.members[b], Secretary: v.app.head(g, b, on)})
	}
	return lines
}

// head returns who holds the office of o on a day that one person at a time holds.
func (a *App) head(g *register.Register, o id.Org, on day.Day) PersonRef {
	for _, f := range officers(g, o, on) {
		if a.lib.Law.Roles[f.Role].Single {
			return f.PersonRef
		}
	}
	return PersonRef{}
}

func orgOn(g *register.Register, o id.Org, on day.Day) OrgRef {
	x, ok := g.Tree().Org(o)
	if !ok {
		return OrgRef{}
	}
	version := x.On(on)
	return OrgRef{ID: o, Name: version.Name, Kind: version.Kind}
}

func officers(g *register.Register, o id.Org, on day.Day) (all []Officer) {
	for _, n := range g.Holders(o, on) {
		p, _ := g.Person(n)
		for _, f := range p.OfficesOn(on) {
			if f.Org == o {
				all = append(all, Officer{PersonRef{n, p.Name}, f.Role, f.Held})
			}
		}
	}
	return all
}

func rosterCount(g *register.Register, o id.Org, on day.Day) (full, probationary int) {
	for _, n := range g.Roster(o, on) {
		p, _ := g.Person(n)
		if p.Standing(on) == person.Probationary {
			probationary++
		} else {
			full++
		}
	}
	return full, probationary
}
