package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/app"
	"qingfeng/internal/id"
)

func TestAnActIsRecordedOnceForEachKey(t *testing.T) {
	h := newHouse(t)
	token := h.everything()
	ask1 := ask{method: "POST", path: "/acts", token: token, key: unused(1), body: registering("甲子")}
	w := h.do(ask1)
	if w.Code != http.StatusCreated || !strings.HasPrefix(w.Header().Get("Location"), Root+"/records/") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	first := answer[Recorded](h, ask1)
	size := h.app.Size()
	if again := answer[Recorded](h, ask1); again != first || h.app.Size() != size {
		t.Errorf("sent again: %+v, want %+v; %d records", again, first, h.app.Size())
	}
	other := ask1
	other.body = registering("乙丑")
	if p := h.problem(other, http.StatusConflict); p.Type != "urn:qingfeng:problem:key-reused" {
		t.Error(p.Type)
	}
	for _, key := range []string{"", strings.Repeat("k", 65), "a key", "钥"} {
		other.key = key
		if p := h.problem(other, http.StatusBadRequest); len(p.Errors) != 1 || p.Errors[0].Field != "Idempotency-Key" {
			t.Errorf("key %q: %+v", key, p.Errors)
		}
	}
	if h.app.Size() != size {
		t.Error("something was recorded")
	}
}

func TestBodiesAreReadStrictly(t *testing.T) {
	h := newHouse(t)
	token, size := h.everything(), h.app.Size()
	good := registering("甲子")
	for name, c := range map[string]struct {
		body, field, key string
	}{
		"nothing":                {"", "", "api.not_readable"},
		"no object":              {"[]", "", "refuse.wrong_type"},
		"half":                   {good[:40], "", "api.not_readable"},
		"trailing":               {good + "{}", "", "api.not_readable"},
		"two values":             {good + good, "", "api.not_readable"},
		"unknown key":            {strings.Replace(good, `{"proc`, `{"x":1,"proc`, 1), "x", "api.unknown_key"},
		"another case":           {strings.Replace(good, `"org"`, `"Org"`, 1), "Org", "api.unknown_key"},
		"twice":                  {strings.Replace(good, `{"proc`, `{"org":"o1","proc`, 1), "org", "api.twice"},
		"twice in fields":        {strings.Replace(good, `"fields":{`, `"fields":{"name":{"text":"乙"},`, 1), "fields.name", "api.twice"},
		"null":                   {strings.Replace(good, `"o2"`, `null`, 1), "org", "refuse.wrong_type"},
		"number for text":        {strings.Replace(good, `"o2"`, `2`, 1), "org", "refuse.wrong_type"},
		"no day":                 {strings.Replace(good, `2026-11-23`, `2026-02-30`, 1), "on", "refuse.wrong_type"},
		"missing day":            {strings.Replace(good, `"on":"2026-11-23",`, ``, 1), "on", "refuse.missing"},
		"bad organisation":       {strings.Replace(good, `"o2"`, `"o02"`, 1), "org", "refuse.wrong_type"},
		"bad matter":             {strings.Replace(good, `"org":"o2"`, `"matter":"x1"`, 1), "matter", "refuse.wrong_type"},
		"below zero":             {strings.Replace(good, `"org"`, `"corrects":-1,"org"`, 1), "corrects", "refuse.wrong_type"},
		"fields are a list":      {strings.Replace(good, `"fields":{"name":{"text":"甲子"},"standing":{"choice":"member"}}`, `"fields":[]`, 1), "fields", "refuse.wrong_type"},
		"unknown type":           {strings.Replace(good, `{"text":`, `{"words":`, 1), "fields.name", "refuse.wrong_type"},
		"two types":              {strings.Replace(good, `{"text":"甲子"`, `{"text":"甲子","choice":"x"`, 1), "fields.name", "refuse.wrong_type"},
		"no type":                {strings.Replace(good, `{"text":"甲子"}`, `{}`, 1), "fields.name", "refuse.wrong_type"},
		"untyped":                {strings.Replace(good, `{"text":"甲子"}`, `"甲子"`, 1), "fields.name", "refuse.wrong_type"},
		"not UTF-8":              {strings.Replace(good, "甲", "\xff", 1), "fields.name.text", "api.not_readable"},
		"half a pair":            {strings.Replace(good, "甲", `\ud800`, 1), "fields.name.text", "api.not_readable"},
		"deep":                   {strings.Replace(good, `{"text":"甲子"}`, strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40), 1), "", "api.too_deep"},
		"deeper than any parser": {strings.Repeat("[", 200_000), "", "api.too_deep"},
	} {
		p := h.problem(ask{method: "POST", path: "/acts", token: token, key: unused(2), body: c.body}, http.StatusBadRequest)
		if len(p.Errors) != 1 || p.Errors[0].Key != c.key || c.field != "" && p.Errors[0].Field != c.field {
			t.Errorf("%s: %+v, want %s at %q", name, p.Errors, c.key, c.field)
		}
	}
	h.problem(ask{method: "POST", path: "/acts", token: token, key: unused(2), body: good, kind: "text/plain"}, http.StatusUnsupportedMediaType)
	h.problem(ask{method: "POST", path: "/acts", token: token, key: unused(2), body: `{"procedure":"` + strings.Repeat("x", 2<<20)}, http.StatusRequestEntityTooLarge)
	if h.app.Size() != size {
		t.Error("something was recorded")
	}
	answer[Recorded](h, ask{method: "POST", path: "/acts", token: token, key: unused(2), body: good}) // control
}

