package record

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// anyText draws text of all lengths of characters, with those that an encoding
// is likely to get wrong.
func anyText() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.OneOf(
		rapid.Rune(), rapid.RuneFrom([]rune("\"\\/\x00\x1f\x7f\u2028\ufffd\ufeff{}[]:, 字𠮷🚩")), rapid.RuneFrom([]rune("ab"))), 0, 12, -1)
}

func anyPeople() *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		near := rapid.SliceOfDistinct(rapid.Uint32Range(1, 40), rapid.ID[uint32])
		far := rapid.SliceOfNDistinct(rapid.Uint32Min(1<<32-9), 0, 4, rapid.ID[uint32])
		var p People
		for _, n := range append(near.Draw(t, "near"), far.Draw(t, "far")...) {
			g := rapid.SampledFrom(groups[:]).Draw(t, "presence")
			note := rapid.OneOf(rapid.Just(""), anyText()).Draw(t, "note")
			p = append(p, Presence{Person: id.Person(n), State: g.state, Means: g.means, Note: note})
		}
		return p.Sort()
	})
}

func anyFiles() *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		return Files(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) File {
			return File{anyText().Draw(t, "name"), rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "hash"), rapid.Int64().Draw(t, "size"), anyText().Draw(t, "type")}
		}), 0, 3).Draw(t, "files"))
	})
}

func anyVote() *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		n := func(name string) int { return rapid.Int().Draw(t, name) }
		return Vote{n("due"), n("present"), n("for"), n("against"), n("abstain"), n("written")}
	})
}

// anyValue draws a value of any type; rows go depth levels deep.
func anyValue(depth int) *rapid.Generator[Value] {
	last := int32(day.Must("9999-12-31"))
	all := []*rapid.Generator[Value]{
		rapid.Map(anyText(), func(s string) Value { return Text(s) }),
		rapid.Map(anyText(), func(s string) Value { return Choice(s) }),
		rapid.Map(rapid.Int64(), func(n int64) Value { return Number(n) }),
		rapid.Map(rapid.Int64Range(0, 1<<62-1), func(n int64) Value { return Money(n) }),
		rapid.Map(rapid.Int32Range(0, last), func(n int32) Value { return Day(n) }),
		rapid.Map(rapid.IntRange(0, 24*60-1), func(n int) Value { return Time(n) }),
		rapid.Map(rapid.Uint32(), func(n uint32) Value { return Person(n) }),
		rapid.Map(rapid.Uint32(), func(n uint32) Value { return Org(n) }),
		anyPeople(), anyFiles(), anyVote(),
	}
	if depth > 0 {
		all = append(all, rapid.Map(rapid.SliceOfN(anyFields(depth-1), 0, 3), func(rows []Fields) Value { return Items(rows) }))
	}
	return rapid.OneOf(all...)
}

func anyFields(depth int) *rapid.Generator[Fields] {
	return rapid.Custom(func(t *rapid.T) (fs Fields) {
		for range rapid.IntRange(0, 4).Draw(t, "number of fields") {
			fs = fs.With(anyText().Draw(t, "id"), anyValue(depth).Draw(t, "value"))
		}
		return fs
	})
}

func TestReadingBackGivesTheSameFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := anyFields(maxDepth).Draw(t, "fields")
		b := fs.Append(nil)
		back, err := ParseFields(b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if d := cmp.Diff(fs, back, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

func TestDifferentFieldsAreNeverSpeltAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyFields(1).Draw(t, "a")
		b := mutated(t, a)
		same := cmp.Equal(a, b, cmpopts.EquateEmpty())
		if alike := bytes.Equal(a.Append(nil), b.Append(nil)); alike != same {
			t.Fatalf("same: %v, spelt alike: %v\n%s", same, alike, a.Append(nil))
		}
	})
}

// mutated returns fields near a: independent pairs would hardly ever collide.
func mutated(t *rapid.T, a Fields) Fields {
	if len(a) == 0 || rapid.Bool().Draw(t, "afresh") {
		return anyFields(1).Draw(t, "b")
	}
	f := rapid.SampledFrom(a).Draw(t, "field")
	switch v := f.Value.(type) {
	case Text:
		return a.With(f.ID, Choice(v))
	case Person:
		return a.With(f.ID, Org(v))
	case People:
		return a.With(f.ID, withoutNotes(v))
	}
	return a.With(f.ID, anyValue(1).Draw(t, "value"))
}

