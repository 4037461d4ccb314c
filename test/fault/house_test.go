package fault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/app"
	"qingfeng/internal/blob"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

// The organisations of every house: a committee, the branch in which people are
// registered, and the branch that meets.
const (
	committee id.Org = 1
	office    id.Org = 2
	branch    id.Org = 3
)

// A house is a small installation and the people who use it.
type house struct {
	dir      string // the data directory
	postgres string // address of the database, or ""
	address  string // where it is served
	binary   string
	keys     keys
	client   *http.Client
}

// keys let in those who use a house.
type keys struct {
	officer   string // token
	secretary string // token
	cookie    string // of the secretary
	members   []member
	records   int64 // recorded by the set-up
}

// A member of the branch that meets, with a browser.
type member struct {
	person id.Person
	cookie string
}

// zone is where every house stands.
const zone = "Asia/Shanghai"

// template is a house that the others are copies of.
var template = sync.OnceValues(func() (house, error) {
	dir, err := bench()
	if err != nil {
		return house{}, err
	}
	return found(filepath.Join(dir, "data"), "")
})

// newHouse returns a house of its own on SQLite, in a directory that is kept if the
// test fails.
func newHouse(t *testing.T) *house {
	t.Helper()
	first := must(template())(t)
	return first.copied(t, filepath.Join(keptDir(t), "data"))
}

// copied copies a house that nobody is in.
func (h house) copied(t *testing.T, to string) *house {
	t.Helper()
	check(t, os.CopyFS(to, os.DirFS(h.dir)))
	h.dir, h.address, h.client = to, must(freeAddress())(t), newClient()
	return &h
}

// keptDir is a directory that goes with the test, unless the test fails.
func keptDir(t *testing.T) string {
	t.Helper()
	dir := must(os.MkdirTemp("", "qingfeng-fault"))(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the data directory is kept in %s", dir)
			return
		}
		check(t, os.RemoveAll(dir))
	})
	return dir
}

// found makes a house in an empty directory.
func found(dir, postgres string) (h house, err error) {
	h = house{dir: dir, postgres: postgres, client: newClient()}
	if h.binary, err = binary(); err != nil {
		return h, err
	}
	if h.address, err = freeAddress(); err != nil {
		return h, err
	}
	first, err := h.launch() // makes keys and log
	if err != nil {
		return h, err
	}
	if err := first.ready(); err != nil {
		return h, err
	}
	if err := first.stop(); err != nil {
		return h, err
	}
	return h, h.furnish()
}

// launch starts the program in the house and does not wait for it.
func (h *house) launch() (*service, error) {
	return launch(h.binary, append([]string{"serve", "--listen", h.address, "--zone", zone}, h.where()...)...)
}

// where are the flags that say where the house is.
func (h *house) where() []string {
	if h.postgres == "" {
		return []string{"--data", h.dir}
	}
	return []string{"--data", h.dir, "--postgres", h.postgres}
}

