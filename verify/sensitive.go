package verify

import (
	"fmt"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// sensitive notes that a submission, which is as expected, would not be so on a
// machine that is faster or slower by the margins of the time limit.
func (w *work) sensitive(sub *sub, s *Submission, file string) {
	t := w.report.TimeLimit
	if t == nil || sub.compiled == nil || !sub.compiled.OK || w.problem.Grader != nil {
		return
	}
	for _, limit := range []time.Duration{
		time.Duration(float64(t.Limit) / t.Lower), time.Duration(float64(t.Limit) * t.Upper),
	} {
		nearest := s.nearest(t.Limit, limit)
		if nearest == nil || w.meets(sub, limit) {
			continue
		}
		s.Closest = nearest
		if w.bounds(sub) {
			return // the time limit as a whole is judged by it
		}
		w.find(Finding{
			Severity: problem.Warning, Rule: "close-to-time-limit", File: file, Submission: s.Path, Case: nearest.Case,
			Message: fmt.Sprintf("takes %s on %s, close to the time limit of %s: with a limit of %s it would not be as expected", seconds(nearest.CPU), nearest.Case, words(t.Limit), seconds(limit)),
		})
		return
	}
}

// bounds tells whether the submission bounds the time limit.
func (w *work) bounds(sub *sub) bool {
	for i := range w.cases {
		if w.boundsBelow(sub, i) {
			return true
		}
	}
	return w.boundsAbove(sub)
}

// nearest returns the run nearest to the limit of those whose verdict another
// limit would change; nil if there is none.
func (s *Submission) nearest(limit, other time.Duration) (nearest *Timing) {
	for _, c := range s.Cases {
		if (c.CPU > limit) == (c.CPU > other) || c.Verdict == verdict.Pending || c.Stopped {
			continue
		}
		if nearest == nil || (c.CPU-limit).Abs() < (nearest.CPU-limit).Abs() {
			nearest = &Timing{Submission: s.Path, Case: c.Case, CPU: c.CPU}
		}
	}
	return nearest
}

// meets tells whether a submission would be as expected under another time
// limit.
func (w *work) meets(sub *sub, limit time.Duration) bool {
	events := w.events(sub, limit)
	var results scoring.Results
	results.Static = map[string]scoring.Result{}
	for _, e := range events {
		results.Cases = append(results.Cases, scoring.Result{Verdict: e.Verdict, Score: e.ValidatorScore, Multiplier: e.ValidatorMultiplier})
	}
	for name, e := range sub.static {
		results.Static[name] = scoring.Result{Verdict: e.Verdict, Score: e.ValidatorScore, Multiplier: e.ValidatorMultiplier}
	}
	sheet, err := scoring.Score(w.problem, results, nil)
	if err != nil {
		return true
	}
	r := w.judged(events, sub.static, sheet)
	return len(r.Mismatches(sub.Expect)) == 0
}
