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
