package witness

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/seal"
)

// serve starts a witness and makes a client for it, with a memory of its own.
func serve(t *testing.T, w *small, handler http.Handler) (*Client, *memStore) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	store := &memStore{}
	c, err := New(Config{URL: server.URL + "/w/", Key: w.key.Public().Timed(), Trust: w.trust, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return c, store
}

func newSmall(t *testing.T, l *memLog) *small {
	t.Helper()
	return &small{key: key(t, "witness.example", 'w'), trust: l.trust()}
}

func TestAWitnessCosignsAGrowingLog(t *testing.T) {
	l := newLog(t, 3, "entry")
	w := newSmall(t, l)
	c, _ := serve(t, w, w)
	for _, size := range []int64{3, 3, 4, 256, 300, 1000} {
		l.grow(t, size)
		cp := l.checkpoint(t)
		lines, err := c.Submit(context.Background(), l, cp)
		if err != nil {
			t.Fatalf("at %d: %v", size, err)
		}
		trust := seal.Trust{Log: w.trust.Log, Witnesses: []seal.Cosigner{w.key.Public().Timed()}}
		s, err := trust.AddCosignatures(cp, lines)
		if err != nil || len(s.Cosignatures) != 1 || !s.Cosignatures[0].At.Equal(noon.Add(time.Minute)) {
			t.Errorf("at %d: %+v, %v", size, s, err)
		}
		if last, err := c.Last(context.Background()); err != nil || last.Size != size || len(last.Cosignatures) != 1 {
			t.Errorf("at %d we remember %+v, %v", size, last, err)
		}
	}
	if w.asked != 6 {
		t.Errorf("it took %d requests", w.asked)
	}
}

func TestALostMemoryIsFollowedByTheSizeTheWitnessNames(t *testing.T) {
	l := newLog(t, 300, "entry")
	w := newSmall(t, l)
	c, store := serve(t, w, w)
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); err != nil {
		t.Fatal(err)
	}
	store.kept = nil
	l.grow(t, 500)
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); err != nil || w.asked != 3 {
		t.Errorf("after %d requests: %v", w.asked, err)
	}
}

func TestEveryRefusalHasItsMeaning(t *testing.T) {
	l := newLog(t, 300, "entry")
	for name, c := range map[string]struct {
		local *memLog
		store bool // whether what was seen is remembered
		want  error
	}{
		"shorter, remembered":         {newLog(t, 200, "entry"), true, ErrAhead},
		"shorter, forgotten":          {newLog(t, 200, "entry"), false, ErrAhead},
		"another past, same size":     {newLog(t, 300, "forged"), true, ErrInconsistent},
		"another past, forgotten":     {newLog(t, 300, "forged"), false, ErrInconsistent},
		"another past, larger":        {newLog(t, 400, "forged"), true, ErrInconsistent},
		"another past, larger, fresh": {newLog(t, 400, "forged"), false, ErrInconsistent},
	} {
		w := newSmall(t, l)
		client, store := serve(t, w, w)
		if _, err := client.Submit(context.Background(), l, l.checkpoint(t)); err != nil {
			t.Fatal(err)
		}
		before := store.kept[client.Name()]
		if !c.store {
			store.kept, before = nil, nil
		}
		if _, err := client.Submit(context.Background(), c.local, c.local.checkpoint(t)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if w.latest.Size != 300 || w.latest.Root != l.tree.Root() || !bytes.Equal(store.kept[client.Name()], before) {
			t.Errorf("%s: something was kept", name)
		}
	}
	stranger := newSmall(t, l)
	stranger.trust = seal.Trust{Log: []seal.PublicKey{key(t, "example.org/other", 'o').Public()}}
	c, _ := serve(t, newSmall(t, l), stranger)
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); !errors.Is(err, ErrUnknownLog) {
		t.Errorf("unknown log: %v", err)
	}
	stranger.trust = seal.Trust{Log: []seal.PublicKey{key(t, origin, 'o').Public()}}
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); !errors.Is(err, ErrKeyRefused) {
		t.Errorf("unknown key: %v", err)
	}
}

func TestAnswersThatMeanNothingAreUnavailable(t *testing.T) {
	l := newLog(t, 30, "entry")
	other := newLog(t, 31, "entry")
	w := newSmall(t, l)
	foreign := newSmall(t, l)
	foreign.key = key(t, "witness.example", 'x')
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", kind)
			rw.WriteHeader(status)
			_, _ = rw.Write([]byte(body))
		}
	}
	elsewhere := httptest.NewServer(w) // a witness that would cosign
	t.Cleanup(elsewhere.Close)
	swapped := string(mustSubmit(t, newSmall(t, other), other))
	for name, handler := range map[string]http.Handler{
		"empty":                  answer(200, "", ""),
		"garbage":                answer(200, "", "hello\n"),
		"another key's":          foreign,
		"over another tree":      answer(200, "", swapped),
		"endless":                answer(200, "", strings.Repeat("— w AAAAAAAA\n", 10_000)),
		"server error":           answer(500, "", ""),
		"too many requests":      answer(429, "", ""),
		"redirect":               http.RedirectHandler(elsewhere.URL+"/w/add-checkpoint", http.StatusTemporaryRedirect),
		"conflict, no number":    answer(409, sizeType, "many\n"),
		"conflict, odd number":   answer(409, sizeType, "007\n"),
		"conflict, negative":     answer(409, sizeType, "-5\n"),
		"conflict, huge number":  answer(409, sizeType, "9223372036854775807\n"),
		"conflict, always lower": &falling{from: 20},
	} {
		c, store := serve(t, w, handler)
		if lines, err := c.Submit(context.Background(), l, l.checkpoint(t)); !errors.Is(err, ErrUnavailable) || store.kept != nil {
			t.Errorf("%s: %q, %v", name, lines, err)
		}
	}
	c, _ := serve(t, w, answer(409, "text/plain", "10\n"))
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); !errors.Is(err, ErrInconsistent) {
		t.Errorf("a conflict without size: %v", err)
	}
}

