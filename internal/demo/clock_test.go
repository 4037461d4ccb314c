package demo_test

import (
	"testing"
	"time"

	"qingfeng/internal/demo"
)

// However often it is looked at, the clock of the builders is not ahead of the real
// one, nor does it go back: when the city is built, people go on writing.
func TestTheClockOfTheBuildersIsNeverAhead(t *testing.T) {
	real := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	c := demo.NewClock(time.UTC, func() time.Time { real = real.Add(time.Microsecond); return real })
	c.Set(c.Today()) // at three in the morning this is now, and not the late afternoon
	last := c.Now()
	for range 1000 {
		at := c.Now()
		if at.After(real) || at.Before(last) {
			t.Fatalf("it shows %s after %s, and it is %s", at, last, real)
		}
		last = at
	}
}
