package sample

import (
	"net/url"

	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func personPages() []Page {
	return []Page{
		{"/person", func(b view.Base) templ.Component { return view.People(people(b)) }},
		{"/person/none", func(b view.Base) templ.Component {
			v := people(b)
			v.Rows, v.Pager = nil, view.NewPager(0, 1, 20, "/person", nil)
			return view.People(v)
		}},
		{"/person/2", func(b view.Base) templ.Component { return view.Person(person(b)) }},
	}
}

func people(b view.Base) view.PeopleView {
	b.At = view.AtPerson
	w := b.W
	v := view.PeopleView{
		Base: b, Crumbs: []view.Crumb{{Text: w.Pick("碛口镇党委", "Qikou"), Href: "/org/t1"}, {Text: w.T("nav.person")}}, Org: w.Pick("碛口镇党委", "Qikou committee"), Meta: []string{w.Pick("在册1,204名", "1,204 on the roster")},
		Actions: []view.Action{{Text: w.Pick("登记党员", "Register a member"), Icon: "user-plus", Href: "/matter/new", Primary: true}},
		OrgID:   "t1", XLSX: "/person.xlsx?org=t1", CSV: "/person.csv?org=t1",
		Standing: []view.Option{{Text: w.Pick("全部", "All")}, {Value: "member", Text: w.Pick("正式党员", "Full member"), Selected: true}, {Value: "probationary", Text: w.Pick("预备党员", "Probationary")}},
		Order:    []view.Option{{Value: "name", Text: w.T("person.name")}, {Value: "joined", Text: w.T("person.joined"), Selected: true}},
		Chips:    []view.Chip{{Text: w.Pick("类别：正式党员", "Standing: full member"), Href: "/person?org=t1"}},
		Heads:    view.PeopleHeads(w, "joined", true, false, func(c string) string { return "/person?sort=" + c }),
		Pager:    view.NewPager(1204, 3, 20, "/person", url.Values{"org": {"t1"}}),
	}
	for i, n := range [][3]string{{"武明远", "Wu Mingyuan", "男"}, {"薛砚秋", "Xue Yanqiu", "女"}, {"高望舒", "Gao Wangshu", "男"}, {"段景和", "Duan Jinghe", "男"}, {"白若川", "Bai Ruochuan", "男"}, {"乔知夏", "Qiao Zhixia", "女"}} {
		r := view.PersonRow{Name: w.Pick(n[0], n[1]), Href: "/person/2", Org: w.Pick("枣林湾村党支部", "Zaolinwan village branch"), Sex: w.Pick(n[2], "–"), Joined: "1998.07.01", Years: w.Pick("27年", "27"), Standing: view.Tag{Tone: view.Line, Text: w.Pick("正式党员", "Full member")}}
		if i == 0 {
			r.Post = w.Pick("书记", "secretary")
		}
		if i == 4 {
			r.Standing = view.Tag{Tone: view.Act, Icon: "map-pin", Text: w.Pick("流动外出", "Away")}
		}
		if i == 5 {
			r.Standing = view.Tag{Tone: view.Warn, Icon: "clock", Text: w.Pick("转正到期还有12天", "Confirmation in 12 days")}
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

func person(b view.Base) view.PersonView {
	b.At = view.AtPerson
	w := b.W
	life := trend(w)
	life.ID, life.Unit, life.Max, life.Label = "chart-life", w.Pick("次", "×"), 4, w.Pick("近十二个月参加33次，请假2次", "33 attended, 2 leaves")
	life.Series = []view.Series{
		{Name: w.Pick("参加", "Present"), Stack: "a", Values: []view.Decimal{"3", "3", "2", "3", "4", "3", "3", "2", "3", "3", "3", "1"}},
		{Name: w.Pick("请假", "Leave"), Stack: "a", Values: []view.Decimal{"0", "0", "1", "0", "0", "0", "0", "1", "0", "0", "0", "0"}},
	}
	present := view.Tag{Tone: view.Good, Icon: "user-check", Text: w.Pick("到会", "Present")}
	return view.PersonView{
		Base: b, Crumbs: []view.Crumb{{Text: w.Pick("枣林湾村党支部", "Zaolinwan branch"), Href: "/org/b1"}, {Text: w.T("nav.person"), Href: "/person?org=b1"}, {Text: w.Pick("薛砚秋", "Xue Yanqiu")}},
		Name: w.Pick("薛砚秋", "Xue Yanqiu"), Small: w.Pick("女，39岁", "woman, 39"), Tags: []view.Tag{{Tone: view.Good, Icon: "check", Text: w.Pick("正式党员", "Full member")}, {Tone: view.Line, Text: w.Pick("组织委员", "Organisation")}},
		Actions: []view.Action{{Text: w.Pick("更正", "Correct"), Icon: "pencil", Href: "/matter/correct"}},
		Tabs:    []view.Tab{{Text: w.Pick("档案", "File"), Href: "/person/2", Current: true}, {Text: w.Pick("组织生活", "Meetings"), Href: "/person/2/meetings", Count: 33}},
		Facts:   personFacts(w), Checked: w.Pick("2026年6月9日本人确认", "confirmed by herself, 9 June 2026"), Numbers: []view.Fact{{Name: w.Pick("公民身份号码", "ID number"), Text: "149999**********46"}, {Name: w.Pick("联系电话", "Telephone"), Text: "139****0000"}}, Reveal: "/person/2/reveal",
		Purposes: []view.Option{{Value: "report", Text: w.Pick("年报核对", "Yearly report")}, {Value: "transfer", Text: w.Pick("转接组织关系", "Transfer")}},
		Life:     &life, LifeText: life.Label, More: "/person/2/meetings",
		Meetings: []view.AttendedRow{
			{Day: w.Pick("6月9日", "9 June"), Title: w.Pick("支委会：研究红枣合作社分红方案", "Committee meeting"), Href: "/meeting/m3", Presence: present},
			{Day: w.Pick("5月15日", "15 May"), Title: w.Pick("主题党日：晋绥精神现场学习", "Theme day"), Href: "/meeting/m2", Presence: present},
			{Day: w.Pick("4月15日", "15 April"), Title: w.Pick("主题党日：春季植树", "Theme day"), Href: "/meeting/m1", Presence: view.Tag{Tone: view.Mute, Icon: "user", Text: w.Pick("请假：外出培训", "Leave: training")}},
		},
		Offices: []view.OfficeRow{
			{Role: w.Pick("组织委员", "Organisation"), Org: w.Pick("枣林湾村党支部", "Zaolinwan branch"), Href: "/org/b1", From: "2023.01"},
			{Role: w.Pick("党小组长", "Group leader"), Org: w.Pick("枣林湾村第二党小组", "Second group"), Href: "/org/g2", From: "2018.03", To: "2023.01"},
		},
		History: personHistory(w),
		Looks: []view.Look{
			{Who: w.Pick("镇党委组织干事 白若溪", "Bai Ruoxi, township officer"), At: w.Pick("6月17日 10:12", "17 June 10:12"), Why: w.Pick("名册核对", "checking the register")},
			{Who: w.Pick("本人", "Herself"), At: w.Pick("6月1日 20:03", "1 June 20:03")},
		},
		LooksAll: "/person/2/looks",
	}
}

func personFacts(w *words.Words) []view.Fact {
	return []view.Fact{
		{Name: w.Pick("出生年月", "Born"), Text: w.Pick("1986年11月", "November 1986")}, {Name: w.Pick("民族", "Nationality"), Text: w.Pick("汉族", "Han")},
		{Name: w.Pick("学历", "Education"), Text: w.Pick("大学本科", "Bachelor")}, {Name: w.Pick("手机", "Telephone"), Text: "138****6027", Mono: true},
		{Name: w.Pick("入党时间", "Joined"), Text: w.Pick("2011年6月28日", "28 June 2011")}, {Name: w.Pick("党小组", "Group"), Text: w.Pick("第二党小组", "Second")},
	}
}

func personHistory(w *words.Words) []view.Entry {
	ok := func(digest string) *view.Seal {
		return &view.Seal{State: view.SealOK, Digest: digest, Href: "/journal/5"}
	}
	return []view.Entry{
		{Day: "2023.01", Title: w.Pick("当选支部组织委员", "Elected to the branch committee"), Gate: true, Who: w.Pick("党员大会选举，到会31人，得票29", "31 present, 29 votes"), Seal: ok("71d0…9ab4"), Evidence: []view.Evidence{{Icon: "file-text", Name: w.Pick("选举报告单", "Election report"), Note: "92 KB", Href: "/file/9"}}},
		{Day: "2012.06.28", Title: w.Pick("转为正式党员", "Full member"), Gate: true, Who: w.Pick("碛口镇党委批复", "By decision of the township committee"), Seal: ok("c2f8…10de")},
		{Day: "2011.06.28", Title: w.Pick("吸收为预备党员", "Probationary member"), Who: w.Pick("介绍人：段景和、武明远", "Introduced by Duan Jinghe and Wu Mingyuan"), Seal: ok("5e03…aa71")},
		{Day: "2008.10.07", Title: w.Pick("递交入党申请书", "Applied"), Who: w.Pick("枣林湾村党支部收", "Received by the branch")},
	}
}
