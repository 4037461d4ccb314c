package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDistIsCurrent(t *testing.T) {
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
		t.Fatal(err)
	}
	want, err := os.ReadFile("dist/sources.sum")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x\n", h.Sum(nil)); got != string(want) {
		t.Error("src has changed since dist was made: run go generate ./internal/web/static")
	}
}

func TestAnAddressWithTheRightHashIsKeptForEver(t *testing.T) {
	got := get(URL("app.css"), "")
	if c := got.Header().Get("Cache-Control"); got.Code != 200 || !strings.Contains(c, "immutable") {
		t.Errorf("%d %q", got.Code, c)
	}
	if k := got.Header().Get("Content-Type"); k != "text/css; charset=utf-8" {
		t.Errorf("Content-Type %q", k)
	}
}

func TestAnAddressOfAnEarlierVersionGetsTodaysFileNotToBeKept(t *testing.T) {
	got := get(Prefix+"000000000000/app.css", "")
	if c := got.Header().Get("Cache-Control"); got.Code != 200 || c != "no-cache" {
		t.Errorf("%d %q", got.Code, c)
	}
}

func TestUnknownNamesAndPathsAreNotFound(t *testing.T) {
	for _, p := range []string{"", "x/", "x/nothing.js", "x/../static.go", "x/dist/app.css"} {
		if got := get(Prefix+p, ""); got.Code != 404 {
			t.Errorf("%q: %d", p, got.Code)
		}
	}
}

func TestCompressedIsTheSameFile(t *testing.T) {
	plain, zipped := get(URL("app.js"), ""), get(URL("app.js"), "gzip, br")
	if zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	r, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(b, plain.Body.Bytes()) {
		t.Errorf("differs: %v", err)
	}
}

func TestTheStyleSheetAsksForNothingElse(t *testing.T) {
	css := get(URL("app.css"), "").Body.String()
	if m := regexp.MustCompile(`url\(|@import|https?://`).FindString(css); m != "" {
		t.Errorf("app.css contains %q", m)
	}
}

func TestTheMapHasThirteenCounties(t *testing.T) {
	o := Counties()
	if len(o.Areas) != 13 {
		t.Fatalf("%d areas", len(o.Areas))
	}
	for _, a := range o.Areas {
		if a.CX <= 0 || a.CX >= o.W || a.CY <= 0 || a.CY >= o.H {
			t.Errorf("%s: label outside", a.Name)
		}
	}
	for _, bad := range []string{``, `{}`, `{"w":1,"h":1}`} {
		if _, err := ParseOutline([]byte(bad)); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

func get(url, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}
