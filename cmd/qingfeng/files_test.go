package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"qingfeng/internal/record"
)

// A shelf outside is a bucket that speaks as much S3 as we use.
type shelf struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/files"), "/")
	object, there := s.objects[key]
	switch {
	case key == "" && r.Method == http.MethodHead:
	case key == "":
		_, _ = fmt.Fprint(w, "<ListBucketResult>")
		for _, key := range slices.Sorted(maps.Keys(s.objects)) {
			_, _ = fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>%d</Size></Contents>", key, len(s.objects[key]))
		}
		_, _ = fmt.Fprint(w, "</ListBucketResult>")
	case r.Method == http.MethodPut:
		s.objects[key] = chunks(r)
		w.Header().Set("ETag", `"etag"`)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
	default:
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("ETag", `"etag"`)
		_, _ = w.Write(object)
	}
}

// chunks reads a body that comes in signed chunks, as over a connection without TLS.
func chunks(r *http.Request) (all []byte) {
	for lines := bufio.NewReader(r.Body); ; {
		head, err := lines.ReadString('\n')
		length, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		n, notANumber := strconv.ParseInt(length, 16, 32)
		if errors.Join(err, notANumber) != nil || n == 0 {
			return all
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(lines, chunk); err != nil {
			return all
		}
		all = append(all, chunk[:n]...)
	}
}

func TestAttachmentsAreKeptInABucketByConfiguration(t *testing.T) {
	s := &shelf{objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	secret := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(secret, []byte("hush\n"), 0o600))
	flags := fileFlags{S3Endpoint: strings.TrimPrefix(server.URL, "http://"), S3Bucket: "files", S3Prefix: "city/", S3Region: "us-east-1", S3Key: "key", S3SecretFile: secret, S3Plain: true}
	line := []string{"--s3-endpoint", flags.S3Endpoint, "--s3-bucket", "files", "--s3-prefix", "city/", "--s3-key", "key", "--s3-secret-file", secret, "--s3-plain"}

	first := newHouse(t).sealed()
	h := reopened(t, first.copied(), func(f *dataFlags) { f.fileFlags = flags })
	h.attach("the reply")
	if len(s.objects) != 1 {
		t.Fatalf("the bucket holds %d objects", len(s.objects))
	}
	if out, err := command(append([]string{"verify", "--data", h.dir}, line...)...); err != nil || !strings.Contains(out, "1 attachments") {
		t.Error(out, err)
	}
	to, back := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "restored")
	_, err := command(append([]string{"backup", "--data", h.dir, "--to", to}, line...)...)
	must(t, err)
	if out, err := command("restore", "--from", to, "--data", back); err != nil || !strings.Contains(out, "1 attachments") {
		t.Error("a backup is whole without the bucket:", out, err)
	}
	open := filepath.Join(t.TempDir(), "open")
	_, err = command(append([]string{"export", "--data", h.dir, "--to", open}, line...)...)
	must(t, err)
	if files, err := filepath.Glob(filepath.Join(open, "files", "*", "*")); err != nil || len(files) != 1 {
		t.Errorf("exported: %v %v", files, err)
	}
	clear(s.objects)
	if out, err := command(append([]string{"verify", "--data", h.dir}, line...)...); !errors.Is(err, errFound) || strings.Contains(out, "Everything") {
		t.Error("an empty bucket verifies:", out, err)
	}
	anew := filepath.Join(t.TempDir(), "anew")
	if out, err := command(append([]string{"restore", "--from", to, "--data", anew}, line...)...); err != nil || len(s.objects) != 1 || there(filepath.Join(anew, blobDir)) {
		t.Error("into the bucket:", out, err, len(s.objects))
	}
	for name := range s.objects {
		if !strings.HasPrefix(name, "city/") {
			t.Errorf("%s lacks the prefix", name)
		}
		s.objects[name] = []byte("something else")
	}
	if out, err := command(append([]string{"verify", "--data", h.dir}, line...)...); !errors.Is(err, errFound) || !strings.Contains(out, "damaged") {
		t.Error("a spoilt object verifies:", out, err)
	}
}

func TestABucketTakesItsSecretFromElsewhere(t *testing.T) {
	if _, err := (fileFlags{S3Endpoint: "127.0.0.1:1", S3Bucket: "files", S3Key: "key"}).files(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// attach records one more branch, with the reply that founds it.
func (h *house) attach(text string) {
	h.t.Helper()
	v, err := h.app.For(2, "test")
	must(h.t, err)
	file, err := v.Attach(h.t.Context(), "reply.txt", "text/plain", []byte(text))
	must(h.t, err)
	act := h.founding("宣传部")
	act.Fields = act.Fields.With("papers", record.Files{file})
	_, err = v.Act(h.t.Context(), act, "")
	must(h.t, err)
	h.sealed()
}
