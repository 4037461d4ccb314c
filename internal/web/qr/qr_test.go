package qr

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"rsc.io/qr"
)

func TestThePictureHasExactlyTheModulesOfTheCode(t *testing.T) {
	const text = "otpauth://totp/x:y?secret=ABCDEFGHIJKLMNOP"
	svg, err := SVG(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(svg), new(struct{ XMLName xml.Name })); err != nil {
		t.Fatal(err)
	}
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(svg, -1) {
		var x, y, n int
		if _, err := fmt.Sscan(m[1], &x); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(m[2]+" "+m[3], &y, &n); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			dark[[2]int{x + i, y}] = true
		}
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for y := -quiet; y < code.Size+quiet; y++ {
		for x := -quiet; x < code.Size+quiet; x++ {
			if dark[[2]int{x + quiet, y + quiet}] != code.Black(x, y) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
}

func TestATextThatIsTooLongIsRefused(t *testing.T) {
	if _, err := SVG(strings.Repeat("x", 10_000)); err == nil {
		t.Error("drawn")
	}
}

func TestThePictureKeepsThePolicyOfThePage(t *testing.T) {
	svg, err := SVG("<script>")
	if err != nil || strings.Contains(svg, "style=") || strings.Contains(svg, "script") {
		t.Error(svg, err)
	}
}
