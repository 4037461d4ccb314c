package sample

import (
	"strconv"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func duesPages() []Page {
	return []Page{
		drawn("/dues", view.DuesBook, duesBook),
		drawn("/dues/none", view.DuesBook, func(b view.Base) view.DuesView {
			v := duesBook(b)
			v.Book, v.Actions = "", []view.Action{{Text: b.W.T("dues.open_book"), Href: "/act/dues", Primary: true}}
			return v
		}),
		drawn("/dues/below", view.DuesBelow, func(b view.Base) view.DuesBelowView {
			v, w := duesBook(b), b.W
			return view.DuesBelowView{Base: b, Crumbs: v.Crumbs, Org: w.Pick("临县", "Linxian"), Year: v.Year, Earlier: v.Earlier, Later: v.Later, Tiles: v.Tiles, Rows: []view.DuesBelowRow{
				{Org: w.Pick("三交镇", "Sanjiao"), Href: "/dues?org=o9", Owed: "12,400.00", Received: "11,900.00", Permille: 959, Share: "95.9%", Special: "1,000.00", HandedUp: "11,000.00"},
				{Org: w.Pick("碛口镇", "Qikou"), Href: "/dues?org=o10", Owed: "0.00", Received: "0.00", Special: "0.00", HandedUp: "0.00"}}}
		}),
		drawn("/dues/mine", view.MyDues, myDues),
		drawn("/dues/mine/none", view.MyDues, func(b view.Base) view.MyDuesView {
			v := myDues(b)
			v.Branches = []view.MyDuesBranch{{Branch: village(b.W)}, {Branch: village(b.W), Opened: true}}
			return v
		}),
		drawn("/dues/mine/nowhere", view.MyDues, func(b view.Base) view.MyDuesView {
			v := myDues(b)
			v.Branches, v.Later = nil, ""
			return v
		}),
	}
}

func duesMember(w *words.Words, name string) view.DuesMember {
	m := view.DuesMember{Name: name, Href: "/person/p3", Owed: "90.00", Paid: "60.00", Arrears: "30.00", Waived: "15.00", Credit: "1.00", Behind: w.T("dues.behind", "n", "2"),
		How: []view.DuesHow{{Months: w.Pick("1月至6月", "January to June"), Text: w.Pick("按月领取工资，基数3000.00元，在3000.00元以下（含）一档，按0.5%计算，每月15.00元", "Monthly wage: base 3000.00 yuan, up to 3000.00, at 0.5%: 15.00 yuan a month"), Clause: w.Pick("党费规定，领取工资的党员", "Regulation on dues, members with a wage"), Href: "/source/dues-rules#wage"}}}
	states := []view.DuesState{view.DuesPaid, view.DuesWaived, view.DuesPart, view.DuesOpen, view.DuesOpen, view.DuesLater, view.DuesNone}
	for i := range m.Months {
		s := states[min(i, len(states)-1)]
		name := strconv.Itoa(i+1) + w.Pick("月", "")
		m.Months[i] = view.DuesMonth{Name: name, State: s, Text: name + w.Pick("：应交15.00元", ": 15.00 yuan")}
		if s == view.DuesNone {
			m.Months[i].Text = ""
		}
	}
	return m
}

func duesPayments(w *words.Words, who string) []view.DuesPayment {
	return []view.DuesPayment{{Day: w.Pick("2026年3月10日", "10 March 2026"), Who: who, Amount: "45.00", Means: w.Pick("转账", "Transfer"), Months: w.Pick("1月 2月 3月", "January February March"), Receipt: "1204-3", Href: "/matter/o12.2026.dues/receipt/1204"}}
}

func duesBook(b view.Base) view.DuesView {
	w := b.W
	v := view.DuesView{Base: inBranch(b, view.AtDues), Crumbs: []view.Crumb{{Text: village(w), Href: "/org/o12"}, {Text: w.T("nav.dues")}}, Org: village(w), Year: w.Pick("2026年", "2026"), Earlier: "/dues?year=2025", Later: "/dues?year=2027",
		Actions: []view.Action{{Text: w.Pick("申报计算基数", "Declare the bases"), Href: "/matter/o12.2026.dues/declare"}, {Text: w.Pick("收缴", "Collect dues"), Href: "/matter/o12.2026.dues/collect", Primary: true}},
		Book:    "/matter/o12.2026.dues",
		Tiles:   []view.Tile{{Label: w.T("dues.due_now"), Value: "1,290.00", Unit: w.T("unit.yuan"), Sub: w.T("dues.rate", "share", "93.0%")}, {Label: w.T("dues.arrears"), Value: "90.00", Unit: w.T("unit.yuan"), Sub: w.T("dues.behind_people", "n", "2"), Bad: true}},
		Members: []view.DuesMember{duesMember(w, w.Pick("段景和", "Duan Jinghe")), duesMember(w, w.Pick("康怀信", "Kang Huaixin"))}, Payments: duesPayments(w, w.Pick("段景和", "Duan Jinghe")),
		Accounts: []view.DuesAccount{{Name: w.T("dues.account_owed"), Credit: "2,580.00"}, {Name: w.T("dues.account_sum"), Debit: "2,580.00", Credit: "2,580.00"}},
		Waiting:  []view.TextLink{{Text: w.T("dues.waiting_request", "name", w.Pick("康怀信", "Kang Huaixin"), "record", "1210"), Href: "/matter/o12.2026.dues"}},
	}
	for i := range v.Months {
		v.Months[i] = strconv.Itoa(i + 1)
	}
	return v
}

func myDues(b view.Base) view.MyDuesView {
	w := b.W
	paid := duesMember(w, "")
	paid.Arrears, paid.Behind, paid.Waived, paid.Credit = "", "", "", ""
	return view.MyDuesView{Base: inBranch(b, view.AtDues), Year: w.Pick("2026年", "2026"), Earlier: "/dues/mine?year=2025", Later: "/dues/mine?year=2027",
		Branches: []view.MyDuesBranch{{Branch: village(w), Opened: true, Declared: true, Mine: duesMember(w, ""), Payments: duesPayments(w, "")}, {Branch: village(w), Opened: true, Declared: true, Mine: paid}}}
}
