package judge_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
)

// openHello opens a small problem for judging.
func openHello(t *testing.T) *judge.Session {
	t.Helper()
	p, err := problem.Load("../problems/hello", problem.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := judge.Open(p, config(t, openNative(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); p.Close() })
	return s
}

// inputValidator writes a validator that is one file.
func inputValidator(t *testing.T, file, text string) problem.Program {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return problem.Program{Name: file, Dir: dir, Files: []string{file}}
}

func TestValidateInputByProgram(t *testing.T) {
	s := openHello(t)
	script := inputValidator(t, "run", `#!/bin/sh
read word
case $word in
good) exit 42;;
args) echo "$*"; cat extra; exit 42;;
zero) exit 0;;
kill) kill -9 $$;;
*) echo "bad word $word" >&2; exit 43;;
esac
`)
	testlib := script
	testlib.Testlib = true
	files := t.TempDir()
	if err := os.WriteFile(filepath.Join(files, "extra"), []byte("of the case"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		validator problem.Program
		word      string
		want      judge.InputResult
	}{
		{script, "good", judge.InputResult{Valid: true}},
		{script, "args", judge.InputResult{Valid: true, Message: "--max 5\nof the case"}},
		{script, "worse", judge.InputResult{Message: "bad word worse"}},
		{script, "zero", judge.InputResult{Fault: "it exited with code 0; it must exit with 42 to accept"}},
		{script, "kill", judge.InputResult{Fault: "killed by SIGKILL (killed)"}},
		{testlib, "zero", judge.InputResult{Valid: true}},
		{testlib, "good", judge.InputResult{}},
	} {
		in := judge.Input{Data: []byte(c.word + "\n"), Args: []string{"--max", "5"}, Files: files}
		got, err := s.ValidateInput(context.Background(), c.validator, in, func(judge.Event) {})
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.word, got, err, c.want)
		}
	}
}

func TestVIVAIsNamed(t *testing.T) {
	viva := inputValidator(t, "check.viva", "{ x }\n")
	_, err := openHello(t).ValidateInput(context.Background(), viva, judge.Input{}, func(judge.Event) {})
	var failed *judge.PackageError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "VIVA are not supported") || failed.Hint() == "" {
		t.Errorf("%v", err)
	}
}
