package library_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"qingfeng/content"
	"qingfeng/internal/day"
	"qingfeng/internal/library"
)

// changed returns the content of the program with one text replaced in one file.
func changed(t *testing.T, file, old, new string) fstest.MapFS {
	t.Helper()
	b, err := fs.ReadFile(content.FS, file)
	if err != nil || !strings.Contains(string(b), old) {
		t.Fatalf("%s does not say %q (%v)", file, old, err)
	}
	return fstest.MapFS{file: {Data: []byte(strings.Replace(string(b), old, new, 1))}}
}

// TestAChangeThatIsWrong changes a word of what ships and looks at what is said
// of it.
func TestAChangeThatIsWrong(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"roles.yaml", "table: office", "table: job", `no table "job"`},
		{"roles.yaml", "reach: below", "reach: above", `reach "above": want own or below`},
		{"roles.yaml", "of: [general_branch]", "of: [big_branch]", `no kind of organisation "big_branch"`},
		{"roles.yaml", "level: [township]", "level: [village]", `no level "village"`},
		{"roles.yaml", "may: [audit.read]", "may: [audit.write]", `no action "audit.write"`},
		{"roles.yaml", "id: branch.deputy", "id: branch.secretary", `role "branch.secretary" is there twice`},
		{"roles.yaml", "id: branch.deputy", "id: member", `"member" is no office`},
		{"roles.yaml", "{zh: 职务, en: Office}", "{zh: 职务}", "table office needs zh and en"},
		{"areas.yaml", "- id: life\n", "- id: lives\n", `area "lives" has no procedure`},
		{"areas.yaml", "- id: life\n", "- id: office\n", `area "office" is there twice`},
		{"codes/sex.yaml", `code: "2"`, `code: "1"`, `code "1" is there twice`},
		{"codes/org_kind.yaml", "code: group", "code: cell", `no value "group"`},
		{"codes/sex.yaml", "zh: 男, ", "", "a value needs code, zh and en"},
		{"sources/handbook.yaml", "certainty: U", "certainty: X", `certainty "X": want S, K or U`},
		{"sources/handbook.yaml", "in_force: [{from: 1921-07-23}]", "in_force: []", "in_force is missing"},
		{"calendars/2018.yaml", "basis: holiday-notice#2018", "basis: holiday-notice#1918", `cites "holiday-notice#1918"`},
		{"calendars/2018.yaml", "work: [2018-02-11", "work: [2018-02-17", "2018-02-17 is off and worked"},
		{"procedures/talk/procedure.yaml", "    basis: [branch-work#talks]", "    basis: [branch-work#chats]", `cites "branch-work#chats"`},
		{"procedures/general_meeting/procedure.yaml", "codes: decision_result", "codes: mood", `no code table "mood"`},
		{"procedures/general_meeting/procedure.yaml", "basis: branch-work#decisions", "basis: branch-work#moods", `cites "branch-work#moods"`},
		{"procedures/life_meeting/procedure.yaml", ", en: \"Only giver, receiver and recorder see the words\"}", "}", "hint needs zh and en"},
		{"procedures/talk/procedure.yaml", "of: [branch, joint_branch, temporary_branch]", "of: [club]", `no kind of organisation "club"`},
		{"indicators/problems_branch.yaml", "base: {indicator: problems}", "base: {indicator: problems, roster: true}", "want one of orgs, roster and indicator"},
		{"indicators/problems_branch.yaml", "base: {indicator: problems}", "base: {indicator: songs}", `no indicator "songs"`},
		{"indicators/problems_branch.yaml", "topic: life", "topic: song", `no area "song"`},
		{"indicators/group_meeting_held.yaml", "only_if: life.has_groups", "only_if: life.roster", `function "life.roster" does something else`},
		{"indicators/problems_branch.yaml", "base: {indicator: problems}", "base: {indicator: problems, only_if: life.has_groups}", "only_if narrows orgs, and there are none"},
		{"checks/problems_sum.yaml", "whole: problems", "whole: attendances", "attendances counts per month, the others per year"},
		{"obligations/talk.yaml", "begin: talk", "begin: chat", `no procedure "chat"`},
		{"obligations/talk.yaml", "steps: [talk.hold]", "steps: [talk.plan]", `no step "talk.plan"`},
		{"cases_world.yaml", "superior: city}", "superior: moon}", `no organisation "moon"`},
		{"cases_world.yaml", "branch.secretary: b9", "branch.chief: b9", `no role "branch.chief"`},
	} {
		_, err := library.Load(content.FS, changed(t, c.file, c.old, c.new))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q for %q:\ngot %v\nwant %s", c.file, c.new, c.old, err, c.want)
		}
	}
}

