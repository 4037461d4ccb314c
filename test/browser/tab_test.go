package browser

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for one thing in the browser before it gives up.
const patience = time.Minute

// startBrowser starts one process with nothing in its profile.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	allocated, end := chromedp.NewExecAllocator(context.Background(), options(t.TempDir())...)
	t.Cleanup(end)
	ctx, quit := chromedp.NewContext(allocated)
	t.Cleanup(quit)
	t.Cleanup(func() { check(t, chromedp.Cancel(ctx)) })
	check(t, chromedp.Do(ctx))
	return ctx
}

// options are how the browser is started, with its profile in dir.
func options(dir string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(cmp.Or(os.Getenv("QINGFENG_TEST_CHROMIUM"), "/usr/bin/chromium")),
		chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "zh-CN"), chromedp.WSURLReadTimeout(patience))
}

// A tab is one window of somebody with cookies of their own.
type tab struct {
	t       *testing.T
	ctx     context.Context
	address string
	mu      sync.Mutex
	heard   []string // what the browser complained about
	last    string   // the page that came last
	plain   bool     // scripts are turned off
}

// tab opens a window in which nobody is signed in.
func (c *city) tab(t *testing.T) *tab {
	t.Helper()
	b := &tab{t: t, address: c.address}
	ctx, leave := chromedp.NewContext(c.browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(leave)
	b.ctx = ctx
	check(t, chromedp.Do(ctx)) // outside of any patience, so that the window stays
	b.size(wide)
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchShifts})
	return b
}

// enter opens a window and signs in the one who has the role, as people do who were
// sent a link.
func (c *city) enter(t *testing.T, role string) *tab {
	t.Helper()
	b := c.tab(t)
	b.useLink(c.link(t, role))
	return b
}

// link makes a one-time link for the one who has the role.
func (c *city) link(t *testing.T, role string) string {
	t.Helper()
	return "/link/" + must(c.accounts.InviteByInstallation(t.Context(), c.people[role]))(t).Token
}

func (b *tab) useLink(path string) {
	b.t.Helper()
	b.see(path)
	b.follow("main form button[type=submit]", 200)
}

// listen keeps every complaint: errors on the console, breaches of the content
// security policy, exceptions that nothing caught.
func (b *tab) listen(event any) {
	complaint := ""
	switch e := event.(type) {
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			for _, a := range e.Args {
				complaint += fmt.Sprintf("%s %s", a.Value, a.Description)
			}
		}
	case *cdpruntime.EventExceptionThrown:
		complaint = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			complaint += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			complaint = fmt.Sprintf("%s: %s", e.Entry.URL, e.Entry.Text)
		}
	}
	if complaint != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.heard = append(b.heard, complaint)
	}
}

// complaints returns what was heard since the last time, without what the browser
// says about the answer that was expected.
func (b *tab) complaints(status int64) (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.heard {
		if status < 400 || !strings.Contains(h, fmt.Sprintf("status of %d", status)) {
			out = append(out, h)
		}
	}
	b.heard = nil
	return out
}

// see opens a page and waits until it stands still.
func (b *tab) see(path string) {
	b.t.Helper()
	b.expect(200, chromedp.Navigate(b.address+path))
}

// follow clicks and waits for the page that it leads to.
func (b *tab) follow(selector string, status int64) {
	b.t.Helper()
	b.expect(status, chromedp.Click(chromedp.CSS(selector)))
}

// expect does what leads to a page, and complains unless that comes with status and
// in silence.
func (b *tab) expect(status int64, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, done := context.WithTimeout(b.ctx, patience)
	defer done()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		b.t.Fatalf("after %s: %v", b.last, err)
	}
	b.last = answer.URL
	b.still()
	if answer.Status != status {
		b.t.Fatalf("%s: status %d, want %d\n%s", answer.URL, answer.Status, status, b.text("main"))
	}
	for _, complaint := range b.complaints(status) {
		b.t.Errorf("%s: %s", answer.URL, complaint)
	}
}

// still waits until everything that came with the page has been drawn.
func (b *tab) still() {
	b.t.Helper()
	if b.plain {
		return // nothing is drawn later
	}
	eval[bool](b, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(steps...))
}

// run does one thing in the window.
func run[V any](b *tab, action chromedp.Action[V]) V {
	b.t.Helper()
	ctx, done := context.WithTimeout(b.ctx, patience)
	defer done()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("on %s: %v", b.last, err)
	}
	return v
}

// call gives the browser a command of its protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	return run(b, func(ctx context.Context, target *chromedp.Target) (R, error) {
		return cdp.Call(ctx, target, command, params)
	})
}

// text is what somebody reads in the first element that selector names.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return run(b, chromedp.Text(chromedp.CSS(selector)))
}

// says complains unless all of these can be read.
func (b *tab) says(selector string, want ...string) {
	b.t.Helper()
	text := b.text(selector)
	for _, w := range want {
		if !strings.Contains(text, w) {
			b.t.Errorf("%s does not say %q but\n%s", selector, w, text)
		}
	}
}

// path is where the window is now.
func (b *tab) path() string {
	b.t.Helper()
	return strings.TrimPrefix(run(b, chromedp.Location()), b.address)
}

// A size is that of a window.
type size struct{ width, height int64 }

// The two windows that everything has to look right in.
func wide() size   { return size{1440, 900} }
func narrow() size { return size{390, 844} }

func (b *tab) size(s func() size) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(s().width, s().height))
}

// choose sets how pages are to look, as the switches in the top bar do.
func (b *tab) choose(name, value string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`fetch('/display', {method: 'POST', redirect: 'manual', body: new URLSearchParams({%q: %q})}).then(() => true)`, name, value))
}

// eval asks the page something and waits for its promise.
func eval[V any](b *tab, script string) V {
	b.t.Helper()
	return run(b, chromedp.Evaluate[V](script, chromedp.EvalAwaitPromise))
}

// watchShifts keeps by how much things jump after they were first drawn, and what.
const watchShifts = `window.shifted = 0; window.jumped = [];
new PerformanceObserver(list => { for (const e of list.getEntries()) {
	window.shifted += e.value;
	for (const s of e.sources) {
		const n = s.node?.nodeType === 3 ? s.node.parentElement : s.node;
		window.jumped.push((n ? n.tagName.toLowerCase() + [...n.classList].map(c => '.' + c).join('') : '?') +
			' at ' + e.startTime.toFixed(0) + ' ms from ' + [s.previousRect, s.currentRect].map(r => [r.x, r.y, r.width, r.height].map(Math.round)).join(' to '));
	}
} }).observe({type: 'layout-shift', buffered: true});`

// jumps returns what moved after it was drawn, if that could be noticed; or "".
func (b *tab) jumps() string {
	b.t.Helper()
	return eval[string](b, `window.shifted < 0.01 ? '' : 'things jump by ' + window.shifted.toFixed(3) + ' after they were drawn: ' + window.jumped.slice(0, 6).join('; ')`)
}
