package arch

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

var importLaws = []law{
	{"place", place},
	{"order", order},
	{"never", neverImports},
	{"pure", pureImports},
	{"only", onlyImports},
	{"log-holder", logHolders},
}

// lines lists every package once, lowest first. A package may import only what
// stands on a line above its own in the table of ARCHITECTURE.md, that is,
// earlier here. "x/*" stands for everything directly below x.
var lines = [][]string{
	{"id", "title", "day", "money", "fault", "shingle"},
	{"record"},
	{"org", "person", "rule", "procedure"},
	{"register"},
	{"access", "seal"},
	{"matter", "indicator", "account", "checkin"},
	{"obligation", "ledger"},
	{"area/*"},
	{"area"},
	{"content"},
	{"library", "store", "tiles", "witness", "blob", "account/secret", "pinyin"},
	{"store/storetest", "verify"},
	{"app"},
	{"demo"},
	{"web/words", "web/static", "web/guard"},
	{"web/view"},
	{"web/view/sample"},
	{"web/view/book"},
	{"web", "api"},
	{"cmd/*", "scripts/*", "bench", "bench/*", "arch"},
	{"test/*"},
}

// kernel is the last line of packages that decide; they may not touch the
// world.
const kernel = 9

// world is what the kernel may not import. "x/" stands for x and everything
// below it.
var world = []string{
	"database/sql", "net/", "html/template", "text/template", "os/", "log/", "syscall",
	"crypto/rand", "math/rand/", "embed", "plugin", "unsafe", "reflect",
}

// learned is the short list of modules that the kernel uses: pure functions
// on values, each with its reason.
var learned = map[string]string{
	"github.com/RoaringBitmap/roaring/v2": "sets of people: united, intersected and counted exactly",
	"github.com/transparency-dev/merkle":  "the RFC 6962 arithmetic that other verifiers use, too",
	"golang.org/x/mod/sumdb":              "the tile and signature formats that other verifiers use, too",
	"golang.org/x/text/unicode/norm":      "one spelling for texts that look the same",
	"github.com/go-json-experiment/json":  "a decoder that refuses duplicate and unknown keys",
}

// never lists what the order of lines would allow and the house does not.
var never = map[string][]string{
	"web":   {"store", "seal", "witness", "library"},                    // pages go through app; the public log is served as it lies
	"api":   {"store", "seal", "witness", "library"},                    // as pages do
	"store": {"matter", "access", "rule", "procedure", "area"},          // no law in SQL
	"tiles": {"matter", "access", "rule", "procedure", "org", "person"}, // leaves know no content
}

// only lists what few may import, and who. "x/" stands for x and everything
// below it.
var only = map[string][]string{
	"database/sql":               {"store", "store/storetest", "bench"},
	"github.com/jackc/pgx/v5/":   {"store", "store/storetest"},
	"modernc.org/sqlite":         {"store", "store/storetest", "bench", "bench/*"},
	"go.yaml.in/yaml/v3":         {"library", "web/words", "arch"},
	"github.com/a-h/templ":       {"web", "web/view", "web/view/*"},
	"github.com/minio/minio-go/": {"blob"},
	"github.com/prometheus/":     {"cmd/*"},
	"github.com/alecthomas/kong": {"cmd/*"},
	"html/template":              {},
	"unsafe":                     {},
	"encoding/gob":               {},
	"github.com/chromedp/":       {"test/*"},
}

// lineOf is where a package stands, counted from 1; 0 is nowhere.
func lineOf(pkg string) int {
	for i, line := range lines {
		if slices.ContainsFunc(line, func(p string) bool { return stands(p, pkg) }) {
			return i + 1
		}
	}
	return 0
}

// stands reports whether an entry of the tables means this package.
func stands(entry, pkg string) bool {
	if above, ok := strings.CutSuffix(entry, "/*"); ok {
		return path.Dir(pkg) == above
	}
	return entry == pkg
}

