package record

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// write makes the vector files anew. It is for a new type of value; what is there
// must never change, for records were sealed by it.
var write = flag.Bool("write", false, "write the files of vectors anew")

const (
	hashA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	hashB = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
)

type vector struct {
	name   string
	fields Fields
}

// one names a vector of a single field "v".
func one(name string, v Value) vector { return vector{name, Of(F("v", v))} }

func vectors() []vector {
	var all []vector
	for _, part := range [][]vector{texts(), numbers(), days(), names(), peoples(), votes(), files(), items(), forms()} {
		all = append(all, part...)
	}
	return all
}

func texts() []vector {
	return []vector{
		one("text, empty", Text("")),
		one("text, one letter", Text("a")),
		one("text, Chinese", Text("学习党章")),
		one("text, four-byte characters", Text("𠮷野家 🚩 𝄞")),
		one("text, a composed and a decomposed accent stay apart", Text("\u00e9 e\u0301")),
		one("text, the longest character and the private one", Text("\U0010ffff\ue000")),
		one("text, the replacement character itself", Text("\ufffd")),
		one("text, ends of lines", Text("一\n二\r\n三\t四")),
		one("text, quote, backslash, slash", Text(`"\/`)),
		one("text, control characters", Text("\x00\x01\b\f\x1f\x7f")),
		one("text, line separators of JavaScript stay as they are", Text("\u2028\u2029")),
		one("text, no escapes for HTML", Text("<script>&amp;'</script>")),
		one("text, looks like JSON", Text(`{"text":"x"}`)),
		one("text, ideographic blank and a byte order mark", Text("\u3000\ufeff")),
	}
}

func numbers() []vector {
	return []vector{
		one("number, zero", Number(0)),
		one("number, one", Number(1)),
		one("number, below zero", Number(-1)),
		one("number, more than a float can hold", Number(1<<53+1)),
		one("number, greatest", Number(math.MaxInt64)),
		one("number, least", Number(math.MinInt64)),
		one("money, nothing", Money(0)),
		one("money, one fen", Money(1)),
		one("money, ten fen", Money(10)),
		one("money, one fen above three thousand yuan", Money(3000_01)),
		one("money, greatest", Money(1<<62-1)),
	}
}

func days() []vector {
	return []vector{
		one("day, none", Day(0)),
		one("day, first", Day(day.Must("0001-01-01"))),
		one("day, leap", Day(day.Must("2016-02-29"))),
		one("day, last", Day(day.Must("9999-12-31"))),
		one("time, midnight", Time(0)),
		one("time, morning", Time(9*60+5)),
		one("time, last minute", Time(23*60+59)),
	}
}

func names() []vector {
	return []vector{
		one("person, nobody", Person(0)),
		one("person, first", Person(1)),
		one("person, greatest", Person(math.MaxUint32)),
		one("org, none", Org(0)),
		one("org, first", Org(1)),
		one("org, greatest", Org(math.MaxUint32)),
		one("choice, empty", Choice("")),
		one("choice, a code", Choice("excellent")),
		one("choice, digits", Choice("01")),
	}
}

func peoples() []vector {
	by := func(m Means, who ...int) (p People) {
		for _, n := range who {
			p = append(p, Presence{Person: id.Person(n), State: Present, Means: m})
		}
		return p
	}
	return []vector{
		one("people, nobody", People{}),
		one("people, one", by(ByList, 7)),
		one("people, two in a row are a run", by(ByList, 7, 8)),
		one("people, two apart are none", by(ByList, 7, 9)),
		one("people, runs and single ones", by(ByCode, 1, 2, 3, 5, 7, 8, 100)),
		one("people, the greatest numbers", by(ByPaper, math.MaxUint32-1, math.MaxUint32)),
		one("people, all states and means", People{
			{Person: 1, State: Absent}, {Person: 2, State: Leave}, {Person: 3, State: Present, Means: ByCode}, {Person: 4, State: Present, Means: ByList},
			{Person: 5, State: Present, Means: ByPaper}, {Person: 6, State: Present, Means: ByProxy}, {Person: 7, State: Present, Means: ByVideo}}),
		one("people, a run is broken by another presence", People{
			{Person: 1, State: Present, Means: ByList}, {Person: 2, State: Absent}, {Person: 3, State: Present, Means: ByList}}),
		one("people, notes", People{
			{Person: 2, State: Leave, Note: "外出务工"}, {Person: 9, State: Present, Means: ByProxy, Note: `says "代" 🚩`},
			{Person: 10, State: Absent}, {Person: 11, State: Leave, Note: "住院"}}),
	}
}

