package web

import (
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// matter is the page of one matter from its first record to its last.
func (s *Server) matter(c *Call) (templ.Component, error) {
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	if page := s.review(c, d); page != nil {
		return page, nil
	}
	return view.Matter(s.matterView(c, d)), nil
}

// matterView is what every matter shows.
func (s *Server) matterView(c *Call, d app.Dossier) view.MatterView {
	v := view.MatterView{Base: c.Base, ID: d.ID, AsOf: d.AsOf}
	v.At = sectionOf(d.Procedure)
	v.Flash = c.doneFlash()
	v.Title = c.Say(d.Procedure.Title)
	if name := c.whose(d); name != "" {
		v.Title = c.T("matter.title", "kind", v.Title, "theme", name)
	}
	if main, ok := mainEntry(d); ok {
		if text := s.summary(c, main); text != "" {
			v.Title = c.T("matter.title", "kind", v.Title, "theme", text)
		}
		v.Meta = append(v.Meta, c.Base.W.Day(main.Record.On))
	}
	v.Meta = append(v.Meta, d.Org.Name, c.T("sheet.number", "id", string(d.ID)))
	v.Crumbs = []view.Crumb{{Text: d.Org.Name}, {Text: c.Say(d.Procedure.Title)}}
	if c.Visit.May(access.ReadOrg, d.Org.ID) {
		v.Crumbs[0].Href = view.Under(view.PathOrg, d.Org.ID.String())
	}
	v.Tags = s.matterTags(c, d)
	for _, e := range slices.Backward(d.Entries) {
		v.Records = append(v.Records, s.matterRecord(c, d, e))
		v.Hidden = v.Hidden || e.Hidden
	}
	s.answers(c, d, &v)
	if v.Way = c.way(d); len(v.Way) == 0 {
		v.Stages = c.stages(d)
	}
	v.Corrections = c.corrections(d)
	v.Questions = s.questions(c, d)
	v.Open = c.openSteps(d)
	if c.mayOpenDoor(d) {
		v.CheckIn = view.CheckInPath(d.ID)
	}
	return v
}

// mainEntry is the record by which the meeting was held, or by which the matter
// began; as it stands now.
func mainEntry(d app.Dossier) (app.Entry, bool) {
	held := app.MeetingStep(d.Procedure).ID
	for _, e := range slices.Backward(d.Entries) {
		if e.Step.ID == held && e.Corrected == 0 {
			return e, true
		}
	}
	if len(d.Entries) == 0 {
		return app.Entry{}, false
	}
	return d.Entries[0], true
}

func (s *Server) matterTags(c *Call, d app.Dossier) (tags []view.Tag) {
	_, held := heldEntry(d)
	switch {
	case d.Closed:
		tags = append(tags, view.Tag{Tone: view.Good, Icon: "check", Text: c.T("meeting.filed")})
	case len(d.Way) > 0:
		tags = append(tags, view.Tag{Tone: view.Act, Icon: "circle-dashed", Text: c.T("way.going")})
	case held:
		tags = append(tags, view.Tag{Tone: view.Act, Icon: "circle-dashed", Text: c.T("meeting.held")})
	default:
		tags = append(tags, view.Tag{Tone: view.Line, Icon: "calendar", Text: c.T("meeting.planned")})
	}
	if e, ok := mainEntry(d); ok && e.Late > 0 {
		tags = append(tags, view.Tag{Tone: view.Warn, Icon: "clock", Text: c.T("part.late_record", "n", c.Base.W.N(e.Late))})
	}
	return tags
}

// heldEntry is the standing record by which the meeting was held, if it was.
func heldEntry(d app.Dossier) (app.Entry, bool) {
	e, ok := mainEntry(d)
	return e, ok && e.Step.ID == app.MeetingStep(d.Procedure).ID
}

func (s *Server) matterRecord(c *Call, d app.Dossier, e app.Entry) view.MatterRecord {
	r := e.Record
	out := view.MatterRecord{Seq: r.Seq, Day: r.On, Step: c.Say(e.Step.Title), Text: s.summary(c, e), Actor: e.Actor.Name, Behalf: e.Behalf.Name,
		Written: r.Time.In(s.App.Zone()), LateDays: e.Late, Corrects: r.Corrects, Corrected: e.Corrected, Erased: e.Erased,
		Seal: s.sealOf(r.Seq, e.Leaf), Receipt: view.ReceiptPath(d.ID, r.Seq)}
	if main, _ := mainEntry(d); out.Text == "" && r.Seq != main.Record.Seq {
		out.Text = c.said(e)
	}
	if e.Actor.ID == 0 {
		out.Actor = c.T("journal.system")
	}
	if start, ok := r.Fields.Get("start").(record.Time); ok {
		out.Clock = start.String()
	}
	if e.Corrected == 0 && !e.Erased && !e.Hidden && e.Step.Effect == "" && c.Visit.MayTake(d.Procedure, e.Step, d.Over(e.Step)) {
		out.Correct = view.With(view.StepPath(d.ID, e.Step.ID), "corrects", strconv.FormatInt(r.Seq, 10))
	}
	return out
}

// said is what a record answers in one line, where it is not drawn in full above it:
// days, numbers and names, and of texts their beginning.
func (c *Call) said(e app.Entry) (text string) {
	for _, q := range e.Step.Form {
		a := e.Record.Fields.Get(q.ID)
		switch a.(type) {
		case nil, record.People, record.Items, record.Files, record.Vote:
			continue
		}
		value := []rune(c.value(q.Codes, a))
		if len(value) > saidMost {
			value = append(value[:saidMost], '…')
		}
		if text != "" {
			text += c.T("form.choice_sep")
		}
		text += c.T("matter.said", "name", c.Say(q.Title), "value", string(value))
	}
	return text
}

// saidMost is how many characters of one answer stand in one line.
const saidMost = 40

// mayOpenDoor reports whether the visitor can let people check in now: the meeting
// was announced, not held, and is the visitor's to record.
func (c *Call) mayOpenDoor(d app.Dossier) bool {
	_, held := heldEntry(d)
	step := app.MeetingStep(d.Procedure)
	return !held && slices.ContainsFunc(d.Open, func(o app.OpenStep) bool {
		return o.Mine && o.Step.ID == step.ID && slices.ContainsFunc(step.Form, asksPresence)
	})
}

// asksPresence reports whether q asks who of those due was there.
func asksPresence(q procedure.Field) bool {
	return q.Type == record.TypePeople && q.Whom != "" && !q.Optional
}

// answerOrCheck answers what is posted below a step: the live check of its form, or
// the answer to a question about record seq.
func (s *Server) answerOrCheck(c *Call) (templ.Component, error) {
	if c.R.PathValue("what") == "check" {
		return s.stepCheck(c)
	}
	seq, err := strconv.ParseInt(c.R.PathValue("what"), 10, 64)
	if err != nil || c.R.PathValue("step") != answerStep {
		return nil, errNowhere
	}
	if err := c.form(); err != nil {
		return nil, err
	}
	d, err := c.Visit.Dossier(c.R.Context(), c.Matter())
	if err != nil {
		return nil, err
	}
	receipt, err := c.Session.Act(c.R.Context(), c.R.Pattern, c.answerAct(d, seq), c.R.PostFormValue("key"))
	if err != nil {
		return nil, err
	}
	return nil, c.To(view.With(view.MatterPath(d.ID), "done", strconv.FormatInt(receipt.Record.Seq, 10)))
}

// receipt is the text of a receipt, a file to keep.
func (s *Server) receipt(c *Call) (templ.Component, error) {
	seq, err := strconv.ParseInt(c.R.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return nil, fault.NotFound
	}
	_, r, err := c.Visit.JournalRecord(c.R.Context(), seq)
	if err != nil {
		return nil, err
	}
	if r.Matter != c.Matter() {
		return nil, fault.NotFound
	}
	proof, err := s.Log.Prove(r)
	if errors.Is(err, fs.ErrNotExist) {
		return s.notYet(c), nil
	}
	if err != nil {
		return nil, err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="record-`+strconv.FormatInt(seq, 10)+`.tlog-proof"`)
	c.W.WriteHeader(http.StatusOK)
	_, _ = c.W.Write(proof.Text) // whoever went away needs no answer
	return nil, nil
}

// notYet says that the record is kept and its receipt a second away.
func (s *Server) notYet(c *Call) templ.Component {
	c.W.Header().Set("Retry-After", "1")
	v := s.failure(c, http.StatusServiceUnavailable, view.SavedNothingSent)
	v.Detail, v.Wait = c.T("matter.receipt_soon"), c.T("matter.one_second")
	return view.Failure(v)
}
