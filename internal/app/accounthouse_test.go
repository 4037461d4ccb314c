package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qingfeng/content"
	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/id"
	"qingfeng/internal/library"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

// A house is a small installation: a city committee with one branch, where people
// sign in. Its clock stands until it is moved.
type house struct {
	*Accounts
	t       *testing.T
	mem     *watched
	clock   *stopped
	root    id.Org
	branch  id.Org
	admin   Entered // the security administrator, with a second factor
	officer Entered // the first officer, with one too

	registered int // people registered, each with a number of their own
}

const (
	adminPassword   = "ten thousand mountains"
	officerPassword = "one river to the east"
	memberPassword  = "the wind is clear today"
)

// here is a browser that nobody has used before.
func here() From { return From{Source: "192.0.2.1", Agent: "a browser"} }

// watched is the store, counting what is read and failing when it is told to.
type watched struct {
	*store.DB
	asked  atomic.Int64 // sessions, tokens and accounts read
	broken atomic.Pointer[error]

	between atomic.Pointer[func()] // what happens once between reading a counter and writing it
}

func (w *watched) Throttle(ctx context.Context, key string) (account.Throttle, error) {
	t, err := w.DB.Throttle(ctx, key)
	if f := w.between.Swap(nil); f != nil {
		(*f)()
	}
	return t, err
}

func (w *watched) Account(ctx context.Context, p id.Person) (account.Account, error) {
	w.asked.Add(1)
	return w.DB.Account(ctx, p)
}

func (w *watched) Session(ctx context.Context, hash []byte) (account.Session, error) {
	w.asked.Add(1)
	return w.DB.Session(ctx, hash)
}

func (w *watched) Token(ctx context.Context, hash []byte) (account.Token, error) {
	w.asked.Add(1)
	return w.DB.Token(ctx, hash)
}

func (w *watched) breakWith(err error) { w.broken.Store(&err) }
func (w *watched) mend()               { w.broken.Store(nil) }

func (w *watched) fault() error {
	if err := w.broken.Load(); err != nil {
		return *err
	}
	return nil
}

func (w *watched) SaveAccount(ctx context.Context, a account.Account) error {
	if err := w.fault(); err != nil {
		return err
	}
	return w.DB.SaveAccount(ctx, a)
}

func (w *watched) SeeSession(ctx context.Context, hash []byte, seen time.Time) error {
	if err := w.fault(); err != nil {
		return err
	}
	return w.DB.SeeSession(ctx, hash, seen)
}

func (w *watched) Trace(ctx context.Context, e account.Event) error {
	if err := w.fault(); err != nil {
		return err
	}
	return w.DB.Trace(ctx, e)
}

// stopped is a clock that moves when it is told to.
type stopped struct {
	mu sync.Mutex
	at time.Time
}

