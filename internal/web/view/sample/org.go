package sample

import (
	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func orgPages() []Page {
	return []Page{
		{"/org/b1", func(b view.Base) templ.Component { return view.Org(branch(b)) }},
		{"/org/t1", func(b view.Base) templ.Component { return view.Org(committee(b)) }},
		{"/org/b1/history", func(b view.Base) templ.Component { return view.OrgHistory(orgHistory(b)) }},
	}
}

func crumbs(w *words.Words) []view.Crumb {
	return []view.Crumb{{Text: w.Pick("吕梁市", "Lüliang"), Href: "/org/1"}, {Text: w.Pick("临县", "Lin"), Href: "/org/141124"}, {Text: w.Pick("碛口镇党委", "Qikou"), Href: "/org/t1"}, {Text: w.Pick("枣林湾村党支部", "Zaolinwan village branch")}}
}

func orgTabs(w *words.Words, at int) []view.Tab {
	tabs := []view.Tab{
		{Text: w.Pick("支部首页", "Home"), Href: "/org/b1"}, {Text: w.Pick("党员", "Members"), Href: "/person?org=b1", Count: 37},
		{Text: w.Pick("组织生活", "Meetings"), Href: "/meeting?org=b1", Count: 64}, {Text: w.Pick("变更记录", "History"), Href: "/org/b1/history", Count: 9},
	}
	tabs[at].Current = true
	return tabs
}

func leaders(w *words.Words) []view.Face {
	return []view.Face{
		{Name: w.Pick("武明远", "Wu Mingyuan"), Post: w.Pick("党支部书记", "Secretary"), Href: "/person/1"},
		{Name: w.Pick("薛砚秋", "Xue Yanqiu"), Post: w.Pick("组织委员", "Organisation"), Href: "/person/2"},
		{Name: w.Pick("高望舒", "Gao Wangshu"), Post: w.Pick("宣传委员", "Publicity"), Href: "/person/3"},
		{Name: w.Pick("刘禾", "Liu He"), Post: w.Pick("纪检委员", "Discipline"), Href: "/person/4"},
	}
}

func branch(b view.Base) view.OrgView {
	b.At = view.AtOrg
	w := b.W
	c := calendar(w)
	return view.OrgView{
		Base: b, Crumbs: crumbs(w), Tree: tree(w), Name: w.Pick("枣林湾村党支部", "Zaolinwan village branch"),
		Tags: []view.Tag{{Tone: view.Bad, Icon: "triangle-alert", Text: w.Pick("1项逾期", "1 overdue")}},
		Meta: []string{w.Pick("组织代码 149999-109-0007", "Code 149999-109-0007"), w.Pick("建立于1952年7月", "since July 1952"), w.Pick("上级：碛口镇党委", "Superior: Qikou committee")},
		Tabs: orgTabs(w, 0),
		Actions: []view.Action{
			{Text: w.Pick("换届", "Election"), Icon: "vote", Blocked: w.Pick("任期到2028年1月，现在还不能换届", "The term runs until January 2028")},
			{Text: w.Pick("打印支部手册", "Print handbook"), Icon: "printer", Href: "/org/b1/print"},
			{Text: w.Pick("记录组织生活", "Record a meeting"), Icon: "plus", Href: "/meeting/new", Primary: true},
		},
		Tiles: []view.Tile{
			{Label: w.Pick("党员", "Members"), Value: "37", Unit: w.Pick("名", "people"), Sub: w.Pick("其中预备2名", "2 probationary"), Href: "/person?org=b1"},
			{Label: w.Pick("本年组织生活", "Meetings this year"), Value: "23", Unit: "/ 24", Sub: w.Pick("党小组会逾期1次", "1 group meeting overdue"), Bad: true, Href: "#duties"},
			{Label: w.Pick("平均到会率", "Attendance"), Value: "84.6", Unit: "%", Sub: w.Pick("近十二个月", "twelve months"), Href: "/figure/attendance?org=b1"},
			{Label: w.Pick("换届到期", "Term ends"), Value: "2028", Unit: w.Pick("年1月", "Jan"), Sub: w.Pick("还有19个月", "19 months left"), Href: "/org/b1/history"},
		},
		Year: w.Pick("2026年组织生活日历", "Organisation life 2026"), Earlier: "/org/b1?year=2025", Duties: &c,
		Recent: trail(w), AllHref: "/meeting?org=b1", Leaders: leaders(w), Elected: w.Pick("2023年1月换届", "elected January 2023"),
		Facts: []view.Fact{{Name: w.Pick("类别", "Kind"), Text: w.Pick("党支部", "Branch")}, {Name: w.Pick("党小组", "Groups"), Text: w.Pick("3个", "3")}, {Name: w.Pick("上级", "Superior"), Text: w.Pick("碛口镇党委", "Qikou committee"), Href: "/org/t1"}, {Name: w.Pick("行业", "Sector"), Text: w.Pick("行政村", "Village")}},
	}
}

func committee(b view.Base) view.OrgView {
	v := branch(b)
	w := b.W
	v.Name, v.Tags, v.Duties, v.Recent = w.Pick("碛口镇党委", "Qikou township committee"), nil, nil, nil
	p := view.NewPager(41, 1, 20, "/org/t1", nil)
	v.Pager = &p
	for i, n := range [][2]string{{"枣林湾村党支部", "Zaolinwan village branch"}, {"谷子坪村党支部", "Guziping village branch"}, {"苇子沟村党支部", "Weizigou village branch"}, {"砚台湾村党总支", "Yantaiwan general branch"}} {
		r := view.OrgRow{Name: w.Pick(n[0], n[1]), Href: "/org/b1", Kind: w.Pick("党支部", "Branch"), Leader: leaders(w)[i].Name, Members: w.N(37 - i*5), Behind: i % 2}
		if i == 3 {
			r.Orgs, r.Kind = "3", w.Pick("党总支", "General branch")
		}
		v.Below = append(v.Below, r)
	}
	return v
}

func orgHistory(b view.Base) view.OrgHistoryView {
	b.At = view.AtOrg
	w := b.W
	return view.OrgHistoryView{
		Base: b, Crumbs: crumbs(w), Tree: tree(w), Name: w.Pick("枣林湾村党支部", "Zaolinwan village branch"), Tabs: orgTabs(w, 3), Pager: view.NewPager(9, 1, 20, "/org/b1/history", nil),
		Entries: []view.Entry{
			{Day: w.Pick("2023年1月12日", "12 Jan 2023"), Title: w.Pick("换届：选举武明远等5人为委员", "Election: Wu Mingyuan and four others"), Gate: true, Who: w.Pick("党员大会，到会31人", "General meeting, 31 present"), Seal: &view.Seal{State: view.SealOK, Digest: "71d0…9ab4", Href: "/journal/77"}},
			{Day: w.Pick("2019年6月3日", "3 Jun 2019"), Title: w.Pick("由枣林湾党支部更名", "Renamed"), Who: w.Pick("碛口镇党委批复", "By decision of the committee"), LateDays: 12, Seal: &view.Seal{State: view.SealOK, Digest: "c2f8…10de"}},
		},
	}
}
