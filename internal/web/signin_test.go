package web

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/account/secret"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A client is a browser as the network sees it: it keeps cookies, says where a
// form comes from, and is told of redirections.
type client struct {
	t    *testing.T
	h    *house
	base string
	http *http.Client
}

// serve opens the front door to clients.
func (h *house) serve() string {
	server := httptest.NewServer(h.door)
	h.t.Cleanup(server.Close)
	return server.URL
}

func (h *house) client(base string) *client {
	jar := must(cookiejar.New(nil))
	return &client{h.t, h, base, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (c *client) get(path string) answer {
	c.t.Helper()
	return c.do(must(http.NewRequest(http.MethodGet, c.base+path, nil)))
}

func (c *client) post(path string, pairs ...string) answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := must(http.NewRequest(http.MethodPost, c.base+path, strings.NewReader(form.Encode())))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.base)
	return c.do(r)
}

func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	r.Header.Set("Accept-Language", "en")
	w, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	body := must(io.ReadAll(w.Body))
	if err := w.Body.Close(); err != nil {
		c.t.Fatal(err)
	}
	return answer{c.t, w.StatusCode, w.Header, string(body)}
}

// leadsTo fails the test unless the answer is a redirection to path.
func (a answer) leadsTo(path string) {
	a.t.Helper()
	if got := a.leads(); got != path {
		a.t.Fatalf("leads to %s, want %s", got, path)
	}
}

// shown returns what a page shows that fits pattern, as a reader would copy it.
func (a answer) shown(pattern string) string {
	a.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatalf("nothing like %s in:\n%s", pattern, plain(a.body))
	}
	return html.UnescapeString(m[1])
}

// factorCode is what an authenticator shows now.
func (h *house) factorCode(factor string) string {
	return must(secret.FactorCode(strings.ReplaceAll(factor, " ", ""), secret.FactorStep(h.clock.now())))
}

const (
	secretLetters = `<code>([A-Z2-7 ]{16,})</code>`
	oneTimeLink   = `<code>http://[^/]+(/link/[A-Za-z0-9_-]+)</code>`
)

// setUp fills in the first form of an empty installation, changed by pairs.
func (c *client) setUp(token string, pairs ...string) answer {
	c.t.Helper()
	return c.post("/setup", append([]string{
		"token", token, "root", "中共清源市委员会", "level", "city", "branch", "市委组织部机关支部", "admin", "安若水", "officer", "常思远",
		"reason", "市委组织部部务会决定", "sign_name", "an.ruoshui", "password", "ten thousand mountains", "again", "ten thousand mountains"}, pairs...)...)
}

// secondFactor sets one up and returns its secret and a spare code.
func (c *client) secondFactor() (factor, spare string) {
	c.t.Helper()
	factor = c.post("/settings/second").says(200).shown(secretLetters)
	again := c.post("/settings/second/on", "code", "000000").says(422, "The code is wrong").shown(secretLetters)
	if again != factor {
		c.t.Errorf("after a wrong code the secret is another")
	}
	spare = c.post("/settings/second/on", "code", c.h.factorCode(factor)).says(200).shown(`<li><code>([^<]+)</code>`)
	c.get("/settings").says(200).lacks(spare)
	return factor, spare
}

