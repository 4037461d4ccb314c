package web

import (
	"slices"
	"strconv"
	"strings"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
	"qingfeng/internal/web/view"
)

// view is the page of the form as it stands.
func (f *stepForm) view(c *Call) view.StepView {
	v := view.StepView{
		Base: c.Base, Title: c.stepTitle(f.procedure, f.step), Action: f.action, Key: f.key(c), Have: f.have,
		Problems: f.problems, Rules: f.compliance(c), Submit: c.T("form.submit"), Saved: f.saved,
	}
	v.At = sectionOf(f.procedure)
	name := c.Visit.OrgNames([]id.Org{f.org})[f.org]
	v.Crumbs = []view.Crumb{{Text: name, Href: view.Under(view.PathOrg, f.org.String())}}
	if f.matter != "" {
		v.Crumbs = append(v.Crumbs, view.Crumb{Text: c.Say(f.procedure.Title), Href: view.MatterPath(f.matter)})
	} else {
		v.Org = f.org.String()
		if f.step.ID == app.MeetingStep(f.procedure).ID && f.procedure.Area == lifeArea && c.R.Method == "GET" {
			v.Like = f.action + "&like=last"
		}
	}
	v.Crumbs = append(v.Crumbs, view.Crumb{Text: v.Title})
	if len(f.step.Basis) > 0 {
		text, _ := c.clause(f.step.Basis[0])
		v.Meta = append(v.Meta, text)
	}
	if f.corrects != 0 {
		v.Correct = &view.Correcting{Seq: f.corrects, Href: view.RecordPath(f.corrects), Reason: f.plain(record.Correction, c.T("matter.correction"), c.T("form.correction_how"))}
		v.Submit = c.T("form.submit_correction")
	}
	v.Fields = f.fields(c)
	return v
}

// key is the key of the form that was posted, or a new one.
func (f *stepForm) key(c *Call) string {
	if key := f.values.Get("key"); key != "" {
		return key
	}
	return c.Visit.NewKey()
}

// sectionOf is the entry of the menu to which matters of p belong.
func sectionOf(p procedure.Procedure) view.Section {
	switch {
	case slices.Contains(reviewed, p.ID):
		return view.AtLife
	case p.Area == lifeArea:
		return view.AtMeeting
	case p.Area == duesArea:
		return view.AtDues
	case p.Subject == "person":
		return view.AtPerson
	}
	return view.AtOrg
}

// fields are the questions: first the day, then those of the step.
func (f *stepForm) fields(c *Call) []view.FormField {
	all := []view.FormField{{Ask: record.TypeDay, Field: f.plain("on", c.T("form.on"), c.T("form.on_how"))}}
	if f.step.Behalf && len(f.roster) > 0 && c.Visit.MayTakeForOthers(f.org) {
		field := f.plain("behalf", c.T("form.behalf"), c.T("form.behalf_how"))
		field.Optional, field.Options = true, f.personOptions(c, f.values.Get("behalf"))
		all = append(all, view.FormField{Ask: record.TypePerson, Field: field})
	}
	for _, q := range f.step.Form {
		if len(f.only) == 0 || !q.Optional || slices.Contains(f.only, q.ID) {
			all = append(all, f.field(c, q, q.ID))
		}
	}
	return all
}

// plain is a field with what was typed in it and what is wrong with it.
func (f *stepForm) plain(name, label, hint string) view.Field {
	return view.Field{Name: name, Label: label, Hint: hint, Value: f.values.Get(name), Error: f.problemOf(name)}
}

func (f *stepForm) problemOf(name string) string {
	for _, p := range f.problems {
		if p.Field == name {
			return p.Text
		}
	}
	return ""
}

// longTexts are the names of questions whose answers have several lines.
var longTexts = []string{"minutes", "account", "opinion", "summary", "text", "content"}

// field draws question q, whose answer is sent under name.
func (f *stepForm) field(c *Call, q procedure.Field, name string) view.FormField {
	out := view.FormField{Ask: q.Type, Field: f.plain(name, c.Say(q.Title), c.sayOptional(q.Hint))}
	out.Optional = q.Optional
	if q.Basis != "" {
		out.Clause, out.ClauseHref = c.clause(q.Basis)
	}
	if q.Computed != "" {
		out.Worked, out.Ask = c.T("form.worked_later"), record.TypeText
		if f.old != nil {
			out.Worked = c.value(q.Codes, f.old.Fields.Get(q.ID))
		}
		return out
	}
	switch q.Type {
	case record.TypeText:
		out.Long = slices.Contains(longTexts, q.ID)
		out.Wide = q.ID == "theme" || q.ID == "topic"
	case record.TypeMoney:
		out.Unit = c.T("unit.yuan")
	case record.TypeChoice:
		out.Options = c.codeOptions(q.Codes, out.Value)
	case record.TypePerson:
		if f.listsPeople() {
			out.Options = f.personOptions(c, out.Value)
		} else {
			f.chooser(c, q, name, &out)
		}
	case record.TypeOrg:
		f.chooser(c, q, name, &out)
	case record.TypePeople:
		out.People = f.peopleField(c, q, name)
	case record.TypeVote:
		g := func(part string) string { return f.values.Get(name + "." + part) }
		out.Vote = view.VoteField{Due: g("due"), Present: g("present"), For: g("for"), Against: g("against"), Abstain: g("abstain"), Written: g("written")}
	case record.TypeItems:
		for i := range f.rowCount(name) {
			var row []view.FormField
			for _, col := range q.Rows {
				row = append(row, f.field(c, col, cellName(name, i, col.ID)))
			}
			out.Rows.Rows = append(out.Rows.Rows, row)
		}
		out.Rows.Most = mostRows
	case record.TypeFile:
		out.Files = f.filesField(c, name)
	}
	return out
}

