package web

import "strconv"

// page is which page of a list is asked for, from 1.
func (c *Call) page() int {
	n, err := strconv.Atoi(c.R.FormValue("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}
