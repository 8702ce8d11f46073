package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRunIsLive talks with a program: each answer comes before the next
// question is asked.
func TestRunIsLive(t *testing.T) {
	dir, _ := sleeper(t)
	program := "while read -r line; do echo \"got $line\"; done\n"
	if err := os.WriteFile(filepath.Join(dir, "echo.sh"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := evalx(dir, "run", "--quiet", "echo.sh")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(out)
	for _, word := range []string{"one", "two"} {
		if _, err := io.WriteString(in, word+"\n"); err != nil {
			t.Fatal(err)
		}
		if got, err := answers.ReadString('\n'); got != "got "+word+"\n" {
			t.Errorf("%q, %v", got, err)
		}
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestInterruptedRunLeavesNothingBehind(t *testing.T) {
	for _, sandbox := range []string{"native", "none"} {
		dir, marker := sleeper(t)
		cmd := evalx(dir, "run", "--sandbox="+sandbox, "main.sh")
		cmd.Stdin = strings.NewReader("slow\n")
		var words bytes.Buffer
		cmd.Stderr = &words
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, marker)
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasSuffix(words.String(), "evalx: error: interrupted\n") {
			t.Errorf("%s: exit code %d: %s", sandbox, code, words.String())
		}
		if n := running(t, marker); n > 0 {
			t.Errorf("%s: %d processes are left", sandbox, n)
		}
		if left, err := filepath.Glob(filepath.Join(dir, "evalx-*")); err != nil || len(left) > 0 {
			t.Errorf("%s: left %v, %v", sandbox, left, err)
		}
	}
}
