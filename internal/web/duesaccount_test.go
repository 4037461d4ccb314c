package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const duesAccount = "/matter/o1.2026.dues_account"

// keeper is an officer of the city.
func (h *house) keeper() *browser {
	return (&matrix{house: h}).somebody("city", h.branch, "city.officer", 1)
}

// accountStep sends the form of a step of the city's account, on the 18th of June.
func (b *browser) accountStep(path string, form url.Values) answer {
	b.h.t.Helper()
	form.Set("on", "2026-06-18")
	form.Set("do", "submit")
	return b.post(path, form)
}

// handUp lets the branch collect 50 yuan and hand up 40; it returns the number of that
// record.
func (h *house) handUp() string {
	h.t.Helper()
	h.settleDues()
	h.duesStep(duesBook+"/collect", url.Values{"payments.rows": {"1"}, "payments.0.person": {h.member.person.String()}, "payments.0.amount": {"50"}, "payments.0.means": {"cash"}}).leads()
	h.duesStep(duesBook+"/hand_up", url.Values{"flow": {"regular"}, "amount": {"40"}, "voucher": {"0001"}}).leads()
	return strconv.FormatInt(h.app.Size(), 10)
}

func TestACommitteeReceivesWhatWasHandedUp(t *testing.T) {
	h := newHouse(t)
	record := h.handUp()
	city := h.keeper()
	city.get("/dues?org=o1").says(http.StatusOK, "建党费账户", "待核对的上缴", "40.00", "未收入")
	city.accountStep("/act/dues_account?org=o1&step=open", url.Values{"year": {"2026"}, "cashier": {h.member.person.String()}, "bank": {"专户一"}}).leads()
	form := city.get(duesAccount + "/receive")
	for _, want := range []string{`value="` + record + `"`, `value="40.00"`} {
		if !strings.Contains(form.body, want) {
			t.Errorf("the form does not offer %s", want)
		}
	}
	arrived := func(amount string) url.Values {
		return url.Values{"arrivals.rows": {"1"}, "arrivals.0.record": {record}, "arrivals.0.amount": {amount}}
	}
	city.accountStep(duesAccount+"/receive", arrived("39.99")).says(http.StatusUnprocessableEntity, "记的上缴是40.00元，与到账不一致")
	city.accountStep(duesAccount+"/receive", arrived("40")).leads()
	city.get("/dues?org=o1").says(http.StatusOK, "下级上缴到账", "结存", "可用40.00元", "合计").lacks("待核对的上缴")
	h.duesStep(duesBook+"/hand_up?corrects="+record, url.Values{"flow": {"regular"}, "amount": {"30"}, "voucher": {"0001"}, "correction": {"记错"}}).leads()
	city.get("/dues?org=o1").says(http.StatusOK, "待核对的上缴", "收入后已更正", "30.00")
	h.secretary.get("/dues?org=o1").lacks("本级党费账户")
}

func TestTheUsesOfDuesAreShown(t *testing.T) {
	h := newHouse(t)
	city := h.keeper()
	city.accountStep("/act/dues_account?org=o1&step=open", url.Values{"year": {"2026"}, "cashier": {h.member.person.String()}, "bank": {"专户一"}, "brought": {"100"}}).leads()
	city.accountStep(duesAccount+"/request_use", url.Values{"category": {"hardship"}, "amount": {"60"}, "purpose": {"慰问"}}).leads()
	city.get("/dues?org=o1").says(http.StatusOK, "补助生活困难党员", "等批准", "60.00", "可用100.00元")
	city.accountStep(duesAccount+"/approve_use", url.Values{"record": {strconv.FormatInt(h.app.Size(), 10)}, "account": {"研究同意"}}).
		says(http.StatusUnprocessableEntity, "申请人不能批准自己的申请")
}

func TestABranchOwesItsMembersAWordAboutDues(t *testing.T) {
	h := newHouse(t)
	h.handUp()
	h.secretary.get("/due?org=o2").says(http.StatusOK, "每年公布党费", "公布和报告")
	h.secretary.get("/dues?org=o2").says(http.StatusOK, "向党员公布")
	h.duesStep(duesBook+"/publish", url.Values{"place": {"支部公示栏"}}).leads()
	h.secretary.get("/due?org=o2").says(http.StatusOK, "每年公布党费").lacks("公布和报告")
}
