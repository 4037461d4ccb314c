package day

import (
	"fmt"
	"time"
)

// A Calendar knows which days are worked. It covers whole years only, as the
// official notice of a year lists them; other years it refuses to compute.
type Calendar struct {
	Off  map[Day]bool // holidays, on whatever weekday they fall
	Work map[Day]bool // Saturdays and Sundays that are worked instead
	Year map[int]bool // the years covered
}

// Working reports whether d is a working day, or an error when the calendar of
// its year is not known.
func (c Calendar) Working(d Day) (bool, error) {
	if !c.Year[d.Year()] {
		return false, fmt.Errorf("calendar: the working days of %d are not known", d.Year())
	}
	w := d.Weekday()
	weekend := w == time.Saturday || w == time.Sunday
	return c.Work[d] || !weekend && !c.Off[d], nil
}

// AddWorking returns the n-th working day (n ≥ 1) counted from d on. With
// includeFirst a working d is itself number one; else counting begins the day after.
func (c Calendar) AddWorking(d Day, n int, includeFirst bool) (Day, error) {
	if !includeFirst {
		d++
	}
	for ; ; d++ {
		work, err := c.Working(d)
		if err != nil {
			return 0, err
		}
		if work {
			n--
		}
		if n <= 0 {
			return d, nil
		}
	}
}
