package sample

import (
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func lifeMeetingPages() []Page {
	return []Page{
		drawn("/matter/m530", view.LifeMeeting, lifeMeeting),
		drawn("/matter/m533", view.Appraisal, appraisal),
		drawn("/matter/m534", view.Appraisal, func(b view.Base) view.AppraisalView {
			v := appraisal(b)
			v.Quota.Used, v.Quota.Most, v.MayNotice = 12, 11, false
			return v
		}),
		drawn("/matter/m533/notice", view.AppraisalNotice, appraisalNotice),
	}
}

func lifeMeeting(b view.Base) view.LifeMeetingView {
	w := b.W
	m := matter(b)
	m.Meta = []string{village(w), w.Pick("2026年2月6日", "6 February 2026")}
	m.At, m.ID, m.Title, m.Questions, m.Corrections, m.Lists, m.CheckIn = view.AtLife, "m530", w.Pick("2025年度组织生活会", "Organisation-life meeting of 2025"), nil, nil, nil, ""
	m.Stages = []view.Step{{Title: w.Pick("学习准备", "Prepare"), State: view.StepDone}, {Title: w.Pick("谈心谈话", "Talks"), State: view.StepDone}, {Title: w.Pick("查摆问题", "Find problems"), State: view.StepDone}, {Title: w.Pick("召开", "Hold"), Small: w.MonthDay(dayOf(2, 6)), State: view.StepDone}, {Title: w.Pick("整改", "Put right"), State: view.StepNow}, {Title: w.Pick("销号", "Close")}}
	return view.LifeMeetingView{MatterView: m, Problems: problems(w),
		States: []view.Part{{Name: w.Pick("已销号", "Closed"), Count: 2, Text: "2"}, {Name: w.Pick("已改", "Put right"), Count: 1, Text: "1"}, {Name: w.Pick("整改中", "Being put right"), Count: 1, Text: "1"}, {Name: w.Pick("待改", "To be put right"), Count: 1, Text: "1"}, {Name: w.Pick("反弹", "Came back"), Count: 1, Text: "1"}}, StateLine: w.Pick("已销号2条，已改1条，整改中1条，待改1条，反弹1条", "2 closed, 1 put right, 1 being put right, 1 open, 1 came back"),
		Sources: []view.SourceCount{{Name: w.Pick("书记查找", "Found by the secretary"), Count: 2, Href: "/figure/problems_secretary"}, {Name: w.Pick("支部查找", "Found by the branch"), Count: 3, Href: "/figure/problems_branch"}, {Name: w.Pick("群众反映", "Raised by people around"), Count: 1}},
		Opinions: []view.Opinion{
			{Giver: w.Pick("薛砚秋", "Xue Yanqiu"), Receiver: w.Pick("武明远", "Wu Mingyuan"), Text: w.Pick("分红方案没有先开支委会就对外说了。", "The dividends were talked about before the committee met."), Reply: w.Pick("以后先上会。", "It goes to the committee first from now on."), Private: true},
			{Giver: w.Pick("武明远", "Wu Mingyuan"), Receiver: w.Pick("薛砚秋", "Xue Yanqiu"), Text: w.Pick("流动党员联系得不勤。", "Members away from home are not called often enough."), Private: true}},
		OpinionCount: 9, OpinionHref: "/figure/criticism_opinions"}
}

func problems(w *words.Words) []view.FoundProblem {
	secretary, branch := w.Pick("书记查找", "Found by the secretary"), w.Pick("支部查找", "Found by the branch")
	wu := w.Pick("武明远", "Wu Mingyuan")
	above := w.Pick("碛口镇党委 侯清源", "Hou Qingyuan, township")
	rows := []view.FoundProblem{
		{Text: w.Pick("三会一课有时照搬上级材料", "Lessons copy papers from above"), Source: branch, Owner: w.Pick("支部", "The branch"), Measure: w.Pick("每季定一个本村的题目", "A topic of our own each quarter"), Until: dayOf(4, 30), Done: dayOf(4, 20), Verifier: above, Verified: dayOf(5, 6), State: view.ProblemClosed, StateText: w.Pick("已销号", "Closed")},
		{Text: w.Pick("对外出党员联系少", "Few calls to members away"), Source: branch, Owner: w.Pick("薛砚秋", "Xue Yanqiu"), Measure: w.Pick("每月打一次电话并记下来", "A call a month, written down"), Until: dayOf(6, 30), State: view.ProblemWorking, StateText: w.Pick("整改中", "Being put right"), Deadline: view.Deadline{Text: w.Pick("还有12天", "12 days left")}, Step: w.Pick("记改完", "Record as done"), StepHref: "/matter/m530/done"},
		{Text: w.Pick("村务公开不及时", "Village notices come late"), Source: w.Pick("群众反映", "Raised by people around"), Owner: wu, Measure: w.Pick("每月5日前上墙", "Up by the 5th"), Done: dayOf(6, 5), State: view.ProblemDone, StateText: w.Pick("已改", "Put right"), Step: w.Pick("验收", "Verify"), StepHref: "/matter/m530/accept"},
		{Text: w.Pick("学习笔记不全", "Study notes incomplete"), Source: secretary, Owner: wu, State: view.ProblemOpen, StateText: w.Pick("待改", "To be put right"), Deadline: view.Deadline{Text: w.Pick("逾期3天", "3 days late"), Urgency: view.Late}, Step: w.Pick("定措施", "Set a measure"), StepHref: "/matter/m530/measure"},
		{Text: w.Pick("支委会记录过简", "Minutes too short"), Source: branch, Owner: w.Pick("支部", "The branch"), Measure: w.Pick("写明每人意见", "Everybody's view is written down"), Done: dayOf(3, 2), Verifier: above, Verified: dayOf(3, 9), State: view.ProblemClosed, StateText: w.Pick("已销号", "Closed")},
		{Text: w.Pick("合作社账目公开拖延", "Accounts of the cooperative late"), Source: secretary, Owner: wu, Measure: w.Pick("按季公开", "Every quarter"), State: view.ProblemRelapsed, StateText: w.Pick("反弹", "Came back"), Deadline: view.Deadline{Text: w.Pick("明天", "Tomorrow"), Urgency: view.Soon}},
	}
	for i := range rows {
		rows[i].No, rows[i].RecordHref = i+1, view.RecordPath(int64(30100+i))
	}
	return rows
}

func appraisal(b view.Base) view.AppraisalView {
	w := b.W
	m := matter(b)
	m.Meta = []string{village(w), w.Pick("2026年2月6日", "6 February 2026")}
	m.At, m.ID, m.Title, m.Questions, m.Corrections, m.Lists, m.Votes, m.Presence, m.CheckIn = view.AtLife, "m533", w.Pick("2025年度民主评议党员", "Democratic appraisal of 2025"), nil, nil, nil, nil, nil, ""
	m.Stages = []view.Step{{Title: w.Pick("个人自评", "Self"), State: view.StepDone}, {Title: w.Pick("党员互评", "Mutual"), State: view.StepDone}, {Title: w.Pick("民主测评", "Ballot"), State: view.StepDone}, {Title: w.Pick("支委会提出意见", "Proposal"), State: view.StepDone}, {Title: w.Pick("反馈本人", "Feedback"), State: view.StepNow}, {Title: w.Pick("公布", "Publish")}}
	grades := []string{w.Pick("优秀", "Excellent"), w.Pick("合格", "Qualified"), w.Pick("基本合格", "Basically qualified"), w.Pick("不合格", "Unqualified")}
	v := view.AppraisalView{MatterView: m, Due: 37, Took: 35, Share: "94.6%", Permille: 946, Line: w.Pick("优秀11名，合格22名，基本合格1名，不合格0名", "11 excellent, 22 qualified, 1 basically, 0 unqualified"), MayNotice: true,
		Quota: view.Quota{Grade: grades[0], Most: 11, Of: 34, Used: 11, Rule: w.Pick("不超过参评正式党员的三分之一", "at most a third of the full members"), Clause: w.Pick("民主评议办法第六条", "Appraisal rules, art. 6"), ClauseHref: "/source/s3"}}
	for i, n := range []int{11, 22, 1, 0} {
		v.Grades = append(v.Grades, view.GradeCount{Grade: grades[i], Count: n})
	}
	for i, r := range roster(w) {
		row := view.AppraisedMember{Name: r.Name, Href: "/person/p1", Self: dayOf(1, 20), Mutual: 30 - i, Ballots: []int{20 - i, 10 + i, 1, 0}, Proposed: grades[min(i/3, 2)], Grade: grades[min(i/3, 2)], Told: dayOf(2, 10)}
		switch i {
		case 4:
			row.NoGrade, row.Ballots, row.Proposed, row.Grade, row.Told = w.Pick("预备党员，不定等次", "Probationary, no grade"), nil, "", "", 0
		case 6:
			row.Low, row.Education = true, view.Deadline{Text: w.Pick("帮助到12月31日", "help until 31 December")}
		}
		v.Members = append(v.Members, row)
	}
	return v
}

func appraisalNotice(b view.Base) view.AppraisalNoticeView {
	w := b.W
	names := make([]string, 0, 7)
	for _, r := range roster(w) {
		names = append(names, r.Name)
	}
	return view.AppraisalNoticeView{
		NoticeHead: view.NoticeHead{Base: b, Back: view.MatterPath("m533"), Issuer: w.Pick("中共碛口镇枣林湾村支部", "Zaolinwan Village Branch"), Number: w.Pick("事项编号 m533", "Matter m533"), Title: w.Pick("2025年度民主评议党员结果公告", "Results of the appraisal of 2025"), Day: dayOf(2, 12)},
		Lead:       w.Pick("2026年2月6日，支部召开党员大会，开展2025年度民主评议。应参评37人，参评35人。评议结果如下。", "On 6 February 2026 the branch held its appraisal of 2025. 35 of 37 took part. The results are these."),
		Lists:      []view.NoticeList{{Title: w.Pick("优秀（3名）", "Excellent (3)"), Names: names[:3]}, {Title: w.Pick("合格（4名）", "Qualified (4)"), Names: names[3:]}},
		Close:      w.Pick("公布时间5个工作日。对结果有不同意见的，可以向支部或碛口镇党委反映。", "Posted for five working days. Whoever disagrees may turn to the branch or to the township committee."),
	}
}
