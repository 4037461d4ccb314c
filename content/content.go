// Package content carries the declared content inside the binary. It reads none
// of it.
package content

import "embed"

// FS holds the content that comes with the program.
//
//go:embed areas.yaml roles.yaml cases_world.yaml all:sources all:rules all:calendars all:codes all:procedures all:obligations all:indicators all:checks
var FS embed.FS
