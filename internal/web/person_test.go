package web

import (
	"net/url"
	"strings"
	"testing"

	"qingfeng/internal/id"
)

func TestNumbersAreReadInFullForAReasonThatThePersonSees(t *testing.T) {
	h := newHouse(t)
	officer := h.cityOfficer()
	to := officer.post("/act/membership?org=o2", h.typed("name", "区静", "standing", "member", "id_number", "149999198001010013", "phone", "13900001234", "ethnic", "02")).leads()
	page, _, _ := strings.Cut(to, "?")
	who := strings.TrimPrefix(page, "/person/")
	for _, path := range []string{page, "/matter/" + who} {
		h.secretary.get(path).says(200, "149999**********13", "139****1234", "蒙古族").lacks("149999198001010013", "13900001234")
	}

	h.secretary.post(page+"/reveal", url.Values{"purpose": {"curiosity"}}).says(400).lacks("149999198001010013")
	h.secretary.post(page+"/reveal", url.Values{}).says(400)
	inEnglish(h.stranger)
	h.stranger.post(page+"/reveal", url.Values{"purpose": {"check"}}).says(404).lacks("13900001234")
	person, err := id.ParsePerson(who)
	if err != nil {
		t.Fatal(err)
	}
	her := h.browser(person, "jing")
	her.get(page).says(200, "谁看过这份档案", "打开个人页面", "打开登记材料").lacks("查看完整号码：")

	h.secretary.post(page+"/reveal", url.Values{"purpose": {"check"}}).says(200, "149999198001010013", "13900001234")
	her.get(page).says(200, "查看完整号码：核对名册")
	h.secretary.get(page).lacks("149999198001010013", "谁看过这份档案")
}

func TestWhatIsMissingIsFilledInWhereItIsMissing(t *testing.T) {
	h := newHouse(t)
	inEnglish(h.secretary)
	before := h.secretary.get("/org/o2").says(200, "lack something on the roster", "Native place", "Telephone")
	fill := before.shown(`href="(/matter/p[0-9]+/correct\?[^"]*)"`)
	fill = strings.ReplaceAll(fill, "&amp;", "&")
	form := h.secretary.get(fill).says(200, "Native place", "Telephone", "Filling in what was missing").lacks("Degree", `name="name"`)
	address, _, _ := strings.Cut(fill, "&reason")

	answers := h.typed("reason", "补齐", "sex", "1", "birth", "1980-01-01", "id_number", "149999198001010013", "joined", "2001-07-01", "confirmed", "2002-07-01", "ethnic", "01",
		"native_place", "清源", "education", "20", "occupation", "official", "phone", "13900001234", "key", form.hidden("key"), "have", form.hidden("have"))
	who := strings.Split(fill, "/")[2]
	h.secretary.post(address, answers).leads()
	h.secretary.get("/org/o2").says(200).lacks("/matter/" + who + "/correct")
	inEnglish(h.member)
	h.member.get("/org/o2").says(200).lacks("lack something on the roster")
}

func TestTheRosterIsThatOfTheDay(t *testing.T) {
	h := newHouse(t)
	officer := h.cityOfficer()
	officer.post("/act/membership?org=o2", h.typed("name", "区静", "standing", "member", "joined", "2026-06-05", "confirmed", "2026-06-10")).leads()
	on := func(day string) answer { return officer.get("/person?org=o2&q=区静&on=" + day) }
	on("2026-06-04").says(200, "The register of 4 June 2026", "0 people")
	on("2026-06-05").says(200, "1 people", `<span class="tag tag--line">Probationary member</span>`)
	on("2026-06-09").says(200, `<span class="tag tag--line">Probationary member</span>`)
	on("2026-06-10").says(200, `<span class="tag tag--line">Full member</span>`)
	on("").says(200, `<span class="tag tag--line">Full member</span>`).lacks("The register of")
	on("2026-02-30").says(400)
}
