package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

var codeLaws = []law{
	{"clock", clock},
	{"chance", chance},
	{"sleep", sleep},
	{"skip", skip},
	{"init", noInit},
	{"globals", globals},
	{"floats", floats},
}

// clocks may ask what time it is. Everybody else is told.
var clocks = map[string]string{
	"cmd/qingfeng/main.go": "takes the one clock that everything is given",

	"internal/app/app.go": "what app takes when it is given no clock",
	"scripts":             "tools of the workshop",
	"bench":               "measures",
	"test":                "measures from outside",
}

// dice may draw random numbers; everybody else is given a source.
var dice = map[string]string{
	"cmd": "wires the randomness that app is given",

	"internal/app/app.go": "what app takes when it is given no source",
	"internal/demo":       "draws the model city, the same one for the same seed",

	"bench":                    "draws when somebody clicks, and on what",
	"internal/store/storetest": "a suite of tests",
	"test":                     "tries what nobody thought of",
}

// floating may use floating-point numbers in the kernel.
var floating = map[string]string{}

// changing are global variables that change, by file and name.
var changing = map[string]string{
	"internal/store/storetest/postgres.go own": "one throw-away cluster for all tests of a process",
}

// clock: the time of day comes from outside.
func clock(t *tree) (out []string) {
	for _, s := range t.product() {
		if excused(clocks, s.path) {
			continue
		}
		each(s, func(e *ast.SelectorExpr) {
			if s.names(e, "time", "Now", "Since", "Until") {
				out = append(out, fmt.Sprintf("%s: time.%s; the clock is injected", s.at(e), e.Sel.Name))
			}
		})
	}
	return out
}

// chance: so does randomness, and the environment.
func chance(t *tree) (out []string) {
	for _, s := range t.product() {
		if excused(dice, s.path) {
			continue
		}
		for imported, n := range s.imports {
			if imported == "crypto/rand" || strings.HasPrefix(imported, "math/rand") {
				out = append(out, fmt.Sprintf("%s: imports %s; randomness is injected", s.at(n), imported))
			}
		}
		each(s, func(e *ast.SelectorExpr) {
			if s.names(e, "os", "Getenv", "LookupEnv", "Environ") {
				out = append(out, fmt.Sprintf("%s: os.%s; settings are injected", s.at(e), e.Sel.Name))
			}
		})
	}
	slices.Sort(out)
	return out
}

// sleep: waiting for a while is no way to know that something has happened,
// least of all in a test.
func sleep(t *tree) (out []string) {
	for _, s := range t.sources {
		each(s, func(e *ast.SelectorExpr) {
			if s.names(e, "time", "Sleep") {
				out = append(out, s.at(e)+": time.Sleep; wait for the event itself")
			}
		})
	}
	return out
}

// skip: a test that is skipped protects nobody.
func skip(t *tree) (out []string) {
	for _, s := range t.sources {
		if !s.test {
			continue
		}
		each(s, func(c *ast.CallExpr) {
			e, ok := c.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, e.Sel.Name) {
				return
			}
			if x, ok := e.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "f", "tb"}, x.Name) {
				out = append(out, fmt.Sprintf("%s: %s.%s; set up what the test needs, or fail", s.at(c), x.Name, e.Sel.Name))
			}
		})
	}
	return out
}

// noInit: nothing happens because a package was imported.
func noInit(t *tree) (out []string) {
	for _, s := range t.product() {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				out = append(out, s.at(f)+": func init; say it where it is wired")
			}
		}
	}
	return out
}

// globals: a variable of a package is a table that nobody changes.
func globals(t *tree) (out []string) {
	vars := globalVars(t)
	for _, s := range t.written() {
		for name, v := range vars[path.Dir(s.path)] {
			if v.in == s && locks(v) && changing[s.path+" "+name] == "" {
				out = append(out, fmt.Sprintf("%s: %s is a lock or a counter shared by everybody", s.at(v.node), name))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			for _, target := range targets(n) {
				name, ok := global(target, vars[path.Dir(s.path)])
				if ok && changing[s.path+" "+name] == "" {
					out = append(out, fmt.Sprintf("%s: changes the global variable %s", s.at(n), name))
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return out
}

// globalVar is a variable of a package and where it is declared.
type globalVar struct {
	in   *source
	node *ast.ValueSpec
}

// globalVars lists the variables of each directory.
func globalVars(t *tree) map[string]map[string]globalVar {
	all := map[string]map[string]globalVar{}
	for _, s := range t.written() {
		dir := path.Dir(s.path)
		if all[dir] == nil {
			all[dir] = map[string]globalVar{}
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, n := range spec.(*ast.ValueSpec).Names {
					all[dir][n.Name] = globalVar{s, spec.(*ast.ValueSpec)}
				}
			}
		}
	}
	return all
}

// locks reports whether a variable is of a type that exists to be changed.
func locks(v globalVar) bool {
	shared := false
	ast.Inspect(v.node, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		shared = shared || ok && (v.in.names(e, "sync", "Mutex", "RWMutex", "Once", "Map", "Pool", "WaitGroup") ||
			v.in.names(e, "sync/atomic", "Bool", "Int32", "Int64", "Uint32", "Uint64", "Pointer", "Value"))
		return true
	})
	return shared
}

// targets lists what a statement changes.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear") {
			return n.Args[:1]
		}
	}
	return nil
}

// global finds the variable of the package at the root of an expression such
// as table[key].field.
func global(e ast.Expr, vars map[string]globalVar) (string, bool) {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.Ident:
			v, known := vars[x.Name]
			return x.Name, known && x.Name != "_" && (x.Obj == nil || x.Obj.Decl == v.node)
		default:
			return "", false
		}
	}
}

// floats: amounts and days are whole numbers, and shares are two of them.
func floats(t *tree) (out []string) {
	for _, s := range t.written() {
		if line := lineOf(s.pkg); line == 0 || line > kernel || excused(floating, s.path) {
			continue
		}
		each(s, func(id *ast.Ident) {
			if (id.Name == "float64" || id.Name == "float32") && id.Obj == nil {
				out = append(out, fmt.Sprintf("%s: %s in the kernel", s.at(id), id.Name))
			}
		})
	}
	return out
}
