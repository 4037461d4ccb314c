package blob

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// bucket is a small object store that speaks as much S3 as we use, and lies
// when told to.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	puts    int
	loses   bool                // says that it kept an object and does not
	spoils  func([]byte) []byte // what it keeps instead
	cuts    bool                // ends an answer half way
	refuses int                 // so many requests with 503
}

// serve starts a bucket and opens it.
func serve(t *testing.T) (*bucket, *S3) {
	t.Helper()
	b := &bucket{objects: map[string][]byte{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	s, err := OpenS3(t.Context(), S3Config{
		Endpoint: strings.TrimPrefix(server.URL, "http://"), Bucket: "files", Prefix: "a/", Region: "us-east-1",
		Key: "key", Secret: "secret", Plain: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, s
}

// ServeHTTP implements [http.Handler].
func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/files"), "/")
	object, there := b.objects[key]
	switch {
	case b.refuses > 0:
		b.refuses--
		complain(w, http.StatusServiceUnavailable, "SlowDown")
	case !strings.HasPrefix(r.URL.Path, "/files"):
		complain(w, http.StatusNotFound, "NoSuchBucket")
	case key == "" && r.Method == http.MethodHead:
	case key == "":
		b.list(w, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodPut:
		b.put(w, r, key)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		complain(w, http.StatusNotFound, "NoSuchKey")
	default:
		b.answer(w, r, object)
	}
}

func complain(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

func (b *bucket) put(w http.ResponseWriter, r *http.Request, key string) {
	if _, there := b.objects[key]; there && r.Header.Get("If-None-Match") == "*" {
		complain(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	body, err := content(r)
	if err != nil {
		complain(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	b.puts++
	if b.spoils != nil {
		body = b.spoils(body)
	}
	if !b.loses {
		b.objects[key] = body
	}
	w.Header().Set("ETag", `"etag"`)
}

// content reads a body that comes in signed chunks.
func content(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var all []byte
	lines := bufio.NewReader(r.Body)
	for {
		head, err := lines.ReadString('\n')
		if err != nil {
			return nil, err
		}
		length, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		n, err := strconv.ParseInt(length, 16, 32)
		if err != nil || n == 0 {
			return all, err
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(lines, chunk); err != nil {
			return nil, err
		}
		all = append(all, chunk[:n]...)
	}
}

func (b *bucket) answer(w http.ResponseWriter, r *http.Request, object []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(object)))
	w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
	w.Header().Set("ETag", `"etag"`)
	if r.Method == http.MethodHead {
		return
	}
	if b.cuts {
		object = object[:len(object)/2]
	}
	_, _ = io.Copy(w, bytes.NewReader(object)) // the client sees what is missing
}

func (b *bucket) list(w http.ResponseWriter, prefix string) {
	fmt.Fprint(w, "<ListBucketResult>")
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if strings.HasPrefix(key, prefix) {
			fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>%d</Size></Contents>", key, len(b.objects[key]))
		}
	}
	fmt.Fprint(w, "</ListBucketResult>")
}