func withoutNotes(p People) People {
	plain := make(People, len(p))
	for i, a := range p {
		a.Note = ""
		plain[i] = a
	}
	return plain
}

// refused lists spellings of what could be meant, none of which may be read: or
// one meaning would have two digests.
var refused = map[string]string{
	"nothing at all":                        ``,
	"no object":                             `[]`,
	"not closed":                            `{"v":{"text":"a"}`,
	"something behind it":                   `{"v":{"text":"a"}}{}`,
	"a blank behind it":                     "{\"v\":{\"text\":\"a\"}}\n",
	"a blank within":                        `{"v": {"text":"a"}}`,
	"a byte order mark":                     "\ufeff" + `{}`,
	"ids out of order":                      `{"b":{"number":1},"a":{"number":1}}`,
	"an id twice":                           `{"a":{"number":1},"a":{"number":1}}`,
	"an id twice, once escaped":             `{"a":{"number":1},"\u0061":{"number":1}}`,
	"two types":                             `{"a":{"number":1,"text":"1"}}`,
	"no type":                               `{"a":{}}`,
	"null for a value":                      `{"a":null}`,
	"null within":                           `{"a":{"text":null}}`,
	"a type in capitals":                    `{"a":{"Text":"1"}}`,
	"a type that does not exist":            `{"a":{"float":"1"}}`,
	"an escape where none is needed":        `{"a":{"text":"\u0041"}}`,
	"a slash escaped":                       `{"a":{"text":"\/"}}`,
	"an escape in capitals":                 `{"a":{"text":"\u001F"}}`,
	"a four-byte character as two escapes":  `{"a":{"text":"\ud83d\udea9"}}`,
	"half a surrogate":                      `{"a":{"text":"\ud83d"}}`,
	"half a surrogate in bytes":             "{\"a\":{\"text\":\"\xed\xa0\xbd\"}}",
	"an overlong character":                 "{\"a\":{\"text\":\"\xc0\xaf\"}}",
	"a cut-off character":                   "{\"a\":{\"text\":\"\xe5\xad\"}}",
	"a bare control character":              "{\"a\":{\"text\":\"\n\"}}",
	"text as a number":                      `{"a":{"text":1}}`,
	"a number as text":                      `{"a":{"number":"1"}}`,
	"a number with a plus":                  `{"a":{"number":+1}}`,
	"a number with a leading zero":          `{"a":{"number":01}}`,
	"minus nothing":                         `{"a":{"number":-0}}`,
	"a number with a point":                 `{"a":{"number":1.0}}`,
	"a number with an exponent":             `{"a":{"number":1e2}}`,
	"a number too great":                    `{"a":{"number":9223372036854775808}}`,
	"money without fen":                     `{"a":{"money":"3"}}`,
	"money with one place":                  `{"a":{"money":"3.1"}}`,
	"money with a leading zero":             `{"a":{"money":"03.10"}}`,
	"money below zero":                      `{"a":{"money":"-3.10"}}`,
	"money in full-width digits":            `{"a":{"money":"３.10"}}`,
	"money too great":                       `{"a":{"money":"46116860184273879.04"}}`,
	"a day that does not exist":             `{"a":{"day":"2018-02-29"}}`,
	"a day without zeros":                   `{"a":{"day":"2018-2-9"}}`,
	"a day in the year nought":              `{"a":{"day":"0000-12-31"}}`,
	"a day with a time":                     `{"a":{"day":"2018-02-09T00:00:00Z"}}`,
	"a time without zeros":                  `{"a":{"time":"9:05"}}`,
	"a time after the last":                 `{"a":{"time":"24:00"}}`,
	"a minute after the last":               `{"a":{"time":"09:60"}}`,
	"a time that only looks like one":       `{"a":{"time":"0:9:0"}}`,
	"a person by number":                    `{"a":{"person":1}}`,
	"a person with a leading zero":          `{"a":{"person":"p01"}}`,
	"person nought":                         `{"a":{"person":"p0"}}`,
	"a person in capitals":                  `{"a":{"person":"P1"}}`,
	"an organisation for a person":          `{"a":{"person":"o1"}}`,
	"a person beyond the last number":       `{"a":{"person":"p4294967296"}}`,
	"a vote that leaves out a count":        `{"a":{"vote":{"due":0,"present":0,"for":0,"against":0,"abstain":0}}}`,
	"a vote out of order":                   `{"a":{"vote":{"present":0,"due":0,"for":0,"against":0,"abstain":0,"written":0}}}`,
	"a vote with a count unknown":           `{"a":{"vote":{"due":0,"present":0,"for":0,"against":0,"abstain":0,"written":0,"x":0}}}`,
	"a vote in capitals":                    `{"a":{"vote":{"Due":0,"present":0,"for":0,"against":0,"abstain":0,"written":0}}}`,
	"a file without a hash":                 `{"a":{"file":[{"name":"a","size":1,"type":"b"}]}}`,
	"a file with half a hash":               `{"a":{"file":[{"name":"a","hash":"e3b0","size":1,"type":"b"}]}}`,
	"a file with its hash in capitals":      `{"a":{"file":[{"name":"a","hash":"` + strings.ToUpper(hashA) + `","size":1,"type":"b"}]}}`,
	"a file with more to it":                `{"a":{"file":[{"name":"a","hash":"` + hashA + `","size":1,"type":"b","path":"/"}]}}`,
	"files that are no list":                `{"a":{"file":{}}}`,
	"items that are no rows":                `{"a":{"items":[1]}}`,
	"rows in rows in rows in rows":          `{"a":{"items":[{"b":{"items":[{"c":{"items":[{"d":{"items":[{}]}}]}}]}}]}}`,
	"rows out of order within":              `{"a":{"items":[{"b":{"number":1},"a":{"number":1}}]}}`,
	"people, a presence unknown":            `{"a":{"people":{"late":"p1"}}}`,
	"people, a presence in capitals":        `{"a":{"people":{"Absent":"p1"}}}`,
	"people, present by nothing":            `{"a":{"people":{"present":"p1"}}}`,
	"people, an empty group":                `{"a":{"people":{"absent":""}}}`,
	"people, groups out of order":           `{"a":{"people":{"leave":"p1","absent":"p2"}}}`,
	"people, a group twice":                 `{"a":{"people":{"absent":"p1","absent":"p2"}}}`,
	"people, somebody twice in a group":     `{"a":{"people":{"absent":"p1 p1"}}}`,
	"people, somebody in two groups":        `{"a":{"people":{"absent":"p1","leave":"p1"}}}`,
	"people, a run written out":             `{"a":{"people":{"absent":"p1 p2"}}}`,
	"people, two runs that are one":         `{"a":{"people":{"absent":"p1-p2 p3-p4"}}}`,
	"people, a run of one":                  `{"a":{"people":{"absent":"p1-p1"}}}`,
	"people, a run backwards":               `{"a":{"people":{"absent":"p2-p1"}}}`,
	"people, a run without an end":          `{"a":{"people":{"absent":"p1-"}}}`,
	"people, a run from nobody":             `{"a":{"people":{"absent":"-p2"}}}`,
	"people, falling numbers":               `{"a":{"people":{"absent":"p2 p1"}}}`,
	"people, two blanks":                    `{"a":{"people":{"absent":"p1  p3"}}}`,
	"people, everybody there is":            `{"a":{"people":{"absent":"p1-p4294967295"}}}`,
	"people, a note of nothing":             `{"a":{"people":{"absent":"p1","notes":{"p1":""}}}}`,
	"people, no notes":                      `{"a":{"people":{"absent":"p1","notes":{}}}}`,
	"people, a note for somebody not there": `{"a":{"people":{"absent":"p1","notes":{"p2":"x"}}}}`,
	"people, a note for nobody":             `{"a":{"people":{"absent":"p1","notes":{"":"x"}}}}`,
	"people, notes out of order":            `{"a":{"people":{"absent":"p1-p2","notes":{"p2":"x","p1":"x"}}}}`,
	"people, notes before the groups":       `{"a":{"people":{"notes":{"p1":"x"},"absent":"p1"}}}`,
	"people, notes that are no object":      `{"a":{"people":{"absent":"p1","notes":"x"}}}`,
}

