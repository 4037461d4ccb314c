// Command tally reads what go test -json says and tells it shortly: one line
// for a package, the whole output of a test that failed, and at the end how
// many passed. A skipped test fails the run: what the checks need they set up.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
)

// event is one line of go test -json.
type event struct {
	Action     string
	Package    string
	Test       string
	Elapsed    float64
	Output     string
	ImportPath string
}

// tally counts tests and remembers the output of those still running.
type tally struct {
	out                     io.Writer
	said                    map[string][]string
	failing                 map[string]bool
	passed, failed, skipped int
}

func main() {
	log.SetFlags(0)
	last := flag.String("last", "", "file that gets the closing line, too")
	flag.Parse()
	t := &tally{out: os.Stdout, said: map[string][]string{}, failing: map[string]bool{}}
	if err := t.read(os.Stdin); err != nil {
		log.Fatalf("tally: %v", err)
	}
	fmt.Println(t.closing())
	if *last != "" {
		if err := os.WriteFile(*last, []byte(t.closing()+"\n"), 0o644); err != nil {
			log.Fatalf("tally: %v", err)
		}
	}
	if t.failed > 0 || t.skipped > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

// read takes in events to the end. Lines that are none, such as those of the
// linker, are passed on as they are.
func (t *tally) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Action == "" {
			t.print(lines.Text() + "\n")
			continue
		}
		t.take(e)
	}
	return lines.Err()
}

func (t *tally) take(e event) {
	switch {
	case e.Action == "build-output":
		t.print(e.Output)
	case e.Action == "output":
		key := e.Package + " " + e.Test
		t.said[key] = append(t.said[key], e.Output)
	case e.Test != "":
		t.ended(e)
	default:
		t.endedPackage(e)
	}
}

// ended counts a test when it is over and shows what one that did not pass
// had said.
func (t *tally) ended(e event) {
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		t.failing[e.Package] = true
		t.show(e)
	case "skip":
		t.skipped++
		t.failing[e.Package] = true
		t.show(e)
	default:
		return
	}
	delete(t.said, e.Package+" "+e.Test)
}

// endedPackage closes a package. One that failed without a failed test did
// not build, or stopped in the middle; it counts as one failure.
func (t *tally) endedPackage(e event) {
	switch e.Action {
	case "pass":
		t.print(fmt.Sprintf("ok  \t%s\t%.1fs\n", e.Package, e.Elapsed))
	case "fail":
		if !t.failing[e.Package] {
			t.failed++
		}
		t.show(e) // which ends with go test's own line
	case "skip": // no test files
	default:
		return
	}
	delete(t.said, e.Package+" ")
}

func (t *tally) show(e event) {
	for _, s := range t.said[e.Package+" "+e.Test] {
		t.print(s)
	}
}

func (t *tally) print(s string) {
	_, _ = io.WriteString(t.out, s) // nobody is left to be told
}

func (t *tally) closing() string {
	if t.skipped == 0 {
		return fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	}
	return fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, t.failed, t.skipped)
}
