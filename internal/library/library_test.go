package library_test

import (
	"testing"

	"qingfeng/content"
	"qingfeng/internal/library"
)

// TestContent loads what ships in the binary.
func TestContent(t *testing.T) {
	if _, err := library.Load(content.FS); err != nil {
		t.Fatal(err)
	}
}
