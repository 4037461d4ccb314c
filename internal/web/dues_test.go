package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// duesStep sends the form of a step of the book of dues of 2026, on the 18th of June.
func (h *house) duesStep(path string, form url.Values) answer {
	h.t.Helper()
	form.Set("on", "2026-06-18")
	form.Set("do", "submit")
	return h.secretary.post(path, form)
}

const duesBook = "/matter/o2.2026.dues"

// openDues opens the book; the secretary and the member are declared, not yet settled.
func (h *house) openDues() {
	h.t.Helper()
	h.duesStep("/act/dues?org=o2&step=open", url.Values{"year": {"2026"}, "cashier": {h.member.person.String()}}).leads()
	h.duesStep(duesBook+"/declare", url.Values{"bases.rows": {"2"},
		"bases.0.person": {h.secretary.person.String()}, "bases.0.kind": {"wage"}, "bases.0.income": {"6000"},
		"bases.1.person": {h.member.person.String()}, "bases.1.kind": {"pension"}, "bases.1.income": {"5000.01"}}).leads()
}

func (h *house) settleDues() {
	h.t.Helper()
	h.openDues()
	h.duesStep(duesBook+"/approve", url.Values{"account": {"支委会研究确定"}}).leads()
}

func TestABranchKeepsItsBookOfDues(t *testing.T) {
	h := newHouse(t)
	h.secretary.get("/dues?org=o2").says(http.StatusOK, "2026年还没有建账", "建账")
	h.openDues()
	h.secretary.get("/dues?org=o2").says(http.StatusOK, "等支部确定", "支部确定")
	h.settleAgain()
	page := h.secretary.get("/dues?org=o2").says(http.StatusOK, "宋砚秋", "白若川", "90.00", "50.00", "6月：应交50.00元，未交", "2人欠交", "7月：应交90.00元，还没有到期")
	page.lacks("5月：应交") // who came in June owes nothing before
	form := h.secretary.get(duesBook + "/collect")
	form.says(http.StatusOK, "收缴")
	for _, want := range []string{`value="90.00"`, `value="50.00"`} {
		if !strings.Contains(form.body, want) {
			t.Errorf("the form does not offer %s", want)
		}
	}
	h.duesStep(duesBook+"/collect", url.Values{"payments.rows": {"1"}, "payments.0.person": {h.member.person.String()}, "payments.0.amount": {"50"}, "payments.0.means": {"cash"}}).leads()
	h.secretary.get("/dues?org=o2").says(http.StatusOK, "6月：应交50.00元，已交", "1人欠交", "收缴率35.7%", "现金", "合计")
	h.secretary.get("/figure/dues_received?org=o2").says(http.StatusOK, "党费实收", "50.00", "140.00", "35.71%").lacks("5,000")
}

func (h *house) settleAgain() {
	h.t.Helper()
	h.duesStep(duesBook+"/approve", url.Values{"account": {"支委会研究确定"}}).leads()
}

func TestWhatIsOwedIsNeverSent(t *testing.T) {
	h := newHouse(t)
	h.settleDues()
	h.duesStep(duesBook+"/declare", url.Values{"bases.rows": {"1"}, "bases.0.person": {h.member.person.String()}, "bases.0.kind": {"student"}, "bases.0.owed": {"0.01"}}).
		says(http.StatusBadRequest)
	h.duesStep(duesBook+"/collect", url.Values{"payments.rows": {"1"}, "payments.0.person": {h.member.person.String()}, "payments.0.amount": {"400"}, "payments.0.means": {"cash"}}).
		says(http.StatusUnprocessableEntity, "白若川交400.00元，可抵的应交只有350.00元")
}

func TestAMemberSeesTheOwnDuesAndHowTheyAreWorkedOut(t *testing.T) {
	h := newHouse(t)
	h.member.get("/dues/mine").says(http.StatusOK, "支部还没有建这一年的账")
	h.openDues()
	h.member.get("/dues/mine").says(http.StatusOK, "支部还没有确定你的计算基数")
	h.member.get("/home").lacks("我的党费")
	h.settleAgain()
	h.member.get("/home").says(http.StatusOK, "我的党费", "现在应补交50.00元")
	page := h.member.get("/dues/mine").says(http.StatusOK, "现在应补交50.00元", "6月至12月", "离退休，基数5000.01元，在5000.00元以上一档，按1.0%计算，每月50.00元", "离退休党员", "还没有交纳")
	page.lacks("宋砚秋", "6000.00")
	if !strings.Contains(page.body, "/source/dues-rules#pension") {
		t.Error("the clause cannot be opened")
	}
	h.duesStep(duesBook+"/collect", url.Values{"payments.rows": {"1"}, "payments.0.person": {h.member.person.String()}, "payments.0.amount": {"50"}, "payments.0.means": {"cash"}}).leads()
	h.member.get("/dues/mine").says(http.StatusOK, "到本月都已交清", "6月：应交50.00元，已交", "到本月应交50.00元，已交50.00元")
	h.member.get("/home").says(http.StatusOK, "到本月都已交清")
	h.member.get("/dues?org=o2").says(http.StatusOK, "我的党费", "到本月都已交清").lacks("宋砚秋")
	h.member.get(duesBook).says(http.StatusOK, "白若川").lacks("6000.00")
	h.stranger.get("/dues?org=o2").says(http.StatusNotFound)
	h.stranger.get("/dues/mine").says(http.StatusOK, "支部还没有建这一年的账")
}
