package sample

import (
	"net/url"
	"strconv"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func figurePages() []Page {
	return []Page{
		drawn("/figures", view.Figures, figures),
		drawn("/figures/appraised", view.Figure, figure),
		drawn("/figures/plain", view.Figure, plainFigure),
		drawn("/figures/appraised/people", view.Counted, countedPeople),
		drawn("/figures/appraised/missing", view.Counted, missingPeople),
		drawn("/figures/appraised/records", view.Counted, countedRecords),
		drawn("/figures/appraised/orgs", view.Counted, countedOrgs),
		drawn("/figures/appraised/minus/theme_day_people", view.Counted, minus),
		drawn("/checks", view.FigureChecks, figureChecks),
		drawn("/checks/hold", view.FigureChecks, func(b view.Base) view.FigureChecksView {
			v := figureChecks(b)
			v.Checks, v.Failed = v.Checks[1:], 0
			return v
		}),
	}
}

func query() view.FigureQuery {
	return view.FigureQuery{ID: "appraised", Org: 1, From: dayOf(1, 1), To: dayOf(6, 30), AsOf: 41077}
}

func scope(w *words.Words) view.FigureScope {
	return view.FigureScope{Action: query().Path(), Orgs: []view.Option{chosen("o1", w.Pick("吕梁市", "Lüliang")), option("o3", w.Pick("临县", "Lin county"))}, From: dayOf(1, 1), To: dayOf(6, 30), AsOf: 41077, Time: moment(18, 9, 38),
		Quick: []view.Tab{{Text: w.Pick("本月", "This month"), Href: "?q=m"}, {Text: w.Pick("本季", "This quarter"), Href: "?q=q"}, {Text: w.Pick("本年", "This year"), Href: "?q=y", Current: true}, {Text: w.Pick("上年", "Last year"), Href: "?q=l"}}}
}

func topCrumbs(w *words.Words, more ...view.Crumb) []view.Crumb {
	return append([]view.Crumb{{Text: w.T("nav.figure"), Href: view.PathFigure}}, more...)
}

func figures(b view.Base) view.FiguresView {
	w := b.W
	people, branches, items := w.Pick("人", "people"), w.Pick("个支部", "branches"), w.Pick("条", "items")
	return view.FiguresView{Base: above(b, view.AtFigure), Org: w.Pick("吕梁市", "Lüliang"), Period: w.Pick("2026年1月至6月", "January to June 2026"), Scope: scope(w), Failed: 1, Checks: view.PathChecks,
		Topics: []view.FigureTopic{
			{Title: w.Pick("组织生活会与民主评议", "Life meeting and appraisal"), Figures: []view.FigureLine{
				{Title: w.Pick("召开专题组织生活会的支部", "Branches that held the special meeting"), Value: "8,440", Unit: branches, Share: "100%", Permille: 1000, Of: w.Pick("应开8,440个", "of 8,440"), Per: w.Pick("每年每支部计一次", "each branch once a year"), Href: "/figure/life_meeting"},
				{Title: w.Pick("参加民主评议的党员", "Members who took part in the appraisal"), Value: "179,800", Unit: people, Share: "93.13%", Permille: 931, Of: w.Pick("应参评193,063人", "of 193,063 people"), Per: w.Pick("每年每人计一次", "each person once a year"), Href: query().Path()},
				{Title: w.Pick("书记查找的问题", "Problems found by secretaries"), Value: "27,000", Unit: items, Per: w.Pick("按条计", "each item"), Href: "/figure/problems_secretary"},
				{Title: w.Pick("批评意见", "Criticism opinions"), Value: "23,000", Unit: items, Per: w.Pick("按条计", "each item"), Href: "/figure/opinions"}}},
			{Title: w.Pick("主题党日与三会一课", "Theme days and meetings"), Figures: []view.FigureLine{
				{Title: w.Pick("按月开展主题党日的支部", "Branches with a theme day each month"), Value: "49,712", Unit: w.Pick("次", "times"), Share: "98.2%", Permille: 982, Of: w.Pick("应开50,640次", "of 50,640"), Per: w.Pick("每月每支部计一次", "each branch once a month"), Href: "/figure/theme_day"}}}}}
}

func figure(b view.Base) view.FigureView {
	w := b.W
	chart, m := trend(w), countyMap(w)
	chart.Label = w.Pick("近12个月参评人数变化", "People taking part, twelve months")
	v := view.FigureView{Base: above(b, view.AtFigure), Crumbs: topCrumbs(w, view.Crumb{Text: w.Pick("参加民主评议的党员", "Members appraised")}), Query: query(), Title: w.Pick("参加民主评议的党员", "Members who took part in the appraisal"), Org: w.Pick("吕梁市", "Lüliang"), Period: w.Pick("2026年1月至6月", "January to June 2026"), Scope: scope(w),
		Value: "179,800", Unit: w.Pick("人", "people"), Share: "93.13%", Permille: 931, Whole: w.Pick("应参评党员", "members due"), WholeValue: w.Pick("193,063人", "193,063 people"),
		Definition: w.Pick("统计期内参加过民主评议党员的正式党员和预备党员，一年内同一人只算一次。", "Members and probationary members who took part in an appraisal in the period, each person once a year."),
		Basis:      []view.TextLink{{Text: w.Pick("民主评议党员办法第四条", "Appraisal rules, art. 4"), Href: "/source/s3"}},
		Lists:      []view.FigureList{{Title: w.Pick("逐人", "People"), Count: 179800, Icon: "users", Href: query().People()}, {Title: w.Pick("记录", "Records"), Count: 8440, Icon: "scroll-text", Href: query().Records()}, {Title: w.Pick("还缺谁", "Missing"), Count: 13263, Icon: "user-x", Warn: true, Href: query().Missing()}},
		Trend:      &chart, Map: &m, Others: []view.Option{option("theme_day_people", w.Pick("参加主题党日的党员", "Members at theme days")), option("lecture_people", w.Pick("听党课的党员", "Members at lectures"))}, Checks: checks(w)[:1], MayExport: true}
	for i, r := range counties(w) {
		v.Below = append(v.Below, view.FigureRow{Org: r.Name, Href: query().Path(), Value: w.N(shares[i] * 14), Of: w.N(14000 + i*90), Share: r.Value, Permille: r.Permille, Missing: 900 - shares[i]/2, MissHref: query().Missing()})
	}
	v.Below[0].Missing = 0
	return v
}

// plainFigure is a share of nothing, of one branch in one month.
func plainFigure(b view.Base) view.FigureView {
	v := figure(b)
	v.Title, v.Value, v.Unit, v.Share, v.Whole = b.W.Pick("批评意见", "Criticism opinions"), "9", b.W.Pick("条", "items"), "", ""
	v.Trend, v.Map, v.Below, v.Others, v.Checks, v.MayExport = nil, nil, nil, nil, nil, false
	v.Lists = v.Lists[1:2]
	v.Scope.Fixed, v.Scope.Newest = true, "/figure/opinions"
	return v
}

func counted(b view.Base, at int, title, explain string) view.CountedView {
	w := b.W
	v := view.CountedView{Base: above(b, view.AtFigure), Crumbs: topCrumbs(w, view.Crumb{Text: w.Pick("参加民主评议的党员", "Members appraised"), Href: query().Path()}, view.Crumb{Text: title}), Title: title, Meta: []string{w.Pick("临县", "Lin county"), w.Pick("2026年1月至6月", "January to June 2026")}, Scope: scope(w), Explain: explain,
		Tabs:  []view.Tab{{Text: w.Pick("组织", "Organisations"), Href: "/figures/appraised/orgs", Count: 1048}, {Text: w.Pick("逐人", "People"), Href: query().People(), Count: 19800}, {Text: w.Pick("记录", "Records"), Href: query().Records(), Count: 1048}, {Text: w.Pick("还缺谁", "Missing"), Href: query().Missing(), Count: 1263}},
		Pager: view.NewPager(19800, 1, 50, query().People(), url.Values{}), XLSX: query().File("xlsx"), CSV: query().File("csv")}
	v.Tabs[at].Current = true
	return v
}

func countedPeople(b view.Base) view.CountedView {
	v := counted(b, 1, b.W.Pick("参加评议的党员", "Who took part"), b.W.Pick("按名册顺序", "by the roster"))
	for i, r := range roster(b.W) {
		v.People = append(v.People, view.CountedPerson{Name: r.Name, Href: "/person/" + r.Person.String(), Org: village(b.W), OrgHref: "/org/o12", Times: 1 + i%2})
	}
	return v
}

func missingPeople(b view.Base) view.CountedView {
	v := countedPeople(b)
	v.Title, v.Explain = b.W.Pick("还没有参加评议的党员", "Who has not taken part"), b.W.Pick("应参评、还没有参评的，请支部补上", "due and not there yet")
	v.Tabs[1].Current, v.Tabs[3].Current = false, true
	for i := range v.People {
		v.People[i].Times, v.People[i].Note = 0, b.W.Pick("流动党员", "Away from home")
	}
	return v
}

func countedRecords(b view.Base) view.CountedView {
	w := b.W
	v := counted(b, 2, w.Pick("所依据的记录", "Records it rests on"), w.Pick("数字由这些记录加总", "the figure adds these up"))
	v.Sort = view.CountedRecords
	for i := range 4 {
		v.Records = append(v.Records, view.CountedRecord{Seq: int64(40112 + i), Href: view.MatterPath("m533"), Day: dayOf(2, 6+i), Title: w.Pick("民主评议：召开", "Appraisal: held"), Org: village(w), Adds: strconv.Itoa(35 - i), LateDays: i % 2 * 9, Seal: sealed(int64(40112+i), "0be9…c310")})
	}
	return v
}

func countedOrgs(b view.Base) view.CountedView {
	v := counted(b, 0, b.W.Pick("计入的组织", "Organisations counted"), b.W.Pick("按组织架构", "by the tree"))
	v.Sort = view.CountedOrgs
	for _, name := range townships(b.W) {
		v.Orgs = append(v.Orgs, view.CountedOrg{Name: name, Href: query().Of(9).Path(), Above: b.W.Pick("临县", "Lin county"), Value: "1,204"})
	}
	return v
}

func minus(b view.Base) view.CountedView {
	v := missingPeople(b)
	v.Title, v.Tabs = b.W.Pick("参加过评议、没有参加过主题党日的党员", "Appraised, and never at a theme day"), nil
	v.Minus = &view.MinusHead{A: view.TextLink{Text: b.W.Pick("参加民主评议的党员", "Members appraised"), Href: query().Path()}, B: view.TextLink{Text: b.W.Pick("参加主题党日的党员", "Members at theme days"), Href: "/figure/theme_day_people"}, ACount: 179800, BCount: 181022, Both: 178537, Left: 1263, Swap: "/figure/theme_day_people/minus/appraised"}
	v.People, v.Pager = nil, view.NewPager(0, 1, 50, "/x", url.Values{})
	return v
}

func checks(w *words.Words) []view.FigureCheck {
	all := view.CheckTerm{Title: w.Pick("参评人数", "Took part"), Value: "179,800", Href: query().Path()}
	return []view.FigureCheck{
		{Title: w.Pick("各等次之和等于参评正式党员", "Grades add up to the full members who took part"), Sign: "=", Left: []view.CheckTerm{{Title: w.Pick("优秀", "Excellent"), Value: "53,100", Href: "/figure/e"}, {Title: w.Pick("合格", "Qualified"), Value: "121,004", Href: "/figure/q"}, {Title: w.Pick("基本合格", "Basically"), Value: "1,690", Href: "/figure/bq"}}, Right: []view.CheckTerm{all}, Sum: "175,794", Want: "175,800", Diff: "−6",
			Rows: []view.CheckRow{{Org: w.Pick("苇子沟村党支部", "Weizigou village branch"), Href: "/org/o13", Left: "17", Right: "19", Diff: "−2"}, {Org: w.Pick("梨花坪村党支部", "Lihuaping village branch"), Href: "/org/o14", Left: "20", Right: "24", Diff: "−4"}}, More: "/checks?id=grades"},
		{Title: w.Pick("参评人数不超过应参评人数", "Not more took part than were due"), Sign: "≤", Left: []view.CheckTerm{all}, Right: []view.CheckTerm{{Title: w.Pick("应参评", "Due"), Value: "193,063", Href: "/figure/due"}}, Sum: "179,800", Want: "193,063", Holds: true},
	}
}

func figureChecks(b view.Base) view.FigureChecksView {
	w := b.W
	return view.FigureChecksView{Base: above(b, view.AtFigure), Crumbs: topCrumbs(w, view.Crumb{Text: w.Pick("勾稽关系", "Rules between figures")}), Org: w.Pick("吕梁市", "Lüliang"), Period: w.Pick("2026年1月至6月", "January to June 2026"), Scope: scope(w), Checks: checks(w), Failed: 1}
}
