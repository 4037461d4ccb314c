package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// themeDayForm is a theme day as a secretary fills it in.
func (h *house) themeDayForm() url.Values {
	me, other := h.secretary.person.String(), h.member.person.String()
	return url.Values{
		"on": {"2026-06-16"}, "theme": {"学党章，议公开"}, "start": {"09:00"}, "end": {"11:10"}, "place": {"二楼会议室"},
		"activities.rows": {"1"}, "activities.0.activity": {"study"}, "chair": {me}, "recorder": {me},
		"attended." + me: {"present"}, "attended." + me + ".means": {""}, "attended." + me + ".note": {""},
		"attended." + other: {"leave"}, "attended." + other + ".means": {""}, "attended." + other + ".note": {"外出"},
		"minutes": {"学习党章第一章，讨论党务公开栏的内容，定于每月五日更新。"}, "do": {"submit"}, "key": {"k1"},
	}
}

const newThemeDay = "/act/theme_day?org=o2"

// held records a theme day and returns the page of its matter.
func (h *house) held() string {
	h.t.Helper()
	path, _, _ := strings.Cut(h.secretary.post(newThemeDay, h.themeDayForm()).leads(), "?")
	return path
}

func TestASecretaryRecordsAThemeDay(t *testing.T) {
	h := newHouse(t)
	page := h.secretary.get(newThemeDay).says(http.StatusOK, "记录主题党日", "宋砚秋", "白若川", "提交归档", "其余全部记为到会")
	if page.hidden("key") == "" {
		t.Error("the form has no key")
	}
	path := h.secretary.post(newThemeDay, h.themeDayForm()).leads()
	h.secretary.get(path).says(http.StatusOK, "主题党日：学党章，议公开", "已记下", "二楼会议室", "应到4人，到会1人，请假1人，未到2人", "已归档", "外出", "待签入检查点")
	h.publish()
	h.secretary.get(path).says(http.StatusOK, "已核验")
}

func TestTheSameFormSentTwiceIsTakenOnce(t *testing.T) {
	h := newHouse(t)
	first := h.secretary.post(newThemeDay, h.themeDayForm()).leads()
	size := h.app.Size()
	if again := h.secretary.post(newThemeDay, h.themeDayForm()).leads(); again != first || h.app.Size() != size {
		t.Errorf("sent again: %s, %d records; want %s, %d", again, h.app.Size(), first, size)
	}
	other := h.themeDayForm()
	other.Set("place", "三楼")
	h.secretary.post(newThemeDay, other).says(http.StatusConflict)
}

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	form.Set("theme", "")
	form.Set("start", "九点")
	form.Set("place", "<b>院子</b>")
	form.Del("minutes")
	size := h.app.Size()
	h.secretary.post(newThemeDay, form).says(http.StatusUnprocessableEntity, "不是一个时间", "九点", "&lt;b&gt;院子&lt;/b&gt;", `value="外出"`)
	form.Set("start", "09:00")
	h.secretary.post(newThemeDay, form).says(http.StatusUnprocessableEntity, "还有2处要改", "“主题”没有填", "“活动纪实”没有填", "依据：", "怎么办：", "&lt;b&gt;院子&lt;/b&gt;")
	if h.app.Size() != size {
		t.Error("a refused form was recorded")
	}
}

func TestALeaveWithoutAReasonIsRefusedByTheRule(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	form.Set("attended."+h.member.person.String()+".note", "")
	h.secretary.post(newThemeDay, form).says(http.StatusUnprocessableEntity, "白若川")
}

func TestANameThatTheFormDoesNotHaveIsRefused(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"evil", "theme.x", "attended.o3", "attended.p3.age", "activities.0.price", "activities.-1.note", "due", "minutes.keep"} {
		form := h.themeDayForm()
		form.Set(name, "1")
		if got := h.secretary.post(newThemeDay, form); got.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, got.status)
		}
	}
}

func TestAMemberCannotRecord(t *testing.T) {
	h := newHouse(t)
	size := h.app.Size()
	h.member.get(newThemeDay).says(http.StatusForbidden)
	if got := h.member.post(newThemeDay, h.themeDayForm()); got.status < 400 || h.app.Size() != size {
		t.Errorf("status %d, %d records", got.status, h.app.Size()-size)
	}
}

