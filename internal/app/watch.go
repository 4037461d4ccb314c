package app

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
	"qingfeng/internal/witness"
)

// A WatchConfig is what a Watch is made of.
type WatchConfig struct {
	App       *App
	Log       *tiles.Log
	Witnesses []WitnessConfig
	Memory    []witness.Store  // what each has cosigned, apart from the log
	Now       func() time.Time // the real time
	Every     time.Duration    // between two checkpoints offered to one witness
	Patience  time.Duration    // after how long without a cosignature the alarm rings
	Timeout   time.Duration    // of one request
}

// A WitnessConfig names one witness.
type WitnessConfig struct {
	Key seal.Cosigner
	URL string
}

// A Watch has witnesses outside cosign the public log, holds the log against what
// they have seen, and knows how long ago that was.
type Watch struct {
	cfg     WatchConfig
	trust   seal.Trust
	clients []*witness.Client

	mu       sync.Mutex // guards what follows
	states   []WitnessState
	began    time.Time // from here the alarm counts where no witness ever signed
	compared time.Time
}

// A WitnessState is what one witness did last.
type WitnessState struct {
	Name    string
	Key     string    // its public key, one line
	Size    int64     // records under the last checkpoint it signed; 0: none yet
	Time    time.Time // when it signed; zero: never
	Trouble string    // why the last attempt failed, as "unavailable"; or ""
	Verdict string    // "shorter" or "inconsistent" where the log contradicts what it saw; "" else
	tries   int       // attempts that failed since the last that did not
}

// NewWatch makes the watch over a log. A witness that is named wrongly is an error.
func NewWatch(ctx context.Context, c WatchConfig) (*Watch, error) {
	w := &Watch{cfg: c, began: c.Now(), trust: seal.Trust{Log: c.Log.Trust().Log}}
	for _, one := range c.Witnesses {
		client, err := witness.New(witness.Config{URL: one.URL, Key: one.Key, Trust: c.Log.Trust(), Store: witness.Memory(c.Memory), Timeout: c.Timeout})
		if err != nil {
			return nil, err
		}
		w.trust.Witnesses = append(w.trust.Witnesses, one.Key)
		w.clients = append(w.clients, client)
		state := WitnessState{Name: one.Key.Name(), Key: one.Key.String()}
		if last, err := client.Last(ctx); err == nil && len(last.Cosignatures) > 0 {
			state.Size, state.Time = last.Size, last.Cosignatures[0].At
		}
		w.states = append(w.states, state)
	}
	return w, nil
}

// Start holds the log against what each witness has seen, as we remember it and, where
// it answers in time, as it says itself. Where a witness has seen more or something else,
// the App takes no records from then on.
func (w *Watch) Start(ctx context.Context) {
	var all sync.WaitGroup
	for i, client := range w.clients {
		all.Go(func() {
			comparison, err := client.Compare(ctx, w.cfg.Log.Last().Checkpoint, w.cfg.Log.Dir())
			switch {
			case err != nil:
				w.failed(i, err)
			case comparison.Verdict != seal.Consistent:
				w.contradicted(i, comparison)
			default:
				w.offer(ctx, i)
			}
		})
	}
	all.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.compared = w.cfg.Now()
}

// Follow offers new checkpoints to every witness until ctx ends. One that does not
// answer is asked again, less and less often.
func (w *Watch) Follow(ctx context.Context) error {
	var all sync.WaitGroup
	for i := range w.clients {
		all.Go(func() {
			for pause(ctx, w.wait(i)) {
				if w.news(i) {
					w.offer(ctx, i)
				}
			}
		})
	}
	all.Wait()
	return nil
}

// mostWait is the longest that a witness which did not answer is left alone.
const mostWait = 10 * time.Minute

func (w *Watch) wait(i int) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return min(w.cfg.Every<<min(w.states[i].tries, 10), max(mostWait, w.cfg.Every))
}

// news reports whether there is something to offer: a larger log, or the same one
// signed so long ago that the alarm would ring.
func (w *Watch) news(i int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.states[i]
	return s.Verdict == "" && (w.cfg.Log.Last().Size != s.Size || w.cfg.Now().Sub(s.Time) > w.cfg.Patience/4)
}

