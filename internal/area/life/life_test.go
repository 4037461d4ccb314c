package life

import (
	"strconv"
	"strings"
	"testing"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/rule"
)

const branch id.Org = 1

var on = day.Must("2018-06-08")

// world is a branch of n full members, numbered from 1, and after them one
// probationary member and one who has died.
func world(t testing.TB, n int) *register.Register {
	g := register.New(nil)
	apply(t, g, "org.found", branch.Matter(), "2016-01-01", record.F("kind", record.Choice("branch")))
	for i := range n + 2 {
		standing := "member"
		if i >= n {
			standing = []string{"probationary", "died"}[i-n]
		}
		apply(t, g, "person.register", id.Person(i+1).Matter(), "2016-01-01", record.F("standing", record.Choice(standing)))
	}
	return g
}

func apply(t testing.TB, g *register.Register, effect string, m id.Matter, on string, fields ...record.Field) {
	t.Helper()
	if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must(on), Org: branch, Fields: record.Of(fields...)}); err != nil {
		t.Fatal(err)
	}
}

func law() matter.Law {
	seven, thirty := int64(7), int64(30)
	since := func(v rule.Value) rule.Param {
		v.From, v.Basis = day.Must("2018-01-01"), "test#1"
		return rule.Param{Values: []rule.Value{v}}
	}
	return matter.Law{Book: rule.Book{
		CommitteeFrom:  since(rule.Value{Value: &seven}),
		YoungMinutes:   since(rule.Value{Value: &thirty}),
		ExcellentShare: since(rule.Value{Share: &rule.Fraction{Num: 1, Den: 3}}),
		NearCopy:       since(rule.Value{Share: &rule.Fraction{Num: 4, Den: 5}}),
	}}
}

func meeting(g *register.Register, fields ...record.Field) matter.Case {
	return matter.Case{Law: law(), World: g, Today: on, Act: matter.Act{Org: branch, On: on, Fields: record.Of(fields...)}}
}

// grades marks the first of n people excellent, the others good.
func grades(excellent, n int) record.Field {
	var rows record.Items
	for i := range n {
		grade := "good"
		if i < excellent {
			grade = "excellent"
		}
		rows = append(rows, grade1(id.Person(i+1), grade))
	}
	return record.F("grades", rows)
}

func grade1(p id.Person, grade string) record.Fields {
	return record.Of(record.F("person", record.Person(p)), record.F("grade", record.Choice(grade)))
}

func TestAThirdMayBeExcellentRoundedDown(t *testing.T) {
	g := world(t, 40)
	for n := 1; n <= 40; n++ {
		for excellent := 0; excellent <= n; excellent++ {
			r := AppraisalQuota(meeting(g, grades(excellent, n)))
			if fits := 3*excellent <= n; (r == nil) != fits {
				t.Errorf("%d excellent of %d: %v", excellent, n, r)
			}
			if r != nil && (r.Why != "refuse.excellent_quota" || r.Args["most"] != strconv.Itoa(n/3) || r.Args["share"] != "1/3" || r.Basis != "test#1") {
				t.Errorf("%d excellent of %d: %+v", excellent, n, r)
			}
		}
	}
}

func TestWhoGetsNoGrade(t *testing.T) {
	g := world(t, 4) // 5 is probationary, 6 has died
	for name, c := range map[string]struct {
		rows       record.Items
		why, field string
	}{
		"all members":            {record.Items{grade1(1, "good"), grade1(4, "bad")}, "", ""},
		"a probationary member":  {record.Items{grade1(1, "good"), grade1(5, "good")}, "refuse.probationary_grade", "grades.1.person"},
		"somebody off the roll":  {record.Items{grade1(6, "good")}, "refuse.not_on_roster", "grades.0.person"},
		"the same twice":         {record.Items{grade1(1, "good"), grade1(2, "good"), grade1(1, "bad")}, "refuse.graded_twice", "grades.2.person"},
		"nobody, nothing graded": {nil, "", ""},
	} {
		r := AppraisalQuota(meeting(g, record.F("grades", c.rows)))
		if (r == nil) != (c.why == "") || r != nil && (r.Why != c.why || r.Field != c.field || r.Basis != "test#1") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	early := meeting(g, grades(0, 1))
	early.Act.On = day.Must("2017-12-31")
	if r := AppraisalQuota(early); r == nil || r.Why != "refuse.rule_not_in_force" {
		t.Errorf("before the rule: %+v", r)
	}
}

func TestDueIsTheRosterOfTheDayWithoutTheExempt(t *testing.T) {
	g := world(t, 4)
	exempt := record.F("exempt", record.Items{record.Of(record.F("person", record.Person(2))), record.Of(record.F("person", record.Person(99)))})
	for name, c := range map[string]struct {
		c    matter.Case
		want record.Number
	}{
		"members and the probationary one": {meeting(g), 5},
		"one is exempt":                    {meeting(g, exempt), 4},
	} {
		if got, r := Due(c.c); r != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, r)
		}
	}
	before := meeting(g)
	before.Act.On = day.Must("2015-12-31")
	if got, _ := Due(before); got != record.Number(0) {
		t.Errorf("before anybody came: %v", got)
	}
}

