package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// obeysTheKeyboard leaves the mouse alone.
func (c *city) obeysTheKeyboard(t *testing.T) {
	b := c.enter(t, newBranch)
	b.see("/todo")
	for key, dialog := range map[string]string{"/": "dlg-find", "?": "dlg-keys"} {
		b.do(chromedp.KeyEvent(key), chromedp.WaitVisible(chromedp.CSS("#"+dialog+"[open]")))
		b.escape("#" + dialog + "[open]")
	}
	for chord, path := range map[string]string{"x": "/meeting", "t": "/todo", "c": "/due"} {
		b.expect(200, press("g", chord))
		if b.path() != path {
			t.Errorf("g %s leads to %s, want %s", chord, b.path(), path)
		}
	}
	b.see("/act/theme_day")
	b.do(chromedp.Focus(named("place")))
	b.expect(422, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.size(narrow)
	b.see("/todo")
	b.follow(`.tabbar a[href="/meeting"]`, 200)
}

// escape presses Escape until what it is to close is closed. On a busy machine the
// browser now and then loses the key and never answers for it, and people press again.
func (b *tab) escape(from string) {
	b.t.Helper()
	for range 6 {
		ctx, done := context.WithTimeout(b.ctx, patience/6)
		_, err := chromedp.Run(ctx, chromedp.Steps(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS(from))))
		done()
		if err == nil {
			return
		}
	}
	b.t.Errorf("%s stays, however often Escape is pressed", from)
}

// press presses keys one right after the other, however slow the machine is: the
// second of a chord must come soon.
func press(keys ...string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`for (const key of ['` + strings.Join(keys, "','") + `'])
		document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}))`)
}

// worksWithoutScript signs in, uses the menu and records a theme day with scripts
// turned off.
func (c *city) worksWithoutScript(t *testing.T) {
	b := c.tab(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.plain = true
	b.useLink(c.link(t, newBranch))
	b.follow(`.sidenav a[href="/meeting"]`, 200)
	b.follow(`.sidenav a[href="/todo"]`, 200)
	b.see("/act/theme_day")
	b.follow("#step .formbar .btn--primary", 422)
	b.says(".esum", "“主题”没有填")
	b.fillsInAThemeDay(c, "整治河道，清理旧账")
	b.follow(`button[form="step"][value="check"]`, 200)
	b.follow("#step .formbar .btn--primary", 200)
	b.says("main", "整治河道", "已归档")
	b.follow(`.topbar__tools button[value="en"]`, 200)
	b.says("main", "整治河道")
	if lang := run(b, chromedp.AttributeValue(chromedp.CSS("html"), "lang")); lang.Value != "en" {
		t.Errorf("the page is in %q", lang.Value)
	}
}
