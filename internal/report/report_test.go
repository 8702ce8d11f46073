package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/verdict"
)

var update = flag.Bool("update", false, "write the golden files anew")

// play gives a printer events as if a run had sent them.
func play(t *testing.T, c judge.Consumer, events []judge.Event) {
	t.Helper()
	r := &judge.Report{}
	for i, e := range events {
		e.V, e.Time = judge.Version, time.Date(2026, 1, 2, 3, 4, 5+i, 0, time.UTC)
		r.Apply(e)
		if err := c.Event(e, r); err != nil {
			t.Fatal(err)
		}
	}
}

func start(total int) []judge.Event {
	return []judge.Event{
		{Kind: judge.Start, Problem: "sum", Submission: "sol.cpp", Language: "cpp", Compiler: "12.2.0", Sandbox: "native", Cgroup: "v2", Total: total},
		{Kind: judge.Compiling, Program: "submission sol.cpp"},
		{Kind: judge.Compiled, Program: "submission sol.cpp", Verdict: verdict.Accepted, Message: "sol.cpp:3: warning: odd"},
		{Kind: judge.Limits, TimeLimit: 1500 * time.Millisecond, TimeLimitSource: "problem.yaml:4", MemoryLimit: 256 << 20, OutputLimit: 8 << 20},
	}
}

func result(index int, name string, v verdict.Verdict, e judge.Event) judge.Event {
	e.Kind, e.Index, e.Case, e.Verdict = judge.Case, index, name, v
	e.CPU, e.Memory = time.Duration(index)*100*time.Millisecond, int64(index)*3<<19
	return e
}

// mixed is a run in which the test cases end in another order than they have.
func mixed() []judge.Event {
	return append(start(7),
		result(3, "secret/02-big", verdict.TimeLimit, judge.Event{Message: "used 1.600 s of CPU time; the limit is 1.500 s", Beside: 1601 * time.Millisecond}),
		result(1, "sample/1", verdict.Accepted, judge.Event{Stderr: "debug"}),
		result(2, "secret/01", verdict.WrongAnswer, judge.Event{Diff: &check.Diff{Kind: check.Text, Line: 3, Column: 5, Expected: "17", Actual: "16"}}),
		result(4, "secret/03", verdict.RuntimeError, judge.Event{Message: "killed by SIGSEGV (segmentation fault)", Signal: "SIGSEGV", Stderr: "1\n2\n3\n4\n5\n6\nlast words"}),
		result(5, "secret/04", verdict.WrongAnswer, judge.Event{Message: "too long\nby far", Team: "think"}),
		result(6, "secret/05", verdict.JudgeError, judge.Event{Message: "output validator check.py: exit code 1", Stderr: "Traceback"}),
		result(7, "secret/06", verdict.Skipped, judge.Event{}),
		judge.Event{Kind: judge.Finished, Verdict: verdict.WrongAnswer},
	)
}

