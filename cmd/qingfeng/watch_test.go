package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"qingfeng/internal/fault"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

// A notary outside follows one log, as tlog-witness says: it cosigns what continues
// the last checkpoint it saw.
type notary struct {
	*httptest.Server
	key seal.Key
	log seal.Trust

	mu     sync.Mutex
	latest seal.Checkpoint
	down   bool
}

func newNotary(t *testing.T, vkey string) *notary {
	t.Helper()
	log, err := seal.ParsePublicKey(vkey)
	must(t, err)
	key, err := seal.NewKey("archive.example/w", []byte(strings.Repeat("w", 32)))
	must(t, err)
	a := &notary{key: key, log: seal.Trust{Log: []seal.PublicKey{log}}}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// named is the archive as a setting names it.
func (a *notary) named() string { return a.key.Public().Timed().String() + "@" + a.URL }

func (a *notary) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	data, err := io.ReadAll(r.Body)
	head, msg, _ := strings.Cut(string(data), "\n\n")
	oldLine, proofText, _ := strings.Cut(head, "\n")
	old, oldErr := strconv.ParseInt(strings.TrimPrefix(oldLine, "old "), 10, 64)
	if proofText != "" {
		proofText += "\n"
	}
	proof, proofErr := seal.ParseProof([]byte(proofText))
	s, openErr := a.log.Open([]byte(msg))
	switch {
	case a.down || r.URL.Path != "/add-checkpoint":
		w.WriteHeader(http.StatusServiceUnavailable)
	case errors.Join(err, oldErr, proofErr, openErr) != nil:
		w.WriteHeader(http.StatusForbidden)
	case old != a.latest.Size:
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		_, _ = fmt.Fprintf(w, "%d\n", a.latest.Size)
	case old > 0 && seal.CheckConsistency(proof, s.Size, s.Root, old, a.latest.Root) != nil:
		w.WriteHeader(http.StatusUnprocessableEntity)
	default:
		a.latest = s.Checkpoint
		signed, err := note.Sign(&note.Note{Text: s.Text()}, seal.Cosign(a.key, time.Now()))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = w.Write(signed[len(s.Text())+1:])
	}
}

func (a *notary) goDown(down bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.down = down
}

// watched starts the watch of h by the archive, as serve does.
func (h *house) watched(a *notary) *house {
	h.t.Helper()
	must(h.t, watchFlags{Witness: []string{a.named()}, WitnessEvery: time.Millisecond, WitnessAlarm: time.Hour}.watch(h.t.Context(), h.installation))
	return h
}

func TestTheLogIsHeldAgainstItsWitnessAtEveryStart(t *testing.T) {
	h := newHouse(t).sealed()
	older := h.copied()
	a := newNotary(t, h.vkey())
	n := h.app.Size()
	lost := []string{fmt.Sprintf("本地总账有%d条", n), fmt.Sprintf("缺第%d号至第%d号", n+1, n+1)}
	h.grown().watched(a)
	forged := rewritten(n + 1)
	forget := func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "keys", "witnessed"))) }
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		down  bool // the archive does not answer
		why   string
		says  []string
	}{
		"an old backup put back whole: the witness says so": {olderAll(older), false, "stop.shorter", lost},
		"log and database put back, the keys kept":          {olderRecord(older), true, "stop.shorter", lost},
		"a past rewritten and signed anew":                  {forged, false, "stop.forked", []string{"不是同一本"}},
		"the same, remembered here":                         {forged, true, "stop.forked", []string{"不是同一本"}},
		"control: a good log":                               {func(*testing.T, string) {}, false, "", nil},
		"control: a good log that nobody remembers":         {forget, false, "", nil},
		"control: a good log, the witness is away":          {func(*testing.T, string) {}, true, "", nil},
		"control: an old backup, and no witness to ask":     {olderAll(older), true, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := h.copied()
			c.spoil(t, dir)
			a.goDown(c.down)
			got := reopened(t, dir).watched(a)
			handler := got.served(newMetrics(got.installation))
			v, err := got.app.For(2, "test")
			must(t, err)
			_, err = v.Act(t.Context(), got.founding("统战部"), "")
			var stop *fault.Stop
			if c.why == "" {
				if err != nil || get(handler, "/readyz").Code != http.StatusOK {
					t.Errorf("a good log is refused: %v", err)
				}
				return
			}
			if !errors.As(err, &stop) || stop.Why != c.why || stop.Args["witness"] != "archive.example/w" {
				t.Errorf("the act: %v", err)
			}
			page := get(handler, "/signin").Body.String()
			for _, want := range c.says {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %s", want)
				}
			}
			if w := get(handler, "/readyz"); w.Code != http.StatusServiceUnavailable {
				t.Error("it says that it is ready")
			}
			signed, _ := got.public().Signed()
			running, stopRunning := context.WithCancel(t.Context())
			followers := 0
			got.follow(running, func(func(context.Context) error) { followers++ })
			stopRunning()
			if after, _ := got.public().Signed(); followers != 4 || after != signed {
				t.Error("it goes on signing")
			}
		})
	}
}

