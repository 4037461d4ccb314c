package record

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// bytesFrom returns 16 bytes that rise from n, for salts and blinds in tests.
func bytesFrom(n byte) []byte {
	b := make([]byte, 16)
	for i := range b {
		b[i] = n + byte(i)
	}
	return b
}

// samples are records whose sealing is fixed in testdata/seal.txt.
func samples() []Record {
	least := Record{Seq: 1, Time: time.Date(2018, 6, 8, 1, 30, 0, 0, time.UTC), Kind: "installation.begin"}
	whole := Record{
		Seq: 303_840, Time: time.Date(2018, 6, 8, 18, 29, 59, 999_999_000, time.UTC), On: day.Must("2018-06-08"), Actor: 12, Role: "branch.secretary",
		Behalf: 34, Org: 8440, Matter: "m303838", Kind: "theme_day.hold", Edition: day.Must("2016-10-27"), Corrects: 303_839,
		Fields: Of(F("theme", Text(`重温"入党誓词" 🚩`)), F("due", Number(30)),
			F("attended", People{{Person: 1, State: Present, Means: ByCode}, {Person: 2, State: Present, Means: ByCode}, {Person: 9, State: Leave, Note: "住院"}})),
	}
	file := Record{Seq: 2, Time: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), On: day.Must("0001-01-01"), Org: 1, Matter: "o1", Kind: "organisation.found",
		Fields: Of(F("name", Text("市委")))}
	return []Record{
		least.Sealed(bytesFrom(0), bytesFrom(0xf0)),
		whole.Sealed(bytesFrom(0x10), bytesFrom(0x20)),
		file.Sealed(bytesFrom(0x30), bytesFrom(0x40)),
	}
}

// sealed writes how r is sealed, in all steps, as text.
func sealed(r Record) string {
	c := r.Commitment()
	return fmt.Sprintf("salt %x\nfields %s\ndigest %x\nhead %s\nblind %x\ncommitment %x\nleaf %q\n",
		r.Salt, r.Fields.Append(nil), r.Digest, r.Head(), r.Blind, c[:], r.Leaf())
}

const sealHeading = `# How records are sealed. For each record, in this order:
#   digest     = SHA-256("qingfeng/fields/v1\n" + salt + fields)
#   commitment = SHA-256("qingfeng/record/v1\n" + blind + head)
#   leaf       = "qingfeng/record/v1\n" + number + "\n" + time + "\n" + base64(commitment) + "\n", here as a quoted string
# salt, digest, blind and commitment are hexadecimal; fields and head are the bytes as they are hashed.
`

func TestSealingIsThatOfTheFile(t *testing.T) {
	var b strings.Builder
	b.WriteString(sealHeading)
	for _, r := range samples() {
		b.WriteString("\n" + sealed(r))
	}
	if *write {
		writeFile(t, "testdata/seal.txt", b.String())
	}
	want, err := os.ReadFile("testdata/seal.txt")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}

func TestTheLeafChangesWithEveryPartOfTheRecord(t *testing.T) {
	r := samples()[1]
	for name, change := range map[string]func(*Record){
		"seq":      func(r *Record) { r.Seq++ },
		"time":     func(r *Record) { r.Time = r.Time.Add(time.Microsecond) },
		"on":       func(r *Record) { r.On++ },
		"actor":    func(r *Record) { r.Actor++ },
		"role":     func(r *Record) { r.Role = "branch.deputy" },
		"behalf":   func(r *Record) { r.Behalf = 0 },
		"org":      func(r *Record) { r.Org++ },
		"matter":   func(r *Record) { r.Matter = "m303837" },
		"kind":     func(r *Record) { r.Kind = "theme_day.plan" },
		"edition":  func(r *Record) { r.Edition++ },
		"corrects": func(r *Record) { r.Corrects = 0 },
		"digest":   func(r *Record) { r.Digest = bytesFrom(1) },
		"blind":    func(r *Record) { r.Blind = bytesFrom(1) },
	} {
		t.Run(name, func(t *testing.T) {
			changed := r
			change(&changed)
			if bytes.Equal(changed.Leaf(), r.Leaf()) {
				t.Error("the leaf is the same")
			}
		})
	}
}

