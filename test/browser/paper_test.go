package browser

import (
	"math"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A sheet is what one page of a printable document is.
type sheet struct {
	path          string
	width, height float64 // of what is inside the margins, in millimetres
}

// fitsOnPaper prints minutes and sign-in sheet.
func (c *city) fitsOnPaper(t *testing.T) {
	b := c.enter(t, newBranch)
	b.see("/meeting")
	b.follow(`main a[href^="/matter/"]`, 200)
	matter := eval[string](b, `location.pathname`)
	for _, s := range []sheet{{matter + "/print", 210 - 28 - 26, 297 - 37 - 35}, {matter + "/signin-sheet", 210 - 2*22, 297 - 2*20}} {
		b.see(s.path)
		b.prints(s)
	}
}

// prints complains unless the page comes out on A4, on as many sheets as its length
// takes, with nothing cut off at the right.
func (b *tab) prints(s sheet) {
	b.t.Helper()
	pdf := run(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	boxes := regexp.MustCompile(`/MediaBox ?\[0 0 (\d+)[.\d]* (\d+)`).FindAllSubmatch(pdf, -1)
	for _, box := range boxes {
		if string(box[1]) != "594" && string(box[1]) != "595" || string(box[2]) != "841" && string(box[2]) != "842" {
			b.t.Errorf("%s: a sheet of %s × %s points is not A4", s.path, box[1], box[2])
		}
	}
	const mm = 96 / 25.4
	b.do(chromedp.EmulateViewport(int64(s.width*mm), int64(s.height*mm)))
	b.media("print")
	defer b.media("")
	b.still()
	b.within(s.path + " on paper")
	long := eval[float64](b, `document.body.scrollHeight`)
	least := int(math.Ceil(long/(s.height*mm) - 0.05))
	if n := len(boxes); n < max(1, least) || n > least+1 {
		b.t.Errorf("%s: %d sheets, want %d", s.path, n, least)
	}
	if cut := eval[string](b, cutOff); cut != "" {
		b.t.Errorf("%s: cut off: %s", s.path, cut)
	}
}

// cutOff names what has more in it than can be seen.
const cutOff = `[...document.querySelectorAll('main, main *')].filter(e => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)
	.map(e => e.tagName + '.' + e.className + ' ' + e.scrollWidth + ' > ' + e.clientWidth).join(', ')`

// media lets the page believe that it is printed.
func (b *tab) media(name string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
}
