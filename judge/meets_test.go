package judge_test

import (
	"strings"
	"testing"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

const (
	ac, wa, tle = verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit
	rte, ce, sk = verdict.RuntimeError, verdict.CompileError, verdict.Skipped
)

type list = []verdict.Verdict

// folderRule is what the loader makes of a folder of submissions.
func folderRule(name string, format problem.Format) problem.Rule {
	r := problem.Rule{Source: name}
	switch name {
	case "accepted":
		r.Permitted = list{ac}
	case "wrong_answer":
		r.Permitted, r.Required = list{ac, wa}, list{wa}
	case "time_limit_exceeded":
		r.Permitted, r.Required = list{ac, tle}, list{tle}
	}
	if format == problem.Legacy {
		if r.Verdict = r.Required; name == "accepted" {
			r.Verdict = list{ac}
		}
		if name == "time_limit_exceeded" {
			r.Permitted = list{ac, wa, tle}
		}
	}
	return r
}

// report is the report of a submission with verdict total, and of test cases
// secret/a, secret/b and so on with those of cases.
func caseReport(total verdict.Verdict, cases ...verdict.Verdict) *judge.Report {
	r := &judge.Report{Verdict: total}
	for i, v := range cases {
		r.Cases = append(r.Cases, judge.Event{Kind: judge.Case, Case: "secret/" + string(rune('a'+i)), Verdict: v, Message: "line " + string(rune('1'+i))})
	}
	return r
}

func float(x float64) *float64 { return &x }

func TestMeets(t *testing.T) {
	const legacy, f2025 = problem.Legacy, problem.F2025
	scored := caseReport(ac, ac, ac)
	scored.Score, scored.MaxScore = float(30.1+30.2), float(100)
	scored.Groups = []judge.Event{{Kind: judge.Group, Group: "secret/g1", Verdict: ac, Score: float(30)}, {Kind: judge.Group, Group: "secret/g2", Verdict: wa}}
	full := caseReport(ac, ac)
	full.Score, full.MaxScore = float(100), float(100)
	for _, test := range []struct {
		name   string
		report *judge.Report
		rule   problem.Rule
		want   string // part of the first reason; "" if it is as expected
	}{
		{"accepted", caseReport(ac, ac, ac), folderRule("accepted", f2025), ""},
		{"accepted, one wrong", caseReport(wa, ac, wa), folderRule("accepted", f2025), "accepted does not permit WA on secret/b"},
		{"wrong, but slow behind it", caseReport(wa, wa, tle), folderRule("wrong_answer", f2025), "does not permit TLE on secret/b"},
		{"legacy stops there", caseReport(wa, wa, tle), folderRule("wrong_answer", legacy), ""},
		{"legacy, worst error", caseReport(tle, wa, tle), folderRule("wrong_answer", legacy), "does not permit TLE on secret/b"},
		{"legacy, slow and wrong before", caseReport(wa, wa, tle), folderRule("time_limit_exceeded", legacy), ""},
		{"2025-09, slow and wrong before", caseReport(wa, wa, tle), folderRule("time_limit_exceeded", f2025), "does not permit WA"},
		{"never slow", caseReport(ac, ac), folderRule("time_limit_exceeded", f2025), "requires TLE on some test case"},
		{"legacy, wrong but accepted by a grader", caseReport(ac, wa, ac), folderRule("wrong_answer", legacy), "expects WA of the submission, which gets AC"},
		{"legacy, accepted by a grader", caseReport(ac, wa, ac), folderRule("accepted", legacy), ""},
		{"legacy, refused by a grader", caseReport(wa, ac, ac), folderRule("accepted", legacy), "expects AC of the submission, which gets WA"},
		{"skipped", caseReport(wa, wa, sk), folderRule("wrong_answer", f2025), ""},
		{"memory is a run-time error", caseReport(verdict.MemoryLimit, verdict.MemoryLimit), problem.Rule{Source: "x", Required: list{rte}}, ""},
		{"does not compile", &judge.Report{Verdict: ce}, folderRule("accepted", f2025), "expects that it compiles"},
		{"shall not compile", &judge.Report{Verdict: ce}, problem.Rule{Source: "a.c:1", Verdict: list{ce, wa}}, ""},
		{"annotation", caseReport(wa, ac, wa), problem.Rule{Source: "a.c:1", Verdict: list{tle, ac}}, "a.c:1 expects TLE or AC of the submission, which gets WA"},
		{"judge error", &judge.Report{Verdict: verdict.JudgeError}, problem.Rule{}, "there is no verdict on the submission, but judge error"},

		{"rule for some cases", caseReport(wa, ac, wa), problem.Rule{Source: "s:3", Cases: "secret/{b,c}", Permitted: list{wa}}, ""},
		{"rule for some cases, broken", caseReport(wa, wa, ac), problem.Rule{Source: "s:3", Cases: "secret/a", Permitted: list{ac}}, "s:3 does not permit WA on secret/a"},
		{"required of a group", caseReport(wa, wa, ac), problem.Rule{Source: "s:3", Cases: "secret/b*", Required: list{wa}}, "s:3 requires WA on some test case of secret/b*"},
		{"message", caseReport(wa, wa), problem.Rule{Source: "s:4", Message: "ne 1"}, ""},
		{"message of another case", caseReport(wa, wa, wa), problem.Rule{Source: "s:4", Cases: "secret/b", Message: "line 1"}, `s:4 requires the judge message "line 1" on some test case of secret/b`},

		{"score", scored, problem.Rule{Source: "s:5", Score: &[2]float64{60.3, 60.3}}, ""},
		{"score range", scored, problem.Rule{Source: "s:5", Score: &[2]float64{0, 50}}, "s:5 expects the score 0 to 50 of the submission, which has 60.3"},
		{"score of a group", scored, problem.Rule{Source: "s:6", Cases: "secret/g1", Score: &[2]float64{10, 10}}, "s:6 expects the score 10 of secret/g1, which has 30"},
		{"score of a failed group", scored, problem.Rule{Source: "s:6", Cases: "secret/g2", Score: &[2]float64{0, 0}}, ""},
		{"not only partial", full, problem.Rule{Source: "p", Verdict: list{ac}, Partial: true}, "p expects less than the best score, which is 100"},
		{"partial", scored, problem.Rule{Source: "p", Verdict: list{ac}, Partial: true}, ""},
		{"no score", caseReport(ac, ac), problem.Rule{Source: "s:5", Score: &[2]float64{1, 1}}, "which has none"},
	} {
		err := test.report.Meets(problem.Expectation{Rules: []problem.Rule{test.rule}})
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestMismatches holds that overlapping sets of required verdicts all count,
// and that every mismatch says where it is.
func TestMismatches(t *testing.T) {
	want := problem.Expectation{Rules: []problem.Rule{
		{Source: "s:1", Required: list{wa, tle}},
		{Source: "s:2", Required: list{tle, rte}},
		{Source: "s:3", Permitted: list{ac}},
	}}
	found := caseReport(wa, ac, wa).Mismatches(want)
	if len(found) != 2 || found[0].Source != "s:2" || found[1].Case != "secret/b" || found[1].Source != "s:3" {
		t.Errorf("got %+v", found)
	}
	if found := caseReport(tle, ac, tle).Mismatches(want); len(found) != 1 || found[0].Source != "s:3" {
		t.Errorf("got %+v", found)
	}
}
