package record

import (
	"iter"
	"slices"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/money"
)

// A Field is one answer of a form.
type Field struct {
	ID    string
	Value Value
}

// Fields are the answers of a form by rising field id, each once. What was not
// answered is not there.
type Fields []Field

// F is a Field; it keeps lists of fields short to write.
func F(id string, v Value) Field { return Field{id, v} }

// Of returns the fields in canonical order. A later field replaces an earlier one.
func Of(fields ...Field) Fields {
	fs := slices.Clone(fields)
	slices.SortStableFunc(fs, func(a, b Field) int { return strings.Compare(a.ID, b.ID) })
	kept := Fields(fs[:0])
	for i, f := range fs {
		if last := i+1 == len(fs) || fs[i+1].ID != f.ID; last && f.Value != nil {
			kept = append(kept, f)
		}
	}
	return slices.Clip(kept)
}

// With returns fs with field id set to v, or without it when v is nil.
func (fs Fields) With(id string, v Value) Fields {
	i, found := fs.find(id)
	switch {
	case found && v != nil:
		fs = slices.Clone(fs)
		fs[i].Value = v
		return fs
	case found:
		return slices.Delete(slices.Clone(fs), i, i+1)
	case v == nil:
		return fs
	}
	return slices.Insert(slices.Clone(fs), i, Field{id, v})
}

// Get returns the value of field id, or nil.
func (fs Fields) Get(id string) Value {
	if i, found := fs.find(id); found {
		return fs[i].Value
	}
	return nil
}

func (fs Fields) find(id string) (int, bool) {
	return slices.BinarySearchFunc(fs, id, func(f Field, id string) int { return strings.Compare(f.ID, id) })
}

// as returns the value of field id if it has type V, or the zero V.
func as[V Value](fs Fields, id string) V {
	v, _ := fs.Get(id).(V)
	return v
}

// Text and the readers after it each read one type; a field that is missing or of
// another type reads as the zero value.
func (fs Fields) Text(id string) string     { return string(as[Text](fs, id)) }
func (fs Fields) Number(id string) int64    { return int64(as[Number](fs, id)) }
func (fs Fields) Money(id string) money.Fen { return money.Fen(as[Money](fs, id)) }
func (fs Fields) Day(id string) day.Day     { return day.Day(as[Day](fs, id)) }
func (fs Fields) Person(k string) id.Person { return id.Person(as[Person](fs, k)) }
func (fs Fields) Org(k string) id.Org       { return id.Org(as[Org](fs, k)) }
func (fs Fields) Choice(id string) string   { return string(as[Choice](fs, id)) }
func (fs Fields) People(id string) People   { return as[People](fs, id) }
func (fs Fields) Vote(id string) Vote       { return as[Vote](fs, id) }
func (fs Fields) Files(id string) Files     { return as[Files](fs, id) }
func (fs Fields) Items(id string) Items     { return as[Items](fs, id) }

// AllFiles yields every attachment among the fields, those in rows too.
func (fs Fields) AllFiles() iter.Seq[File] {
	return func(yield func(File) bool) { fs.eachFile(yield) }
}

func (fs Fields) eachFile(yield func(File) bool) bool {
	for _, f := range fs {
		switch v := f.Value.(type) {
		case Files:
			for _, file := range v {
				if !yield(file) {
					return false
				}
			}
		case Items:
			for _, row := range v {
				if !row.eachFile(yield) {
					return false
				}
			}
		}
	}
	return true
}

// Append appends the canonical encoding of fs: {"id":{"type":value},…}, ids
// rising, no blank, one spelling.
func (fs Fields) Append(b []byte) []byte {
	b = append(b, '{')
	for i, f := range fs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(quote(b, f.ID), `:{"`...)
		b = append(append(b, f.Value.Type()...), '"', ':')
		b = append(f.Value.appendTo(b), '}')
	}
	return append(b, '}')
}
