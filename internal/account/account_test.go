package account

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
)

func TestPolicy(t *testing.T) {
	asvs, dengbao := Settings{Profile: ASVS}.Policy(), Settings{Profile: DengBao}.Policy()
	for _, c := range []struct {
		profile        Policy
		password, want string
	}{
		{asvs, "jiancha qiche", ""},
		{asvs, "只要足够长就可以不用符号了", ""},
		{asvs, "elevenchars", "password.short"},
		{asvs, "twelve chars", ""},
		{asvs, strings.Repeat("长", 257), "password.long"},
		{asvs, "123456789012", "password.common"},
		{asvs, "zyxwvutsrqpo", "password.common"},
		{asvs, "Password2026!", "password.common"},
		{asvs, "admin@123456", "password.common"},
		{asvs, "passwordpassword", "password.common"},
		{asvs, "aaaaaaaaaaaa", "password.common"},
		{asvs, "ababababababab", "password.common"},
		{asvs, "wang.xiaoming1", "password.named"},
		{asvs, "wang.xiaoming climbs a hill", ""},
		{asvs, "not text \xff\xff\xff", "password.not_text"},
		{dengbao, "Xk3tuvw", "password.short"},
		{dengbao, "Xk3tuvwz", ""},
		{dengbao, "xk3tuvwz", "password.classes"},
		{dengbao, "xk3 tuvwz", ""},
	} {
		if got, _ := c.profile.Check(c.password, "wang.xiaoming"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.password, got, c.want)
		}
	}
}