func TestFromAnEmptyInstallationToTheFirstOfficer(t *testing.T) {
	h := openHouse(t)
	base := h.serve()
	admin := h.client(base)
	admin.get("/signin").leadsTo("/setup")
	token := must(h.accounts.SetUpToken())
	admin.get("/setup?token="+token).says(200, `value="`+token+`"`, "security administrator")

	admin.setUp("wrong").says(422, "The set-up token is wrong", "常思远").lacks("ten thousand mountains")
	admin.setUp(token, "again", "another").says(422, "The two passwords differ", "安若水")
	admin.setUp(token, "officer", "安若水").says(422, "must be two people")
	admin.setUp(token, "root", "", "sign_name", "13800138000").says(422, "“Organisation at the top” is missing", "no telephone")
	admin.setUp(token, "level", "moon").says(422, "not among the choices")
	if h.app.Size() != 0 {
		t.Fatalf("refused set-up left %d records", h.app.Size())
	}
	link := admin.setUp(token).says(200, "常思远", "Shown only now").shown(oneTimeLink)
	admin.get("/setup").says(404)
	admin.setUp(token).says(404)

	admin.get("/todo").leadsTo("/settings")
	admin.get("/settings").says(200, "Your office demands a second factor", "Sign out")
	factor, _ := admin.secondFactor()
	admin.get("/todo").says(200, "安若水")

	admin.post("/signout").leadsTo("/signin")
	admin.get("/todo").leadsTo("/signin?back=%2Ftodo")
	h.clock.forward(time.Minute)
	admin.post("/signin", "account", "an.ruoshui", "password", "ten thousand mountains", "next", "/todo").says(422, "Account or password is wrong")
	code := h.factorCode(factor)
	admin.post("/signin", "account", "An.Ruoshui ", "password", "ten thousand mountains", "code", code[:3]+" "+code[3:], "next", "/todo").leadsTo("/todo")
	admin.get("/todo").says(200, "安若水")

	officer := h.client(base)
	officer.takeLink(link)
	officer.get("/").leadsTo("/settings")
	officer.secondFactor()
	officer.get("/org/o1").says(200, "中共清源市委员会")
	officer.get(link).says(404, "was used or has expired")
	officer.post("/signin/link", "token", strings.TrimPrefix(link, "/link/"), "name", "x.y", "password", "one river to the west", "again", "one river to the west").says(404, "was used")
}

// takeLink chooses a name and a password behind a one-time link, after every
// mistake; the link holds until everything is right.
func (c *client) takeLink(link string) {
	c.t.Helper()
	token := strings.TrimPrefix(link, "/link/")
	c.get(link).says(200, "You will sign in as 常思远", `name="name"`, `name="password"`, `name="again"`).lacks(`name="code"`)
	good := "one river to the east"
	for _, try := range []struct{ name, password, again, says string }{
		{"an.ruoshui", good, good, "Somebody else has this account name"},
		{"chang.siyuan", good, "one river to the west", "The two passwords differ"},
		{"chang.siyuan", "short", "short", "at least"},
		{"1", good, good, "2 to 32 characters"},
		{"chang.siyuan", "chang.siyuan12", "chang.siyuan12", "little more than"},
	} {
		c.post("/signin/link", "token", token, "name", try.name, "password", try.password, "again", try.again).
			says(422, try.says, `value="`+try.name+`"`).lacks(`value="` + try.password + `"`)
	}
	c.post("/signin/link", "token", token, "name", "chang.siyuan", "password", good, "again", good).leadsTo("/")
}

func TestWhoeverForgotThePasswordNeedsTheSecondFactorStill(t *testing.T) {
	h := newHouse(t)
	guest := h.client(h.serve())
	link := must(h.accounts.InviteByInstallation(t.Context(), h.officer.Person()))
	guest.get("/link/"+link.Token).says(200, `name="code"`)
	form := []string{"token", link.Token, "name", "chang.siyuan", "password", "two rivers to the east", "again", "two rivers to the east"}
	guest.post("/signin/link", form...).says(422, "The code is wrong")
	guest.get("/todo").leadsTo("/signin?back=%2Ftodo")
}

func TestSigningInTellsNothing(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	attempt := func(name, password, code string) string {
		a := c.post("/signin", "account", name, "password", password, "code", code).says(422)
		return strings.ReplaceAll(scrub(a.body), name, "NAME")
	}
	h.clock.forward(time.Hour)
	unknown := attempt("nobody.here", "the wind is clear today", "")
	for why, got := range map[string]string{
		"a wrong password":     attempt("bai.ruochuan", "the wind is not clear", ""),
		"no code":              attempt("chang.siyuan", "one river to the east", ""),
		"a wrong code":         attempt("chang.siyuan", "one river to the east", "000000"),
		"an unknown name":      attempt("nobody.else", "", "1"),
		"a code for no factor": attempt("bai.ruochuan", "wrong", "123456"),
	} {
		if got != unknown {
			t.Errorf("%s is answered differently:\n%s\n%s", why, plain(got), plain(unknown))
		}
	}
}

