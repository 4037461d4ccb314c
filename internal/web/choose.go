package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// pick is the part of a question about a person or an organisation under which the
// one is sent that was chosen among those found; the question itself has what was
// typed. Nobody has to know a number, and a city is no list to scroll through.
const pick = "pick"

// choicesShown is how many of those found can be chosen from; whoever is not among
// them is found by more letters.
const choicesShown = 12

// A choice is a person or an organisation that can be the answer.
type choice struct {
	id, name, note string
}

// listsPeople reports whether people are chosen from the list of the branch. For an
// office anybody can be meant, also from elsewhere.
func (f *stepForm) listsPeople() bool {
	return len(f.roster)+len(f.officers) > 0 && f.procedure.Area != officeArea
}

// choices are those whom text can mean. With no text they are the people at hand.
func (f *stepForm) choices(c *Call, q procedure.Field, text string) (all []choice) {
	if q.Type == record.TypeOrg {
		if o, err := id.ParseOrg(text); err == nil && o != 0 {
			return []choice{{o.String(), c.Visit.OrgNames([]id.Org{o})[o], ""}}
		}
		if text != "" {
			for _, o := range c.Visit.OrgChoices(text, choicesShown) {
				all = append(all, choice{o.ID.String(), o.Name, shortName(o.Above.Name)})
			}
		}
		return all
	}
	if p, err := id.ParsePerson(text); err == nil && p != 0 {
		return []choice{{p.String(), c.Visit.Names([]id.Person{p})[p], ""}}
	}
	people := f.roster[:min(choicesShown, len(f.roster))]
	if text != "" {
		people = c.Visit.Choices(text, choicesShown)
	}
	for _, l := range people {
		all = append(all, choice{l.ID.String(), l.Name, c.whichOne(l)})
	}
	return all
}

// whichOne tells people of one name apart.
func (c *Call) whichOne(l app.PersonLine) string {
	note := []string{shortName(l.Branch.Name), c.codeTitle("standing", string(l.Standing))}
	for _, role := range l.Roles {
		note = append(note, c.roleTitle(role))
	}
	return strings.Join(append(note, l.ID.String()), c.T("form.choice_sep"))
}

// chosen reads the answer to a question about a person or an organisation: the one
// that was picked, or the only one of the name that was typed.
func (f *stepForm) chosen(c *Call, q procedure.Field, name string) (record.Value, string) {
	text, picked := strings.TrimSpace(f.values.Get(name)), f.values.Get(name+"."+pick)
	if text == "" && picked == "" {
		return nil, ""
	}
	if q.Type == record.TypePerson && f.listsPeople() {
		if i := slices.IndexFunc(f.roster, func(l app.PersonLine) bool { return l.Name == text }); i >= 0 {
			text = f.roster[i].ID.String()
		}
	}
	choices := f.choices(c, q, text)
	i := slices.IndexFunc(choices, func(x choice) bool { return x.id == picked })
	if i < 0 {
		i = only(choices, text)
	}
	switch {
	case i >= 0:
		return asAnswer(q, choices[i].id), ""
	case len(choices) > 0:
		return nil, "refuse.choose_one"
	case q.Type == record.TypeOrg:
		return nil, "refuse.no_such_org"
	}
	return nil, "refuse.no_such_person"
}

// only returns the one choice that text names in full or by number, or -1.
func only(choices []choice, text string) int {
	found := -1
	for i, x := range choices {
		if x.name != text && x.id != text {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

func asAnswer(q procedure.Field, text string) record.Value {
	if q.Type == record.TypeOrg {
		o, _ := id.ParseOrg(text) // it is one of ours
		return record.Org(o)
	}
	p, _ := id.ParsePerson(text)
	return record.Person(p)
}

// chooser draws a question whose answer is looked for: what was typed, and who can
// be meant by it. A number that came by a link is shown as a name.
func (f *stepForm) chooser(c *Call, q procedure.Field, name string, out *view.FormField) {
	out.Find = c.T("form.find")
	if out.Hint == "" {
		out.Hint = c.T("form.find_how")
	}
	picked := f.values.Get(name + "." + pick)
	choices := f.choices(c, q, out.Value)
	if i := only(choices, out.Value); i >= 0 {
		picked, out.Value = choices[i].id, choices[i].name
	}
	for _, x := range choices {
		out.Choices = append(out.Choices, view.Option{Value: x.id, Text: x.name, Hint: x.note, Selected: x.id == picked})
	}
}

// find says where nobody was found; those found are drawn with the form.
func (f *stepForm) find(c *Call, name string) {
	q, ok := f.step.Field(name)
	if !ok || len(f.choices(c, q, strings.TrimSpace(f.values.Get(name)))) > 0 {
		return
	}
	why := "refuse.no_such_person"
	if q.Type == record.TypeOrg {
		why = "refuse.no_such_org"
	}
	f.problems = append(f.problems, c.problem(matter.Refuse(name, why, ""), f.procedure.ID))
}

// whichBranch asks for the branch, where somebody is to be registered and the form
// was opened for an organisation above branches.
func (s *Server) whichBranch(c *Call, f *stepForm) (templ.Component, error) {
	if f.procedure.Subject != "person" {
		return nil, nil
	}
	page, err := c.Visit.OrgPage(c.R.Context(), f.org, 0)
	if err != nil || page.Kind.Basic() {
		return nil, err
	}
	v := view.ChooseView{Base: c.Base, Title: c.stepTitle(f.procedure, f.step), Action: view.Under(view.PathAct, f.procedure.ID), Org: f.org.String(),
		Q: strings.TrimSpace(c.R.FormValue("q")), Crumbs: s.crumbs(page)}
	v.At = view.AtPerson
	if v.Q != "" {
		for _, o := range c.Visit.Search(v.Q, mostNodes).Orgs {
			if o.Kind.Basic() && c.Visit.MayTake(f.procedure, f.step, o.ID) {
				v.Hits = append(v.Hits, view.Hit{Title: o.Name, Small: shortName(o.Above.Name), Href: view.BeginPath(f.procedure.ID, o.ID)})
			}
		}
		return view.Choose(v), nil
	}
	for _, l := range s.below(c, f.org) {
		href := view.BeginPath(f.procedure.ID, l.ID)
		if c.Visit.May(access.ListPeople, l.ID) {
			v.Hits = append(v.Hits, view.Hit{Title: l.Name, Small: c.codeTitle("org_kind", string(l.Kind)), Href: href})
		}
	}
	return view.Choose(v), nil
}
