package web

import (
	"slices"
	"strconv"

	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// answers shows what the main record says, each answer by its type.
func (s *Server) answers(c *Call, d app.Dossier, v *view.MatterView) {
	main, ok := mainEntry(d)
	if !ok {
		return
	}
	for _, q := range main.Step.Form {
		if a := main.Record.Fields.Get(q.ID); a != nil {
			s.answer(c, d, main.Record, q, a, v)
		}
	}
	for _, e := range d.Entries {
		if e.Record.Seq != main.Record.Seq && e.Corrected == 0 {
			s.filesOf(c, d, e, v)
		}
	}
	v.MayPrint = true
	v.MaySheet = slices.ContainsFunc(app.MeetingStep(d.Procedure).Form, asksPresence)
}

func (s *Server) answer(c *Call, d app.Dossier, r record.Record, q procedure.Field, a record.Value, v *view.MatterView) {
	switch a := a.(type) {
	case record.People:
		if v.Presence == nil && !q.Optional {
			v.Presence = s.presence(c, r, a)
		} else {
			v.Facts = append(v.Facts, view.Fact{Name: c.Say(q.Title), Text: c.nameList(a), Wide: true})
		}
	case record.Vote:
		v.Facts = append(v.Facts, view.Fact{Name: c.Say(q.Title), Text: c.fullValue(q, a), Wide: true})
	case record.Items:
		v.Votes = append(v.Votes, c.votes(q, a)...)
		v.Lists = append(v.Lists, c.answerList(q, a))
	case record.Files:
		v.Files = append(v.Files, c.fileList(d.ID, a)...)
	case record.Text:
		if slices.Contains(longTexts, q.ID) {
			v.Texts = append(v.Texts, view.LongText{Title: c.Say(q.Title), Text: string(a)})
			return
		}
		v.Facts = append(v.Facts, view.Fact{Name: c.Say(q.Title), Text: string(a)})
	case record.Person:
		v.Facts = append(v.Facts, view.Fact{Name: c.Say(q.Title), Text: c.value("", a), Href: s.personHref(c, id.Person(a))})
	default:
		v.Facts = append(v.Facts, view.Fact{Name: c.Say(q.Title), Text: c.value(q.Codes, a)})
	}
}

// filesOf adds the attachments of a record beside the main one.
func (s *Server) filesOf(c *Call, d app.Dossier, e app.Entry, v *view.MatterView) {
	for _, a := range e.Record.Fields {
		if files, ok := a.Value.(record.Files); ok {
			v.Files = append(v.Files, c.fileList(d.ID, files)...)
		}
	}
}

// presence is the list of people of a record.
func (s *Server) presence(c *Call, r record.Record, people record.People) *view.PresenceView {
	v := &view.PresenceView{Due: int(r.Fields.Number("due")), Present: people.Count(record.Present), Leave: people.Count(record.Leave)}
	if v.Due == 0 {
		v.Due = len(people)
	}
	v.Absent = max(0, v.Due-v.Present-v.Leave)
	names := c.Visit.Names(numbers(people))
	for _, p := range people {
		row := view.PresentRow{Name: names[p.Person], Href: s.personHref(c, p.Person), State: p.State, Text: c.codeTitle("presence", string(p.State)), Note: c.reason(p.Note)}
		if p.Means != "" {
			row.Known = c.codeTitle("means", string(p.Means))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// reason is the note about somebody's presence: words, or a code of the table of
// excuses.
func (c *Call) reason(note string) string {
	if t, ok := c.s.App.Library().Law.Codes["excuse"].Find(note); ok {
		return c.Say(t)
	}
	return note
}

func numbers(people record.People) []id.Person {
	all := make([]id.Person, 0, len(people))
	for _, p := range people {
		all = append(all, p.Person)
	}
	return all
}

// nameList is people in one line.
func (c *Call) nameList(people record.People) string {
	names := c.Visit.Names(numbers(people))
	text := ""
	for i, p := range people {
		if i > 0 {
			text += c.T("list.and")
		}
		text += names[p.Person]
	}
	return text
}

// carried are the codes of results that mean yes.
var carried = []string{"carried", "elected"}

// votes are the votes within the rows of a list. Whether one was carried is what the
// record says, which the kernel has checked; it is not worked out again.
func (c *Call) votes(q procedure.Field, rows record.Items) (all []view.VoteCount) {
	for _, row := range rows {
		for _, col := range q.Rows {
			v, ok := row.Get(col.ID).(record.Vote)
			if !ok {
				continue
			}
			count := view.VoteCount{Title: c.value(q.Rows[0].Codes, row.Get(q.Rows[0].ID)), Due: v.Due, Present: v.Present, For: v.For, Against: v.Against,
				Abstain: v.Abstain, Written: v.Written, Passed: slices.Contains(carried, row.Choice("result"))}
			if col.Basis != "" {
				count.Clause, count.ClauseHref = c.clause(col.Basis)
			}
			all = append(all, count)
		}
	}
	return all
}

// answerList is a list of rows, a column for each question.
func (c *Call) answerList(q procedure.Field, rows record.Items) view.AnswerList {
	list := view.AnswerList{ID: q.ID, Title: c.Say(q.Title)}
	for _, col := range q.Rows {
		list.Heads = append(list.Heads, c.Say(col.Title))
	}
	for _, row := range rows {
		var cells []string
		for _, col := range q.Rows {
			cells = append(cells, c.fullValue(col, row.Get(col.ID)))
		}
		list.Rows = append(list.Rows, cells)
	}
	return list
}

// stages are the steps that make up the matter, as a line.
func (c *Call) stages(d app.Dossier) (steps []view.Step) {
	for _, step := range d.Procedure.Steps {
		if step.Standing || step.ID == "excuse" {
			continue
		}
		line := view.Step{Title: c.Say(step.Title)}
		for _, e := range d.Entries {
			if e.Step.ID == step.ID {
				line.State, line.Small = view.StepDone, c.Base.W.MonthDay(e.Record.On)
			}
		}
		if line.State == view.StepAhead && slices.ContainsFunc(d.Open, func(o app.OpenStep) bool { return o.Step.ID == step.ID }) {
			line.State = view.StepNow
		}
		if line.State == view.StepAhead && d.Closed {
			continue // it was never needed
		}
		steps = append(steps, line)
	}
	if len(steps) < 2 {
		return nil
	}
	return steps
}

// corrections are the answers that were put right, old and new.
func (c *Call) corrections(d app.Dossier) (all []view.Correction) {
	for _, e := range d.Entries {
		i := slices.IndexFunc(d.Entries, func(old app.Entry) bool { return e.Record.Corrects == old.Record.Seq })
		if e.Record.Corrects == 0 || i < 0 {
			continue
		}
		old := d.Entries[i].Record
		change := view.Correction{Reason: e.Record.Fields.Text(record.Correction), By: e.Actor.Name, Written: e.Record.Time.In(c.s.App.Zone()), Seq: e.Record.Seq, Of: old.Seq}
		if old.On != e.Record.On {
			change.Field, change.Old, change.New = c.T("form.on"), c.Base.W.Day(old.On), c.Base.W.Day(e.Record.On)
			all = append(all, change)
		}
		if e.Erased || d.Entries[i].Erased {
			continue // what it said is gone, not changed
		}
		for _, q := range e.Step.Form {
			before, after := old.Fields.Get(q.ID), e.Record.Fields.Get(q.ID)
			if sameValue(before, after) {
				continue
			}
			change.Field, change.Old, change.New = c.Say(q.Title), c.fullValue(q, before), c.fullValue(q, after)
			all = append(all, change)
		}
	}
	return all
}

// sameValue compares two answers by the one spelling that each has.
func sameValue(a, b record.Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return string(record.Of(record.F("v", a)).Append(nil)) == string(record.Of(record.F("v", b)).Append(nil))
}

// fullValue writes an answer so that two different ones read differently.
func (c *Call) fullValue(q procedure.Field, v record.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case record.People:
		names, text := c.Visit.Names(numbers(v)), ""
		for i, p := range v {
			if i > 0 {
				text += c.T("list.and")
			}
			text += c.T("people.one", "name", names[p.Person], "state", c.codeTitle("presence", string(p.State)))
		}
		return text
	case record.Items:
		text := ""
		for i, row := range c.answerList(q, v).Rows {
			text += strconv.Itoa(i+1) + ". "
			for _, cell := range row {
				text += cell + " "
			}
		}
		return text
	case record.Files:
		text := ""
		for i, f := range v {
			if i > 0 {
				text += c.T("list.and")
			}
			text += f.Name
		}
		return text
	case record.Vote:
		return c.T("vote.short", "for", strconv.Itoa(v.For), "against", strconv.Itoa(v.Against), "abstain", strconv.Itoa(v.Abstain), "present", strconv.Itoa(v.Present), "due", strconv.Itoa(v.Due))
	}
	return c.value(q.Codes, v)
}

// questions are what the system asked about records of the matter, with the answers.
func (s *Server) questions(c *Call, d app.Dossier) (all []view.Question) {
	answer, takes := d.Procedure.Step(answerStep)
	may := takes && c.Visit.MayTake(d.Procedure, answer, d.Org.ID)
	for _, q := range d.Questions {
		text, _ := c.Base.W.Reason(q.Why, c.named(q.Args))
		out := view.Question{Seq: q.Record, Text: text, MayAnswer: may && q.Answer == 0}
		for _, e := range d.Entries {
			switch e.Record.Seq {
			case q.Record:
				out.Asked = e.Record.On
			case q.Answer:
				out.Answer, out.AnsweredBy, out.Answered = e.Record.Fields.Text("account"), e.Actor.Name, e.Record.On
			}
		}
		if q.Basis != "" {
			out.Why, _ = c.clause(q.Basis)
		}
		if seq, err := strconv.ParseInt(q.Args["record"], 10, 64); err == nil && seq > 0 {
			out.Href, out.HrefText = view.RecordPath(seq), c.T("journal.number", "n", strconv.FormatInt(seq, 10))
		}
		if out.MayAnswer {
			out.Key = c.Visit.NewKey()
			for _, code := range s.App.Library().Law.Codes["question_answer"].Values {
				out.Kinds = append(out.Kinds, view.Option{Value: code.Code, Text: c.Base.W.Pick(code.ZH, code.EN)})
			}
		}
		all = append(all, out)
	}
	return all
}

// answerStep is the step by which a branch answers a question.
const answerStep = "answer"

// openSteps are the steps that can be taken now, with who takes them.
func (c *Call) openSteps(d app.Dossier) (open []view.OpenStep) {
	for _, o := range d.Open {
		if o.Step.ID == answerStep && len(d.Questions) == 0 {
			continue
		}
		line := view.OpenStep{Title: c.Say(o.Step.Title), Deadline: c.deadline(o.Due.On)}
		for i, role := range o.Step.By {
			if i == mostRoles {
				line.Who += c.T("list.more")
				break
			}
			if i > 0 {
				line.Who += c.T("list.and")
			}
			line.Who += c.byTitle(role)
		}
		if o.Due.Basis != "" {
			line.Clause, _ = c.clause(o.Due.Basis)
		}
		if o.Mine {
			line.Href = view.StepPath(d.ID, o.Step.ID)
		}
		line.Blocked = c.early(d, o.Step.ID)
		open = append(open, line)
	}
	return open
}

// early says from which day on a step can be taken that still has to wait.
func (c *Call) early(d app.Dossier, step string) string {
	for _, w := range d.Way {
		if w.Step.ID == step && w.Done == 0 && w.Stop.From > c.Today() {
			return c.T("way.from", "day", c.Base.W.Day(w.Stop.From))
		}
	}
	return ""
}

// mostRoles is how many offices are named where any of them may act.
const mostRoles = 2

// byTitle names who may take a step.
func (c *Call) byTitle(role string) string {
	switch role {
	case "member":
		return c.T("role.member")
	case "self":
		return c.T("role.self")
	}
	return c.roleTitle(role)
}

// answerAct is the answer to one question.
func (c *Call) answerAct(d app.Dossier, seq int64) matter.Act {
	n := strconv.FormatInt(seq, 10)
	fields := record.Of(record.F("record", record.Number(seq)))
	if kind := c.R.PostFormValue("kind-" + n); kind != "" {
		fields = fields.With("kind", record.Choice(kind))
	}
	if text := c.R.PostFormValue("answer-" + n); text != "" {
		fields = fields.With("account", record.Text(text))
	}
	return matter.Act{Procedure: d.Procedure.ID, Matter: d.ID, Org: d.Org.ID, Step: answerStep, On: c.Today(), Fields: fields}
}
