package blob

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Whatever step fails, and for whatever reason, what has the name of a hash is whole,
// nothing is left beside it, and the next try keeps it.
func TestADiskThatFailsUnderAPut(t *testing.T) {
	for _, why := range []error{syscall.ENOSPC, syscall.EIO, syscall.EACCES} {
		t.Run(why.Error(), func(t *testing.T) {
			steps := map[string]int{}
			for at, hit := 1, true; hit; at++ {
				dir := t.TempDir()
				s := openDisk(t, dir)
				n := 0
				s.hinder = func(step, _ string) error {
					if n++; n == at {
						steps[step]++
						return why
					}
					return nil
				}
				_, err := s.Put(t.Context(), strings.NewReader("an attachment"))
				if hit = n >= at; hit != errors.Is(err, why) {
					t.Fatalf("step %d: %v", at, err)
				}
				if complaint := leftOver(t, s, dir); complaint != nil {
					t.Errorf("step %d: %v", at, complaint)
				}
				s.hinder = nil
				if kept, err := s.Put(t.Context(), strings.NewReader("an attachment")); err != nil || Verify(t.Context(), s, kept.Hash) != nil {
					t.Errorf("step %d: the next try: %v", at, err)
				}
			}
			for _, step := range []string{"mkdir", "open", "write", "sync", "rename"} {
				if steps[step] == 0 {
					t.Errorf("%s never failed: %v", step, steps)
				}
			}
		})
	}
	t.Run("control: half a file under the name of a hash is seen", func(t *testing.T) {
		dir := t.TempDir()
		s := openDisk(t, dir)
		name := place(hashOf([]byte("an attachment")))
		if err := errors.Join(s.root.Mkdir(filepath.Dir(name), 0o700), s.root.WriteFile(name, []byte("an att"), 0o600)); err != nil {
			t.Fatal(err)
		}
		if leftOver(t, s, dir) == nil {
			t.Error("nobody noticed")
		}
	})
}

// leftOver says what is wrong with what lies in the directory of s.
func leftOver(t *testing.T, s *Disk, dir string) (wrong error) {
	t.Helper()
	for _, hash := range list(t, s) {
		wrong = errors.Join(wrong, Verify(t.Context(), s, hash))
	}
	parts, err := filepath.Glob(filepath.Join(dir, "*", "*.part"))
	if err != nil || len(parts) > 0 {
		wrong = errors.Join(wrong, err, errors.New("left behind: "+strings.Join(parts, " ")))
	}
	return wrong
}
