package view_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qingfeng/internal/web/words"
)

func TestEveryWordIsThereAndUsed(t *testing.T) {
	used, families := map[string]bool{}, map[string]bool{}
	for file, source := range speaking(t) {
		for _, m := range asked.FindAllStringSubmatch(source, -1) {
			key, joined := m[1], m[2] != ""
			if joined {
				families[key] = true // the rest of the key is added at run time
				continue
			}
			used[key] = true
			if !words.For("zh").Has(key) {
				t.Errorf("%s: no words for %s", file, key)
			}
		}
	}
	for f := range families {
		if !slices.ContainsFunc(words.Keys(), func(k string) bool { return strings.HasPrefix(k, f) }) {
			t.Errorf("no words for any %s", f)
		}
	}
	for _, k := range words.Keys() {
		if !used[k] && !fromElsewhere(k) && !inFamily(families, k) {
			t.Errorf("%s is used nowhere", k)
		}
	}
}

// speaking are the sources that ask for words: pages and the programs' door.
func speaking(t *testing.T) map[string]string {
	all := sources(t, "..")
	maps.Copy(all, sources(t, "../../api"))
	return all
}

// asked finds where words are asked for: the key, and whether more is joined to it.
var asked = regexp.MustCompile(`\.(?:T|Has)\(\s*"([^"]+)"( \+)?`)

func inFamily(families map[string]bool, key string) bool {
	for f := range families {
		if strings.HasPrefix(key, f) {
			return true
		}
	}
	return false
}

func TestEveryHoleIsFilled(t *testing.T) {
	name := regexp.MustCompile(`"([a-z_]+)"`)
	for file, source := range speaking(t) {
		for _, at := range asked.FindAllStringSubmatchIndex(source, -1) {
			key := source[at[2]:at[3]]
			given := map[string]bool{}
			for _, n := range name.FindAllStringSubmatch(call(source[at[1]:]), -1) {
				given["{"+n[1]+"}"] = true
			}
			for _, h := range hole.FindAllString(words.For("zh").T(key), -1) {
				if !given[h] {
					t.Errorf("%s: %s is asked for without %s", file, key, h)
				}
			}
		}
	}
}

// call returns what follows up to the parenthesis that closes the call.
func call(s string) string {
	depth := 1
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return s[:i]
		}
	}
	return s
}

var hole = regexp.MustCompile(`\{[a-z_]+\}`)

// TestFamiliesAreWhole looks after the families whose last part stands in content.
func TestFamiliesAreWhole(t *testing.T) {
	for family, at := range map[string][2]string{
		"unit.":      {"../../../content/rules", `(?m)^unit: (\w+)`},
		"certainty.": {"../../../content/rules", `(?m)^certainty: (\w+)`},
		"topic.":     {"../../../content/indicators", `(?m)^topic: (\w+)`},
		"rhythm.":    {"../../../content/obligations", `(?m)^per: (\w+)`},
	} {
		seen := 0
		files, err := filepath.Glob(at[0] + "/*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(at[1]).FindAllStringSubmatch(string(b), -1) {
				seen++
				if key := family + strings.ToLower(m[1]); !words.For("zh").Has(key) {
					t.Errorf("%s: no words for %s", f, key)
				}
			}
		}
		if seen == 0 {
			t.Errorf("nothing of %s found in %s", family, at[0])
		}
	}
}

// fromElsewhere reports whether a key comes from the kernel as data: reasons
// of a refusal and questions. [TestTheKernelsReasonsHaveWords] looks after them.
func fromElsewhere(key string) bool {
	return strings.HasPrefix(key, "refuse.") || strings.HasPrefix(key, "ask.") || strings.HasPrefix(key, "name.") ||
		strings.HasPrefix(key, "password.") && key != "password.again" || strings.HasPrefix(key, "factor.") ||
		strings.HasPrefix(key, "token.") || strings.HasPrefix(key, "setup.same_person") || strings.HasPrefix(key, "stop.") || strings.HasPrefix(key, "told.")
}

// reason finds why something is refused or asked: anywhere in the kernel, and
// about accounts where it is given, for their events have names like it.
var reason = regexp.MustCompile(`"((?:refuse|ask|stop|told)\.[a-z_]+)"|(?:return |Refuse\("[a-z_]+", )"((?:name|password|factor|token|setup)\.[a-z_]+)"`)

// bothTrees are the sources that may give a reason.
func bothTrees(t *testing.T) map[string]string {
	all := sources(t, "../..")
	maps.Copy(all, sources(t, "../../../cmd"))
	return all
}

func TestTheKernelsReasonsHaveWords(t *testing.T) {
	given := map[string]bool{}
	for file, source := range bothTrees(t) {
		for _, m := range reason.FindAllStringSubmatch(source, -1) {
			key := m[1] + m[2]
			given[key] = true
			if !words.For("zh").Has(key) {
				t.Errorf("%s: no words for %s", file, key)
			}
		}
	}
	for _, k := range words.Keys() {
		if fromElsewhere(k) && !given[strings.TrimSuffix(k, "_fix")] {
			t.Errorf("%s: nobody gives this reason", k)
		}
	}
}

func TestLanguagesTakeTheSameArguments(t *testing.T) {
	for _, k := range words.Keys() {
		zh, en := words.For("zh").T(k), words.For("en").T(k)
		for _, h := range hole.FindAllString(zh, -1) {
			if !strings.Contains(en, h) {
				t.Errorf("%s: English lacks %s", k, h)
			}
		}
		for _, h := range hole.FindAllString(en, -1) {
			if !strings.Contains(zh, h) {
				t.Errorf("%s: Chinese lacks %s", k, h)
			}
		}
	}
}
