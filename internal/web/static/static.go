// Package static serves the files a page asks for beside itself, under addresses that change with their content; it knows no page.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run gen.go

// dist is made by gen.go from src; third is other people's, with their
// licences; art is drawn by hand (icons, mark) or made from open data (the map).
//
//go:embed dist/app.css dist/app.js third/*.js third/licenses art
var files embed.FS

// Prefix is where [Handler] is to be mounted.
const Prefix = "/assets/"

// A file is one asset, ready to be sent either way.
type file struct {
	kind    string // Content-Type
	hash    string // first 12 hex digits of SHA-256 over plain
	plain   []byte
	gzipped []byte
}

// URL returns the address of an asset such as "app.js": it contains the hash
// of the content, so it can be kept for ever. A name that does not exist is a
// mistake in the program and panics.
func URL(name string) string {
	f, ok := all()[name]
	if !ok {
		panic("static: no asset " + name)
	}
	return Prefix + f.hash + "/" + name
}

// Handler serves what [URL] returns. An address with the hash of an earlier
// version gets today's file, not to be kept: a page drawn before an upgrade
// still finds its style.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		f, ok := all()[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.send(w, r, hash == f.hash)
	})
}

func (f *file) send(w http.ResponseWriter, r *http.Request, current bool) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+f.hash+`"`)
	h.Set("Cache-Control", "no-cache")
	if current {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == `"`+f.hash+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away; nothing to do
	}
}

// Licenses returns the names of the licence texts of other people's parts;
// each is an asset of that name.
func Licenses() []string {
	entries, err := files.ReadDir("third/licenses")
	if err != nil {
		panic(err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// all reads and compresses every asset once.
var all = sync.OnceValue(func() map[string]*file {
	out := map[string]*file{}
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(p)
		out[path.Base(p)] = newFile(p, b)
		return err
	})
	if err != nil {
		panic(err)
	}
	return out
})

func newFile(name string, b []byte) *file {
	sum := sha256.Sum256(b)
	f := &file{kind: kindOf(name), hash: hex.EncodeToString(sum[:6]), plain: b}
	var z bytes.Buffer
	zw, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is valid
	_, _ = zw.Write(b)                                     // a buffer does not fail
	_ = zw.Close()
	if z.Len() < len(b) {
		f.gzipped = z.Bytes()
	}
	return f
}

func kindOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}
