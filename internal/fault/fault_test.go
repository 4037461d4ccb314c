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
