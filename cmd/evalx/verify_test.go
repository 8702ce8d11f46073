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
	// Without a limit, what was known cannot be judged yet.
	if err := os.WriteFile(filepath.Join(dir, "p", "problem.yaml"), []byte("name: P\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := evalx(dir, "verify", "--jobs=2", "--verbose", "--junit=junit.xml", "p")
	var out bytes.Buffer
	errors, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer errors.Close()
	words := func() string {
		data, err := os.ReadFile(errors.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	cmd.Stdout, cmd.Stderr = &out, errors
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, marker)
	for end := time.Now().Add(10 * time.Second); !strings.Contains(words(), "on secret/1: AC") && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	sent := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if took := time.Since(sent); took > 2*time.Second {
		t.Errorf("took %v to end", took)
	}
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(words(), "evalx: error: interrupted") {
		t.Errorf("exit code %d, want %d: %s", code, exitInterrupted, words())
	}
	if !strings.Contains(out.String(), "INTERRUPTED p: ") || !strings.Contains(out.String(), "(1 run, ") {
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
