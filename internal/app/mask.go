package app

import (
	"context"
	"slices"
	"strings"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// purposes is the code table of reasons for which a number is read in full, and
// Revealed what stands before the reason in [Reading.Purpose].
const (
	purposes = "reveal_purpose"
	Revealed = "reveal."
)

// Reveal returns the page of person p with the numbers in full. Why they are read is
// a code of the table of purposes; it is written down before the page is answered,
// and the person sees it.
func (v *Visit) Reveal(ctx context.Context, p id.Person, purpose string) (PersonPage, error) {
	if !v.app.lib.Law.Codes[purposes].Has(purpose) {
		return PersonPage{}, &fault.Invalid{Field: "purpose", Why: "refuse.unknown_code", Value: purpose}
	}
	why := *v
	why.purpose = Revealed + purpose
	return why.personPage(ctx, p, func(facts []Fact) []Fact { return facts })
}

// maskFacts hides of facts what is shown in part.
func maskFacts(facts []Fact) []Fact {
	for i, f := range facts {
		facts[i].Value = mask(f.Field, f.Value)
	}
	return facts
}

// maskFields hides of the answers to step s what is shown in part. The record itself
// is left as it is.
func maskFields(s procedure.Step, fields record.Fields) record.Fields {
	if !slices.ContainsFunc(s.Form, func(f procedure.Field) bool { return f.Masked }) {
		return fields
	}
	fields = slices.Clone(fields)
	for i, a := range fields {
		asked, _ := s.Field(a.ID)
		fields[i].Value = mask(asked, a.Value)
	}
	return fields
}

// mask returns the answer to f as it is shown: of an ID number the place and the end,
// of a telephone number the first three and the last four characters, of what is
// shorter nothing.
func mask(f procedure.Field, v record.Value) record.Value {
	text, ok := v.(record.Text)
	if !ok || !f.Masked {
		return v
	}
	s := []rune(string(text))
	head, tail := 3, 4
	switch n := len(s); {
	case n >= 15:
		head, tail = 6, 2
	case n < 10:
		head, tail = 0, 0
	}
	return record.Text(string(s[:head]) + strings.Repeat("*", len(s)-head-tail) + string(s[len(s)-tail:]))
}
