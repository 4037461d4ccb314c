package sample

import (
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
)

func accountPages() []Page {
	pages := []Page{
		{"/settings", func(b view.Base) templ.Component { return view.Settings(settings(b)) }},
		{"/settings/enrol", func(b view.Base) templ.Component {
			v := settings(b)
			v.Second = view.SecondFactor{Demanded: true, QR: qr(), Secret: "JBSW Y3DP EHPK 3PXP"}
			v.Problems = []view.Problem{{Field: "code", Text: b.W.Pick("动态码不对，看看手机时间准不准", "The code is wrong; check the clock of the phone")}}
			return view.Settings(v)
		}},
		{"/settings/owes", func(b view.Base) templ.Component {
			v := settings(out(b))
			v.Owes, v.Second, v.Scopes = b.W.T("settings.owes_factor"), view.SecondFactor{Demanded: true}, nil
			return view.Settings(v)
		}},
		{"/help", func(b view.Base) templ.Component {
			return view.Help(view.HelpView{Base: b, Contact: b.W.Pick("市委组织部 贺青禾", "He Qinghe")})
		}},
	}
	for _, s := range []int{400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503} {
		pages = append(pages, Page{"/failure/" + strconv.Itoa(s), func(b view.Base) templ.Component { return view.Failure(failure(b, s)) }})
	}
	return append(pages, Page{"/failure/out", func(b view.Base) templ.Component { return view.Failure(failure(out(b), 404)) }})
}

func settings(b view.Base) view.SettingsView {
	b.At = view.AtSettings
	w := b.W
	b.Flash = &view.Flash{Text: w.Pick("显示设置已保存", "Display saved")}
	return view.SettingsView{
		Base: b, Account: "heqinghe", Password: true,
		Second: view.SecondFactor{On: true, Spare: []string{"4TQ9-KX2M", "P7WD-33HN", "ZB5C-8RLY", "M2VF-Q6JS"}},
		Sessions: []view.Session{
			{ID: "s1", Device: "Chrome, Windows", From: "10.14.2.31", Since: w.Pick("6月18日 08:02", "18 June 08:02"), Last: w.Pick("刚才", "just now"), Current: true},
			{ID: "s2", Device: w.Pick("手机浏览器, Android", "Browser, Android"), From: "10.99.7.4", Since: w.Pick("6月2日 20:41", "2 June 20:41"), Last: w.Pick("昨天", "yesterday")},
		},
		Scopes: []view.Option{{Value: "read", Text: w.Pick("只读", "Read")}, {Value: "act", Text: w.Pick("读和记录", "Read and record")}},
		Days:   []view.Option{{Value: "30", Text: w.T("settings.days", "n", "30")}, {Value: "90", Text: w.T("settings.days", "n", "90")}},
		Tokens: []view.Token{
			{ID: "t1", Name: w.Pick("年报取数", "Yearly report"), Scope: w.Pick("只读", "read"), Made: "2026-01-08", Last: "2026-06-17", Expires: "2026-12-31"},
			{ID: "t2", Name: w.Pick("大屏", "Wall"), Scope: w.Pick("只读", "read"), Made: "2026-06-01", Expires: "2026-08-31"},
		},
		NewToken: "qf_7Jm2kPz0vQe91sXbT4Lw8cRh",
	}
}

// qr is a pattern that looks like a code and is none.
func qr() *view.QR {
	q := view.QR{Label: "QR", Size: 29, Dark: make([]bool, 29*29)}
	for i := range q.Dark {
		q.Dark[i] = (i*i*7+i*3)%11 < 5
	}
	return &q
}

func failure(b view.Base, status int) view.FailureView {
	v := view.FailureView{Base: b, Status: status, Number: "20260618-0904-7F3K"}
	w := b.W
	switch status {
	case 409, 413, 415, 422:
		v.Saved = view.SavedNo
	case 500:
		v.Saved, v.Again = view.SavedUnknown, "/todo"
	case 429, 503:
		v.Saved, v.Again, v.Wait = view.SavedNo, "/todo", w.Pick("2分钟", "2 minutes")
	}
	if status == 422 {
		v.Whys = []view.Problem{{Text: w.Pick("到会14人，不够应到党员的半数", "14 present is not half of those due"), Clause: w.Pick("支部工作条例·党员大会的表决", "Branch regulations: decisions by vote"), Href: "/source/branch-work#decisions", Remedy: w.Pick("记为未开成，另定日子", "Record it as not held and set another day")}}
	}
	return v
}
