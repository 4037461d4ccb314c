package web

import (
	"strconv"

	"qingfeng/internal/procedure"
	"qingfeng/internal/web/view"
)

// The files of content in which things stand.
func ruleFile(id string) string   { return "rules/" + id + ".yaml" }
func sourceFile(id string) string { return "sources/" + id + ".yaml" }

// procedureFiles are those of the first edition, of the one shown, and of the cases.
func procedureFiles(p procedure.Procedure) []string {
	dir := "procedures/" + p.ID + "/"
	return []string{dir + "procedure.yaml", dir + p.From.String() + ".yaml", dir + "cases.yaml"}
}

// own says which of these files are the installation's own, by what was recorded of
// them; nil where none is.
func (c *Call) own(files ...string) *view.Own {
	var own *view.Own
	for _, file := range files {
		o, ok := c.s.App.Overridden(file)
		if !ok {
			continue
		}
		if own == nil {
			own = &view.Own{}
		}
		text := c.T("content.own_added", "file", file, "hash", o.Hash[:12], "day", c.Base.W.Day(o.On))
		if o.Replaced != "" {
			text = c.T("content.own_replaced", "file", file, "hash", o.Hash[:12], "replaced", o.Replaced[:12], "day", c.Base.W.Day(o.On))
		}
		own.Text += text
		own.Refs = append(own.Refs, view.TextLink{Text: c.T("content.own_record", "n", strconv.FormatInt(o.Record, 10)), Href: view.RecordPath(o.Record)})
	}
	return own
}
