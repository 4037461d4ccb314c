package arch

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var docLaws = []law{
	{"links", links},
	{"make-targets", makeTargets},
	{"decisions", decisions},
	{"dependencies", dependencies},
}

// links: what a page points at is there.
func links(t *tree) (out []string) {
	for _, p := range t.paths {
		if path.Ext(p) != ".md" || excused(brought, p) {
			continue
		}
		for i, line := range proseLines(t.text(p)) {
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				if complaint := resolve(t, p, m[1]); complaint != "" {
					out = append(out, fmt.Sprintf("%s:%d: %s", p, i+1, complaint))
				}
			}
		}
	}
	return out
}

var (
	link    = regexp.MustCompile(`\]\(<?([^)\s>]+)>?[^)]*\)`)
	heading = regexp.MustCompile(`^#+ +(.*?) *#*$`)
)

// proseLines gives the lines of a page with those of code blanked out.
func proseLines(text string) []string {
	lines := strings.Split(text, "\n")
	code := false
	for i, line := range lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		if fence || code {
			lines[i] = ""
		}
		code = code != fence
	}
	return lines
}

func resolve(t *tree, from, target string) string {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return "" // the law of hosts looks at these
	}
	file, anchor, _ := strings.Cut(target, "#")
	p := from
	if file != "" {
		p = path.Join(path.Dir(from), file)
	}
	inside := func(q string) bool { return q == p || strings.HasPrefix(q, p+"/") }
	switch {
	case !slices.ContainsFunc(t.paths, inside):
		return target + " is not there"
	case anchor != "" && !slices.Contains(anchorsOf(t.text(p)), anchor):
		return target + ": no such heading"
	}
	return ""
}

// anchorsOf lists the names under which the headings of a page are reached.
func anchorsOf(text string) (all []string) {
	for _, line := range proseLines(text) {
		if m := heading.FindStringSubmatch(line); m != nil {
			all = append(all, slug(m[1]))
		}
	}
	return all
}

func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// makeTargets: a command that a page tells the reader to type exists.
func makeTargets(t *tree) (out []string) {
	makefile := "\n" + t.text("Makefile")
	for _, p := range t.paths {
		if path.Ext(p) != ".md" {
			continue
		}
		for i, line := range strings.Split(t.text(p), "\n") {
			for _, m := range typed.FindAllStringSubmatch(line, -1) {
				if !strings.Contains(makefile, "\n"+m[1]+":") {
					out = append(out, fmt.Sprintf("%s:%d: make %s is no target", p, i+1, m[1]))
				}
			}
		}
	}
	return out
}

var typed = regexp.MustCompile("(?:`|^\\s*\\$? ?)make ([a-z]+)")

// decisions: they are numbered without gaps, and each says what it answers,
// what it is, and what follows.
func decisions(t *tree) (out []string) {
	next := 1
	for _, p := range t.paths {
		if path.Dir(p) != "docs/adr" || path.Base(p) == "README.md" {
			continue
		}
		if want := fmt.Sprintf("%04d-", next); !strings.HasPrefix(path.Base(p), want) {
			out = append(out, p+": the next number is "+strings.TrimSuffix(want, "-"))
		}
		next++
		for _, h := range []string{"Context", "Decision", "Consequences"} {
			if !strings.Contains(t.text(p), "\n## "+h+"\n") {
				out = append(out, p+": no chapter "+h)
			}
		}
	}
	return out
}

// ledger is the decision that has a sentence on every module we rest on.
const ledger = "docs/adr/0010-dependencies.md"

// dependencies: a module is imported only when that decision says why, and what
// nobody imports loses its line. It looks at imports, not at go.mod's marks, and
// at every go.mod of the tree.
func dependencies(t *tree) (out []string) {
	said := t.text(ledger)
	used := map[string]string{}
	for _, s := range t.sources {
		for imported, n := range s.imports {
			if m := moduleOf(t, s.path, imported); m != "" && used[m] == "" {
				used[m] = s.at(n)
			}
		}
	}
	for _, m := range slices.Sorted(maps.Keys(used)) {
		if !strings.Contains(said, "`"+m+"`") {
			out = append(out, fmt.Sprintf("%s: %s has no sentence in %s", strings.Split(used[m], ":")[0], m, ledger))
		}
	}
	tools := required.FindAllStringSubmatch(t.text("tools.mod"), -1)
	for _, m := range tools {
		used[m[1]] = "tools.mod"
		if !strings.Contains(said, "`"+m[1]+"`") {
			out = append(out, fmt.Sprintf("tools.mod: %s has no sentence in %s", m[1], ledger))
		}
	}
	for _, m := range entry.FindAllStringSubmatch(said, -1) {
		if used[m[1]] == "" {
			out = append(out, fmt.Sprintf("%s: nobody imports %s", ledger, m[1]))
		}
	}
	return out
}

var (
	// entry finds the modules that have a line in the ledger.
	entry = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	// required finds the tools of tools.mod.
	required = regexp.MustCompile(`(?m)^\t(\S+/\S+)$`)
)

// moduleOf finds the module of an import in the nearest go.mod.
func moduleOf(t *tree, from, imported string) (best string) {
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	for _, line := range strings.Split(goMod(t, from), "\n") {
		m, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "require "), " ")
		if m != "" && below(m+"/", imported) && len(m) > len(best) {
			best = m
		}
	}
	if best == "" {
		return imported
	}
	return best
}

func goMod(t *tree, from string) string {
	for dir := path.Dir(from); ; dir = path.Dir(dir) {
		if p := path.Join(dir, "go.mod"); dir == "." || slices.Contains(t.paths, p) {
			return t.text(p)
		}
	}
}
