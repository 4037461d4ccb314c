package sample

import (
	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
)

func contentPages() []Page {
	return []Page{
		{"/rule", func(b view.Base) templ.Component { return view.ContentList(rules(b)) }},
		{"/rule/theme_day.per_month", func(b view.Base) templ.Component { return view.Rule(rule(b)) }},
		{"/source/branch-work", func(b view.Base) templ.Component { return view.Source(source(b)) }},
		{"/procedure/theme_day", func(b view.Base) templ.Component { return view.Procedure(procedure(b)) }},
	}
}

func rules(b view.Base) view.ContentListView {
	w := b.W
	return view.ContentListView{Base: b, Kind: view.ContentRules, Rows: []view.ContentRow{
		{Title: w.Pick("主题党日每月次数", "Theme days a month"), Href: "/rule/theme_day.per_month", ID: "theme_day.per_month", Now: w.Pick("1次", "1"), Basis: w.Pick("市委“主题党日”通知", "City notice on theme days")},
		{Title: w.Pick("补记容许天数", "Days allowed for recording"), Href: "/rule/record.late_within", ID: "record.late_within", Now: w.Pick("5天", "5 days"), Basis: w.Pick("平台使用手册", "Handbook"), Own: true},
	}}
}

func rule(b view.Base) view.RuleView {
	w := b.W
	basis := w.Pick("市委“主题党日”通知·次数", "City notice on theme days: how often")
	return view.RuleView{
		Base: b, Title: w.Pick("主题党日每月次数", "Theme days a month"), ID: "theme_day.per_month", Unit: w.Pick("次", "times"), Sure: view.Tag{Tone: view.Good, Icon: "book-open", Text: w.Pick("有出处", "attested")},
		Own: &view.Own{Text: w.Pick("2026年3月1日起由市委组织部设定", "Set by the city from 1 March 2026"), Refs: []view.TextLink{{Text: w.Pick("第41,076号记录", "Record 41,076"), Href: "/journal/9"}}},
		Values: []view.RuleValue{
			{From: w.Pick("2026年3月1日", "1 March 2026"), Value: "1", Now: true, Basis: basis, Href: "/source/theme-day-notice#rhythm", Quoted: w.Pick("每个支部每月安排一天。", "Every branch sets aside one day a month.")},
			{From: w.Pick("2017年5月1日", "1 May 2017"), To: w.Pick("2026年2月28日", "28 February 2026"), Value: "1", Basis: basis, Href: "/source/theme-day-notice#rhythm"},
		},
		UsedBy: []view.TextLink{{Text: w.Pick("主题党日", "Theme day"), Href: "/procedure/theme_day"}},
	}
}

func source(b view.Base) view.SourceView {
	w := b.W
	return view.SourceView{
		Base: b, Title: w.Pick("中国共产党支部工作条例（试行）", "Regulations on the Work of Party Branches (trial)"), ID: "branch-work", Issuer: w.Pick("中共中央", "Central Committee"), InForce: w.Pick("2018年10月28日起", "from 28 October 2018"),
		Sure: view.Tag{Tone: view.Line, Text: w.Pick("通行", "well known")},
		Clauses: []view.ClauseView{
			{ID: "size", Name: w.Pick("支部的规模", "Size of a branch"), Text: w.Pick("有正式党员三人以上的成立支部，一般不超过五十人。", "Three full members or more make a branch, normally no more than fifty."), UsedBy: []view.TextLink{{Text: w.Pick("支部人数下限", "Least members"), Href: "/rule/org.members_least"}}},
			{ID: "general-meeting", Name: w.Pick("党员大会", "General meeting"), Text: w.Pick("一般每季度召开一次。", "Normally once a quarter.")},
		},
	}
}

func procedure(b view.Base) view.ProcedureView {
	w := b.W
	return view.ProcedureView{
		Base: b, Title: w.Pick("主题党日", "Theme day"), ID: "theme_day", Area: w.Pick("组织生活", "Organisation life"), Edition: w.Pick("2017年5月1日", "1 May 2017"),
		Editions: []view.Tab{{Text: "2017-05-01", Href: "/procedure/theme_day", Current: true}, {Text: "2026-03-01", Href: "/procedure/theme_day?from=2026-03-01"}},
		Basis:    []view.TextLink{{Text: w.Pick("市委“主题党日”通知", "City notice on theme days"), Href: "/source/theme-day-notice"}},
		Start:    &view.Action{Text: w.Pick("记录主题党日", "Record a theme day"), Icon: "plus", Href: "/meeting/new", Primary: true},
		Steps: []view.ProcedureStep{
			{Title: w.Pick("计划", "Plan"), By: w.Pick("党支部书记", "branch secretary"), Fields: []view.ProcedureField{{Title: w.Pick("主题", "Theme"), Type: w.Pick("文字", "text")}, {Title: w.Pick("地点", "Place"), Type: w.Pick("文字", "text"), Optional: true}}},
			{Title: w.Pick("召开", "Hold"), By: w.Pick("党支部书记、组织委员", "secretary, organisation member"), After: w.Pick("计划", "Plan"), Within: w.Pick("计划后30天内", "within 30 days of the plan"), Limit: view.TextLink{Href: "/rule/x"}, Closes: true, Fields: []view.ProcedureField{{Title: w.Pick("到会率", "Attendance"), Type: w.Pick("数字", "number"), Computed: true}}},
		},
	}
}
