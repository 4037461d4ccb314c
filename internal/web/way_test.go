package web

import (
	"net/http"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// steps are rows of what papers tell.
func steps(pairs ...string) (rows record.Items) {
	for i := 0; i < len(pairs); i += 2 {
		rows = append(rows, record.Of(record.F("step", record.Choice(pairs[i])), record.F("on", record.Day(day.Must(pairs[i+1])))))
	}
	return rows
}

// adopted is an admission taken over from paper, of somebody who is an activist since
// the day given.
func adopted(h *house, name, since string) id.Matter {
	applicant := h.act(matter.Act{Procedure: "membership", Step: "register", Org: h.branch, Fields: record.Of(
		record.F("name", record.Text(name)), record.F("standing", record.Choice("applicant")), record.F("birth", record.Day(day.Must("1990-03-01"))))})
	who, _ := applicant.Matter.Person()
	visit := must(h.app.For(h.secretary.person, "test"))
	papers := record.Files{must(visit.Attach(h.t.Context(), "papers.jpg", "image/jpeg", []byte("papers")))}
	r := must(visit.Act(h.t.Context(), matter.Act{Procedure: "admission", Step: "adopt", Org: h.branch, On: h.app.Today(), Fields: record.Of(
		record.F("person", record.Person(who)), record.F("papers", papers), record.F("steps", steps("apply", "2025-03-01", "talk", "2025-03-20", "activist", since,
			"file_activist", "2025-06-25", "mentor", "2025-06-28", "review", "2025-12-10")))}, ""))
	return r.Record.Matter
}

func TestALongMatterShowsItsWayAndTheFirstDayOfWhatHasToWait(t *testing.T) {
	h := newHouse(t) // on 18 June 2026
	tomorrow, now := adopted(h, "柳映川", "2025-06-19"), adopted(h, "沈望舒", "2025-06-18")
	h.secretary.get("/matter/"+string(tomorrow)).says(http.StatusOK, "发展党员：柳映川", "正在办理", "办理路径", "培养教育考察的最短时间", "最早2026年6月19日可以办", "先办“讨论确定发展对象人选”")
	h.secretary.get("/matter/"+string(now)).says(http.StatusOK, "发展党员：沈望舒", "办理路径").lacks("日可以办")
	h.stranger.get("/matter/" + string(now)).says(http.StatusNotFound)
}

func TestThePageOfAnApplicantBeginsTheWayAndThenLeadsToIt(t *testing.T) {
	h := newHouse(t)
	r := h.act(matter.Act{Procedure: "membership", Step: "register", Org: h.branch, Fields: record.Of(
		record.F("name", record.Text("沈望舒")), record.F("standing", record.Choice("applicant")), record.F("birth", record.Day(day.Must("1990-03-01"))))})
	who, _ := r.Matter.Person()
	h.secretary.get("/person/"+who.String()).says(http.StatusOK, "递交入党申请书", "接续纸质材料").lacks("看发展党员的全程")
	m := adopted(h, "柳映川", "2025-06-19")
	other, _ := h.app.Record(t.Context(), h.app.Size())
	h.secretary.get("/person/"+other.Fields.Person("person").String()).says(http.StatusOK, "看发展党员的全程", "/matter/"+string(m)).lacks("递交入党申请书")
}

func TestTheInboxTellsWhatIsDueInAnAdmission(t *testing.T) {
	h := newHouse(t)
	adopted(h, "柳映川", "2025-06-19")
	h.secretary.get("/todo").says(http.StatusOK, "支部考察：柳映川", "培养教育考察", "逾期8天")
	h.member.get("/todo").says(http.StatusOK).lacks("柳映川")
}
