package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A kill after any step leaves the whole key or none, and the next start goes on.
func TestAKeyIsThereWholeOrNotAtAll(t *testing.T) {
	crash := errors.New("killed")
	half := func(name string, content []byte) error {
		return errors.Join(crash, os.WriteFile(name, content[:len(content)/2], 0o600))
	}
	straight := func(name string, content []byte) error { // as it was done once: under the final name
		return half(strings.TrimSuffix(name, ".part"), content)
	}
	for name, c := range map[string]struct {
		change func(*keySteps)
		there  bool // under its name, afterwards
		whole  bool
	}{
		"nothing is written":         {func(s *keySteps) { s.write = func(string, []byte) error { return crash } }, false, true},
		"half of it is written":      {func(s *keySteps) { s.write = half }, false, true},
		"it gets no name":            {func(s *keySteps) { s.rename = func(string, string) error { return crash } }, false, true},
		"its name is not durable":    {func(s *keySteps) { s.sync = func(string) error { return crash } }, true, true},
		"control: under its name":    {func(s *keySteps) { s.write = straight }, true, false},
		"control: nothing goes awry": {func(*keySteps) {}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			file := secretFile(t.TempDir())
			steps := onDisk
			c.change(&steps)
			err := steps.fresh(file, newSecret)
			if (err == nil) != (name == "control: nothing goes awry") {
				t.Errorf("it says %v", err)
			}
			if there(file) != c.there || there(file+".part") {
				t.Errorf("there: %v; beside it: %v", there(file), there(file+".part"))
			}
			must(t, fresh(file, newSecret))
			if _, err := readSecret(filepath.Dir(filepath.Dir(file))); (err == nil) != c.whole {
				t.Errorf("the next start: %v", err)
			}
		})
	}
}

// A process that was killed cannot tidy up after itself.
func TestHalfAKeyOfAStartThatWasKilledIsWrittenAnew(t *testing.T) {
	file := keyFile(t.TempDir())
	must(t, os.MkdirAll(filepath.Dir(file), 0o700))
	must(t, os.WriteFile(file+".part", []byte("PRIV"), 0o600))
	must(t, fresh(file, newKey))
	if _, err := noteKey(filepath.Dir(filepath.Dir(file))); err != nil || there(file+".part") {
		t.Error(err)
	}
	first, err := os.ReadFile(file)
	must(t, err)
	must(t, fresh(file, newKey))
	if again, err := os.ReadFile(file); err != nil || !bytes.Equal(first, again) {
		t.Errorf("a key that is there is replaced: %v", err)
	}
}

func TestADamagedKeyIsNamedAndNothingOfItShown(t *testing.T) {
	for name, spoil := range map[string]func(file string) error{
		"empty":       func(file string) error { return os.Truncate(file, 0) },
		"cut off":     func(file string) error { return os.Truncate(file, 20) },
		"gone":        os.Remove,
		"a directory": func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range []string{keyFile(dir), secretFile(dir)} {
				must(t, fresh(keyFile(dir), newKey))
				must(t, fresh(secretFile(dir), newSecret))
				text, err := os.ReadFile(file)
				must(t, err)
				must(t, spoil(file))
				_, err = noteKey(dir)
				if file == secretFile(dir) {
					_, err = readSecret(dir)
				}
				if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "backup") || strings.Contains(err.Error(), string(text[:20])) {
					t.Errorf("it says %v", err)
				}
			}
		})
	}
}
