// Package sample has a page of every kind filled with invented people and figures, for tests and for looking at; nothing in the product imports it.
package sample

import (
	"slices"

	"github.com/a-h/templ"

	"qingfeng/internal/web/view"
	"qingfeng/internal/web/words"
)

// A Page is one page to look at.
type Page struct {
	Path string // where the book shows it
	Draw func(view.Base) templ.Component
}

// Pages returns every page, in the order of the book.
func Pages() []Page {
	return slices.Concat(
		overviewPages(), orgPages(), personPages(), contentPages(), lifePages(), duesPages(), accountPages(), doorPages(),
		[]Page{{"/gallery", func(b view.Base) templ.Component { return Gallery(b) }}},
	)
}

// Look is how a page is to be shown.
type Look struct {
	Lang  string // zh or en
	Dark  bool
	Large bool
}

// Base returns the frame for an officer of the city's organisation department.
func Base(l Look) view.Base {
	w := words.For(l.Lang)
	return view.Base{
		W: w, Dark: l.Dark, Large: l.Large, Path: "/sample?x=1",
		City: w.Pick("吕梁智慧党建云", "Lüliang"), Version: "0.1.0", Demo: true,
		Me: &view.Me{
			Name: w.Pick("贺青禾", "He Qinghe"), Office: w.Pick("组织二科科长", "Head, second section"), Org: w.Pick("中共吕梁市委组织部", "City Organisation Department"), Href: "/person/p1",
			Actings: []view.Acting{
				{ID: "city", Org: w.Pick("中共吕梁市委组织部", "City Organisation Department"), Office: w.Pick("组织二科科长，可看全市", "Head of section, sees the whole city"), Current: true},
				{ID: "b2", Org: w.Pick("市委组织部机关第二党支部", "Second branch of the department"), Office: w.Pick("支部委员，只看本支部", "Committee member, sees this branch")},
			},
		},
		Nav: []view.NavItem{
			{Section: view.AtOverview}, {Section: view.AtTodo, Count: 12, Hot: true}, {Section: view.AtDue}, {Section: view.AtOrg}, {Section: view.AtPerson},
			{Section: view.AtMeeting, Count: 3}, {Section: view.AtLife}, {Section: view.AtFigure}, {Section: view.AtJournal}, {Section: view.AtSettings},
		},
		At: view.AtOverview,
	}
}
