package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
)

// A house is a data directory with a few records, opened as a running service has it.
type house struct {
	*installation
	t        *testing.T
	accounts *app.Accounts
	closed   bool
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := opened(t, filepath.Join(t.TempDir(), "data"), time.Now)
	h.setUp()
	return h
}

// opened is the installation in dir, by a clock.
func opened(t *testing.T, dir string, now func() time.Time, with ...func(*dataFlags)) *house {
	t.Helper()
	inv := &invocation{ctx: t.Context(), out: io.Discard, errs: io.Discard, log: slog.New(slog.DiscardHandler), now: now}
	flags := dataFlags{Data: dir, Zone: "Asia/Shanghai"}
	for _, change := range with {
		change(&flags)
	}
	in, err := flags.open(inv, now)
	must(t, err)
	h := &house{installation: in, t: t}
	t.Cleanup(h.ended)
	h.accounts, err = in.accounts(t.Context(), false)
	must(t, err)
	return h
}

// hands are a clock that stands until it is moved, by any of those who look at it.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func newHands() *hands { return &hands{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)} }

func (c *hands) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *hands) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const (
	aDay  = 24 * time.Hour
	aYear = 365 * aDay
)

// clocked is an installation of more than a year by a clock of the test, with
// everything sealed.
func clocked(t *testing.T) (*house, *hands) {
	t.Helper()
	clock := newHands()
	clock.move(-2 * aYear)
	h := opened(t, filepath.Join(t.TempDir(), "data"), clock.now)
	h.setUp()
	clock.move(2*aYear + time.Second)
	return h.sealed(), clock
}

// setUp does what the first visitor does.
func (h *house) setUp() {
	h.t.Helper()
	token, err := h.accounts.SetUpToken()
	must(h.t, err)
	_, err = h.accounts.SetUp(h.t.Context(), token, app.SetUpForm{Root: "中共清源市委员会", Level: "city", Branch: "中共清源市委组织部机关支部委员会",
		Admin: "安若水", Officer: "常思远", Reason: "初始化", SignName: "an.ruoshui", Password: "ten thousand mountains"}, app.From{Source: "192.0.2.1"})
	must(h.t, err)
}

// records returns everything that is recorded.
func (h *house) records() (all []record.Record) {
	h.t.Helper()
	for r, err := range h.store.Read(h.t.Context(), record.Query{}) {
		must(h.t, err)
		all = append(all, r)
	}
	return all
}

// sealed seals what is recorded, as the follower does.
func (h *house) sealed() *house {
	h.t.Helper()
	var leaves [][]byte
	for _, r := range h.records()[h.log.Size():] {
		leaves = append(leaves, r.Leaf())
	}
	_, err := h.log.Append(h.t.Context(), leaves)
	must(h.t, err)
	_, err = h.log.Publish(h.t.Context(), h.now())
	must(h.t, err)
	return h
}

// vkey is the public key of the log.
func (h *house) vkey() string {
	h.t.Helper()
	key, err := noteKey(h.dir)
	must(h.t, err)
	return key.Public().String()
}

// receipt is the receipt of record 1.
func (h *house) receipt() seal.Receipt {
	h.t.Helper()
	r, err := h.log.Dir().Receipt(h.log.Trust(), 0, 1, h.records()[0].Time)
	must(h.t, err)
	return r
}

// command runs a command line and returns what it printed.
func command(args ...string) (string, error) {
	var out bytes.Buffer
	err := run(context.Background(), args, &out, io.Discard)
	return out.String(), err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
