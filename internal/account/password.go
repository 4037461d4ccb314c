package account

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Policy is what a password must be.
type Policy struct {
	Least   int // characters
	Classes int // of small letters, capitals, digits and others; 0: any
	Days    int // after which it must be replaced; 0: never
}

// maxPassword is the most characters of a password: enough for a sentence, too
// few to keep the machine busy.
const maxPassword = 256

// Password returns the one spelling of a password, so that it fits again whatever
// keyboard it is typed on.
func Password(s string) string { return norm.NFC.String(s) }

// Check returns why password cannot be chosen by somebody called any of names, as
// a key into the catalogue of words with its one argument, or "".
func (p Policy) Check(password string, names ...string) (why, arg string) {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return "password.not_text", ""
	case n < p.Least:
		return "password.short", strconv.Itoa(p.Least)
	case n > maxPassword:
		return "password.long", strconv.Itoa(maxPassword)
	case classes(password) < p.Classes:
		return "password.classes", strconv.Itoa(p.Classes)
	case common(password):
		return "password.common", ""
	case named(password, names):
		return "password.named", ""
	}
	return "", ""
}

func classes(s string) int {
	var small, capital, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			small = 1
		case unicode.IsUpper(r):
			capital = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return small + capital + digit + other
}

// stems are what common passwords are made of, once digits and signs around are
// taken off: the first that any list of guesses tries, here and elsewhere.
var stems = []string{
	"", "password", "passw0rd", "p@ssw0rd", "p@ssword", "admin", "administrator", "root", "test", "demo", "user", "guest", "welcome",
	"qwerty", "qwertyuiop", "asdf", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc", "letmein", "iloveyou",
	"woaini", "wodemima", "mima", "dangyuan", "dangzhibu", "zhibu", "zuzhibu", "zhongguo", "qingfeng", "aa", "abc", "abcd", "abcdef",
	"a", "q", "qq", "qwe", "asd", "zxc", "changeme", "secret", "monkey", "dragon", "login", "master", "hello", "default", "system",
}

// common reports whether password is among the first guesses: one of the stems
// between digits and signs, the same again and again, or a run of the keyboard.
func common(password string) bool {
	low := strings.ToLower(password)
	stem := strings.TrimFunc(low, func(r rune) bool { return r < unicode.MaxASCII && !unicode.IsLetter(r) })
	if slices.Contains(stems, stem) || slices.Contains(stems, undouble(stem)) {
		return true
	}
	return distinct(low) < 5 || runs(low)
}

// undouble returns the part that a text repeats, or the text.
func undouble(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return s
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// runs reports whether s only counts up or down: 123456789012, zyxwvutsrqpo.
func runs(s string) bool {
	up, down := 0, 0
	for i := 1; i < len(s); i++ {
		switch step := int(s[i]) - int(s[i-1]); {
		case step == 1 || step == -9 && unicode.IsDigit(rune(s[i])):
			up++
		case step == -1 || step == 9 && unicode.IsDigit(rune(s[i])):
			down++
		}
	}
	return up >= len(s)-2 || down >= len(s)-2
}

// named reports whether password is little more than one of names.
func named(password string, names []string) bool {
	low := strings.ToLower(password)
	for _, name := range names {
		name = strings.ToLower(name)
		if len(name) >= 2 && strings.Contains(low, name) && utf8.RuneCountInString(low)-utf8.RuneCountInString(name) < 6 {
			return true
		}
	}
	return false
}