func TestAStrangerIsToldThatThereIsNone(t *testing.T) {
	h := newHouse(t)
	path := h.held()
	for _, p := range []string{path, path + "/hold", path + "/print", path + "/signin-sheet", path + "/receipt/1", "/checkin/" + path[len("/matter/"):], "/matter/m999999", newThemeDay} {
		h.stranger.get(p).says(http.StatusNotFound).lacks("议公开")
	}
	h.member.get(path).says(http.StatusOK, "议公开")
}

func TestACorrectionShowsOldAndNew(t *testing.T) {
	h := newHouse(t)
	path := h.held()
	seq := h.app.Size()
	correct := path + "/hold?corrects=" + strconv.FormatInt(seq, 10)
	h.secretary.get(correct).says(http.StatusOK, "这是更正", `value="二楼会议室"`, "提交更正")
	form := h.themeDayForm()
	form.Set("place", "村部大院")
	form.Set("key", "k2")
	h.secretary.post(newThemeDay, url.Values{"correction": {"不是更正"}}).says(http.StatusBadRequest)
	h.secretary.post(correct, form).says(http.StatusUnprocessableEntity, "没有写更正的理由", "村部大院")
	form.Set("correction", "当天改在院里开")
	h.secretary.post(correct, form).leads()
	h.secretary.get(path).says(http.StatusOK, "<del>二楼会议室</del>", "<ins>村部大院</ins>", "已由第", "更正第", "当天改在院里开")
	h.secretary.get(path+"/print").says(http.StatusOK, "原为“二楼会议室”，更正为“村部大院”", "当天改在院里开")
	h.secretary.get(path + "/hold?corrects=1").says(http.StatusNotFound)
}

func TestTheButtonsOfTheFormRecordNothing(t *testing.T) {
	h := newHouse(t)
	size := h.app.Size()
	form := h.themeDayForm()
	form.Set("do", "add:activities")
	h.secretary.post(newThemeDay, form).says(http.StatusOK, `name="activities.1.activity"`, "学党章，议公开")
	form.Set("activities.rows", "2")
	form.Set("activities.1.note", "第二项")
	form.Set("do", "drop:activities:0")
	h.secretary.post(newThemeDay, form).says(http.StatusOK, "第二项").lacks(`name="activities.1.activity"`)
	form = h.themeDayForm()
	form.Del("attended." + h.secretary.person.String())
	form.Set("do", "all:attended")
	h.secretary.post(newThemeDay, form).says(http.StatusOK, "到会3人，请假1人，未到0人")
	form.Set("do", "burn:attended")
	h.secretary.post(newThemeDay, form).says(http.StatusBadRequest)
	if h.app.Size() != size {
		t.Error("something was recorded")
	}
}

func TestADraftWaitsForThePerson(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	form.Set("do", "draft")
	h.secretary.post(newThemeDay, form).says(http.StatusOK, "已存草稿")
	h.secretary.get(newThemeDay).says(http.StatusOK, "学党章，议公开", "已存草稿")
	h.held()
	h.secretary.get(newThemeDay).says(http.StatusOK).lacks("学党章，议公开")
}

func TestTheLiveCheckSaysWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	form := h.themeDayForm()
	size := h.app.Size()
	check := "/act/theme_day/check?org=o2"
	h.secretary.post(check, form).says(http.StatusOK, `id="checks"`, "现在可以提交").lacks("<html")
	form.Set("on", "2026-06-19")
	h.secretary.post(check, form).says(http.StatusOK, "不符合")
	if h.app.Size() != size {
		t.Error("a check was recorded")
	}
}

