package roll

import (
	"fmt"
	"testing"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

var today = day.Must("2018-06-15")

const (
	city, town, beside, branch, other, closed id.Org = 1, 2, 3, 4, 5, 6
)

// world: a city over two townships; two branches below the first, and one that
// was closed in 2017. One member in the first branch, one suspended in the other.
func world(t testing.TB) *register.Register {
	g := register.New([]byte("secret"))
	for i, o := range []struct {
		kind  string
		above id.Org
	}{{"committee", 0}, {"committee", city}, {"committee", city}, {"branch", town}, {"branch", town}, {"branch", town}} {
		apply(t, g, "org.found", id.Org(i+1).Matter(), "2016-01-01", 0, record.F("kind", record.Choice(o.kind)), record.F("superior", record.Org(o.above)))
	}
	apply(t, g, "org.dissolve", closed.Matter(), "2017-07-01", closed)
	apply(t, g, "person.register", "p1", "2016-01-01", branch, record.F("standing", record.Choice("member")), record.F("id_number", record.Text(number("19700101", 1))))
	apply(t, g, "person.register", "p2", "2016-01-01", other, record.F("standing", record.Choice("suspended")))
	apply(t, g, "person.register", "p3", "2016-01-01", beside, record.F("standing", record.Choice("other")))
	return g
}

func apply(t testing.TB, g *register.Register, effect string, m id.Matter, on string, o id.Org, fields ...record.Field) {
	t.Helper()
	if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must(on), Org: o, Fields: record.Of(fields...)}); err != nil {
		t.Fatal(err)
	}
}

func roles() access.Roles {
	return access.Roles{
		"branch.secretary": {ID: "branch.secretary", Of: []string{"branch"}, Reach: access.Own, Single: true, May: []access.Action{access.ReadPerson}},
		"branch.deputy":    {ID: "branch.deputy", Of: []string{"branch"}, Reach: access.Own},
		"city.officer":     {ID: "city.officer", Of: []string{"committee"}, Level: []string{"city"}, Reach: access.Below, May: []access.Action{access.ReadPerson}},
	}
}

// act is what an officer does on a day with organisation o.
func act(g *register.Register, o id.Org, on string, fields ...record.Field) matter.Case {
	return matter.Case{Law: matter.Law{Roles: roles()}, World: g, Today: today, By: &person.Person{ID: 9}, State: matter.State{Len: 1},
		Act: matter.Act{Org: o, On: day.Must(on), Fields: record.Of(fields...)}}
}

func why(r *matter.Refusal) string {
	if r == nil {
		return ""
	}
	return r.Why
}

