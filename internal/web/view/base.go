// Package view draws pages from typed structs; it reads nothing and decides nothing.
package view

import (
	"unicode/utf8"

	"qingfeng/internal/web/words"
)

// Base is what every page needs beside its own content.
type Base struct {
	W       *words.Words // the reader's language
	Dark    bool         // from the cookie theme=dark
	Large   bool         // from the cookie size=large
	KeysOff bool         // the reader switched single-key shortcuts off
	Path    string       // path and query of this page: where changing the language comes back to
	City    string       // whom this installation serves, such as 吕梁
	Version string       // of the program, such as 0.1.0
	Demo    bool         // a model city: people and figures are invented
	Me      *Me          // nil when nobody is signed in
	Nav     []NavItem    // the entries this person may open, in any order
	At      Section      // the entry this page belongs to
	Flash   *Flash       // what just happened, shown once
	Banners []Banner     // what concerns everybody now: read-only, still filling
}

// Me is the person signed in and the organisation they act for.
type Me struct {
	Name    string   // in full
	Office  string   // what they are in the organisation they act for; may be empty
	Org     string   // name of the organisation they act for; empty when they hold no office
	Actings []Acting // every organisation they may act for, the current one among them
	Href    string   // their own person page
	Unread  int      // notices that came since they last looked
}

// An Acting is one organisation a person holds an office in.
type Acting struct {
	ID      string // goes into the form
	Org     string
	Office  string // and how far it reaches, such as 可看全县
	Current bool
}

// A Section is one entry of the menu.
type Section string

// The entries of the menu.
const (
	AtOverview Section = "overview"
	AtTodo     Section = "todo"
	AtDue      Section = "due"
	AtOrg      Section = "org"
	AtPerson   Section = "person"
	AtMeeting  Section = "meeting"
	AtLife     Section = "life"
	AtDues     Section = "dues"
	AtFigure   Section = "figure"
	AtJournal  Section = "journal"
	AtAccount  Section = "account"
	AtAudit    Section = "audit"
	AtSystem   Section = "system"
	AtSettings Section = "settings"
)

// A NavItem is a menu entry somebody may open.
type NavItem struct {
	Section Section
	Count   int  // things waiting; 0 shows nothing
	Hot     bool // some of them are late
}

// A Flash says what was just done. Bad ones stay until dismissed.
type Flash struct {
	Text     string
	Bad      bool
	UndoHref string // optional: POST here takes it back
	UndoText string
}

// A Banner stands above the content of every page.
type Banner struct {
	Bad        bool
	Title      string
	Text       string
	Href, Link string // where more is said, and what the link says; may be empty
	Remedy     string // what whoever runs the service does about it; may be empty
	Done       int    // with All > 0: a progress bar
	All        int
}

// menu is the order of the menu. Entries a person may not open are left out,
// and a group without entries with them.
var menu = []struct {
	title    func(*words.Words) string // nil for the first group
	sections []Section
}{
	{nil, []Section{AtOverview, AtTodo, AtDue}},
	{func(w *words.Words) string { return w.T("nav.group_people") }, []Section{AtOrg, AtPerson}},
	{func(w *words.Words) string { return w.T("nav.group_life") }, []Section{AtMeeting, AtLife, AtDues}},
	{func(w *words.Words) string { return w.T("nav.group_output") }, []Section{AtFigure, AtJournal}},
	{func(w *words.Words) string { return w.T("nav.group_me") }, []Section{AtAccount, AtAudit, AtSystem, AtSettings}},
}

// navGroup is one group as it will be drawn.
type navGroup struct {
	Title string
	Items []NavItem
}

func (b Base) groups() []navGroup {
	var out []navGroup
	for _, m := range menu {
		g := navGroup{}
		for _, s := range m.sections {
			if item, ok := b.entry(s); ok {
				g.Items = append(g.Items, item)
			}
		}
		if len(g.Items) == 0 {
			continue
		}
		if m.title != nil {
			g.Title = m.title(b.W)
		}
		out = append(out, g)
	}
	return out
}

// entry returns the menu entry of s, if this person may open it.
func (b Base) entry(s Section) (NavItem, bool) {
	for _, item := range b.Nav {
		if item.Section == s {
			return item, true
		}
	}
	return NavItem{}, false
}

// tabs are the entries of the phone's bottom menu, before 菜单.
func (b Base) tabs() []NavItem {
	var out []NavItem
	for _, s := range []Section{AtOverview, AtTodo, AtMeeting, AtPerson} {
		if item, ok := b.entry(s); ok {
			out = append(out, item)
		}
	}
	return out
}

// face is the letter in the little square beside a name.
func face(name string) string {
	_, n := utf8.DecodeRuneInString(name)
	return name[:n]
}

// Filling is the banner of a demo city that is still being built.
func Filling(w *words.Words, done, all int) Banner {
	return Banner{Title: w.T("shell.filling"), Text: w.T("shell.filling_how", "done", w.N(done), "all", w.N(all)), Done: done, All: all}
}
