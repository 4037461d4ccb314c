package sample

import (
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func matter(b view.Base) view.MatterView {
	w := b.W
	return view.MatterView{
		Base: inBranch(b, view.AtMeeting), Crumbs: branchCrumbs(w, w.Pick("6月主题党日", "Theme day of June")), ID: "m567", Title: w.Pick("主题党日：学晋绥精神，议红枣产业", "Theme day: the Jinsui spirit and the date trade"),
		Tags: []view.Tag{{Tone: view.Act, Icon: "circle-dashed", Text: w.Pick("已开，未办完", "Held, still open")}, {Tone: view.Warn, Icon: "clock", Text: w.Pick("补记，晚9天", "Recorded 9 days late")}},
		Meta: []string{w.Pick("事项编号 m567", "Matter m567"), village(w), w.Pick("2026年6月16日（周二）", "Tuesday 16 June 2026")},
		Stages: []view.Step{{Title: w.Pick("计划", "Plan"), Small: w.MonthDay(at - 8), State: view.StepDone}, {Title: w.Pick("召开", "Hold"), Small: w.MonthDay(at - 2), State: view.StepDone},
			{Title: w.Pick("落实议定事项", "Carry out decisions"), Small: w.Pick("7月5日前", "by 5 July"), State: view.StepNow}, {Title: w.Pick("归档", "File")}},
		Way: []view.WayStep{{Title: w.Pick("计划", "Plan"), Day: w.Day(at - 8), Tag: view.Tag{Tone: view.Good, Icon: "check", Text: w.Pick("已办", "Done")}},
			{Title: w.Pick("召开", "Hold"), Day: w.Day(at + 9), Tag: view.Tag{Tone: view.Warn, Icon: "clock", Text: w.Pick("须待", "Waits")}, Why: w.Pick("公示期：", "The notice:"), Clause: w.Pick("本平台设置", "settings"), Href: "/sources/handbook"}},
		Facts:       matterFacts(w),
		Texts:       []view.LongText{{Title: w.Pick("会议内容", "What was said"), Text: minutesText(w)}},
		Records:     matterRecords(w),
		Presence:    presence(w),
		Votes:       votes(w),
		Lists:       lists(w),
		Files:       []view.File{{Icon: "image", Name: w.Pick("党日现场1.jpg", "Scene 1.jpg"), Note: "1.2 MB", Href: "/file/9f3a"}, {Icon: "file-text", Name: w.Pick("签到表扫描件", "Scan of the sign-in sheet"), Note: w.Pick("主题党日要求", "asked for"), Missing: true}},
		Rules:       step(b).Rules.Checks[:2],
		Corrections: corrections(w),
		Questions:   questions(w),
		Open: []view.OpenStep{
			{Title: w.Pick("报告落实情况", "Report on the decisions"), Href: view.StepPath("m567", "report"), Who: w.Pick("支部书记、组织委员", "secretary or organiser"), Deadline: view.Deadline{Text: w.Pick("还有17天", "17 days left")}, Clause: w.Pick("市委组织部通知", "city notice")},
			{Title: w.Pick("归档", "File"), Who: w.Pick("组织委员", "organiser"), Blocked: w.Pick("先报告落实情况", "the report comes first")},
		},
		MayPrint: true, MaySheet: true, CheckIn: view.CheckInPath("m567"), AsOf: 41093, Hidden: true,
	}
}

func matterFacts(w *words.Words) []view.Fact {
	return []view.Fact{
		{Name: w.Pick("时间", "Time"), Text: w.Pick("6月16日 09:00至11:10", "16 June, 09:00 to 11:10")}, {Name: w.Pick("地点", "Place"), Text: w.Pick("村党群服务中心二层会议室", "Village centre, second floor")},
		{Name: w.Pick("主持人", "Chair"), Text: w.Pick("武明远", "Wu Mingyuan"), Href: "/person/p1"}, {Name: w.Pick("记录人", "Recorder"), Text: w.Pick("薛砚秋", "Xue Yanqiu"), Href: "/person/p2"},
		{Name: w.Pick("规定动作", "Done"), Text: w.Pick("重温入党誓词、学习、交纳党费、民主议事", "oath, study, dues, discussion"), Wide: true},
	}
}

func matterRecords(w *words.Words) []view.MatterRecord {
	xue := w.Pick("薛砚秋", "Xue Yanqiu")
	return []view.MatterRecord{
		{Seq: 41093, Day: at - 2, Step: w.Pick("更正：召开", "Correction: held"), Text: w.Pick("到会人数31人改为30人，开始时间改为09:10。", "30 present instead of 31, from 09:10."), Actor: xue, Written: moment(27, 16, 20), Corrects: 41077, Seal: view.Seal{State: view.SealWait, Digest: "e05b…91f6", Href: view.RecordPath(41093)}, Receipt: view.ReceiptPath("m567", 41093)},
		{Seq: 41077, Day: at - 2, Clock: "09:00", Step: w.Pick("召开", "Held"), Text: w.Pick("应到37人，到会31人，请假5人。形成议定事项2项。", "31 of 37 present, 5 on leave. Two decisions."), Actor: xue, Behalf: w.Pick("武明远", "Wu Mingyuan"), Written: moment(25, 10, 5), LateDays: 9, Gate: true, Corrected: 41093,
			Files: []view.Evidence{{Icon: "image", Name: w.Pick("现场照片", "Photographs"), Note: w.Pick("1张", "1"), Href: "/file/9f3a"}, {Icon: "list-checks", Name: w.Pick("签到表", "Sign-in sheet"), Note: w.Pick("31人", "31 people"), Href: view.SheetPath("m567")}},
			Seal:  sealed(41077, "a41c…77e2"), Receipt: view.ReceiptPath("m567", 41077), Correct: "/matter/m567/correct"},
		{Seq: 40801, Day: at - 8, Step: w.Pick("计划", "Planned"), Text: w.Pick("6月16日上午9时，村党群服务中心。", "16 June, 9 o'clock, village centre."), Actor: xue, Written: moment(10, 20, 11), Seal: sealed(40801, "2d18…5a40"), Receipt: view.ReceiptPath("m567", 40801), Erased: true},
	}
}

func presence(w *words.Words) *view.PresenceView {
	p := &view.PresenceView{Due: 37, Present: 31, Leave: 5, Absent: 1}
	text := map[record.State]string{}
	for _, s := range states(w) {
		text[s.State] = s.Text
	}
	for _, r := range roster(w) {
		p.Rows = append(p.Rows, view.PresentRow{Name: r.Name, Href: "/person/" + r.Person.String(), State: r.State, Text: text[r.State], Known: r.Known, Note: r.Reason})
	}
	return p
}

func votes(w *words.Words) []view.VoteCount {
	return []view.VoteCount{
		{Title: w.Pick("红枣合作社分红方案", "Dividends of the cooperative"), Due: 35, Present: 30, For: 29, Abstain: 1, Passed: true, Rule: w.Pick("赞成超过应到半数", "more than half of those entitled"), Clause: w.Pick("支部工作条例第十一条", "Branch regulations, art. 11"), ClauseHref: "/source/s2"},
		{Title: w.Pick("防雹网先建240亩", "Nets for 240 mu"), Due: 35, Present: 30, For: 14, Against: 12, Abstain: 4, Rule: w.Pick("赞成没有超过应到半数", "not more than half of those entitled")},
	}
}

func lists(w *words.Words) []view.AnswerList {
	return []view.AnswerList{{ID: "decisions", Title: w.Pick("议定事项", "Decisions"), Heads: []string{w.Pick("事项", "What"), w.Pick("责任人", "Who"), w.Pick("期限", "Until")}, Rows: [][]string{
		{w.Pick("防雹网建设方案提交村民代表会议", "The hail nets go to the assembly"), w.Pick("武明远", "Wu Mingyuan"), w.MonthDay(dayOf(7, 5))},
		{w.Pick("走访3户困难党员", "Visit three members in need"), w.Pick("薛砚秋", "Xue Yanqiu"), w.MonthDay(dayOf(6, 30))},
	}}}
}

func corrections(w *words.Words) []view.Correction {
	c := view.Correction{Reason: w.Pick("康怀信当日实际没有到会，代签有误", "Kang Huaixin was not there; signed for by mistake"), By: w.Pick("薛砚秋", "Xue Yanqiu"), Written: moment(27, 16, 20), Seq: 41093, Of: 41077}
	a, b := c, c
	a.Field, a.Old, a.New = w.Pick("到会人数", "Present"), "31", "30"
	b.Field, b.New = w.Pick("开始", "From"), "09:10"
	return []view.Correction{a, b}
}

func questions(w *words.Words) []view.Question {
	return []view.Question{
		{Seq: 41078, Text: w.Pick("会议内容与4月15日的主题党日有86%相同", "The minutes are 86% the same as those of 15 April"), Why: w.Pick("相似超过80%时请支部说明。", "Above 80% the branch is asked."), Href: "/matter/m501", HrefText: w.Pick("看4月15日的记录", "Look at 15 April"), Asked: at, MayAnswer: true, Key: "q1",
			Kinds: []view.Option{option("explained", w.Pick("情况属实，予以说明", "As recorded, with an explanation")), option("mistake", w.Pick("记录有误，另行更正", "Recorded wrongly, to be corrected"))}},
		{Seq: 41079, Text: w.Pick("康怀信同一时间在另一个会上签到", "Kang Huaixin was signed in elsewhere at the same time"), Asked: at, Answer: w.Pick("代签时选错了人，已经更正。", "The wrong name was picked; it has been corrected."), AnsweredBy: w.Pick("武明远", "Wu Mingyuan"), Answered: at + 9},
		{Seq: 41081, Text: w.Pick("到会人数多于在册人数", "More people present than on the roster"), Asked: at},
	}
}

func minutes(b view.Base) view.MinutesView {
	w, m := b.W, matter(b)
	return view.MinutesView{
		Base: b, ID: "m567", Issuer: w.Pick("中共碛口镇枣林湾村支部", "Zaolinwan Village Branch"), Head: w.Pick("会议记录", " Minutes"), Title: w.Pick("6月主题党日记录", "Theme day of June"),
		Facts:    append([]view.Fact{{Name: w.Pick("日期", "Day"), Text: w.Day(at - 2)}}, m.Facts[:4]...),
		Presence: presence(w), Texts: m.Texts, Votes: m.Votes[:1], Lists: m.Lists, Files: []string{w.Pick("党日现场1.jpg", "Scene 1.jpg"), w.Pick("签到表扫描件", "Scan of the sheet")},
		Records:  []view.SheetRecord{{Seq: 40801, Day: at - 8, Step: w.Pick("计划", "Planned"), Digest: "2d18…5a40"}, {Seq: 41077, Day: at - 2, Step: w.Pick("召开", "Held"), Digest: "a41c…77e2"}},
		LateDays: 9, Changed: m.Corrections[:1], Signers: []string{w.Pick("主持人", "Chair"), w.Pick("记录人", "Recorder")}, Issued: village(w), Day: at - 2, Printed: at,
	}
}

func signSheet(b view.Base) view.SignSheetView {
	w := b.W
	v := view.SignSheetView{Base: b, ID: "m567", Issuer: w.Pick("中共碛口镇枣林湾村支部", "Zaolinwan Village Branch"), Title: w.Pick("6月主题党日签到表", "Sign-in sheet, theme day of June"), Facts: matterFacts(w)[:4],
		Code: code(w.Pick("打开这件事的记录", "Opens the record of this matter"), "https://qf.example/matter/m567"), Printed: at}
	for _, r := range roster(w) {
		v.Names = append(v.Names, view.SheetName{Name: r.Name})
	}
	for i := range v.Names {
		v.Names = append(v.Names, view.SheetName{Name: v.Names[i].Name})
	}
	v.Names[4].Note = w.Pick("请假", "On leave")
	v.Names = append(v.Names, v.Names...)
	return v
}
