package fault

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"qingfeng/content"
	"qingfeng/internal/library"
	"qingfeng/internal/store/storetest"
)

var (
	kills         = flag.Int("kills", 60, "how often the program is killed on SQLite")
	killsPostgres = flag.Int("kills-postgres", 15, "how often the program is killed on PostgreSQL")
	seed          = flag.Uint64("seed", 0, "where the dice of the kills begin; 0: anywhere")
)

func TestMain(m *testing.M) {
	code := storetest.Main(m)
	for _, dir := range workshop.dirs {
		_ = os.RemoveAll(dir) // what is left is in a directory for what is temporary
	}
	os.Exit(code)
}

// law is the content that comes with the program, read once.
var law = sync.OnceValues(func() (*library.Library, error) { return library.Load(content.FS) })

// workshop has what is made once for all tests of the process.
var workshop struct {
	mu   sync.Mutex
	dirs []string
}

// bench returns a directory that stands until all tests have ended.
func bench() (string, error) {
	workshop.mu.Lock()
	defer workshop.mu.Unlock()
	dir, err := os.MkdirTemp("", "qingfeng-fault")
	workshop.dirs = append(workshop.dirs, dir)
	return dir, err
}

// binary is the program as it is built for users.
var binary = sync.OnceValues(func() (string, error) { return build() })

// build builds the program and returns where it is.
func build(flags ...string) (string, error) {
	dir, err := bench()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "qingfeng")
	c := exec.Command("go", append(append([]string{"build", "-trimpath", "-o", file}, flags...), "qingfeng/cmd/qingfeng")...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return file, nil
}

// run runs a command of the program to its end and returns what it said and its exit code.
func run(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, must(binary())(t), args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", args, err)
	}
	if exit != nil {
		return string(out), exit.ExitCode()
	}
	return string(out), 0
}

// freeAddress is one that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// must returns v of a call that may not fail.
func must[V any](v V, err error) func(*testing.T) V {
	return func(t *testing.T) V {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
