package web

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

var update = flag.Bool("update", false, "write testdata/matrix.txt anew; read it before you commit it")

// matrixHead explains the table. Whoever changes it reviews it.
const matrixHead = `# Every route x everybody x every place: what the front door answers.
#
# Written by: go test ./internal/web -run TestEveryRouteForEverybodyEverywhere -update
# A line that changes is a right that changes: read it before you commit it.
#
# The city r has two counties. County c has township t, with the branches b and s,
# and another township, with the branch x. The other county has the branch y.
# In a column stand the answers for
#     b s t x c y r    where the route is about an organisation, a person or a matter,
#                      each with one of that place; a person only of a branch
#     one answer       where it is about none
#
# Who                 holds        b is to them   s        t       x               c       y             r
# nobody              -
# member              -, is of b   their own      sibling  above   other township  above   other county  above
# secretary           b            their own      sibling  above   other township  above   other county  above
# organiser           t            below          below    own     other township  above   other county  above
# county              c            below          below    below   below           own     other county  above
# city                r            below          below    below   below           below   below         own
# leader              r            below          below    below   below           below   below         own
# inspector           r            below          below    below   below           below   below         own
# system, security and audit administrator: r, which reaches no further down
# All but member and secretary belong to a branch of their own beside all of these.
#
# 2 a page   > leads on   S leads to signing in   1 sign in first   F may not   N there is none, or may not know of it
# V refused: for what was sent, or because the step is somebody else's   B unreadable   C used before   - no such thing in this place
`

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
	path, _, _ := strings.Cut(b.post("/meeting/new/theme_day?org="+o.String(), form).leads(), "?")
	n := id.Matter(strings.TrimPrefix(path, "/matter/"))
	today := m.app.Today().String()
	plan := url.Values{"on": {today}, "day": {today}, "start": {"08:00"}, "place": {"会议室"}, "topic": {"读条例"}, "key": {"p" + o.String()}}
	path, _, _ = strings.Cut(b.post("/meeting/new/theme_day?step=plan&org="+o.String(), plan).leads(), "?")
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
	act := matter.Act{Procedure: "grant", Step: "give", Org: o, On: m.app.Today(), Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice(role)), record.F("until", record.Day(m.app.Today()+30)), record.F("reason", record.Text("试验")))}
	if _, err := admin.Act(m.t.Context(), "test", act, ""); err != nil {
		m.t.Fatal(err)
	}
	return m.browser(p, "the."+name)
}

// ofPlace reports whether a route is about an organisation, a person or a matter.
func ofPlace(r Route) bool {
	return r.Needs == InOrg || r.Needs == OfPerson || r.Needs == OfMatter || strings.Contains(r.Pattern, "{seq}")
}

var hole = regexp.MustCompile(`\{(\w+)\$?\}`)

// requestOf fills the holes of a pattern with what there is in a place, or says
// that there is none.
func requestOf(r Route, p place) (method, path string, ok bool) {
	values := map[string]string{
		"org": p.org.String(), "matter": string(p.matter), "seq": strconv.FormatInt(p.seq, 10), "figure": "theme_day_people", "other": "members",
		"procedure": "theme_day", "step": "hold", "what": "check", "hash": strings.Repeat("0", 64), "code": "000000", "token": "none",
		"person": p.person.String(), "$": "",
	}
	values["id"] = map[bool]string{true: "theme_day", false: "meeting.quorum"}[strings.Contains(r.Pattern, "/procedure/")]
	method, path, _ = strings.Cut(r.Pattern, " ")
	if strings.Contains(path, "{step}") || strings.HasPrefix(path, "/checkin") {
		values["matter"] = string(p.open)
	}
	if strings.Contains(path, "{person}") && p.person == 0 {
		return "", "", false
	}
	if strings.Contains(path, "/source/") {
		values["id"] = "branch-work"
	}
	path = strings.ReplaceAll(path, "{$}", "")
	path = hole.ReplaceAllStringFunc(path, func(s string) string { return values[strings.Trim(s, "{}")] })
	if r.Needs == InOrg && !strings.Contains(r.Pattern, "{org}") {
		path += "?org=" + p.org.String()
	}
	return method, path, true
}

// letter is an answer in one letter.
func letter(a answer) string {
	switch a.status {
	case http.StatusOK:
		return "2"
	case http.StatusSeeOther:
		if strings.HasPrefix(a.header.Get("Location"), "/signin?") {
			return "S"
		}
		return ">"
	case http.StatusUnauthorized:
		return "1"
	case http.StatusForbidden:
		return "F"
	case http.StatusNotFound:
		return "N"
	case http.StatusUnprocessableEntity:
		return "V"
	case http.StatusBadRequest:
		return "B"
	case http.StatusConflict:
		return "C"
	}
	return "?" + strconv.Itoa(a.status)
}