// open opens the state of the house, while nobody serves it.
func (h *house) open(readOnly bool) (*app.App, *store.DB, error) {
	lib, err := law()
	if err != nil {
		return nil, nil, err
	}
	key, err := os.ReadFile(filepath.Join(h.dir, "keys", "secret"))
	if err != nil {
		return nil, nil, err
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(context.Background(), store.Config{Dir: h.dir, Postgres: h.postgres, ReadOnly: readOnly})
	if err != nil {
		return nil, nil, err
	}
	a, err := app.Open(context.Background(), app.Config{Library: lib, Store: db, Secret: key, Zone: at})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return a, db, nil
}

// furnish sets the house up from inside, as its first visitors would.
func (h *house) furnish() error {
	a, db, err := h.open(false)
	if err != nil {
		return err
	}
	defer a.Close()
	hasher, err := secret.NewHasher(secret.Cost{Memory: 64, Passes: 1}, 4, time.Minute)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	accounts, err := app.OpenAccounts(context.Background(), app.AccountsConfig{App: a, Store: db, Doors: db, Hasher: hasher, Now: time.Now, Issuer: "Qingfeng"})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	f := &furnishing{house: h, app: a, accounts: accounts}
	f.all()
	h.keys.records = a.Size()
	return errors.Join(f.err, db.Close())
}

// A furnishing is a set-up under way; after an error it does nothing more.
type furnishing struct {
	*house
	app      *app.App
	accounts *app.Accounts
	officer  app.Entered
	err      error
}

var here = app.From{Source: "127.0.0.1", Agent: "a test"}

func (f *furnishing) all() {
	token, err := f.accounts.SetUpToken()
	if err != nil {
		f.err = err
		return
	}
	made, err := f.accounts.SetUp(context.Background(), token, app.SetUpForm{
		Root: "中共清源市委员会", Level: "city", Branch: "中共清源市委组织部机关支部委员会", Admin: "安若水", Officer: "常思远",
		Reason: "初始化", SignName: "an.ruoshui", Password: "ten thousand mountains"}, here)
	if err != nil {
		f.err = err
		return
	}
	f.officer = f.factored(f.enter(made.Officer.Token, "chang.siyuan"))
	f.keys.officer = f.token(f.officer)
	f.act(matter.Act{Procedure: "organisation", Step: "found", Fields: record.Of(record.F("name", record.Text("中共清源市档案馆支部委员会")),
		record.F("kind", record.Choice("branch")), record.F("superior", record.Org(committee)))})
	for i, name := range []string{"宋砚秋", "白若川", "冯临川", "段知夏", "陆听泉", "贺青禾", "沈云归"} {
		r := f.act(matter.Act{Procedure: "membership", Step: "register", Org: branch, Fields: record.Of(
			record.F("name", record.Text(name)), record.F("standing", record.Choice("member")))})
		p, _ := r.Matter.Person()
		if i == 0 {
			f.act(matter.Act{Procedure: "office", Step: "take", Org: branch, Fields: record.Of(
				record.F("person", record.Person(p)), record.F("role", record.Choice("branch.secretary")))})
		}
		in := f.invited(p, fmt.Sprintf("member.%d", i))
		if i == 0 && f.err == nil {
			f.keys.secretary, f.keys.cookie = f.token(in), in.ID
		}
		f.keys.members = append(f.keys.members, member{p, in.ID})
	}
}

// act takes a step as the officer, today.
func (f *furnishing) act(act matter.Act) record.Record {
	if f.err != nil {
		return record.Record{}
	}
	act.On = f.app.Today()
	r, err := f.officer.Act(context.Background(), "test", act, "")
	f.err = err
	return r.Record
}

func (f *furnishing) invited(p id.Person, name string) app.Entered {
	if f.err != nil {
		return app.Entered{}
	}
	link, err := f.accounts.InviteByInstallation(context.Background(), p)
	if err != nil {
		f.err = err
		return app.Entered{}
	}
	in := f.enter(link.Token, name)
	if f.err == nil && in.Owes() != nil {
		in = f.factored(in)
	}
	return in
}

func (f *furnishing) enter(link, name string) (in app.Entered) {
	if f.err == nil {
		in, f.err = f.accounts.Redeem(context.Background(), link, app.Choice{Name: name, Password: "the wind is clear today"}, here)
	}
	return in
}

// factored sets up a second factor.
func (f *furnishing) factored(in app.Entered) app.Entered {
	if f.err != nil {
		return in
	}
	e, err := in.EnrolFactor(context.Background())
	if err != nil {
		f.err = err
		return in
	}
	code, err := secret.FactorCode(e.Factor, secret.FactorStep(time.Now()))
	from := here
	from.Session, from.Device = in.ID, in.Device
	if err == nil {
		in, _, err = in.ConfirmFactor(context.Background(), code, from)
	}
	f.err = err
	return in
}

// token makes a token that leaves all that can be left.
func (f *furnishing) token(in app.Entered) string {
	if f.err != nil {
		return ""
	}
	text, _, err := in.MakeToken(context.Background(), app.NewToken{Title: "test", Days: 30, Scope: account.Scope{Actions: account.Delegable(), Acts: true}})
	f.err = err
	return text
}

// blobs opens the attachments of the house.
func (h *house) blobs() (*blob.Disk, error) { return blob.OpenDisk(filepath.Join(h.dir, "blobs")) }

// newClient is somebody who follows no redirection and waits for a while.
func newClient() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// url is the address of a path of the house.
func (h *house) url(path string) string {
	return "http://" + h.address + "/" + strings.TrimPrefix(path, "/")
}
