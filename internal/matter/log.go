package matter

import (
	"slices"

	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// A Log shows a check what was recorded before: the record that an act names, and
// what an organisation would leave behind.
type Log interface {
	// Find returns record seq, what its step did to tree, people and offices, and
	// whether there is such a record.
	Find(seq int64) (r record.Record, effect string, ok bool)

	// Unfinished returns the matters of o itself that are not closed, leaving aside
	// files of organisations and people, and offices, which end by themselves.
	Unfinished(o id.Org) []id.Matter
}

// Unfinished reports whether somebody still has to bring the matter to its end: it is
// not closed, no file of an organisation or a person, and no office.
func (st State) Unfinished(p procedure.Procedure) bool {
	office := slices.ContainsFunc(p.Steps, func(s procedure.Step) bool { return s.Effect == "office.take" })
	return !st.Closed && p.Subject == "" && !office
}