func TestAPlanFillsInTheForm(t *testing.T) {
	h := newHouse(t)
	plan := url.Values{"on": {"2026-06-18"}, "day": {"2026-06-18"}, "start": {"15:00"}, "place": {"档案室"}, "topic": {"读条例"}, "key": {"p"}}
	path, _, _ := strings.Cut(h.secretary.post(newThemeDay+"&step=plan", plan).leads(), "?")
	h.member.post(path+"/excuse", url.Values{"on": {"2026-06-18"}, "reason": {"illness"}, "key": {"e"}}).leads()
	h.secretary.get(path+"/hold").says(http.StatusOK, `value="15:00"`, `value="档案室"`, `value="读条例"`, "请假1人")
	h.member.get("/home").says(http.StatusOK, "读条例", "因病")
	h.secretary.get("/home").says(http.StatusOK, "宋砚秋", "今天开，打开签到")
}

func TestTheRegisterOfMeetings(t *testing.T) {
	h := newHouse(t)
	path := h.held()
	h.secretary.get("/meeting?org=o2").says(http.StatusOK, path, "学党章，议公开", "1 / 4", "已归档", "记一次会议")
	h.secretary.get("/meeting?org=o2&month=2026-05").says(http.StatusOK, "没有符合条件的会议")
	h.secretary.get("/meeting?org=o2&kind=lecture").says(http.StatusOK).lacks(path)
	h.secretary.get("/meeting?org=o2&only=late").says(http.StatusOK).lacks(path)
	h.secretary.get("/life?org=o2").says(http.StatusOK, "组织生活会").lacks(path)
	h.member.get("/meeting?org=o2").says(http.StatusOK, path).lacks("记一次会议")
	h.stranger.get("/meeting?org=o2").says(http.StatusNotFound)
}

func TestAReceiptNeedsACheckpoint(t *testing.T) {
	h := newHouse(t)
	path := h.held()
	receipt := path + "/receipt/" + strconv.FormatInt(h.app.Size(), 10)
	h.secretary.get(receipt).says(http.StatusServiceUnavailable, "等一下再取回执")
	h.publish()
	got := h.secretary.get(receipt).says(http.StatusOK, "c2sp.org/tlog-proof@v1", "qingfeng.test")
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Error("the receipt is shown and not saved")
	}
	another := h.themeDayForm()
	another.Set("key", "k2")
	h.secretary.post(newThemeDay, another).leads()
	h.publish()
	h.secretary.get(path + "/receipt/" + strconv.FormatInt(h.app.Size(), 10)).says(http.StatusNotFound) // of another matter
}

func TestPaper(t *testing.T) {
	h := newHouse(t)
	path := h.held()
	h.secretary.get(path+"/print").says(http.StatusOK, "会议记录", "到会人员：宋砚秋", "学习党章第一章")
	h.secretary.get(path+"/signin-sheet").says(http.StatusOK, "主题党日签到表", "白若川", "本人签名", "<path")
}

func TestATalkIsNotForTheWholeBranch(t *testing.T) {
	h := newHouse(t)
	me, other := h.secretary.person.String(), h.member.person.String()
	form := url.Values{"on": {"2026-06-17"}, "kind": {"committee_member"}, "attended." + me: {"present"}, "attended." + other: {"present"}, "place": {"办公室"}, "summary": {"谈了近期的工作"}, "key": {"t"}}
	form.Set("kind", string(h.app.Library().Law.Codes["talk_kind"].Values[0].Code))
	path, _, _ := strings.Cut(h.secretary.post("/act/talk?org=o2", form).leads(), "?")
	h.secretary.get("/meeting?org=o2").says(http.StatusOK, path)
	h.member.get("/meeting?org=o2").says(http.StatusOK).lacks(path)
	h.member.get(path).says(http.StatusNotFound)
}

func TestALifeMeetingFollowsItsProblems(t *testing.T) {
	h := newHouse(t)
	list := url.Values{"on": {"2026-06-16"}, "problems.rows": {"2"}, "problems.0.number": {"1"}, "problems.0.source": {"secretary"}, "problems.0.text": {"学习笔记不全"},
		"problems.1.number": {"2"}, "problems.1.source": {"branch"}, "problems.1.text": {"公开不及时"}, "key": {"a"}}
	path, _, _ := strings.Cut(h.secretary.post("/act/life_meeting?org=o2&step=prepare", list).leads(), "?")
	h.secretary.post(path+"/measure", url.Values{"on": {"2026-06-17"}, "measures.rows": {"1"}, "measures.0.number": {"2"}, "measures.0.measure": {"每月五日上墙"}, "measures.0.until": {"2026-06-10"}, "key": {"b"}}).leads()
	h.secretary.get(path).says(http.StatusOK, "学习笔记不全", "公开不及时", "每月五日上墙", "待改", "整改中", "书记查找", "逾期8天")
	h.secretary.get("/life?org=o2").says(http.StatusOK, path)
	h.secretary.get("/meeting?org=o2").says(http.StatusOK).lacks(path)
}

