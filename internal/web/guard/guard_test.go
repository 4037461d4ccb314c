package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A door is a protected mux with everything it wrote down.
type door struct {
	http.Handler
	log     *bytes.Buffer
	reached int // requests that a handler saw
}

func newDoor(change func(*Options, *http.ServeMux)) *door {
	d := &door{log: &bytes.Buffer{}}
	o := Options{
		Now: func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }, Random: &counter{},
		Log:  slog.New(slog.NewJSONHandler(d.log, nil)),
		Body: func(r *http.Request) int64 { return 10 },
		Refuse: func(w http.ResponseWriter, r *http.Request, why error) {
			w.WriteHeader(Status(why))
			fmt.Fprint(w, why)
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/person/{id}", func(w http.ResponseWriter, r *http.Request) {
		d.reached++
		SetPerson(r.Context(), 34)
		if _, err := io.ReadAll(r.Body); IsTooLarge(err) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		fmt.Fprint(w, Nonce(r.Context()), " ", Source(r.Context()), " ", RequestID(r.Context()))
	})
	mux.HandleFunc("/crash", func(http.ResponseWriter, *http.Request) { panic("the reason") })
	mux.HandleFunc("/crash/late", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "half"); panic("late") })
	mux.HandleFunc("/missing", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusSeeOther) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) { Quarantine(w.Header(), "记录\"\r\n.pdf") })
	if change != nil {
		change(&o, mux)
	}
	d.Handler = Protect(mux, o)
	return d
}

func (d *door) ask(method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "https://city.example"+path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var required = map[string]string{
	"Content-Security-Policy": `^default-src 'none'; script-src 'self' 'nonce-[A-Za-z0-9+/]{22}'; style-src 'self'; img-src 'self' data:; ` +
		`connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'$`,
	"X-Content-Type-Options":       `^nosniff$`,
	"X-Frame-Options":              `^DENY$`,
	"Referrer-Policy":              `^same-origin$`,
	"Cross-Origin-Opener-Policy":   `^same-origin$`,
	"Cross-Origin-Resource-Policy": `^same-origin$`,
	"Permissions-Policy":           `camera=\(\).*microphone=\(\)`,
	"Cache-Control":                `^no-store$`,
	"X-Request-Id":                 `^[0-9a-f]{16}$`,
	"Server":                       `^$`,
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	for _, secure := range []bool{true, false} {
		d := newDoor(func(o *Options, _ *http.ServeMux) { o.Secure = secure })
		for _, c := range []struct {
			method, path, body string
			header             []string
			status             int
		}{
			{"GET", "/person/1", "", nil, 200},
			{"GET", "/away", "", nil, 303},
			{"GET", "/missing", "", nil, 404},
			{"GET", "/no/such/route", "", nil, 404},
			{"POST", "/person/1", "much too long", nil, 413},
			{"POST", "/person/1", "x", []string{"Sec-Fetch-Site", "cross-site"}, 403},
			{"GET", "/crash", "", nil, 500},
		} {
			r := d.ask(c.method, c.path, c.body, c.header...)
			if r.StatusCode != c.status {
				t.Errorf("%s %s: %d, want %d", c.method, c.path, r.StatusCode, c.status)
			}
			for name, want := range required {
				if got := r.Header.Get(name); !regexp.MustCompile(want).MatchString(got) {
					t.Errorf("%s %s: %s: %q", c.method, c.path, name, got)
				}
			}
			if got := r.Header.Get("Strict-Transport-Security") != ""; got != secure {
				t.Errorf("%s: HSTS %v where TLS is %v", c.path, got, secure)
			}
		}
	}
}

func TestNoAnswerHasTheNonceOfAnother(t *testing.T) {
	d, seen := newDoor(nil), map[string]bool{}
	for range 100 {
		r := d.ask("GET", "/person/1", "")
		nonce, rest, _ := strings.Cut(text(t, r), " ")
		if !strings.Contains(r.Header.Get("Content-Security-Policy"), "'nonce-"+nonce+"'") || seen[nonce] {
			t.Fatalf("nonce %q, seen before: %v", nonce, seen[nonce])
		}
		if !strings.HasSuffix(rest, r.Header.Get("X-Request-Id")) {
			t.Fatal("the handler has another id than the answer")
		}
		seen[nonce] = true
	}
}

func TestWithoutRandomnessNothingIsServed(t *testing.T) {
	d := newDoor(func(o *Options, _ *http.ServeMux) { o.Random = strings.NewReader("short") })
	if r := d.ask("GET", "/person/1", ""); r.StatusCode != 503 || d.reached != 0 {
		t.Error(r.StatusCode, d.reached)
	}
}

func TestForeignPagesHaveNoEffect(t *testing.T) {
	cookie := []string{"Cookie", sessionSecure + "=x"}
	for _, c := range []struct {
		name, method string
		header       []string
		pass         bool
	}{
		{"our own form", "POST", []string{"Sec-Fetch-Site", "same-origin"}, true},
		{"our own form, old browser", "POST", []string{"Origin", "https://city.example"}, true},
		{"typed in", "GET", nil, true},
		{"a link elsewhere", "GET", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"a form elsewhere", "POST", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"a neighbouring host", "POST", []string{"Sec-Fetch-Site", "same-site"}, false},
		{"another origin, old browser", "POST", []string{"Origin", "https://evil.example"}, false},
		{"no origin at all", "POST", []string{"Origin", "null"}, false},
		{"delete elsewhere", "DELETE", []string{"Origin", "https://evil.example"}, false},
		{"an unknown method elsewhere", "BREW", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"a program without cookie", "POST", nil, true},
		{"a cookie that does not say where it comes from", "POST", cookie, false},
		{"a cookie and our own form", "POST", append([]string{"Sec-Fetch-Site", "same-origin"}, cookie...), true},
		{"a method hidden in a header", "GET", append([]string{"X-HTTP-Method-Override", "POST"}, cookie...), true},
	} {
		d := newDoor(nil)
		r := d.ask(c.method, "/person/1", "x", c.header...)
		if passed := d.reached == 1; passed != c.pass || !c.pass && r.StatusCode != 403 {
			t.Errorf("%s: reached %v, status %d", c.name, passed, r.StatusCode)
		}
	}
}

func TestBodiesHaveALimitOnEachRoute(t *testing.T) {
	d := newDoor(func(o *Options, _ *http.ServeMux) {
		o.Body = func(r *http.Request) int64 {
			if r.URL.Path == "/person/2" {
				return 20
			}
			return 10
		}
	})
	for _, c := range []struct {
		path   string
		size   int
		length bool // is said beforehand
		status int
	}{{"/person/1", 10, true, 200}, {"/person/1", 11, true, 413}, {"/person/2", 20, true, 200}, {"/person/1", 10, false, 200}, {"/person/1", 11, false, 413}} {
		r := httptest.NewRequest("POST", c.path, strings.NewReader(strings.Repeat("x", c.size)))
		if !c.length {
			r.ContentLength = -1
		}
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%d bytes to %s, length said %v: %d", c.size, c.path, c.length, w.Code)
		}
	}
}

