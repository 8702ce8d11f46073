package verify

import (
	"fmt"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// sensitive notes that a submission, which is as expected, would not be so on a
// machine that is faster or slower by the margins of the time limit.
func (w *work) sensitive(sub *sub, s *Submission, file string) {
	t := w.report.TimeLimit
	if t == nil {
		return
	}
	for _, limit := range []time.Duration{
		time.Duration(float64(t.Limit) / t.Lower), time.Duration(float64(t.Limit) * t.Upper),
	} {
		nearest := s.nearest(t.Limit, limit)
		if nearest == nil || len(w.mismatches(sub, s.under(limit))) == 0 {
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

// under is the submission under another time limit, as far as its runs tell:
// what would then be fast enough counts as accepted.
func (s *Submission) under(limit time.Duration) *Submission {
	other := *s
	other.Cases = append([]Cell(nil), s.Cases...)
	for i := range other.Cases {
		switch c := &other.Cases[i]; {
		case c.CPU > limit && (c.Verdict == verdict.Accepted || c.Verdict == verdict.WrongAnswer || c.Verdict == verdict.RuntimeError):
			c.Verdict = verdict.TimeLimit
		case c.CPU <= limit && c.Verdict == verdict.TimeLimit && !c.Stopped:
			c.Verdict = verdict.Accepted
		}
	}
	other.Verdict = first(other.Cases)
	return &other
}
