package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// A row is one line of the table.
type row struct {
	what     string
	measured string
	target   string // "" where nothing was promised and the row explains another
	reached  bool
}

type table struct{ rows []row }

// add adds a row with a target.
func (t *table) add(what, target string, reached bool, measured string, args ...any) {
	t.rows = append(t.rows, row{what, fmt.Sprintf(measured, args...), target, reached})
}

// note adds a row that explains the one before.
func (t *table) note(what, measured string, args ...any) {
	t.rows = append(t.rows, row{what: what, measured: fmt.Sprintf(measured, args...)})
}

// text is the table as Markdown, with when and on what it was measured.
func (t *table) text(b *bench) string {
	var s strings.Builder
	fmt.Fprintf(&s, "# Results\n\n%s, %d cores, %s of memory, %s/%s, %s. Scale: %s, %d records. Load average before: %s.\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), memory(), runtime.GOOS, runtime.GOARCH, runtime.Version(), b.scale, b.built.Records, b.built.load)
	s.WriteString("How it is measured stands in [README.md](README.md).\n\n| what | measured | target | reached |\n|---|---|---|---|\n")
	for _, r := range t.rows {
		reached := map[bool]string{true: "yes", false: "**no**"}[r.reached]
		if r.target == "" {
			reached = ""
		}
		fmt.Fprintf(&s, "| %s | %s | %s | %s |\n", r.what, r.measured, r.target, reached)
	}
	return s.String()
}

// memory tells how much memory the machine has.
func memory() string {
	var kb int
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "unknown size"
	}
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kb); err != nil {
		return "unknown size"
	}
	return fmt.Sprintf("%d GB", (kb+1<<19)>>20)
}

// loadAverage tells how busy the machine was in the last minute.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