func mustSubmit(t *testing.T, w *small, l *memLog) []byte {
	t.Helper()
	c, _ := serve(t, w, w)
	lines, err := c.Submit(context.Background(), l, l.checkpoint(t))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// falling names a lower size every time.
type falling struct{ from int }

func (f *falling) ServeHTTP(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", sizeType)
	rw.WriteHeader(http.StatusConflict)
	_, _ = rw.Write([]byte{byte('0' + f.from/10), byte('0' + f.from%10), '\n'})
	f.from--
}

func TestAWitnessThatDoesNotAnswerEndsWithItsTime(t *testing.T) {
	l := newLog(t, 3, "entry")
	w := newSmall(t, l)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(release)
	c, err := New(Config{URL: server.URL, Key: w.key.Public().Timed(), Trust: w.trust, Store: &memStore{}, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestOnlyTheWitnesssOwnLineIsPassedOn(t *testing.T) {
	l := newLog(t, 30, "entry")
	w, stranger := newSmall(t, l), newSmall(t, l)
	stranger.key = key(t, "stranger.example", 's')
	extra := mustSubmit(t, stranger, l)
	c, _ := serve(t, w, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = rw.Write(extra)
		w.ServeHTTP(rw, r)
	}))
	lines, err := c.Submit(context.Background(), l, l.checkpoint(t))
	if err != nil || !strings.HasPrefix(string(lines), "— witness.example ") || strings.Count(string(lines), "\n") != 1 {
		t.Errorf("%q, %v", lines, err)
	}
}

func TestTheLocalLogIsHeldAgainstWhatAWitnessSaw(t *testing.T) {
	l := newLog(t, 300, "entry")
	w := newSmall(t, l)
	c, store := serve(t, w, w)
	if got, err := c.Compare(context.Background(), l.checkpoint(t).Checkpoint, l); err != nil || got.Verdict != seal.Consistent || got.Seen != 0 {
		t.Errorf("before anything was seen: %+v, %v", got, err)
	}
	if _, err := c.Submit(context.Background(), l, l.checkpoint(t)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		local      *memLog
		comparison seal.Comparison
	}{
		"itself":      {l, seal.Comparison{Verdict: seal.Consistent, Local: 300, Seen: 300}},
		"grown":       {newLog(t, 400, "entry"), seal.Comparison{Verdict: seal.Consistent, Local: 400, Seen: 300}},
		"put back":    {newLog(t, 120, "entry"), seal.Comparison{Verdict: seal.Shorter, Local: 120, Seen: 300, MissingFrom: 120, MissingTo: 300}},
		"another one": {newLog(t, 300, "forged"), seal.Comparison{Verdict: seal.Inconsistent, Local: 300, Seen: 300}},
		"begun anew":  {newLog(t, 0, "entry"), seal.Comparison{Verdict: seal.Shorter, Seen: 300, MissingTo: 300}},
	} {
		got, err := c.Compare(context.Background(), want.local.checkpoint(t).Checkpoint, want.local)
		if err != nil || got != want.comparison {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	bare := l.checkpoint(t).Note
	for name, kept := range map[string][]byte{"without the witness's line": bare, "garbage": []byte("x")} {
		store.kept[c.Name()] = kept
		if got, err := c.Compare(context.Background(), l.checkpoint(t).Checkpoint, l); err == nil {
			t.Errorf("a memory %s gives %+v", name, got)
		}
	}
}

func TestSeveralWitnessesAreAskedAtOnce(t *testing.T) {
	l := newLog(t, 30, "entry")
	one, two := newSmall(t, l), newSmall(t, l)
	two.key = key(t, "second.example", '2')
	c1, _ := serve(t, one, one)
	c2, _ := serve(t, two, two)
	down, _ := serve(t, one, http.NotFoundHandler())
	cp := l.checkpoint(t)
	lines, results := Collect(context.Background(), []*Client{c1, down, c2}, l, cp)
	trust := l.trust()
	trust.Witnesses = []seal.Cosigner{one.key.Public().Timed(), two.key.Public().Timed()}
	s, err := trust.AddCosignatures(cp, lines)
	if err != nil || len(s.Cosignatures) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if results[0].Err != nil || !errors.Is(results[1].Err, ErrUnknownLog) || results[2].Err != nil || results[2].Witness != "second.example" {
		t.Errorf("%+v", results)
	}
}

func TestAWitnessNeedsAUsableAddress(t *testing.T) {
	for _, u := range []string{"", "witness.example", "ftp://witness.example", "https://", "https://witness.example/?q", "https://witness.example/#f", "://"} {
		if _, err := New(Config{URL: u}); !errors.Is(err, seal.ErrMalformed) {
			t.Errorf("%q: %v", u, err)
		}
	}
}
