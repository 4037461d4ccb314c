package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"qingfeng/content"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/blob"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
	"qingfeng/internal/web/guard"
)

// A house is a small installation with its front door: a city committee with one
// branch, whose secretary, one member and one person of another branch have
// browsers.
type house struct {
	t         *testing.T
	app       *app.App
	accounts  *app.Accounts
	log       *tiles.Log
	clock     *stopped
	door      http.Handler
	branch    id.Org
	other     id.Org
	officer   app.Entered
	secretary *browser
	member    *browser
	stranger  *browser
}

// stopped is a clock that moves when it is told to.
type stopped struct {
	mu sync.Mutex
	at time.Time
}

func (c *stopped) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Microsecond) // so that no two events are the same
	return c.at
}

func (c *stopped) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// dice is randomness that is the same in every run.
type dice struct {
	mu  sync.Mutex
	rng *rand.ChaCha8
}

func (d *dice) Read(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.Read(b)
}

var law = sync.OnceValues(func() (*library.Library, error) { return library.Load(content.FS) })

// must returns v of a call that may not fail.
func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := openHouse(t)
	h.settle()
	return h
}

// openHouse is the house before anybody moved in.
func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: &stopped{at: time.Date(2026, 6, 1, 1, 0, 0, 0, time.UTC)}}
	db := must(store.Open(t.Context(), store.Config{Dir: t.TempDir()}))
	files := must(blob.OpenDisk(t.TempDir()))
	h.log = must(tiles.Create(t.TempDir(), must(seal.NewKey("qingfeng.test", bytes.Repeat([]byte{7}, 32))), h.clock.now()))
	h.app = must(app.Open(t.Context(), app.Config{
		Library: must(law()), Store: db, Files: files, Secret: []byte("a secret of thirty-two bytes ...."), Zone: time.FixedZone("CST", 8*3600),
		Now: h.clock.now, Random: &dice{rng: rand.NewChaCha8([32]byte{7})},
	}))
	t.Cleanup(func() {
		h.app.Close()
		for _, err := range []error{h.log.Close(), files.Close(), db.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	hasher := must(secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 4, time.Minute))
	h.accounts = must(app.OpenAccounts(t.Context(), app.AccountsConfig{App: h.app, Store: db, Doors: db, Hasher: hasher, Now: h.clock.now, Issuer: "Qingfeng"}))
	h.door = must(New(Config{App: h.app, Accounts: h.accounts, Log: app.NewPublicLog(h.log), City: "清源", Version: "test",
		Guard: guard.Options{Now: h.clock.now, Random: &dice{rng: rand.NewChaCha8([32]byte{8})}}, Logger: slog.New(slog.DiscardHandler)}))
	return h
}

// settle founds what the tests need.
func (h *house) settle() {
	made := must(h.accounts.SetUp(h.t.Context(), must(h.accounts.SetUpToken()), app.SetUpForm{
		Root: "中共清源市委员会", Level: "city", Branch: "中共清源市委组织部机关支部委员会", Admin: "安若水", Officer: "常思远", Reason: "初始化",
		SignName: "an.ruoshui", Password: "ten thousand mountains",
	}, here()))
	h.branch = 2
	h.officer = h.factor(must(h.accounts.Redeem(h.t.Context(), made.Officer.Token, app.Choice{Name: "chang.siyuan", Password: "one river to the east"}, here())))
	founded := h.act(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(
		record.F("name", record.Text("中共清源市档案馆支部委员会")), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(made.Root)))})
	h.other, _ = founded.Matter.Org()
	secretary := h.register("宋砚秋", h.branch)
	h.act(matter.Act{Procedure: "office", Step: "take", Org: h.branch, Fields: record.Of(
		record.F("person", record.Person(secretary)), record.F("role", record.Choice("branch.secretary")))})
	member, stranger := h.register("白若川", h.branch), h.register("冯临川", h.other)
	h.clock.forward(17 * 24 * time.Hour) // to the 18th, when the branch has stood for a while
	h.secretary = h.browser(secretary, "song.yanqiu")
	h.member = h.browser(member, "bai.ruochuan")
	h.stranger = h.browser(stranger, "feng.linchuan")
}

func here() app.From { return app.From{Source: "192.0.2.1", Agent: "a browser"} }

