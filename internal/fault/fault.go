// Package fault names the few failures that a page tells apart, and no others.
package fault

import (
	"errors"
	"maps"
	"slices"
)

// The failures that look different to the person who meets them.
var (
	// NotFound: there is no such thing, or none that the reader may know of.
	NotFound = errors.New("not found")

	// Forbidden: the reader may know of it, and may not do this with it.
	Forbidden = errors.New("forbidden")

	// SignIn: nobody is signed in.
	SignIn = errors.New("sign in first")

	// ReadOnly: the service keeps reading and takes no records for now.
	ReadOnly = errors.New("the service is read-only")

	// Busy: too much is asked at once; the same request will do later.
	Busy = errors.New("busy")

	// Unknown: it was sent to the disk and nobody answered; it may be there or
	// not. The same request with the same key will tell.
	Unknown = errors.New("not known whether it was recorded")

	// Reused: an idempotency key came back with a different request.
	Reused = errors.New("this key was used for another request")
)

// Invalid is a request that cannot be read at all: bad syntax, unknown or
// repeated keys, a wrong type. Field may be empty.
type Invalid struct {
	Field string // where
	Why   string // key into the catalogue of words, as "form.not_a_day"
	Value string // what was sent, shortened
}

// A Stop is a [ReadOnly] that says why nothing is recorded, and what is missing.
type Stop struct {
	Why  string            // key into the catalogue of words, as "stop.disk"
	Args map[string]string // for the words; numbers are digits
	Err  error             // for the operator alone; may be nil
}

// Error implements error.
func (s *Stop) Error() string {
	text := "read-only: " + s.Why
	for _, name := range slices.Sorted(maps.Keys(s.Args)) {
		text += " " + name + "=" + s.Args[name]
	}
	if s.Err != nil {
		text += ": " + s.Err.Error()
	}
	return text
}

// Unwrap makes it a [ReadOnly].
func (s *Stop) Unwrap() []error {
	if s.Err == nil {
		return []error{ReadOnly}
	}
	return []error{ReadOnly, s.Err}
}

// Error implements error.
func (e *Invalid) Error() string { return "invalid " + e.Field + ": " + e.Why }

// A Problem is one thing wrong with a piece of content. Path says where in its
// file, as "steps[2].form[0].type".
type Problem struct{ Path, Why string }