func TestTheSpellingOfFieldsIsTheSendersOwn(t *testing.T) {
	for sent, want := range map[string]string{
		`{ "b" : {"text":"\u7532"} ,"a":{"number": 3}}`:                                                            `{"a":{"number":3},"b":{"text":"甲"}}`,
		`{"v":{"vote":{"for":2,"due":3,"present":3,"against":1,"abstain":0,"written":0}}}`:                         `{"v":{"vote":{"due":3,"present":3,"for":2,"against":1,"abstain":0,"written":0}}}`,
		`{"p":{"people":{"present/list":"p2-p4","absent":"p1"}}}`:                                                  `{"p":{"people":{"absent":"p1","present/list":"p2-p4"}}}`,
		`{"i":{"items":[{"b":{"text":"x"},"a":{"day":"2026-01-02"}}]}}`:                                            `{"i":{"items":[{"a":{"day":"2026-01-02"},"b":{"text":"x"}}]}}`,
		`{"f":{"file":[{"hash":"` + strings.Repeat("ab", 32) + `","name":"a.jpg","type":"image/jpeg","size":7}]}}`: `{"f":{"file":[{"name":"a.jpg","hash":"` + strings.Repeat("ab", 32) + `","size":7,"type":"image/jpeg"}]}}`,
	} {
		fs, err := readFields([]byte(sent))
		if err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		if got := string(fs.Append(nil)); got != want {
			t.Errorf("%s\nread as %s\nwant    %s", sent, got, want)
		}
	}
	for _, bad := range []string{`{"m":{"money":"30"}}`, `{"n":{"number":"3"}}`, `{"n":{"number":1.5}}`, `{"v":{"vote":{"for":2}}}`, `{"v":{"vote":{"For":2}}}`, `{"o":{"org":"o02"}}`,
		`{"a":{"people":{"absent":"p1-p200000"}},"b":{"people":{"absent":"p1-p200000"}}}`} {
		if fs, err := readFields([]byte(bad)); err == nil {
			t.Errorf("%s was read as %s", bad, fs.Append(nil))
		}
	}
}

func TestNobodyEntersWithoutAToken(t *testing.T) {
	h := newHouse(t)
	good := h.everything()
	for _, bad := range []string{"", "qf_", "qf_x", good + "x", good[3:], "qf_" + h.officer.ID} {
		w := h.do(ask{path: "/organisations/o1", token: bad})
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%.20q: %d", bad, w.Code)
		}
	}
	for _, r := range (&server{}).routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		h.problem(ask{method: method, path: example(path)}, http.StatusUnauthorized)
	}
	if w := h.do(ask{path: "/organisations/o1", token: good}); w.Code != http.StatusOK {
		t.Error("control:", w.Code)
	}
}

