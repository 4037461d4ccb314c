package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A look is how somebody has set up their pages.
type look struct{ lang, theme string }

// looksRight opens every page of the menu, and what else is for everybody, as seven
// sorts of people. Words and colours do not depend on each other, so that two looks
// show everything.
func (c *city) looksRight(t *testing.T) {
	for role, more := range map[string][]string{
		"city.officer":       {"/rule", "/source", "/procedure", "/procedure/theme_day", "/figure/theme_day_held", "/figure/appraisal_people", "/figure/theme_day_held/missing"},
		"township.organiser": {"/org", "/figure/theme_day_people", "/act/organisation", "/act/membership", "/act/office", "/act/grant", "/search?q=dang"},
		"security.admin":     {"/account?show=offices", "/account?show=known", "/account/p1", "/act/grant"},
		"audit.admin":        {"/audit?show=denied"},
		"system.admin":       nil,
		"branch.secretary":   {"/org", "/act/theme_day", "/act/general_meeting", "/search?q=党"},
		"member":             {"/home", "/c"},
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			b := c.enter(t, role)
			axe := axeSource(t)
			pages := slices.Concat(b.menu(), []string{"/settings", "/help", b.mine()}, more)
			for _, l := range []look{{"zh", "light"}, {"en", "dark"}} {
				b.choose("lang", l.lang)
				b.choose("theme", l.theme)
				for _, page := range pages {
					b.inspect(page, l, axe)
				}
			}
		})
	}
}

// menu is where the entries of the menu lead.
func (b *tab) menu() []string {
	b.t.Helper()
	paths := eval[[]string](b, `[...document.querySelectorAll('.sidenav a')].map(a => a.getAttribute('href'))`)
	if len(paths) < 3 {
		b.t.Fatalf("the menu has %v", paths)
	}
	return paths
}

// mine is the page of whoever is signed in.
func (b *tab) mine() string {
	b.t.Helper()
	return eval[string](b, `document.querySelector('.menu__list a').getAttribute('href')`)
}

// inspect opens one page and looks at it in both windows.
func (b *tab) inspect(path string, l look, axe string) {
	b.t.Helper()
	at := fmt.Sprintf("%s %s %s", path, l.lang, l.theme)
	b.size(wide)
	b.see(path)
	if got := eval[string](b, `document.documentElement.lang.slice(0, 2) + ' ' + (document.documentElement.dataset.theme ?? 'light')`); got != l.lang+" "+l.theme {
		b.t.Errorf("%s: the page is %s", at, got)
	}
	if jumps := b.jumps(); jumps != "" {
		b.t.Errorf("%s: %s", at, jumps)
	}
	b.within(at)
	if l.theme == "light" {
		b.accessible(at, axe)
	}
	b.size(narrow)
	b.still()
	b.within(at + " on a phone")
	if l.theme == "dark" {
		b.accessible(at+" on a phone", axe)
	}
	for _, complaint := range b.complaints(200) {
		b.t.Errorf("%s: %s", at, complaint)
	}
}

// within complains when the page is wider than the window.
func (b *tab) within(at string) {
	b.t.Helper()
	if out := eval[string](b, sticksOut); out != "" {
		b.t.Errorf("%s: wider than the window: %s", at, out)
	}
}

// sticksOut names what reaches beyond the right edge, unless the page itself does not.
const sticksOut = `(() => {
	const edge = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= edge) return '';
	const name = e => e.tagName.toLowerCase() + (e.id && '#' + e.id) + [...e.classList].map(c => '.' + c).join('');
	return document.documentElement.scrollWidth + ' of ' + edge + ': ' +
		[...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > edge + 1).slice(0, 6).map(name).join(', ');
})()`

// accessible complains about everything that axe finds, best practices included.
func (b *tab) accessible(at, axe string) {
	b.t.Helper()
	eval[bool](b, axe+"\n;true")
	for _, v := range eval[[]string](b, violations) {
		b.t.Errorf("%s: %s", at, strings.TrimSpace(v))
	}
}

const violations = `axe.run(document, {resultTypes: ['violations']}).then(found => found.passes.length < 5 ? ['next to nothing was checked'] : found.violations.map(
	v => v.id + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' (' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200) + ')').join('\n\t')))`
