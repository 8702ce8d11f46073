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

// Scorer scores submissions on one problem. It may be used by several
// goroutines at once.
type Scorer struct {
	problem *problem.Problem
	place   map[*problem.Case]int // in Problem.Cases
	rules   map[*problem.Case]rule
	static  map[string]rule // by name of the group
}

// rule is how a test case is scored.
type rule struct {
	name  string              // of the test case, for people
	group problem.GroupConfig // legacy: of its group
	how   string              // 2025-09: how its group aggregates, and "" if it has no score
	limit *float64            // 2025-09: its best possible score; nil is unbounded
}

// New returns a scorer for a problem, which must not change any more.
func New(p *problem.Problem) *Scorer {
	s := &Scorer{problem: p, place: map[*problem.Case]int{}, rules: map[*problem.Case]rule{}, static: map[string]rule{}}
	for i, c := range p.Cases() {
		s.place[c] = i
	}
	if p.Root != nil {
		s.learn(p.Root, nil)
	}
	return s
}

// byGraders tells whether the rules of the legacy version hold.
func (s *Scorer) byGraders() bool {
	return cmp.Or(s.problem.Grading, s.problem.Format) == problem.Legacy
}

// learn notes the rules of everything in g, whose best possible score is limit.
func (s *Scorer) learn(g *problem.Group, limit *float64) {
	how := ""
	if !s.byGraders() && s.problem.Kind.Scoring && g.Name != "" && g.Name != "sample" {
		how = aggregation(g)
	}
	share := shares(g, limit)
	for _, c := range g.Cases {
		s.rules[c] = rule{c.Name, g.Config, how, share}
	}
	if static := g.Config.Static; static != nil {
		own := rule{"the sources (" + g.Name + ")", g.Config, how, static.Score}
		if static.Score == nil && how != "" { // it has a verdict only
			own.how = passFail
		}
		s.static[g.Name] = own
	}
	for _, sub := range g.Groups {
		max := sub.Config.MaxScore
		if max == nil && g.Name != "" {
			max = share
		}
		s.learn(sub, max)
	}
}

// Case returns the outcome of a test case by itself.
func (s *Scorer) Case(c *problem.Case, r Result) Outcome { return s.outcome(s.rules[c], r) }

// Static returns the outcome of the static validation test case of g by itself.
func (s *Scorer) Static(g *problem.Group, r Result) Outcome { return s.outcome(s.static[g.Name], r) }

func (s *Scorer) outcome(by rule, r Result) Outcome {
	switch {
	case r.Verdict == verdict.JudgeError:
		return Outcome{Verdict: r.Verdict, Message: "there is a judge error on " + by.name}
	case r.Verdict == verdict.Pending || r.Verdict == verdict.Skipped || !s.problem.Kind.Scoring:
		return Outcome{Verdict: r.Verdict}
	case s.byGraders():
		return by.legacy(r)
	case by.how == "":
		return Outcome{Verdict: r.Verdict}
	}
	return by.tested(r, s.problem.Draft)
}

// Score works out what follows from results, of which some may be missing: then
// only what does not depend on those has a verdict. grade is called for groups
// with a grader of their own; as long as it is nil, these are Pending. Errors
// are those of grade.
func (s *Scorer) Score(results Results, grade Grader) (Sheet, error) {
	w := &walk{Scorer: s, results: results, grade: grade}
	w.sheet = Sheet{Cases: make([]Outcome, len(s.place)), Static: map[string]Outcome{}}
	switch {
	case s.problem.Root == nil:
	case s.byGraders():
		w.legacy()
	case s.problem.Kind.Scoring:
		w.scoring()
	default:
		w.sheet.Total = w.inOrder(s.problem.Root, true)
	}
	return w.sheet, w.err
}

// Score is New(p).Score(results, grade).
func Score(p *problem.Problem, results Results, grade Grader) (Sheet, error) {
	return New(p).Score(results, grade)
}

// walk is one call of Score.
type walk struct {
	*Scorer
	results Results
	grade   Grader
	sheet   Sheet
	scored  bool     // the validator gave something a score that counts
	stray   []string // test cases with a score that does not count
	err     error
}

// judged returns the outcome of a test case and puts it into the sheet.
func (s *walk) judged(c *problem.Case) Outcome {
	at := s.place[c]
	if at < len(s.results.Cases) {
		s.sheet.Cases[at] = s.Case(c, s.results.Cases[at])
	}
	return s.sheet.Cases[at]
}

// validated returns the outcomes of the static validation test case of g, of
// which there is none or one.
func (s *walk) validated(g *problem.Group) []Outcome {
	if g.Config.Static == nil {
		return nil
	}
	out := s.Static(g, s.results.Static[g.Name])
	s.sheet.Static[g.Name] = out
	return []Outcome{out}
}

// group adds a group to the sheet, and returns where to put its outcome.
func (s *walk) group(g *problem.Group) int {
	s.sheet.Groups = append(s.sheet.Groups, GroupOutcome{Group: g})
	return len(s.sheet.Groups) - 1
}

// rejected tells whether v is the end of a run, and not a good one.
func rejected(v verdict.Verdict) bool { return v.Rejected() || v == verdict.JudgeError }

// finding notes a fault of the package.
func (s *walk) finding(format string, args ...any) {
	s.sheet.Findings = append(s.sheet.Findings, fmt.Sprintf(format, args...))
}

// skip marks everything in g as not to run.
func (s *walk) skip(g *problem.Group) {
	s.sheet.Groups[s.group(g)].Verdict = verdict.Skipped
	if g.Config.Static != nil {
		s.sheet.Static[g.Name] = Outcome{Verdict: verdict.Skipped}
	}
	for _, node := range g.Order {
		s.skipNode(node)
	}
}

func (s *walk) skipNode(node problem.Node) {
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
