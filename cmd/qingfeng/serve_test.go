package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/fault"
)

// get asks h for a path.
func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func (h *house) served(m *metrics) http.Handler {
	h.t.Helper()
	inv := &invocation{ctx: h.t.Context(), out: io.Discard, errs: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now}
	handler, err := listenFlags{City: "清源"}.handler(inv, h.installation, h.accounts, m, nil, false)
	must(h.t, err)
	return handler
}

func TestOneAddressServesPagesProgramsAndHealth(t *testing.T) {
	h := newHouse(t).sealed()
	handler := h.served(newMetrics(h.installation))
	for path, want := range map[string]int{"/signin": 200, "/healthz": 200, "/readyz": 200, "/api/v1/openapi.json": 200, "/api/v1/figures": 401, "/api/v1/nothing": 404,
		"/api/v2": 404, "/metrics": 404, "/log/checkpoint": 200} {
		if w := get(handler, path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestWhatCannotRecordOrSignIsNotReady(t *testing.T) {
	h := newHouse(t)
	if h.signing(time.Now().Add(2*signingLag)) || !h.signing(time.Now()) {
		t.Error("records without a checkpoint may wait for a short while, and no longer")
	}
	if !h.sealed().signing(time.Now().Add(2 * signingLag)) {
		t.Error("where everything is signed nothing waits")
	}
	handler := h.served(newMetrics(h.installation))
	h.app.StopWriting(&fault.Stop{Why: "stop.disk", Err: errors.New("the disk says /secret/path")})
	w := get(handler, "/readyz")
	if w.Code != http.StatusServiceUnavailable || w.Body.String() != "read-only: stop.disk\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if page := get(handler, "/signin").Body.String(); !strings.Contains(page, "磁盘写入失败") || strings.Contains(page, "/secret/path") {
		t.Error("the page says why in the reader's words, and nothing of the machine")
	}
	if w := get(handler, "/healthz"); w.Code != http.StatusOK {
		t.Error("the process is up, and says", w.Code)
	}
}

func TestMetricsCountWithoutTellingOfAnybody(t *testing.T) {
	h := newHouse(t).sealed()
	m := newMetrics(h.installation)
	get(h.served(m), "/api/v1/people/p2")
	body := get(m.handler(), "/metrics").Body.String()
	count := func(name string) string { return fmt.Sprintf("%s %d\n", name, h.app.Size()) }
	for _, want := range []string{count("qingfeng_acts_total"), count("qingfeng_records"), count("qingfeng_log_leaves"), count("qingfeng_log_signed_leaves"), "qingfeng_queue_length 0\n",
		count(`qingfeng_follower_lag_records{follower="figures"}`), `qingfeng_follower_lag_records{follower="seal"} 0`, "qingfeng_password_hashes_total 1\n", "qingfeng_read_only 0\n",
		`qingfeng_request_seconds_count{route="GET /api/v1/people/{person}",status="401"} 1`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, "p2") {
		t.Error("somebody is named")
	}
	for path, want := range map[string]int{"/debug/pprof/heap": http.StatusOK, "/debug/pprof/cmdline": http.StatusNotFound, "/debug/pprof/goroutine": http.StatusNotFound} {
		if w := get(m.handler(), path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if w := get(h.served(m), path); w.Code != http.StatusNotFound {
			t.Errorf("%s is served to everybody", path)
		}
	}
}

func TestTheLogIsWrittenAsAsked(t *testing.T) {
	for format, want := range map[string]string{"json": `"msg":"x"`, "text": "msg=x"} {
		var b strings.Builder
		logger(format, &b).Info("x")
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s: %s", format, b.String())
		}
	}
	for _, bad := range [][]string{{"serve", "--log-format", "xml"}, {"serve", "--proxy", "everybody"}, {"completion", "csh"}} {
		if _, err := command(bad...); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func TestShellsCompleteCommandsAndFlags(t *testing.T) {
	script, err := command("completion", "bash")
	must(t, err)
	for typed, want := range map[string]string{
		"rest":                     "restore",
		"receipt ver":              "verify",
		"receipt verify --k":       "--key",
		"--log-format json verify": "verify",
		"serve --met":              "--metrics",
		"completion f":             "fish",
	} {
		words := strings.Fields(typed)
		ask := script + "\nCOMP_WORDS=(qingfeng " + typed + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_qingfeng\necho \"${COMPREPLY[@]}\""
		out, err := exec.CommandContext(t.Context(), "bash", "-c", ask).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%q completes to %q, want %q: %v", words, out, want, err)
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		script, err := command("completion", shell)
		if err != nil || !strings.Contains(script, "backup") || !strings.Contains(script, "metrics") {
			t.Errorf("%s: %v", shell, err)
		}
	}
}
