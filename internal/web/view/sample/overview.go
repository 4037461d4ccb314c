package sample

import (
	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func overviewPages() []Page {
	return []Page{
		{"/", func(b view.Base) templ.Component { return view.Overview(overview(b)) }},
		{"/overview/township", func(b view.Base) templ.Component { return view.Overview(township(b)) }},
		{"/todo", func(b view.Base) templ.Component { return view.Todo(todo(b)) }},
		{"/todo/empty", func(b view.Base) templ.Component {
			b.At = view.AtTodo
			return view.Todo(view.TodoView{Base: b, Done: b.W.Pick("本月还没有办结的事", "Nothing done this month yet"), DoneAt: "/todo/done"})
		}},
		{"/due", func(b view.Base) templ.Component { return view.DuePage(due(b)) }},
		{"/search", func(b view.Base) templ.Component { return view.Search(search(b)) }},
		{"/search/none", func(b view.Base) templ.Component { return view.Search(view.SearchView{Base: b, Q: "枣木湾"}) }},
	}
}

func overview(b view.Base) view.OverviewView {
	w := b.W
	m := countyMap(w)
	b.Banners = []view.Banner{view.Filling(w, 812_400, 2_310_000)}
	return view.OverviewView{
		Base: b, Scope: w.Pick("吕梁市", "Lüliang"), Meta: []string{w.Pick("13个县（市、区）", "13 counties"), w.Pick("统计期2026年6月", "June 2026")},
		AsOf: w.Pick("截至第412,077条记录", "As of record 412,077"), AsOfRef: "/journal/412077",
		Periods: []view.Tab{{Text: w.Pick("本月", "Month"), Href: "/?p=month", Current: true}, {Text: w.Pick("本季", "Quarter"), Href: "/?p=quarter"}, {Text: w.Pick("近一年", "Year"), Href: "/?p=year"}},
		Tiles: []view.Tile{
			{Label: w.Pick("党支部", "Branches"), Value: "8,440", Unit: w.Pick("个", "branches"), Sub: w.Pick("党员193,063名", "193,063 members"), Href: "/figure/branches"},
			{Label: w.Pick("召开专题组织生活会", "Held the special meeting"), Value: "8,440", Unit: w.Pick("个支部", "branches"), Sub: w.Pick("全部召开", "all of them"), Href: "/figure/life_meeting"},
			{Label: w.Pick("民主评议参评率", "Took part in the appraisal"), Value: "93.13", Unit: "%", Sub: w.Pick("参评17.98万人", "179,800 people"), Href: "/figure/appraisal"},
			{Label: w.Pick("主题党日覆盖率", "Theme-day coverage"), Value: "97.3", Unit: "%", Sub: w.Pick("本月还差228个支部", "228 branches to go"), Href: "/figure/theme_day"},
			{Label: w.Pick("支部查找问题", "Problems branches found"), Value: "1.97", Unit: w.Pick("万条", "×10⁴"), Sub: w.Pick("已整改1.62万条", "16,200 settled"), Href: "/figure/problems"},
			{Label: w.Pick("逾期事项", "Overdue"), Value: "41", Unit: w.Pick("项", "matters"), Sub: w.Pick("涉及36个支部", "in 36 branches"), Bad: true, Href: "/due"},
		},
		Measure: w.Pick("民主评议参评率", "Share taking part in the appraisal"), Note: w.Pick("参评人数 ÷ 应参评人数", "took part ÷ due to"), NoteRef: "/figure/appraisal",
		Choices: []view.Tab{{Text: w.Pick("参评率", "Appraisal"), Href: "/?m=a", Current: true}, {Text: w.Pick("主题党日", "Theme day"), Href: "/?m=t"}, {Text: w.Pick("三会一课", "Meetings"), Href: "/?m=s"}},
		Map:     &m, Bars: countyBars(w), Beyond: w.Pick("市直机关及企事业单位支部612个，参评率95.2%，不在图上。", "612 branches of city offices and enterprises, 95.2%, are not on the map."),
		Tasks: tasks(w)[:4], Open: 12, Trend: trend(w), Source: "/figure/theme_day", Behind: behind(w)[:3], Late: 36,
	}
}

func township(b view.Base) view.OverviewView {
	v := overview(b)
	w := b.W
	v.Banners = nil
	v.Scope, v.Meta = w.Pick("碛口镇", "Qikou"), []string{w.Pick("41个支部", "41 branches")}
	v.Map, v.Beyond = nil, ""
	v.Bars = nil
	for i, name := range [][2]string{{"枣林湾村党支部", "Zaolinwan"}, {"谷子坪村党支部", "Guziping"}, {"苇子沟村党支部", "Weizigou"}, {"梨花坪村党支部", "Lihuaping"}, {"砚台湾村党总支", "Yantaiwan"}} {
		v.Bars = append(v.Bars, view.BarRow{Name: w.Pick(name[0], name[1]), Href: "/org/b1", Permille: 1000 - i*70, Value: percent(1000 - i*70), Extra: "34 / 37", Behind: i == 4})
	}
	v.Tasks, v.Open, v.Behind, v.Late = nil, 0, nil, 0
	return v
}

func tasks(w *words.Words) []view.Task {
	branch := w.Pick("组织生活，枣林湾村党支部", "Organisation life, Zaolinwan branch")
	return []view.Task{
		{Title: w.Pick("4月党小组会没有开，补开并说明", "Hold the April group meeting and explain"), Small: branch, Href: "/meeting/new", Deadline: view.Deadline{Text: w.T("day.late", "n", "49"), Urgency: view.Late}},
		{Title: w.Pick("整改清单第3项到期", "Item 3 of the rectification list is due"), Small: w.Pick("组织生活会，苇子沟村党支部", "Life meeting, Weizigou branch"), Href: "/life/l1", Deadline: view.Deadline{Text: w.T("day.late", "n", "1"), Urgency: view.Late}, Tag: &view.Tag{Tone: view.Line, Text: w.Pick("等你确认", "awaits you")}},
		{Title: w.Pick("6月主题党日签到表还没有上传", "Upload the sign-in sheet of the June theme day"), Small: branch, Href: "/meeting/m1", Deadline: view.Deadline{Text: w.T("day.today"), Urgency: view.Soon}},
		{Title: w.Pick("二季度党课", "Lecture of the second quarter"), Small: branch, Href: "/meeting/new", Deadline: view.Deadline{Text: w.T("day.left", "n", "9"), Urgency: view.Later}},
		{Title: w.Pick("二季度党员大会", "General meeting of the second quarter"), Small: branch, Href: "/meeting/new", Deadline: view.Deadline{Text: w.T("day.left", "n", "12"), Urgency: view.Later}},
		{Title: w.Pick("与7名流动党员谈心谈话", "Talks with seven members away from home"), Small: branch, Href: "/life/talk", Deadline: view.Deadline{Text: w.Pick("12月31日", "31 December"), Urgency: view.Later}},
	}
}

func behind(w *words.Words) []view.BehindRow {
	var out []view.BehindRow
	for _, n := range [][3]string{{"苇子沟村党支部", "Weizigou village branch", "碛口镇党委"}, {"柳沟湾村党支部", "Liugouwan village branch", "云溪乡党委"}, {"河畔社区第一党支部", "Hepan community first branch", "滨河街道党工委"}, {"东坡煤业机电队党支部", "Dongpo mine electricians' branch", "东坡煤业党委"}} {
		out = append(out, view.BehindRow{Org: w.Pick(n[0], n[1]), Href: "/org/b3", Above: w.Pick(n[2], "its committee"), Duty: w.Pick("5月主题党日", "Theme day of May"), Rule: w.Pick("市委“主题党日”通知", "City notice on theme days"), RuleHref: "/source/theme-day-notice#rhythm", Deadline: view.Deadline{Text: w.T("day.late", "n", "18"), Urgency: view.Late}})
	}
	return out
}

func todo(b view.Base) view.TodoView {
	b.At = view.AtTodo
	w := b.W
	t := tasks(w)
	return view.TodoView{
		Base: b, Meta: []string{w.Pick("6件，其中逾期2件、今天到期1件", "6, of these 2 late and 1 due today")},
		Scopes: []view.Tab{{Text: w.Pick("我的", "Mine"), Href: "/todo", Current: true}, {Text: w.Pick("本组织31件", "Organisation, 31"), Href: "/todo?of=org"}},
		Late:   t[:2], Today: t[2:3], Week: t[3:4], Later: t[4:],
		Asked: []view.Task{{Title: w.Pick("5月支委会记录与4月相似度92%", "Minutes of May are 92% like those of April"), Small: w.Pick("枣林湾村党支部", "Zaolinwan branch"), Href: "/meeting/m2#question", Deadline: view.Deadline{Text: w.Pick("可不答", "optional")}}},
		Given: []view.Task{{Title: w.Pick("补开4月党小组会", "Hold the April group meeting"), Small: w.Pick("枣林湾村 武明远", "Wu Mingyuan"), Href: "/meeting/new", Deadline: view.Deadline{Text: w.Pick("6月22日", "22 June")}}},
		Done:  w.Pick("本月办结46件，其中按时44件", "46 done this month, 44 in time"), DoneAt: "/todo?done=yes",
	}
}

func due(b view.Base) view.DueView {
	b.At = view.AtDue
	w := b.W
	c := calendar(w)
	v := view.DueView{
		Base: b, Org: w.Pick("吕梁市", "Lüliang"), Meta: []string{w.Pick("8,440个支部", "8,440 branches")}, Year: w.Pick("2026年组织生活日历", "Organisation life 2026"), Earlier: "/due?year=2025", Duties: &c,
		Behind: behind(w), Choices: []view.Tab{{Text: w.Pick("全部", "All"), Href: "/due", Current: true}, {Text: w.Pick("主题党日", "Theme day"), Href: "/due?duty=theme_day"}, {Text: w.Pick("党小组会", "Group meeting"), Href: "/due?duty=group_meeting"}},
		Pager: view.NewPager(41, 1, 20, "/due", nil), XLSX: "/due.xlsx",
	}
	for i, t := range [][2]string{{"主题党日", "Theme day"}, {"支委会", "Committee meeting"}, {"党小组会", "Group meeting"}, {"党员大会", "General meeting"}} {
		v.Totals = append(v.Totals, view.DutyTotal{Duty: w.Pick(t[0], t[1]), Period: w.Pick("6月", "June"), Href: "/figure/x", Permille: 973 - i*60, Value: percent(973 - i*60), Done: "8,212 / 8,440", Deadline: view.Deadline{Text: w.T("day.left", "n", "12")}, Rule: w.Pick("支部工作条例·会议", "Branch regulations: meetings"), RuleHref: "/rule/theme_day.per_month"})
	}
	return v
}

func search(b view.Base) view.SearchView {
	w := b.W
	return view.SearchView{
		Base: b, Q: w.Pick("枣林湾", "Zaolinwan"),
		Orgs:    view.Found{All: 3, Hits: []view.Hit{{Title: w.Pick("枣林湾村党支部", "Zaolinwan village branch"), Small: w.Pick("临县 / 碛口镇", "Lin / Qikou"), Href: "/org/b1"}, {Title: w.Pick("枣林湾村第一党小组", "First group of Zaolinwan"), Small: w.Pick("枣林湾村党支部", "Zaolinwan branch"), Href: "/org/g1"}}},
		People:  view.Found{All: 37, More: "/person?q=1", Hits: []view.Hit{{Title: w.Pick("武明远", "Wu Mingyuan"), Small: w.Pick("枣林湾村党支部书记", "Secretary, Zaolinwan branch"), Href: "/person/1"}, {Title: w.Pick("薛砚秋", "Xue Yanqiu"), Small: w.Pick("枣林湾村党支部组织委员", "Committee member, Zaolinwan branch"), Href: "/person/2"}}},
		Matters: view.Found{All: 1, Hits: []view.Hit{{Title: w.Pick("6月主题党日", "Theme day of June"), Small: "TD-2026-4417", Href: "/meeting/m1"}}},
		Rules:   view.Found{All: 1, Hits: []view.Hit{{Title: w.Pick("主题党日每月次数", "Theme days a month"), Small: w.Pick("现行1次", "now 1"), Href: "/rule/theme_day.per_month"}}},
	}
}
