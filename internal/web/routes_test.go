package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestARouteWithoutARightDoesNotStart(t *testing.T) {
	do := (&Server{}).help
	for why, r := range map[string]Route{
		"no right":                {Pattern: "GET /x", Do: do},
		"nothing to do":           {Pattern: "GET /x", Needs: Public},
		"no action":               {Pattern: "GET /x", Needs: InOrg, Do: do},
		"an action without place": {Pattern: "GET /x", Needs: SignedIn, Action: "org.read", Do: do},
		"a right that is none":    {Pattern: "GET /x", Needs: "everybody", Do: do},
		"a matter without one":    {Pattern: "GET /x", Needs: OfMatter, Do: do},
		"a person without one":    {Pattern: "GET /x", Needs: OfPerson, Action: "person.read", Do: do},
	} {
		if r.check() == nil {
			t.Errorf("%s: starts", why)
		}
	}
	for _, r := range (&Server{}).routes() {
		if err := r.check(); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	h := newHouse(t)
	h.publish()
	foreign := func() answer {
		r := httptest.NewRequest(http.MethodPost, "http://qingfeng.test/signin", nil)
		r.Header.Set("Origin", "https://evil.example")
		w := httptest.NewRecorder()
		h.door.ServeHTTP(w, r)
		return answer{t, w.Code, w.Result().Header, w.Body.String()}
	}
	nobody := &browser{h: h}
	for status, a := range map[int]answer{
		200: h.secretary.get("/todo"), 303: nobody.get("/todo"), 404: h.member.get("/nowhere"), 403: foreign(), 401: nobody.post("/acting", nil),
		422: nobody.post("/signin", nil), 413: nobody.post("/signin", url.Values{"account": {strings.Repeat("x", 2<<20)}}),
	} {
		if a.status != status {
			t.Errorf("status %d, want %d", a.status, status)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%d: %s: %q, want %q", status, name, got, want)
			}
		}
		policy := a.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self' 'nonce-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%d: policy lacks %s: %s", status, want, policy)
			}
		}
		for _, hole := range []string{"unsafe-inline", "unsafe-eval", "NONCE", "*"} {
			if strings.Contains(policy, hole) {
				t.Errorf("%d: policy has %s: %s", status, hole, policy)
			}
		}
	}
	if first, second := h.secretary.get("/todo"), h.secretary.get("/todo"); first.header.Get("Content-Security-Policy") == second.header.Get("Content-Security-Policy") {
		t.Error("two answers have the same nonce")
	}
}
