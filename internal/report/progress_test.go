package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// steps are what the engine tells of two packages in 40 s, each a second later
// than the one before.
func steps() []verify.Progress {
	all := []verify.Progress{
		{Package: "sum", Step: verify.Loading},
		{Package: "sum", Step: verify.Compiling, Total: 40, Event: judge.Event{Kind: judge.Compiling, Program: "submission accepted/sum.cpp"}},
		{Package: "sum", Step: verify.Compiling, Total: 40, Done: 1, Event: judge.Event{Kind: judge.Compiled, Program: "submission accepted/sum.cpp", Verdict: verdict.Accepted, Wall: 1500 * ms}},
		{Package: "sum", Step: verify.Compiling, Total: 40, Done: 2, Event: judge.Event{Kind: judge.Compiled, Program: "input validator check.cpp", Verdict: verdict.Accepted, Cached: true}},
		{Package: "sum", Step: verify.Validating, Total: 40, Done: 3, Event: judge.Event{Case: "secret/1"}},
		{Package: "sum", Step: verify.Warning, Event: judge.Event{Message: "beware\x1b[2J"}},
	}
	for i := range 34 {
		all = append(all, verify.Progress{Package: "sum", Step: verify.Running, Total: 40, Done: 4 + i, Event: judge.Event{
			Kind: judge.Case, Submission: "accepted/和を求める.cpp", Case: "secret/" + strings.Repeat("long", i), Verdict: verdict.Accepted, CPU: ms, Cached: i == 0}})
	}
	return append(all, verify.Progress{Package: "sum", Step: verify.Complete, Done: 40, Total: 40}, verify.Progress{Package: "hello\x1b", Step: verify.Loading})
}

func TestProgressGolden(t *testing.T) {
	for _, test := range []struct {
		name    string
		printer report.Progress
	}{
		{"progress", report.Progress{}},
		{"progress-verbose", report.Progress{Verbose: true, Terminal: true}},
		{"progress-quiet", report.Progress{Quiet: true, Terminal: true}},
		{"progress-terminal", report.Progress{Terminal: true, Width: 60}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			now := begun
			test.printer.Out, test.printer.Now = &out, func() time.Time { return now }
			for _, p := range steps() {
				if err := test.printer.Tell(p); err != nil {
					t.Fatal(err)
				}
				now = now.Add(time.Second)
			}
			if err := test.printer.Clear(); err != nil {
				t.Fatal(err)
			}
			golden(t, test.name, strings.NewReplacer("\r", "<CR>", "\x1b", "<ESC>", "\x1b[K", "\n").Replace(out.String()))
		})
	}
}

// On a terminal the counter is not written more often than people can read.
func TestProgressIsNotAFlood(t *testing.T) {
	var out bytes.Buffer
	p := &report.Progress{Out: &out, Now: func() time.Time { return begun }, Terminal: true, Width: 80}
	for i := range 1000 {
		if err := p.Tell(verify.Progress{Package: "sum", Step: verify.Running, Done: i, Total: 1000}); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(out.String(), "\r"); n != 1 {
		t.Errorf("written %d times", n)
	}
}
