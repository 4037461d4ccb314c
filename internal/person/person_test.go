package person

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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
		Stands:      []Stand{{From: day.Must("2016-07-01"), Standing: Probationary}, {From: day.Must("2017-07-01"), Standing: Member}, {From: day.Must("2019-01-01"), Standing: Suspended}},
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

// anybody draws a person, also one that no register would hold.
func anybody() *rapid.Generator[Person] {
	number := rapid.Uint32()
	days := rapid.Custom(func(t *rapid.T) day.Day { return day.Day(rapid.Int32().Draw(t, "day")) })
	held := rapid.Custom(func(t *rapid.T) day.Period {
		return day.Period{From: days.Draw(t, "from"), To: days.Draw(t, "to")}
	})
	standing := rapid.OneOf(rapid.SampledFrom(Standings()), rapid.Just(Standing("")), rapid.Just(Standing("of old")))
	return rapid.Custom(func(t *rapid.T) Person {
		return Person{
			ID: id.Person(number.Draw(t, "id")), Name: rapid.String().Draw(t, "name"), Sex: rapid.Byte().Draw(t, "sex"),
			Birth: days.Draw(t, "birth"), IDKey: rapid.Uint64().Draw(t, "key"), Known: Details(number.Draw(t, "known")),
			Stands: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Stand {
				return Stand{From: days.Draw(t, "from"), Standing: standing.Draw(t, "standing"), Matter: id.Matter(rapid.String().Draw(t, "matter"))}
			}), 0, 4).Draw(t, "stands"),
			Memberships: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Membership {
				return Membership{Org: id.Org(number.Draw(t, "org")), Group: rapid.Int().Draw(t, "group"), Held: held.Draw(t, "held")}
			}), 0, 4).Draw(t, "memberships"),
			Offices: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Office {
				return Office{Org: id.Org(number.Draw(t, "org")), Role: rapid.String().Draw(t, "role"), Held: held.Draw(t, "held")}
			}), 0, 4).Draw(t, "offices"),
		}
	})
}

func TestAPersonReadsBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anybody().Draw(t, "person")
		b, err := p.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		var back Person
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p, back, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
		for _, bad := range [][]byte{b[:rapid.IntRange(0, len(b)-1).Draw(t, "cut")], append(b, 0), append([]byte{codec + 1}, b[1:]...)} {
			if back.UnmarshalBinary(bad) == nil {
				t.Fatalf("%x was read as %+v", bad, back)
			}
		}
	})
}

func TestALengthBeyondTheBytesAsksForNoMemory(t *testing.T) {
	var p Person
	if p.UnmarshalBinary([]byte{codec, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}) == nil {
		t.Error("a name as long as all memory was read")
	}
}

// A field that is added later must not be left out of what is kept.
func TestEveryFieldOfAPersonIsKept(t *testing.T) {
	whole := Person{
		ID: 1, Name: "武明远", Sex: '1', Birth: 2, IDKey: 3, Known: 12, Stands: []Stand{{4, Member, "m12"}},
		Memberships: []Membership{{5, 6, day.Period{From: 7, To: 8}}}, Offices: []Office{{9, "branch.secretary", day.Period{From: 10, To: 11}}},
	}
	for _, v := range []any{whole, whole.Stands[0], whole.Memberships[0], whole.Offices[0]} {
		for i, fields := 0, reflect.ValueOf(v); i < fields.NumField(); i++ {
			if fields.Field(i).IsZero() {
				t.Errorf("%T: set %s here, and write and read it", v, fields.Type().Field(i).Name)
			}
		}
	}
	b, err := whole.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back Person
	if err := back.UnmarshalBinary(b); err != nil || !cmp.Equal(whole, back) {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestWhatIsLackingIsWhatIsExpectedAndNotKnown(t *testing.T) {
	set := func(names ...string) (all Details) {
		for _, name := range names {
			d, ok := Detail(name)
			if !ok {
				t.Fatalf("no detail %s", name)
			}
			all |= d
		}
		return all
	}
	for _, c := range []struct{ expected, known, want string }{{"sex phone", "sex", "phone"}, {"sex", "sex phone", ""}, {"phone ethnic", "", "ethnic phone"}} {
		got := set(strings.Fields(c.expected)...).Lacks(set(strings.Fields(c.known)...))
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s expected, %s known: lacks %v", c.expected, c.known, got)
		}
	}
	if _, ok := Detail("name"); ok {
		t.Error("a name is always there, and no detail")
	}
}

func TestAPersonWrittenBeforeDetailsWereKeptIsRead(t *testing.T) {
	before := []byte{codecMatters, 1, 0, '1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 6, 'm', 'e', 'm', 'b', 'e', 'r', 1, 'm', 0, 0}
	var back Person
	if err := back.UnmarshalBinary(before); err != nil || !cmp.Equal(back.Stands, []Stand{{4, Member, "m"}}) || back.Known != 0 {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestAPersonWrittenBeforeMattersWereKeptIsRead(t *testing.T) {
	before := []byte{codecBefore, 1, 0, '1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 6, 'm', 'e', 'm', 'b', 'e', 'r', 0, 0}
	var back Person
	if err := back.UnmarshalBinary(before); err != nil || !cmp.Equal(back.Stands, []Stand{{From: 4, Standing: Member}}) {
		t.Errorf("%+v, %v", back, err)
	}
}