// factor sets up a second factor for whoever entered.
func (h *house) factor(in app.Entered) app.Entered {
	e := must(in.EnrolFactor(h.t.Context()))
	from := here()
	from.Session, from.Device = in.ID, in.Device
	in, _, err := in.ConfirmFactor(h.t.Context(), must(secret.FactorCode(e.Factor, secret.FactorStep(h.clock.now()))), from)
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// act takes a step as the officer of the city.
func (h *house) act(act matter.Act) record.Record {
	h.t.Helper()
	act.On = h.app.Today()
	r, err := h.officer.Act(h.t.Context(), "test", act, "")
	if err != nil {
		h.t.Fatalf("%s.%s: %v", act.Procedure, act.Step, err)
	}
	return r.Record
}

func (h *house) register(name string, branch id.Org) id.Person {
	h.t.Helper()
	r := h.act(matter.Act{Procedure: "membership", Step: "register", Org: branch, Fields: record.Of(
		record.F("name", record.Text(name)), record.F("standing", record.Choice(person.Member)), record.F("id_number", record.Text(number(h.app.Size()))))})
	p, _ := r.Matter.Person()
	return p
}

// number is the n-th of the ID numbers that nobody has.
func number(n int64) string {
	digits, sum := fmt.Sprintf("14999919850307%03d", n), 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * w
	}
	return digits + "10X98765432"[sum%11:sum%11+1]
}

// publish puts every record under a checkpoint.
func (h *house) publish() {
	h.t.Helper()
	var leaves [][]byte
	for seq := h.log.Size() + 1; seq <= h.app.Size(); seq++ {
		leaves = append(leaves, must(h.app.Record(h.t.Context(), seq)).Leaf())
	}
	must(h.log.Append(h.t.Context(), leaves))
	must(h.log.Publish(h.t.Context(), h.clock.now()))
}

// A browser is somebody with a session.
type browser struct {
	h       *house
	person  id.Person
	cookies []*http.Cookie
}

// browser signs p in for the first time.
func (h *house) browser(p id.Person, name string) *browser {
	h.t.Helper()
	link := must(h.accounts.InviteByInstallation(h.t.Context(), p))
	in := must(h.accounts.Redeem(h.t.Context(), link.Token, app.Choice{Name: name, Password: "the wind is clear today"}, here()))
	if in.Owes() != nil {
		in = h.factor(in)
	}
	w := httptest.NewRecorder()
	jar := guard.Jar{}
	jar.SetSession(w, in.ID)
	jar.SetDevice(w, in.Device, time.Hour)
	return &browser{h: h, person: p, cookies: w.Result().Cookies()}
}

// An answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) send(method, path, kind string, body io.Reader) answer {
	b.h.t.Helper()
	r := httptest.NewRequest(method, "http://qingfeng.test"+path, body)
	r.RemoteAddr = "192.0.2.1:4711"
	r.Header.Set("User-Agent", "a browser")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.h.door.ServeHTTP(w, r)
	return answer{b.h.t, w.Code, w.Result().Header, w.Body.String()}
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	return b.send(http.MethodGet, path, "", nil)
}

func (b *browser) post(path string, form url.Values) answer {
	b.h.t.Helper()
	return b.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// says fails the test unless the answer has this status and all these texts.
func (a answer) says(status int, texts ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d:\n%s", a.status, status, plain(a.body))
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%q is not in:\n%s", text, plain(a.body))
		}
	}
	return a
}

// lacks fails the test if the answer has one of these texts.
func (a answer) lacks(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("%q is in:\n%s", text, plain(a.body))
		}
	}
	return a
}

// leads fails the test unless the answer is a redirection, and returns where to.
func (a answer) leads() string {
	a.t.Helper()
	if a.status != http.StatusSeeOther {
		a.t.Fatalf("status %d, want a redirection:\n%s", a.status, plain(a.body))
	}
	return a.header.Get("Location")
}

var (
	tag    = regexp.MustCompile(`(?s)<script.*?</script>|<svg.*?</svg>|<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// plain is a page without its marks, for messages.
func plain(page string) string {
	text := blanks.ReplaceAllString(tag.ReplaceAllString(page, " "), " ")
	return text[:min(len(text), 1500)]
}

// hidden returns the value of a hidden field.
func (a answer) hidden(name string) string {
	a.t.Helper()
	m := regexp.MustCompile(`<input type="hidden" name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatalf("no hidden field %s", name)
	}
	return m[1]
}
