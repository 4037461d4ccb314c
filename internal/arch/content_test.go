package arch

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

var contentLaws = []law{
	{"cases", cases},
	{"only-if", onlyIf},
	{"anchors", anchors},
	{"glossary", glossary},
	{"one-term", oneTerm},
}

// cases: a procedure without tests is not a procedure.
func cases(t *tree) (out []string) {
	for _, p := range t.paths {
		if path.Base(p) != "procedure.yaml" || !strings.HasPrefix(p, "content/procedures/") {
			continue
		}
		want := path.Join(path.Dir(p), "cases.yaml")
		if !slices.Contains(t.paths, want) {
			out = append(out, path.Dir(p)+": no cases.yaml")
		} else if !strings.Contains(t.text(want), "- name:") {
			out = append(out, want+": no case")
		}
	}
	return out
}

// onlyIf: one condition for a step, by name. Two of them, or a list, would be
// the beginning of a language.
func onlyIf(t *tree) []string {
	return eachYAML(t, func(p string, n *yaml.Node) (out []string) {
		if n.Kind != yaml.MappingNode {
			return nil
		}
		found := 0
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value != "only_if" {
				continue
			}
			found++
			if v := n.Content[i+1]; v.Kind != yaml.ScalarNode || !condition.MatchString(v.Value) {
				out = append(out, fmt.Sprintf("%s:%d: only_if is the name of one function", p, v.Line))
			}
		}
		if found > 1 {
			out = append(out, fmt.Sprintf("%s:%d: %d only_if in one step", p, n.Line, found))
		}
		return out
	})
}

var condition = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)?$`)

// anchors: what a file says stands where it is read.
func anchors(t *tree) []string {
	return eachYAML(t, func(p string, n *yaml.Node) []string {
		if n.Anchor != "" || n.Kind == yaml.AliasNode || n.Tag == "!!merge" {
			return []string{fmt.Sprintf("%s:%d: anchors, aliases and merges are not read", p, n.Line)}
		}
		return nil
	})
}

// eachYAML asks about every node of every content file.
func eachYAML(t *tree, ask func(p string, n *yaml.Node) []string) (out []string) {
	for _, p := range t.paths {
		if !strings.HasPrefix(p, "content/") || path.Ext(p) != ".yaml" {
			continue
		}
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(t.text(p)), &root); err != nil {
			out = append(out, p+": "+err.Error())
			continue
		}
		out = append(out, walk(p, &root, ask)...)
	}
	return out
}

func walk(p string, n *yaml.Node, ask func(string, *yaml.Node) []string) []string {
	out := ask(p, n)
	for _, child := range n.Content {
		out = append(out, walk(p, child, ask)...)
	}
	return out
}

// glossary: every word that an identifier of content is made of stands in the
// glossary.
func glossary(t *tree) (out []string) {
	known := map[string]bool{}
	for _, term := range terms(t) {
		for _, w := range split(term.identifiers) {
			known[w] = true
		}
	}
	for _, id := range identifiers(t) {
		for _, w := range split(id.name) {
			if !known[w] && !known[strings.TrimSuffix(w, "s")] {
				out = append(out, fmt.Sprintf("%s: %q in %q is not in GLOSSARY.md", id.path, w, id.name))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// identifier is a name that content gives to a thing.
type identifier struct{ path, name string }

// identifiers lists those of procedures, steps, rules, indicators, obligations,
// roles and areas.
func identifiers(t *tree) (all []identifier) {
	for _, p := range t.paths {
		kind, rest, ok := strings.Cut(strings.TrimPrefix(p, "content/"), "/")
		if !strings.HasPrefix(p, "content/") || path.Ext(p) != ".yaml" {
			continue
		}
		switch {
		case ok && kind == "procedures" && path.Base(p) != "cases.yaml":
			all = append(all, identifier{p, path.Dir(rest)})
			all = append(all, stepIDs(t, p)...)
		case ok && (kind == "rules" || kind == "indicators" || kind == "obligations"):
			all = append(all, identifier{p, strings.TrimSuffix(rest, ".yaml")})
		case p == "content/roles.yaml" || p == "content/areas.yaml":
			for _, m := range listedID.FindAllStringSubmatch(t.text(p), -1) {
				all = append(all, identifier{p, m[1]})
			}
		}
	}
	return all
}

// listedID finds the ids of the entries of a file that is one list.
var listedID = regexp.MustCompile(`(?m)^ *- (?:id: |\{id: )([a-z_.]+)`)

func stepIDs(t *tree, p string) (all []identifier) {
	var procedure struct {
		Steps []struct {
			ID string `yaml:"id"`
		} `yaml:"steps"`
	}
	if err := yaml.Unmarshal([]byte(t.text(p)), &procedure); err != nil {
		return []identifier{{p, err.Error()}}
	}
	for _, s := range procedure.Steps {
		all = append(all, identifier{p, s.ID})
	}
	return all
}

// term is one row of the glossary.
type term struct {
	line                 int
	chinese, identifiers string
}

// row finds the rows of the tables; the second cell holds identifiers in
// backticks.
var row = regexp.MustCompile("^\\| *([^|]*?) *\\| *(`[^|]*`) *\\|")

func terms(t *tree) (all []term) {
	for i, line := range strings.Split(t.text("GLOSSARY.md"), "\n") {
		if m := row.FindStringSubmatch(line); m != nil {
			all = append(all, term{i + 1, m[1], m[2]})
		}
	}
	return all
}

// oneTerm: one Chinese term, one identifier, and the other way round.
func oneTerm(t *tree) (out []string) {
	seen := map[string]int{}
	for _, term := range terms(t) {
		names := strings.Split(term.chinese, " / ")
		for _, id := range strings.FieldsFunc(term.identifiers, func(r rune) bool { return r == '`' || r == ',' || r == ' ' }) {
			names = append(names, "`"+id+"`")
		}
		for _, n := range names {
			if seen[n] != 0 {
				out = append(out, fmt.Sprintf("GLOSSARY.md:%d: %s is already in line %d", term.line, n, seen[n]))
			}
			seen[n] = term.line
		}
	}
	return out
}

// split takes an identifier apart: party_lecture.plan and PartyLecture have
// the words party, lecture, plan.
func split(identifier string) []string {
	words := map[string]bool{}
	for _, part := range strings.FieldsFunc(identifier, func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, w := range camel.FindAllString(part, -1) {
			words[strings.ToLower(w)] = true
		}
	}
	return slices.Sorted(maps.Keys(words))
}

var camel = regexp.MustCompile(`[A-Z]+[a-z]*|[a-z]+`)
