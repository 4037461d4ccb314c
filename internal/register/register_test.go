package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
)

// A world in which branches are founded, people come, move and take office.
func fold(t *testing.T) *Register {
	t.Helper()
	g := New([]byte("secret"))
	found := func(seq int64, m id.Matter, on, name, kind string, above id.Org) {
		g.mustApply(t, "org.found", record.Record{Seq: seq, Matter: m, On: day.Must(on), Fields: record.Of(
			record.F("name", record.Text(name)), record.F("kind", record.Choice(kind)), record.F("superior", record.Org(above)))})
	}
	found(1, "o1", "2015-01-01", "市委", "committee", 0)
	found(2, "o2", "2015-01-01", "甲镇党委", "committee", 1)
	found(3, "o3", "2015-01-01", "乙镇党委", "committee", 1)
	found(4, "o4", "2016-01-01", "一村党支部", "branch", 2)
	found(5, "o5", "2016-01-01", "二村党支部", "branch", 2)
	g.mustApply(t, "person.register", record.Record{Seq: 6, Matter: "p1", Org: 4, On: day.Must("2016-02-01"), Fields: record.Of(
		record.F("name", record.Text("武明远")), record.F("standing", record.Choice("member")), record.F("id_number", record.Text("149999197001010019")))})
	g.mustApply(t, "office.take", record.Record{Seq: 7, Matter: "m7", Org: 4, On: day.Must("2016-03-01"), Fields: record.Of(
		record.F("person", record.Person(1)), record.F("role", record.Choice("branch.secretary")))})
	return g
}

func (g *Register) mustApply(t *testing.T, effect string, r record.Record) {
	t.Helper()
	if _, err := g.Apply(effect, r); err != nil {
		t.Fatal(err)
	}
}

// load reads one row back.
func (g *Register) load(row record.Row) error {
	l, err := Parse(row)
	if err == nil {
		g.Load(l)
	}
	return err
}

func TestTheRosterIsThatOfTheDay(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "person.join", record.Record{Seq: 8, Matter: "p1", On: day.Must("2018-06-10"), Fields: record.Of(record.F("branch", record.Org(5)))})
	for _, c := range []struct {
		org  id.Org
		on   string
		want int
	}{
		{4, "2016-01-31", 0}, {4, "2016-02-01", 1}, {4, "2018-06-09", 1}, {4, "2018-06-10", 0}, {5, "2018-06-09", 0}, {5, "2018-06-10", 1},
	} {
		if got := len(g.Roster(c.org, day.Must(c.on))); got != c.want {
			t.Errorf("roster of %s on %s: %d, want %d", c.org, c.on, got, c.want)
		}
	}
}

func TestAnOfficeEndsWithItsLastDay(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "office.leave", record.Record{Seq: 8, Matter: "m7", Org: 4, On: day.Must("2018-06-10")})
	p, _ := g.Person(1)
	for on, want := range map[string]bool{"2016-02-29": false, "2016-03-01": true, "2018-06-10": true, "2018-06-11": false} {
		if got := p.Holds("branch.secretary", 4, day.Must(on)); got != want {
			t.Errorf("holds on %s: %v, want %v", on, got, want)
		}
	}
}

func TestAMoveRecordedLateTakesItsPlaceInTime(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "org.rename", record.Record{Seq: 8, Matter: "o4", On: day.Must("2018-01-01"), Fields: record.Of(record.F("name", record.Text("一村联合党支部")))})
	g.mustApply(t, "org.move", record.Record{Seq: 9, Matter: "o4", On: day.Must("2017-01-01"), Fields: record.Of(record.F("superior", record.Org(3)))})
	o, _ := g.Tree().Org(4)
	want := []org.Version{
		{From: day.Must("2016-01-01"), Name: "一村党支部", Kind: org.Branch, Superior: 2, Set: org.SetName | org.SetKind | org.SetSuperior},
		{From: day.Must("2017-01-01"), Name: "一村党支部", Kind: org.Branch, Superior: 3, Set: org.SetSuperior},
		{From: day.Must("2018-01-01"), Name: "一村联合党支部", Kind: org.Branch, Superior: 3, Set: org.SetName},
	}
	if d := cmp.Diff(want, o.Versions); d != "" {
		t.Error(d)
	}
	if g.Tree().Within(2, 4, day.Must("2017-01-01")) || !g.Tree().Within(2, 4, day.Must("2016-12-31")) {
		t.Error("the branch does not stand where it stood on the day")
	}
}

