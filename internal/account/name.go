package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The length of a name to sign in with, in characters.
const (
	minName = 2
	maxName = 32
)

// Name returns the one spelling of a name to sign in with: compatible characters
// made equal, small letters, no blanks around. Full-width input is what an input
// method leaves behind, and means the same.
func Name(s string) string {
	if len(s) > 16*maxName {
		return ""
	}
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
}

// CheckName returns why a name cannot be chosen, as a key into the catalogue of
// words, or "". Names that look like an ID or a telephone number are refused:
// they are personal data, and would be typed at every door.
func CheckName(name string) string {
	n, digits := 0, 0
	for _, r := range name {
		n++
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r), r == '.' || r == '_' || r == '-':
		default:
			return "name.characters"
		}
	}
	switch {
	case !utf8.ValidString(name) || name != Name(name):
		return "name.characters"
	case n < minName || n > maxName:
		return "name.length"
	case digits >= 7 && digits >= n-1:
		return "name.number"
	}
	return ""
}
