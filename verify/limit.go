package verify

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

const (
	// brief and generous are the time limits under which the submissions that
	// bound the time limit run to find out how long they take: the second one
	// where the first is not enough. Programs that only wait stop at the first.
	brief    = 10 * time.Second
	generous = 120 * time.Second
	// clearly is how many times the limit a run has to use, at least, to be too
	// slow whatever ran beside it; it is what judge takes for it.
	clearly = 2
	// again is how often the slowest run is measured again, alone, because
	// company may have made it the slowest.
	again = 3
)

// limits is the time limit while it becomes known.
type limits struct {
	value atomic.Pointer[judge.Limit] // nil: not known yet
	left  int                         // references whose runs are not complete; guarded by work.mu
	none  string                      // why there will never be one; guarded by work.mu
}

// known tells whether there is a time limit.
func (l *limits) known() bool { return l.value.Load() != nil }

// setLimit makes the time limit known.
func (w *work) setLimit(limit time.Duration) {
	margin := max(clearly, w.problem.Limits.LimitToTLE)
	w.limit.value.Store(&judge.Limit{Time: limit, Kill: time.Duration(margin * float64(limit))})
}

// beginLimit takes the limit that is stated, or finds the submissions to
// derive it from.
func (w *work) beginLimit() {
	if w.problem.Kind.SubmitAnswer { // nothing runs
		w.setLimit(brief)
		return
	}
	for _, s := range w.subs {
		s.reference = slices.ContainsFunc(w.cases, func(c *problem.Case) bool { return judge.BoundsBelow(s.Expect, w.problem.Format, c) })
		if s.reference {
			w.limit.left++
		}
	}
	if l := w.problem.Limits.Time; l > 0 {
		w.setLimit(l)
		return
	}
	if w.limit.left == 0 {
		w.noLimit("the package states no time limit and has no submission to derive it from")
	}
}

// nothingToDerive tells whether no reference could be run on this machine.
func (w *work) nothingToDerive() bool {
	return !slices.ContainsFunc(w.subs, func(s *sub) bool { return s.reference && s.notRun == "" })
}

// noLimit gives up on finding a time limit.
func (w *work) noLimit(why string) {
	w.limit.none = why
	w.find(Finding{
		Severity: problem.Error, Rule: "no-time-limit", File: w.file("problem.yaml"), Message: why + "; nothing is run without one",
		Hint: "state it as limits: {time_limit: …}, or put a correct solution into submissions/accepted",
	})
}

// referenceDone notes that a reference has no run left that can be made now.
func (w *work) referenceDone(ctx context.Context, s *sub) {
	if !s.reference || s.referred || w.limit.known() {
		return
	}
	s.referred = true
	w.limit.left--
	if w.limit.left == 0 {
		w.add(job{class: limitClass, expected: time.Hour}, func() { w.derive(ctx) })
	}
}

