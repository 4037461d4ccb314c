package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

var nameLaws = []law{
	{"package-name", packageName},
	{"package-comment", packageComment},
	{"exported-comment", exportedComment},
}

// forbidden package names say nothing about what is inside.
var forbidden = []string{"util", "utils", "common", "helper", "helpers", "base", "model", "models", "types", "misc", "shared", "lib", "tools", "impl"}

// packageName: the name of a package says what is inside.
func packageName(t *tree) (out []string) {
	seen := map[string]bool{}
	for _, s := range t.sources {
		dir := path.Dir(s.path)
		for _, name := range []string{path.Base(dir), s.file.Name.Name} {
			if slices.Contains(forbidden, name) && !seen[dir] {
				seen[dir] = true
				out = append(out, fmt.Sprintf("%s: %q says nothing about what is inside", dir, name))
			}
		}
	}
	return out
}

// packageComment: each package says in a sentence what it is.
func packageComment(t *tree) (out []string) {
	said := map[string]bool{}
	for _, s := range t.product() {
		dir := path.Dir(s.path)
		said[dir] = said[dir] || s.file.Doc != nil && opens(s.file.Doc.Text(), s.file.Name.Name)
	}
	for dir, ok := range said {
		if !ok {
			out = append(out, dir+": no package comment of the form \"Package "+path.Base(dir)+" …\"")
		}
	}
	slices.Sort(out)
	return out
}

func opens(comment, name string) bool {
	return strings.HasPrefix(comment, "Package "+name+" ") || name == "main" && strings.HasPrefix(comment, "Command ")
}

// exportedComment: what others may use says what it promises. One comment
// serves a row of one-line functions.
func exportedComment(t *tree) (out []string) {
	for _, s := range t.written() {
		row := -1 // the line on which the row so far ends
		for _, d := range s.file.Decls {
			first, last := s.positions.Position(d.Pos()).Line, s.positions.Position(d.End()).Line
			inRow := first == row+1
			if row = last; first != last {
				row = -1
			}
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && !inRow && d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
					out = append(out, fmt.Sprintf("%s: %s has no comment", s.at(d), d.Name.Name))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil && ts.Comment == nil {
						out = append(out, fmt.Sprintf("%s: %s has no comment", s.at(ts), ts.Name.Name))
					}
				}
			}
		}
	}
	return out
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) (name string) {
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}
