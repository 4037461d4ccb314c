package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestEachFailureIsToldFromTheOthersWhenWrapped(t *testing.T) {
	all := []error{NotFound, Forbidden, SignIn, ReadOnly, Busy, Unknown, Reused}
	for i, a := range all {
		wrapped := fmt.Errorf("dossier m1: %w", a)
		for j, b := range all {
			if errors.Is(wrapped, b) != (i == j) {
				t.Errorf("%v taken for %v", a, b)
			}
		}
	}
}

func TestWhatCannotBeReadIsFoundWithItsPlace(t *testing.T) {
	err := fmt.Errorf("act: %w", &Invalid{Field: "on", Why: "form.not_a_day", Value: "32"})
	var invalid *Invalid
	if !errors.As(err, &invalid) || invalid.Field != "on" || invalid.Why != "form.not_a_day" {
		t.Errorf("got %+v", invalid)
	}
	if got := invalid.Error(); got != "invalid on: form.not_a_day" {
		t.Errorf("says %q; what was sent must not be in it", got)
	}
}

func TestAStopIsReadOnlyAndSaysWhy(t *testing.T) {
	disk := errors.New("no space left")
	err := fmt.Errorf("commit: %w", &Stop{Why: "stop.shorter", Args: map[string]string{"to": "9", "from": "4"}, Err: disk})
	var stop *Stop
	if !errors.Is(err, ReadOnly) || !errors.Is(err, disk) || !errors.As(err, &stop) || stop.Args["from"] != "4" {
		t.Errorf("got %v", err)
	}
	if got := err.Error(); got != "commit: read-only: stop.shorter from=4 to=9: no space left" {
		t.Errorf("says %q", got)
	}
	if bare := (&Stop{Why: "stop.disk"}); !errors.Is(bare, ReadOnly) || errors.Is(bare, NotFound) || bare.Error() != "read-only: stop.disk" {
		t.Errorf("says %q", bare)
	}
}
