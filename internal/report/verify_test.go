package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

const ms = time.Millisecond

// passFail is a report on a package in which much is wrong.
func passFail() *verify.Report {
	groups := func(sample, secret verdict.Verdict, slow time.Duration) []verify.GroupResult {
		return []verify.GroupResult{{Name: "sample", Verdict: sample, Slowest: 2 * ms}, {Name: "secret", Verdict: secret, Slowest: slow}}
	}
	unexpected := groups(verdict.Accepted, verdict.Accepted, 9*ms)
	unexpected[1].Unexpected = true
	return &verify.Report{
		V: 1, Package: "problems/sum", Problem: "sum", Name: "Sum of two numbers", Format: problem.Legacy, Types: []string{"pass-fail"},
		Outcome: verify.Unexpected,
		Groups:  []verify.Group{{Name: "sample", Cases: 2}, {Name: "secret", Cases: 6}},
		Data:    verify.Data{Cases: 8, Distinct: 7, Inputs: 8},
		TimeLimit: &verify.TimeLimit{
			Limit: time.Second, Source: "derived: slowest accepted/sum.py took 0.05 s × 5, rounded up",
			Slowest: &verify.Timing{Submission: "accepted/sum.py", Case: "secret/05-huge", CPU: 50 * ms},
			Fastest: &verify.Timing{Submission: "time_limit_exceeded/slow.cpp", Case: "secret/04-large", CPU: 1250 * ms},
			Lower:   5, Upper: 2, LowerMargin: 20, UpperMargin: 1.25, Least: time.Second, Most: 625 * ms, Resolution: time.Second, Kill: 2 * time.Second,
		},
		Submissions: []verify.Submission{
			{Path: "accepted/sum.cpp", Language: "cpp", Verdict: verdict.Accepted, AsExpected: true, Cached: true, CPU: 20 * ms, Groups: groups(verdict.Accepted, verdict.Accepted, 4*ms)},
			{Path: "accepted/sum.py", Language: "python3", Verdict: verdict.Accepted, AsExpected: true, CPU: 120 * ms, Groups: groups(verdict.Accepted, verdict.Accepted, 50*ms)},
			{Path: "accepted/和を求める.kt", NotRun: "kotlinc is not on this machine", Verdict: verdict.Pending},
			{Path: "time_limit_exceeded/slow.cpp", Verdict: verdict.TimeLimit, AsExpected: true, CPU: 2 * time.Second, Groups: groups(verdict.Accepted, verdict.TimeLimit, 1250*ms),
				Cases: []verify.Cell{{Case: "secret/04-large", Group: 1, Verdict: verdict.TimeLimit, CPU: 1250 * ms, Stopped: true, Message: "used 1.250 s of CPU time; the limit is 1.000 s"}}},
			{Path: "wrong_answer/all_right.cpp", Verdict: verdict.Accepted, Why: "submissions/wrong_answer requires WA on some test case", CPU: 30 * ms, Groups: unexpected},
			{Path: "wrong_answer/overflow.cpp", Verdict: verdict.WrongAnswer, AsExpected: true, CPU: 20 * ms, Groups: groups(verdict.Accepted, verdict.WrongAnswer, 3*ms),
				Cases: []verify.Cell{{Case: "secret/04-large", Group: 1, Verdict: verdict.WrongAnswer, CPU: 2 * ms, Stderr: "debug\x1b[2J", Diff: &check.Diff{Kind: check.Text, Line: 1, Column: 1, Expected: "4", Actual: "-2"}}}},
		},
		Findings: []verify.Finding{
			{Severity: problem.Error, Rule: "unexpected-verdict", File: "problems/sum/submissions/wrong_answer/all_right.cpp", Message: "AC: submissions/wrong_answer requires WA on some test case", Submission: "wrong_answer/all_right.cpp"},
			{Severity: problem.Error, Rule: "invalid-input", File: "problems/sum/data/secret/05-huge.in", Line: 3, Column: 7, Message: "input validator check.py rejects it: exit code 1\nline 3: 2000000000000 > 10^9", Hint: "mend the input, or the validator", Case: "secret/05-huge"},
			{Severity: problem.Warning, Rule: "crlf", File: "problems/sum/data/sample/1.in", Line: 1, Message: "lines end in CR LF", Hint: "convert it, such as with dos2unix; a program that reads whole lines sees the CR, which is seldom what is meant"},
		},
		Counts:  verify.Counts{Runs: 40, Ran: 30, Cached: 8, Shared: 2, CPU: 2 * time.Second},
		Sandbox: "native", Elapsed: 3210 * ms,
	}
}

