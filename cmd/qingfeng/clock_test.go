package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
)

// tries has the first officer found one more branch.
func (h *house) tries(name, key string) (app.Receipt, error) {
	h.t.Helper()
	v, err := h.app.For(2, "test")
	must(h.t, err)
	return v.Act(h.t.Context(), h.founding(name), key)
}

// backwards says which record is older than the one before it.
func backwards(all []record.Record) error {
	for i := 1; i < len(all); i++ {
		if all[i].Time.Before(all[i-1].Time) {
			return fmt.Errorf("record %d is of %s, and the one before of %s", all[i].Seq, all[i].Time, all[i-1].Time)
		}
	}
	return nil
}

// stopped checks that err, readiness, metrics and pages say that the clock stands behind.
func (h *house) stopped(err error, key, says string) {
	h.t.Helper()
	var stop *fault.Stop
	if !errors.As(err, &stop) || stop.Why != key || stop.Args["clock"] == "" || stop.Args["last"] == "" {
		h.t.Errorf("the act: %v", err)
	}
	m := newMetrics(h.installation)
	handler := h.served(m)
	if w := get(handler, "/readyz"); w.Code != http.StatusServiceUnavailable || !strings.HasPrefix(w.Body.String(), "read-only: "+key+" clock=") {
		h.t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(get(m.handler(), "/metrics").Body.String(), "qingfeng_read_only 1\n") {
		h.t.Error("the metrics do not say so")
	}
	if page := get(handler, "/signin"); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), says) {
		h.t.Errorf("the page does not say %s", says)
	}
}

// reads checks that what is recorded can be read, and that a password lets in.
func (h *house) reads() {
	h.t.Helper()
	v, err := h.app.For(2, "test")
	must(h.t, err)
	for seq := range h.app.Size() {
		_, _, err := v.JournalRecord(h.t.Context(), seq+1)
		must(h.t, err)
	}
	in, err := h.accounts.SignIn(h.t.Context(), app.SignIn{Name: "an.ruoshui", Password: "ten thousand mountains"}, app.From{Source: "192.0.2.1"})
	must(h.t, err)
	if _, err := h.accounts.Session(h.t.Context(), app.From{Source: "192.0.2.1", Session: in.ID}); err != nil {
		h.t.Errorf("who has just signed in: %v", err)
	}
	if w := get(h.served(newMetrics(h.installation)), "/log/checkpoint"); w.Code != http.StatusOK {
		h.t.Error("the checkpoint cannot be read")
	}
}

func TestWhereverTheClockGoesTheRecordGoesOn(t *testing.T) {
	for name, moved := range map[string]time.Duration{
		"frozen": 0, "a second back": -time.Second, "ten minutes on": 10 * time.Minute, "a day on": aDay, "a year on": aYear,
	} {
		t.Run(name, func(t *testing.T) {
			h, clock := clocked(t)
			_, err := h.tries("办公室", "")
			must(t, err)
			clock.move(time.Second)
			before := h.sealed().log.Last()
			_, err = h.tries("宣传部", "")
			must(t, err)
			clock.move(moved)
			done, err := h.tries("统战部", "once")
			must(t, err)
			if got := h.app.Today() - done.Record.On; got != 0 || done.Record.Lateness(h.app.Zone()) != 0 {
				t.Errorf("%d days off, %d late", got, done.Record.Lateness(h.app.Zone()))
			}
			h.reads()
			if _, err := h.sealedAt(clock.now()); errors.Is(err, seal.ErrClock) != (moved <= 0) {
				t.Errorf("signed: %v", err)
			}
			clock.move(max(0, -moved) + time.Second)
			signed, err := h.sealedAt(clock.now())
			must(t, err)
			if signed.Size != h.app.Size() || !signed.At.After(before.At) {
				t.Errorf("%d leaves of %d, signed at %s after %s", signed.Size, h.app.Size(), signed.At, before.At)
			}
			again, err := h.tries("统战部", "once")
			if h.app.Today() != done.Record.On { // the same words on another day are another request
				if !errors.Is(err, fault.Reused) {
					t.Error(err)
				}
			} else if err != nil || again.Record.Seq != done.Record.Seq {
				t.Errorf("the key gave another answer: %v", err)
			}
			must(t, backwards(h.records()))
			if w := get(h.served(newMetrics(h.installation)), "/readyz"); w.Code != http.StatusOK {
				t.Error(w.Body)
			}
		})
	}
}

// sealedAt seals what is recorded and signs it.
func (h *house) sealedAt(now time.Time) (seal.Signed, error) {
	h.t.Helper()
	var leaves [][]byte
	for _, r := range h.records()[h.log.Size():] {
		leaves = append(leaves, r.Leaf())
	}
	_, err := h.log.Append(h.t.Context(), leaves)
	must(h.t, err)
	return h.log.Publish(h.t.Context(), now)
}

