package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// planned announces a theme day for today and returns its matter.
func (h *house) planned() string {
	h.t.Helper()
	plan := url.Values{"on": {"2026-06-18"}, "day": {"2026-06-18"}, "start": {"09:00"}, "place": {"档案室"}, "topic": {"读条例"}, "key": {"p"}}
	path, _, _ := strings.Cut(h.secretary.post(newThemeDay+"&step=plan", plan).leads(), "?")
	return path[len("/matter/"):]
}

var digits = regexp.MustCompile(`<div class="code">(\d{3}) (\d{3})</div>`)

// code reads what is to be typed from the secretary's screen.
func (h *house) code(m string) string {
	h.t.Helper()
	found := digits.FindStringSubmatch(h.secretary.get("/checkin/"+m).says(http.StatusOK, "档案室", "还没签到").body)
	if found == nil {
		h.t.Fatal("no code on the screen")
	}
	return found[1] + found[2]
}

func TestAMemberChecksInByTheCodeOnTheScreen(t *testing.T) {
	h := newHouse(t)
	m := h.planned()
	code := h.code(m)
	h.member.get("/c/"+code).says(http.StatusOK, "你是不是", "白若川", "读条例")
	h.member.post("/c/"+code, url.Values{"key": {"c"}}).says(http.StatusOK, "签到成功", "白若川").lacks("存下回执")
	h.member.post("/c/"+code, url.Values{"key": {"c"}}).says(http.StatusOK, "你已经签过了")
	h.secretary.get("/checkin/"+m).says(http.StatusOK, "白若川", "本人扫码")
	h.secretary.get("/matter/"+m+"/hold").says(http.StatusOK, "到会1人", "本人扫码")
}

func TestACodeOfSomeTimeAgoIsWorthNothing(t *testing.T) {
	h := newHouse(t)
	code := h.code(h.planned())
	h.clock.forward(5 * time.Minute)
	h.member.post("/c/"+code, nil).says(http.StatusUnprocessableEntity, "这个码过期了")
}

func TestWhoIsNotSignedInIsLedToIt(t *testing.T) {
	h := newHouse(t)
	code := h.code(h.planned())
	nobody := &browser{h: h}
	nobody.get("/c/"+code).says(http.StatusUnauthorized, "先登录再签到")
	nobody.post("/c/"+code, nil).says(http.StatusUnauthorized, "先登录再签到")
	nobody.get("/c").says(http.StatusOK, "签到码")
}

func TestOnlyWhoRecordsTheMeetingHasTheScreen(t *testing.T) {
	h := newHouse(t)
	m := h.planned()
	h.member.get("/checkin/" + m).says(http.StatusForbidden)
	h.member.post("/checkin/"+m, url.Values{"person": {h.member.person.String()}, "means": {"proxy"}}).says(http.StatusForbidden)
	h.stranger.get("/checkin/" + m).says(http.StatusNotFound)
	code := h.code(m)
	h.stranger.post("/c/"+m+"."+code, nil).says(http.StatusNotFound, "没有这个码")
}

func TestTheSecretaryPutsDownWhoHasNoPhone(t *testing.T) {
	h := newHouse(t)
	m := h.planned()
	who := h.member.person.String()
	h.secretary.post("/checkin/"+m, url.Values{"person": {who}, "means": {"proxy"}, "key": {"x"}}).leads()
	h.secretary.get("/checkin/"+m).says(http.StatusOK, "代为扫码")
	h.secretary.get("/matter/"+m+"/hold").says(http.StatusOK, `name="attended.`+who+`.means" value="proxy"`)
	h.secretary.post("/checkin/"+m, url.Values{"person": {h.secretary.person.String()}, "means": {"list"}, "key": {"y"}}).leads()
	h.member.post("/c/"+h.code(m), nil).says(http.StatusOK, "签到成功")
	h.secretary.get("/matter/"+m+"/hold").says(http.StatusOK, "到会2人", `name="attended.`+who+`.means" value="code"`)
	h.secretary.post("/checkin/"+m, url.Values{"person": {h.stranger.person.String()}, "means": {"proxy"}}).says(http.StatusBadRequest)
	h.secretary.post("/checkin/"+m, url.Values{"person": {who}, "means": {"code"}}).says(http.StatusBadRequest)
}