func TestEveryOtherSpellingIsRefused(t *testing.T) {
	for name, b := range refused {
		t.Run(name, func(t *testing.T) {
			if fs, err := ParseFields([]byte(b)); err == nil {
				t.Errorf("read as %s", fs.Append(nil))
			}
		})
	}
}

func TestAFewBytesCannotAskForAllMemory(t *testing.T) {
	run := func(n int) string { return fmt.Sprintf(`{"people":{"absent":"p1-p%d"}}`, n) }
	whole := `{"a":` + run(maxPeople) + `}`
	if _, err := ParseFields([]byte(whole)); err != nil {
		t.Fatalf("as many as a record may name: %v", err)
	}
	for name, b := range map[string]string{
		"one run":     `{"a":` + run(maxPeople+1) + `}`,
		"two runs":    fmt.Sprintf(`{"a":{"people":{"absent":"p1-p%d p%d-p%d"}}}`, maxPeople/2, maxPeople, 2*maxPeople),
		"two fields":  `{"a":` + run(maxPeople/2) + `,"b":` + run(maxPeople/2+1) + `}`,
		"a row below": `{"a":` + run(maxPeople/2) + `,"b":{"items":[{"c":` + run(maxPeople/2+1) + `}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseFields([]byte(b))
			if err == nil || !strings.Contains(err.Error(), "more than a record can hold") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhatCannotBeReadBackIsFoundBeforeItIsWritten(t *testing.T) {
	for name, v := range map[string]Value{
		"money below zero":     Money(-1),
		"a day before days":    Day(-1),
		"a day after all":      Day(day.Must("9999-12-31") + 1),
		"a time below zero":    Time(-1),
		"a time after the day": Time(24 * 60),
		"a file without hash":  Files{{Name: "a"}},
		"people out of order":  People{{Person: 2, State: Absent}, {Person: 1, State: Absent}},
		"somebody twice":       People{{Person: 2, State: Absent}, {Person: 2, State: Absent}},
		"nobody":               People{{State: Absent}},
	} {
		t.Run(name, func(t *testing.T) {
			if Of(F("v", v)).Check() == nil {
				t.Errorf("%s passed", Of(F("v", v)).Append(nil))
			}
		})
	}
	t.Run("every vector passes", func(t *testing.T) {
		for _, v := range vectors() {
			if err := v.fields.Check(); err != nil {
				t.Errorf("%s: %v", v.name, err)
			}
		}
	})
}

// anyOdd draws values that no form should let through, and some that it may.
func anyOdd() *rapid.Generator[Value] {
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{"a\xff", "\xed\xa0\x80", "a\ufffd", ""}), func(s string) Value { return Text(s) }),
		rapid.Map(rapid.Int64Range(-2, 2), func(n int64) Value { return Money(n) }),
		rapid.Map(rapid.Int32Range(-2, 2), func(n int32) Value { return Day(n) }),
		rapid.Map(rapid.Int32Range(-1, 2), func(n int32) Value { return Day(int32(day.Must("9999-12-31")) + n) }),
		rapid.Map(rapid.IntRange(-700, 256*600+700), func(n int) Value { return Time(n) }),
		rapid.Map(rapid.SliceOfN(rapid.Uint32Range(0, 3), 0, 3), func(numbers []uint32) Value {
			var p People
			for _, n := range numbers {
				p = append(p, Presence{Person: id.Person(n), State: Present, Means: ByList})
			}
			return p
		}),
		rapid.Map(rapid.SampledFrom([]string{"", "ab", strings.Repeat("a", 64), strings.Repeat("A", 64)}), func(hash string) Value { return Files{{Hash: hash}} }),
		rapid.Map(anyFields(maxDepth), func(row Fields) Value { return Items{row} }),
	)
}

func TestWhatIsCheckedIsExactlyWhatReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := anyFields(1).Draw(t, "fields").With("odd", anyOdd().Draw(t, "odd"))
		back, err := ParseFields(fs.Append(nil))
		same := err == nil && cmp.Equal(fs, back, cmpopts.EquateEmpty())
		if err := fs.Check(); (err == nil) != same {
			t.Fatalf("check says %v; read back the same: %v", err, same)
		}
	})
}

func FuzzParseFields(f *testing.F) {
	for _, v := range vectors() {
		f.Add(v.fields.Append(nil))
	}
	for _, b := range refused {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fs, err := ParseFields(b)
		if err != nil {
			return
		}
		if again := fs.Append(nil); !bytes.Equal(again, b) {
			t.Fatalf("read %q, writes %q", b, again)
		}
		for _, f := range fs {
			if p, ok := f.Value.(People); ok && p.Check() != nil {
				t.Fatalf("%q: %v", b, p.Check())
			}
		}
	})
}
