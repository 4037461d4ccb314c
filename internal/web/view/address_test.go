package view_test

import (
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/web/view"
)

func TestAddressesAreSpeltOneWay(t *testing.T) {
	q := view.FigureQuery{ID: "appraised", Org: 3, From: day.New(2026, 1, 1), To: day.New(2026, 6, 30), AsOf: 41077}
	const of = "?asof=41077&from=2026-01-01&org=o3&to=2026-06-30"
	for got, want := range map[string]string{
		view.BeginPath("theme_day", 12):                   view.PathAct + "/theme_day?org=o12",
		view.CheckPath(view.StepPath("m567", "hold")):     "/matter/m567/hold/check",
		view.ReceiptPath("m567", 41077):                   "/matter/m567/receipt/41077",
		view.CodePath("7F3K 2Q9D"):                        "/c/7F3K%202Q9D",
		view.RecordPath(41077):                            view.PathJournal + "/41077",
		q.Path():                                          view.PathFigure + "/appraised" + of,
		q.Missing():                                       view.PathFigure + "/appraised/missing" + of,
		q.Minus("other"):                                  view.PathFigure + "/appraised/minus/other" + of,
		q.File("xlsx"):                                    view.PathFigure + "/appraised.xlsx" + of,
		view.FigureQuery{ID: "appraised"}.Path():          view.PathFigure + "/appraised",
		view.FigureQuery{ID: "appraised"}.Of(4).Records(): view.PathFigure + "/appraised/records?org=o4",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