func TestAnAppraisalShowsGradesAgainstTheQuota(t *testing.T) {
	h := newHouse(t)
	me, other := h.secretary.person.String(), h.member.person.String()
	held := url.Values{"on": {"2026-06-16"}, "start": {"09:00"}, "end": {"11:00"}, "place": {"会议室"}, "chair": {me}, "recorder": {me}, "attended." + me: {"present"}, "attended." + other: {"present"},
		"minutes": {"逐人评议，民主测评。"}, "ballots.rows": {"1"}, "ballots.0.person": {other}, "ballots.0.excellent": {"1"}, "ballots.0.qualified": {"1"}, "ballots.0.basically_qualified": {"0"}, "ballots.0.unqualified": {"0"}, "key": {"a"}}
	path, _, _ := strings.Cut(h.secretary.post("/act/appraisal?org=o2", held).leads(), "?")
	grades := url.Values{"on": {"2026-06-17"}, "grades.rows": {"2"}, "grades.0.person": {other}, "grades.0.grade": {"excellent"}, "grades.1.person": {me}, "grades.1.grade": {"excellent"}, "key": {"b"}}
	h.secretary.post(path+"/propose", grades).says(http.StatusUnprocessableEntity, "优秀")
	grades.Set("grades.0.grade", "qualified")
	grades.Set("grades.1.grade", "qualified")
	h.secretary.post(path+"/propose", grades).leads()
	h.secretary.get(path).says(http.StatusOK, "优秀 0", "合格 2", "50.0%", "宋砚秋", "测评")
	h.secretary.get(path+"/notice").says(http.StatusOK, "2025年度民主评议党员结果公告", "合格（2名）", "白若川")
	h.member.get(path+"/notice").says(http.StatusOK, "合格（2名）")
}

func TestAGeneralMeetingVotes(t *testing.T) {
	h := newHouse(t)
	h.secretary.post("/act/general_meeting?org=o2", url.Values{"on": {"2026-06-17"}, "do": {"add:decisions"}}).says(http.StatusOK, `name="decisions.0.vote.for"`)
	me, other := h.secretary.person.String(), h.member.person.String()
	form := url.Values{"on": {"2026-06-17"}, "start": {"09:00"}, "end": {"10:00"}, "place": {"会议室"}, "chair": {me}, "recorder": {me}, "topic": {"收支"},
		"attended." + me: {"present"}, "attended." + other: {"present"}, "minutes": {"通报上半年收支，表决预算。"},
		"decisions.rows": {"2"}, "decisions.1.matter": {"下半年预算"}, "decisions.1.result": {"carried"},
		"decisions.1.vote.due": {"4"}, "decisions.1.vote.present": {"2"}, "decisions.1.vote.for": {"2"}, "decisions.1.vote.against": {"0"}, "decisions.1.vote.abstain": {"0"}, "decisions.1.vote.written": {"0"}, "key": {"g"}}
	refused := h.secretary.post("/act/general_meeting?org=o2", form).says(http.StatusUnprocessableEntity, "下半年预算", `name="decisions.0.vote.for"`)
	refused.lacks(`name="decisions.1.vote.for"`) // the empty row is gone
	for _, p := range []string{"p1", "p2"} {
		form.Set("attended."+p, "present")
	}
	form.Set("decisions.1.vote.present", "4")
	form.Set("decisions.1.vote.for", "3")
	path, _, _ := strings.Cut(h.secretary.post("/act/general_meeting?org=o2", form).leads(), "?")
	h.secretary.get(path).says(http.StatusOK, "表决情况", "下半年预算", "赞成3，反对0", "支部工作条例")
}
