package web

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// member signs the member of the house in, from a browser of its own.
func (h *house) memberAt(base string) *client {
	h.t.Helper()
	c := h.client(base)
	c.post("/signin", "account", "bai.ruochuan", "password", "the wind is clear today").leadsTo("/")
	return c
}

func TestAPasswordIsChanged(t *testing.T) {
	h := newHouse(t)
	base := h.serve()
	here, there := h.memberAt(base), h.memberAt(base)
	const old, chosen = "the wind is clear today", "the wind was clear yesterday"
	change := func(was, password, again string) answer {
		return here.post("/settings/password", "old", was, "password", password, "again", again)
	}
	change("wrong", chosen, chosen).says(422, "That is wrong")
	change(old, chosen, "another").says(422, "The two passwords differ")
	change(old, "bai.ruochuan12", "bai.ruochuan12").says(422, "little more than")
	change(old, old, old).says(422, "The new password is the present one")
	there.get("/settings").says(200)
	change(old, chosen, chosen).leadsTo("/settings")
	here.get("/settings").says(200)
	there.get("/settings").leadsTo("/signin?back=%2Fsettings")
	there.post("/signin", "account", "bai.ruochuan", "password", old).says(422)
	there.post("/signin", "account", "bai.ruochuan", "password", chosen).leadsTo("/")
}

func TestASecondFactorIsSetUpAndUsed(t *testing.T) {
	h := newHouse(t)
	base := h.serve()
	c := h.memberAt(base)
	factor, spare := c.secondFactor()
	h.clock.forward(time.Minute)
	another := h.client(base)
	sign := func(code string) answer {
		return another.post("/signin", "account", "bai.ruochuan", "password", "the wind is clear today", "code", code)
	}
	sign("").says(422)
	sign(spare).leadsTo("/")
	another.post("/signout")
	sign(spare).says(422)
	sign(h.factorCode(factor)).leadsTo("/")

	h.clock.forward(time.Minute)
	c.get("/settings").says(200, `name="old_code"`)
	c.post("/settings/password", "old", "the wind is clear today", "password", "the wind was clear yesterday", "again", "the wind was clear yesterday").says(422, "That is wrong")
	c.post("/settings/password", "old", "the wind is clear today", "old_code", h.factorCode(factor), "password", "the wind was clear yesterday", "again", "the wind was clear yesterday").leadsTo("/settings")
	fresh := c.post("/settings/second/spare").says(200).shown(`<li><code>([^<]+)</code>`)
	if fresh == spare {
		t.Error("the spare codes are the old ones")
	}
}

func TestSessionsAreEnded(t *testing.T) {
	h := newHouse(t)
	base := h.serve()
	here, there, elsewhere := h.memberAt(base), h.memberAt(base), h.memberAt(base)
	id := here.get("/settings").says(200).shown(`name="end" value="([0-9a-f]{64})"`)
	here.post("/settings/sessions", "end", id).leadsTo("/settings")
	if open := there.get("/settings").status + elsewhere.get("/settings").status; open != 200+303 {
		t.Errorf("not one of the two others was ended: %d", open)
	}
	here.post("/settings/sessions", "end", "others").leadsTo("/settings")
	there.get("/settings").leadsTo("/signin?back=%2Fsettings")
	elsewhere.get("/settings").leadsTo("/signin?back=%2Fsettings")

	stranger := h.client(base)
	stranger.post("/signin", "account", "feng.linchuan", "password", "the wind is clear today").leadsTo("/")
	theirs := h.memberAt(base).get("/settings").shown(`name="end" value="([0-9a-f]{64})"`)
	stranger.post("/settings/sessions", "end", theirs).says(404)
	stranger.post("/settings/sessions", "end", "zz").says(404)
	here.get("/settings").says(200)

	here.post("/settings/sessions", "end", "all").leadsTo("/signin")
	here.get("/settings").leadsTo("/signin?back=%2Fsettings")
	stranger.get("/settings").says(200)
}

func TestTokensForProgramsAreMadeAndEnded(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	c.post("/signin", "account", "song.yanqiu", "password", "the wind is clear today").leadsTo("/")
	make := func(title, scope, days string) answer {
		return c.post("/settings/tokens", "title", title, "scope", scope, "days", days)
	}
	make("", "read", "30").says(422, "“Name” is missing")
	make("年报", "everything", "30").says(422, "good for something", `value="年报"`)
	make("年报", "read", "9999").says(422, "366 days at most")
	make("年报", "read", "soon").says(422, "366 days at most")
	token := make("年报", "read", "30").says(200, "shown only now").shown(`<code>(qf_[A-Za-z0-9_-]+)</code>`)
	page := c.get("/settings").says(200, "年报").lacks(token)
	if _, err := h.accounts.Bearer(t.Context(), token, "192.0.2.9"); err != nil {
		t.Errorf("the token does not hold: %v", err)
	}
	id := page.shown(`(?s)/settings/tokens/end.*?name="end" value="([0-9a-f]{64})"`)
	c.post("/settings/tokens/end", "end", id).leadsTo("/settings")
	if _, err := h.accounts.Bearer(t.Context(), token, "192.0.2.9"); err == nil {
		t.Error("the token holds still")
	}
	h.memberAt(c.base).get("/settings").says(200).lacks("/settings/tokens")
}

func TestWhatIsPrivilegedIsProvedOnceMore(t *testing.T) {
	h := newHouse(t)
	c := h.client(h.serve())
	c.post("/signin", "account", "song.yanqiu", "password", "the wind is clear today").leadsTo("/")
	h.clock.forward(20 * time.Minute)
	where := c.post("/settings/tokens", "title", "年报", "scope", "read", "days", "30").leads()
	if u := must(url.Parse(where)); u.Path != "/signin/again" || u.Query().Get("back") != "/settings" {
		t.Fatalf("leads to %s", where)
	}
	c.get(where).says(200, "Prove once more", `name="next" value="/settings"`)
	c.post("/signin/again", "password", "wrong", "next", "/settings").says(422, "Password or code is wrong", `value="/settings"`)
	c.post("/signin/again", "password", "the wind is clear today", "next", "/settings").leadsTo("/settings")
	c.post("/settings/tokens", "title", "年报", "scope", "read", "days", "30").says(200, "qf_")
	if strings.Contains(c.get("/settings").body, "qf_") {
		t.Error("the token is shown twice")
	}
}
