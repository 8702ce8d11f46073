package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestAuthors runs the tutorial for authors, in an empty folder.
func TestAuthors(t *testing.T) {
	data, err := os.ReadFile("../../docs/authors.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := consoleSteps(string(data))
	if len(steps) < 6 {
		t.Fatalf("docs/authors.md has %d commands", len(steps))
	}
	dir, env := t.TempDir(), isolatedEnv(t)
	for _, s := range steps {
		cmd := exec.Command("bash", "-c", s.command)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatalf("docs/authors.md:%d: %v", s.line, err)
		}
		output := weak.ReplaceAllString(string(out), "")
		if !wantPattern(s.want).MatchString(output) {
			t.Errorf("docs/authors.md:%d: $ %s\nprints:\n%s\nthe page says:\n%s", s.line, s.command, output, strings.Join(s.want, "\n"))
		}
	}
}
