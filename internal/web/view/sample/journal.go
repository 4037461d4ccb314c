package sample

import (
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

func journalPages() []Page {
	return []Page{
		drawn("/journal", view.Journal, journal),
		drawn("/journal/none", view.Journal, func(b view.Base) view.JournalView {
			v := journal(b)
			v.Lines, v.Log = nil, readOnlyLog(b.W)
			return v
		}),
		drawn("/journal/41077", view.Record, recordPage),
		drawn("/journal/41093", view.Record, freshRecord),
		drawn("/journal/checkpoints", view.Points, points),
		drawn("/journal/state", view.LogState, logState),
		drawn("/journal/state/read-only", view.LogState, brokenLog),
	}
}

func logHead() view.LogHead {
	return view.LogHead{Size: 41093, Signed: 41090, Time: moment(18, 9, 38), Witness: "witness.provincial-archive.example", Seen: 41077, SeenTime: moment(18, 9, 30)}
}

func readOnlyLog(w *words.Words) view.LogHead {
	l := logHead()
	l.Size, l.Signed = 41000, 41000
	l.ReadOnly = w.Pick("本地总账有41,000条，见证方签过41,077条。可能是从旧备份恢复的。", "The log here has 41,000 records; the witness signed 41,077. It may come from an old backup.")
	return l
}

func journal(b view.Base) view.JournalView {
	w := b.W
	return view.JournalView{Base: above(b, view.AtJournal), Log: logHead(), Kinds: []view.Option{option("", w.Pick("全部事项", "Everything")), option("theme_day.hold", w.Pick("主题党日：召开", "Theme day: held"))}, Orgs: []view.Option{option("", w.Pick("全部组织", "All organisations")), option("o3", w.Pick("临县", "Lin county"))},
		Matter: "m567", Chips: []view.Chip{{Text: w.Pick("事项：m567", "Matter: m567"), Href: "/journal"}}, Lines: journalLines(w), Newer: "/journal?after=1", Older: "/journal?before=2"}
}

func journalLines(w *words.Words) []view.JournalLine {
	held := w.Pick("主题党日：召开", "Theme day: held")
	xue := w.Pick("薛砚秋", "Xue Yanqiu")
	return []view.JournalLine{
		{Seq: 41093, Written: moment(27, 16, 20), Day: at - 2, Kind: held, Org: village(w), OrgHref: "/org/o12", Actor: xue, Matter: "m567", Corrects: 41077, Seal: view.Seal{State: view.SealWait, Digest: "e05b…91f6"}},
		{Seq: 41077, Written: moment(25, 10, 5), Day: at - 2, Kind: held, Org: village(w), OrgHref: "/org/o12", Actor: xue, Matter: "m567", LateDays: 9, Seal: sealed(41077, "a41c…77e2")},
		{Seq: 41076, Written: moment(25, 9, 58), Day: at, Kind: w.Pick("制度：更新", "Content: changed"), Matter: "m12", Seal: sealed(41076, "0be9…c310")},
		{Seq: 40801, Written: moment(10, 20, 11), Day: at - 8, Kind: w.Pick("主题党日：计划", "Theme day: planned"), Org: village(w), OrgHref: "/org/o12", Actor: xue, Matter: "m567", Seal: view.Seal{State: view.SealBad, Digest: "2d18…5a40", Href: view.RecordPath(40801)}},
	}
}

const (
	leafHash   = "pBzXm3Jq0w4s8mFQGb0c0yqvW1cJq8qf1Yv3uJ0x77I="
	checkpoint = "qf.luliang.example/log\n41090\nT7mX0o8rT2V5hC0rQ3b6l2mX9y0q3fW8zGgPq5J2s1o=\n\n— qf.luliang.example/log 3yN0aKqk1mJ0wq9tq2…\n— witness.provincial-archive.example 5b1cQ0…\n"
	path       = "Hq0n2u3bJm7y4kz1c0Zl0w2o8tq1Vt3qS7Qb1x9f2Ds=\nqk8Yd1Z4o1r0c3t7u5K2n9Xl6B0s4m8a1pW7v5e3iRg=\nM1c7x0b8z2n4v6q9w3e5r7t1y0u2i4o6p8a9s1d3f5g=\n"
)

func commands(w *words.Words) []view.Command {
	return []view.Command{
		{Does: w.Pick("下载回执和总账公钥", "Fetch the receipt and the key of the log"), Line: "curl -O https://qf.luliang.example/matter/m567/receipt/41077"},
		{Does: w.Pick("离线核对：回执里的证明是否通到签了名的检查点", "Offline: does the proof in the receipt lead to the signed checkpoint"), Line: "qingfeng verify --receipt 41077.tlog-proof --key luliang.vkey"},
		{Does: w.Pick("从头核对整本总账", "Check the whole log from the beginning"), Line: "fsck --storage_url=https://qf.luliang.example/log/ --public_key=luliang.vkey"},
	}
}

func recordPage(b view.Base) view.RecordView {
	w := b.W
	return view.RecordView{Base: above(b, view.AtJournal), Crumbs: []view.Crumb{{Text: w.T("nav.journal"), Href: view.PathJournal}, {Text: "41,077"}}, Line: journalLines(w)[1], Title: w.Pick("主题党日：学晋绥精神，议红枣产业", "Theme day: the Jinsui spirit"), Answers: matterFacts(w), Hidden: true,
		Proof: view.RecordProof{Index: 41076, Leaf: leafHash, Path: path, Checkpoint: checkpoint, Size: 41090, Commands: commands(w), Receipt: view.ReceiptPath("m567", 41077)}, Newer: view.RecordPath(41078), Older: view.RecordPath(41076)}
}

func freshRecord(b view.Base) view.RecordView {
	v := recordPage(b)
	v.Line, v.Erased, v.Newer = journalLines(b.W)[0], true, ""
	v.Proof.Checkpoint, v.Proof.Path, v.Proof.Receipt, v.Proof.Commands = "", "", "", nil
	return v
}

func points(b view.Base) view.PointsView {
	w := b.W
	v := view.PointsView{Base: above(b, view.AtJournal), Crumbs: []view.Crumb{{Text: w.T("nav.journal"), Href: view.PathJournal}, {Text: w.Pick("检查点", "Checkpoints")}}, Log: logHead(), Older: "/journal/checkpoints?before=40000"}
	for i := range 5 {
		p := view.PointRow{Size: int64(41090 - 13*i), Time: moment(18, 9, 38-i), Root: "T7mX…2s1o", Href: "/log/checkpoint"}
		if i > 0 {
			p.Witnesses = []string{"provincial-archive"}
		}
		v.Points = append(v.Points, p)
	}
	return v
}

func logState(b view.Base) view.LogStateView {
	w := b.W
	return view.LogStateView{Base: above(b, view.AtJournal), Crumbs: []view.Crumb{{Text: w.T("nav.journal"), Href: view.PathJournal}, {Text: w.Pick("总账状态", "State")}}, Log: logHead(), Origin: "qf.luliang.example/log", Key: "qf.luliang.example/log+df28d369+AaH0b1y2q9m3J5k8X0w4s8mFQGb0c0yqvW1cJq8qf1Yv",
		Witnesses: []view.WitnessRow{{Name: "witness.provincial-archive.example", Key: "witness.provincial-archive.example+5b1cd0aa+BPq…", Size: 41077, Time: moment(18, 9, 30)}, {Name: "witness.university.example", Key: "witness.university.example+0d9f21ce+BKm…", Trouble: w.Pick("今天09:30没有连上", "Could not be reached at 09:30")}},
		Findings:  []view.Check{{State: view.CheckOK, Text: w.Pick("本地总账不短于见证方签过的", "The log is not shorter than what was witnessed")}, {State: view.CheckOK, Text: w.Pick("见证方签过的是本地总账的开头一段", "What was witnessed is the beginning of the log")}}, Compared: moment(18, 7, 0),
		Commands: commands(w), Files: []view.TextLink{{Text: "/log/checkpoint", Href: "/log/checkpoint"}, {Text: "/log/tile/", Href: "/log/tile/0/000"}}}
}

func brokenLog(b view.Base) view.LogStateView {
	v := logState(b)
	v.Log = readOnlyLog(b.W)
	v.Missing, v.Remedy = b.W.Pick("第41,001号至第41,077号", "no. 41,001 to no. 41,077"), b.W.Pick("用最近一次备份恢复数据目录，再运行 qingfeng verify。恢复之前请不要删除现在的目录。", "Restore the data directory from the newest backup and run qingfeng verify. Keep the present directory until then.")
	v.Findings = []view.Check{{State: view.CheckBad, Text: b.W.Pick("本地总账比见证方签过的短", "The log is shorter than what was witnessed")}}
	v.Witnesses = nil
	return v
}
