// Package browser looks at the platform with the eyes of its users, in a real
// browser, and has nothing but tests.
package browser
