package api

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// doc is the document as a program reads it.
type doc map[string]any

func read(t *testing.T, h *house) doc {
	t.Helper()
	w := h.do(ask{path: "/openapi.json"})
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/vnd.oai.openapi+json") {
		t.Fatal(w.Code, w.Header())
	}
	var d doc
	h.must(json.Unmarshal(w.Body.Bytes(), &d))
	return d
}

// at follows a path of keys.
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

// resolve follows references.
func (d doc) resolve(v any) any {
	for {
		ref, ok := at(v, "$ref").(string)
		if !ok {
			return v
		}
		v = at(map[string]any(d), strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
}

func TestTheDocumentIsWhole(t *testing.T) {
	h := newHouse(t)
	d := read(t, h)
	if d["openapi"] != "3.1.0" || at(map[string]any(d), "info", "version") == "" {
		t.Error(d["openapi"], d["info"])
	}
	seen := map[string]bool{}
	for path, methods := range d["paths"].(map[string]any) {
		for method, o := range methods.(map[string]any) {
			id, _ := at(o, "operationId").(string)
			if id == "" || seen[id] || at(o, "summary") == nil {
				t.Errorf("%s %s: operation %q, summary %v", method, path, id, at(o, "summary"))
			}
			seen[id] = true
			if d.resolve(at(o, "responses", "default")) == nil || at(d.resolve(at(o, "responses", "default")), "content", "application/problem+json") == nil {
				t.Errorf("%s %s: no problem", method, path)
			}
			var inPath []string
			for _, p := range list(at(o, "parameters")) {
				if at(p, "in") == "path" {
					inPath = append(inPath, "{"+at(p, "name").(string)+"}")
				}
				if at(p, "description") == nil || at(p, "schema", "type") == nil {
					t.Errorf("%s %s: half a parameter: %v", method, path, p)
				}
			}
			if want := regexp.MustCompile(`\{\w+\}`).FindAllString(path, -1); !slices.Equal(inPath, want) {
				t.Errorf("%s: parameters %v", path, inPath)
			}
		}
	}
	if want := len((&server{}).routes()); len(seen) != want {
		t.Errorf("%d operations, %d routes", len(seen), want)
	}
	references(d, d, func(ref string) {
		if d.resolve(map[string]any{"$ref": ref}) == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// references calls found with every reference in v.
func references(d doc, v any, found func(string)) {
	switch v := v.(type) {
	case doc:
		references(d, map[string]any(v), found)
	case map[string]any:
		for k, x := range v {
			if ref, ok := x.(string); ok && k == "$ref" {
				found(ref)
			}
			references(d, x, found)
		}
	case []any:
		for _, x := range v {
			references(d, x, found)
		}
	}
}

// fits says why v does not fit schema s, or "".
func (d doc) fits(s, v any, where string) string {
	s = d.resolve(s)
	kind, _ := at(s, "type").(string)
	switch v := v.(type) {
	case map[string]any:
		if kind != "object" && kind != "" {
			return where + " is an object"
		}
		return d.objectFits(s, v, where)
	case []any:
		if kind != "array" {
			return where + " is a list"
		}
		for i, x := range v {
			if why := d.fits(at(s, "items"), x, fmt.Sprintf("%s[%d]", where, i)); why != "" {
				return why
			}
		}
	case string:
		if kind != "string" && kind != "" || !textFits(s, v) {
			return where + " is " + v
		}
	case float64:
		if kind != "integer" && kind != "" || v != float64(int64(v)) {
			return where + " is a number"
		}
	case bool:
		if kind != "boolean" && kind != "" {
			return where + " is yes or no"
		}
	default:
		return where + " is null"
	}
	return ""
}

func (d doc) objectFits(s any, v map[string]any, where string) string {
	for _, name := range list(at(s, "required")) {
		if _, ok := v[name.(string)]; !ok {
			return where + "." + name.(string) + " is missing"
		}
	}
	for name, x := range v {
		inside := at(s, "properties", name)
		if inside == nil {
			if at(s, "additionalProperties") == false {
				return where + "." + name + " is unknown"
			}
			continue
		}
		if why := d.fits(inside, x, where+"."+name); why != "" {
			return why
		}
	}
	return ""
}

func textFits(s any, v string) bool {
	if p, ok := at(s, "pattern").(string); ok && !regexp.MustCompile(p).MatchString(v) {
		return false
	}
	var err error
	switch at(s, "format") {
	case "date":
		_, err = time.Parse(time.DateOnly, v)
	case "date-time":
		_, err = time.Parse(time.RFC3339, v)
	}
	return err == nil
}

func TestAnswersAreWhatTheDocumentSays(t *testing.T) {
	h := newHouse(t)
	d, token := read(t, h), h.everything()
	h.do(ask{method: "POST", path: "/acts", token: token, key: unused(6), body: registering("甲子")})
	for path, methods := range d["paths"].(map[string]any) {
		for method, o := range methods.(map[string]any) {
			a := ask{method: strings.ToUpper(method), path: example(path), token: token, key: unused(7), body: registering("乙丑")}
			if path == "/procedures/{id}" || path == "/rules/{id}" || path == "/sources/{id}" {
				a.path = strings.Replace(path, "{id}", h.first(token, strings.TrimSuffix(path, "/{id}")), 1)
			}
			if strings.Contains(path, "{figure}") {
				a.path = strings.Replace(a.path, "members", "lecture_held", 1) + "?org=o1&from=2026-01-01&to=2026-12-31"
			}
			w := h.do(a)
			schema := at(o, "responses", fmt.Sprint(w.Code), "content", "application/json", "schema")
			if schema == nil {
				t.Errorf("%s %s: %d %s is not in the document", a.method, a.path, w.Code, w.Body)
				continue
			}
			var v any
			h.must(json.Unmarshal(w.Body.Bytes(), &v))
			if why := d.fits(schema, v, "answer"); why != "" {
				t.Errorf("%s %s: %s", a.method, a.path, why)
			}
		}
	}
}

// first returns the id of the first thing of a list.
func (h *house) first(token, path string) string {
	h.t.Helper()
	var all []struct {
		ID string `json:"id"`
	}
	h.must(json.Unmarshal(h.do(ask{path: path, token: token}).Body.Bytes(), &all))
	return all[0].ID
}

func TestTheDocumentAndTheHandlersRefuseTheSameBodies(t *testing.T) {
	h := newHouse(t)
	d, token := read(t, h), h.everything()
	schema := at(map[string]any(d), "paths", "/acts:check", "post", "requestBody", "content", "application/json", "schema")
	good := registering("甲子")
	for _, body := range []string{
		good,
		strings.Replace(good, `"org":"o2",`, ``, 1),
		strings.Replace(good, `{"proc`, `{"x":1,"proc`, 1),
		strings.Replace(good, `"step":"register",`, ``, 1),
		strings.Replace(good, `"o2"`, `null`, 1),
		strings.Replace(good, `"o2"`, `7`, 1),
		strings.Replace(good, `2026-11-23`, `23.11.2026`, 1),
		strings.Replace(good, `"org"`, `"Org"`, 1),
		strings.Replace(good, `"org"`, `"corrects":"1","org"`, 1),
		strings.Replace(good, `"org"`, `"corrects":1.5,"org"`, 1),
		strings.Replace(good, `"fields":{`, `"fields":[],"x":{`, 1),
		"[]", `"x"`, "{}",
	} {
		var v any
		h.must(json.Unmarshal([]byte(body), &v))
		why := d.fits(schema, v, "body")
		w := h.do(ask{method: "POST", path: "/acts:check", token: token, body: body})
		if (why == "") != (w.Code != http.StatusBadRequest) {
			t.Errorf("%s\nthe document says %q, the handler %d %s", body, why, w.Code, w.Body)
		}
	}
}

func TestARouteThatDeclaresTooLittleDoesNotStart(t *testing.T) {
	for _, bad := range []route{
		{Pattern: "GET /x", ID: "x", Summary: "x", Work: gives((*call).rules)},
		{Pattern: "GET /x", ID: "x", Summary: "x", Needs: inOrg, Work: gives((*call).rules)},
		{Pattern: "GET /x", ID: "x", Summary: "x", Needs: anyToken, Action: "org.read", Work: gives((*call).rules)},
		{Pattern: "GET /x/{y}", ID: "x", Summary: "x", Needs: anyToken, Work: gives((*call).rules)},
		{Pattern: "GET /x", ID: "x", Needs: anyToken, Work: gives((*call).rules)},
		{Pattern: "GET /x", ID: "x", Summary: "x", Needs: anyToken},
	} {
		if bad.check() == nil {
			t.Errorf("%+v starts", bad)
		}
	}
	for _, r := range (&server{}).routes() {
		if err := r.check(); err != nil {
			t.Error("control:", err)
		}
	}
}
