package library_test

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"qingfeng/content"
	"qingfeng/internal/day"
	"qingfeng/internal/library"
)

// shipped loads what ships in the binary.
func shipped(t *testing.T) *library.Library {
	t.Helper()
	lib, err := library.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestCases plays the cases that lie beside every procedure.
func TestCases(t *testing.T) {
	lib := shipped(t)
	cases, err := lib.Cases()
	if err != nil {
		t.Error(err)
	}
	for _, c := range cases {
		t.Run(c.Procedure+"/"+c.Name, func(t *testing.T) {
			if err := lib.Play(c); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEveryStepIsTakenAndEveryProcedureRefuses keeps cases from only showing what
// works, and steps from never having been tried.
func TestEveryStepIsTakenAndEveryProcedureRefuses(t *testing.T) {
	lib := shipped(t)
	cases, err := lib.Cases()
	if err != nil {
		t.Fatal(err)
	}
	taken, refused := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		for _, a := range c.Acts {
			in := c.Procedure
			if a.Procedure != "" {
				in = a.Procedure
			}
			taken[in+"."+a.Step] = taken[in+"."+a.Step] || a.Refused == ""
			refused[in] = refused[in] || a.Refused != ""
		}
	}
	for _, id := range slices.Sorted(maps.Keys(lib.Procedures)) {
		p, _ := lib.Latest(id)
		for _, s := range p.Steps {
			if !taken[p.Kind(s.ID)] {
				t.Errorf("%s: no case in which it is taken", p.Kind(s.ID))
			}
		}
		if !refused[id] {
			t.Errorf("%s: no case in which it refuses", id)
		}
	}
}

func TestACaseThatIsWrongSaysSo(t *testing.T) {
	for why, text := range map[string]string{
		"accepted":   `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee, attended: {present: a1}, place: x, summary: x}, refused: refuse.missing}], closed: true}`,
		"refused":    `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee}}]}`,
		"otherwise":  `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee}, refused: refuse.future}]}`,
		"elsewhere":  `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee}, refused: refuse.missing, field: kind}]}`,
		"not closed": `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee, attended: {present: a1}, place: x, summary: x}}]}`,
		"next":       `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee}, refused: refuse.missing}], next: []}`,
		"due":        `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a1, fields: {kind: committee}, refused: refuse.missing}], due: {hold: 2026-04-03}}`,
		"no such":    `- {name: a, org: b9, acts: [{step: hold, on: 2026-04-02, by: a77, fields: {kind: committee}, refused: refuse.missing}]}`,
	} {
		lib, err := library.Load(content.FS, fstest.MapFS{"procedures/talk/cases.yaml": {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		cases, err := lib.Cases()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if err := lib.Play(c); c.Procedure == "talk" && err == nil {
				t.Errorf("%s: the case passes", why)
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	lib := shipped(t)
	for _, c := range []struct{ from, with, without string }{
		{"2018-02-09", "2018-02-14", "2018-02-22"},
		{"2018-04-26", "2018-05-03", "2018-05-04"},
		{"2018-06-14", "2018-06-21", "2018-06-22"},
		{"2018-09-27", "2018-10-08", "2018-10-09"},
		{"2026-02-12", "2026-02-25", "2026-02-26"},
		{"2026-09-23", "2026-09-30", "2026-10-08"},
	} {
		for first, want := range map[bool]string{true: c.with, false: c.without} {
			got, err := lib.Law.Calendar.AddWorking(day.Must(c.from), 5, first)
			if err != nil || got != day.Must(want) {
				t.Errorf("fifth working day from %s, first counted %v: %s (%v), want %s", c.from, first, got, err, want)
			}
		}
	}
	if _, err := lib.Law.Calendar.Working(day.Must("2019-01-02")); err == nil {
		t.Error("a year that is not known is computed all the same")
	}
}

const grace = `id: late.tolerance
title: {zh: 补记的宽限天数, en: Days of grace before an entry counts as late}
unit: day
certainty: U
values: [{from: 1982-09-06, value: 10, basis: handbook#late}]
`

func TestAnInstallationReplacesAndAdds(t *testing.T) {
	lib, err := library.Load(content.FS, fstest.MapFS{
		"rules/late.tolerance.yaml": {Data: []byte(grace)},
		"sources/local.yaml":        {Data: []byte("id: local\ntitle: {zh: 本地, en: Local}\nissuer: {zh: 本地, en: Local}\ncertainty: K\nnote: {zh: 例, en: Example}\nin_force: [{from: 2020-01-01}]\nclauses: {a: {name: {zh: 甲, en: A}, zh: 甲, en: A}}\n")},
		"README.md":                 {Data: []byte("not content")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := lib.Law.Book.At("late.tolerance", day.Must("2026-01-01")); err != nil || v.Int() != 10 {
		t.Errorf("late.tolerance is %d (%v), want 10", v.Int(), err)
	}
	if _, _, ok := lib.Clause("local#a"); !ok {
		t.Error("the added clause is not there")
	}
	before := shipped(t)
	if lib.Edition == before.Edition || before.Edition != shipped(t).Edition {
		t.Error("the digest of content must change with it, and only then")
	}
	if len(lib.Overrides) != 2 || len(before.Overrides) != 0 {
		t.Fatalf("overrides: %+v", lib.Overrides)
	}
	replaced, added := lib.Overrides[0], lib.Overrides[1]
	if replaced.Path != "rules/late.tolerance.yaml" || len(replaced.Hash) != 64 || len(replaced.Replaced) != 64 || replaced.Hash == replaced.Replaced {
		t.Errorf("replaced: %+v", replaced)
	}
	if added.Path != "sources/local.yaml" || len(added.Hash) != 64 || added.Replaced != "" {
		t.Errorf("added: %+v", added)
	}
}

const later = `id: talk
from: 2027-01-01
title: {zh: 谈心谈话, en: Heart-to-heart talk}
area: life
basis: [branch-work#talks]
of: [branch, joint_branch, temporary_branch]
steps:
  - id: hold
    title: {zh: 谈话, en: Talk}
    by: [branch.secretary]
    form:
      - {id: attended, title: {zh: 参加谈话的人, en: Who talked}, type: people}
    closes: true
`

func TestAMatterStaysWithItsEdition(t *testing.T) {
	lib, err := library.Load(content.FS, fstest.MapFS{"procedures/talk/2027-01-01.yaml": {Data: []byte(later)}})
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2016-10-27": "2016-10-27", "2026-12-31": "2016-10-27", "2027-01-01": "2027-01-01", "2030-05-05": "2027-01-01"} {
		if p, ok := lib.Procedure("talk", day.Must(on)); !ok || p.From != day.Must(want) {
			t.Errorf("on %s the edition of %s is in force, want %s", on, p.From, want)
		}
	}
	if _, ok := lib.Procedure("talk", day.Must("2016-10-26")); ok {
		t.Error("an edition is in force before its first day")
	}
	if p, ok := lib.ProcedureEdition("talk", day.Must("2016-10-27")); !ok || len(p.Steps[0].Form) < 2 {
		t.Error("the old edition is gone")
	}
	if _, ok := lib.ProcedureEdition("talk", day.Must("2026-12-31")); ok {
		t.Error("an edition is found by a day on which none began")
	}
}
