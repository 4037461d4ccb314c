package view_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"qingfeng/internal/web/static"
	"qingfeng/internal/web/view/sample"
	"qingfeng/internal/web/words"
)

// looks are the ways a page can be shown: each language plain, and with
// everything else switched on.
func looks() []sample.Look {
	return []sample.Look{
		{Lang: "zh"}, {Lang: "zh", Dark: true, Large: true},
		{Lang: "en"}, {Lang: "en", Dark: true, Large: true},
	}
}

func draw(t *testing.T, p sample.Page, l sample.Look) string {
	t.Helper()
	var b strings.Builder
	if err := p.Draw(sample.Base(l)).Render(context.Background(), &b); err != nil {
		t.Fatalf("%s %+v: %v", p.Path, l, err)
	}
	return b.String()
}

// faults are what no page may contain, each with why.
var faults = map[string]*regexp.Regexp{
	"a style of its own: the policy forbids it":         regexp.MustCompile(`\sstyle=|<style`),
	"an event handler in markup: the policy forbids it": regexp.MustCompile(`\son[a-z]+=`),
	"a script in the page: the policy forbids it":       regexp.MustCompile(`<script(?:[^>]*type="text/javascript"[^>]*)?>`),
	"something from another host":                       regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//`),
	"an argument that was not filled in":                regexp.MustCompile(`\{[a-z_]+\}`),
	"an address templ refused":                          regexp.MustCompile(`about:invalid`),
	"an empty link":                                     regexp.MustCompile(`href=""`),
}

func TestEveryPageIsCleanInEveryLook(t *testing.T) {
	for _, p := range sample.Pages() {
		for _, l := range looks() {
			html := draw(t, p, l)
			for why, re := range faults {
				if m := re.FindString(html); m != "" {
					t.Errorf("%s %+v: %s: %.120s", p.Path, l, why, m)
				}
			}
			for _, key := range missing(html) {
				t.Errorf("%s %+v: no words for %s", p.Path, l, key)
			}
			for _, id := range twice(html) {
				t.Errorf("%s %+v: id %q stands twice", p.Path, l, id)
			}
		}
	}
}

func TestTheFaultsAreSeen(t *testing.T) {
	for why, bad := range map[string]string{
		"a style of its own: the policy forbids it":         `<p class="x" style="color:red">`,
		"an event handler in markup: the policy forbids it": `<button type="button" onclick="go()">`,
		"a script in the page: the policy forbids it":       `<script>go()</script>`,
		"something from another host":                       `<img src="//example.com/x.png">`,
		"an argument that was not filled in":                `<b>还有{n}天</b>`,
		"an address templ refused":                          `<a href="about:invalid#TemplFailedSanitizationURL">`,
		"an empty link":                                     `<a href="">`,
	} {
		if !faults[why].MatchString(bad) {
			t.Errorf("%s is not seen in %s", why, bad)
		}
	}
	if len(missing(`<b>day.nothing_like_it</b>`)) != 1 || len(twice(`<p id="a"><p id="a">`)) != 1 {
		t.Error("a missing word or a second id is not seen")
	}
}

func TestTheFirstByteKnowsLanguageThemeAndSize(t *testing.T) {
	html := draw(t, sample.Pages()[0], sample.Look{Lang: "en", Dark: true, Large: true})
	for _, want := range []string{`<html lang="en"`, `data-theme="dark"`, `data-size="large"`} {
		if !strings.Contains(html[:200], want) {
			t.Errorf("missing %s in %.200s", want, html)
		}
	}
}

// missing finds keys of the catalogue shown as they are.
func missing(html string) []string {
	var out []string
	for _, m := range dotted.FindAllStringSubmatch(html, -1) {
		if prefixes()[strings.SplitN(m[1], ".", 2)[0]] {
			out = append(out, m[1])
		}
	}
	return out
}

var (
	dotted   = regexp.MustCompile(`[>" ]([a-z]+\.[a-z_]+)[<" ]`)
	anID     = regexp.MustCompile(`\sid="([^"]*)"`)
	prefixes = sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, k := range words.Keys() {
			out[strings.SplitN(k, ".", 2)[0]] = true
		}
		return out
	})
)

func twice(html string) []string {
	seen, out := map[string]bool{}, []string{}
	for _, m := range anID.FindAllStringSubmatch(html, -1) {
		if seen[m[1]] {
			out = append(out, m[1])
		}
		seen[m[1]] = true
	}
	return out
}

func TestEveryIconIsInTheSprite(t *testing.T) {
	sprite, err := os.ReadFile("../static/art/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range sample.Pages() {
		html := draw(t, p, sample.Look{Lang: "zh"})
		for _, m := range regexp.MustCompile(regexp.QuoteMeta(static.URL("icons.svg"))+`#([^"]*)`).FindAllStringSubmatch(html, -1) {
			if !strings.Contains(string(sprite), `id="`+m[1]+`"`) {
				t.Errorf("%s: no icon %q", p.Path, m[1])
			}
		}
	}
	for file, source := range sources(t, "..") {
		for _, m := range regexp.MustCompile(`@icon\("([^"]+)"\)|Icon:\s*"([^"]+)"`).FindAllStringSubmatch(source, -1) {
			if name := m[1] + m[2]; !strings.Contains(string(sprite), `id="`+name+`"`) {
				t.Errorf("%s: no icon %q", file, name)
			}
		}
	}
}

// sources are the hand-written .go and .templ files below dir, by name.
func sources(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, "_templ.go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		if ext := filepath.Ext(p); ext != ".go" && ext != ".templ" {
			return nil
		}
		b, err := os.ReadFile(p)
		out[p] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
