package arch

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
)

var sizeLaws = []law{
	{"file-length", fileLength},
	{"function-length", functionLength},
	{"area-length", areaLength},
}

// What can be seen at once, and a little more. Beyond it, a thing is two
// things.
const (
	maxFile     = 400
	maxFunction = 80
	maxArea     = 600
)

// longFiles and longFunctions may be longer; the value says why.
var (
	longFiles     = map[string]string{}
	longFunctions = map[string]string{}
)

func fileLength(t *tree) (out []string) {
	for _, s := range t.written() {
		if s.lines > maxFile && longFiles[s.path] == "" {
			out = append(out, fmt.Sprintf("%s: %d lines, %d allowed", s.path, s.lines, maxFile))
		}
	}
	return out
}

// functionLength leaves tests alone, and the suite that is one.
func functionLength(t *tree) (out []string) {
	for _, s := range t.written() {
		each(s, func(f *ast.FuncDecl) {
			n := s.positions.Position(f.End()).Line - s.positions.Position(f.Pos()).Line + 1
			if n > maxFunction && s.pkg != "store/storetest" && longFunctions[s.path+" "+f.Name.Name] == "" {
				out = append(out, fmt.Sprintf("%s: %s has %d lines, %d allowed", s.at(f), f.Name.Name, n, maxFunction))
			}
		})
	}
	return out
}

// areaLength: an area package computes; it does not grow into a system of its
// own.
func areaLength(t *tree) (out []string) {
	size := map[string]int{}
	for _, s := range t.written() {
		if path.Dir(s.pkg) == "area" {
			size[path.Dir(s.path)] += s.lines
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(size)) {
		if size[dir] > maxArea {
			out = append(out, fmt.Sprintf("%s: %d lines, %d allowed in an area", dir, size[dir], maxArea))
		}
	}
	return out
}