// example puts something into the places of a path.
func example(path string) string {
	for name, value := range map[string]string{"org": "o1", "person": "p2", "matter": "o2", "figure": "members", "seq": "1", "id": "x"} {
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	return path
}

func TestATokenNeverReachesBeyondItsScope(t *testing.T) {
	h := newHouse(t)
	inBranch := h.reading(branch, access.ReadOrg, access.ReadFigure, access.ListPeople, access.ReadJournal)
	period := "?from=2026-11-01&to=2026-11-30&org="
	for _, path := range []string{"/organisations/o1", "/organisations/o1/below", "/organisations/o1/people", "/organisations/o1/calendar",
		"/figures/members" + period + "o1", "/figures/members/missing" + period + "o1", "/matters/o1", "/records/1", "/people/p2", "/organisations/o99"} {
		h.problem(ask{path: path, token: inBranch}, http.StatusForbidden)
	}
	for _, path := range []string{"/organisations/o2", "/organisations/o2/people", "/figures/members" + period + "o2", "/matters/o2", "/records/2"} {
		if w := h.do(ask{path: path, token: inBranch}); w.Code != http.StatusOK {
			t.Errorf("control: %s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, l := range answer[Journal](h, ask{path: "/journal", token: inBranch}).Lines {
		if l.Org.ID != branch.String() {
			t.Errorf("record %d of %s is in the journal of the branch", l.Seq, l.Org.ID)
		}
	}
	act := ask{method: "POST", path: "/acts", token: inBranch, key: unused(3), body: registering("甲子")}
	h.problem(act, http.StatusForbidden)
	act.path = "/acts:check"
	h.problem(act, http.StatusForbidden)
	act.path, act.token = "/acts", h.token(account.Scope{Acts: true, Root: branch})
	act.body = strings.Replace(registering("甲子"), `"o2"`, `"o1"`, 1)
	h.problem(act, http.StatusForbidden)
	h.problem(ask{path: "/organisations/o2", token: act.token}, http.StatusForbidden)
	h.problem(ask{path: "/organisations/o99", token: h.everything()}, http.StatusNotFound)
	h.problem(ask{path: "/people/p99", token: h.everything()}, http.StatusNotFound)
	h.problem(ask{path: "/matters/m99", token: h.everything()}, http.StatusNotFound)
	h.problem(ask{path: "/records/99", token: h.everything()}, http.StatusNotFound)
}

func TestATokenGivesNoRightThatItsOwnerHasNot(t *testing.T) {
	h := newHouse(t)
	made := answer[Recorded](h, ask{method: "POST", path: "/acts", token: h.everything(), key: unused(8), body: registering("甲子")})
	p, err := id.ParsePerson(made.Matter)
	h.must(err)
	link, err := h.accounts.InviteByInstallation(t.Context(), p)
	h.must(err)
	in, err := h.accounts.Redeem(t.Context(), link.Token, app.Choice{Name: "jia.zi", Password: "the wind is clear today"}, from)
	h.must(err)
	member, _, err := in.MakeToken(t.Context(), app.NewToken{Title: "test", Days: 30, Scope: account.Scope{Actions: account.Delegable(), Acts: true}})
	h.must(err)
	period := "?from=2026-11-01&to=2026-11-30&org="
	for _, path := range []string{"/organisations/o1", "/organisations/o1/people", "/organisations/o2/people", "/people/p2", "/matters/p2", "/matters/o1", "/records/1",
		"/figures/members" + period + "o1", "/figures/members/counted" + period + "o2"} {
		h.problem(ask{path: path, token: member}, http.StatusNotFound)
	}
	h.problem(ask{path: "/journal", token: member}, http.StatusForbidden)
	h.problem(ask{method: "POST", path: "/acts", token: member, key: unused(9), body: registering("乙丑")}, http.StatusUnprocessableEntity)
	for _, path := range []string{"/people/" + made.Matter, "/organisations/o2"} {
		if w := h.do(ask{path: path, token: member}); w.Code != http.StatusOK {
			t.Errorf("control: %s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestNamesOfPeopleNeedTheRightToListThem(t *testing.T) {
	h := newHouse(t)
	path := "/figures/members/counted?from=2026-11-01&to=2026-11-30&org=o1"
	bare := answer[FigureSet](h, ask{path: path, token: h.reading(h.root, access.ReadFigure)})
	if bare.Total == 0 || len(bare.IDs) != bare.Total || len(bare.Names) != 0 {
		t.Errorf("%+v", bare)
	}
	named := answer[FigureSet](h, ask{path: path, token: h.reading(h.root, access.ReadFigure, access.ListPeople)})
	if len(named.Names) != named.Total {
		t.Errorf("control: %+v", named)
	}
}

func TestQueriesAreReadStrictly(t *testing.T) {
	h := newHouse(t)
	token := h.everything()
	for _, path := range []string{"/organisations/o1?x=1", "/organisations/o1?On=2026-01-01", "/organisations/o1?on=2026-02-30", "/organisations/o1?on=2026-01-01&on=2026-01-02",
		"/organisations/o1/people?limit=0", "/organisations/o1/people?limit=501", "/organisations/o1/people?limit=+5", "/organisations/o1/people?offset=-1",
		"/figures/members?org=o1&from=2026-01-01", "/figures/members?org=1&from=2026-01-01&to=2026-01-31", "/journal?before=x", "/organisations/o1?%zz"} {
		h.problem(ask{path: path, token: token}, http.StatusBadRequest)
	}
	for _, path := range []string{"/organisations/1", "/organisations/o01", "/records/0", "/records/x", "/nothing", "/figures/none?org=o1&from=2026-01-01&to=2026-01-31"} {
		h.problem(ask{path: path, token: token}, http.StatusNotFound)
	}
	w := h.do(ask{method: "POST", path: "/organisations/o1", token: token})
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" {
		t.Error(w.Code, w.Header())
	}
}

func TestARefusalIsSaidInTheLanguageOfTheAsker(t *testing.T) {
	h := newHouse(t)
	a := ask{method: "POST", path: "/acts", token: h.everything(), key: unused(4), body: strings.Replace(registering("甲子"), "2026-11-23", "2026-11-30", 1)}
	size := h.app.Size()
	zh := h.problem(a, http.StatusUnprocessableEntity)
	a.lang = "fr, en-GB;q=0.8"
	en := h.problem(a, http.StatusUnprocessableEntity)
	if len(zh.Errors) == 0 || len(en.Errors) != len(zh.Errors) || zh.Errors[0].Key != en.Errors[0].Key || zh.Errors[0].Reason == en.Errors[0].Reason || zh.Title == en.Title {
		t.Errorf("%+v\n%+v", zh, en)
	}
	a.path = "/acts:check"
	checked := answer[Checked](h, a)
	if checked.Accepted || !slices.Equal(checked.Errors, en.Errors) {
		t.Errorf("the check says %+v", checked)
	}
	a.body = registering("甲子")
	if checked := answer[Checked](h, a); !checked.Accepted || h.app.Size() != size {
		t.Errorf("%+v, %d records", checked, h.app.Size()-size)
	}
}

func TestEverythingCanBeRead(t *testing.T) {
	h := newHouse(t)
	token := h.everything()
	made := answer[Recorded](h, ask{method: "POST", path: "/acts", token: token, key: unused(5), body: registering("甲子")})
	person := answer[Person](h, ask{path: "/people/" + made.Matter, token: token})
	if person.Name != "甲子" || len(person.Facts) == 0 || len(person.File) != 1 {
		t.Errorf("%+v", person)
	}
	if m := answer[Matter](h, ask{path: "/matters/" + made.Matter, token: token}); len(m.Entries) != 1 || !strings.Contains(string(m.Entries[0].Fields), "甲子") {
		t.Errorf("%+v", m)
	}
	people := answer[People](h, ask{path: "/organisations/o1/people?limit=2&offset=2", token: token})
	if people.Total != 3 || len(people.People) != 1 || people.People[0].Name != "甲子" {
		t.Errorf("%+v", people)
	}
	r := answer[Record](h, ask{path: fmt.Sprintf("/records/%d", made.Seq), token: token})
	if r.Leaf != made.Leaf || r.Sealed || strings.Contains(string(r.Head), "甲子") {
		t.Errorf("%+v", r)
	}
	if r := answer[Record](h, ask{path: "/records/1", token: token}); !r.Sealed || r.Receipt == "" {
		t.Errorf("%+v", r)
	}
	page := answer[Journal](h, ask{path: "/journal?limit=2", token: token})
	if len(page.Lines) != 2 || page.Lines[0].Seq != made.Seq || page.Next != made.Seq-1 {
		t.Errorf("%+v", page)
	}
	if o := answer[Organisation](h, ask{path: "/organisations/o1", token: token}); len(o.Below) != 1 || o.Below[0].ID != "o2" {
		t.Errorf("%+v", o)
	}
	for list, one := range map[string]string{"/procedures": "/membership", "/rules": "/grant.longest", "/sources": ""} {
		if w := h.do(ask{path: list, token: token}); w.Code != http.StatusOK || w.Body.Len() < 100 {
			t.Error(list, w.Code, w.Body)
		}
		if w := h.do(ask{path: list + one, token: token}); w.Code != http.StatusOK {
			t.Error(list+one, w.Code, w.Body)
		}
	}
}
