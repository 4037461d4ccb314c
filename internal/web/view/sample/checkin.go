package sample

import (
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func checkInPages() []Page {
	return []Page{
		drawn("/checkin/m567", view.CheckIn, checkIn),
		drawn("/checkin/m566", view.CheckIn, checkInOver),
		drawn("/c/7F3K-2Q9D", view.CheckInAsk, checkInAsk),
		drawn("/c/7F3K-2Q9D/done", view.CheckInDone, checkInDone),
		drawn("/c", view.CodeEntry, func(b view.Base) view.CodeEntryView {
			return view.CodeEntryView{Base: b, Help: view.Helper{Name: b.W.Pick("支书武明远", "the secretary, Wu Mingyuan")}}
		}),
		failed("expired", view.CodeExpired), failed("unknown", view.CodeUnknown), failed("signin", view.NotSignedIn), failed("already", view.AlreadyIn),
		failed("elsewhere", view.ElsewhereNow), failed("list", view.NotOnList), failed("closed", view.CheckInClosed),
	}
}

func checkInBox(w *words.Words) view.CheckInBox {
	return view.CheckInBox{Matter: "m567", QR: code(w.Pick("签到二维码，也可以输入签到码7F3K-2Q9D", "Check-in code, or type 7F3K-2Q9D"), "https://qf.example/c/7F3K-2Q9D"), Code: "7F3K-2Q9D", Every: 15, Left: w.Pick("还剩42分", "42 minutes left"), Due: 37, Present: 31, Leave: 5}
}

func checkIn(b view.Base) view.CheckInView {
	w := b.W
	v := view.CheckInView{Base: inBranch(b, view.AtMeeting), CheckInBox: checkInBox(w), Kind: themeDay(w), Theme: theme(w), Org: village(w), When: w.Pick("6月16日（周二）09:00", "Tuesday 16 June, 09:00"), Place: w.Pick("村党群服务中心二层", "Village centre"),
		Means: []view.Option{{Value: "proxy", Text: w.Pick("没有手机，本人在场", "No phone, in the room"), Selected: true}, {Value: "video", Text: w.Pick("视频参加", "By video")}, {Value: "list", Text: w.Pick("逐人勾选", "Ticked")}}, Key: "k1"}
	for _, r := range roster(w) {
		if r.Known != "" {
			v.Here = append(v.Here, view.SignedIn{Name: r.Name, How: r.Known})
		} else {
			v.Waiting = append(v.Waiting, view.Awaited{Person: r.Person, Name: r.Name, Tags: r.Tags})
		}
	}
	return v
}

func checkInOver(b view.Base) view.CheckInView {
	v := checkIn(b)
	v.Left, v.Waiting = "", nil
	return v
}

func card(w *words.Words) view.MeetingCard {
	return view.MeetingCard{Head: village(w) + " " + themeDay(w), Theme: theme(w), When: w.Pick("6月16日（周二）09:00", "Tuesday 16 June, 09:00"), Place: w.Pick("村党群服务中心二层", "Village centre"), Chair: w.Pick("武明远", "Wu Mingyuan")}
}

func helper(w *words.Words) view.Helper {
	return view.Helper{Name: w.Pick("支书武明远", "the secretary, Wu Mingyuan"), Phone: "03580000000"}
}

func checkInAsk(b view.Base) view.CheckInAskView {
	return view.CheckInAskView{Base: b, Meeting: card(b.W), Code: "7F3K-2Q9D", Name: b.W.Pick("段景和", "Duan Jinghe"), Detail: b.W.Pick("手机尾号4410，党龄56年", "Phone ending 4410, member for 56 years"), Key: "k2", Help: helper(b.W)}
}

func checkInDone(b view.Base) view.CheckInDoneView {
	w := b.W
	return view.CheckInDoneView{Base: b, Meeting: card(w), Name: w.Pick("段景和", "Duan Jinghe"), Clock: "09:10", Place: 29, Receipt: view.ReceiptPath("m567", 41061),
		Before: []view.Errand{{Icon: "book-open", Text: w.Pick("读一读今天的学习材料", "Read today's text"), Sub: w.Pick("党章第一章，约6分钟", "First chapter, six minutes"), Href: "/file/7"}}}
}

func failed(path string, r view.CheckInReason) Page {
	return drawn("/c/failed/"+path, view.CheckInFailed, func(b view.Base) view.CheckInFailedView {
		v := view.CheckInFailedView{Base: b, Reason: r, Code: "7F3K-2Q9D", Clock: "09:10", Other: b.W.Pick("谷子坪村党支部主题党日（09:00）", "the theme day of Guziping branch (09:00)"), Key: "k3", Help: helper(b.W)}
		if r != view.CodeUnknown && r != view.CodeExpired {
			c := card(b.W)
			v.Meeting = &c
		}
		return v
	})
}
