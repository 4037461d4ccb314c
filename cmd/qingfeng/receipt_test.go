package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/internal/seal"
)

func TestAReceiptIsCheckedOffline(t *testing.T) {
	h := newHouse(t).sealed()
	file := filepath.Join(t.TempDir(), "receipt")
	text := h.receipt().Text()
	must(t, os.WriteFile(file, text, 0o600))
	out, err := command("receipt", "verify", file, "--key", h.vkey())
	if err != nil || !strings.Contains(out, "Leaf 0 is in the log") {
		t.Errorf("%v: %s", err, out)
	}
	other, err := seal.NewKey("qingfeng.local/other", bytes.Repeat([]byte{1}, 32))
	must(t, err)
	if _, err := command("receipt", "verify", file, "--key", other.Public().String()); !errors.Is(err, errFound) {
		t.Error("by another key:", err)
	}
	if _, err := command("receipt", "verify", file, "--key", "nonsense"); err == nil || errors.Is(err, errFound) {
		t.Error("by no key:", err)
	}
	forged := h.receipt()
	forged.Leaf[0] ^= 1
	must(t, os.WriteFile(file, forged.Text(), 0o600))
	if _, err := command("receipt", "verify", file, "--key", h.vkey()); err == nil {
		t.Error("a forged receipt passed")
	}
}
