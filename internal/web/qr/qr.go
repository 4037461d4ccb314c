// Package qr draws a text as a QR code in SVG, and knows nothing of what the text
// is for.
package qr

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the white margin that readers need around a code, in modules.
const quiet = 4

// SVG returns text as a picture that scales to any size. It has no style of its
// own and no script, and is dark on white also where a page is dark: many readers
// take nothing else.
func SVG(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("qr: %w", err)
	}
	side := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img">`, side, side)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, side, side)
	for y := range code.Size {
		row(&b, code, y)
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

// row draws each run of dark modules of a row as one bar.
func row(b *strings.Builder, code *qr.Code, y int) {
	for x := 0; x < code.Size; x++ {
		n := 0
		for x+n < code.Size && code.Black(x+n, y) {
			n++
		}
		if n > 0 {
			fmt.Fprintf(b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
			x += n
		}
	}
}
