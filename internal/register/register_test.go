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
		record.F("name", record.Text("武明远")), record.F("standing", record.Choice("member")), record.F("id_number", record.Text("149999197001010010")))})
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
		if err := h.Load(row); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(g, h, cmp.AllowUnexported(Register{}, org.Tree{}, term{}, person.Person{}), cmpopts.IgnoreFields(Register{}, "changed")); d != "" {
		t.Error(d)
	}
	if h.ByIDKey(h.IDKey("149999197001010010")) != 1 {
		t.Error("the index of ID numbers is lost")
	}
}
