//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"testing"
)

// How many processes a run made is nothing that the next one can tell.
func TestProcessNumbersStartAnew(t *testing.T) {
	s := openSandbox(t, 1)
	for i := range 4 {
		script := fmt.Sprintf("echo $$; i=0; while [ $i -lt %d ]; do (:); i=$((i+1)); done", 7*i)
		if _, got, _ := runShell(t, s, script, usual); got != fmt.Sprint(firstPID) {
			t.Errorf("run %d is process %s, want %d", i, got, firstPID)
		}
	}
}
