package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestVerifyInterrupted stops evalx verify in the middle: what was known is
// printed and written, and nothing is left.
func TestVerifyInterrupted(t *testing.T) {
	dir, marker := sleeper(t)
	folder := filepath.Join(dir, "p", "submissions", "accepted")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "main.sh"), filepath.Join(folder, "main.sh")); err != nil {
		t.Fatal(err)
	}
	cmd := evalx(dir, "verify", "--jobs=1", "--junit=junit.xml", "p")
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, marker)
	sent := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if took := time.Since(sent); took > 2*time.Second {
		t.Errorf("took %v to end", took)
	}
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(words.String(), "evalx: error: interrupted") {
		t.Errorf("exit code %d, want %d: %s", code, exitInterrupted, words.String())
	}
	if !strings.Contains(out.String(), "INTERRUPTED p: ") {
		t.Errorf("got %s", out.String())
	}
	data, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil || !strings.Contains(string(data), `type="interrupted"`) {
		t.Errorf("got %v: %s", err, data)
	}
	if n := running(t, marker); n > 0 {
		t.Errorf("%d processes are left", n)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "evalx-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
