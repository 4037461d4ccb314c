package api

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/web/guard"
)

// decode reads the body of a request into body. Keys that are unknown, there twice
// or spelt in another case are refused, and so is null and whatever follows the
// value. What is read is one thing and has one meaning.
func (c *call) decode(body any) error {
	if !c.isJSON() {
		return errNotJSON
	}
	b, err := io.ReadAll(c.r.Body)
	if err != nil {
		if guard.IsTooLarge(err) {
			return err
		}
		return &fault.Invalid{Why: "api.not_readable"}
	}
	if err := scan(b); err != nil {
		return unreadable(err)
	}
	if err := json.Unmarshal(b, body, json.RejectUnknownMembers(true)); err != nil {
		return unreadable(err)
	}
	return missing(body)
}

// errNotJSON: the body does not say that it is JSON.
var errNotJSON = errors.New("api: the body is not declared to be application/json")

// deepest is how far values may be nested: rows within rows within an act.
const deepest = 12

// scan goes through a whole text once: it is one JSON value without any null.
func scan(b []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(b))
	for {
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case t.Kind() == 'n':
			return &fault.Invalid{Field: pointer(d.StackPointer()), Why: "refuse.wrong_type", Value: "null"}
		case d.StackDepth() > deepest:
			return &fault.Invalid{Field: pointer(d.StackPointer()), Why: "api.too_deep"}
		}
	}
}

// unreadable says where a body cannot be read, and why.
func unreadable(err error) error {
	var invalid *fault.Invalid
	var syntax *jsontext.SyntacticError
	var sense *json.SemanticError
	switch {
	case errors.As(err, &invalid):
		return invalid
	case errors.As(err, &syntax):
		why := "api.not_readable"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			why = "api.twice"
		}
		return &fault.Invalid{Field: pointer(syntax.JSONPointer), Why: why}
	case errors.As(err, &sense):
		why := "refuse.wrong_type"
		if errors.Is(err, json.ErrUnknownName) {
			why = "api.unknown_key"
		}
		return &fault.Invalid{Field: pointer(sense.JSONPointer), Why: why}
	}
	return &fault.Invalid{Why: "api.not_readable"}
}

// pointer writes a place in a body as people do: fields.minutes.
func pointer(p jsontext.Pointer) string { return strings.Join(slices.Collect(p.Tokens()), ".") }

// missing refuses a body without something that the document says is required.
func missing(body any) error {
	v := reflect.ValueOf(body).Elem()
	for i := range v.NumField() {
		if name, required := member(v.Type().Field(i)); required && v.Field(i).IsZero() {
			return &fault.Invalid{Field: name, Why: "refuse.missing"}
		}
	}
	return nil
}

// member returns the name of a field in JSON, and whether it is always there.
func member(f reflect.StructField) (name string, required bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name, !strings.Contains(options, "omitzero")
}

// readFields reads the answers of a form: {"id":{"type":value}}. Blanks, escapes and
// the order of keys are the sender's own affair; everything else has one spelling.
func readFields(v jsontext.Value) (record.Fields, error) {
	spelt, err := row(v)
	if err != nil {
		return nil, err
	}
	// All at once: what a record can hold is counted over all its fields.
	fs, err := record.ParseFields(spelt)
	if err != nil {
		return nil, &fault.Invalid{Field: fieldIn(err), Why: "refuse.wrong_type"}
	}
	return fs, nil
}

// fieldIn returns the outermost field that an error of [record.ParseFields] names.
func fieldIn(err error) string {
	_, rest, _ := strings.Cut(err.Error(), "field ")
	quoted, _ := strconv.QuotedPrefix(rest) // of another error: nothing
	name, _ := strconv.Unquote(quoted)
	return strings.TrimSuffix("fields."+name, ".")
}

// row spells fields as the record does: by rising id.
func row(v jsontext.Value) (jsontext.Value, error) {
	var parts []part
	err := members(v, func(id string, value jsontext.Value) error {
		spelt, err := typed(value)
		if err != nil {
			return &fault.Invalid{Field: "fields." + id, Why: "refuse.wrong_type"}
		}
		parts = append(parts, part{id, spelt})
		return nil
	})
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return object(parts), err
}

// A part is one member of an object.
type part struct {
	name  string
	value jsontext.Value
}

func object(parts []part) jsontext.Value {
	out := jsontext.Value{'{'}
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, p.name) // it came from a text that was read
		out = append(append(out, ':'), p.value...)
	}
	return append(out, '}')
}

// orders are the keys of the values that are objects, in the order of the record.
var orders = map[record.Type][]string{
	record.TypeVote:   {"due", "present", "for", "against", "abstain", "written"},
	record.TypeFile:   {"name", "hash", "size", "type"},
	record.TypePeople: {"absent", "leave", "present/code", "present/list", "present/paper", "present/proxy", "present/video", "notes"},
}

// typed spells {"type":value}.
func typed(v jsontext.Value) (jsontext.Value, error) {
	var parts []part
	err := members(v, func(tag string, value jsontext.Value) (err error) {
		switch t := record.Type(tag); t {
		case record.TypeVote, record.TypePeople:
			value, err = ordered(value, orders[t])
		case record.TypeFile:
			value, err = each(value, func(v jsontext.Value) (jsontext.Value, error) { return ordered(v, orders[t]) })
		case record.TypeItems:
			value, err = each(value, row)
		}
		parts = append(parts, part{tag, value})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := object(parts)
	return out, out.Format(jsontext.PreserveRawStrings(false))
}

// ordered writes the members of an object in the given order; others come first.
func ordered(v jsontext.Value, order []string) (jsontext.Value, error) {
	var parts []part
	err := members(v, func(name string, value jsontext.Value) error {
		parts = append(parts, part{name, value})
		return nil
	})
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(slices.Index(order, a.name), slices.Index(order, b.name)) })
	return object(parts), err
}

// members calls do with each member of an object.
func members(v jsontext.Value, do func(name string, value jsontext.Value) error) error {
	d := jsontext.NewDecoder(bytes.NewReader(v))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return &fault.Invalid{Field: "fields", Why: "refuse.wrong_type"}
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		name := t.String()
		value, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := do(name, value.Clone()); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// each spells every element of a list.
func each(v jsontext.Value, spell func(jsontext.Value) (jsontext.Value, error)) (jsontext.Value, error) {
	var elements []jsontext.Value
	if err := json.Unmarshal(v, &elements); err != nil {
		return nil, err
	}
	out := jsontext.Value{'['}
	for i, e := range elements {
		if i > 0 {
			out = append(out, ',')
		}
		spelt, err := spell(e)
		if err != nil {
			return nil, err
		}
		out = append(out, spelt...)
	}
	return append(out, ']'), nil
}
