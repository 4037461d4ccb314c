// Package words is the catalogue of what pages say, in Chinese and English; titles of procedures, roles and rules are content and not here.
package words

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"qingfeng/internal/fault"
)

// One file per noun, both languages of a key on one line, so that a missing
// translation is seen where it is missing.
//
//go:embed *.yaml
var files embed.FS

// Words are the words of one language.
type Words struct {
	lang string
	text map[string]string
}

// For returns the words of a language: "en" is English, anything else Chinese.
func For(lang string) *Words {
	if lang == "en" {
		return catalogue().en
	}
	return catalogue().zh
}

// Lang returns "zh" or "en".
func (w *Words) Lang() string { return w.lang }

// Tag returns the language as HTML's lang attribute wants it.
func (w *Words) Tag() string {
	if w.lang == "en" {
		return "en"
	}
	return "zh-CN"
}

// T returns the words for key. Arguments come in pairs of name and value and
// take the place of {name}. An unknown key is returned as it is, so that it is
// seen; the tests do not let one through.
func (w *Words) T(key string, args ...string) string {
	s, ok := w.text[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(args); i += 2 {
		s = strings.ReplaceAll(s, "{"+args[i]+"}", args[i+1])
	}
	return s
}

// Has reports whether key is known: for keys that come from elsewhere, such as
// the reason of a refusal.
func (w *Words) Has(key string) bool {
	_, ok := w.text[key]
	return ok
}

// Reason returns what a refusal or a question says, and what to do about it if
// there is something. The key comes from the kernel; args are already names.
func (w *Words) Reason(why string, args map[string]string) (text, fix string) {
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	if w.Has(why + "_fix") {
		fix = w.T(why+"_fix", pairs...)
	}
	return w.T(why, pairs...), fix
}

// Stop returns why nothing is recorded, and what whoever runs the service does
// about it.
func (w *Words) Stop(s *fault.Stop) (text, fix string) {
	args := maps.Clone(s.Args)
	for name, value := range args {
		if n, err := strconv.Atoi(value); err == nil {
			args[name] = w.N(n)
		}
	}
	return w.Reason(s.Why, args)
}

// Pick returns the title of a piece of content in this language.
func (w *Words) Pick(zh, en string) string {
	if w.lang == "en" && en != "" {
		return en
	}
	return zh
}

// N writes a number with separators: 8,440.
func (w *Words) N(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Keys returns every key of the catalogue.
func Keys() []string {
	keys := make([]string, 0, len(catalogue().zh.text))
	for k := range catalogue().zh.text {
		keys = append(keys, k)
	}
	return keys
}

type both struct{ zh, en *Words }

var catalogue = sync.OnceValue(func() both {
	c, err := load()
	if err != nil {
		panic(err) // embedded, and read by every test
	}
	return c
})

func load() (both, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return both{}, err
	}
	c := both{zh: &Words{"zh", map[string]string{}}, en: &Words{"en", map[string]string{}}}
	var problems error
	for _, e := range entries {
		b, err := files.ReadFile(e.Name())
		problems = errors.Join(problems, err, c.add(e.Name(), b))
	}
	return c, problems
}

// add reads one file strictly: an unknown language, an empty text or a key
// that another file has is a problem.
func (c both) add(name string, b []byte) error {
	var entries map[string]struct {
		ZH string `yaml:"zh"`
		EN string `yaml:"en"`
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&entries); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("words %s: %w", name, err)
	}
	var problems error
	for k, e := range entries {
		if e.ZH == "" || e.EN == "" {
			problems = errors.Join(problems, fmt.Errorf("words %s: %s: a language is missing", name, k))
		}
		if c.zh.Has(k) {
			problems = errors.Join(problems, fmt.Errorf("words %s: %s: stands in another file too", name, k))
		}
		c.zh.text[k], c.en.text[k] = e.ZH, e.EN
	}
	return problems
}