func TestACrashIsOneErrorPageAndOneLine(t *testing.T) {
	d := newDoor(nil)
	r := d.ask("GET", "/crash", "")
	if body := text(t, r); r.StatusCode != 500 || strings.Contains(body, "the reason") {
		t.Error(r.StatusCode, body)
	}
	if !strings.Contains(d.log.String(), "the reason") || !strings.Contains(d.log.String(), r.Header.Get("X-Request-Id")) {
		t.Error("the log does not say what happened to which request")
	}
	if d.ask("GET", "/person/1", "").StatusCode != 200 {
		t.Error("the next request suffers")
	}
}

func TestHalfAPageIsCutOff(t *testing.T) {
	d := newDoor(nil)
	s := httptest.NewServer(d)
	defer s.Close()
	r, err := s.Client().Get(s.URL + "/crash/late")
	if err == nil {
		defer func() { _ = r.Body.Close() }()
		_, err = io.ReadAll(r.Body)
	}
	if err == nil {
		t.Error("half a page passed for a whole one")
	}
}

func TestTheLogHasNoQueryNoPathNoName(t *testing.T) {
	d := newDoor(nil)
	d.ask("POST", "/person/4711?q=canary-query", "canary-bod", "User-Agent", "canary-agent", "Cookie", "x=canary-cookie", "Sec-Fetch-Site", "same-origin")
	d.ask("canary-method", "/no/canary-path", "")
	line := d.log.String()
	for _, canary := range []string{"canary", "4711"} {
		if strings.Contains(line, canary) {
			t.Errorf("%s in %s", canary, line)
		}
	}
	for _, want := range []string{`"route":"/person/{id}"`, `"status":200`, `"person":34`, `"method":"POST"`, `"source":"192.0.2.1"`} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
}

