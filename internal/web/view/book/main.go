// Command book serves every page with sample data, to look at; it is a tool for developers and no part of the product.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"time"

	"qingfeng/internal/web/static"
	"qingfeng/internal/web/view/sample"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "where to serve; ?lang=en&theme=dark&size=large choose the look")
	flag.Parse()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for _, p := range sample.Pages() {
		mux.HandleFunc("GET "+exactly(p.Path), show(p))
	}
	s := &http.Server{Addr: *listen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Printf("http://%s%s", *listen, sample.Pages()[0].Path)
	log.Fatal(s.ListenAndServe())
}

// exactly keeps the page at / from answering for every other path.
func exactly(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

// policy is as strict as the product's.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func show(p sample.Page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		b := sample.Base(sample.Look{Lang: q.Get("lang"), Dark: q.Get("theme") == "dark", Large: q.Get("size") == "large"})
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := p.Draw(b).Render(context.WithoutCancel(r.Context()), w); err != nil {
			log.Printf("%s: %v", p.Path, err)
		}
	}
}
