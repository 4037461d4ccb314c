package sample

import "qingfeng/internal/web/view"

func minePages() []Page {
	return []Page{
		drawn("/home", view.MemberHome, memberHome),
		drawn("/home/quiet", view.MemberHome, func(b view.Base) view.MemberHomeView {
			v := memberHome(b)
			v.Now, v.Next, v.Leaves, v.Appraisal, v.Ask = nil, nil, nil, nil, ""
			return v
		}),
		drawn("/home/secretary", view.SecretaryHome, secretaryHome),
		drawn("/home/secretary/quiet", view.SecretaryHome, func(b view.Base) view.SecretaryHomeView {
			v := secretaryHome(b)
			v.Count, v.Errands, v.Notices = 0, nil, nil
			return v
		}),
	}
}

func memberHome(b view.Base) view.MemberHomeView {
	w := b.W
	c := card(w)
	lecture := c
	lecture.Head, lecture.Theme, lecture.When = village(w)+" "+w.Pick("党课", "Lecture"), w.Pick("党章第一章", "The first chapter"), w.Pick("6月28日（周日）19:30", "Sunday 28 June, 19:30")
	return view.MemberHomeView{
		Base: inBranch(b, view.AtOverview), Today: w.Pick("6月18日，星期四", "Thursday 18 June"), Name: w.Pick("段景和", "Duan Jinghe"), Branch: village(w), BranchRef: "/org/o12", Secretary: helper(w),
		Now:      &view.NextMeeting{MeetingCard: c, Href: "/matter/m567"},
		Next:     []view.NextMeeting{{MeetingCard: lecture, Href: "/matter/m580", Leave: "/matter/m580/leave"}, {MeetingCard: c, Href: "/matter/m581", State: view.Tag{Tone: view.Line, Icon: "check", Text: w.Pick("已请假", "On leave")}}},
		Attended: view.Attendance{Year: w.Pick("2026年", "2026"), Present: 12, Due: 13, Permille: 923, Share: "92.3%", Href: "/person/p3"},
		Appraisal: &view.MyAppraisal{Title: w.Pick("2025年度民主评议", "Appraisal of 2025"), Href: "/matter/m533", Do: w.Pick("写自评", "Write my self-appraisal"), Grade: "",
			Stages: []view.Step{{Title: w.Pick("自评", "Self"), State: view.StepNow}, {Title: w.Pick("互评", "Mutual")}, {Title: w.Pick("测评", "Ballot")}, {Title: w.Pick("反馈", "Feedback")}}},
		Leaves: []view.LeaveLine{{Meeting: w.Pick("5月主题党日", "Theme day of May"), Reason: w.Pick("住院复查", "At hospital"), State: view.Tag{Tone: view.Good, Icon: "check", Text: w.Pick("同意", "Granted")}, Href: "/matter/m551"}},
		Ask:    "/matter/m580/leave", Dues: w.Pick("现在应补交30.00元", "30.00 yuan to pay now"), Looked: w.Pick("近30天2次：武明远、贺青禾", "Twice in 30 days: Wu Mingyuan, He Qinghe"), LookedRef: "/person/p3#looks",
	}
}

func secretaryHome(b view.Base) view.SecretaryHomeView {
	w := b.W
	done, short := view.Tag{Tone: view.Good, Icon: "check", Text: w.Pick("已完成", "Done")}, view.Tag{Tone: view.Warn, Icon: "clock", Text: w.Pick("差2项", "2 missing")}
	three := view.Tag{Icon: "calendar", Text: w.Pick("3项", "3")}
	return view.SecretaryHomeView{
		Base: inBranch(b, view.AtOverview), Today: w.Pick("6月18日，星期四", "Thursday 18 June"), Name: w.Pick("武明远", "Wu Mingyuan"), Count: 2,
		Errands: []view.Errand{
			{Icon: "calendar-check", Text: w.Pick("补报6月16日党日记录", "Finish the record of 16 June"), Sub: w.Pick("照片和主题还没填，约3分钟", "Photographs and theme are missing"), Late: true, Href: "/act/theme_day"},
			{Icon: "message-square", Text: w.Pick("说明1条疑问", "Answer one question"), Sub: w.Pick("4月党日与3月相似", "April's minutes look like March's"), Href: "/matter/m501"},
		},
		Keys:  [4]view.Errand{{Icon: "qr-code", Text: w.Pick("开会签到", "Check-in"), Href: view.CheckInPath("m567")}, {Icon: "notebook-pen", Text: w.Pick("记会议", "Record"), Href: view.PathMeeting}, {Icon: "users", Text: w.Pick("党员", "Members"), Href: view.PathPerson}, {Icon: "messages-square", Text: w.Pick("谈心谈话", "Talks"), Href: view.BeginPath("talk", 12)}},
		Month: w.Pick("6月要做的", "Due in June"), Year: view.PathDue,
		Duties:  []view.Errand{{Icon: "circle-check", Text: w.Pick("支委会", "Committee meeting"), Sub: w.Pick("6月9日已开", "held 9 June"), Href: "/matter/m560", Tag: &done}, {Icon: "circle-dashed", Text: themeDay(w), Sub: w.Pick("已开，待补记录", "held, record incomplete"), Href: "/matter/m567", Tag: &short}, {Icon: "circle-dashed", Text: w.Pick("党小组会、党员大会、党课", "Group, general meeting, lecture"), Sub: w.Pick("6月30日前", "by 30 June"), Tag: &three}},
		Notices: []view.Errand{{Icon: "file-text", Text: w.Pick("半年党员统计核对", "Half-year count of members"), Sub: w.Pick("6月30日前，只改有变化的", "by 30 June"), Href: "/todo"}},
	}
}
