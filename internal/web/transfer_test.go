package web

import (
	"net/http"
	"strings"
	"testing"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestAMemberMovesToAnotherBranchFromThePages(t *testing.T) {
	h := newHouse(t)
	receiver := h.register("阎守正", h.other)
	h.act(matter.Act{Procedure: "office", Step: "take", Org: h.other, Fields: record.Of(
		record.F("person", record.Person(receiver)), record.F("role", record.Choice("branch.secretary")))})
	receiving, officer := h.browser(receiver, "yan"), h.cityOfficer()

	begin := "/act/transfer?step=apply&org=" + h.branch.String()
	h.member.post(begin, h.typed("branch", "档案馆", "reason", "工作调动", "do", "find:branch")).says(http.StatusOK, "中共清源市档案馆支部委员会")
	m, _, _ := strings.Cut(h.member.post(begin, h.typed("branch", h.other.String(), "reason", "工作调动")).leads(), "?")
	h.secretary.get("/todo").says(http.StatusOK, "组织关系转接：支部同意转出，白若川")
	h.secretary.post(m+"/agree", h.typed("dues_until", "2026-06-30")).leads()
	officer.post(m+"/issue", h.typed("number", "清源12号")).leads()

	receiving.get("/todo").says(http.StatusOK, "接收并回执", "还有10天")
	h.member.get(m).says(http.StatusOK, "工作调动")
	receiving.get(m).says(http.StatusOK, "介绍信编号：清源12号", "党费交至：2026年6月30日", "有效期至：2026年6月28日")
	h.secretary.get(m + "/accept").says(http.StatusForbidden)
	h.stranger.get(m).says(http.StatusNotFound)
	receiving.post(m+"/accept", h.typed()).leads()
	h.member.get("/org/" + h.other.String()).says(http.StatusOK)
	h.member.get("/org/" + h.branch.String()).says(http.StatusNotFound)
}