func TestASuperiorStandsIsNoBranchAndNotBelow(t *testing.T) {
	g := world(t)
	below := func(o, above id.Org, on string) matter.Case {
		return act(g, o, on, record.F("superior", record.Org(above)))
	}
	founding := below(0, 0, "2018-01-01")
	founding.State.Len = 0
	atSetUp := founding
	atSetUp.By = nil
	moved := below(city, 0, "2018-01-01")
	moved.By = nil
	for name, c := range map[string]struct {
		c    matter.Case
		want string
	}{
		"another township":                  {below(branch, beside, "2018-01-01"), ""},
		"a township below the other":        {below(town, beside, "2018-01-01"), ""},
		"on its first day":                  {below(branch, beside, "2016-01-01"), ""},
		"before it stood":                   {below(branch, beside, "2015-12-31"), "refuse.no_such_org"},
		"none":                              {below(branch, 0, "2018-01-01"), "refuse.no_such_org"},
		"what does not exist":               {below(branch, 99, "2018-01-01"), "refuse.no_such_org"},
		"closed by then":                    {below(branch, closed, "2018-01-01"), "refuse.no_such_org"},
		"closed since":                      {below(branch, closed, "2017-01-01"), "refuse.no_such_org"},
		"a branch":                          {below(branch, other, "2018-01-01"), "refuse.branch_above"},
		"itself":                            {below(town, town, "2018-01-01"), "refuse.circle"},
		"what is below it":                  {below(city, beside, "2018-01-01"), "refuse.circle"},
		"nobody above, by an officer":       {founding, "refuse.no_such_org"},
		"nobody above, by the installation": {atSetUp, ""},
		"nobody above any more":             {moved, "refuse.no_such_org"},
	} {
		if got := why(NoCircle(c.c)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAMoveDatedBackClosesNoCircleLater(t *testing.T) {
	g := world(t)
	apply(t, g, "org.move", town.Matter(), "2018-05-01", town, record.F("superior", record.Org(beside)))
	if got := why(NoCircle(act(g, beside, "2018-04-01", record.F("superior", record.Org(town))))); got != "refuse.circle" {
		t.Errorf("got %q", got)
	}
}

func TestNothingIsClosedOverThoseWhoBelongToIt(t *testing.T) {
	g := world(t)
	for name, c := range map[string]struct {
		org  id.Org
		on   string
		want string
	}{
		"a township with branches":         {town, "2018-01-01", "refuse.orgs_below"},
		"a township without":               {beside, "2018-01-01", ""},
		"a branch with a member":           {branch, "2018-01-01", "refuse.members_left"},
		"a branch with a suspended member": {other, "2018-01-01", "refuse.members_left"},
	} {
		if got := why(Empty(act(g, c.org, c.on))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if r := Empty(act(g, branch, "2018-01-01")); r.Args["count"] != "1" {
		t.Errorf("how many are left: %v", r.Args)
	}
	apply(t, g, "person.leave", "p1", "2018-03-01", branch)
	for on, want := range map[string]string{"2018-02-28": "refuse.members_left", "2018-03-01": "refuse.members_left", "2018-03-02": ""} {
		if got := why(Empty(act(g, branch, on))); got != want {
			t.Errorf("the member left with the first of March; closed on %s: %q", on, got)
		}
	}
	apply(t, g, "person.standing", "p2", "2018-02-01", other, record.F("standing", record.Choice("died")))
	if got := why(Empty(act(g, other, "2018-01-01"))); got != "" {
		t.Errorf("whoever has died keeps the branch open: %q", got)
	}
}

func TestWhoHasMovedAwayKeepsNothingOpen(t *testing.T) {
	g := world(t)
	apply(t, g, "person.join", "p1", "2018-03-01", other, record.F("branch", record.Org(other)))
	for on, want := range map[string]string{"2018-02-28": "refuse.members_left", "2018-03-01": ""} {
		if got := why(Empty(act(g, branch, on))); got != want {
			t.Errorf("closed on %s: %q, want %q", on, got, want)
		}
	}
}

func TestClosingDatedBackSeesWhoCameSince(t *testing.T) {
	g := world(t)
	apply(t, g, "org.found", "o7", "2018-05-01", 7, record.F("kind", record.Choice("branch")), record.F("superior", record.Org(beside)))
	if got := why(Empty(act(g, beside, "2018-04-01"))); got != "refuse.orgs_below" {
		t.Errorf("a branch founded since: %q", got)
	}
	apply(t, g, "person.join", "p1", "2018-06-01", 7, record.F("branch", record.Org(7)))
	if got := why(Empty(act(g, 7, "2018-05-10"))); got != "refuse.members_left" {
		t.Errorf("a member who came since: %q", got)
	}
}

func TestABranchIsMergedIntoAnotherThatStands(t *testing.T) {
	g := world(t)
	into := func(o, to id.Org, on string) matter.Case { return act(g, o, on, record.F("into", record.Org(to))) }
	for name, c := range map[string]struct {
		c    matter.Case
		want string
	}{
		"another branch":                  {into(branch, other, "2018-01-01"), ""},
		"itself":                          {into(branch, branch, "2018-01-01"), "refuse.no_such_org"},
		"what does not exist":             {into(branch, 99, "2018-01-01"), "refuse.no_such_org"},
		"a branch closed by then":         {into(branch, closed, "2018-01-01"), "refuse.no_such_org"},
		"a branch closed since":           {into(branch, closed, "2017-01-01"), "refuse.no_such_org"},
		"a committee, with members":       {into(branch, beside, "2018-01-01"), "refuse.not_a_branch"},
		"a committee, with one suspended": {into(other, beside, "2018-01-01"), "refuse.not_a_branch"},
		"a committee into a committee":    {into(beside, town, "2018-01-01"), ""},
		"a committee with branches below": {into(town, beside, "2018-01-01"), "refuse.orgs_below"},
	} {
		if got := why(MergeInto(c.c)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPeopleBelongToBranchesThatStand(t *testing.T) {
	g := world(t)
	for name, c := range map[string]struct {
		c           matter.Case
		want, field string
	}{
		"registered in a branch":        {act(g, branch, "2018-01-01"), "", ""},
		"registered in a committee":     {act(g, town, "2018-01-01"), "refuse.not_a_branch", ""},
		"registered before it stood":    {act(g, branch, "2015-12-31"), "refuse.not_a_branch", ""},
		"moved to a branch":             {act(g, town, "2018-01-01", record.F("branch", record.Org(other))), "", ""},
		"moved to a committee":          {act(g, branch, "2018-01-01", record.F("branch", record.Org(town))), "refuse.not_a_branch", "branch"},
		"moved to what is closed":       {act(g, branch, "2018-01-01", record.F("branch", record.Org(closed))), "refuse.not_a_branch", "branch"},
		"moved to what is closed since": {act(g, branch, "2017-06-30", record.F("branch", record.Org(closed))), "refuse.not_a_branch", "branch"},
		"moved to what does not exist":  {act(g, branch, "2018-01-01", record.F("branch", record.Org(99))), "refuse.not_a_branch", "branch"},
	} {
		r := Branch(c.c)
		if why(r) != c.want || r != nil && r.Field != c.field {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// number makes an ID number of the region that does not exist. The weights of the
// standard are powers of two: the sum over all 18 places is one, modulo eleven.
func number(birth string, serial int) string {
	s := fmt.Sprintf("149999%s%03d", birth, serial)
	sum := 0
	for i := range s {
		sum += int(s[i]-'0') * (1 << (17 - i) % 11)
	}
	return s + string("0123456789X"[(12-sum%11)%11])
}

func TestAnIDNumberHasACheckDigitAndADayOfBirth(t *testing.T) {
	// The worked example of the standard, and numbers of a region that does not exist.
	for s, want := range map[string]string{"11010519491231002X": "1949-12-31", "149999197001010019": "1970-01-01", "149999200002290010": "2000-02-29"} {
		if got, ok := ParseIDNumber(s); !ok || got != day.Must(want) {
			t.Errorf("%s: %s, %v", s, got, ok)
		}
	}
	for name, s := range map[string]string{
		"empty":                     "",
		"too short":                 "14999919700101001",
		"too long":                  "1499991970010100190",
		"the X in small":            "11010519491231002x",
		"a letter":                  "14999A197001010019",
		"full-width digits":         "１499991970010100",
		"a day that does not exist": number("20010229", 1),
		"month thirteen":            number("19701301", 1),
		"year nought":               number("00000101", 1),
	} {
		if got, ok := ParseIDNumber(s); ok {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAnyDigitMistypedAndAnyTwoSwappedAreNoticed(t *testing.T) {
	const good = "149999197001010019"
	for i := range good[:17] {
		for d := byte('0'); d <= '9'; d++ {
			bad := []byte(good)
			if bad[i] == d {
				continue
			}
			bad[i] = d
			if _, ok := ParseIDNumber(string(bad)); ok {
				t.Errorf("%s passes for %s", bad, good)
			}
		}
		if i < 16 && good[i] != good[i+1] {
			bad := []byte(good)
			bad[i], bad[i+1] = bad[i+1], bad[i]
			if _, ok := ParseIDNumber(string(bad)); ok {
				t.Errorf("%s passes for %s", bad, good)
			}
		}
	}
}

func TestTheIDNumberAndTheDayOfBirthAgree(t *testing.T) {
	g := world(t)
	born := func(number, birth string) matter.Case {
		fields := []record.Field{record.F("id_number", record.Text(number))}
		if birth != "" {
			fields = append(fields, record.F("birth", record.Day(day.Must(birth))))
		}
		return act(g, branch, "2018-01-01", fields...)
	}
	for name, c := range map[string]struct {
		c    matter.Case
		want string
	}{
		"no number":             {born("", "1970-01-01"), ""},
		"a number alone":        {born("149999197001010019", ""), ""},
		"both, and they agree":  {born("149999197001010019", "1970-01-01"), ""},
		"both, and they do not": {born("149999197001010019", "1970-01-02"), "refuse.birth_differs"},
		"a wrong check digit":   {born("149999197001010011", ""), "refuse.id_number"},
		"born today":            {born(number("20180615", 1), ""), ""},
		"born tomorrow":         {born(number("20180616", 1), ""), "refuse.id_number"},
	} {
		if got := why(IDNumber(c.c)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTheSameNumberIsRegisteredOnceAndTellsNothingToStrangers(t *testing.T) {
	g := world(t)
	number := record.F("id_number", record.Text(number("19700101", 1)))
	above := &person.Person{ID: 9, Offices: []person.Office{{Org: city, Role: "city.officer", Held: day.Period{From: 1}}}}
	secretary := func(o id.Org) *person.Person {
		return &person.Person{ID: 9, Offices: []person.Office{{Org: o, Role: "branch.secretary", Held: day.Period{From: 1}}}}
	}
	as := func(by *person.Person, m id.Matter, f record.Field) *matter.Refusal {
		c := act(g, branch, "2018-01-01", f)
		c.By, c.Act.Matter = by, m
		return Duplicate(c)
	}
	if r := as(above, "", number); why(r) != "refuse.duplicate_person" || r.Args["person"] != "p1" {
		t.Errorf("to the officer above: %+v", r)
	}
	if r := as(secretary(branch), "", number); why(r) != "refuse.duplicate_person" {
		t.Errorf("to the own secretary: %+v", r)
	}
	for name, by := range map[string]*person.Person{"another secretary": secretary(other), "the installation": nil} {
		if r := as(by, "", number); why(r) != "refuse.duplicate_elsewhere" || len(r.Args) != 0 {
			t.Errorf("to %s: %+v", name, r)
		}
	}
	if r := as(above, "p1", number); r != nil {
		t.Errorf("one's own number: %+v", r)
	}
	if r := as(above, "p2", number); r == nil {
		t.Error("the number of somebody else")
	}
	if r := as(above, "", record.F("id_number", record.Text(""))); r != nil {
		t.Errorf("no number: %+v", r)
	}
}

func TestAnOfficeIsHeldWhereContentSaysAndOnce(t *testing.T) {
	g := world(t)
	apply(t, g, "office.take", "m20", "2018-02-01", branch, record.F("person", record.Person(1)), record.F("role", record.Choice("branch.secretary")), record.F("until", record.Day(day.Must("2018-06-20"))))
	apply(t, g, "office.take", "m21", "2018-02-01", branch, record.F("person", record.Person(3)), record.F("role", record.Choice("branch.deputy")))
	take := func(o id.Org, who id.Person, role, on string) matter.Case {
		return act(g, o, on, record.F("person", record.Person(who)), record.F("role", record.Choice(role)))
	}
	for name, c := range map[string]struct {
		c            matter.Case
		fits, vacant string
	}{
		"a second deputy":               {take(branch, 2, "branch.deputy", "2018-03-01"), "", ""},
		"a second secretary":            {take(branch, 2, "branch.secretary", "2018-03-01"), "", "refuse.not_vacant"},
		"on the first day of the first": {take(branch, 2, "branch.secretary", "2018-02-01"), "", "refuse.not_vacant"},
		"dated back before the first":   {take(branch, 2, "branch.secretary", "2018-01-31"), "", "refuse.not_vacant"},
		"in the other branch":           {take(other, 2, "branch.secretary", "2018-03-01"), "", ""},
		"the same office again":         {take(branch, 1, "branch.secretary", "2018-03-01"), "refuse.held_already", "refuse.not_vacant"},
		"a branch office in the city":   {take(city, 1, "branch.secretary", "2018-03-01"), "refuse.role_not_here", ""},
		"an office of another level":    {take(town, 1, "city.officer", "2018-03-01"), "refuse.role_not_here", ""},
		"an office nobody knows":        {take(branch, 1, "emperor", "2018-03-01"), "refuse.role_not_here", ""},
	} {
		if got := why(OfficeFits(c.c)); got != c.fits {
			t.Errorf("%s: fits %q, want %q", name, got, c.fits)
		}
		if got := why(OfficeVacant(c.c)); got != c.vacant {
			t.Errorf("%s: vacant %q, want %q", name, got, c.vacant)
		}
	}
	c := take(branch, 2, "branch.secretary", "2018-06-21")
	c.Today = day.Must("2018-06-21")
	if got := why(OfficeVacant(c)); got != "" {
		t.Errorf("the day after the term: %q", got)
	}
	c.Act.On = day.Must("2018-06-20")
	if got := why(OfficeVacant(c)); got != "refuse.not_vacant" {
		t.Errorf("the last day of the term: %q", got)
	}
}

func TestALevelFitsOnlyThere(t *testing.T) {
	g := register.New(nil)
	apply(t, g, "org.found", "o1", "2016-01-01", 0, record.F("kind", record.Choice("committee")), record.F("level", record.Choice("city")))
	apply(t, g, "person.register", "p1", "2016-01-01", 0, record.F("standing", record.Choice("other")))
	if r := OfficeFits(act(g, 1, "2018-01-01", record.F("person", record.Person(1)), record.F("role", record.Choice("city.officer")))); r != nil {
		t.Errorf("%+v", r)
	}
}
