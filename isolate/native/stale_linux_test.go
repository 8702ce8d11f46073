//go:build linux && (amd64 || arm64)

package native

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRemoveStale: what a dead process left goes; what belongs to a live one,
// to another pid namespace or to nobody we know stays.
func TestRemoveStale(t *testing.T) {
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	dead, alive := stalePrefix(gone.Process.Pid)+"abc", stalePrefix(os.Getpid())+"abc"
	elsewhere := "evalx-1" + strings.TrimPrefix(dead, "evalx-")
	parent := t.TempDir()
	for _, name := range []string{dead, alive, elsewhere, "evalx-judge", "evalx-1-2", "other"} {
		if err := os.MkdirAll(filepath.Join(parent, name, "worker"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	removeStale(parent)
	for name, want := range map[string]bool{
		dead: false, alive: true, elsewhere: true, "evalx-judge": true, "evalx-1-2": true, "other": true,
	} {
		if got := exists(filepath.Join(parent, name)); got != want {
			t.Errorf("%s is there: %v, want %v", name, got, want)
		}
	}
}