func (c *stopped) Now() time.Time {
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

// law is the content that comes with the program, read once: tests only read it.
var law = sync.OnceValues(func() (*library.Library, error) { return library.Load(content.FS) })

// empty returns an installation before set-up.
func empty(t *testing.T) *house {
	t.Helper()
	lib, err := law()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, mem: &watched{DB: db}, clock: &stopped{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}}
	a, err := Open(t.Context(), Config{
		Library: lib, Store: db, Secret: []byte("a secret of thirty-two bytes ...."), Zone: time.FixedZone("CST", 8*3600),
		Now: h.clock.Now, Random: &dice{rng: rand.NewChaCha8([32]byte{7})},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		a.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Accounts = h.reopen(a)
	return h
}

// reopen returns accounts as after a restart.
func (h *house) reopen(a *App) *Accounts {
	h.t.Helper()
	hasher, err := secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 4, time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := OpenAccounts(context.Background(), AccountsConfig{
		App: a, Store: h.mem, Doors: h.mem, Hasher: hasher, Now: h.clock.Now, Issuer: "Qingfeng",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func setUpForm() SetUpForm {
	return SetUpForm{
		Root: "中共清源市委员会", Level: "city", Branch: "中共清源市委组织部机关支部委员会", Admin: "安若水", Officer: "常思远",
		Reason: "初始化", SignName: "an.ruoshui", Password: adminPassword,
	}
}

// newHouse returns an installation that is set up.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := empty(t)
	token, err := h.SetUpToken()
	if err != nil {
		t.Fatal(err)
	}
	out, err := h.SetUp(t.Context(), token, setUpForm(), here())
	if err != nil {
		t.Fatal(err)
	}
	h.root, h.branch = out.Root, 2
	h.admin = h.factor(out.Entered)
	officer, err := h.Redeem(t.Context(), out.Officer.Token, Choice{Name: "chang.siyuan", Password: officerPassword}, here())
	if err != nil {
		t.Fatal(err)
	}
	h.officer = h.factor(officer)
	return h
}

// factor sets up a second factor for whoever entered.
func (h *house) factor(in Entered) Entered {
	h.t.Helper()
	e, err := in.EnrolFactor(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	in, _, err = in.ConfirmFactor(h.t.Context(), h.code(e.Factor), h.with(in))
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// with is the browser of somebody who entered.
func (h *house) with(in Entered) From {
	f := here()
	f.Session, f.Device = in.ID, in.Device
	return f
}

func (h *house) code(factor string) string {
	h.t.Helper()
	code, err := secret.FactorCode(factor, secret.FactorStep(h.clock.Now()))
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// codeOf returns the present code of p.
func (h *house) codeOf(p id.Person) string {
	h.t.Helper()
	acc, err := h.mem.Account(h.t.Context(), p)
	if err != nil {
		h.t.Fatal(err)
	}
	factor, err := h.keys.Open(acc.Secret, p.String())
	if err != nil {
		h.t.Fatal(err)
	}
	return h.code(string(factor))
}

// number is an ID number that nobody has.
func (h *house) number() string {
	h.registered++
	digits := fmt.Sprintf("14999919850307%03d", h.registered)
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * w
	}
	return digits + "10X98765432"[sum%11:sum%11+1]
}

// register registers somebody in the branch, by the officer.
func (h *house) register(name string) id.Person {
	h.t.Helper()
	r := h.act(h.officer, matter.Act{Procedure: "membership", Step: "register", Org: h.branch, Fields: record.Of(
		record.F("name", record.Text(name)), record.F("standing", record.Choice(person.Member)), record.F("id_number", record.Text(h.number())))})
	p, _ := r.Matter.Person()
	return p
}

// grant gives p a right on the platform: the officer proposes it, and the security
// administrator confirms it.
func (h *house) grant(p id.Person, role string) {
	h.t.Helper()
	r := h.act(h.officer, matter.Act{Procedure: "grant", Step: "propose", Org: h.root, Fields: record.Of(
		record.F("person", record.Person(p)), record.F("role", record.Choice(role)),
		record.F("until", record.Day(h.app.Today().AddDays(30))), record.F("reason", record.Text("检查")))})
	h.act(h.admin, matter.Act{Procedure: "grant", Step: "confirm", Matter: r.Matter, Org: h.root})
}

func (h *house) act(in Entered, act matter.Act) record.Record {
	h.t.Helper()
	act.On = h.app.Today()
	r, err := in.Act(h.t.Context(), "test", act, "")
	if err != nil {
		h.t.Fatalf("%s.%s: %v", act.Procedure, act.Step, err)
	}
	return r.Record
}

// member returns somebody of the branch who has signed in by a link.
func (h *house) member(name, signName string) Entered {
	h.t.Helper()
	link, err := h.InviteByInstallation(h.t.Context(), h.register(name))
	if err != nil {
		h.t.Fatal(err)
	}
	in, err := h.Redeem(h.t.Context(), link.Token, Choice{Name: signName, Password: memberPassword}, here())
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// alive reports whether the cookie of somebody still opens a session.
func (h *house) alive(in Entered) bool {
	_, err := h.Session(context.Background(), h.with(in))
	return err == nil
}

// traced reports whether the trail has what about p.
func (h *house) traced(what string, by, p id.Person) bool {
	h.t.Helper()
	trail, err := h.mem.Trail(h.t.Context(), h.clock.Now(), 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	return slices.ContainsFunc(trail, func(e account.Event) bool { return e.What == what && e.Actor == by && e.Person == p })
}

// deniedFor reports how often somebody was turned away from what.
func (h *house) deniedFor(what string) (n int) {
	h.t.Helper()
	denied, err := h.mem.Denied(h.t.Context(), h.clock.Now(), 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range denied {
		if e.What == what {
			n++
		}
	}
	return n
}
