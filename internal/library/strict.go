package library

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parse reads one YAML document and refuses everything that could make a file
// say something else than it seems to: a second document, anchors, aliases,
// merge keys.
func parse(b []byte, bad func(line int, why string)) (*yaml.Node, bool) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	if err := d.Decode(&doc); err != nil {
		l, why := lineOf(err)
		bad(l, why)
		return nil, false
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		bad(0, "more than one document in a file")
		return nil, false
	}
	ok := true
	walk(&doc, func(n *yaml.Node) {
		if n.Anchor != "" || n.Kind == yaml.AliasNode || n.Tag == "!!merge" {
			bad(n.Line, "anchors, aliases and merge keys are not allowed")
			ok = false
		}
	})
	return doc.Content[0], ok
}

// lineOf takes the line out of a message of the YAML reader, "yaml: line 3: …";
// without one it is 0, the file as a whole.
func lineOf(err error) (int, string) {
	why := strings.TrimPrefix(err.Error(), "yaml: ")
	number, rest, _ := strings.Cut(strings.TrimPrefix(why, "line "), ": ")
	if n, err := strconv.Atoi(number); err == nil {
		return n, rest
	}
	return 0, why
}

func walk(n *yaml.Node, visit func(*yaml.Node)) {
	visit(n)
	for _, c := range n.Content {
		walk(c, visit)
	}
}

// A decoder fills Go values from YAML nodes. Unlike the reader's own it goes on
// after the first mistake and knows the line of each: unknown and repeated keys,
// values that cannot be read. Words stay the words of the file, never numbers,
// truth values or times.
type decoder struct {
	bad func(line int, why string)
}

func (d decoder) badf(n *yaml.Node, format string, args ...any) {
	d.bad(n.Line, fmt.Sprintf(format, args...))
}

func (d decoder) value(n *yaml.Node, v reflect.Value) {
	if v.Type() == reflect.TypeFor[yaml.Node]() {
		v.Set(reflect.ValueOf(*n)) // to be read later, by the form that asks for it
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if !d.scalar(n) {
			return
		}
		if err := u.UnmarshalText([]byte(n.Value)); err != nil {
			d.badf(n, "%v", err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem())
	case reflect.Struct:
		d.fields(n, v)
	case reflect.Slice:
		d.list(n, v)
	case reflect.Map:
		d.entries(n, v)
	default:
		if d.scalar(n) {
			d.simple(n, v)
		}
	}
}

func (d decoder) scalar(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode {
		d.badf(n, "want one value here")
		return false
	}
	return true
}

func (d decoder) simple(n *yaml.Node, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		if n.Value != "true" && n.Value != "false" {
			d.badf(n, "%q: want true or false", n.Value)
		}
		v.SetBool(n.Value == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil {
			d.badf(n, "%q: want a whole number", n.Value)
		}
		v.SetInt(i)
	default:
		panic("library: no content is of type " + v.Type().String())
	}
}

func (d decoder) list(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.badf(n, "want a list here")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, c := range n.Content {
		d.value(c, v.Index(i))
	}
}

func (d decoder) entries(n *yaml.Node, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, func(key, value *yaml.Node) {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(value, elem)
		v.SetMapIndex(reflect.ValueOf(key.Value), elem)
	})
}

func (d decoder) fields(n *yaml.Node, v reflect.Value) {
	places := map[string]reflect.Value{}
	keys(v, places)
	d.pairs(n, func(key, value *yaml.Node) {
		place, known := places[key.Value]
		if !known {
			d.badf(key, "unknown key %q", key.Value)
			return
		}
		d.value(value, place)
	})
}

// pairs visits the entries of a mapping and complains of a key that is there twice.
func (d decoder) pairs(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.badf(n, "want keys and values here")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			d.badf(key, "key %q is there twice", key.Value)
			continue
		}
		seen[key.Value] = true
		visit(key, n.Content[i+1])
	}
}

// keys collects the places for the keys of a struct; what it embeds counts as
// its own.
func keys(v reflect.Value, places map[string]reflect.Value) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		switch {
		case v.Type().Field(i).Anonymous && name == "":
			keys(v.Field(i), places)
		case name != "" && name != "-":
			places[name] = v.Field(i)
		}
	}
}
