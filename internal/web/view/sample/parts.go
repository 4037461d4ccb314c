package sample

import (
	"strconv"
	"time"

	"qingfeng/internal/web/static"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func calendar(w *words.Words) view.Calendar {
	var c view.Calendar
	for m := time.January; m <= time.December; m++ {
		c.Months = append(c.Months, view.CalendarMonth{Name: w.MonthName(m), Now: m == time.June})
	}
	monthly := []view.DutyState{1, 1, 1, 1, 1, 3, 5, 5, 5, 5, 5, 5}
	group := []view.DutyState{1, 1, 1, 4, 2, 3, 5, 5, 5, 5, 5, 5}
	quarterly := []view.DutyState{0, 0, 1, 0, 0, 3, 0, 0, 5, 0, 0, 5}
	yearly := []view.DutyState{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	month, quarter, year := w.Pick("每月", "monthly"), w.Pick("每季", "quarterly"), w.Pick("每年", "yearly")
	c.Rows = []view.CalendarRow{
		duty(w.Pick("主题党日", "Theme day"), month, monthly),
		duty(w.Pick("支委会", "Committee meeting"), month, monthly),
		duty(w.Pick("党小组会", "Group meeting"), month, group),
		duty(w.Pick("党员大会", "General meeting"), quarter, quarterly),
		duty(w.Pick("党课", "Lecture"), quarter, quarterly),
		duty(w.Pick("组织生活会", "Organisation-life meeting"), year, yearly),
		duty(w.Pick("民主评议党员", "Democratic appraisal"), year, yearly),
	}
	return c
}

func duty(title, rhythm string, states []view.DutyState) view.CalendarRow {
	r := view.CalendarRow{Duty: title, Rhythm: rhythm, Href: "/rule/theme_day"}
	for _, s := range states {
		c := view.CalendarCell{State: s}
		if s != view.DutyLater {
			c.Href = "/meeting/m1"
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// shares are invented rates of the 13 counties, in permille, by division code.
var shares = []int{960, 935, 944, 902, 893, 937, 903, 913, 916, 939, 955, 959, 947}

var pinyin = []string{"Lishi", "Wenshui", "Jiaocheng", "Xing", "Lin", "Liulin", "Shilou", "Lan", "Fangshan", "Zhongyang", "Jiaokou", "Xiaoyi", "Fenyang"}

func counties(w *words.Words) []view.BarRow {
	var out []view.BarRow
	for i, a := range byCode() {
		out = append(out, view.BarRow{Name: w.Pick(a.Name, pinyin[i]), Href: "/org/" + a.Code, Permille: shares[i], Value: percent(shares[i]), Extra: w.N(shares[i]*7) + " / " + w.N(7000), Behind: shares[i] < 905})
	}
	return out
}

func byCode() []static.Area {
	all := static.Counties().Areas
	out := make([]static.Area, 0, len(all))
	for _, code := range []string{"141102", "141121", "141122", "141123", "141124", "141125", "141126", "141127", "141128", "141129", "141130", "141181", "141182"} {
		for _, a := range all {
			if a.Code == code {
				out = append(out, a)
			}
		}
	}
	return out
}

func countyBars(w *words.Words) []view.BarRow { return counties(w) }

func countyMap(w *words.Words) view.Map {
	m := view.Map{Title: w.Pick("民主评议参评率", "Share taking part in the appraisal"), Scale: []string{"< 90%", "90–92", "92–94", "94–95", "≥ 95%"}}
	for i, a := range byCode() {
		m.Areas = append(m.Areas, view.MapArea{Code: a.Code, Name: w.Pick(a.Name, pinyin[i]), Value: percent(shares[i]), Shade: shade(shares[i]), Href: "/org/" + a.Code})
	}
	return m
}

func shade(permille int) int {
	n := 1
	for _, edge := range []int{900, 920, 940, 950} {
		if permille >= edge {
			n++
		}
	}
	return n
}

func percent(permille int) string {
	return strconv.Itoa(permille/10) + "." + strconv.Itoa(permille%10) + "%"
}

func trend(w *words.Words) view.Chart {
	c := view.Chart{ID: "chart-coverage", Label: w.Pick("近12个月主题党日覆盖率，从94.1%到98.2%", "Theme-day coverage over twelve months, from 94.1% to 98.2%"), Unit: "%", Max: 100}
	s := view.Series{Name: w.Pick("覆盖率", "Coverage"), Line: true}
	late := view.Series{Name: w.Pick("其中补开", "Of these held late")}
	for i, v := range []string{"94.1", "95.0", "94.8", "96.2", "96.0", "97.1", "95.4", "93.2", "97.3", "97.9", "98.1", "98.2"} {
		c.Categories = append(c.Categories, w.MonthName(time.Month((i+6)%12+1)))
		s.Values = append(s.Values, view.Decimal(v))
		late.Values = append(late.Values, view.Decimal(strconv.Itoa(3+i%4)+".5"))
	}
	c.Series = []view.Series{s, late}
	return c
}

func trail(w *words.Words) []view.Entry {
	return []view.Entry{
		{Day: w.Pick("6月9日", "9 June"), Small: w.Pick("周二 19:30", "Tue 19:30"), Title: w.Pick("支委会：研究红枣合作社分红方案", "Committee meeting: dividends of the date cooperative"), Href: "/meeting/m3",
			Tags: []view.Tag{{Tone: view.Good, Icon: "check", Text: w.Pick("已归档", "Filed")}}, Text: w.Pick("到会5人，应到5人。形成决议2项。", "5 of 5 present. 2 resolutions."), Gate: true,
			Evidence: []view.Evidence{{Icon: "file-text", Name: w.Pick("会议记录", "Minutes"), Note: "186 KB", Href: "/file/1"}}, Seal: &view.Seal{State: view.SealOK, Digest: "a41c…77e2", Href: "/journal/41077"}},
		{Day: w.Pick("5月15日", "15 May"), Small: w.Pick("周五 08:30", "Fri 08:30"), Title: w.Pick("主题党日：晋绥精神现场学习", "Theme day: on-site study"), LateDays: 3, Who: w.Pick("薛砚秋，5月25日记录", "Xue Yanqiu, written down on 25 May"),
			Evidence: []view.Evidence{{Icon: "list-checks", Name: w.Pick("签到表", "Sign-in sheet"), Note: w.Pick("32人", "32 people"), Href: "/file/2"}}, Seal: &view.Seal{State: view.SealWait, Digest: "0be9…c310"}},
		{Day: w.Pick("4月30日", "30 April"), Small: w.Pick("到期", "deadline"), Title: w.Pick("4月党小组会未开", "April group meeting not held"), Bad: true, Tags: []view.Tag{{Tone: view.Bad, Icon: "triangle-alert", Text: w.Pick("逾期", "Overdue")}}},
	}
}

func tree(w *words.Words) []view.Node {
	lin := view.Node{Name: w.Pick("临县", "Lin"), Href: "/org/141124", Count: "1,048", Open: true, Children: []view.Node{
		{Name: w.Pick("碛口镇党委", "Qikou township committee"), Href: "/org/t1", Count: "41", Open: true, Children: []view.Node{
			{Name: w.Pick("枣林湾村党支部", "Zaolinwan village branch"), Href: "/org/b1", Count: "37", Current: true},
			{Name: w.Pick("谷子坪村党支部", "Guziping village branch"), Href: "/org/b2", Count: "28"},
			{Name: w.Pick("苇子沟村党支部", "Weizigou village branch"), Href: "/org/b3", Count: "19", Flag: w.Pick("有逾期事项", "Something is overdue")},
		}},
	}}
	city := view.Node{Name: w.Pick("吕梁市", "Lüliang"), Href: "/org/1", Count: "8,440", Open: true}
	for i, a := range byCode() {
		if a.Code == "141124" {
			city.Children = append(city.Children, lin)
			continue
		}
		city.Children = append(city.Children, view.Node{Name: w.Pick(a.Name, pinyin[i]), Href: "/org/" + a.Code, Count: w.N(600 + i*17)})
	}
	return []view.Node{city}
}