func TestTheLeafTellsNothingOfTheMatter(t *testing.T) {
	r := samples()[1]
	for _, secret := range []string{"theme_day", "m303838", "8440", "p12", "secretary", hex.EncodeToString(r.Digest)} {
		if bytes.Contains(r.Leaf(), []byte(secret)) {
			t.Errorf("%q can be read from the leaf %q", secret, r.Leaf())
		}
	}
}

func TestErasureKeepsDigestAndLeaf(t *testing.T) {
	r := samples()[1]
	erased := r
	erased.Fields, erased.Salt = nil, nil
	if !r.Intact() || r.Erased() {
		t.Errorf("before: intact %v, erased %v", r.Intact(), r.Erased())
	}
	if erased.Intact() || !erased.Erased() {
		t.Errorf("after: intact %v, erased %v", erased.Intact(), erased.Erased())
	}
	if !bytes.Equal(erased.Digest, r.Digest) || !bytes.Equal(erased.Leaf(), r.Leaf()) || erased.Commitment() != r.Commitment() {
		t.Error("the erased record seals otherwise")
	}
}

func TestAForgedAnswerIsNotIntact(t *testing.T) {
	for name, forge := range map[string]func(*Record){
		"another answer":      func(r *Record) { r.Fields = r.Fields.With("due", Number(31)) },
		"one answer more":     func(r *Record) { r.Fields = r.Fields.With("x", Text("")) },
		"one answer less":     func(r *Record) { r.Fields = r.Fields.With("due", nil) },
		"another salt":        func(r *Record) { r.Salt = bytesFrom(0) },
		"the salt alone gone": func(r *Record) { r.Salt = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := samples()[1]
			forge(&r)
			if r.Intact() || r.Erased() {
				t.Errorf("intact %v, erased %v", r.Intact(), r.Erased())
			}
		})
	}
}

func TestLatenessCountsDaysOfTheInstallation(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	for _, c := range []struct {
		on, written string // the second in UTC
		want        int
	}{
		{"2018-06-08", "2018-06-08T15:59:59Z", 0}, // 23:59:59 of the day
		{"2018-06-08", "2018-06-08T16:00:00Z", 1}, // midnight in Shanghai, afternoon in Greenwich
		{"2018-06-08", "2018-06-09T15:59:59Z", 1},
		{"2018-06-08", "2018-06-09T16:00:00Z", 2},
		{"2018-06-09", "2018-06-08T16:00:00Z", 0}, // morning of the day there, the day before here
		{"2017-12-31", "2017-12-31T16:00:00Z", 1},
		{"2016-02-28", "2016-02-29T16:00:00Z", 2}, // a leap day lies between
	} {
		written, err := time.Parse(time.RFC3339, c.written)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Record{On: day.Must(c.on), Time: written}).Lateness(shanghai); got != c.want {
			t.Errorf("happened %s, written %s: %d days late, want %d", c.on, c.written, got, c.want)
		}
	}
}

func TestTheZoneOfTheClockDoesNotShowInTheSeal(t *testing.T) {
	r := samples()[1]
	here := r
	here.Time = r.Time.In(time.FixedZone("Asia/Shanghai", 8*60*60))
	if !bytes.Equal(r.Leaf(), here.Leaf()) {
		t.Errorf("%q and %q", r.Leaf(), here.Leaf())
	}
}

func TestKindIsProcedureAndStep(t *testing.T) {
	r := Record{Kind: "theme_day.hold"}
	if r.Procedure() != "theme_day" || r.Step() != "hold" {
		t.Errorf("%q and %q", r.Procedure(), r.Step())
	}
}

func TestFieldsStayInOrderAndAreNeverShared(t *testing.T) {
	fs := Of(F("b", Number(1)), F("a", Number(2)), F("b", Number(3)), F("c", nil))
	want := Fields{{"a", Number(2)}, {"b", Number(3)}}
	if d := cmp.Diff(want, fs); d != "" {
		t.Fatal(d)
	}
	_ = fs.With("a", Number(9))
	_ = fs.With("a", nil)
	_ = fs.With("aa", Number(9))
	if d := cmp.Diff(want, fs); d != "" {
		t.Errorf("changed by what was derived from it:\n%s", d)
	}
	if d := cmp.Diff(Fields{{"b", Number(3)}}, fs.With("a", nil)); d != "" {
		t.Error(d)
	}
}