// clean is a report on a package in which nothing is wrong.
func clean() *verify.Report {
	return &verify.Report{
		V: 1, Package: "problems/hello", Problem: "hello", Format: problem.F2025, Outcome: verify.Clean,
		Groups:      []verify.Group{{Name: "sample", Cases: 1}},
		Data:        verify.Data{Cases: 1, Distinct: 1},
		Submissions: []verify.Submission{{Path: "accepted/hello.cpp", Verdict: verdict.Accepted, AsExpected: true, CPU: 2 * ms, Groups: []verify.GroupResult{{Name: "sample", Verdict: verdict.Accepted, Slowest: 2 * ms}}}},
		Counts:      verify.Counts{Runs: 1, Ran: 1}, Elapsed: 400 * ms,
	}
}

// invalid is a report on a package that cannot be judged with.
func invalid() *verify.Report {
	return &verify.Report{
		V: 1, Package: "broken", Problem: "broken", Outcome: verify.Invalid,
		Findings: []verify.Finding{{Severity: problem.Error, Rule: "yaml", File: "broken/problem.yaml", Line: 2, Message: "unknown key \"nmae\"", Hint: "did you mean name?"}},
		Elapsed:  2 * ms,
	}
}

// scoring is a report on a package with n groups of ten points.
func scoring(n int) *verify.Report {
	r := &verify.Report{V: 1, Package: "islands", Problem: "islands", Format: problem.F2025, Types: []string{"scoring"}, Outcome: verify.Unexpected,
		Groups: []verify.Group{{Name: "sample", Cases: 1}, {Name: "secret"}}, Data: verify.Data{Cases: 3*n + 1}, Counts: verify.Counts{Runs: 6*n + 2}, Elapsed: 12 * time.Second}
	full, half := verify.Submission{Path: "accepted/full.cpp", Verdict: verdict.Accepted, AsExpected: true}, verify.Submission{Path: "partially_accepted/half_of_it.cpp", Verdict: verdict.Accepted, Why: "scored 45, expected 50"}
	for _, s := range []*verify.Submission{&full, &half} {
		s.Score = new(float64)
		s.Groups = []verify.GroupResult{{Name: "sample", Verdict: verdict.Accepted, Slowest: ms}, {Name: "secret", Verdict: verdict.Accepted, Slowest: ms}}
		s.Slowest = &verify.Timing{Submission: s.Path, Case: "secret/group1/1", CPU: time.Duration(n) * 10 * ms}
	}
	for i := range n {
		name := fmt.Sprintf("secret/group%d", i+1)
		r.Groups = append(r.Groups, verify.Group{Name: name, Depth: 1, Cases: 3})
		ten, zero := 10.0, 0.0
		full.Groups = append(full.Groups, verify.GroupResult{Name: name, Verdict: verdict.Accepted, Score: &ten, Slowest: time.Duration(i+1) * 10 * ms})
		other := verify.GroupResult{Name: name, Verdict: verdict.TimeLimit, Score: &zero, Slowest: time.Second, Unexpected: i == 1}
		if i == 0 {
			other = full.Groups[2]
		}
		half.Groups = append(half.Groups, other)
		*full.Score += 10
	}
	*half.Score = 33.333333
	r.Submissions = []verify.Submission{full, half}
	return r
}

func TestVerifyGolden(t *testing.T) {
	weak := passFail()
	weak.Weak = []string{"memory: sampled"}
	for _, test := range []struct {
		name    string
		printer report.Verify
		reports []*verify.Report
	}{
		{"verify", report.Verify{}, []*verify.Report{passFail()}},
		{"verify-narrow", report.Verify{Width: 60}, []*verify.Report{passFail()}},
		{"verify-color", report.Verify{Style: style.New(nil, true)}, []*verify.Report{passFail()}},
		{"verify-verbose", report.Verify{Verbose: true}, []*verify.Report{weak}},
		{"verify-quiet", report.Verify{Quiet: true}, []*verify.Report{clean(), weak, invalid()}},
		{"verify-many", report.Verify{}, []*verify.Report{clean(), invalid(), scoring(3)}},
		{"verify-groups-7", report.Verify{}, []*verify.Report{scoring(7)}},
		{"verify-groups-9", report.Verify{}, []*verify.Report{scoring(9)}},
		{"verify-groups-25", report.Verify{}, []*verify.Report{scoring(25)}},
		{"verify-groups-64", report.Verify{Width: 100}, []*verify.Report{scoring(64)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			test.printer.Out = &out
			for _, r := range test.reports {
				if err := test.printer.Report(r); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.printer.Total(15 * time.Second); err != nil {
				t.Fatal(err)
			}
			golden(t, test.name, out.String())
			for line := range strings.Lines(out.String()) {
				if w, most := style.Width(strings.TrimSuffix(line, "\n")), max(test.printer.Width, 80); w > most && !test.printer.Verbose && !strings.Contains(line, "error:") && !strings.Contains(line, "FAILED") {
					t.Errorf("%d columns, most are %d: %s", w, most, line)
				}
			}
		})
	}
}
