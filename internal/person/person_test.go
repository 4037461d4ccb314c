package person

import (
	"slices"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

func period(from, to string) day.Period {
	p := day.Period{From: day.Must(from)}
	if to != "" {
		p.To = day.Must(to)
	}
	return p
}

// wu came as a probationary member, was confirmed, moved once and left.
func wu() *Person {
	return &Person{ID: 1, Name: "武明远",
		Stands:      []Stand{{day.Must("2016-07-01"), Probationary}, {day.Must("2017-07-01"), Member}, {day.Must("2019-01-01"), Suspended}},
		Memberships: []Membership{{Org: 4, Held: period("2016-07-01", "2018-05-31")}, {Org: 5, Group: 2, Held: period("2018-06-01", "2019-06-30")}},
		Offices: []Office{
			{Org: 5, Role: "branch.secretary", Held: period("2018-06-10", "2018-12-31")},
			{Org: 5, Role: "branch.organiser", Held: period("2018-12-31", "")},
		}}
}

func TestStandingIsThatOfTheDay(t *testing.T) {
	p := wu()
	for on, want := range map[string]Standing{
		"2016-06-30": "", "2016-07-01": Probationary, "2017-06-30": Probationary, "2017-07-01": Member, "2018-12-31": Member, "2019-01-01": Suspended, "2030-01-01": Suspended,
	} {
		if got := p.Standing(day.Must(on)); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

func TestTheBranchIsThatOfTheDay(t *testing.T) {
	p := wu()
	for on, want := range map[string]id.Org{"2016-06-30": 0, "2016-07-01": 4, "2018-05-31": 4, "2018-06-01": 5, "2019-06-30": 5, "2019-07-01": 0} {
		m, ok := p.Membership(day.Must(on))
		if m.Org != want || ok != (want != 0) {
			t.Errorf("on %s: %s, %v; want %s", on, m.Org, ok, want)
		}
	}
}

func TestTheRosterTakesBelongingAndStanding(t *testing.T) {
	p := wu()
	for _, c := range []struct {
		org  id.Org
		on   string
		want bool
	}{
		{4, "2016-06-30", false}, {4, "2016-07-01", true}, {5, "2016-07-01", false}, {4, "2018-06-01", false}, {5, "2018-06-01", true},
		{5, "2018-12-31", true}, {5, "2019-01-01", false}, {0, "2030-01-01", false},
	} {
		if got := p.OnRoster(c.org, day.Must(c.on)); got != c.want {
			t.Errorf("roster of %s on %s: %v", c.org, c.on, got)
		}
	}
}

func TestOnlyMembersAndProbationaryMembersAreOnTheRoster(t *testing.T) {
	for _, s := range Standings() {
		if want := s == Member || s == Probationary; s.OnRoster() != want {
			t.Errorf("%s: on the roster %v", s, s.OnRoster())
		}
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(Standings())))); n != 9 {
		t.Errorf("%d standings", n)
	}
}

func TestAnOfficeIsHeldFromItsFirstToItsLastDay(t *testing.T) {
	p := wu()
	for _, c := range []struct {
		role string
		org  id.Org
		on   string
		want bool
	}{
		{"branch.secretary", 5, "2018-06-09", false}, {"branch.secretary", 5, "2018-06-10", true},
		{"branch.secretary", 5, "2018-12-31", true}, {"branch.secretary", 5, "2019-01-01", false},
		{"branch.secretary", 4, "2018-06-10", false}, {"branch.organiser", 5, "2018-06-10", false}, {"branch.organiser", 5, "2040-01-01", true},
	} {
		if got := p.Holds(c.role, c.org, day.Must(c.on)); got != c.want {
			t.Errorf("%s of %s on %s: %v", c.role, c.org, c.on, got)
		}
	}
	for on, want := range map[string]int{"2018-06-09": 0, "2018-06-10": 1, "2018-12-31": 2, "2019-01-01": 1} {
		if got := len(p.OfficesOn(day.Must(on))); got != want {
			t.Errorf("on %s: %d offices, want %d", on, got, want)
		}
	}
}
