package browser

import (
	"os"
	"os/exec"
	"testing"
)

// axeFile is where the set-up puts the accessibility checker.
const axeFile = "../../.cache/axe/axe.min.js"

// axeSource returns the accessibility checker; the set-up fetches it when it is not
// there yet.
func axeSource(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "../../scripts/setup", "axe").CombinedOutput()
	if err != nil {
		t.Fatalf("scripts/setup axe: %v\n%s", err, out)
	}
	return string(must(os.ReadFile(axeFile))(t))
}