// offer has one witness cosign the newest checkpoint, and keeps what it answers.
func (w *Watch) offer(ctx context.Context, i int) {
	newest := w.cfg.Log.Last()
	lines, err := w.clients[i].Submit(ctx, w.cfg.Log.Dir(), newest)
	var ahead *witness.Ahead
	switch {
	case err == nil:
		err = w.keep(ctx, i, newest, lines)
	case errors.As(err, &ahead):
		w.contradicted(i, seal.Comparison{Verdict: seal.Shorter, Local: newest.Size, Seen: ahead.Seen, MissingFrom: newest.Size, MissingTo: ahead.Seen})
		return
	case errors.Is(err, witness.ErrInconsistent):
		w.contradicted(i, seal.Comparison{Verdict: seal.Inconsistent, Local: newest.Size, Seen: newest.Size})
		return
	}
	if err != nil && ctx.Err() == nil {
		w.failed(i, err)
	}
}

// keep puts a cosigned checkpoint beside the newest.
func (w *Watch) keep(ctx context.Context, i int, checkpoint seal.Signed, lines []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	signed, err := w.trust.AddCosignatures(checkpoint, lines)
	if err != nil {
		return err
	}
	s := &w.states[i]
	s.Size, s.Time, s.Trouble, s.tries = checkpoint.Size, signed.Cosignatures[len(signed.Cosignatures)-1].At, "", 0
	return w.cfg.Log.KeepWitnessed(ctx, w.merged(signed, lines).Note)
}

// merged is what should be kept beside the newest checkpoint: the larger of what is
// kept and what was signed now, or the same one with the lines of both.
func (w *Watch) merged(signed seal.Signed, lines []byte) seal.Signed {
	note, err := w.cfg.Log.Dir().Witnessed()
	if err != nil || note == nil {
		return signed
	}
	kept, err := w.trust.Open(note)
	switch {
	case err != nil || kept.Size < signed.Size:
		return signed
	case kept.Text() != signed.Text():
		return kept
	}
	if both, err := w.trust.AddCosignatures(kept, lines); err == nil {
		return both
	}
	return signed
}

// failed writes down that a witness did not cosign.
func (w *Watch) failed(i int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.states[i]
	s.tries++
	s.Trouble = trouble(err)
	w.cfg.App.log.Warn("a witness did not cosign", "witness", s.Name, "tries", s.tries, "err", err)
}

// trouble is what a page says of a failed attempt.
func trouble(err error) string {
	switch {
	case errors.Is(err, witness.ErrUnknownLog):
		return "unknown_log"
	case errors.Is(err, witness.ErrKeyRefused):
		return "key_refused"
	case errors.Is(err, witness.ErrUnavailable):
		return "unavailable"
	}
	return "failed"
}

// contradicted stops the writing: the log here is not the one that the witness saw.
func (w *Watch) contradicted(i int, c seal.Comparison) {
	w.mu.Lock()
	s := &w.states[i]
	s.Verdict = string(c.Verdict)
	name := s.Name
	w.mu.Unlock()
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	args := map[string]string{"witness": name, "local": number(c.Local), "seen": number(c.Seen)}
	if c.Verdict == seal.Shorter {
		args["from"], args["to"] = number(c.MissingFrom+1), number(c.MissingTo)
		w.cfg.App.StopWriting(&fault.Stop{Why: "stop.shorter", Args: args})
		return
	}
	w.cfg.App.StopWriting(&fault.Stop{Why: "stop.forked", Args: args})
}

// trusted returns whose signatures count: those of the log, and of the witnesses if
// there are any.
func (w *Watch) trusted(log seal.Trust) seal.Trust {
	if w == nil {
		return log
	}
	return w.trust
}

// States returns what every witness did last. A nil Watch has none.
func (w *Watch) States() []WitnessState {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]WitnessState(nil), w.states...)
}

// Newest returns the state of the witness that signed last, if any ever did.
func (w *Watch) Newest() (newest WitnessState, ok bool) {
	for _, s := range w.States() {
		if s.Time.After(newest.Time) {
			newest, ok = s, true
		}
	}
	return newest, ok
}

// Compared returns when the log was held against the witnesses at the start; zero if
// there are none.
func (w *Watch) Compared() time.Time {
	if w == nil || len(w.clients) == 0 {
		return time.Time{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.compared
}

// Silent returns for how long no witness has cosigned, once that is longer than the
// patience set; 0 before, and where there are no witnesses.
func (w *Watch) Silent() time.Duration {
	if w == nil || len(w.clients) == 0 {
		return 0
	}
	since := w.began
	if last, ok := w.Newest(); ok {
		since = last.Time
	}
	if silent := w.cfg.Now().Sub(since); silent > w.cfg.Patience {
		return silent
	}
	return 0
}
