package sample

import (
	"net/url"

	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func dutyPages() []Page {
	return []Page{
		drawn("/obligations/o12", view.BranchDues, branchDues),
		drawn("/obligations/o12/quiet", view.BranchDues, func(b view.Base) view.BranchDuesView {
			v := branchDues(b)
			v.Running, v.Later = nil, ""
			return v
		}),
		drawn("/obligations/o3", view.DueMatrix, dueMatrix),
		drawn("/obligations/o4", view.DueMatrix, func(b view.Base) view.DueMatrixView {
			v := dueMatrix(b)
			v.Behind.Rows, v.Behind.May = nil, false
			return v
		}),
	}
}

func branchDues(b view.Base) view.BranchDuesView {
	w := b.W
	rule := w.Pick("支部工作条例第十四条", "Branch regulations, art. 14")
	return view.BranchDuesView{Base: inBranch(b, view.AtDue), Crumbs: branchCrumbs(w, w.T("nav.due")), Org: village(w), Year: w.Pick("2026年", "2026"), Earlier: "/due?year=2025", Later: "/due?year=2027", Calendar: calendar(w),
		Running: []view.RunningDuty{
			{Duty: w.Pick("党小组会", "Group meeting"), Span: w.MonthName(4), Times: 1, Deadline: view.Deadline{Text: w.Pick("逾期49天", "49 days late"), Urgency: view.Late}, Rule: rule, RuleHref: "/rule/group_meeting", Do: view.BeginPath("group_meeting", 12)},
			{Duty: w.Pick("党员大会", "General meeting"), Span: w.Pick("二季度", "second quarter"), Times: 1, Deadline: view.Deadline{Text: w.Pick("还有12天", "12 days left")}, Rule: rule, RuleHref: "/rule/general_meeting", Do: view.BeginPath("general_meeting", 12)},
			{Duty: w.Pick("组织生活会", "Organisation-life meeting"), Span: w.Pick("2026年", "2026"), Times: 2, Held: 1, Deadline: view.Deadline{Text: w.Pick("还有196天", "196 days left")}, Rule: rule, RuleHref: "/rule/life_meeting"},
		}}
}

func dueMatrix(b view.Base) view.DueMatrixView {
	w := b.W
	duties := []string{themeDay(w), w.Pick("支委会", "Committee"), w.Pick("党小组会", "Group"), w.Pick("党员大会", "General"), w.Pick("党课", "Lecture"), w.Pick("组织生活会", "Life meeting"), w.Pick("民主评议", "Appraisal")}
	v := view.DueMatrixView{Base: above(b, view.AtDue), Crumbs: []view.Crumb{{Text: w.Pick("吕梁市", "Lüliang"), Href: "/due"}, {Text: w.Pick("临县", "Lin")}}, Org: w.Pick("临县", "Lin county"), Period: w.Month(at), Earlier: "/due?month=2026-05"}
	for i, d := range duties {
		span := w.MonthName(6)
		if i > 2 {
			span = w.Pick("二季度", "2nd quarter")
		}
		if i > 4 {
			span = w.Pick("2026年", "2026")
		}
		v.Duties = append(v.Duties, view.MatrixDuty{Title: d, Span: span, Rule: w.Pick("支部工作条例第十四条", "Branch regulations, art. 14"), RuleHref: "/rule/r"})
	}
	for i, name := range townships(w) {
		v.Rows = append(v.Rows, view.MatrixRow{Org: name, Href: "/due?org=o" + w.N(20+i), Cells: matrixCells(len(duties), 41+7*i, i)})
	}
	v.Total = matrixCells(len(duties), 1048, 3)
	v.Behind = behindList(w)
	return v
}

func townships(w *words.Words) []string {
	return []string{w.Pick("临泉镇党委", "Linquan"), w.Pick("白文镇党委", "Baiwen"), w.Pick("碛口镇党委", "Qikou"), w.Pick("三交镇党委", "Sanjiao"), w.Pick("林家坪镇党委", "Linjiaping"), w.Pick("县直机关工委", "County offices")}
}

func matrixCells(n, bound, seed int) []view.MatrixCell {
	cells := make([]view.MatrixCell, n)
	for i := range cells {
		left := (seed*5 + i*3) % 8
		cells[i] = view.MatrixCell{Bound: bound, Done: bound - left, Open: left, Href: "#behind"}
		if i == 2 {
			cells[i].Behind, cells[i].Open = left, 0
		}
	}
	cells[n-1] = view.MatrixCell{}
	return cells
}

func behindList(w *words.Words) view.BehindList {
	list := view.BehindList{Duty: w.Pick("4月党小组会", "Group meeting of April"), DutyID: "group_meeting", Key: "k9", May: true, Pager: view.NewPager(31, 1, 20, view.PathDue, url.Values{"duty": {"group_meeting"}}),
		Choices: []view.Tab{{Text: themeDay(w), Href: "/due?duty=theme_day"}, {Text: w.Pick("党小组会", "Group meeting"), Href: "/due?duty=group_meeting", Current: true}}}
	for i, name := range []string{village(w), w.Pick("苇子沟村党支部", "Weizigou village branch"), w.Pick("梨花坪村党支部", "Lihuaping village branch")} {
		row := view.BehindOrg{Org: id.Org(12 + i), Name: name, Href: "/org/o12", Above: w.Pick("碛口镇党委", "Qikou township"), Times: 1, Deadline: view.Deadline{Text: w.Pick("逾期49天", "49 days late"), Urgency: view.Late}}
		if i == 0 {
			row.Reminded = at - 3
		}
		list.Rows = append(list.Rows, row)
	}
	return list
}
