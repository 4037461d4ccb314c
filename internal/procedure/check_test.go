package procedure

import (
	"slices"
	"strings"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/record"
	"qingfeng/internal/title"
)

var both = title.Title{ZH: "字", EN: "word"}

// meeting is a procedure without fault: two steps before, one after, a deadline,
// rows and a standing step.
func meeting() Procedure {
	return Procedure{
		ID: "meeting", From: day.Must("2016-10-27"), Title: both, Area: "life", Basis: []string{"branch-work#1"}, Visible: "members",
		Steps: []Step{
			{ID: "plan", Title: both, By: []string{"branch.secretary"}, Form: []Field{{ID: "theme", Title: both, Type: record.TypeText}}},
			{ID: "hold", Title: both, By: []string{"branch.secretary"}, After: []string{"plan"}, Within: Within{Rule: "meeting.within", Of: "plan"},
				Form: []Field{
					{ID: "attended", Title: both, Type: record.TypePeople, Whom: "roster"},
					{ID: "kind", Title: both, Type: record.TypeChoice, Codes: "kind"},
					{ID: "problems", Title: both, Type: record.TypeItems, Rows: []Field{
						{ID: "text", Title: both, Type: record.TypeText}, {ID: "owner", Title: both, Type: record.TypePerson, Whom: "committee"}}},
				}},
			{ID: "close", Title: both, By: []string{"branch.secretary"}, After: []string{"plan", "hold"}, Closes: true},
			{ID: "answer", Title: both, By: []string{"branch.secretary"}, Standing: true, Repeats: true},
		},
	}
}

func TestAProcedureWithoutFaultPasses(t *testing.T) {
	if problems := meeting().Check(); problems != nil {
		t.Errorf("%v", problems)
	}
	file := meeting()
	file.Subject, file.Visible, file.Steps = "org", "", slices.Delete(file.Steps, 2, 4)
	file.Steps[0].Effect = "org.rename"
	file.Steps[0].Form[0].ID = "name"
	if problems := file.Check(); problems != nil {
		t.Errorf("a file that is never closed: %v", problems)
	}
}

