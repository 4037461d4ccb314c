package web

import (
	"fmt"

	"rsc.io/qr"

	"qingfeng/internal/web/view"
)

// qrOf draws text as a code that a phone can read. label says what it is for.
func qrOf(text, label string) (*view.QR, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	drawn := &view.QR{Label: label, Size: code.Size, Dark: make([]bool, 0, code.Size*code.Size)}
	for y := range code.Size {
		for x := range code.Size {
			drawn.Dark = append(drawn.Dark, code.Black(x, y))
		}
	}
	return drawn, nil
}
