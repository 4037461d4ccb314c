package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var wordLaws = []law{
	{"words", words},
	{"unfinished", unfinished},
	{"machine-path", machinePath},
	{"host", hosts},
}

// speaking may hold words for people below the pages; the value says why.
var speaking = map[string]string{
	"internal/demo":            "invents people, places and minutes",
	"internal/pinyin":          "knows surnames that are read otherwise than the table has them",
	"internal/store/storetest": "a suite of tests, with records that look like real ones",
}

// words: what people read stands in content or in the catalogue, never in Go.
// Words in Chinese are how a machine can tell.
func words(t *tree) (out []string) {
	pages := lineOf("web/words")
	for _, s := range t.written() {
		if line := lineOf(s.pkg); line == 0 || line >= pages || excused(speaking, s.path) {
			continue
		}
		each(s, func(l *ast.BasicLit) {
			if l.Kind == token.STRING && strings.ContainsFunc(l.Value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				out = append(out, fmt.Sprintf("%s: words for people in %s", s.at(l), l.Value))
			}
		})
	}
	return out
}

// unfinished: what is left to do stands in an issue and is named by its
// number; a linter is silenced with a reason.
func unfinished(t *tree) (out []string) {
	for _, s := range t.sources {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				if complaint := unfinishedComment(c.Text); complaint != "" {
					out = append(out, s.at(c)+": "+complaint)
				}
			}
		}
	}
	return out
}

var (
	marker   = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b(\(#\d+\))?`)
	silenced = regexp.MustCompile(`^//\s*(nolint|lint:ignore|lint:file-ignore)\b(.*)`)
)

func unfinishedComment(text string) string {
	if m := marker.FindStringSubmatch(text); m != nil && m[2] == "" {
		return m[1] + " without the number of an issue"
	}
	m := silenced.FindStringSubmatch(text)
	switch {
	case m == nil:
		return ""
	case m[1] == "nolint":
		return "nolint is not read by staticcheck; write //lint:ignore CHECK reason"
	case len(strings.Fields(m[2])) < 3:
		return "lint:ignore without a reason"
	}
	return ""
}

// readable says which files are text of ours.
func readable(p string) bool {
	if excused(brought, p) {
		return false
	}
	switch path.Ext(p) {
	case ".go", ".md", ".yaml", ".yml", ".templ", ".css", ".js", ".html", ".svg", ".sql", ".sh", ".txt", ".json", ".conf", ".mod":
		return true
	case "":
		return !strings.HasPrefix(path.Base(p), "LICENSE")
	}
	return false
}

// brought are files that others wrote and that we ship unchanged.
var brought = map[string]string{
	"internal/web/static/third": "programs and fonts with their licences beside them",
	"internal/web/static/dist":  "made from the sources and from third",
	"LICENSE":                   "the words of the licence",
}

// machine finds paths that exist on one machine only.
var machine = regexp.MustCompile(`(?:^|[\s"'\x60=(:])(/(?:work|root|tmp|home/\w+|Users/\w+)/[\w./-]*|[A-Z]:\\Users\\\w+)`)

// machinePath: nothing rests on how one machine is laid out.
func machinePath(t *tree) []string {
	return eachLine(t, func(p, line string) string {
		if !strings.ContainsAny(line, `/\`) {
			return "" // most lines; an expression over each of them is slow
		}
		m := machine.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(m[1], "/home/") && strings.HasPrefix(p, "internal/web/") {
			return "" // to pages, /home is where a member begins
		}
		return "a path of one machine: " + m[1]
	})
}

// real are hosts that may be named, with the reason. Names that the standards
// keep free for examples may be used by everybody, and so may names without a
// dot, which are nobody's.
var real = map[string]string{
	"www.w3.org":         "names of XML vocabularies",
	"c2sp.org":           "the specifications our log keeps",
	"www.apache.org":     "the licence",
	"www.rfc-editor.org": "the standards we keep",
}

var (
	address  = regexp.MustCompile(`\bhttps?://[^\s"'<>()\x60{}|\\$%*]+`)
	examples = regexp.MustCompile(`(^|\.)(example\.(com|org|net)|example|test|invalid|localhost)$|^[^.]+$|^127\.|^\[::1\]$`)
)

// hosts: no address is made up, and none is needed at run time.
func hosts(t *tree) []string {
	return eachLine(t, func(p, line string) string {
		if !strings.Contains(line, "://") {
			return ""
		}
		for _, a := range address.FindAllString(line, -1) {
			u, err := url.Parse(strings.TrimRight(a, ".,;:!?"))
			if err != nil || u.Hostname() == "" || p == "internal/arch/words_test.go" {
				continue
			}
			if h := u.Hostname(); real[h] == "" && !examples.MatchString(h) && !strings.HasPrefix(u.Host, "[::1]") {
				return "the host " + h + " is not on the list of internal/arch"
			}
		}
		return ""
	})
}

// eachLine asks a question about every line of our own text.
func eachLine(t *tree, ask func(p, line string) string) (out []string) {
	for _, p := range t.paths {
		if !readable(p) {
			continue
		}
		for i, line := range strings.Split(t.text(p), "\n") {
			if complaint := ask(p, line); complaint != "" {
				out = append(out, fmt.Sprintf("%s:%d: %s", p, i+1, complaint))
			}
		}
	}
	slices.Sort(out)
	return out
}
