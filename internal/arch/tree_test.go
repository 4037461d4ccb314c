package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// module is the name under which the packages of the house import each other.
const module = "qingfeng"

// tree is the house as the laws see it.
type tree struct {
	files   fs.FS
	paths   []string // every file, sorted
	sources []*source
}

// source is one Go file.
type source struct {
	path      string
	pkg       string // where it stands: "matter" for internal/matter, otherwise the directory
	test      bool
	generated bool
	lines     int
	file      *ast.File
	positions *token.FileSet
	imports   map[string]ast.Node // what it imports, and where
}

// left is what is not part of the house: what was built, what was recorded,
// and the inputs that are broken on purpose.
var left = regexp.MustCompile(`(^|/)(\.git|\.cache|\.idea|\.vscode|node_modules|testdata)$|^(bin|data|bench/out|qingfeng)$`)

func read(files fs.FS) (*tree, error) {
	t := &tree{files: files}
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && left.MatchString(p):
			return fs.SkipDir
		case d.IsDir() || left.MatchString(p):
			return nil
		}
		t.paths = append(t.paths, p)
		if strings.HasSuffix(p, ".go") {
			return t.parse(p)
		}
		return nil
	})
	return t, err
}

func (t *tree) parse(p string) error {
	text, err := fs.ReadFile(t.files, p)
	if err != nil {
		return err
	}
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, p, text, parser.ParseComments)
	if err != nil {
		return err
	}
	imports := map[string]ast.Node{}
	for _, i := range file.Imports {
		if imported, err := strconv.Unquote(i.Path.Value); err == nil {
			imports[imported] = i
		}
	}
	t.sources = append(t.sources, &source{
		path:      p,
		pkg:       strings.TrimPrefix(path.Dir(p), "internal/"),
		test:      strings.HasSuffix(p, "_test.go"),
		generated: ast.IsGenerated(file),
		lines:     strings.Count(string(text), "\n"),
		file:      file,
		positions: positions,
		imports:   imports,
	})
	return nil
}

// text is the content of a file that the walk found; a file that vanished
// since is an empty one.
func (t *tree) text(p string) string {
	b, err := fs.ReadFile(t.files, p)
	if err != nil {
		return ""
	}
	return string(b)
}

// product lists the sources that end up in the binary or run it: no tests.
func (t *tree) product() []*source {
	return slices.DeleteFunc(slices.Clone(t.sources), func(s *source) bool { return s.test })
}

// written is product without generated files.
func (t *tree) written() []*source {
	return slices.DeleteFunc(t.product(), func(s *source) bool { return s.generated })
}

// at gives a place in the way an editor understands.
func (s *source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.positions.Position(n.Pos()).Line)
}

// each calls f for every node of a file that is a T.
func each[T ast.Node](s *source, f func(T)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if x, ok := n.(T); ok {
			f(x)
		}
		return true
	})
}

// names reports whether e is a function of a package, as in time.Now.
func (s *source) names(e ast.Expr, pkg string, functions ...string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || !slices.Contains(functions, sel.Sel.Name) {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || x.Obj != nil {
		return false
	}
	_, imported := s.imports[pkg]
	return imported && x.Name == path.Base(pkg)
}

// excused reports whether a path, or a directory above it, is on a list of
// exceptions. The value is the reason; one without a reason does not count.
func excused(list map[string]string, p string) bool {
	for ; p != "." && p != "/"; p = path.Dir(p) {
		if list[p] != "" {
			return true
		}
	}
	return false
}
