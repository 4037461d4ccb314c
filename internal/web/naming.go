package web

import "strings"

// shortName leaves out what the names of all committees have: 中共临县委员会 is 临县.
func shortName(name string) string {
	short := strings.TrimSuffix(strings.TrimPrefix(name, "中共"), "委员会")
	if short == "" {
		return name
	}
	return short
}

// city is whom the installation serves: what it was told, or the organisation at the
// top, or nobody yet.
func (s *Server) city() string {
	if s.City != "" {
		return s.City
	}
	return shortName(s.App.Top())
}
