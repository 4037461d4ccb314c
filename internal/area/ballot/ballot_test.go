package ballot

import (
	"math/big"
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
// probationary member, one suspended and one who is only an applicant.
func world(t testing.TB, n int) *register.Register {
	g := register.New(nil)
	apply := func(effect string, m id.Matter, fields ...record.Field) {
		t.Helper()
		if _, err := g.Apply(effect, record.Record{Matter: m, On: day.Must("2016-01-01"), Org: branch, Fields: record.Of(fields...)}); err != nil {
			t.Fatal(err)
		}
	}
	apply("org.found", branch.Matter(), record.F("kind", record.Choice("branch")))
	for i := range n + 3 {
		standing := "member"
		if i >= n {
			standing = []string{"probationary", "suspended", "applicant"}[i-n]
		}
		apply("person.register", id.Person(i+1).Matter(), record.F("standing", record.Choice(standing)))
	}
	return g
}

func rules() rule.Book {
	share := func(num, den int64, more bool) rule.Param {
		return rule.Param{Values: []rule.Value{{From: day.Must("2018-01-01"), Share: &rule.Fraction{Num: num, Den: den}, More: more, Basis: "test#1"}}}
	}
	return rule.Book{GeneralQuorum: share(1, 2, true), GeneralMajority: share(1, 2, true), CommitteeQuorum: share(1, 2, false), ElectionQuorum: share(4, 5, false), ElectionMajority: share(1, 2, true)}
}

func meeting(g *register.Register, fields ...record.Field) matter.Case {
	return matter.Case{Law: matter.Law{Book: rules(), Roles: access.Roles{"branch.committee_member": {Committee: true}}}, World: g, Today: on, Act: matter.Act{Org: branch, On: on, Fields: record.Of(fields...)}}
}

// attended lists the first n as present, the rest up to all as on leave.
func attended(n, all int) record.Field {
	var p record.People
	for i := range all {
		a := record.Presence{Person: id.Person(i + 1), State: record.Present, Means: record.ByList}
		if i >= n {
			a.State, a.Means = record.Leave, ""
		}
		p = append(p, a)
	}
	return record.F("attended", p)
}

func exempt(who ...id.Person) record.Field {
	var rows record.Items
	for _, p := range who {
		rows = append(rows, record.Of(record.F("person", record.Person(p))))
	}
	return record.F("exempt", rows)
}

// more and least compare shares as fractions, exactly.
func more(part, whole int, num, den int64) bool {
	return whole > 0 && big.NewRat(int64(part), int64(whole)).Cmp(big.NewRat(num, den)) > 0
}

func least(part, whole int, num, den int64) bool {
	return whole > 0 && big.NewRat(int64(part), int64(whole)).Cmp(big.NewRat(num, den)) >= 0
}

func TestQuorumsAreExactForEveryBranch(t *testing.T) {
	for n := 1; n <= 40; n++ {
		g := world(t, n)
		for present := 0; present <= n; present++ {
			c := meeting(g, attended(present, n+3))
			if got := QuorumGeneral(c) == nil; got != more(present, n, 1, 2) {
				t.Errorf("a general meeting with %d of %d: held %v", present, n, got)
			}
			if got := QuorumElection(c) == nil; got != least(present, n, 4, 5) {
				t.Errorf("an election with %d of %d: held %v", present, n, got)
			}
		}
	}
}

func TestMajoritiesAreExactForEveryBranch(t *testing.T) {
	for n := 1; n <= 40; n++ {
		g := world(t, n)
		for present := 0; present <= n; present++ {
			for in := 0; in <= present; in++ {
				c := meeting(g, record.F("vote", record.Vote{Due: n, Present: present, For: in, Against: present - in}))
				if got := Decision(c) == nil; got != more(in, n, 1, 2) {
					t.Errorf("%d in favour, %d present, %d entitled: carried %v", in, present, n, got)
				}
				if got := Election(c) == nil; got != more(in, present, 1, 2) {
					t.Errorf("%d in favour, %d present, %d entitled: elected %v", in, present, n, got)
				}
			}
		}
	}
}

func TestAnElectionBeforeTheChangeNeedsMoreThanTheShare(t *testing.T) {
	c := meeting(world(t, 30), attended(24, 30))
	if r := QuorumElection(c); r != nil {
		t.Errorf("24 of 30 reach four fifths: %v", r)
	}
	book := rules()
	book[ElectionQuorum].Values[0].More = true
	c.Law.Book = book
	if QuorumElection(c) == nil {
		t.Error("24 of 30 are not more than four fifths")
	}
}

func TestACommitteeMeetsWithHalfOfItsMembers(t *testing.T) {
	for n := 1; n <= 7; n++ {
		g := world(t, 10)
		for i := range n {
			if _, err := g.Apply("office.take", record.Record{Matter: id.Begun(int64(i + 1)), On: day.Must("2018-01-01"), Org: branch,
				Fields: record.Of(record.F("person", record.Person(i+1)), record.F("role", record.Choice("branch.committee_member")))}); err != nil {
				t.Fatal(err)
			}
		}
		for present := 0; present <= n; present++ {
			if got := QuorumCommittee(meeting(g, attended(present, 10))) == nil; got != least(present, n, 1, 2) {
				t.Errorf("%d of a committee of %d: held %v", present, n, got)
			}
		}
	}
}

func TestGuestsAndThoseWithoutAVoteMakeNoQuorum(t *testing.T) {
	g := world(t, 4)
	// Two members, and with them the probationary, the suspended one and the applicant.
	var p record.People
	for _, n := range []id.Person{1, 2, 5, 6, 7} {
		p = append(p, record.Presence{Person: n, State: record.Present, Means: record.ByList})
	}
	r := QuorumGeneral(meeting(g, record.F("attended", p)))
	if r == nil || r.Args["present"] != "2" || r.Args["due"] != "4" || r.Args["share"] != "1/2" || r.Args["more"] != "true" || r.Basis != "test#1" || r.Field != "attended" {
		t.Errorf("%+v", r)
	}
}

func TestVotersAreFullMembersNotSubtracted(t *testing.T) {
	g := world(t, 4)
	if got := Voters(meeting(g)); len(got) != 4 || got[3] != 4 {
		t.Errorf("voters %v", got)
	}
	if got := Voters(meeting(g, exempt(2, 99))); len(got) != 3 || got[1] != 3 {
		t.Errorf("voters without one %v", got)
	}
	if r := QuorumGeneral(meeting(g, attended(2, 4), exempt(4))); r != nil {
		t.Errorf("2 of 3 are more than half: %v", r)
	}
	if QuorumGeneral(meeting(g, attended(2, 4), exempt(1))) == nil {
		t.Error("one of 3 is not more than half: whoever is subtracted does not count as present")
	}
	for name, check := range map[string]func(matter.Case) *matter.Refusal{"general meeting": QuorumGeneral, "election": QuorumElection, "committee": QuorumCommittee} {
		if check(meeting(g, attended(4, 4), exempt(1, 2, 3, 4))) == nil {
			t.Errorf("a %s of nobody", name)
		}
	}
}

func TestEachDecisionIsCounted(t *testing.T) {
	g := world(t, 10)
	decision := func(in int, result string) record.Fields {
		return record.Of(record.F("vote", record.Vote{Due: 10, Present: 10, For: in}), record.F("result", record.Choice(result)))
	}
	for name, c := range map[string]struct {
		rows  record.Items
		field string
	}{
		"all carried":              {record.Items{decision(6, "passed"), decision(10, "passed")}, ""},
		"the second is not":        {record.Items{decision(6, "passed"), decision(5, "passed")}, "decisions.1.vote"},
		"said to be rejected":      {record.Items{decision(6, "passed"), decision(5, "rejected")}, ""},
		"none with a vote":         {record.Items{record.Of(record.F("text", record.Text("a")))}, ""},
		"counted on another basis": {record.Items{record.Of(record.F("vote", record.Vote{Due: 9, Present: 9, For: 9}))}, "decisions.0.vote"},
	} {
		r := Decision(meeting(g, record.F("decisions", c.rows)))
		if (r == nil) != (c.field == "") || r != nil && r.Field != c.field {
			t.Errorf("%s: %v", name, r)
		}
	}
}

func TestTheNumberOfVotersIsThatOfTheRoster(t *testing.T) {
	g := world(t, 10)
	for due, want := range map[int]bool{9: false, 10: true, 11: false, 13: false} {
		c := meeting(g, record.F("vote", record.Vote{Due: due, Present: due, For: due}))
		if r := Decision(c); (r == nil) != want || r != nil && (r.Why != "refuse.vote_due" || r.Args["entitled"] != "10") {
			t.Errorf("%d said to be due: %v", due, r)
		}
	}
}

func TestOpinionsInWritingDecideAndDoNotElect(t *testing.T) {
	g := world(t, 10)
	vote := record.F("vote", record.Vote{Due: 10, Present: 5, For: 6, Written: 1})
	if r := Decision(meeting(g, vote)); r != nil {
		t.Errorf("six of ten, one in writing: %v", r)
	}
	if r := Election(meeting(g, vote)); r == nil || r.Why != "refuse.vote_sum" {
		t.Errorf("six votes by five present: %v", r)
	}
}

func TestARuleNotYetInForceRefuses(t *testing.T) {
	c := meeting(world(t, 3), attended(3, 3), record.F("vote", record.Vote{Due: 3, Present: 3, For: 3}))
	for d, want := range map[string]bool{"2017-12-31": false, "2018-01-01": true, "2018-01-02": true} {
		c.Act.On = day.Must(d)
		for name, check := range map[string]func(matter.Case) *matter.Refusal{"quorum": QuorumGeneral, "decision": Decision} {
			if r := check(c); (r == nil) != want || r != nil && r.Why != "refuse.rule_not_in_force" {
				t.Errorf("%s on %s: %v", name, d, r)
			}
		}
	}
}
