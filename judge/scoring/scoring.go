// Package scoring turns the results of test cases into the verdict and the
// score of every test group and of the submission. It is pure: it runs nothing
// and reads no file. The rules are "Test data groups" and "Graders" of the
// legacy version of the problem package format, and "Result aggregation" of
// 2025-09.
package scoring

import (
	"cmp"
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

// Results are the results of all test cases of a problem.
type Results struct {
	Cases  []Result          // by their place in Problem.Cases
	Static map[string]Result // of static validation test cases, by the name of their group
}

// Outcome is what a test case, a test group or a submission got.
type Outcome struct {
	// Verdict is Skipped if it was not run or shall not run, and Pending if
	// it is open.
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
	Groups []GroupOutcome // all but the root, in order, each group before those in it
	// Cases are the outcomes of the test cases, by their place in
	// Problem.Cases. Skipped are those whose result cannot matter, and which
	// therefore need not run.
	Cases  []Outcome
	Static map[string]Outcome // of static validation test cases, by the name of their group
	// Findings are faults of the package that the results show, such as a
	// score out of its range, for people.
	Findings []string
}

// Grader is a custom grader (legacy version, "Graders"): it gets the flags of
// a group and the outcomes of what is directly in it, as far as that ran, and
// returns the verdict and the score of the group. An error means that evalx
// failed; a grader that fails has the verdict JudgeError.
type Grader func(flags []string, children []Outcome) (Outcome, error)

// Score works out what follows from results, of which some may be missing: then
// only what does not depend on those has a verdict. grade is called for groups
// with a grader of their own; as long as it is nil, these are Pending. Errors
// are those of grade.
func Score(p *problem.Problem, results Results, grade Grader) (Sheet, error) {
	s := &scorer{
		problem: p, results: results, grade: grade, place: map[*problem.Case]int{},
		sheet: Sheet{Static: map[string]Outcome{}},
	}
	for i, c := range p.Cases() {
		s.place[c] = i
	}
	s.sheet.Cases = make([]Outcome, len(s.place))
	switch {
	case cmp.Or(p.Grading, p.Format) == problem.Legacy:
		s.legacy()
	case p.Kind.Scoring:
		s.scoring()
	default:
		s.passFail()
	}
	return s.sheet, s.err
}

// scorer is one call of Score.
type scorer struct {
	problem *problem.Problem
	results Results
	grade   Grader
	place   map[*problem.Case]int // in Problem.Cases
	sheet   Sheet
	err     error
}

// result returns what is known of a test case.
func (s *scorer) result(c *problem.Case) Result {
	if i := s.place[c]; i < len(s.results.Cases) {
		return s.results.Cases[i]
	}
	return Result{}
}

// group adds a group to the sheet, and returns where to put its outcome.
func (s *scorer) group(g *problem.Group) int {
	s.sheet.Groups = append(s.sheet.Groups, GroupOutcome{Group: g})
	return len(s.sheet.Groups) - 1
}

// rejected tells whether v is the end of a run, and not a good one.
func rejected(v verdict.Verdict) bool { return v.Rejected() || v == verdict.JudgeError }

// finding notes a fault of the package.
func (s *scorer) finding(format string, args ...any) {
	s.sheet.Findings = append(s.sheet.Findings, fmt.Sprintf(format, args...))
}

// skip marks everything in g as not to run.
func (s *scorer) skip(g *problem.Group) {
	s.sheet.Groups[s.group(g)].Verdict = verdict.Skipped
	if g.Config.Static != nil {
		s.sheet.Static[g.Name] = Outcome{Verdict: verdict.Skipped}
	}
	for _, node := range g.Order {
		s.skipNode(node)
	}
}

func (s *scorer) skipNode(node problem.Node) {
	if node.Group != nil {
		s.skip(node.Group)
		return
	}
	s.sheet.Cases[s.place[node.Case]].Verdict = verdict.Skipped
}

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
