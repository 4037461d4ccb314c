package access

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
)

var today = day.Must("2018-06-08")

// tree: the city (1) has two townships (2, 3); branches 4 and 5 stand below the
// first, 6 below the second. Branch 5 comes from the second, since 2018.
func tree() *org.Tree {
	t := &org.Tree{}
	for _, o := range []struct {
		org, above id.Org
		kind       org.Kind
	}{{1, 0, org.Committee}, {2, 1, org.Committee}, {3, 1, org.Committee}, {4, 2, org.Branch}, {6, 3, org.Branch}} {
		t.Put(org.Org{ID: o.org, Stands: day.Period{From: 1}, Versions: []org.Version{{From: 1, Kind: o.kind, Superior: o.above}}})
	}
	t.Put(org.Org{ID: 5, Stands: day.Period{From: 1}, Versions: []org.Version{
		{From: 1, Kind: org.Branch, Superior: 3}, {From: day.Must("2018-01-01"), Kind: org.Branch, Superior: 2}}})
	return t
}

func roles() Roles {
	return Roles{
		"branch.secretary":   {ID: "branch.secretary", Reach: Own, May: []Action{ReadOrg, ListPeople, ReadPerson}},
		"township.organiser": {ID: "township.organiser", Reach: Below, MFA: true, May: []Action{ReadOrg, ListPeople, ReadPerson, ReadFigure}},
		"city.officer":       {ID: "city.officer", Reach: Below, MFA: true, May: []Action{ReadOrg, ReadFigure}},
		"audit.admin":        {ID: "audit.admin", Reach: Own, May: []Action{ReadAudit}},
	}
}

func held(from, to string) day.Period {
	p := day.Period{From: day.Must(from)}
	if to != "" {
		p.To = day.Must(to)
	}
	return p
}

// member returns person n of branch o.
func member(n id.Person, o id.Org, offices ...person.Office) *person.Person {
	return &person.Person{ID: n, Stands: []person.Stand{{From: 1, Standing: person.Member}}, Memberships: []person.Membership{{Org: o, Held: day.Period{From: 1}}}, Offices: offices}
}

func reader(p *person.Person) Reader {
	return Reader{Roles: roles(), Tree: tree(), Person: p, Today: today}
}

func office(role string, o id.Org, from, to string) person.Office {
	return person.Office{Org: o, Role: role, Held: held(from, to)}
}

// readers are people in every relation to branch 4.
func readers() map[string]*person.Person {
	expired := member(7, 4, office("branch.secretary", 4, "2016-01-01", "2018-06-07"))
	left := member(12, 4)
	left.Memberships[0].Held.To = today - 1
	suspended := member(13, 4)
	suspended.Stands = append(suspended.Stands, person.Stand{From: today, Standing: person.Suspended})
	return map[string]*person.Person{
		"secretary":                       member(1, 4, office("branch.secretary", 4, "2016-01-01", "")),
		"secretary from today":            member(2, 4, office("branch.secretary", 4, "2018-06-08", "")),
		"secretary to today":              member(3, 4, office("branch.secretary", 4, "2016-01-01", "2018-06-08")),
		"secretary up to yesterday":       expired,
		"secretary from tomorrow":         member(8, 4, office("branch.secretary", 4, "2018-06-09", "")),
		"secretary of another branch":     member(9, 6, office("branch.secretary", 6, "2016-01-01", "")),
		"township above":                  member(5, 5, office("township.organiser", 2, "2016-01-01", "")),
		"township beside":                 member(6, 6, office("township.organiser", 3, "2016-01-01", "")),
		"city":                            member(10, 6, office("city.officer", 1, "2016-01-01", "")),
		"city, up to yesterday":           member(14, 6, office("city.officer", 1, "2016-01-01", "2018-06-07")),
		"township role held in a branch":  member(15, 6, office("township.organiser", 4, "2016-01-01", "")),
		"secretary role held in the city": member(16, 6, office("branch.secretary", 1, "2016-01-01", "")),
		"auditor of the city":             member(17, 6, office("audit.admin", 1, "2016-01-01", "")),
		"member":                          member(11, 4),
		"member of another branch":        member(18, 6),
		"member up to yesterday":          left,
		"member, suspended today":         suspended,
		"role that content does not know": member(19, 6, office("emperor", 4, "2016-01-01", "")),
	}
}

func TestWhoMayDoWhatWithABranch(t *testing.T) {
	// For each reader: the role under which a step by secretary, organiser, city
	// officer or any member may be taken; and what may be read.
	type row struct {
		role          string
		org, people   bool
		figure, audit bool
	}
	want := map[string]row{
		"secretary":                       {"branch.secretary", true, true, false, false},
		"secretary from today":            {"branch.secretary", true, true, false, false},
		"secretary to today":              {"branch.secretary", true, true, false, false},
		"secretary up to yesterday":       {"member", true, false, false, false},
		"secretary from tomorrow":         {"member", true, false, false, false},
		"secretary of another branch":     {},
		"township above":                  {"township.organiser", true, true, true, false},
		"township beside":                 {},
		"city":                            {"city.officer", true, false, true, false},
		"city, up to yesterday":           {},
		"township role held in a branch":  {"township.organiser", true, true, true, false},
		"secretary role held in the city": {},
		"auditor of the city":             {},
		"member":                          {"member", true, false, false, false},
		"member of another branch":        {},
		"member up to yesterday":          {},
		"member, suspended today":         {},
		"role that content does not know": {},
	}
	by := []string{"branch.secretary", "township.organiser", "city.officer", AnyMember}
	for name, p := range readers() {
		t.Run(name, func(t *testing.T) {
			r := reader(p)
			role, holds := r.Holds(by, 4)
			got := row{role, r.May(ReadOrg, 4), r.May(ListPeople, 4), r.May(ReadFigure, 4), r.May(ReadAudit, 4)}
			if got != want[name] || holds != (role != "") {
				t.Errorf("got %+v, want %+v", got, want[name])
			}
			delete(want, name)
		})
	}
	for name := range want {
		t.Errorf("nobody is %q", name)
	}
}