// sayOptional is a title that may not be there.
func (c *Call) sayOptional(t title.Title) string {
	if t.ZH == "" {
		return ""
	}
	return c.Say(t)
}

// codeOptions are the rows of a code table, the first one being no answer.
func (c *Call) codeOptions(table, chosen string) []view.Option {
	all := []view.Option{{Text: c.T("form.choose"), Selected: chosen == ""}}
	for _, code := range c.s.App.Library().Law.Codes[table].Values {
		all = append(all, view.Option{Value: code.Code, Text: c.Base.W.Pick(code.ZH, code.EN), Selected: code.Code == chosen})
	}
	return all
}

// personOptions are the people of the branch, officers first.
func (f *stepForm) personOptions(c *Call, chosen string) []view.Option {
	all := []view.Option{{Text: c.T("form.choose"), Selected: chosen == ""}}
	add := func(p id.Person, name, note string) {
		value := p.String()
		if slices.ContainsFunc(all, func(o view.Option) bool { return o.Value == value }) {
			return
		}
		if note != "" {
			name += c.T("form.post", "post", note)
		}
		all = append(all, view.Option{Value: value, Text: name, Selected: value == chosen})
	}
	for _, o := range f.officers {
		add(o.ID, o.Name, c.roleTitle(o.Role))
	}
	for _, l := range f.roster {
		add(l.ID, l.Name, "")
	}
	if p, err := id.ParsePerson(chosen); err == nil && p != 0 {
		add(p, c.Visit.Names([]id.Person{p})[p], "")
	}
	return all
}

// peopleField lists everybody who can be put down: those due, and whoever was
// put down already.
func (f *stepForm) peopleField(c *Call, q procedure.Field, name string) view.PeopleField {
	out := view.PeopleField{}
	for _, state := range []record.State{record.Absent, record.Present, record.Leave} {
		out.States = append(out.States, view.PresenceState{State: state, Text: c.codeTitle("presence", string(state))})
	}
	for _, code := range c.s.App.Library().Law.Codes["excuse"].Values {
		out.Reasons = append(out.Reasons, c.Base.W.Pick(code.ZH, code.EN))
	}
	due := f.due(q)
	for _, p := range f.listed(name) {
		if !slices.ContainsFunc(due, func(x app.PersonRef) bool { return x.ID == p }) {
			due = append(due, app.PersonRef{ID: p, Name: c.Visit.Names([]id.Person{p})[p]})
		}
	}
	for _, p := range due {
		at := name + "." + p.ID.String()
		row := view.PeopleRow{Person: p.ID, Name: p.Name, State: record.State(f.values.Get(at)), Means: record.Means(f.values.Get(at + ".means")), Reason: f.values.Get(at + ".note"), Error: f.problemOf(at + ".note")}
		if row.Means != "" && row.State == record.Present {
			row.Known = c.codeTitle("means", string(row.Means))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (c *Call) codeTitle(table, code string) string {
	t, _ := c.s.App.Library().Law.Codes[table].Find(code)
	return c.Say(t)
}

// due are the people about whom a question of presence asks.
func (f *stepForm) due(q procedure.Field) (all []app.PersonRef) {
	if q.Whom == "committee" {
		for _, o := range f.officers {
			if !slices.ContainsFunc(all, func(p app.PersonRef) bool { return p.ID == o.ID }) {
				all = append(all, o.PersonRef)
			}
		}
		return all
	}
	group, _ := strconv.Atoi(f.values.Get("group"))
	for _, l := range f.roster {
		if q.Whom != "group" || group == 0 || l.Group == group {
			all = append(all, l.PersonRef)
		}
	}
	return all
}

// listed are the people for whom something was sent under name, by rising number.
func (f *stepForm) listed(name string) (all []id.Person) {
	for key := range f.values {
		rest, ok := strings.CutPrefix(key, name+".")
		if p, err := id.ParsePerson(rest); ok && err == nil && p != 0 {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}

// compliance says how the rules stand: nothing before somebody has asked.
func (f *stepForm) compliance(c *Call) view.Compliance {
	out := view.Compliance{Tally: f.tally(c)}
	if !f.checked && len(f.problems) == 0 {
		return out
	}
	for _, p := range f.problems {
		out.Checks = append(out.Checks, view.Check{State: view.CheckBad, Text: p.Text, Clause: p.Clause, Href: p.Href})
	}
	if len(f.problems) == 0 {
		ok := view.Check{State: view.CheckOK, Text: c.T("form.can_be_taken")}
		if len(f.step.Basis) > 0 {
			ok.Clause, ok.Href = c.clause(f.step.Basis[0])
		}
		out.Checks = append(out.Checks, ok)
	}
	return out
}

// tally counts those put down so far, in the question about who is due.
func (f *stepForm) tally(c *Call) string {
	for _, q := range f.step.Form {
		if !asksPresence(q) {
			continue
		}
		v, _ := f.people(q.ID)
		people, _ := v.(record.People)
		due, n := len(f.due(q)), c.Base.W.N
		present, leave := people.Count(record.Present), people.Count(record.Leave)
		return c.T("people.summary", "due", n(due), "present", n(present), "leave", n(leave), "absent", n(max(0, due-present-leave)))
	}
	return ""
}
