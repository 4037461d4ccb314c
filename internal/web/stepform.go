package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// A stepForm is the form of one step on its way between a page and an act. What was
// typed stays as it was typed until the act is made, so that a refusal can show it.
type stepForm struct {
	procedure procedure.Procedure
	step      procedure.Step
	org       id.Org
	matter    id.Matter // empty: a new one
	have      int64
	corrects  int64
	old       *record.Record // what is corrected
	dossier   *app.Dossier
	action    string
	only      []string // the optional questions that are asked; empty: all

	values   url.Values // by the names of the fields
	roster   []app.PersonLine
	officers []app.Officer
	marks    record.People // who checked in
	saved    time.Time     // when the draft was kept
	checked  bool
	problems []view.Problem
	unkept   []view.Problem // attachments that were not taken
}

// The names of a form that are no questions of the step.
var formNames = []string{"key", "have", "org", "do", "on", "behalf"}

func (s *Server) newForm(c *Call, f stepForm) (*stepForm, error) {
	f.values = url.Values{}
	page, err := c.Visit.OrgPage(c.R.Context(), f.org, 0)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	f.officers = page.Officers
	if f.roster, err = c.Visit.Roster(f.org, 0); err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	if f.matter != "" && f.corrects == 0 {
		if in, err := c.Session.CheckedIn(c.R.Context(), f.matter); err == nil {
			f.marks = in.People
		}
	}
	return &f, nil
}

// read takes over what was posted. A name that the form does not have is refused.
func (f *stepForm) read(c *Call) error {
	f.values = url.Values{}
	for name, values := range c.R.PostForm {
		if !slices.Contains(formNames, name) && !f.asks(name) {
			return &fault.Invalid{Field: name, Why: "form.unknown_name"}
		}
		f.values[name] = values
	}
	return f.attach(c)
}

// asks reports whether the form has a field of that name.
func (f *stepForm) asks(name string) bool {
	if name == record.Correction {
		return f.corrects != 0
	}
	first, rest, nested := strings.Cut(name, ".")
	q, ok := f.step.Field(first)
	if !ok || q.Computed != "" {
		return false
	}
	switch q.Type {
	case record.TypePeople:
		person, part, more := strings.Cut(rest, ".")
		_, err := id.ParsePerson(person)
		return nested && err == nil && (!more || part == "means" || part == "note")
	case record.TypeVote:
		return nested && slices.Contains(voteParts, rest)
	case record.TypeFile:
		return !nested || rest == "keep"
	case record.TypePerson, record.TypeOrg:
		return !nested || rest == pick
	case record.TypeItems:
		n, column, more := strings.Cut(rest, ".")
		if rest == "rows" {
			return true
		}
		_, ok := rowNumber(n)
		column, part, nested := strings.Cut(column, ".")
		return more && ok && slices.ContainsFunc(q.Rows, func(col procedure.Field) bool {
			return col.ID == column && col.Computed == "" && (slices.Contains(cellParts(col), "."+part) || !nested && col.Type != record.TypeVote)
		})
	}
	return !nested
}

// act makes the act that was typed, or says what cannot be read.
func (f *stepForm) act(c *Call) (matter.Act, []view.Problem) {
	act := matter.Act{Procedure: f.procedure.ID, Matter: f.matter, Org: f.org, Step: f.step.ID, Corrects: f.corrects}
	if f.matter == "" && f.procedure.Subject == "org" {
		act.Org = 0 // it is only being founded; the one above is an answer
	}
	problems := f.unkept
	bad := func(field, why string, title string) {
		problems = append(problems, c.problem(matter.Refuse(field, why, "", "field", title), f.procedure.ID))
	}
	on, err := day.Parse(strings.TrimSpace(f.values.Get("on")))
	if err != nil || on == 0 {
		bad("on", "refuse.not_a_day", c.T("form.on"))
	}
	act.On = on
	if who := f.values.Get("behalf"); who != "" {
		if act.Behalf, err = id.ParsePerson(who); err != nil {
			bad("behalf", "refuse.no_such_person", "")
		}
	}
	if why := strings.TrimSpace(f.values.Get(record.Correction)); why != "" {
		act.Fields = act.Fields.With(record.Correction, record.Text(why))
	}
	for _, q := range f.step.Form {
		if q.Computed != "" {
			continue
		}
		v, wrong := f.parse(c, q, q.ID)
		for _, w := range wrong {
			bad(w.name, w.why, w.title)
		}
		if v != nil {
			act.Fields = act.Fields.With(q.ID, v)
		}
	}
	return act, problems
}

// refused keeps what the kernel says is wrong.
func (f *stepForm) refused(c *Call, refusal *matter.Refusal) {
	for _, one := range refusal.All() {
		f.problems = append(f.problems, c.problem(one, f.procedure.ID))
	}
}

// check asks the kernel what it would say, and records nothing.
func (f *stepForm) check(c *Call) {
	f.checked = true
	act, problems := f.act(c)
	if len(problems) > 0 {
		f.problems = problems
		return
	}
	refusal, err := c.Visit.Try(c.R.Context(), act)
	if err == nil && refusal != nil {
		f.refused(c, refusal)
	}
}

// draftName is under which name the draft of this form is kept.
func (f *stepForm) draftName() string {
	if f.matter != "" {
		return strings.TrimPrefix(f.action, view.PathMatter+"/") // as [app.Visit.KeepDraft] wants it
	}
	return f.action
}

// keep keeps what was typed until the person comes back, from any device.
func (f *stepForm) keep(c *Call) error {
	kept := url.Values{}
	for name, values := range f.values {
		if name == "on" || name == "behalf" || f.asks(name) {
			kept[name] = values
		}
	}
	at, err := c.Visit.KeepDraft(c.R.Context(), f.draftName(), []byte(kept.Encode()))
	f.saved = at
	return err
}

// forget drops the draft of a form that was taken. The act stands whether or not
// this works; a draft left over is swept away later.
func (f *stepForm) forget(c *Call) {
	if err := c.Visit.DropDraft(context.WithoutCancel(c.R.Context()), f.draftName()); err != nil {
		c.s.Logger.Warn("draft not dropped", "err", err)
	}
}

// recall fills in the draft, if there is one.
func (f *stepForm) recall(c *Call) (bool, error) {
	body, at, err := c.Visit.Draft(c.R.Context(), f.draftName())
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return false, nil // of another time; nothing is lost but the draft
	}
	f.values, f.saved = values, at
	return true, nil
}
