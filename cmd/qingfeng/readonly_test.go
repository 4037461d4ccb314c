package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
)

// copied is a backup of h in a directory of its own, to be spoilt and opened.
func (h *house) copied() string {
	h.t.Helper()
	to := filepath.Join(h.t.TempDir(), "copy")
	_, err := command("backup", "--data", h.dir, "--to", to)
	must(h.t, err)
	return to
}

// reopened is the installation in dir, served.
func reopened(t *testing.T, dir string, with ...func(*dataFlags)) *house {
	t.Helper()
	return opened(t, dir, time.Now, with...)
}

// founding is the act by which the first officer founds one more branch.
func (h *house) founding(name string) matter.Act {
	return matter.Act{Procedure: "organisation", Step: "found", Org: 1, On: h.app.Today(), Fields: record.Of(
		record.F("name", record.Text(name)), record.F("kind", record.Choice(org.Branch)), record.F("superior", record.Org(1)))}
}

// grown has one record more, sealed.
func (h *house) grown() *house {
	h.t.Helper()
	v, err := h.app.For(2, "test")
	must(h.t, err)
	_, err = v.Act(h.t.Context(), h.founding("宣传部"), "")
	must(h.t, err)
	return h.sealed()
}

func TestWhatIsMissingIsSaidAndTheRestIsRead(t *testing.T) {
	h := newHouse(t).sealed()
	older, n := h.copied(), h.app.Size()
	h.grown()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		why   string
		says  string
	}{
		"the key of the log is gone":       {gone("keys/log.key"), "stop.log_key", "签总账的密钥"},
		"the key is that of another log":   {another, "stop.log_key", "签总账的密钥"},
		"the secret is gone":               {gone("keys/secret"), "stop.secret", "本系统的密钥"},
		"the log is gone":                  {gone("log"), "stop.log_gone", fmt.Sprintf("数据库有%d条记录", n+1)},
		"the checkpoint is gone":           {gone("log/checkpoint"), "stop.log_gone", fmt.Sprintf("数据库有%d条记录", n+1)},
		"a tile of the log is gone":        {gone("log/tile/0"), "stop.log_damaged", "对不上"},
		"the database is older":            {olderDatabase(older), "stop.records_missing", fmt.Sprintf("缺第%d号至第%d号", n+1, n+1)},
		"control: nothing was spoilt":      {func(*testing.T, string) {}, "", ""},
		"control: the log is being behind": {olderLog(older), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := h.copied()
			c.spoil(t, dir)
			got := reopened(t, dir)
			handler := got.served(newMetrics(got.installation))
			v, err := got.app.For(2, "test")
			must(t, err)
			_, err = v.Act(t.Context(), got.founding("统战部"), "")
			if c.why == "" {
				if err != nil || got.app.Sick() != nil || get(handler, "/signin").Code != http.StatusOK {
					t.Fatal(err, got.app.Sick())
				}
				return
			}
			var stop *fault.Stop
			if !errors.As(err, &stop) || stop.Why != c.why {
				t.Errorf("the act: %v", err)
			}
			if page := get(handler, "/signin"); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), c.says) {
				t.Errorf("the page does not say %s", c.says)
			}
			if w := get(handler, "/readyz"); w.Code != http.StatusServiceUnavailable || !strings.HasPrefix(w.Body.String(), "read-only: "+c.why) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if body := get(newMetrics(got.installation).handler(), "/metrics").Body.String(); !strings.Contains(body, "qingfeng_read_only 1\n") {
				t.Error("the metrics do not say so")
			}
			read := int64(0)
			for _, err := range got.store.Read(t.Context(), record.Query{}) {
				must(t, err)
				read++
			}
			if read < n {
				t.Errorf("%d records can be read", read)
			}
		})
	}
}

func gone(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, name))) }
}

// another puts the key of another log in the place of the one that signed.
func another(t *testing.T, dir string) {
	must(t, os.Remove(keyFile(dir)))
	must(t, fresh(keyFile(dir), newKey))
}

func olderDatabase(older string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { replaced(t, older, dir, "qingfeng.db") }
}

func olderLog(older string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { replaced(t, older, dir, "log") }
}

// replaced puts what one copy holds under a name in the place of what another does.
func replaced(t *testing.T, from, to, name string) {
	t.Helper()
	must(t, os.RemoveAll(filepath.Join(to, name)))
	info, err := os.Stat(filepath.Join(from, name))
	must(t, err)
	if info.IsDir() {
		must(t, copyTree(filepath.Join(from, name), filepath.Join(to, name), func(string) bool { return false }))
		return
	}
	must(t, copyFile(filepath.Join(from, name), filepath.Join(to, name)))
}
