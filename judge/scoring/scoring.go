// Package scoring turns the results of test cases into the verdict and the
// score of every test group and of the submission. It is pure: it runs nothing
// and reads no file. The rules are "Test data groups" and "Graders" of the
// legacy version of the problem package format, and "Result aggregation" of
// 2025-09.
package scoring

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Result is what is known of one test case.
type Result struct {
	// Verdict is Pending as long as the test case has not run, or Skipped if
	// it shall not run.
	Verdict verdict.Verdict
	// Score and Multiplier are what the validator wrote to score.txt and to
	// score_multiplier.txt; nil: nothing. See ParseScore.
	Score, Multiplier *float64
}

// Outcome is what a test case, a test group or a submission got.
type Outcome struct {
	// Verdict is Skipped if it was not run, and Pending if that is open.
	Verdict verdict.Verdict
	Score   *float64 // nil: it has none, for example because the problem is pass-fail
	Max     *float64 // the best possible score, the smallest one if the objective is min; nil: nobody knows
	Message string   // why there is a judge error, or ""
}

// GroupOutcome is what a test group got.
type GroupOutcome struct {
	Group *problem.Group
	Outcome
}

// Sheet is all that follows from the results.
type Sheet struct {
	Total  Outcome
	Groups []GroupOutcome // sample and secret and what is in them, each group before those in it
	// Cases are the outcomes of the test cases, by their place in
	// Problem.Cases. Skipped are those whose result cannot matter, and which
	// therefore need not run.
	Cases []Outcome
	// Findings are faults of the package that the results show, such as a
	// score out of its range, for people.
	Findings []string
}

// Grader is a custom grader: it gets the flags of a test group and the
// outcomes of what is directly in it, and returns the outcome of the group. An
// error means that evalx failed; a grader that fails returns verdict.JudgeError.
type Grader func(flags []string, children []Outcome) (Outcome, error)

// ParseScore reads the content of score.txt or score_multiplier.txt: a single
// finite number, with white space around it.
func ParseScore(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if len(text) > 100 {
		return 0, fmt.Errorf("%q… is not a number", text[:20])
	}
	score, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return score, nil
}