func TestTextGolden(t *testing.T) {
	compileError := append(start(2)[:2],
		judge.Event{Kind: judge.Compiled, Program: "submission sol.cpp", Verdict: verdict.CompileError, Message: "sol.cpp:1:2: error: no"},
		judge.Event{Kind: judge.Finished, Verdict: verdict.CompileError})
	interrupted := append(start(3),
		result(2, "secret/2", verdict.WrongAnswer, judge.Event{Message: "no"}),
		judge.Event{Kind: judge.Finished, Message: "interrupted"})
	weak := append(start(1),
		result(1, "secret/1", verdict.Accepted, judge.Event{}),
		judge.Event{Kind: judge.Warning, Message: "beware"},
		judge.Event{Kind: judge.Finished, Verdict: verdict.Accepted})
	weak[0].Weak = []string{"memory: sampled", "no process limit"}
	for _, test := range []struct {
		name   string
		text   report.Text
		events []judge.Event
	}{
		{"mixed", report.Text{}, mixed()},
		{"mixed-verbose", report.Text{Verbose: true}, mixed()},
		{"mixed-quiet", report.Text{Quiet: true}, mixed()},
		{"mixed-color", report.Text{Style: style.New(nil, true)}, mixed()},
		{"compile-error", report.Text{}, compileError},
		{"interrupted", report.Text{}, interrupted},
		{"weak", report.Text{Expected: func(*judge.Report) string { return "as expected by submissions/accepted" }}, weak},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, progress bytes.Buffer
			test.text.Out, test.text.Err = &out, &progress
			play(t, &test.text, test.events)
			golden(t, test.name, "-- stdout --\n"+out.String()+"-- stderr --\n"+progress.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Behind the first failing test case nothing is printed with fail-fast,
// whether it has run by chance or not.
func TestTextFailFast(t *testing.T) {
	events := append(start(3),
		result(2, "secret/2", verdict.RuntimeError, judge.Event{Message: "exit code 1"}),
		result(1, "secret/1", verdict.WrongAnswer, judge.Event{Message: "no"}),
		result(2, "secret/2", verdict.Skipped, judge.Event{}),
		result(3, "secret/3", verdict.Skipped, judge.Event{}),
		judge.Event{Kind: judge.Finished, Verdict: verdict.WrongAnswer})
	events[0].FailFast = true
	var out, progress bytes.Buffer
	play(t, &report.Text{Out: &out, Err: &progress}, events)
	if got := out.String(); strings.Contains(got, "exit code 1") || !strings.Contains(got, "1 wrong answer, 2 skipped") {
		t.Errorf("got:\n%s", got)
	}
}

func TestJSONIsReadBack(t *testing.T) {
	var out bytes.Buffer
	play(t, report.JSON{Out: &out}, mixed())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(mixed()) {
		t.Fatalf("%d lines, want %d", len(lines), len(mixed()))
	}
	r := &judge.Report{}
	for _, line := range lines {
		var e judge.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		r.Apply(e)
	}
	if r.Verdict != verdict.WrongAnswer || r.Count(verdict.WrongAnswer) != 2 || r.Cases[1].Diff.Actual != "16" {
		t.Errorf("got %+v", r)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriteErrorsAreReturned(t *testing.T) {
	for name, c := range map[string]judge.Consumer{"json": report.JSON{Out: full{}}, "text": &report.Text{Out: full{}, Err: full{}}} {
		if err := c.Event(start(1)[0], &judge.Report{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, ünï→\n\tok": "plain text, ünï→\n\tok",
		"\x1b[31mred\x07":        `\x1b[31mred\x07`,
		"a\rb\x00\x7f":           `a\x0db\x00\x7f`,
		"\u0085\u009b1m":         `\u0085\u009b1m`,
		"\u202eright\u2066":      `\u202eright\u2066`,
		"bad\xff\xc3":            `bad\xff\xc3`,
		"\U000e0041tag\u200b":    `\U000e0041tag\u200b`,
	} {
		if got := report.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// Nothing that a program, a validator or a package wrote steers the terminal.
func TestTextIsClean(t *testing.T) {
	const evil = "\x1b]0;title\x07\u202e\r"
	events := append(start(1), judge.Event{Kind: judge.Warning, Message: evil},
		result(1, evil, verdict.RuntimeError, judge.Event{Message: evil, Stderr: evil, Team: evil}),
		judge.Event{Kind: judge.Finished, Verdict: verdict.RuntimeError})
	events[0].Submission, events[0].Problem = evil, evil
	events[2].Message = evil
	events[3].TimeLimitSource = evil
	var out bytes.Buffer
	play(t, &report.Text{Out: &out, Err: &out, Verbose: true}, events)
	if strings.ContainsAny(out.String(), "\x1b\x07\u202e\r") {
		t.Errorf("got %q", out.String())
	}
}

// 1.39 s is 1 s + 0.39 s, and that sum of floating-point numbers is not 1.39.
func TestLimitsAreShort(t *testing.T) {
	for limit, want := range map[time.Duration]string{
		1390 * time.Millisecond: "time limit 1.39 s (", 2 * time.Second: "time limit 2 s (", 4350 * time.Millisecond: "time limit 4.35 s (",
	} {
		events := start(1)
		events[3].TimeLimit = limit
		var out bytes.Buffer
		play(t, &report.Text{Out: &out, Err: &out, Verbose: true}, events)
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	}
}
