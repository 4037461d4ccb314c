package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/xuri/excelize/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/indicator"
	"qingfeng/internal/money"
)

// A sheet is a table on its way out of the system.
type sheet struct {
	name string // of the file, without ending
	head []string
	rows [][]string
}

// exportFigure answers /figure/<id>.xlsx and .csv: the figure of the organisation
// and of each one right below it, with what makes it repeatable.
func (s *Server) exportFigure(c *Call, name, kind string) (templ.Component, error) {
	q, err := c.figureQuery(name)
	if err != nil {
		return nil, err
	}
	if !c.Visit.May(access.Export, q.Org) {
		return nil, fault.Forbidden
	}
	whole, err := c.Visit.Figure(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	below, err := c.Visit.FigureBelow(c.R.Context(), q)
	if err != nil {
		return nil, err
	}
	t := sheet{name: name + "-" + q.Period.From.String() + "-" + q.Period.To.String()}
	t.head = []string{c.T("export.org"), c.Say(whole.Indicator.Title), c.T("export.base"), c.T("export.share"), c.T("export.from"), c.T("export.to"), c.T("export.as_of"), c.T("export.definition")}
	for _, f := range append([]app.Figure{whole}, below...) {
		t.rows = append(t.rows, []string{f.Org.Name, exported(f.Indicator, f.Count), exported(f.Indicator, f.Base), c.share(f),
			q.Period.From.String(), q.Period.To.String(), strconv.FormatInt(f.AsOf, 10), c.Say(f.Indicator.Definition)})
	}
	return nil, t.send(c, kind)
}

// exported writes a count for a sheet: plain digits, and money in yuan.
func exported(in indicator.Indicator, n int64) string {
	if in.Money {
		return money.Fen(n).String()
	}
	return strconv.FormatInt(n, 10)
}

// send answers with the sheet as a file.
func (t sheet) send(c *Call, kind string) error {
	c.W.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", t.name+"."+kind))
	if kind == "csv" {
		c.W.Header().Set("Content-Type", "text/csv; charset=utf-8")
		return t.csv(c.W)
	}
	c.W.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return t.xlsx(c.W)
}

// csv writes the sheet for spreadsheet programs: with the mark by which they know
// the encoding, and no cell that they would take for a formula.
func (t sheet) csv(w http.ResponseWriter) error {
	if _, err := w.Write([]byte("\xef\xbb\xbf")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for _, row := range append([][]string{t.head}, t.rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = inert(cell)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert returns a cell that no spreadsheet program takes for a formula.
func inert(cell string) string {
	if _, err := strconv.ParseFloat(cell, 64); err == nil && cell[0] != '+' {
		return cell
	}
	if strings.IndexAny(cell, "=+-@\t\r") == 0 {
		return "'" + cell
	}
	return cell
}

// xlsx writes the sheet as a workbook: numbers as numbers, everything else as text,
// which no program computes.
func (t sheet) xlsx(w http.ResponseWriter) error {
	book := excelize.NewFile()
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i, row := range append([][]string{t.head}, t.rows...) {
		cells := make([]any, len(row))
		for j, cell := range row {
			cells[j] = cell
			if n, err := strconv.ParseInt(cell, 10, 64); err == nil && i > 0 && strconv.FormatInt(n, 10) == cell {
				cells[j] = n // what reads back the same is a number
			}
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = book.WriteTo(w)
	return err
}