func TestBehindTheLastRecordNothingIsRecordedUntilTheClockIsThereAgain(t *testing.T) {
	for name, c := range map[string]struct {
		back    time.Duration
		restart bool
	}{
		"three seconds": {3 * time.Second, false}, "a day": {aDay, false}, "a year": {aYear, false}, "a year, and a restart": {aYear, true},
	} {
		t.Run(name, func(t *testing.T) {
			h, clock := clocked(t)
			first, err := h.tries("宣传部", "first")
			must(t, err)
			n, signed := h.app.Size(), string(h.log.Last().Note)
			clock.move(-c.back)
			if c.restart {
				h.ended()
				h = opened(t, h.dir, clock.now)
			}
			act := h.founding("统战部")
			v, err := h.app.For(2, "test")
			must(t, err)
			_, err = v.Act(t.Context(), act, "second")
			h.stopped(err, "stop.clock", "早于最后一条记录的时间2026-11-23 16:00:01")
			h.reads()
			if again, err := v.Act(t.Context(), h.foundingOn(first.Record), "first"); err != nil || again.Record.Seq != first.Record.Seq {
				t.Errorf("what was recorded before is not answered again: %v", err)
			}
			if _, err := h.sealedAt(clock.now()); !errors.Is(err, seal.ErrClock) || string(h.log.Last().Note) != signed {
				t.Errorf("signed: %v", err)
			}
			if h.app.Size() != n || len(h.records()) != int(n) {
				t.Error("something was written")
			}
			clock.move(c.back + time.Second)
			if _, err := v.Act(t.Context(), act, "second"); err != nil {
				t.Errorf("the clock is there again: %v", err)
			}
			if s, err := h.sealedAt(clock.now()); err != nil || s.Size != n+1 {
				t.Errorf("%d leaves are signed: %v", s.Size, err)
			}
			must(t, backwards(h.records()))
			if w := get(h.served(newMetrics(h.installation)), "/readyz"); w.Code != http.StatusOK {
				t.Error(w.Body)
			}
		})
	}
}

// foundingOn is the act that founded r, as it was sent.
func (h *house) foundingOn(r record.Record) matter.Act {
	return matter.Act{Procedure: "organisation", Step: "found", Org: 1, On: r.On, Fields: r.Fields}
}

// Control: what the two tests above would find, if nobody minded the clock.
func TestWhereNobodyMindsTheClockItIsFound(t *testing.T) {
	h, clock := clocked(t)
	_, err := h.tries("宣传部", "")
	must(t, err)
	forged := h.records()[h.app.Size()-1]
	forged.Seq, forged.Time = forged.Seq+1, forged.Time.Add(-aDay)
	if backwards(append(h.records(), forged)) == nil {
		t.Error("a record that went back a day is not found")
	}
	if h.store.Append(t.Context(), h.app.Size(), record.Batch{Records: []record.Record{forged}}) == nil {
		t.Error("past the writer nothing stands in the way")
	}
	key, err := noteKey(h.dir)
	must(t, err)
	forgetful, err := seal.NewSigner(key, seal.Signed{})
	must(t, err)
	last := h.log.Last()
	proof, err := seal.ProveConsistency(h.log.Dir(), last.Size, last.Root, 0)
	must(t, err)
	if _, err := forgetful.Sign(last.Size, last.Root, proof, clock.now().Add(-aDay)); err != nil {
		t.Errorf("a signer that remembers nothing signs at any time, or the other test says nothing: %v", err)
	}
}

// following runs the follower that seals until done, and reports how it ended.
func (h *house) following(done func() bool) {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- h.app.FollowSeal(ctx, h.log, h.now) }()
	for !done() {
		select {
		case err := <-ended:
			h.t.Fatal("the follower ended: ", err)
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	must(h.t, <-ended)
}

func TestWhatCannotBeSignedForTheClockIsNotRecorded(t *testing.T) {
	clock := newHands()
	h := opened(t, filepath.Join(t.TempDir(), "data"), clock.now) // its log is begun by a clock that is a year ahead
	clock.move(-aYear)
	h.setUp()
	if h.signing(clock.now()) {
		t.Error("signed in the future is not signed")
	}
	n := h.app.Size()
	told := false
	h.following(func() bool {
		if !told && h.app.Sick() != nil {
			_, err := h.tries("宣传部", "")
			h.stopped(err, "stop.clock_signed", "早于总账最后一次签名的时间2026-11-23 16:00:00")
			clock.move(aYear + time.Second)
			told = true
		}
		return h.log.Last().Size > 0 && h.app.Sick() == nil
	})
	if !told || h.app.Size() != n || h.log.Last().Size != n {
		t.Errorf("%d of %d records are signed, told: %v", h.log.Last().Size, h.app.Size(), told)
	}
	if _, err := h.tries("宣传部", ""); err != nil {
		t.Errorf("the clock is there again: %v", err)
	}
}

func TestTomorrowIsNotYetWhateverTheClockIsBehind(t *testing.T) {
	h, clock := clocked(t)
	today := h.app.Today()
	for moved, refused := range map[time.Duration][2]bool{0: {false, true}, -aDay: {true, true}, aDay: {false, false}} {
		dir := h.copied()
		clock.move(moved)
		got := opened(t, dir, clock.now)
		for i, want := range refused {
			act := got.founding(fmt.Sprintf("第%d支部", i))
			act.On = today.AddDays(i)
			v, err := got.app.For(2, "test")
			must(t, err)
			refusal, err := v.Try(t.Context(), act)
			must(t, err)
			if (refusal != nil && refusal.Why == "refuse.future") != want {
				t.Errorf("moved by %v, %s: %v", moved, act.On, refusal)
			}
			if r, err := v.Act(t.Context(), act, ""); (err == nil) == want {
				t.Errorf("moved by %v, %s: %v", moved, act.On, err)
			} else if err == nil && r.Record.Lateness(got.app.Zone()) != int(got.app.Today()-act.On) {
				t.Errorf("moved by %v, %s: %d days late", moved, act.On, r.Record.Lateness(got.app.Zone()))
			}
		}
		clock.move(-moved)
	}
}
