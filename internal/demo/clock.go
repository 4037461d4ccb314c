package demo

import (
	"sync"
	"time"

	"qingfeng/internal/day"
)

// A Clock shows the evening of a chosen day, and later the real time. While a city
// is being built its records are written down on the days on which its people
// would have written them.
type Clock struct {
	mu   sync.Mutex
	zone *time.Location
	real func() time.Time
	at   time.Time // zero: the real time
}

// tick is how far the chosen time moves on with every look at the clock.
const tick = 3 * time.Millisecond

// NewClock returns a clock that shows the real time, and knows the days of zone.
func NewClock(zone *time.Location, real func() time.Time) *Clock {
	return &Clock{zone: zone, real: real}
}

// Now returns the time that the clock shows; it never goes back by itself.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return c.real()
	}
	c.at = c.at.Add(tick)
	if real := c.real(); c.at.After(real) { // what is written down ahead of time keeps everybody from writing until then
		c.at = real
	}
	return c.at
}

// Set makes the clock show the late afternoon of d.
func (c *Clock) Set(d day.Day) {
	c.mu.Lock()
	defer c.mu.Unlock()
	y, m, dd := d.Date()
	at := time.Date(y, m, dd, 16, 0, 0, 0, c.zone)
	if real := c.real(); at.After(real) {
		at = real
	}
	if at.After(c.at) {
		c.at = at
	}
}

// Real makes the clock show the real time from now on.
func (c *Clock) Real() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = time.Time{}
}

// Today returns the real present day.
func (c *Clock) Today() day.Day { return day.Of(c.real().In(c.zone)) }
