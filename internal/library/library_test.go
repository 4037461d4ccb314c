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

// TestCases plays the cases that lie beside every procedure.
func TestCases(t *testing.T) {
	lib, err := library.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := lib.Cases()
	if err != nil {
		t.Error(err)
	}
	for _, c := range cases {
		t.Run(c.Procedure+"/"+c.Name, func(t *testing.T) {
			if err := lib.Play(c); err != nil {
				t.Error(err)
			}
		})
	}
}
