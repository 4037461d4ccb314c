package view

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"qingfeng/internal/web/words"
)

func TestAPagerShowsEndsAndNeighbours(t *testing.T) {
	for _, c := range []struct {
		total, page int
		want        []int
	}{
		{0, 1, []int{1}}, {20, 1, []int{1}}, {21, 9, []int{1, 2}},
		{1204, 1, []int{1, 2, 3, 0, 61}}, {1204, 30, []int{1, 0, 28, 29, 30, 31, 32, 0, 61}}, {1204, 61, []int{1, 0, 59, 60, 61}},
	} {
		if got := NewPager(c.total, c.page, 20, "/person", nil).near(); !slices.Equal(got, c.want) {
			t.Errorf("%d rows, page %d: %v, want %v", c.total, c.page, got, c.want)
		}
	}
}

func TestAPagerKeepsTheConditions(t *testing.T) {
	q := url.Values{"org": {"7"}, "page": {"3"}}
	if got := NewPager(99, 3, 20, "/person", q).href(4); got != "/person?org=7&page=4" {
		t.Error(got)
	}
	if q.Get("page") != "3" {
		t.Error("the reader's query was changed")
	}
}

func TestPartsFillTheWhole(t *testing.T) {
	for _, parts := range [][]Part{
		{{Count: 536}, {Count: 6559}, {Count: 1069}}, {{Count: 1}, {Count: 1}, {Count: 1}}, {{Count: 0}, {Count: 5}},
	} {
		end := 0
		for _, s := range spans(parts) {
			if s[0] != end {
				t.Errorf("%v: a gap at %d", parts, end)
			}
			end += s[1]
		}
		if end != 1000 {
			t.Errorf("%v: %d of 1000", parts, end)
		}
	}
	if got := spans([]Part{{}, {}}); got[1] != [2]int{0, 0} {
		t.Errorf("nothing at all: %v", got)
	}
}

func TestAChartCarriesTheDigitsThemselves(t *testing.T) {
	c := Chart{Categories: []string{"1月"}, Series: []Series{{Name: "a", Values: []Decimal{"93.10", ""}}}}
	b, err := json.Marshal(c.data())
	if err != nil || !strings.Contains(string(b), `[93.10,null]`) {
		t.Errorf("%s %v", b, err)
	}
}

func TestScriptsInNamesStayText(t *testing.T) {
	var b strings.Builder
	w := words.For("zh")
	evil := `</script><script>alert(1)</script>`
	c := Chart{ID: "x", Label: evil, Categories: []string{evil}, Series: []Series{{Name: evil, Values: []Decimal{"1"}}}}
	if err := ChartOf(w, c).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if err := Tree(w, []Node{{Name: evil, Href: "javascript:alert(1)"}}).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Contains(s, "<script>") || strings.Contains(s, "javascript:") {
		t.Error(s)
	}
}

func TestEveryChordLeadsToOnePlace(t *testing.T) {
	seen := map[string]Section{}
	for _, m := range menu {
		for _, s := range m.sections {
			if c := s.chord(); c != "" && seen[c] != "" {
				t.Errorf("g %s leads to %s and %s", c, seen[c], s)
			} else if c != "" {
				seen[c] = s
			}
		}
	}
}

func TestAMenuShowsOnlyWhatMayBeOpened(t *testing.T) {
	b := Base{W: words.For("zh"), Nav: []NavItem{{Section: AtTodo}, {Section: AtLife}}}
	var got []Section
	for _, g := range b.groups() {
		for _, item := range g.Items {
			got = append(got, item.Section)
		}
	}
	if !slices.Equal(got, []Section{AtTodo, AtLife}) || len(b.groups()) != 2 {
		t.Errorf("%v in %d groups", got, len(b.groups()))
	}
}

func TestAQRKeepsItsSquares(t *testing.T) {
	q := QR{Size: 2, Dark: []bool{true, true, false, true}}
	if got := q.path(); got != "M4 4h2v1h-2zM5 5h1v1h-1z" || q.box() != "0 0 10 10" {
		t.Errorf("%s %s", got, q.box())
	}
}
