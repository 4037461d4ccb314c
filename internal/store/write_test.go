package store

import (
	"context"
	"errors"
	"testing"
)

// TestJobsThatShareACommit: one that fails after it has written leaves nothing
// behind, and those before and after it are kept.
func TestJobsThatShareACommit(t *testing.T) {
	db, err := Open(t.Context(), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{db: db} // the store's own has not taken the connection yet
	t.Cleanup(func() {
		w.drop()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	setting := func(key string, end error) *job {
		return &job{t.Context(), func(t *tx) error {
			if _, err := t.exec(intoSetting.each, t.region(), key, []byte("x")); err != nil {
				return err
			}
			return end
		}, make(chan error, 1)}
	}
	gaveUp, cancel := context.WithCancel(t.Context())
	cancel()
	refused := errors.New("refused")
	jobs := []*job{setting("a", nil), setting("b", refused), setting("c", nil), setting("d", nil)}
	jobs[3].asked = gaveUp
	w.run(jobs)
	for i, want := range []error{nil, refused, nil, context.Canceled} {
		if got := <-jobs[i].done; !errors.Is(got, want) {
			t.Errorf("job %d: %v, want %v", i, got, want)
		}
	}
	for key, kept := range map[string]bool{"a": true, "b": false, "c": true, "d": false} {
		if v, err := db.Setting(t.Context(), key); err != nil || (v != nil) != kept {
			t.Errorf("setting %s: %q, %v", key, v, err)
		}
	}
}