func votes() []vector {
	return []vector{
		one("vote, nothing", Vote{}),
		one("vote, all counts", Vote{Due: 30, Present: 28, For: 20, Against: 6, Abstain: 2, Written: 1}),
		one("vote, what nobody can have counted is still one spelling", Vote{Due: math.MaxInt64, Present: -1}),
	}
}

func files() []vector {
	return []vector{
		one("file, none", Files{}),
		one("file, one", Files{{Name: "签到表.jpg", Hash: hashA, Size: 0, Kind: "image/jpeg"}}),
		one("file, two of one name", Files{{Name: "a.pdf", Hash: hashB, Size: math.MaxInt64, Kind: "application/pdf"}, {Name: "a.pdf", Hash: hashA, Size: 1, Kind: "application/pdf"}}),
		one("file, hostile name", Files{{Name: "../\"\\\x00.exe", Hash: hashA, Size: 3, Kind: ""}}),
	}
}

func items() []vector {
	return []vector{
		one("items, none", Items{}),
		one("items, an empty row", Items{{}}),
		one("items, rows in the order given", Items{Of(F("text", Text("二"))), Of(F("text", Text("一")))}),
		one("items, rows in rows in rows", Items{Of(F("a", Items{Of(F("b", Items{Of(F("c", Number(3)))}))}))}),
		one("items, a row of every type", Items{Of(
			F("choice", Choice("good")), F("day", Day(day.Must("2018-06-30"))), F("file", Files{}), F("money", Money(5)), F("number", Number(-5)), F("org", Org(3)),
			F("people", People{{Person: 1, State: Absent}}), F("person", Person(4)), F("text", Text("字")), F("time", Time(60)), F("vote", Vote{Due: 3}))}),
	}
}

func forms() []vector {
	return []vector{
		{"form, nothing answered", nil},
		{"form, ids rise by byte, not by length or language", Of(F("b", Number(1)), F("a", Number(2)), F("aa", Number(3)), F("Z", Number(4)), F("", Number(5)), F("字", Number(6)))},
		{"form, an id with a quote", Of(F(`say "a"`, Text("b")))},
		{"form, the same words as text and as choice differ", Of(F("c", Choice("1")), F("n", Number(1)), F("t", Text("1")))},
		{"form, a correction with its reason", Of(F(Correction, Text("到会人数记错：\"31\"应为30")), F("due", Number(30)), F("theme", Text("重温入党誓词")))},
		{"form, a theme day", Of(
			F("attended", People{{Person: 1, State: Present, Means: ByCode}, {Person: 2, State: Present, Means: ByCode}, {Person: 3, State: Leave, Note: "住院"}}),
			F("due", Number(3)), F("start", Time(570)), F("end", Time(690)), F("theme", Text("重温入党誓词")), F("place", Text("村活动场所")))},
	}
}

func TestTheEncodingOfEveryValueIsThatOfTheFile(t *testing.T) {
	if *write {
		var b strings.Builder
		b.WriteString("# The canonical encoding of fields: one line each, a name, a tab, and the bytes as they are hashed.\n" +
			"# A line once released never changes.\n")
		for _, v := range vectors() {
			b.WriteString(v.name + "\t" + string(v.fields.Append(nil)) + "\n")
		}
		writeFile(t, "testdata/vectors.txt", b.String())
	}
	file := readVectors(t)
	for _, v := range vectors() {
		t.Run(v.name, func(t *testing.T) {
			want, ok := file[v.name]
			if !ok {
				t.Fatal("not in the file")
			}
			delete(file, v.name)
			if got := string(v.fields.Append(nil)); got != want {
				t.Errorf("encoded:\n got %s\nwant %s", got, want)
			}
			back, err := ParseFields([]byte(want))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(v.fields, back, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("read back (-want +got):\n%s", d)
			}
		})
	}
	for name := range file {
		t.Errorf("the file has %q, and no value is known for it", name)
	}
}

func TestEveryTypeHasAVector(t *testing.T) {
	seen := map[Type]bool{}
	for _, v := range vectors() {
		for _, f := range v.fields {
			seen[f.Value.Type()] = true
		}
	}
	for _, typ := range Types() {
		if !seen[typ] {
			t.Errorf("type %s has none", typ)
		}
	}
}

func TestNoTwoVectorsAreSpeltAlike(t *testing.T) {
	names := map[string]string{}
	for _, v := range vectors() {
		b := string(v.fields.Append(nil))
		if other, ok := names[b]; ok {
			t.Errorf("%q and %q are both %s", v.name, other, b)
		}
		names[b] = v.name
	}
}

// readVectors reads the file: name, tab, encoding.
func readVectors(t testing.TB) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, encoding, ok := strings.Cut(line, "\t")
		if _, twice := all[name]; !ok || twice {
			t.Fatalf("testdata/vectors.txt: bad line %q", line)
		}
		all[name] = encoding
	}
	return all
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
