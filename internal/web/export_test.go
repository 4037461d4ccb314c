package web

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var hostile = []string{"=1+1", "+86", "-x", "@sum", "\t=1", "ordinary", "-12", "3.5%", "党支部"}

func TestNoCellOfACSVIsAFormula(t *testing.T) {
	w := httptest.NewRecorder()
	if err := (sheet{head: []string{"h"}, rows: [][]string{hostile}}).csv(w); err != nil {
		t.Fatal(err)
	}
	want := "\xef\xbb\xbfh\n'=1+1,'+86,'-x,'@sum,'\t=1,ordinary,-12,3.5%,党支部\n"
	if got := w.Body.String(); got != want {
		t.Errorf("got %q", got)
	}
	for cell := range strings.SplitSeq(strings.TrimSpace(strings.TrimPrefix(w.Body.String(), "\xef\xbb\xbfh\n")), ",") {
		if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "\t") {
			t.Errorf("%q would be computed", cell)
		}
	}
}

func TestNoCellOfAWorkbookIsAFormula(t *testing.T) {
	w := httptest.NewRecorder()
	if err := (sheet{head: []string{"h"}, rows: [][]string{hostile}}).xlsx(w); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range hostile {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		if f, _ := book.GetCellFormula("Sheet1", at); f != "" {
			t.Errorf("%s is the formula %q", at, f)
		}
		if got, _ := book.GetCellValue("Sheet1", at); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}
