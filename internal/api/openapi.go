package api

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/day"
)

// A document is what OpenAPI 3.1 says of us, as far as we say it.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       info                            `json:"info"`
	Servers    []address                       `json:"servers"`
	Security   []map[string][]string           `json:"security"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components components                      `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type address struct {
	URL string `json:"url"`
}

type components struct {
	Schemas         map[string]*schema  `json:"schemas"`
	Responses       map[string]response `json:"responses"`
	SecuritySchemes map[string]security `json:"securitySchemes"`
}

type security struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme"`
	Description string `json:"description"`
}

type operation struct {
	ID          string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitzero"`
	Parameters  []place             `json:"parameters,omitzero"`
	Body        *body               `json:"requestBody,omitzero"`
	Responses   map[string]response `json:"responses"`
}

// A place is where a parameter stands.
type place struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Required    bool   `json:"required,omitzero"`
	Schema      schema `json:"schema"`
}

type body struct {
	Required bool             `json:"required"`
	Content  map[string]media `json:"content"`
}

type response struct {
	Ref         string           `json:"$ref,omitzero"`
	Description string           `json:"description,omitzero"`
	Content     map[string]media `json:"content,omitzero"`
}

type media struct {
	Schema schema `json:"schema"`
}

// A schema says what a value may be, in JSON Schema.
type schema struct {
	Ref         string             `json:"$ref,omitzero"`
	Type        string             `json:"type,omitzero"`
	Format      string             `json:"format,omitzero"`
	Description string             `json:"description,omitzero"`
	Pattern     string             `json:"pattern,omitzero"`
	MaxLength   int64              `json:"maxLength,omitzero"`
	MinLength   int64              `json:"minLength,omitzero"`
	Minimum     *int64             `json:"minimum,omitzero"`
	Maximum     *int64             `json:"maximum,omitzero"`
	Items       *schema            `json:"items,omitzero"`
	Properties  map[string]*schema `json:"properties,omitzero"`
	Required    []string           `json:"required,omitzero"`
	Additional  *schema            `json:"additionalProperties,omitzero"` // of every other key
	Closed      *bool              `json:"-"`                             // no other key at all
}

// MarshalJSONTo implements [json.MarshalerTo]: a closed object says so by the word
// that an open one uses for a schema.
func (s schema) MarshalJSONTo(e *jsontext.Encoder) error {
	type plain schema
	if s.Closed == nil {
		return json.MarshalEncode(e, plain(s))
	}
	return json.MarshalEncode(e, struct {
		plain
		No bool `json:"additionalProperties"`
	}{plain(s), false})
}

// describe writes the document of these routes.
func describe(routes []route, version string) ([]byte, error) {
	d := document{
		OpenAPI: "3.1.0", Servers: []address{{Root}}, Security: []map[string][]string{{"token": {}}},
		Info:  info{"Qingfeng", version, "Acts and reads of one installation. Bodies are strict: unknown, repeated and differently cased keys are refused, and so is null."},
		Paths: map[string]map[string]operation{},
		Components: components{
			Schemas:         map[string]*schema{},
			SecuritySchemes: map[string]security{"token": {"http", "bearer", "A token made in the settings; it begins with qf_."}},
		},
	}
	d.Components.Responses = map[string]response{"Problem": {
		Description: "It did not work, and why (RFC 9457).",
		Content:     map[string]media{"application/problem+json": {d.schemaOf(reflect.TypeFor[Problem]())}},
	}}
	for _, r := range routes {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if d.Paths[path] == nil {
			d.Paths[path] = map[string]operation{}
		}
		d.Paths[path][strings.ToLower(method)] = d.operation(r)
	}
	b, err := json.Marshal(d, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("api: document: %w", err)
	}
	return append(b, '\n'), nil
}

func (d *document) operation(r route) operation {
	o := operation{ID: r.ID, Summary: r.Summary, Description: r.demands(), Responses: map[string]response{
		strconv.Itoa(max(r.Status, 200)): {Description: "It worked.", Content: map[string]media{"application/json": {d.schemaOf(r.Work.gives)}}},
		"default":                        {Ref: "#/components/responses/Problem"},
	}}
	for _, name := range r.inPath() {
		o.Parameters = append(o.Parameters, placed(name, "path", true))
	}
	for _, name := range r.Required {
		o.Parameters = append(o.Parameters, placed(name, "query", true))
	}
	for _, name := range r.Query {
		o.Parameters = append(o.Parameters, placed(name, "query", false))
	}
	if r.Once {
		o.Parameters = append(o.Parameters, place{"Idempotency-Key", "header", "A new random key for each act. The same request with the same key gets the first answer again.", true,
			schema{Type: "string", Pattern: "^[!-~]{1,64}$"}})
	}
	if r.Work.takes != nil {
		o.Body = &body{true, map[string]media{"application/json": {d.schemaOf(r.Work.takes)}}}
	}
	return o
}

// demands says what a token must leave.
func (r route) demands() string {
	switch r.Needs {
	case anyToken:
		return "Any token will do."
	case acting:
		return "The token must leave the right to record steps."
	case ofMatter:
		return "The token must leave org.read, or person.read for the file of a person."
	}
	return "The token must leave " + string(r.Action) + "."
}

func placed(name, in string, required bool) place {
	p := parameters[name]
	return place{name, in, p.Summary, required, p.Schema}
}

// schemaOf returns the schema of a type; structs get a name of their own.
func (d *document) schemaOf(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[day.Day]():
		return dayOf
	case reflect.TypeFor[time.Time]():
		return schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[jsontext.Value]():
		return schema{Type: "object", Description: `Answers as {"field":{"type":value}}; for a single one {"type":value}. The form of the procedure says which fields there are; what corrects a record also answers "correction", a text that says why.`,
			Additional: &schema{}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.schemaOf(t.Elem())
	case reflect.Slice:
		items := d.schemaOf(t.Elem())
		return schema{Type: "array", Items: &items}
	case reflect.Struct:
		d.define(t)
		return schema{Ref: "#/components/schemas/" + t.Name()}
	case reflect.Bool:
		return schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return schema{Type: "integer", Format: "int64"}
	}
	return schema{Type: "string"}
}

// define names the schema of a struct, each once.
func (d *document) define(t reflect.Type) {
	if d.Components.Schemas[t.Name()] != nil {
		return
	}
	s := &schema{Type: "object", Properties: map[string]*schema{}, Closed: new(bool)}
	d.Components.Schemas[t.Name()] = s // before its members: they may lead back here
	d.members(t, s)
}

func (d *document) members(t reflect.Type, s *schema) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			d.members(f.Type, s)
			continue
		}
		name, required := member(f)
		one := d.schemaOf(f.Type)
		s.Properties[name] = &one
		if required {
			s.Required = append(s.Required, name)
		}
	}
}