// line walks one route.
func (m *matrix) line(r Route) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-46s", r.Pattern)
	for _, who := range m.who {
		b.WriteByte(' ')
		if !ofPlace(r) {
			fmt.Fprintf(&b, "%-7s", m.ask(who, r, m.places[0]))
			continue
		}
		for _, p := range m.places {
			b.WriteString(m.ask(who, r, p))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (m *matrix) ask(who *browser, r Route, p place) string {
	method, path, ok := requestOf(r, p)
	if !ok {
		return "-"
	}
	if method == http.MethodPost {
		return letter(who.post(path, url.Values{}))
	}
	return letter(who.get(path))
}

func TestEveryRouteForEverybodyEverywhere(t *testing.T) {
	m := newMatrix(t)
	size := m.app.Size()
	got := matrixHead + "#\n" + fmt.Sprintf("%-46s", "#")
	for _, who := range everybody {
		got += fmt.Sprintf(" %-7.7s", who)
	}
	got = strings.TrimRight(got, " ") + "\n"
	routes := (&Server{}).routes()
	leaves := func(r Route) bool { return r.Pattern == "POST /signout" } // whoever signed out asks for nothing more
	for _, r := range slices.Concat(slices.DeleteFunc(slices.Clone(routes), leaves), slices.DeleteFunc(slices.Clone(routes), func(r Route) bool { return !leaves(r) })) {
		got += m.line(r) + "\n"
	}
	if m.app.Size() != size {
		t.Errorf("empty forms left %d records", m.app.Size()-size)
	}
	const file = "testdata/matrix.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compareLines(t, string(must(os.ReadFile(file))), got)
}

// compareLines reports every line that differs.
func compareLines(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("line %d\nreviewed %s\nnow      %s", i+1, a, b)
		}
	}
}

func TestALeaderSeesFiguresAndNoRoster(t *testing.T) {
	m := newMatrix(t)
	b := m.places[0]
	path := "/figure/theme_day_people/people?org=" + b.org.String()
	name := "宋某" + strconv.Itoa(int(b.org))
	m.who[slices.Index(everybody, "organiser")].get(path).says(http.StatusOK, name)
	m.who[slices.Index(everybody, "leader")].get(path).says(http.StatusOK).lacks(name)
}

func TestTheMenuHoldsOnlyWhatOpens(t *testing.T) {
	m := newMatrix(t)
	for i, who := range m.who[1:] {
		page := who.get("/todo").says(http.StatusOK)
		entries := menuEntry.FindAllStringSubmatch(menu.FindString(page.body), -1)
		if len(entries) < 2 {
			t.Errorf("%s: %d entries", everybody[i+1], len(entries))
		}
		for _, e := range entries {
			if a := who.get(e[1]); a.status != http.StatusOK && e[1] != "/" { // the first page leads on
				t.Errorf("%s: %s answers %d", everybody[i+1], e[1], a.status)
			}
		}
	}
}

var (
	menu      = regexp.MustCompile(`(?s)<nav class="sidenav".*?</nav>`)
	menuEntry = regexp.MustCompile(`<a\s+href="(/[^"]*)"`)
)

func TestARouteWithoutARightDoesNotStart(t *testing.T) {
	do := (&Server{}).help
	for why, r := range map[string]Route{
		"no right":                {Pattern: "GET /x", Do: do},
		"nothing to do":           {Pattern: "GET /x", Needs: Public},
		"no action":               {Pattern: "GET /x", Needs: InOrg, Do: do},
		"an action without place": {Pattern: "GET /x", Needs: SignedIn, Action: "org.read", Do: do},
		"a right that is none":    {Pattern: "GET /x", Needs: "everybody", Do: do},
		"a matter without one":    {Pattern: "GET /x", Needs: OfMatter, Do: do},
		"a person without one":    {Pattern: "GET /x", Needs: OfPerson, Action: "person.read", Do: do},
	} {
		if r.check() == nil {
			t.Errorf("%s: starts", why)
		}
	}
	for _, r := range (&Server{}).routes() {
		if err := r.check(); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	h := newHouse(t)
	h.publish()
	foreign := func() answer {
		r := httptest.NewRequest(http.MethodPost, "http://qingfeng.test/signin", nil)
		r.Header.Set("Origin", "https://evil.example")
		w := httptest.NewRecorder()
		h.door.ServeHTTP(w, r)
		return answer{t, w.Code, w.Result().Header, w.Body.String()}
	}
	nobody := &browser{h: h}
	for status, a := range map[int]answer{
		200: h.secretary.get("/todo"), 303: nobody.get("/todo"), 404: h.member.get("/nowhere"), 403: foreign(), 401: nobody.post("/acting", nil),
		422: nobody.post("/signin", nil), 413: nobody.post("/signin", url.Values{"account": {strings.Repeat("x", 2<<20)}}),
	} {
		if a.status != status {
			t.Errorf("status %d, want %d", a.status, status)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%d: %s: %q, want %q", status, name, got, want)
			}
		}
		policy := a.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self' 'nonce-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%d: policy lacks %s: %s", status, want, policy)
			}
		}
		for _, hole := range []string{"unsafe-inline", "unsafe-eval", "NONCE", "*"} {
			if strings.Contains(policy, hole) {
				t.Errorf("%d: policy has %s: %s", status, hole, policy)
			}
		}
	}
	if first, second := h.secretary.get("/todo"), h.secretary.get("/todo"); first.header.Get("Content-Security-Policy") == second.header.Get("Content-Security-Policy") {
		t.Error("two answers have the same nonce")
	}
}
