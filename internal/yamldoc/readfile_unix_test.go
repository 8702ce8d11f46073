//go:build unix

package yamldoc

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestReadFileRefusesFIFO(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path, "p.yaml", Options{}); err == nil || !strings.Contains(err.Error(), "p.yaml is not a regular file") {
		t.Errorf("got %v", err)
	}
	if _, err := ReadFile(path+"x", "x", Options{}); !os.IsNotExist(err) {
		t.Errorf("missing file: got %v", err)
	}
}
