package judge

import (
	"context"
	"sync"

	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// parallel calls do for 0 to n-1, in this order, at most jobs at one time. It
// starts no more once ctx is done, and returns when all have returned.
func parallel(ctx context.Context, n, jobs int, do func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(n, jobs) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				do(i)
			}
		}()
	}
	defer wait.Wait()
	defer close(next)
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			return
		}
	}
}

// schedule keeps the results of the tests of one job, and knows which need not
// run any more.
type schedule struct {
	tests    []test
	scorer   *scoring.Scorer
	scores   bool // the scores decide what need not run
	failFast bool

	mu      sync.Mutex
	results scoring.Results
	skipped []bool                     // by place in tests
	first   int                        // index of the first test, in order, that is not accepted
	cancel  map[int]context.CancelFunc // of the tests that run
}

// runTests judges the tests in parallel and returns the event of kind Finished.
// What comes of that does not depend on which of them ended first.
func (s *session) runTests(ctx context.Context, tests []test, x *examiner) (Event, error) {
	sch := s.schedule(tests)
	emit := func(i int, e Event) {
		e.Index, e.Total = i+1, len(tests)
		s.emit(tests[i].event(e))
	}
	parallel(ctx, len(tests), s.Jobs, func(i int) {
		ctx, ok := sch.start(ctx, i)
		if !ok {
			return
		}
		emit(i, Event{Kind: Running})
		result, err := x.test(ctx, tests[i])
		if err != nil && ctx.Err() != nil {
			sch.end(i, Event{}) // interrupted, or pointless by now
			return
		}
		if err != nil {
			result = judgeError(err)
		}
		emit(i, sch.end(i, result))
	})
	if ctx.Err() != nil {
		sheet, _ := sch.scorer.Score(sch.results, nil)
		return Event{Kind: Finished, Verdict: sheet.Total.Verdict}, ctx.Err()
	}
	// It depends on chance which of the tests that need not run have run; the
	// report does not.
	for i := range tests {
		if sch.needless(i) {
			emit(i, Event{Kind: Case, Verdict: verdict.Skipped})
			sch.set(i, scoring.Result{Verdict: verdict.Skipped})
		}
	}
	return s.finish(ctx, sch)
}

// schedule makes the schedule for some of the tests of the problem, or all.
func (s *session) schedule(tests []test) *schedule {
	whole := len(tests) == len(allTests(s.Problem))
	return &schedule{
		tests: tests, scorer: scoring.New(s.Problem), failFast: s.FailFast, scores: whole && s.Problem.Kind.Scoring,
		results: scoring.Results{Cases: make([]scoring.Result, len(s.Problem.Cases())), Static: map[string]scoring.Result{}},
		skipped: make([]bool, len(tests)), first: len(tests), cancel: map[int]context.CancelFunc{},
	}
}

// start tells whether test i is still worth running, and gives it a context
// that ends when it no longer is.
func (s *schedule) start(ctx context.Context, i int) (context.Context, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.needless(i) {
		return ctx, false
	}
	ctx, s.cancel[i] = context.WithCancel(ctx)
	return ctx, true
}

// end notes the result of test i, and returns it with its score. Without a
// verdict there is none.
func (s *schedule) end(i int, e Event) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel[i]()
	delete(s.cancel, i)
	r := scoring.Result{Verdict: e.Verdict, Score: e.ValidatorScore, Multiplier: e.ValidatorMultiplier}
	s.set(i, r)
	e = scored(e, s.outcome(i, r))
	e.Kind = Case
	if e.Verdict == verdict.Accepted || e.Verdict == verdict.Pending {
		return e
	}
	s.first = min(s.first, i)
	s.skip()
	for j, cancel := range s.cancel {
		if s.needless(j) {
			cancel()
		}
	}
	return e
}

// needless tells whether the result of test i cannot matter.
func (s *schedule) needless(i int) bool { return s.skipped[i] || s.failFast && i > s.first }

// skip finds out what cannot matter because of what has failed.
func (s *schedule) skip() {
	if !s.scores {
		return
	}
	sheet, _ := s.scorer.Score(s.results, nil) // fails with a grader only
	for i, t := range s.tests {
		out := sheet.Static[t.group.Name]
		if t.Case != nil {
			out = sheet.Cases[t.place]
		}
		s.skipped[i] = out.Verdict == verdict.Skipped
	}
}

// set notes a result of test i.
func (s *schedule) set(i int, r scoring.Result) {
	if t := s.tests[i]; t.Case != nil {
		s.results.Cases[t.place] = r
		return
	}
	s.results.Static[s.tests[i].group.Name] = r
}

// outcome scores test i by itself.
func (s *schedule) outcome(i int, r scoring.Result) scoring.Outcome {
	if t := s.tests[i]; t.Case == nil {
		return s.scorer.Static(t.group, r)
	}
	return s.scorer.Case(s.tests[i].Case, r)
}
