package sample

import (
	"slices"
	"time"

	"github.com/a-h/templ"
	rsc "rsc.io/qr"

	"qingfeng/internal/day"
	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

// lifePages are those of organisation life, figures and proof.
func lifePages() []Page {
	return slices.Concat(meetingPages(), checkInPages(), minePages(), dutyPages(), lifeMeetingPages(), figurePages(), journalPages())
}

// at is the day all samples are looked at: Thursday.
var at = day.New(2026, time.June, 18)

// moment is a time on a day of June 2026.
func moment(d, h, m int) time.Time {
	return time.Date(2026, time.June, d, h, m, 0, 0, time.FixedZone("CST", 8*3600))
}

// inBranch is the frame for the organiser of a village branch.
func inBranch(b view.Base, s view.Section) view.Base {
	b.At = s
	b.Me = &view.Me{Name: b.W.Pick("薛砚秋", "Xue Yanqiu"), Office: b.W.Pick("组织委员", "Organiser"), Org: village(b.W), Href: "/person/p2",
		Actings: []view.Acting{{ID: "o12", Org: village(b.W), Office: b.W.Pick("组织委员", "Organiser"), Current: true}}}
	b.Nav = []view.NavItem{{Section: view.AtOverview}, {Section: view.AtTodo, Count: 2}, {Section: view.AtDue}, {Section: view.AtOrg}, {Section: view.AtPerson}, {Section: view.AtMeeting}, {Section: view.AtLife}, {Section: view.AtJournal}, {Section: view.AtSettings}}
	return b
}

// above is the frame for an officer of the city.
func above(b view.Base, s view.Section) view.Base {
	b.At = s
	return b
}

func village(w *words.Words) string {
	return w.Pick("枣林湾村党支部", "Zaolinwan village branch")
}

func themeDay(w *words.Words) string { return w.Pick("主题党日", "Theme day") }

func theme(w *words.Words) string {
	return w.Pick("学晋绥精神，议红枣产业", "Study the Jinsui spirit, discuss the date trade")
}

// branchCrumbs lead to a page of the branch.
func branchCrumbs(w *words.Words, last string) []view.Crumb {
	return []view.Crumb{{Text: w.Pick("临县", "Lin"), Href: "/org/o3"}, {Text: village(w), Href: "/org/o12"}, {Text: last}}
}

func code(label, text string) view.QR {
	c, err := rsc.Encode(text, rsc.M)
	if err != nil {
		panic(err) // the texts are short
	}
	q := view.QR{Label: label, Size: c.Size}
	for y := range c.Size {
		for x := range c.Size {
			q.Dark = append(q.Dark, c.Black(x, y))
		}
	}
	return q
}

func option(value, text string) view.Option { return view.Option{Value: value, Text: text} }

func chosen(value, text string) view.Option {
	return view.Option{Value: value, Text: text, Selected: true}
}

func sealed(seq int64, digest string) view.Seal {
	return view.Seal{State: view.SealOK, Digest: digest, Href: view.RecordPath(seq)}
}

// drawn shortens the table of pages.
func drawn[V any](path string, draw func(V) templ.Component, make func(view.Base) V) Page {
	return Page{path, func(b view.Base) templ.Component { return draw(make(b)) }}
}