// TestACaseThatExpectsTheWrongThing changes what a case of those that ship expects.
func TestACaseThatExpectsTheWrongThing(t *testing.T) {
	for _, c := range []struct{ file, old, new string }{
		{"procedures/general_meeting/cases.yaml", "cites: branch-work#decisions", "cites: branch-work#minutes"},
		{"procedures/general_meeting/cases.yaml", "asks: [ask.near_copy]", "asks: [ask.two_places]"},
		{"procedures/general_meeting/cases.yaml", "asks: [ask.near_copy]", "asks: []"},
		{"procedures/general_meeting/cases.yaml", "gives: {due: 9, present: 8}", "gives: {due: 9, present: 9}"},
		{"procedures/general_meeting/cases.yaml", "field: attended", "field: minutes"},
		{"procedures/life_meeting/cases.yaml", "due: {close: 2026-12-10}", "due: {close: 2026-12-11}"},
	} {
		lib, err := library.Load(content.FS, changed(t, c.file, c.old, c.new))
		if err != nil {
			t.Fatal(err)
		}
		cases, err := lib.Cases()
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, each := range cases {
			if lib.Play(each) != nil {
				failed++
			}
		}
		if failed != 1 {
			t.Errorf("%s: %q for %q: %d cases fail, want that one", c.file, c.new, c.old, failed)
		}
	}
}

func TestAProcedureWithoutCases(t *testing.T) {
	lib, err := library.Load(content.FS, fstest.MapFS{"procedures/talk/cases.yaml": {Data: []byte("[]")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Cases(); err == nil || !strings.Contains(err.Error(), "procedures/talk/cases.yaml: the procedure has no cases") {
		t.Errorf("got %v", err)
	}
}

// TestAFunctionNeedsItsRules takes a rule away that a function applies.
func TestAFunctionNeedsItsRules(t *testing.T) {
	without := fstest.MapFS{}
	err := fs.WalkDir(content.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || p == "rules/meeting.quorum.yaml" {
			return err
		}
		b, err := fs.ReadFile(content.FS, p)
		without[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = library.Load(without)
	if want := `rules/meeting.quorum.yaml: no rule "meeting.quorum", which function ballot.quorum_general applies`; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// TestEditionsBeforeAndBesideTheFirst: the files may be written in any order, the
// days decide; but no two editions begin on one day.
func TestEditionsBeforeAndBesideTheFirst(t *testing.T) {
	edition := func(from string) fstest.MapFS {
		return fstest.MapFS{fmt.Sprintf("procedures/talk/%s.yaml", from): {Data: []byte(strings.Replace(later, "2027-01-01", from, 1))}}
	}
	lib, err := library.Load(content.FS, edition("2010-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := lib.Procedure("talk", day.Must("2026-01-01")); !ok || p.From != day.Must("2016-10-27") {
		t.Errorf("the edition of %s is in force", p.From)
	}
	if _, err := library.Load(content.FS, edition("2016-10-27")); err == nil || err.Error() != "procedures/talk: two editions from 2016-10-27" {
		t.Errorf("got %v", err)
	}
}

// TestAProblemIsToldOnce: an indicator that counts what no edition has is one
// mistake, however many editions there are.
func TestAProblemIsToldOnce(t *testing.T) {
	bad := changed(t, "indicators/talk_held.yaml", "measure: orgs", "measure: sum\nfield: cost")
	bad["procedures/talk/2027-01-01.yaml"] = &fstest.MapFile{Data: []byte(later)}
	_, err := library.Load(content.FS, bad)
	if want := `talk.hold has no field "cost"`; err == nil || strings.Count(err.Error(), want) != 1 {
		t.Errorf("got %v\nwant once: %s", err, want)
	}
}

// TestTheLastLayerCounts: what is replaced is always what the program brought.
func TestTheLastLayerCounts(t *testing.T) {
	layer := func(days string) fstest.MapFS {
		return fstest.MapFS{"rules/late.tolerance.yaml": {Data: []byte(strings.Replace(grace, "value: 10", "value: "+days, 1))}}
	}
	one, err := library.Load(content.FS, layer("10"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := library.Load(content.FS, layer("10"), layer("12"))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := two.Law.Book.At("late.tolerance", day.Must("2026-01-01")); err != nil || v.Int() != 12 {
		t.Errorf("late.tolerance is %d (%v), want 12", v.Int(), err)
	}
	if one.Overrides[0].Replaced != two.Overrides[0].Replaced || one.Overrides[0].Hash == two.Overrides[0].Hash {
		t.Errorf("one layer: %+v\ntwo layers: %+v", one.Overrides, two.Overrides)
	}
}
