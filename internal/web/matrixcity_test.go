package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A place is an organisation with something of each kind.
type place struct {
	org    id.Org
	person id.Person // 0: nobody belongs here
	matter id.Matter
	seq    int64     // of a record of the matter
	open   id.Matter // one that goes on: a theme day announced for today
}

// A matrix is a small city with somebody in every role.
type matrix struct {
	*house
	places []place
	who    []*browser
}

// everybody are the columns of the table.
var everybody = []string{"nobody", "member", "secretary", "organiser", "county", "city", "leader", "inspector", "system", "security", "audit"}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{house: newHouse(t)}
	const city = id.Org(1)
	c := m.found("清河县委员会", "county", city)
	t1, t2 := m.found("柳溪乡委员会", "township", c), m.found("石桥乡委员会", "township", c)
	y := m.branchOf(m.found("北原乡委员会", "township", m.found("北原县委员会", "county", city)), "北坡村支部")
	b, s, x := m.branchOf(t1, "柳溪村支部"), m.branchOf(t1, "杏林村支部"), m.branchOf(t2, "石桥村支部")
	m.clock.forward(30 * 24 * time.Hour) // so that the branches have stood for a while
	m.places = []place{m.live(b), m.live(s), m.place(t1), m.live(x), m.place(c), m.live(y), m.place(city)}
	m.who = []*browser{
		{h: m.house}, m.somebody("member", b, "", 0), m.somebody("secretary", b, "branch.secretary", b),
		m.somebody("organiser", m.branch, "township.organiser", t1), m.somebody("county", m.branch, "county.officer", c),
		m.somebody("city", m.branch, "city.officer", city), m.somebody("leader", m.branch, "leader", city),
	}
	admin := m.admin()
	m.who = append(m.who, m.granted(admin, "inspector", "inspector", city), m.granted(admin, "system", "system.admin", city),
		m.granted(admin, "security", "security.admin", city), m.granted(admin, "audit", "audit.admin", city))
	m.publish()
	return m
}

// found founds a committee.
func (m *matrix) found(name, level string, above id.Org) id.Org {
	m.t.Helper()
	r := m.act(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(
		record.F("name", record.Text(name)), record.F("kind", record.Choice("committee")), record.F("superior", record.Org(above)), record.F("level", record.Choice(level)))})
	o, _ := r.Matter.Org()
	return o
}

func (m *matrix) branchOf(above id.Org, name string) id.Org {
	m.t.Helper()
	r := m.act(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(
		record.F("name", record.Text(name)), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(above)))})
	o, _ := r.Matter.Org()
	return o
}

// place is a committee, of which there is its own file.
func (m *matrix) place(o id.Org) place {
	file := id.Matter(o.String())
	return place{org: o, matter: file, seq: m.firstOf(file), open: file}
}

// live is a branch with a secretary, who is its only other member and recorded a
// theme day.
func (m *matrix) live(o id.Org) place {
	m.t.Helper()
	p := m.register("宋某"+strconv.Itoa(int(o)), o)
	m.take("branch.organiser", o, p)
	b := m.browser(p, "organiser"+strconv.Itoa(int(o)))
	form := url.Values{
		"on": {m.app.Today().String()}, "theme": {"学党章"}, "start": {"06:00"}, "end": {"07:10"}, "place": {"会议室"},
		"activities.rows": {"1"}, "activities.0.activity": {"study"}, "chair": {p.String()}, "recorder": {p.String()},
		"attended." + p.String(): {"present"}, "attended." + p.String() + ".means": {""}, "attended." + p.String() + ".note": {""},
		"minutes": {"学习党章第一章，讨论党务公开栏的内容，定于每月五日更新。" + o.String()}, "do": {"submit"}, "key": {"k" + o.String()},
	}
	path, _, _ := strings.Cut(b.post("/act/theme_day?org="+o.String(), form).leads(), "?")
	n := id.Matter(strings.TrimPrefix(path, "/matter/"))
	today := m.app.Today().String()
	plan := url.Values{"on": {today}, "day": {today}, "start": {"08:00"}, "place": {"会议室"}, "topic": {"读条例"}, "key": {"p" + o.String()}}
	path, _, _ = strings.Cut(b.post("/act/theme_day?step=plan&org="+o.String(), plan).leads(), "?")
	return place{org: o, person: p, matter: n, seq: m.firstOf(n), open: id.Matter(strings.TrimPrefix(path, "/matter/"))}
}

func (m *matrix) firstOf(n id.Matter) int64 {
	m.t.Helper()
	for seq := int64(1); seq <= m.app.Size(); seq++ {
		if must(m.app.Record(m.t.Context(), seq)).Matter == n {
			return seq
		}
	}
	m.t.Fatalf("no record of %s", n)
	return 0
}

func (m *matrix) take(role string, o id.Org, p id.Person) {
	m.t.Helper()
	m.act(matter.Act{Procedure: "office", Step: "take", Org: o, Fields: record.Of(record.F("person", record.Person(p)), record.F("role", record.Choice(role)))})
}

// somebody registers somebody of branch, in an office if role is given.
func (m *matrix) somebody(name string, branch id.Org, role string, o id.Org) *browser {
	m.t.Helper()
	p := m.register("某"+name, branch)
	if role != "" {
		m.take(role, o, p)
	}
	return m.browser(p, "the."+name)
}

// admin is the security administrator, who gives rights.
func (m *matrix) admin() app.Entered {
	m.t.Helper()
	return m.factor(must(m.accounts.SignIn(m.t.Context(), app.SignIn{Name: "an.ruoshui", Password: "ten thousand mountains"}, here())))
}

func (m *matrix) granted(admin app.Entered, name, role string, o id.Org) *browser {
	m.t.Helper()
	p := m.register("某"+name, m.branch)
	act := matter.Act{Procedure: "grant", Step: "propose", Org: o, Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice(role)), record.F("until", record.Day(m.app.Today()+30)), record.F("reason", record.Text("试验")))}
	proposed := m.act(act)
	act = matter.Act{Procedure: "grant", Step: "confirm", Org: o, Matter: proposed.Matter, On: m.app.Today()}
	if _, err := admin.Act(m.t.Context(), "test", act, ""); err != nil {
		m.t.Fatal(err)
	}
	return m.browser(p, "the."+name)
}