func TestPasswordsAgeOnlyUnderTheProfileThatAsksForIt(t *testing.T) {
	since := time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC) // 2 January in Shanghai
	zone := time.FixedZone("CST", 8*3600)
	p := Settings{Profile: DengBao}.Policy()
	for _, c := range []struct {
		today string
		want  bool
	}{{"2026-04-01", false}, {"2026-04-02", false}, {"2026-04-03", true}} {
		if got := p.Due(since, zone, day.Must(c.today)); got != c.want {
			t.Errorf("%s: due %v, want %v", c.today, got, c.want)
		}
	}
	if (Settings{Profile: ASVS}).Policy().Due(since, zone, day.Must("2126-01-01")) {
		t.Error("asvs must not force a change")
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{" Wang.Xiao ": "wang.xiao", "ＷＡＮＧ１": "wang1", "王小明": "王小明", strings.Repeat("x", 9999): ""} {
		if got := Name(in); got != want {
			t.Errorf("Name(%.20q) = %q, want %q", in, got, want)
		}
	}
	for name, want := range map[string]string{
		"wang": "", "王小明": "", "w": "name.length", strings.Repeat("w", 33): "name.length", "wang xiao": "name.characters",
		"<b>": "name.characters", "Wang": "name.characters", "13800138000": "name.number", "14999919900101001x": "name.number", "w2026": "",
	} {
		if got := CheckName(name); got != want {
			t.Errorf("CheckName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestOneSpellingOfANameIsFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Name(rapid.StringN(0, 40, 200).Draw(t, "name"))
		if CheckName(n) == "" && Name(n) != n {
			t.Fatalf("%q is spelt %q", n, Name(n))
		}
	})
}

func TestAnAttackerGetsFewGuessesAndTheOwnerWaitsAMinuteAtMost(t *testing.T) {
	pace, start := AccountPace(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var th Throttle
	guesses, longest := 0, time.Duration(0)
	for now := start; now.Before(start.Add(time.Hour)); now = now.Add(36 * time.Millisecond) { // 100,000 in an hour
		wait := pace.Wait(th, now)
		longest = max(longest, wait)
		if wait == 0 {
			th, guesses = pace.Next(th, now), guesses+1
		}
	}
	if guesses > 100 || guesses < 5 {
		t.Errorf("%d guesses in an hour, want at most 100", guesses)
	}
	if longest > time.Minute {
		t.Errorf("the wait grew to %v, want at most a minute", longest)
	}
	if pace.Wait(th, start.Add(4*time.Hour)) != 0 || pace.Next(th, start.Add(4*time.Hour)).Count != 1 {
		t.Error("a quiet time must be forgotten")
	}
}

func TestASprayFromOneSourceStops(t *testing.T) {
	pace, start := SourcePace(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var th Throttle
	tried := 0
	for i := range 10_000 { // as fast as ten a second for a quarter of an hour
		if now := start.Add(time.Duration(i) * 100 * time.Millisecond); pace.Wait(th, now) == 0 {
			th, tried = pace.Next(th, now), tried+1
		}
	}
	if tried > 50 {
		t.Errorf("%d of 10,000 accounts were tried, want at most 50", tried)
	}
}

func TestSessions(t *testing.T) {
	set, t0 := Defaults(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	s := Session{Began: t0, Seen: t0, Proved: t0}
	for _, c := range []struct {
		after       time.Duration
		seen        time.Duration
		holds, priv bool
	}{
		{0, 0, true, true},
		{10*time.Minute - 1, 0, true, true},
		{10 * time.Minute, 0, true, false},
		{30*time.Minute - 1, 0, true, false},
		{30 * time.Minute, 0, false, false},
		{30 * time.Minute, time.Minute, true, false},
		{8*time.Hour - 1, 8*time.Hour - 2, true, false},
		{8 * time.Hour, 8*time.Hour - 1, false, false},
		{-time.Minute, 0, false, false},
		{-time.Minute + 1, 0, true, true},
	} {
		s.Seen = t0.Add(c.seen)
		if got := s.Holds(t0.Add(c.after), set); got != c.holds {
			t.Errorf("after %v, seen %v: holds %v", c.after, c.seen, got)
		}
		if got := s.Privileged(t0.Add(c.after), set); got != c.priv {
			t.Errorf("after %v: privileged %v", c.after, got)
		}
	}
}

func TestSettings(t *testing.T) {
	if err := Defaults().Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Settings){
		"unknown profile": func(s *Settings) { s.Profile = "none" },
		"no idle":         func(s *Settings) { s.Idle = 0 },
		"idle too long":   func(s *Settings) { s.Idle = s.Absolute + 1 },
		"for ever":        func(s *Settings) { s.Absolute = 48 * time.Hour },
		"no window":       func(s *Settings) { s.Window = 0 },
		"no link":         func(s *Settings) { s.Link = 0 },
		"device for ever": func(s *Settings) { s.Device = 4000 },
	} {
		s := Defaults()
		if spoil(&s); s.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func roles() access.Roles {
	return access.Roles{
		"system.admin":     {ID: "system.admin", Reach: access.Own, May: []access.Action{access.WriteSetting}},
		"security.admin":   {ID: "security.admin", Reach: access.Own, May: []access.Action{access.ManageUsers}},
		"audit.admin":      {ID: "audit.admin", Reach: access.Own, May: []access.Action{access.ReadAudit}},
		"city.officer":     {ID: "city.officer", Reach: access.Below, May: []access.Action{access.ReadPerson}},
		"branch.secretary": {ID: "branch.secretary", Reach: access.Own, May: []access.Action{access.ReadOrg}},
	}
}

func TestThreeAdministratorsAreThreePeople(t *testing.T) {
	holder := &person.Person{ID: 7, Offices: []person.Office{
		{Org: 1, Role: "audit.admin", Held: day.Period{From: day.Must("2026-01-01"), To: day.Must("2026-06-30")}},
		{Org: 2, Role: "branch.secretary", Held: day.Period{From: day.Must("2026-01-01")}},
	}}
	by := &person.Person{ID: 8}
	for _, c := range []struct {
		name, role, from string
		to, by           *person.Person
		want             string
	}{
		{"a second silo while the first lasts", "system.admin", "2026-05-01", holder, by, "refuse.grant_two_silos"},
		{"on its last day", "system.admin", "2026-06-30", holder, by, "refuse.grant_two_silos"},
		{"the day after", "system.admin", "2026-07-01", holder, by, ""},
		{"the same silo elsewhere", "audit.admin", "2026-05-01", holder, by, ""},
		{"an office that is none of the three", "city.officer", "2026-05-01", holder, by, ""},
		{"to oneself", "city.officer", "2026-05-01", by, by, "refuse.grant_self"},
		{"at set-up", "security.admin", "2026-05-01", by, nil, ""},
	} {
		g := Grant{Role: c.role, To: c.to, By: c.by, From: day.Must(c.from)}
		if got := CheckGrant(roles(), g); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSetUpIsOverOnceAnybodyEverGaveRights(t *testing.T) {
	people := []*person.Person{{ID: 1, Offices: []person.Office{{Role: "city.officer"}}}, {ID: 2}}
	find := func(p id.Person) (*person.Person, bool) { return people[p-1], true }
	if Administered(roles(), find, 2) {
		t.Error("nobody could give rights")
	}
	people[1].Offices = []person.Office{{Role: "security.admin", Held: day.Period{From: day.Must("2020-01-01"), To: day.Must("2020-01-02")}}}
	if !Administered(roles(), find, 2) {
		t.Error("an office that has ended still counts")
	}
}

func TestScopes(t *testing.T) {
	today := day.Must("2026-11-23")
	tree := &org.Tree{}
	for i, above := range []id.Org{0, 1, 1, 2} {
		tree.Put(org.Org{ID: id.Org(i + 1), Stands: day.Period{From: today}, Versions: []org.Version{{From: today, Superior: above, Kind: org.Committee}}})
	}
	s := Scope{Actions: []access.Action{access.ReadOrg}, Root: 2}
	for _, c := range []struct {
		a    access.Action
		o    id.Org
		want bool
	}{{access.ReadOrg, 2, true}, {access.ReadOrg, 4, true}, {access.ReadOrg, 3, false}, {access.ReadOrg, 1, false}, {access.ReadOrg, 0, false}, {access.Export, 2, false}} {
		if got := s.Allows(c.a, c.o, tree, today); got != c.want {
			t.Errorf("%s in %s: %v", c.a, c.o, got)
		}
	}
	if (Scope{Actions: []access.Action{access.ManageUsers}}).Check() == "" || (Scope{}).Check() == "" || s.Check() != "" {
		t.Error("a token carries something, and never the management of accounts")
	}
}

func TestScopesAreSpeltAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scope{
			Actions: rapid.SliceOfDistinct(rapid.SampledFrom(Delegable()), rapid.ID).Draw(t, "actions"),
			Acts:    rapid.Bool().Draw(t, "acts"), Root: id.Org(rapid.Uint32().Draw(t, "root")),
		}
		if back, err := ParseScope(s.String()); err != nil || back.String() != s.String() || back.Root != s.Root || back.Acts != s.Acts {
			t.Fatalf("%q came back as %q, %v", s, back, err)
		}
	})
}