// derive computes the time limit from the runs of the references, and lets
// everything run that waited for it.
func (w *work) derive(ctx context.Context) {
	if err := w.measureAlone(ctx); err != nil {
		w.fail(ctx, err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	slowest := w.slowest()
	if slowest == nil {
		w.noLimit("the package states no time limit, and none of the submissions that must be fast enough can be used to derive it")
		if w.nothingToDerive() {
			w.find(Finding{
				Severity: problem.Error, Rule: ruleNoCompiler, File: w.file("submissions"),
				Message: "this machine cannot run the submissions that the time limit is derived from: the warnings say why",
				Hint:    "install what is missing, or state a time limit",
			})
		}
		return
	}
	w.setLimit(w.least(slowest.CPU))
	w.release(ctx)
}

// least returns the smallest multiple of the resolution, at least one, that is
// not below slowest times the multiplier.
func (w *work) least(slowest time.Duration) time.Duration {
	l := w.problem.Limits
	steps := math.Ceil(float64(slowest) * l.ACToLimit / float64(l.TimeResolution))
	return time.Duration(math.Max(1, steps)) * l.TimeResolution
}

// measureAlone measures the slowest run of the references again while nothing
// else runs, until it is one that was.
func (w *work) measureAlone(ctx context.Context) error {
	for range again {
		w.mu.Lock()
		s, i := w.slowestRun()
		w.mu.Unlock()
		if s == nil || s.results[i].Alone {
			return nil
		}
		limit := judge.Limit{Time: generous, Kill: generous, Alone: true}
		e, err := w.session.Try(ctx, s.compiled, w.cases[i], limit)
		if err != nil {
			return err
		}
		s.take(w.keys[i], i, kept{Event: e, Time: limit.Time, Kill: limit.Kill, Alone: true})
	}
	return nil
}

// slowest returns the slowest run that bounds the time limit from below.
func (w *work) slowest() *Timing {
	s, i := w.slowestRun()
	if s == nil {
		return nil
	}
	return w.timing(s, i)
}

func (w *work) slowestRun() (of *sub, at int) {
	var most time.Duration
	for _, s := range w.subs {
		for i := range w.cases {
			r := s.results[w.first[i]]
			if r.known && (of == nil || r.Event.CPU > most) && w.boundsBelow(s, i) && w.sound(s) {
				of, at, most = s, w.first[i], r.Event.CPU
			}
		}
	}
	return of, at
}

func (w *work) boundsBelow(s *sub, i int) bool {
	return judge.BoundsBelow(s.Expect, w.problem.Format, w.cases[i])
}

func (w *work) boundsAbove(s *sub) bool {
	return slices.ContainsFunc(s.Expect.Rules, judge.BoundsAbove)
}

// sound tells whether a submission does what is expected of it, but for its
// time: the time of one that fails tells nothing.
func (w *work) sound(s *sub) bool {
	if s.hopeless.Load() {
		return false
	}
	for i, c := range w.cases {
		r := s.results[w.first[i]]
		v := r.Event.Verdict
		if !r.known || v.Fold() == verdict.TimeLimit {
			continue
		}
		for _, rule := range s.Expect.Rules {
			if len(rule.Permitted) > 0 && rule.About(c.Name) && !v.In(rule.Permitted) {
				return false
			}
		}
	}
	return true
}

func (w *work) timing(s *sub, i int) *Timing {
	r := s.results[i]
	return &Timing{Submission: s.Path, Case: w.cases[i].Name, CPU: r.Event.CPU, Stopped: r.stopped()}
}

// fastest returns the run that bounds the time limit from above: of each
// submission that must be too slow the slowest run, and of these the fastest.
func (w *work) fastest() (fastest *Timing) {
	for _, s := range w.subs {
		for _, rule := range s.Expect.Rules {
			if !judge.BoundsAbove(rule) {
				continue
			}
			if t := w.slowestOf(s, rule); t != nil && (fastest == nil || t.CPU < fastest.CPU) {
				fastest = t
			}
		}
	}
	return fastest
}

// slowestOf returns the slowest run that a rule is about; nil if there is
// none, or one that waits instead of computing: no limit is too high for it.
func (w *work) slowestOf(s *sub, rule problem.Rule) (slowest *Timing) {
	for i, c := range w.cases {
		r := s.results[w.first[i]]
		if r.known && rule.About(c.Name) && r.Event.Verdict == verdict.IdleLimit {
			return nil
		}
		if r.known && rule.About(c.Name) && (slowest == nil || r.Event.CPU > slowest.CPU) {
			slowest = w.timing(s, w.first[i])
		}
	}
	return slowest
}

// explainLimit fills the time limit of the report, and finds what is wrong with
// it.
func (w *work) explainLimit() {
	if w.problem.Kind.SubmitAnswer {
		return
	}
	l, limit := w.problem.Limits, w.limit.value.Load()
	if limit == nil {
		return
	}
	t := &TimeLimit{
		Limit: limit.Time, Kill: limit.Kill, Stated: l.Time > 0, Source: l.TimeSource,
		Lower: l.ACToLimit, Upper: l.LimitToTLE, Resolution: l.TimeResolution,
		Slowest: w.slowest(), Fastest: w.fastest(),
	}
	if s := t.Slowest; s != nil {
		t.Least, t.LowerMargin = w.least(s.CPU), ratio(t.Limit, s.CPU)
		if !t.Stated {
			t.Source = fmt.Sprintf("derived: slowest %s on %s took %.2f s × %g, rounded up to %s", s.Submission, s.Case, s.CPU.Seconds(), l.ACToLimit, words(t.Limit))
		}
	}
	if f := t.Fastest; f != nil {
		t.Most, t.UpperMargin = time.Duration(float64(f.CPU)/l.LimitToTLE), ratio(f.CPU, t.Limit)
	}
	w.report.TimeLimit = t
	w.checkLimit(t)
}

func ratio(a, b time.Duration) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// words writes a limit without needless digits, such as Seconds has for 1.39 s.
func words(d time.Duration) string { return fmt.Sprintf("%g s", float64(d)/float64(time.Second)) }

// checkLimit compares the time limit with what the multipliers ask for.
func (w *work) checkLimit(t *TimeLimit) {
	file := w.file("problem.yaml")
	slow, fast := t.Slowest, t.Fastest
	tight := slow != nil && float64(slow.CPU)*t.Lower > float64(t.Limit)
	loose := fast != nil && float64(t.Limit)*t.Upper > float64(fast.CPU)
	switch {
	case loose && slow != nil && t.Most < t.Least:
		w.find(Finding{Severity: problem.Warning, Rule: "no-time-limit-fits", File: file, Submission: fast.Submission, Case: fast.Case, Message: fmt.Sprintf(
			"no time limit fits: %s takes %.3f s on %s, so that it should be at least %s, and %s, which should be too slow, takes %.3f s on %s, so that it should be at most %.3f s",
			slow.Submission, slow.CPU.Seconds(), slow.Case, words(t.Least), fast.Submission, fast.CPU.Seconds(), fast.Case, t.Most.Seconds()),
			Hint: "make the test data harder for slow submissions, or change the multipliers"})
	case loose:
		w.find(Finding{Severity: problem.Warning, Rule: "time-limit-loose", File: file, Submission: fast.Submission, Case: fast.Case, Message: fmt.Sprintf(
			"time limit %s is loose: %s should be too slow, and takes only %.3f s on %s, %.2f times the limit; it should be %g times",
			words(t.Limit), fast.Submission, fast.CPU.Seconds(), fast.Case, ratio(fast.CPU, t.Limit), t.Upper)})
	}
	if tight && t.Stated {
		w.find(Finding{Severity: problem.Warning, Rule: "time-limit-tight", File: file, Submission: slow.Submission, Case: slow.Case, Message: fmt.Sprintf(
			"time limit %s is tight: %s takes %.3f s on %s, and the limit should be %g times that, %s",
			words(t.Limit), slow.Submission, slow.CPU.Seconds(), slow.Case, t.Lower, words(t.Least))})
	}
}