// scrub takes out what differs with every answer.
func scrub(page string) string {
	return regexp.MustCompile(`nonce="[^"]*"`).ReplaceAllString(page, "")
}

func TestAnAddressThatGuessesWaits(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	for range 100 {
		a := c.post("/signin", "account", "no.body", "password", "guess")
		if a.status == http.StatusUnprocessableEntity {
			continue
		}
		a.says(429, "Too many failed sign-ins from this network", "seconds")
		if a.header.Get("Retry-After") == "" {
			t.Error("programs are not told how long to wait")
		}
		h.clock.forward(time.Hour)
		c.post("/signin", "account", "bai.ruochuan", "password", "the wind is clear today").leadsTo("/")
		return
	}
	t.Fatal("nobody was told to wait")
}

func TestNothingLeadsToAnotherSite(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	for _, evil := range []string{
		"https://evil.example/", "//evil.example/", `/\evil.example/`, "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "javascript:alert(1)", "evil", "", `\\evil.example`,
		"/%", " //evil.example",
	} {
		c.get("/signin?back="+url.QueryEscape(evil)).says(200, `name="next" value="/"`)
		c.post("/display", "lang", "en", "back", evil).leadsTo("/")
		c.post("/signin", "account", "bai.ruochuan", "password", "the wind is clear today", "next", evil).leadsTo("/")
		c.get("/signin/again?back="+url.QueryEscape(evil)).says(200, `name="next" value="/"`)
		c.post("/signin/again", "password", "the wind is clear today", "next", evil).leadsTo("/")
		c.post("/signout").leadsTo("/signin")
	}
	c.post("/display", "lang", "en", "back", "/figure?org=o1&from=2026-01-01").leadsTo("/figure?org=o1&from=2026-01-01")
}

func TestFormsFromElsewhereAreTurnedAway(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	form := url.Values{"account": {"bai.ruochuan"}, "password": {"the wind is clear today"}}
	r := must(http.NewRequest(http.MethodPost, c.base+"/signin", strings.NewReader(form.Encode())))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://evil.example")
	c.do(r).says(403)
	c.get("/todo").leadsTo("/signin?back=%2Ftodo")
}

func TestHowPagesLookIsKept(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	c.get("/signin").says(200, `<html lang="en"`)
	c.post("/display", "lang", "zh", "theme", "dark", "size", "large", "keys", "off", "back", "/signin").leadsTo("/signin")
	c.get("/signin").says(200, `lang="zh-CN"`, `data-theme="dark"`, `data-size="large"`)
	c.post("/display", "theme", `"><script>`, "lang", "fr", "back", "/signin").leadsTo("/signin")
	c.get("/signin").says(200, `lang="zh-CN"`, `data-theme="dark"`)
	c.post("/display", "theme", "light", "back", "/signin")
	c.get("/signin").says(200, `data-size="large"`).lacks(`data-theme="dark"`)
}

func TestActingForAnotherOrganisation(t *testing.T) {
	h := newHouse(t)
	p := h.register("罗星野", h.branch)
	h.act(matter.Act{Procedure: "office", Step: "take", Org: 1, Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice("leader")))})
	h.browser(p, "luo.xingye")
	c := h.client(h.serve())
	c.post("/signin", "account", "luo.xingye", "password", "the wind is clear today").leadsTo("/")
	c.get("/").leadsTo("/overview")
	c.get("/todo").says(200, "中共清源市委员会")
	c.post("/acting", "org", h.branch.String()).leadsTo("/")
	c.get("/").leadsTo("/todo")
	c.post("/acting", "org", h.other.String()).says(404)
	c.get("/").leadsTo("/todo")
}
