//go:build ignore

// Gen makes dist from src: the style sheet lowered for Chromium 105, the
// script minified, and sources.sum, by which a test sees that dist is current.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

const esbuild = "github.com/evanw/esbuild/cmd/esbuild@v0.28.2"

func main() {
	log.SetFlags(0)
	for _, name := range []string{"app.css", "app.js"} {
		build(name)
	}
	if err := os.WriteFile("dist/sources.sum", sum(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func build(name string) {
	cmd := exec.Command("go", "run", esbuild, "src/"+name, "--bundle", "--minify",
		"--target=chrome105", "--charset=utf8", "--log-level=warning", "--outfile=dist/"+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		log.Fatalf("gen: %s: %v", name, err)
	}
}

// sum must agree with the test in static_test.go.
func sum() []byte {
	h := sha256.New()
	err := filepath.WalkDir("src", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		_, _ = fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(p), len(b)) // a hash does not fail
		h.Write(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")))
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	return fmt.Appendf(nil, "%x\n", h.Sum(nil))
}
