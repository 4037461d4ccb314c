package web

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
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

// ofPlace reports whether a route is about an organisation, a person or a matter.
func ofPlace(r Route) bool {
	return r.Needs == InOrg || r.Needs == OfOffice || r.Needs == OfPerson || r.Needs == OfMatter || strings.Contains(r.Pattern, "{seq}")
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
	if strings.HasPrefix(path, "/account/") {
		values["what"] = "disable"
		if p.person == 0 {
			return "", "", false
		}
	}
	if strings.Contains(path, "/source/") {
		values["id"] = "branch-work"
	}
	path = strings.ReplaceAll(path, "{$}", "")
	path = hole.ReplaceAllStringFunc(path, func(s string) string { return values[strings.Trim(s, "{}")] })
	if (r.Needs == InOrg || r.Needs == OfOffice) && !strings.Contains(r.Pattern, "{org}") {
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