func TestMergingLeavesNobodyBehind(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "org.merge", record.Record{Seq: 8, Matter: "o4", On: day.Must("2018-01-01"), Fields: record.Of(record.F("into", record.Org(5)))})
	p, _ := g.Person(1)
	if m, ok := p.Membership(day.Must("2018-01-01")); !ok || m.Org != 5 {
		t.Errorf("after the merger: %+v", m)
	}
	if m, ok := p.Membership(day.Must("2017-12-31")); !ok || m.Org != 4 {
		t.Errorf("the day before: %+v", m)
	}
}

func TestRowsRestoreTheRegister(t *testing.T) {
	g := fold(t)
	rows, err := g.Rows(Changes{Orgs: []id.Org{1, 2, 3, 4, 5}, People: []id.Person{1}, Matters: []id.Matter{"m7"}}, 7)
	if err != nil {
		t.Fatal(err)
	}
	h := New([]byte("secret"))
	for _, row := range rows {
		if err := h.load(row); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(g, h, cmp.AllowUnexported(Register{}, org.Tree{}, term{}, person.Person{}), cmpopts.IgnoreFields(Register{}, "changed", "shown")); d != "" {
		t.Error(d)
	}
	if h.ByIDKey(h.IDKey("149999197001010019")) != 1 {
		t.Error("the index of ID numbers is lost")
	}
}

func (g *Register) mustChange(t *testing.T, seq int64, effect string, m id.Matter, on string, fields ...record.Field) {
	t.Helper()
	g.mustApply(t, effect, record.Record{Seq: seq, Matter: m, On: day.Must(on), Fields: record.Of(fields...)})
}

func TestALateChangeStopsAtTheNextOfTheSamePart(t *testing.T) {
	g := fold(t)
	name := func(s string) record.Field { return record.F("name", record.Text(s)) }
	g.mustChange(t, 8, "org.move", "o4", "2018-01-01", record.F("superior", record.Org(3)))
	g.mustChange(t, 9, "org.rename", "o4", "2018-01-01", name("二名"))
	g.mustChange(t, 10, "org.move", "o4", "2019-01-01", record.F("superior", record.Org(2))) // back again
	g.mustChange(t, 11, "org.move", "o4", "2017-01-01", record.F("superior", record.Org(1))) // written down last, happened first
	g.mustChange(t, 12, "org.rename", "o4", "2017-06-01", name("一名"))
	g.mustChange(t, 13, "org.change", "o4", "2016-06-01", record.F("kind", record.Choice("joint_branch")))
	for on, want := range map[string]org.Version{
		"2016-01-01": {Name: "一村党支部", Kind: org.Branch, Superior: 2},
		"2016-06-01": {Name: "一村党支部", Kind: org.JointBranch, Superior: 2},
		"2017-01-01": {Name: "一村党支部", Kind: org.JointBranch, Superior: 1},
		"2017-06-01": {Name: "一名", Kind: org.JointBranch, Superior: 1},
		"2018-01-01": {Name: "二名", Kind: org.JointBranch, Superior: 3},
		"2019-01-01": {Name: "二名", Kind: org.JointBranch, Superior: 2},
	} {
		got := g.Tree().Get(4).On(day.Must(on))
		if got.Name != want.Name || got.Kind != want.Kind || got.Superior != want.Superior {
			t.Errorf("on %s: %+v, want %+v", on, got, want)
		}
	}
}

func TestWhoHoldsAnOldStateIsNotDisturbed(t *testing.T) {
	g := fold(t)
	o, p := g.Tree().Get(4), g.people[1]
	g.mustChange(t, 8, "org.rename", "o4", "2016-01-01", record.F("name", record.Text("新名")))
	g.mustChange(t, 9, "person.join", "p1", "2017-01-01", record.F("branch", record.Org(5)))
	g.mustChange(t, 10, "person.standing", "p1", "2016-02-01", record.F("standing", record.Choice("suspended")))
	g.mustChange(t, 11, "office.leave", "m7", "2017-01-01")
	if o.Versions[0].Name != "一村党支部" {
		t.Errorf("the organisation read before is now called %s", o.Versions[0].Name)
	}
	if p.Memberships[0].Held.To != 0 || p.Stands[0].Standing != person.Member || p.Offices[0].Held.To != 0 {
		t.Errorf("the person read before is now %+v", p)
	}
}

func TestTheIndexOfIDNumbersFollowsACorrection(t *testing.T) {
	g := fold(t)
	before, after := g.IDKey("149999197001010019"), g.IDKey("149999197001010035")
	if before == after || g.IDKey("") != 0 || New([]byte("other")).IDKey("149999197001010019") == before {
		t.Error("keys of ID numbers are not theirs, or not of this installation")
	}
	g.mustChange(t, 8, "person.correct", "p1", "2018-01-01", record.F("id_number", record.Text("149999197001010035")), record.F("sex", record.Choice("1")))
	if g.ByIDKey(before) != 0 || g.ByIDKey(after) != 1 {
		t.Errorf("old number: %s, new number: %s", g.ByIDKey(before), g.ByIDKey(after))
	}
	p, _ := g.Person(1)
	if p.Name != "武明远" || p.Sex != '1' {
		t.Errorf("what was not corrected did not stay: %+v", p)
	}
}

func TestAFullMemberWasProbationaryBeforeConfirmation(t *testing.T) {
	registered := func(fields ...record.Field) *person.Person {
		g := fold(t)
		g.mustApply(t, "person.register", record.Record{Seq: 8, Matter: "p2", Org: 4, On: day.Must("2018-06-01"), Fields: record.Of(append(fields, record.F("standing", record.Choice("member")))...)})
		p, _ := g.Person(2)
		return p
	}
	joined, confirmed := record.F("joined", record.Day(day.Must("2016-07-01"))), record.F("confirmed", record.Day(day.Must("2017-07-01")))
	for name, c := range map[string]struct {
		p    *person.Person
		want []person.Stand
	}{
		"both days":       {registered(joined, confirmed), []person.Stand{{From: day.Must("2016-07-01"), Standing: person.Probationary}, {From: day.Must("2017-07-01"), Standing: person.Member}}},
		"joining alone":   {registered(joined), []person.Stand{{From: day.Must("2016-07-01"), Standing: person.Member}}},
		"neither":         {registered(), []person.Stand{{From: day.Must("2018-06-01"), Standing: person.Member}}},
		"confirmed alone": {registered(confirmed), []person.Stand{{From: day.Must("2018-06-01"), Standing: person.Member}}},
	} {
		if d := cmp.Diff(c.want, c.p.Stands); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestAStandingOfTheSameDayIsReplaced(t *testing.T) {
	g := fold(t)
	g.mustChange(t, 8, "person.standing", "p1", "2018-01-01", record.F("standing", record.Choice("suspended")))
	g.mustChange(t, 9, "person.standing", "p1", "2018-01-01", record.F("standing", record.Choice("removed")))
	p, _ := g.Person(1)
	if len(p.Stands) != 2 || p.Standing(day.Must("2018-01-01")) != person.Removed || p.Standing(day.Must("2017-12-31")) != person.Member {
		t.Errorf("%+v", p.Stands)
	}
}

func TestHomeIsTheLastBranchInTimeAndNotTheLastRecorded(t *testing.T) {
	g := fold(t)
	g.mustChange(t, 8, "person.join", "p1", "2018-06-10", record.F("branch", record.Org(5)))
	g.mustChange(t, 9, "person.leave", "p1", "2018-06-30")
	g.mustChange(t, 10, "person.join", "p1", "2017-01-01", record.F("branch", record.Org(3))) // recorded late
	p, _ := g.Person(1)
	for on, want := range map[string]id.Org{"2016-01-31": 0, "2016-02-01": 4, "2017-01-01": 3, "2018-06-10": 5, "2018-06-30": 5, "2018-07-01": 5} {
		if got := p.Home(day.Must(on)); got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}

func TestWhoLeavesAndJoinsOnOneDayIsNotLost(t *testing.T) {
	g := fold(t)
	g.mustChange(t, 8, "person.leave", "p1", "2018-06-10")
	g.mustChange(t, 9, "person.join", "p1", "2018-06-10", record.F("branch", record.Org(5)))
	if got := len(g.Roster(5, day.Must("2018-06-11"))); got != 1 {
		t.Errorf("%d on the roster the day after", got)
	}
}

func TestAMergerRecordedLateTakesAlongWhoCameMeanwhile(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "person.register", record.Record{Seq: 8, Matter: "p2", Org: 4, On: day.Must("2018-03-01"), Fields: record.Of(record.F("standing", record.Choice("member")))})
	g.mustChange(t, 9, "org.merge", "o4", "2018-01-01", record.F("into", record.Org(5)))
	if d := cmp.Diff([]id.Person{1, 2}, g.Roster(5, day.Must("2018-03-01"))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]id.Person{1}, g.Ever(4)); d != "" {
		t.Errorf("ever in the branch that was merged:\n%s", d)
	}
}

func TestGivingUpAnOfficeDoesNotReviveIt(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "office.take", record.Record{Seq: 8, Matter: "m8", Org: 4, On: day.Must("2017-01-01"), Fields: record.Of(
		record.F("person", record.Person(1)), record.F("role", record.Choice("branch.organiser")), record.F("until", record.Day(day.Must("2017-12-31"))))})
	g.mustChange(t, 9, "office.leave", "m8", "2018-06-10")
	p, _ := g.Person(1)
	if p.Holds("branch.organiser", 4, day.Must("2018-01-01")) || !p.Holds("branch.organiser", 4, day.Must("2017-12-31")) {
		t.Errorf("%+v", p.Offices)
	}
}

func TestARecordThatContradictsTheRegisterIsAnError(t *testing.T) {
	for name, r := range map[string]struct {
		effect string
		r      record.Record
	}{
		"founding what is no organisation": {"org.found", record.Record{Matter: "m8"}},
		"renaming what was never founded":  {"org.rename", record.Record{Matter: "o99"}},
		"registering what is no person":    {"person.register", record.Record{Matter: "o4"}},
		"moving somebody unknown":          {"person.join", record.Record{Matter: "p99"}},
		"an office for somebody unknown":   {"office.take", record.Record{Matter: "m8", Fields: record.Of(record.F("person", record.Person(99)))}},
		"leaving an office never taken":    {"office.leave", record.Record{Matter: "m6"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := fold(t).Apply(r.effect, r.r); err == nil {
				t.Error("applied")
			}
		})
	}
	if c, err := fold(t).Apply("content.override", record.Record{}); err != nil || len(c.Orgs)+len(c.People)+len(c.Matters) != 0 {
		t.Errorf("an effect that is none of its business: %+v, %v", c, err)
	}
}

func TestARowThatCannotBeReadIsAnError(t *testing.T) {
	for _, view := range []string{ViewOrg, ViewPerson, ViewTerm} {
		if err := New(nil).load(record.Row{View: view, Key: "x", Body: []byte(`{"ID":`)}); err == nil {
			t.Errorf("%s: loaded", view)
		}
	}
}

func TestAStandingDecidedInAMatterIsThatOfThePersonNamed(t *testing.T) {
	g := fold(t)
	g.mustApply(t, "person.register", record.Record{Seq: 8, Matter: "p2", Org: 4, On: day.Must("2018-03-01"), Fields: record.Of(record.F("name", record.Text("柳映川")), record.F("standing", record.Choice("applicant")))})
	become := func(seq int64, m id.Matter, on, standing, since string) {
		fields := record.Of(record.F("person", record.Person(2)), record.F("standing", record.Choice(standing)))
		if since != "" {
			fields = fields.With("since", record.Day(day.Must(since)))
		}
		g.mustApply(t, "person.standing", record.Record{Seq: seq, Matter: m, Org: 4, On: day.Must(on), Fields: fields})
	}
	become(9, "m9", "2018-04-01", "activist", "2018-01-10") // what was registered later says less and gives way
	become(10, "m9", "2018-06-20", "probationary", "2018-05-31")
	p, _ := g.Person(2)
	want := []person.Stand{{From: day.Must("2018-01-10"), Standing: person.Activist, Matter: "m9"}, {From: day.Must("2018-05-31"), Standing: person.Probationary, Matter: "m9"}}
	if d := cmp.Diff(want, p.Stands); d != "" {
		t.Error(d)
	}
	g.mustApply(t, "person.standing", record.Record{Seq: 11, Matter: "p2", On: day.Must("2018-08-01"), Fields: record.Of(record.F("standing", record.Choice("suspended")))})
	become(12, "m9", "2018-09-01", "member", "2018-07-01")
	if p, _ := g.Person(2); p.Standing(day.Must("2018-08-01")) != person.Suspended || p.Standing(day.Must("2018-07-31")) != person.Member {
		t.Errorf("what ends membership does not give way: %+v", p.Stands)
	}
	if _, err := g.Apply("person.standing", record.Record{Matter: "m9", Fields: record.Of(record.F("person", record.Person(99)))}); err == nil {
		t.Error("a standing of nobody")
	}
}
