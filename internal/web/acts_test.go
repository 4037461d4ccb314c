package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/web/guard"
)

// of is the browser of somebody who has entered.
func (h *house) of(in app.Entered) *browser {
	w := httptest.NewRecorder()
	jar := guard.Jar{}
	jar.SetSession(w, in.ID)
	jar.SetDevice(w, in.Device, time.Hour)
	return inEnglish(&browser{h: h, person: in.Person(), cookies: w.Result().Cookies()})
}

func inEnglish(b *browser) *browser {
	b.cookies = append(b.cookies, &http.Cookie{Name: "lang", Value: "en"})
	return b
}

// cityOfficer is an officer who signed in just now.
func (h *house) cityOfficer() *browser {
	return inEnglish((&matrix{house: h}).somebody("city", h.branch, "city.officer", 1))
}

// typed is a form as somebody sends it today.
func (h *house) typed(pairs ...string) url.Values {
	form := url.Values{"on": {h.app.Today().String()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

func TestACountyComesToLifeFromThePages(t *testing.T) {
	h := newHouse(t)
	officer := h.cityOfficer()
	officer.get("/org/o1").says(200, "What you can do here", "/act/organisation?org=o1", "/matter/o1/rename")
	officer.get("/act/organisation?org=o1").says(200, "中共清源市委员会")

	above := officer.post("/act/organisation?org=o1", h.typed("name", "中共柳溪乡委员会", "kind", "committee", "level", "township", "superior", "清源市委员会", "superior.pick", "o1")).leads()
	officer.get(above).says(200, "中共柳溪乡委员会", "Recorded: Found")
	branch := officer.post("/act/organisation?org=o4", h.typed("name", "中共柳溪乡机关支部委员会", "kind", "branch", "superior", "o4")).leads()
	if !strings.HasPrefix(branch, "/org/o5?done=") {
		t.Fatalf("founded at %s", branch)
	}

	officer.get("/act/membership?org=o4").says(200, "Choose the branch", "/act/membership?org=o5")
	officer.get("/act/membership?org=o4&q=lxxjg").says(200, "/act/membership?org=o5")
	file := officer.post("/act/membership?org=o5", h.typed("name", "单晓梅", "standing", "member")).leads()
	who, _, _ := strings.Cut(strings.TrimPrefix(file, "/person/"), "?")
	officer.get(file).says(200, "单晓梅", "/matter/"+who+"/join", "/act/office?org=o5&amp;person="+who)

	again := officer.post("/act/office?org=o5", h.typed("person", "sxm", "role", "branch.secretary", "do", "find:person")).says(200, "单晓梅", `value="`+who+`"`, `value="sxm"`)
	again.lacks("Nobody of that kind")
	officer.post("/act/office?org=o5", h.typed("person", "sxm", "role", "branch.secretary")).says(422, "choose one", "Choose one from those listed", `value="sxm"`)
	officer.post("/act/office?org=o5", h.typed("person", "没有这人", "role", "branch.secretary", "do", "find:person")).says(200, "Nobody of that kind")
	page := officer.post("/act/office?org=o5", h.typed("person", "sxm", "person.pick", who, "role", "branch.secretary")).leads()
	leave := regexp.MustCompile(`/matter/m\d+/leave`).FindString(officer.get(page).says(200, "Branch secretary").body)
	officer.post(leave, h.typed("cause", "term")).leads()

	officer.post("/matter/o5/move", h.typed("superior", "中共清源市委员会")).leads()
	if path := officer.post("/matter/o5/dissolve", h.typed("reason", "并入")); path.status != http.StatusUnprocessableEntity {
		t.Errorf("dissolved with somebody in it: %d", path.status)
	}
}

func TestNobodyIsOfferedWhatTheyMayNotDo(t *testing.T) {
	h := newHouse(t)
	inEnglish(h.member)
	inEnglish(h.stranger)
	h.member.get("/org/o2").says(200).lacks("/matter/o2/rename", "/act/office")
	h.secretary.get("/org/o2").says(200, "/act/membership?org=o2").lacks("/matter/o2/rename", "/act/office")
	h.member.get("/act/membership?org=o2").says(403)
	h.stranger.get("/act/membership?org=o2").says(404)
}

func TestAccountsAreHandledFromThePages(t *testing.T) {
	h := newHouse(t)
	m := &matrix{house: h}
	admin := h.of(m.admin())
	admin.get("/").leads()
	admin.get("/account").says(200, "In office, no account").lacks("白若川")
	admin.get("/account?show=all&q=brc").says(200, "白若川").lacks("宋砚秋")
	admin.get("/account?show=known").says(200, "白若川", "宋砚秋", "常思远")

	slips := admin.post("/account/invite", url.Values{"person": {h.member.person.String(), "p3"}, "back": {"/account?show=known"}}).says(200, "白若川", "/link/", "<svg")
	if n := len(regexp.MustCompile(`<code>http://[^<]*/link/[^<]*</code>`).FindAllString(slips.body, -1)); n != 2 {
		t.Errorf("%d links for two people", n)
	}
	one := "/account/" + h.member.person.String()
	admin.get(one).says(200, "good until", "Disable")
	if to := admin.post(one+"/disable", nil).leads(); to != one+"?done=disable" {
		t.Errorf("disabling leads to %s", to)
	}
	h.member.get("/todo").leads()
	admin.get("/account?show=known&q=brc").says(200, "Disabled")
	admin.post(one+"/enable", nil).leads()
	admin.post("/account/"+admin.person.String()+"/disable", nil).says(403)
	admin.post(one+"/enrich", nil).says(404)
	admin.post("/account/invite", url.Values{"person": {"nobody"}}).says(400)

	h.clock.forward(20 * time.Minute)
	admin.get("/account").says(200, "Prove who you are first")
	if to := admin.post("/account/invite", url.Values{"person": {"p3"}, "back": {"/account?show=known"}}).leads(); to != "/signin/again?back=%2Faccount%3Fshow%3Dknown" {
		t.Errorf("a password given too long ago leads to %s", to)
	}
}

func TestARightIsProposedAndConfirmedFromThePages(t *testing.T) {
	h := newHouse(t)
	admin, factor := h.signedIn("an.ruoshui", "ten thousand mountains")
	officer, who := h.cityOfficer(), h.member.person.String()
	form := h.typed("person", "bai", "person.pick", who, "role", "audit.admin", "until", h.app.Today().AddMonths(6).String(), "reason", "设审计管理员")
	officer.post("/act/grant?org=o1", form).leads()
	confirm := regexp.MustCompile(`/matter/m\d+/confirm`).FindString(admin.get("/account").says(200, "Audit administrator", "to be confirmed").body)
	h.clock.forward(20 * time.Minute)
	if to := admin.post(confirm, h.typed()).leads(); !strings.HasPrefix(to, "/signin/again?back=%2Fmatter%2Fm") {
		t.Fatalf("a password given too long ago leads to %s", to)
	}
	admin = h.of(must(h.accounts.SignIn(t.Context(), app.SignIn{Name: "an.ruoshui", Password: "ten thousand mountains", Code: h.factorCode(factor)}, here())))
	if to := admin.post(confirm, h.typed()).leads(); !strings.HasPrefix(to, "/account?done=") {
		t.Fatalf("leads to %s", to)
	}
	admin.get("/account").says(200, "Audit administrator", "/end").lacks("to be confirmed")
	h.member.get("/audit").leads() // a second factor is owed now
}

// signedIn signs somebody in and sets up a second factor.
func (h *house) signedIn(name, password string) (*browser, string) {
	h.t.Helper()
	in := must(h.accounts.SignIn(h.t.Context(), app.SignIn{Name: name, Password: password}, here()))
	factor := must(in.EnrolFactor(h.t.Context())).Factor
	from := here()
	from.Session, from.Device = in.ID, in.Device
	in, _, err := in.ConfirmFactor(h.t.Context(), h.factorCode(factor), from)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.of(in), factor
}

func TestTheTrailAndTheSettingsOfSigningIn(t *testing.T) {
	h := newHouse(t)
	m := &matrix{house: h}
	entered := m.admin()
	audit, system := inEnglish(m.granted(entered, "audit", "audit.admin", 1)), inEnglish(m.granted(entered, "system", "system.admin", 1))
	audit.get("/audit").says(200, "Link made", "白若川")
	h.member.get("/account").says(403)
	audit.get("/audit?show=denied").says(200, "GET /account", "白若川")
	h.member.get("/audit").says(403)

	good := url.Values{"profile": {"dengbao"}, "idle": {"20"}, "absolute": {"8"}, "window": {"10"}, "link": {"48"}, "device": {"90"}}
	bad := url.Values{"profile": {"dengbao"}, "idle": {"twenty"}, "absolute": {"8"}, "window": {"10"}, "link": {"48"}, "device": {"90"}}
	system.get("/settings/signin").says(200, `value="30"`)
	system.post("/settings/signin", bad).says(422, "a whole number above 0", `value="twenty"`)
	bad.Set("idle", "999")
	system.post("/settings/signin", bad).says(422, "out of range")
	system.post("/settings/signin", good).leads()
	if set := h.accounts.Settings(); set.Profile != "dengbao" || set.Idle != 20*time.Minute || set.Link != 48*time.Hour || set.Device != 90 {
		t.Errorf("settings %+v", set)
	}
}

func TestWhatIsLookedForIsFound(t *testing.T) {
	h := newHouse(t)
	officer := h.cityOfficer()
	find := func(q string) answer { return officer.get("/search?" + url.Values{"q": {q}}.Encode()) }
	for _, q := range []string{"syq", "songyan", "SONG yan", "砚秋", "宋砚秋"} {
		find(q).says(200, "宋砚秋").lacks("白若川")
	}
	find("dagzb").says(200, "中共清源市档案馆支部委员会")
	find("present").says(200, "/rule/", "/source/")
	officer.get("/person?org=o1&q=syq").says(200, "宋砚秋").lacks("白若川")
	find("zzzz").says(200, "Nothing found")
	inEnglish(h.member)
	inEnglish(h.stranger)
	h.member.get("/search?q=syq").says(200, "Nothing found")

	seq := officer.post("/act/membership?org=o2", h.typed("name", "区静", "standing", "member", "id_number", "149999198001010013")).leads()
	who, _, _ := strings.Cut(strings.TrimPrefix(seq, "/person/"), "?")
	find("149999198001010013").says(200, "区静", "/person/"+who).lacks("149999198001010013\"")
	h.secretary.get("/person/" + who).says(200)
	h.stranger.get("/search?q=149999198001010013").says(200, "Nothing found")
	if to := find("6").leads(); to != "/matter/m6" {
		t.Errorf("the number of a matter leads to %s", to)
	}
}