// olderAll is a data directory restored from an old backup.
func olderAll(older string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		must(t, os.RemoveAll(dir))
		must(t, copyTree(older, dir, func(string) bool { return false }))
	}
}

// olderRecord is one where only the record and its log were put back.
func olderRecord(older string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		replaced(t, older, dir, "qingfeng.db")
		replaced(t, older, dir, "log")
		// what the database remembers went with it; the file under keys stayed
	}
}

// rewritten is a log of the same size with another past, signed with the right key.
func rewritten(size int64) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		must(t, os.RemoveAll(filepath.Join(dir, "log")))
		key, err := noteKey(dir)
		must(t, err)
		forged, err := tiles.Create(filepath.Join(dir, "log"), key, time.Now())
		must(t, err)
		_, err = forged.Append(t.Context(), make([][]byte, size))
		must(t, err)
		_, err = forged.Publish(t.Context(), time.Now())
		must(t, err)
		must(t, forged.Close())
	}
}

func TestCosignaturesAreKeptServedAndShown(t *testing.T) {
	h := newHouse(t).sealed()
	a := newNotary(t, h.vkey())
	a.goDown(true)
	h.watched(a)
	m := newMetrics(h.installation)
	handler := h.served(m)
	if get(handler, "/log/witnessed").Code != http.StatusNotFound || h.watch.States()[0].Trouble != "unavailable" {
		t.Error("nobody has signed yet")
	}
	a.goDown(false)
	h.runUntil(func() bool { _, signed := h.watch.Newest(); return signed }) // asked again, with nobody's help
	served := get(handler, "/log/witnessed")
	if served.Code != http.StatusOK || !strings.Contains(served.Body.String(), "— archive.example/w ") || !strings.Contains(served.Body.String(), fmt.Sprintf("\n%d\n", h.app.Size())) {
		t.Errorf("%d %s", served.Code, served.Body)
	}
	h.grown()
	h.runUntil(func() bool { return h.watch.States()[0].Size == h.app.Size() })
	body := get(m.handler(), "/metrics").Body.String()
	for _, want := range []string{fmt.Sprintf(`qingfeng_witness_leaves{witness="archive.example/w"} %d`, h.app.Size()), "qingfeng_witness_silent 0\n", `qingfeng_witness_seconds{witness="archive.example/w"} `} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if out, err := command("verify", "--data", h.dir); err != nil {
		t.Error(out, err)
	}
}

// runUntil lets the witnesses be asked until something has come about.
func (h *house) runUntil(done func() bool) {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- h.watch.Follow(ctx) }()
	for !done() {
		select {
		case <-h.t.Context().Done():
			h.t.Fatal("it never came about")
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	must(h.t, <-ended)
}

func TestASilentWitnessRingsAnAlarm(t *testing.T) {
	h := newHouse(t).sealed()
	a := newNotary(t, h.vkey())
	a.goDown(true)
	flags := watchFlags{Witness: []string{a.named()}, WitnessEvery: time.Millisecond, WitnessAlarm: time.Nanosecond}
	must(t, flags.watch(t.Context(), h.installation))
	m := newMetrics(h.installation)
	handler := h.served(m)
	if w := get(handler, "/readyz"); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "ready, but no witness has cosigned for ") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if body := get(m.handler(), "/metrics").Body.String(); !strings.Contains(body, "qingfeng_witness_silent 1\n") {
		t.Error("the metrics are silent, too")
	}
	a.goDown(false)
	flags.WitnessAlarm = time.Hour
	must(t, flags.watch(t.Context(), h.installation))
	if w := get(h.served(m), "/readyz"); w.Body.String() != "ready\n" {
		t.Errorf("control: %s", w.Body)
	}
}

func TestWitnessesStandInTheDataDirectoryToo(t *testing.T) {
	h := newHouse(t).sealed()
	a := newNotary(t, h.vkey())
	file := filepath.Join(h.dir, "keys", "witnesses")
	must(t, os.WriteFile(file, []byte("# who watches\n\n"+a.named()+"\n"), 0o600))
	named, err := watchFlags{Witness: []string{a.named()}}.named(h.dir)
	if err != nil || len(named) != 1 || named[0].URL != a.URL {
		t.Errorf("%v %v", named, err)
	}
	must(t, os.WriteFile(file, []byte("nobody@http://nowhere.example\n"), 0o600))
	if err := (watchFlags{}).watch(t.Context(), h.installation); err == nil {
		t.Error("a witness without a key was taken")
	}
}