func TestAFieldOfAnotherTypeReadsAsNothing(t *testing.T) {
	fs := Of(F("v", Text("1")))
	if fs.Number("v") != 0 || fs.Choice("v") != "" || fs.Person("v") != 0 || fs.People("v") != nil || fs.Text("w") != "" || fs.Get("w") != nil {
		t.Error("a text reads as something else")
	}
	all := Of(F("c", Choice("x")), F("d", Day(3)), F("f", Files{{Name: "a"}}), F("i", Items{nil}), F("m", Money(2)), F("n", Number(1)),
		F("o", Org(4)), F("p", Person(5)), F("v", Vote{Due: 6}), F("w", People{{Person: 7}}))
	if all.Choice("c") != "x" || all.Day("d") != 3 || len(all.Files("f")) != 1 || len(all.Items("i")) != 1 || all.Money("m") != 2 || all.Number("n") != 1 ||
		all.Org("o") != 4 || all.Person("p") != 5 || all.Vote("v").Due != 6 || all.People("w")[0].Person != 7 {
		t.Errorf("misread: %s", all.Append(nil))
	}
}

func TestPresenceIsCounted(t *testing.T) {
	p := People{{Person: 1, State: Present, Means: ByList}, {Person: 2, State: Leave}, {Person: 3, State: Present, Means: ByVideo}}
	if p.Count(Present) != 2 || p.Count(Leave) != 1 || p.Count(Absent) != 0 {
		t.Errorf("present %d, on leave %d, absent %d", p.Count(Present), p.Count(Leave), p.Count(Absent))
	}
}

func TestPresenceThatCannotBeIsFound(t *testing.T) {
	for name, p := range map[string]People{
		"present by nothing":  {{Person: 1, State: Present}},
		"absent by list":      {{Person: 1, State: Absent, Means: ByList}},
		"a state unknown":     {{Person: 1, State: "late"}},
		"a means unknown":     {{Person: 1, State: Present, Means: "face"}},
		"nobody":              {{State: Absent}},
		"somebody twice":      {{Person: 1, State: Absent}, {Person: 1, State: Leave}},
		"falling numbers":     {{Person: 2, State: Absent}, {Person: 1, State: Absent}},
		"wrong after a right": {{Person: 1, State: Absent}, {Person: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			if p.Check() == nil {
				t.Error("passed")
			}
		})
	}
	great := People{{Person: 1<<32 - 1, State: Absent}, {Person: 1, State: Leave}}.Sort()
	if err := great.Check(); err != nil || great[0].Person != 1 {
		t.Errorf("sorted: %v, %v", great, err)
	}
}

func TestAQuerySelects(t *testing.T) {
	r := Record{Seq: 5, On: day.Must("2018-06-08"), Org: 3, Matter: "m5", Kind: "theme_day.hold"}
	june := day.Must("2018-06-08").Month()
	for name, c := range map[string]struct {
		q    Query
		want bool
	}{
		"everything":           {Query{}, true},
		"its matter":           {Query{Matter: "m5"}, true},
		"another matter":       {Query{Matter: "m4"}, false},
		"its organisation":     {Query{Orgs: []id.Org{2, 3}}, true},
		"others":               {Query{Orgs: []id.Org{2, 4}}, false},
		"its kind":             {Query{Kinds: []string{"talk.hold", "theme_day.hold"}}, true},
		"another kind":         {Query{Kinds: []string{"talk.hold", "theme_day.plan"}}, false},
		"its month":            {Query{During: june}, true},
		"the month after":      {Query{During: (june.To + 1).Month()}, false},
		"after the one before": {Query{After: 4}, true},
		"after itself":         {Query{After: 5}, false},
		"up to itself":         {Query{UpTo: 5}, true},
		"up to the one before": {Query{UpTo: 4}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.q.Match(r); got != c.want {
				t.Errorf("selected: %v", got)
			}
		})
	}
}

func TestEveryTypeIsListedOnce(t *testing.T) {
	types := Types()
	slices.Sort(types)
	if len(slices.Compact(slices.Clone(types))) != len(types) || len(types) != 12 {
		t.Errorf("%d types: %v", len(types), types)
	}
}
