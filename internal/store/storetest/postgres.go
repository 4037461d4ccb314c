package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver called pgx
)

// DSN names the variable with the address of a PostgreSQL that tests may use.
// Where it is unset, they start a cluster of their own; they never do without.
const DSN = "QINGFENG_TEST_POSTGRES"

// Main runs the tests of a package and stops the cluster that they may have
// started. Call it from TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if own.dir != "" {
		if err := script("stop", own.dir).Run(); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: stop PostgreSQL:", err)
			return 1
		}
	}
	return code
}

// own is the cluster of this test process.
var own struct {
	start sync.Once
	dir   string
	dsn   string
	err   error
}

// Postgres returns the address of an empty PostgreSQL schema that is removed
// with the test.
func Postgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(DSN)
	if dsn == "" {
		own.start.Do(startPostgres)
		must(t, own.err)
		dsn = own.dsn
	}
	db, err := sql.Open("pgx", dsn)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	schema := fmt.Sprintf("t%x", Random(8))
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+schema)
	must(t, err)
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error("drop schema:", err)
		}
	})
	u, err := url.Parse(dsn)
	must(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	q.Set("application_name", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func startPostgres() {
	// Not t.TempDir: it outlives the test that came first, and the path of a
	// socket must be short.
	if own.dir, own.err = os.MkdirTemp("", "qf-pg"); own.err != nil {
		return
	}
	start := script("start", own.dir)
	var said bytes.Buffer
	start.Stderr = &said
	out, err := start.Output()
	if err != nil {
		own.err = fmt.Errorf("storetest: start PostgreSQL: %w\n%s", err, said.String())
	}
	own.dsn = strings.TrimSpace(string(out))
}

// script runs scripts/postgres of the tree that the test stands in.
func script(args ...string) *exec.Cmd {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return exec.Command(filepath.Join(dir, "scripts", "postgres"), args...)
}