func TestOnlyOurProxiesAreBelieved(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, remote, forwarded, want string
		proxies                       []netip.Prefix
	}{
		{"nobody between", "203.0.113.7:99", "", "203.0.113.7", ours},
		{"a stranger claims to be another", "203.0.113.7:99", "198.51.100.1", "203.0.113.7", ours},
		{"our proxy", "10.1.2.3:99", "198.51.100.1", "198.51.100.1", ours},
		{"our proxy, and a claim before it", "10.1.2.3:99", "1.1.1.1, 198.51.100.1", "198.51.100.1", ours},
		{"two proxies of ours", "10.1.2.3:99", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1", ours},
		{"rubbish", "10.1.2.3:99", "198.51.100.1, rubbish", "10.1.2.3", ours},
		{"no proxy of ours", "10.1.2.3:99", "198.51.100.1", "10.1.2.3", nil},
		{"six", "[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::/64", nil},
		{"four in six", "[::ffff:203.0.113.7]:99", "", "203.0.113.7", nil},
		{"a socket", "@", "", "", nil},
	} {
		d := newDoor(func(o *Options, _ *http.ServeMux) { o.Proxies = c.proxies })
		r := httptest.NewRequest("GET", "/person/1", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if got := strings.Split(w.Body.String(), " ")[1]; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCookies(t *testing.T) {
	for _, c := range []struct {
		secure bool
		want   []string
	}{
		{true, []string{
			"__Host-qingfeng=s; Path=/; HttpOnly; Secure; SameSite=Strict",
			"__Host-qingfeng-browser=d; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Strict",
			"__Host-qingfeng=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict",
		}},
		{false, []string{
			"qingfeng-plain=s; Path=/; HttpOnly; SameSite=Strict",
			"qingfeng-browser-plain=d; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict",
			"qingfeng-plain=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
		}},
	} {
		j, w := Jar{Secure: c.secure}, httptest.NewRecorder()
		j.SetSession(w, "s")
		j.SetDevice(w, "d", time.Hour)
		j.EndSession(w)
		if got := w.Header()["Set-Cookie"]; fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("secure %v:\n got %q\nwant %q", c.secure, got, c.want)
		}
		r := httptest.NewRequest("GET", "/", nil)
		for _, line := range w.Header()["Set-Cookie"][:2] {
			r.Header.Add("Cookie", strings.SplitN(line, ";", 2)[0])
		}
		if j.Session(r) != "s" || j.Device(r) != "d" || (Jar{Secure: !c.secure}).Session(r) != "" {
			t.Error("a cookie is read under its own name only")
		}
		r.Header.Add("Cookie", j.session()+"=planted")
		if j.Session(r) != "" {
			t.Error("of two cookies neither counts")
		}
	}
}

func TestUploadsAreServedSoThatNothingRuns(t *testing.T) {
	h := newDoor(nil).ask("GET", "/file", "").Header
	if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || strings.Contains(h.Get("Content-Security-Policy"), "script") {
		t.Error(h.Get("Content-Security-Policy"))
	}
	if got, want := h.Get("Content-Disposition"), `attachment; filename="_________.pdf"; filename*=UTF-8''%E8%AE%B0%E5%BD%95%22%0D%0A.pdf`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhenItIsCrowdedOthersAreTurnedAwayAtOnce(t *testing.T) {
	inside, goOn := make(chan bool), make(chan bool)
	d := newDoor(func(o *Options, m *http.ServeMux) {
		o.InFlight = 1
		m.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) { inside <- true; <-goOn })
	})
	var wg sync.WaitGroup
	wg.Go(func() { d.ask("GET", "/slow", "") })
	<-inside
	r := d.ask("GET", "/person/1", "")
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Error(r.StatusCode, r.Header)
	}
	goOn <- true
	wg.Wait()
	if r := d.ask("GET", "/person/1", ""); r.StatusCode != 200 {
		t.Error("the place was not given back", r.StatusCode)
	}
}

func TestGate(t *testing.T) {
	g := NewGate(1, time.Millisecond)
	leave, err := g.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Enter(t.Context()); !errors.Is(err, Crowded) {
		t.Error(err)
	}
	leave()
	if _, err := g.Enter(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLongAnswersCanBeFlushed(t *testing.T) {
	d := newDoor(func(_ *Options, m *http.ServeMux) {
		m.HandleFunc("/live", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "now")
			w.(http.Flusher).Flush()
			if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil {
				fmt.Fprint(w, err)
			}
		})
	})
	s := httptest.NewServer(d)
	defer s.Close()
	r, err := s.Client().Get(s.URL + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if got := text(t, r); got != "now" {
		t.Error(got)
	}
}

// counter is randomness that never repeats and is the same in every run.
type counter struct {
	mu sync.Mutex
	n  uint32
}

func (c *counter) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range b {
		c.n++
		b[i] = byte(c.n * 2654435761 >> 24)
	}
	return len(b), nil
}

func TestWhoeverMeasuresIsToldOfEveryRequest(t *testing.T) {
	var seen []string
	d := newDoor(func(o *Options, _ *http.ServeMux) {
		o.Seen = func(route string, status int, _ time.Duration) { seen = append(seen, fmt.Sprint(route, " ", status)) }
	})
	d.ask("GET", "/person/1", "")
	d.ask("GET", "/no/such/route?token=secret", "")
	d.ask("GET", "/crash", "")
	if want := []string{"/person/{id} 200", "- 404", "/crash 500"}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}