func TestEveryFaultOfAProcedureIsFound(t *testing.T) {
	step := func(i int, change func(*Step)) func(*Procedure) { return func(p *Procedure) { change(&p.Steps[i]) } }
	field := func(i, j int, change func(*Field)) func(*Procedure) {
		return func(p *Procedure) { change(&p.Steps[i].Form[j]) }
	}
	for want, spoil := range map[string]func(*Procedure){
		"title: title needs zh and en": func(p *Procedure) { p.Title.ZH = "" },
		"area: area is missing":        func(p *Procedure) { p.Area = "" },
		"from: from is missing":        func(p *Procedure) { p.From = 0 },
		"basis: names no basis":        func(p *Procedure) { p.Basis = nil },
		`subject: subject "branch"`:    func(p *Procedure) { p.Subject = "branch" },
		"steps[0]: step plan: a book of one year begins with the number year": func(p *Procedure) {
			p.Subject, p.Steps[3].After = "year", []string{"plan"}
		},
		"steps[3]: step answer: comes after no step": func(p *Procedure) {
			p.Subject, p.Steps[0].Form[0] = "year", Field{ID: YearField, Title: both, Type: record.TypeNumber}
		},
		"steps[0].form[0].personal: field theme: personal goes with type items": field(0, 0, func(f *Field) { f.Personal = true }),
		"steps[1].over: step hold: over \"theme\" of \"plan\"":                  step(1, func(s *Step) { s.Over = Over{"theme", "plan"} }),
		"steps[1].over: step hold: over \"org\" of \"hold\"": step(1, func(s *Step) {
			s.Over = Over{"org", "hold"}
			s.Form[0] = Field{ID: "org", Title: both, Type: record.TypeOrg}
		}),
		`visible: visible "all"`:                                               func(p *Procedure) { p.Visible = "all" },
		"steps: no step closes the matter":                                     step(2, func(s *Step) { s.Closes = false }),
		"steps[0]: step needs an id":                                           step(0, func(s *Step) { s.Title.EN = "" }),
		"steps[3]: step needs an id":                                           step(3, func(s *Step) { s.ID = "" }),
		"steps[3]: step hold: declared twi":                                    step(3, func(s *Step) { s.ID = "hold" }),
		"steps[1]: step hold: nobody may":                                      step(1, func(s *Step) { s.By = nil }),
		"steps[0].after: step plan: after hold, which does not come before it": step(0, func(s *Step) { s.After = []string{"hold"} }),
		"steps[0].after: step plan: after plan, which does not come before it": step(0, func(s *Step) { s.After = []string{"plan"} }),
		"steps[1].after: step hold: after plna, and there is no such step":     step(1, func(s *Step) { s.After = []string{"plan", "plna"} }),
		`steps[1].within: step hold: within meeting.within of "close"`:         step(1, func(s *Step) { s.Within.Of = "close" }),
		`steps[1].within: step hold: within meeting.within of ""`:              step(1, func(s *Step) { s.Within.Of = "" }),
		`steps[1].within: step hold: within meeting.within of "hold"`:          step(1, func(s *Step) { s.Within.Of = "hold" }),
		"steps[1].within: step hold: within names no rule":                     step(1, func(s *Step) { s.Within.Rule = "" }),
		"steps[1].within: step hold: within is a rule after a step, or":        step(1, func(s *Step) { s.Within.At = "x.day" }),
		"steps[1].within: step hold: within counts from every record":          step(1, func(s *Step) { s.Within.Every = true }),
		"steps[1].until: step hold: until names no rule":                       step(1, func(s *Step) { s.Until.Of = "plan" }),
		`steps[1].until: step hold: until meeting.until of "close"`:            step(1, func(s *Step) { s.Until = Within{Rule: "meeting.until", Of: "close"} }),
		"steps[1].waits: step hold: waits names no rule":                       step(1, func(s *Step) { s.Waits = []Within{{}} }),
		`steps[1].waits: step hold: waits meeting.within of "hold"`:            step(1, func(s *Step) { s.Waits = []Within{{At: "x.day"}, {Rule: "meeting.within", Of: "hold"}} }),
		"steps[1].adopts: step hold: adopts problems, which needs a column step": step(1, func(s *Step) {
			s.Adopts = "problems"
			s.Form[2].Rows = append(s.Form[2].Rows, Field{ID: "on", Title: both, Type: record.TypeDay})
		}),
		"steps[1].adopts: step hold: adopts problems, which needs a column on": step(1, func(s *Step) {
			s.Adopts = "problems"
			s.Form[2].Rows = append(s.Form[2].Rows, Field{ID: "step", Title: both, Type: record.TypeChoice, Codes: "steps"})
		}),
		"steps[0].form: step plan: effect person.standing needs a field person of type person": step(0, func(s *Step) {
			s.Effect = "person.standing"
			s.Form = append(s.Form, Field{ID: "standing", Title: both, Type: record.TypeChoice, Codes: "standing"})
		}),
		"steps[3]: step answer: a standing step cannot close":     step(3, func(s *Step) { s.Closes = true }),
		"steps[0].form[0]: field needs an id":                     field(0, 0, func(f *Field) { f.Title = title.Title{} }),
		`steps[0].form[0].type: field theme: unknown type "Text"`: field(0, 0, func(f *Field) { f.Type = "Text" }),
		"steps[1].form[1]: field attended: declared twice":        field(1, 1, func(f *Field) { f.ID = "attended" }),
		"steps[1].form[1].codes: field kind: codes go with":       field(1, 1, func(f *Field) { f.Codes = "" }),
		"steps[0].form[0].codes: field theme: codes go with":      field(0, 0, func(f *Field) { f.Codes = "kind" }),
		"steps[1].form[2].rows: field problems: rows go with":     field(1, 2, func(f *Field) { f.Rows = nil }),
		"steps[0].form[0].rows: field theme: rows go with":        field(0, 0, func(f *Field) { f.Rows = []Field{{ID: "a", Title: both, Type: record.TypeText}} }),
		"steps[1].form[2].rows[0].type: field text: rows within rows": field(1, 2, func(f *Field) {
			f.Rows[0] = Field{ID: "text", Title: both, Type: record.TypeItems, Rows: []Field{{ID: "a", Title: both, Type: record.TypeText}}}
		}),
		"steps[1].form[2].rows[1]: field text: declared twice":         field(1, 2, func(f *Field) { f.Rows[1].ID = "text" }),
		`steps[1].form[0].whom: field attended: whom "all"`:            field(1, 0, func(f *Field) { f.Whom = "all" }),
		`steps[0].form[0].whom: field theme: whom "roster"`:            field(0, 0, func(f *Field) { f.Whom = "roster" }),
		`steps[1].form[2].rows[1].whom: field owner: whom "group "`:    field(1, 2, func(f *Field) { f.Rows[1].Whom = "group " }),
		`steps[0].effect: step plan: unknown effect "org.close"`:       step(0, func(s *Step) { s.Effect = "org.close" }),
		"steps[0].form: step plan: effect org.rename needs a field na": step(0, func(s *Step) { s.Effect = "org.rename" }),
		"steps[0].form: step plan: effect record.erase needs a field record of type number": step(0, func(s *Step) {
			s.Effect, s.Form[0].ID = "record.erase", "record" // there, and of another type
		}),
	} {
		t.Run(want, func(t *testing.T) {
			p := meeting()
			spoil(&p)
			problems := p.Check()
			if len(problems) != 1 {
				t.Fatalf("%d problems: %v", len(problems), problems)
			}
			if got := problems[0].Path + ": " + problems[0].Why; !strings.HasPrefix(got, want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestAnEmptyProcedureIsToldAllItLacks(t *testing.T) {
	var paths []string
	for _, p := range (Procedure{}).Check() {
		paths = append(paths, p.Path)
	}
	if got := strings.Join(paths, " "); got != "title area from basis steps steps" {
		t.Errorf("got %s", got)
	}
}

func TestEveryEffectSaysWhatItReads(t *testing.T) {
	for effect, want := range map[string]int{
		"org.found": 3, "org.rename": 1, "org.change": 1, "org.move": 1, "org.merge": 1, "org.dissolve": 0,
		"person.register": 2, "person.correct": 0, "person.standing": 1, "person.join": 1, "person.leave": 0,
		"office.take": 2, "office.leave": 0, "record.erase": 1, "content.override": 1,
	} {
		if needs, ok := Needs(effect); !ok || len(needs) != want {
			t.Errorf("%s: %v, %v", effect, needs, ok)
		}
	}
	if len(effects) != 15 {
		t.Errorf("%d effects; add the new one to this test", len(effects))
	}
	if _, ok := Needs("org"); ok {
		t.Error("an effect that does not exist has needs")
	}
}

func TestStepsAndFieldsAreFoundByTheirID(t *testing.T) {
	p := meeting()
	s, ok := p.Step("hold")
	if !ok || s.ID != "hold" || p.Kind("hold") != "meeting.hold" {
		t.Errorf("%q, %v, %q", s.ID, ok, p.Kind("hold"))
	}
	if f, ok := s.Field("kind"); !ok || f.ID != "kind" {
		t.Errorf("%q, %v", f.ID, ok)
	}
	if s, ok := p.Step("Hold"); ok || s.ID != "" {
		t.Errorf("found %q", s.ID)
	}
	if f, ok := s.Field("text"); ok || f.ID != "" {
		t.Errorf("found %q, which is a column and not a field", f.ID)
	}
}

func TestTheLineIsTheLongestWayToTheEnd(t *testing.T) {
	p := Procedure{Steps: []Step{
		{ID: "apply"}, {ID: "note", After: []string{"apply"}}, {ID: "vote", After: []string{"apply"}}, {ID: "file", After: []string{"vote", "apply"}},
		{ID: "end", After: []string{"apply"}, Closes: true}, {ID: "archive", After: []string{"file"}, Closes: true}, {ID: "after", After: []string{"archive"}, Standing: true},
	}}
	var line []string
	for _, s := range p.Line() {
		line = append(line, s.ID)
	}
	if got := strings.Join(line, " "); got != "apply vote file archive" {
		t.Errorf("got %s", got)
	}
	if (Procedure{Steps: []Step{{ID: "correct"}}}).Line() != nil {
		t.Error("a file that is never closed leads nowhere")
	}
}
