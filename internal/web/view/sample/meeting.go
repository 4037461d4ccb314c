package sample

import (
	"net/url"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func meetingPages() []Page {
	return []Page{
		drawn("/meetings", view.Meetings, meetings),
		drawn("/meetings/none", view.Meetings, noMeetings),
		drawn("/meetings/new/theme_day", view.StepPage, step),
		drawn("/meetings/new/general_meeting", view.StepPage, generalStep),
		drawn("/matter/m567/correct", view.StepPage, correcting),
		drawn("/matter/m567", view.Matter, matter),
		drawn("/matter/m567/print", view.Minutes, minutes),
		drawn("/matter/m567/signin-sheet", view.SignSheet, signSheet),
	}
}

func meetings(b view.Base) view.MeetingsView {
	w := b.W
	v := view.MeetingsView{Base: above(b, view.AtMeeting), Scope: w.Pick("临县，1,048个支部", "Lin county, 1,048 branches"),
		Kinds:  []view.Option{option("", w.Pick("全部类别", "Every kind")), option("theme_day", themeDay(w)), option("committee_meeting", w.Pick("支委会", "Committee meeting"))},
		Months: []view.Option{option("", w.Pick("全部月份", "Every month")), chosen("2026-06", w.Month(at))},
		Orgs:   []view.Option{chosen("o3", w.Pick("临县", "Lin county")), option("o9", w.Pick("碛口镇党委", "Qikou township"))},
		Only:   []view.Option{option("", w.Pick("不限", "All")), option("late", w.Pick("补记的", "Recorded late")), option("asked", w.Pick("待说明的", "To explain"))},
		Chips:  []view.Chip{{Text: w.Pick("月份：2026年6月", "Month: June 2026"), Href: "/meeting"}},
		Pager:  view.NewPager(1630, 2, 20, view.PathMeeting, url.Values{"month": {"2026-06"}}),
		XLSX:   "/meeting.xlsx",
		Begin:  []view.Begin{{Title: themeDay(w), Href: view.BeginPath("theme_day", 12)}, {Title: w.Pick("支委会", "Committee meeting"), Href: view.BeginPath("committee_meeting", 12)}, {Title: w.Pick("党课", "Lecture"), Href: view.BeginPath("lecture", 12)}},
	}
	rows := []view.MeetingRow{
		{Kind: themeDay(w), Theme: theme(w), Org: village(w), Day: at - 2, Present: 31, Due: 37, State: view.MeetingHeld, Questions: 1, Seal: sealed(41077, "a41c…77e2")},
		{Kind: w.Pick("支委会", "Committee meeting"), Theme: w.Pick("研究红枣合作社分红方案", "Dividends of the date cooperative"), Org: village(w), Day: at - 9, Present: 5, Due: 5, State: view.MeetingFiled, Seal: sealed(40112, "0be9…c310")},
		{Kind: themeDay(w), Theme: w.Pick("义务植树，重温入党誓词", "Planting trees, renewing the oath"), Org: w.Pick("谷子坪村党支部", "Guziping village branch"), Day: at - 12, Present: 22, Due: 28, State: view.MeetingFiled, LateDays: 9, Seal: view.Seal{State: view.SealWait, Digest: "77aa…e2c9", Href: "/journal/41001"}},
		{Kind: w.Pick("党员大会", "General meeting"), Theme: w.Pick("讨论接收1名预备党员", "Admission of a probationary member"), Org: w.Pick("苇子沟村党支部", "Weizigou village branch"), Day: at + 4, State: view.MeetingPlanned, Due: 19, Seal: sealed(41050, "13c4…6bd8")},
		{Kind: w.Pick("党课", "Lecture"), Theme: w.Pick("党章第一章", "The first chapter"), Org: w.Pick("梨花坪村党支部", "Lihuaping village branch"), Day: at - 3, State: view.MeetingCancelled, Due: 24, Seal: sealed(40990, "b6e9…3307")},
	}
	for i := range rows {
		rows[i].Matter, rows[i].OrgHref = id.Begun(int64(567+i)), "/org/o12"
	}
	v.Rows = rows
	return v
}

func noMeetings(b view.Base) view.MeetingsView {
	v := meetings(b)
	v.Rows, v.XLSX, v.Begin = nil, "", v.Begin[:1]
	return v
}

// roster is the people of the branch with how they took part.
func roster(w *words.Words) []view.PeopleRow {
	old := view.Tag{Icon: "heart-handshake", Text: w.Pick("老党员", "Veteran")}
	rows := []view.PeopleRow{
		{Name: w.Pick("武明远", "Wu Mingyuan"), State: record.Present, Means: record.ByCode, Known: w.Pick("09:02扫码", "09:02 scanned")},
		{Name: w.Pick("薛砚秋", "Xue Yanqiu"), State: record.Present, Means: record.ByCode, Known: w.Pick("08:58扫码", "08:58 scanned")},
		{Name: w.Pick("段景和", "Duan Jinghe"), Tags: []view.Tag{old}, State: record.Present, Means: record.ByCode, Known: w.Pick("09:10扫码", "09:10 scanned")},
		{Name: w.Pick("康怀信", "Kang Huaixin"), Tags: []view.Tag{old}, State: record.Present, Means: record.ByProxy, Known: w.Pick("09:10代签", "09:10 signed for"), Reason: w.Pick("本人在场，没有手机", "In the room, no phone")},
		{Name: w.Pick("白若川", "Bai Ruochuan"), State: record.Leave, Reason: w.Pick("外出务工", "Away for work")},
		{Name: w.Pick("冯临川", "Feng Linchuan"), State: record.Absent, Error: w.Pick("说明没到的原因", "Say why they were not there")},
		{Name: w.Pick("侯映雪", "Hou Yingxue"), State: record.Present, Means: record.ByVideo, Known: w.Pick("09:15视频", "09:15 by video")},
	}
	for i := range rows {
		rows[i].Person = id.Person(i + 1)
	}
	return rows
}

func states(w *words.Words) []view.PresenceState {
	return []view.PresenceState{{State: record.Absent, Text: w.Pick("未到", "Absent")}, {State: record.Present, Text: w.Pick("到会", "Present")}, {State: record.Leave, Text: w.Pick("请假", "Leave")}}
}

func step(b view.Base) view.StepView {
	w := b.W
	box := checkInBox(w)
	return view.StepView{
		Base: inBranch(b, view.AtMeeting), Crumbs: branchCrumbs(w, w.Pick("记录主题党日", "Record a theme day")), Title: w.Pick("记录主题党日", "Record a theme day"),
		Meta:   []string{w.Pick("6月固定党日，每月15日前后", "Fixed day of June, about the 15th"), w.Pick("6月30日前报完", "to be recorded by 30 June")},
		Action: view.PathAct + "/theme_day", Key: "k-7f3k", Org: "o12", Like: "/act/theme_day?org=o12&like=m551",
		Problems: []view.Problem{{Field: "theme", Text: w.Pick("填写党日主题", "Give the theme"), Clause: w.Pick("市委组织部“主题党日”通知", "City notice on theme days"), Href: "/source/s9"}, {Field: "presence.p6.note", Text: w.Pick("说明冯临川为什么没到", "Say why Feng Linchuan was not there")}},
		Fields:   themeDayFields(w),
		Rules: view.Compliance{Tally: w.Pick("应到37人，到会31人，请假5人，未到1人", "37 due, 31 present, 5 on leave, 1 absent"), Checks: []view.Check{
			{State: view.CheckOK, Text: w.Pick("每月相对固定一天开展", "On the fixed day of the month"), Clause: w.Pick("市委组织部“主题党日”通知", "City notice on theme days"), Href: "/source/s9"},
			{State: view.CheckOK, Text: w.Pick("到会31人，超过应到半数", "31 present, more than half"), Clause: w.Pick("支部工作条例第十一条", "Branch regulations, art. 11"), Href: "/source/s2"},
			{State: view.CheckBad, Text: w.Pick("缺主题，主题要明确", "The theme is missing"), Clause: w.Pick("市委组织部“主题党日”通知", "City notice on theme days"), Href: "/source/s9"},
			{State: view.CheckWait, Text: w.Pick("照片至少2张，现有1张", "At least two photographs, one so far")}}},
		Submit: w.Pick("提交归档", "Submit and file"), Saved: moment(18, 9, 38), CheckIn: &box,
	}
}

func themeDayFields(w *words.Words) []view.FormField {
	people := []view.Option{chosen("p1", w.Pick("武明远（书记）", "Wu Mingyuan (secretary)")), option("p2", w.Pick("薛砚秋（组织委员）", "Xue Yanqiu (organiser)"))}
	return []view.FormField{
		{Ask: record.TypeDay, Field: view.Field{Name: "on", Label: w.Pick("日期", "Day"), Value: "2026-06-16"}},
		{Ask: record.TypeTime, Field: view.Field{Name: "begins", Label: w.Pick("开始", "From"), Value: "09:00"}},
		{Ask: record.TypeTime, Field: view.Field{Name: "ends", Label: w.Pick("结束", "To"), Value: "11:10"}},
		{Ask: record.TypeText, Field: view.Field{Name: "theme", Label: w.Pick("党日主题", "Theme"), Wide: true, Error: w.Pick("填写党日主题", "Give the theme"), Hint: w.Pick("例如：学晋绥精神，议红枣产业", "Such as: study the Jinsui spirit, discuss the date trade")}},
		{Ask: record.TypeText, Field: view.Field{Name: "venue", Label: w.Pick("地点", "Place"), Value: w.Pick("村党群服务中心二层会议室", "Village centre, second floor")}},
		{Ask: record.TypePerson, Field: view.Field{Name: "chair", Label: w.Pick("主持人", "Chair"), Options: people}},
		{Ask: record.TypePerson, Field: view.Field{Name: "recorder", Label: w.Pick("记录人", "Recorder"), Options: []view.Option{chosen("p2", people[1].Text), option("p1", people[0].Text)}}},
		{Ask: record.TypeChoice, Many: true, Field: view.Field{Name: "did", Label: w.Pick("做了哪些规定动作", "What was done"), Wide: true, Options: []view.Option{chosen("oath", w.Pick("重温入党誓词", "Oath renewed")), chosen("study", w.Pick("学习", "Study")), chosen("fees", w.Pick("交纳党费", "Dues paid")), option("service", w.Pick("志愿服务", "Service"))}}},
		{Ask: record.TypeMoney, Unit: w.Pick("元", "yuan"), Field: view.Field{Name: "dues", Label: w.Pick("收党费", "Dues taken"), Value: "412.00", Optional: true}},
		{Ask: record.TypeNumber, Unit: w.Pick("分钟", "minutes"), Worked: "130", Field: view.Field{Name: "minutes", Label: w.Pick("时长", "Length")}},
		{Ask: record.TypeOrg, Field: view.Field{Name: "with_org", Label: w.Pick("联合开展的支部", "Held together with"), Optional: true, Hint: w.Pick("写名称或编号", "Name or number")}},
		{Ask: record.TypeText, Long: true, Field: view.Field{Name: "content", Label: w.Pick("会议内容", "What was said"), Hint: w.Pick("可以用手机语音输入", "You may dictate it"), Rows: 5, Value: minutesText(w)}},
		{Ask: record.TypePeople, Field: view.Field{Name: "presence", Label: w.Pick("到会情况", "Presence"), Hint: w.Pick("扫码的自动勾上，其余逐人补齐", "those who scanned are ticked, add the rest")}, People: view.PeopleField{States: states(w), Reasons: []string{w.Pick("外出务工", "Away for work"), w.Pick("因病", "Ill")}, Rows: roster(w)}},
		{Ask: record.TypeItems, Field: view.Field{Name: "decisions", Label: w.Pick("议定事项", "Decisions"), Hint: w.Pick("到期会提醒责任人", "whoever is responsible is reminded")}, Rows: view.RowsField{Most: 20, Rows: [][]view.FormField{decision(w, "0"), decision(w, "1")}}},
		{Ask: record.TypeFile, Field: view.Field{Name: "photos", Label: w.Pick("照片和附件", "Photographs and attachments"), Error: w.Pick("照片至少2张", "At least two photographs")}, Files: view.FilesField{Accept: "image/*,application/pdf", Limit: w.Pick("单个不超过20 MB", "At most 20 MB each"), Asked: w.Pick("还缺1张照片", "One photograph is missing"),
			Kept: []view.KeptFile{{Hash: "9f3a0c21", Name: w.Pick("党日现场1.jpg", "Scene 1.jpg"), Note: w.Pick("1.2 MB，已上传", "1.2 MB, sent"), Image: true, Href: "/file/9f3a0c21"}}}},
	}
}

func decision(w *words.Words, n string) []view.FormField {
	return []view.FormField{
		{Ask: record.TypeText, Field: view.Field{Name: "decisions." + n + ".text", Label: w.Pick("事项", "What"), Value: w.Pick("防雹网建设方案提交村民代表会议", "The hail nets go to the villagers' assembly")}},
		{Ask: record.TypePerson, Field: view.Field{Name: "decisions." + n + ".owner", Label: w.Pick("责任人", "Who"), Options: []view.Option{chosen("p1", w.Pick("武明远", "Wu Mingyuan"))}}},
		{Ask: record.TypeDay, Field: view.Field{Name: "decisions." + n + ".until", Label: w.Pick("期限", "Until"), Value: "2026-07-05"}},
	}
}

// generalStep has what the theme day lacks: a vote, and nothing to complain of.
func generalStep(b view.Base) view.StepView {
	v := step(b)
	v.Title, v.Problems, v.CheckIn = b.W.Pick("记录党员大会", "Record a general meeting"), nil, nil
	v.Rules = view.Compliance{}
	v.Fields = []view.FormField{v.Fields[0],
		{Ask: record.TypePerson, Field: view.Field{Name: "guest", Label: b.W.Pick("列席的上级同志", "Guest from above"), Optional: true, Hint: b.W.Pick("写姓名或编号", "Name or number")}},
		{Ask: record.TypeVote, Field: view.Field{Name: "admit", Label: b.W.Pick("接收预备党员表决", "Vote on admission"), Error: b.W.Pick("赞成、反对、弃权加起来比实到多1票", "For, against and abstained make one more than those present")}, Vote: view.VoteField{Due: "35", Present: "29", For: "28", Against: "1", Abstain: "1", Written: "0"}},
		{Ask: record.TypeItems, Field: view.Field{Name: "agenda", Label: b.W.Pick("议程", "Agenda")}},
	}
	return v
}

func correcting(b view.Base) view.StepView {
	v := generalStep(b)
	v.Correct = &view.Correcting{Seq: 41077, Href: view.RecordPath(41077), Reason: view.Field{Name: "reason", Label: b.W.Pick("更正原因", "Why it is corrected"), Rows: 2}}
	v.Have = 41080
	return v
}

func minutesText(w *words.Words) string {
	return w.Pick("1. 全体党员重温入党誓词，学习党章第一章。\n2. 武明远通报村集体光伏和红枣合作社上半年收支：收入9.6万元，支出3.1万元。\n3. 讨论枣园防雹网建设，拟先建120亩，提交村民代表会议表决。",
		"1. All members renewed the oath and studied the first chapter.\n2. Wu Mingyuan reported income of 96,000 and spending of 31,000 yuan.\n3. Hail nets for 120 mu go to the villagers' assembly.")
}

func dayOf(m time.Month, d int) day.Day { return day.New(2026, m, d) }
