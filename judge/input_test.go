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

func TestValidateInputByChecktestdata(t *testing.T) {
	s := openHello(t)
	grammar := inputValidator(t, "check.ctd", "INT(1, 10, n) NEWLINE\nREP(n, SPACE) INT(0, 9) END NEWLINE\n")
	for _, c := range []struct{ input, message, fault string }{
		{input: "2\n3 4\n"},
		{input: "2\n3 14\n", message: "line 2, column 3 of the input: expected an integer from 0 to 9, but 14 is too large (line 2 of the validator: INT(0, 9))"},
		{input: "2\n3  4\n", message: "line 2, column 3 of the input: expected an integer from 0 to 9, but there is a space (line 2 of the validator: INT(0, 9))"},
	} {
		got, err := s.ValidateInput(context.Background(), grammar, judge.Input{Data: []byte(c.input), Args: []string{"--max", "5"}}, func(judge.Event) {})
		if want := (judge.InputResult{Valid: c.message == "", Message: c.message}); err != nil || got != want {
			t.Errorf("%q: %+v, %v", c.input, got, err)
		}
	}
	path := filepath.Join(t.TempDir(), "1.in")
	if err := os.WriteFile(path, []byte("1 \n3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for loose, args := range map[bool][]string{true: {"--whitespace-ok"}, false: nil} {
		got, err := s.ValidateInput(context.Background(), grammar, judge.Input{Path: path, Args: args}, func(judge.Event) {})
		if err != nil || got.Valid != loose {
			t.Errorf("with %v: %+v, %v", args, got, err)
		}
	}
}

func TestValidateInputByBrokenChecktestdata(t *testing.T) {
	s := openHello(t)
	broken := inputValidator(t, "broken.ctd", "INT(1, 10 NEWLINE\n")
	_, err := s.ValidateInput(context.Background(), broken, judge.Input{}, func(judge.Event) {})
	var failed *judge.PackageError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "broken.ctd:1:11: expected ) after") {
		t.Errorf("%v", err)
	}
	odd := inputValidator(t, "odd.ctd", "SET(a = 1)\nINT(0,b)\n")
	for range 2 {
		got, err := s.ValidateInput(context.Background(), odd, judge.Input{}, func(judge.Event) {})
		if err != nil || got.Valid || !strings.Contains(got.Fault, "b has no value") {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