func TestTheFirstRoleThatFitsIsTaken(t *testing.T) {
	p := member(1, 4, office("branch.secretary", 4, "2016-01-01", ""))
	if role, _ := reader(p).Holds([]string{AnyMember, "branch.secretary"}, 4); role != AnyMember {
		t.Errorf("under %q", role)
	}
	if role, ok := reader(p).Holds([]string{Self}, 4); ok {
		t.Errorf("oneself is no office, and was taken for %q", role)
	}
	if role, ok := reader(p).Holds(nil, 4); ok {
		t.Errorf("nobody may, and %q did", role)
	}
}

func TestRightsFollowTheTreeOfToday(t *testing.T) {
	beside, above := readers()["township beside"], readers()["township above"]
	if reader(beside).May(ReadFigure, 5) || !reader(above).May(ReadFigure, 5) {
		t.Error("the branch moved in 2018, and the right stayed behind")
	}
	before := reader(beside)
	before.Today = day.Must("2017-12-31")
	if !before.May(ReadFigure, 5) {
		t.Error("before the move the right was there")
	}
}

func TestNothingIsBelowTheBranchItself(t *testing.T) {
	r := reader(readers()["secretary"])
	for _, o := range []id.Org{0, 1, 2, 5, 6, 99} {
		if r.May(ReadOrg, o) || r.MayAsOfficer(ReadOrg, o) {
			t.Errorf("the secretary of 4 may read %d", o)
		}
	}
	if !reader(readers()["member"]).May(ReadOrg, 4) || reader(readers()["member"]).MayAsOfficer(ReadOrg, 4) {
		t.Error("a member reads the own branch, and not as an officer")
	}
}

func TestMemberOfIsTheRosterOfToday(t *testing.T) {
	for name, want := range map[string]bool{"member": true, "secretary up to yesterday": true, "member of another branch": false, "member up to yesterday": false, "member, suspended today": false} {
		if got := reader(readers()[name]).MemberOf(4); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	nowhere := &person.Person{ID: 20, Stands: []person.Stand{{From: 1, Standing: person.Member}}, Memberships: []person.Membership{{Held: day.Period{From: 1}}}}
	if reader(nowhere).MemberOf(0) {
		t.Error("a member of no organisation")
	}
}

func TestWhoMayReadAPerson(t *testing.T) {
	all := readers()
	moved := member(30, 6)
	moved.Memberships = []person.Membership{{Org: 6, Held: held("2010-01-01", "2017-12-31")}, {Org: 4, Held: held("2018-01-01", "")}}
	gone := member(31, 6)
	gone.Memberships = []person.Membership{{Org: 6, Held: held("2010-01-01", "2016-12-31")}, {Org: 4, Held: held("2017-01-01", "2018-06-07")}}
	never := &person.Person{ID: 32, Stands: []person.Stand{{From: 1, Standing: person.Other}}}
	for _, c := range []struct {
		reader string
		who    *person.Person
		want   bool
	}{
		{"member", all["member"], true}, // oneself
		{"member", all["secretary"], false},
		{"member of another branch", all["member"], false},
		{"member up to yesterday", all["member up to yesterday"], true},
		{"secretary", all["member"], true},
		{"secretary", all["member, suspended today"], true},
		{"secretary up to yesterday", all["member"], false},
		{"secretary from tomorrow", all["member"], false},
		{"secretary of another branch", all["member"], false},
		{"township above", all["member"], true},
		{"township beside", all["member"], false},
		{"city", all["member"], false}, // the role grants figures, not people
		{"secretary", moved, true}, {"secretary of another branch", moved, false}, {"township beside", moved, false},
		{"secretary", gone, true}, {"secretary of another branch", gone, false}, // the last branch keeps the file
		{"township above", never, false}, {"city", never, false},
	} {
		if got := reader(all[c.reader]).MayPerson(ReadPerson, c.who); got != c.want {
			t.Errorf("%s reads p%d: %v, want %v", c.reader, c.who.ID, got, c.want)
		}
	}
	if reader(all["member"]).MayPerson(ListPeople, all["member"]) {
		t.Error("one's own file grants more than reading it")
	}
}

func TestWhereARightHolds(t *testing.T) {
	p := member(1, 4, office("branch.secretary", 4, "2016-01-01", ""), office("township.organiser", 2, "2016-01-01", ""),
		office("city.officer", 1, "2016-01-01", "2018-06-07"), office("township.organiser", 2, "2017-01-01", ""))
	r := reader(p)
	if d := cmp.Diff([]id.Org{4, 2}, r.Where(ReadOrg)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]id.Org{2}, r.Where(ReadFigure)); d != "" {
		t.Error(d)
	}
	if !r.MayAnywhere(ReadFigure) || r.MayAnywhere(ReadAudit) {
		t.Error("where and anywhere differ")
	}
}

func TestASecondFactorIsDemandedByAnOfficeOfToday(t *testing.T) {
	for name, want := range map[string]bool{"secretary": false, "township above": true, "city": true, "city, up to yesterday": false, "member": false, "role that content does not know": false} {
		if got := reader(readers()[name]).NeedsSecondFactor(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEveryActionIsListedOnce(t *testing.T) {
	all := Actions()
	slices.Sort(all)
	if len(slices.Compact(all)) != 9 || slices.Contains(all, "") {
		t.Errorf("%v", Actions())
	}
}
