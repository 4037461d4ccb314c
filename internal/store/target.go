package store

import (
	"fmt"
	"strings"
)

// A target is a table that many rows are put into at once.
type target struct {
	table   string
	columns []column
	clash   string // what follows the values: "ON CONFLICT …"
	each    string // the statement that puts one row
}

// into describes a target; region is the first column of every table and is
// not listed.
func into(table, list, clash string) *target {
	t := &target{table: table, columns: columns(list), clash: clash}
	marks := make([]string, len(t.columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	t.each = "INSERT INTO " + table + " (" + t.names() + ") VALUES (" + strings.Join(marks, ", ") + ") " + clash
	return t
}

// A column has a name and the sort of value it takes.
type column struct {
	name string
	sort sort
}

type sort byte

const (
	number sort = iota // int64
	text               // string
	blob               // []byte, or nil for NULL
)

// columns reads "seq# role' salt*": # a number, ' a text, * bytes.
func columns(list string) (cols []column) {
	cols = []column{{"region", number}}
	for c := range strings.FieldsSeq(list) {
		last := len(c) - 1
		cols = append(cols, column{c[:last], sort(strings.IndexByte("#'*", c[last]))})
	}
	return cols
}

func (t *target) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}
