package api

import (
	"encoding/base32"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"qingfeng/content"
	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/web/guard"
)

// A house is a small installation behind its API: a city committee with one branch.
type house struct {
	t        *testing.T
	db       *store.DB
	app      *app.App
	accounts *app.Accounts
	handler  http.Handler
	officer  app.Entered
	root     id.Org
	logged   *strings.Builder
}

const branch id.Org = 2

// clock moves by a little with every look.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Microsecond)
	return c.at
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

var from = app.From{Source: "192.0.2.1", Agent: "a browser"}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, logged: &strings.Builder{}}
	lib, err := law()
	h.must(err)
	h.db, err = store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	h.must(err)
	now := &clock{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	h.app, err = app.Open(t.Context(), app.Config{Library: lib, Store: h.db, Secret: []byte("a secret of thirty-two bytes ...."),
		Zone: time.FixedZone("CST", 8*3600), Now: now.Now, Random: &dice{rng: rand.NewChaCha8([32]byte{7})}})
	h.must(err)
	t.Cleanup(func() {
		h.app.Close()
		h.must(h.db.Close())
	})
	hasher, err := secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 4, time.Minute)
	h.must(err)
	h.accounts, err = app.OpenAccounts(t.Context(), app.AccountsConfig{App: h.app, Store: h.db, Doors: h.db, Hasher: hasher, Now: now.Now, Issuer: "Qingfeng"})
	h.must(err)
	h.settle(now)
	h.handler, err = New(Config{App: h.app, Accounts: h.accounts, Version: "test",
		Receipt: func(r record.Record) ([]byte, bool) { return []byte("receipt\n"), r.Seq == 1 },
		Guard:   guard.Options{Now: now.Now, Random: &dice{rng: rand.NewChaCha8([32]byte{8})}}, Logger: slog.New(slog.NewTextHandler(h.logged, nil))})
	h.must(err)
	return h
}

// settle sets the installation up and signs its first officer in.
func (h *house) settle(now *clock) {
	h.t.Helper()
	token, err := h.accounts.SetUpToken()
	h.must(err)
	out, err := h.accounts.SetUp(h.t.Context(), token, app.SetUpForm{
		Root: "中共清源市委员会", Level: "city", Branch: "中共清源市委组织部机关支部委员会", Admin: "安若水", Officer: "常思远",
		Reason: "初始化", SignName: "an.ruoshui", Password: "ten thousand mountains"}, from)
	h.must(err)
	h.root = out.Root
	in, err := h.accounts.Redeem(h.t.Context(), out.Officer.Token, app.Choice{Name: "chang.siyuan", Password: "one river to the east"}, from)
	h.must(err)
	e, err := in.EnrolFactor(h.t.Context())
	h.must(err)
	code, err := secret.FactorCode(e.Factor, secret.FactorStep(now.Now()))
	h.must(err)
	browser := from
	browser.Session, browser.Device = in.ID, in.Device
	h.officer, _, err = in.ConfirmFactor(h.t.Context(), code, browser)
	h.must(err)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// token returns a token of the officer.
func (h *house) token(scope account.Scope) string {
	h.t.Helper()
	text, _, err := h.officer.MakeToken(h.t.Context(), app.NewToken{Title: "test", Days: 30, Scope: scope})
	h.must(err)
	return text
}

// everything is a token that leaves all that can be left.
func (h *house) everything() string {
	return h.token(account.Scope{Actions: account.Delegable(), Acts: true})
}

// reading is a token for some actions within an organisation.
func (h *house) reading(o id.Org, actions ...access.Action) string {
	return h.token(account.Scope{Actions: actions, Root: o})
}

// An ask is a request to the API.
type ask struct {
	method, path, token, key, body, kind, lang string
}

// do sends a request through the front door.
func (h *house) do(a ask) *httptest.ResponseRecorder {
	h.t.Helper()
	if a.method == "" {
		a.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(h.t.Context(), a.method, Root+a.path, strings.NewReader(a.body))
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	if a.key != "" {
		r.Header.Set("Idempotency-Key", a.key)
	}
	if a.method == http.MethodPost && a.kind == "" {
		a.kind = "application/json"
	}
	r.Header.Set("Content-Type", a.kind)
	r.Header.Set("Accept-Language", a.lang)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// answer reads the answer to a request that must work.
func answer[T any](h *house, a ask) (out T) {
	h.t.Helper()
	w := h.do(a)
	if w.Code >= 300 {
		h.t.Fatalf("%s %s: %d %s", a.method, a.path, w.Code, w.Body)
	}
	h.must(json.Unmarshal(w.Body.Bytes(), &out, json.RejectUnknownMembers(true)))
	return out
}

// problem reads the answer to a request that must not work.
func (h *house) problem(a ask, status int) (p Problem) {
	h.t.Helper()
	w := h.do(a)
	if w.Code != status {
		h.t.Fatalf("%s %s %s: %d, want %d: %s", a.method, a.path, a.body, w.Code, status, w.Body)
	}
	if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
		h.t.Errorf("%s %s: a problem as %q", a.method, a.path, kind)
	}
	h.must(json.Unmarshal(w.Body.Bytes(), &p, json.RejectUnknownMembers(true)))
	if p.Status != status || p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") || strings.HasPrefix(p.Title, "api.") || p.Detail == "" || p.Remedy == "" {
		h.t.Errorf("%s %s: half a problem: %+v", a.method, a.path, p)
	}
	for _, e := range p.Errors {
		if e.Reason == e.Key {
			h.t.Errorf("%s %s: no words for %s", a.method, a.path, e.Key)
		}
	}
	return p
}

// registering is the body that registers somebody in the branch.
func registering(name string) string {
	return `{"procedure":"membership","step":"register","org":"o2","on":"2026-11-23","fields":{"name":{"text":"` + name + `"},"standing":{"choice":"member"}}}`
}

// unused is a key that nobody used.
func unused(n byte) string { return "key-" + base32.StdEncoding.EncodeToString([]byte{n, n, n}) }