// below reports whether an entry of the tables means this import.
func below(entry, imported string) bool {
	if above, ok := strings.CutSuffix(entry, "/"); ok {
		return imported == above || strings.HasPrefix(imported, entry)
	}
	return imported == entry
}

// own gives the package of the house that an import means.
func own(imported string) (string, bool) {
	p, ok := strings.CutPrefix(imported, module+"/")
	return strings.TrimPrefix(p, "internal/"), ok
}

// place: a package that stands nowhere in the table is refused.
func place(t *tree) (out []string) {
	dirs := map[string]string{}
	for _, s := range t.sources {
		if lineOf(s.pkg) == 0 {
			dirs[path.Dir(s.path)] = s.pkg
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		out = append(out, fmt.Sprintf("%s: %s has no line in the table of internal/arch", dir, dirs[dir]))
	}
	return out
}

// order: a package imports only what stands above it.
func order(t *tree) []string {
	return eachImport(t, func(s *source, imported string) string {
		p, ok := own(imported)
		if !ok || lineOf(p) == 0 || lineOf(s.pkg) == 0 || lineOf(p) < lineOf(s.pkg) {
			return ""
		}
		return fmt.Sprintf("%s may not import %s, which does not stand above it", s.pkg, p)
	})
}

func neverImports(t *tree) []string {
	return eachImport(t, func(s *source, imported string) string {
		p, ok := own(imported)
		if !ok || !slices.Contains(never[s.pkg], p) {
			return ""
		}
		return fmt.Sprintf("%s may never import %s", s.pkg, p)
	})
}

// pure: the kernel imports nothing of the world, and of other people's modules
// only those that are listed.
func pureImports(t *tree) []string {
	return eachImport(t, func(s *source, imported string) string {
		_, ours := own(imported)
		switch {
		case lineOf(s.pkg) == 0 || lineOf(s.pkg) > kernel || ours:
			return ""
		case slices.ContainsFunc(world, func(w string) bool { return below(w, imported) }):
			return fmt.Sprintf("%s is pure and may not import %s", s.pkg, imported)
		case strings.Contains(imported, ".") && !learnt(imported):
			return fmt.Sprintf("%s is pure and %s is not on the list of what the kernel learned from others", s.pkg, imported)
		}
		return ""
	})
}

func learnt(imported string) bool {
	for m := range learned {
		if below(m+"/", imported) {
			return true
		}
	}
	return false
}

func onlyImports(t *tree) []string {
	return eachImport(t, func(s *source, imported string) string {
		for entry, who := range only {
			if below(entry, imported) && !slices.ContainsFunc(who, func(w string) bool { return stands(w, s.pkg) }) {
				return fmt.Sprintf("%s may not import %s; %s may", s.pkg, imported, whoever(who))
			}
		}
		return ""
	})
}

// writers may hold a record.Log. Everybody else reads, or acts through app.
var writers = []string{"app", "store", "store/storetest", "cmd/*"}

// logHolders: there is one way to change anything.
func logHolders(t *tree) (out []string) {
	for _, s := range t.product() {
		if slices.ContainsFunc(writers, func(w string) bool { return stands(w, s.pkg) }) {
			continue
		}
		each(s, func(e *ast.SelectorExpr) {
			if s.names(e, module+"/internal/record", "Log") {
				out = append(out, s.at(e)+": "+s.pkg+" may not hold a record.Log; app does")
			}
		})
	}
	return out
}

func whoever(who []string) string {
	if len(who) == 0 {
		return "nobody"
	}
	return strings.Join(who, ", ")
}

// eachImport asks a question about every import of the product and sorts the
// complaints.
func eachImport(t *tree, ask func(s *source, imported string) string) (out []string) {
	for _, s := range t.product() {
		for imported, n := range s.imports {
			if complaint := ask(s, imported); complaint != "" {
				out = append(out, s.at(n)+": "+complaint)
			}
		}
	}
	slices.Sort(out)
	return out
}