func TestPresentAreThosePresent(t *testing.T) {
	p := record.People{{Person: 1, State: record.Present, Means: record.ByList}, {Person: 2, State: record.Leave}, {Person: 99, State: record.Present, Means: record.ByVideo}}
	if got, _ := Present(meeting(world(t, 3), record.F("attended", p))); got != record.Number(2) {
		t.Errorf("%v", got)
	}
}

func TestTheCommitteeIsWhoHoldsOfficeOnTheDay(t *testing.T) {
	g := world(t, 4)
	apply(t, g, "office.take", "m9", "2018-06-08", record.F("person", record.Person(1)), record.F("role", record.Choice("branch.secretary")))
	apply(t, g, "office.take", "m10", "2018-06-08", record.F("person", record.Person(2)), record.F("role", record.Choice("group.leader")))
	for d, want := range map[string]record.Number{"2018-06-07": 0, "2018-06-08": 1} {
		c := meeting(g)
		c.Law.Roles = access.Roles{"branch.secretary": {Committee: true}, "group.leader": {}}
		c.Act.On = day.Must(d)
		if got, _ := CommitteeDue(c); got != want {
			t.Errorf("on %s: %v", d, got)
		}
	}
}

func TestOnlyTheRosterCanBeMissedAndLeaveHasAReason(t *testing.T) {
	g := world(t, 2) // 3 is probationary, 4 has died
	attended := func(p ...record.Presence) matter.Case { return meeting(g, record.F("attended", record.People(p))) }
	for name, c := range map[string]struct {
		c     matter.Case
		check func(matter.Case) *matter.Refusal
		why   string
	}{
		"a member absent":       {attended(record.Presence{Person: 1, State: record.Absent}), Roster, ""},
		"a probationary absent": {attended(record.Presence{Person: 3, State: record.Absent}), Roster, ""},
		"a guest present":       {attended(record.Presence{Person: 4, State: record.Present, Means: record.ByList}), Roster, ""},
		"a guest absent":        {attended(record.Presence{Person: 4, State: record.Absent}), Roster, "refuse.not_on_roster"},
		"a guest on leave":      {attended(record.Presence{Person: 4, State: record.Leave, Note: "x"}), Roster, "refuse.not_on_roster"},
		"leave with a reason":   {attended(record.Presence{Person: 1, State: record.Leave, Note: "住院"}), Reasons, ""},
		"leave without":         {attended(record.Presence{Person: 2, State: record.Leave}), Reasons, "refuse.leave_without_reason"},
		"absent without":        {attended(record.Presence{Person: 2, State: record.Absent}), Reasons, ""},
	} {
		r := c.check(c.c)
		if (r == nil) != (c.why == "") || r != nil && (r.Why != c.why || r.Field != "attended" || !strings.HasPrefix(r.Args["person"], "p")) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestABranchOfSevenFullMembersHasACommittee(t *testing.T) {
	for n, want := range map[int]bool{6: false, 7: true, 8: true} {
		c := meeting(world(t, n)) // and one probationary member, who does not count
		if got := HasCommittee(c); got != want {
			t.Errorf("%d full members: %v", n, got)
		}
		if got, by := CommitteeBinds(c.World, c.Law, branch, on); got != want || by != CommitteeFrom {
			t.Errorf("%d full members: %v by %s", n, got, by)
		}
	}
	c := meeting(world(t, 7))
	if got, _ := CommitteeBinds(c.World, c.Law, branch, day.Must("2017-12-31")); got {
		t.Error("before the rule it bound")
	}
}

func TestABranchHasGroupsWhenAMemberBelongsToOne(t *testing.T) {
	g := world(t, 3)
	if HasGroups(meeting(g)) {
		t.Error("no group, and it has")
	}
	apply(t, g, "person.join", "p2", "2018-06-08", record.F("branch", record.Org(branch)), record.F("group", record.Number(1)))
	if !HasGroups(meeting(g)) {
		t.Error("on the day of the first group it has none")
	}
	if got, _ := GroupsBind(g, law(), branch, on-1); got {
		t.Error("the day before it had one")
	}
}

func TestEveryBranchButTheTemporaryIsBound(t *testing.T) {
	g := register.New(nil)
	for i, kind := range []string{"branch", "joint_branch", "temporary_branch", "committee"} {
		apply(t, g, "org.found", id.Org(i+1).Matter(), "2016-01-01", record.F("kind", record.Choice(kind)))
		if got, _ := AnyBranch(g, law(), id.Org(i+1), on); got != (i < 2) {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if got, _ := AnyBranch(g, law(), 99, on); got {
		t.Error("what does not exist is bound")
	}
}
