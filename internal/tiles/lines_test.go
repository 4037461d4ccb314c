package tiles

import (
	"bytes"
	"iter"
	"strings"
	"testing"

	"qingfeng/internal/seal"
)

// checkpointEdited changes what the checkpoint says and keeps its signatures, or signs anew with the right key.
func checkpointEdited(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		msg := s.clean["checkpoint"].Data
		text, lines, _ := strings.Cut(string(msg), "\n\n")
		c, err := seal.ParseCheckpoint(text + "\n")
		if err != nil {
			t.Fatal(err)
		}
		bigger, smaller, other, elsewhere, extended := c, c, c, c, c
		bigger.Size++
		smaller.Size--
		other.Root[0] ^= 1
		elsewhere.Origin = "example.org/other"
		extended.Extension = []string{"more"}
		for name, changed := range map[string]seal.Checkpoint{"larger": bigger, "smaller": smaller, "another root": other, "another log": elsewhere, "extended": extended} {
			kept := []byte(changed.Text() + "\n" + lines)
			if !yield(mutant{name + ", old signatures", s.with(map[string][]byte{"checkpoint": kept}), "checkpoint", -1, "", true}) {
				return
			}
			if name == "extended" || name == "another log" {
				continue
			}
			signed := signAs(t, s.key, changed.Size, changed.Root)
			if !yield(mutant{name + ", signed again", s.with(map[string][]byte{"checkpoint": signed}), "", -1, "", false}) {
				return
			}
		}
	}
}

// signatureLines changes the lines below the checkpoint's text. That a witness's line is gone is no fault: the log may
// have been published a moment ago.
func signatureLines(t testing.TB, s specimen) iter.Seq[mutant] {
	return func(yield func(mutant) bool) {
		text, block, _ := strings.Cut(string(s.clean["checkpoint"].Data), "\n\n")
		lines := strings.SplitAfter(strings.TrimSuffix(block, "\n"), "\n")
		lines[len(lines)-1] += "\n"
		if len(lines) != 3 {
			t.Fatalf("%d signature lines", len(lines))
		}
		stranger := cosignature(t, key(t, "stranger.example", 5), seal.Signed{Checkpoint: s.seen, At: noon})
		older := bytes.SplitAfter(s.older[len(s.older)-1], []byte("\n\n"))[1]
		for name, block := range map[string]string{
			"no plain line": lines[1] + lines[2], "no timed line": lines[0] + lines[2], "only the witness": lines[2], "none": "",
			"one repeated": block + lines[0], "the witness repeated": block + lines[2], "a stranger's": block + string(stranger),
			"of an older checkpoint": string(older), "no newline": strings.TrimSuffix(block, "\n"), "an empty line": block + "\n",
			"another name": strings.Replace(block, origin, "example.org/other", 1), "the witness under the log's name": lines[0] + lines[1] + strings.Replace(lines[2], "witness.example", origin, 1),
		} {
			m := s.with(map[string][]byte{"checkpoint": []byte(text + "\n\n" + block)})
			if !yield(mutant{name, m, "checkpoint", -1, "", true}) {
				return
			}
		}
	}
}
