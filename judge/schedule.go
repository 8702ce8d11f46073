package judge

import (
	"context"
	"sync"

	"github.com/evalx/evalx/judge/problem"
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

// schedule keeps the verdicts of the test cases of one job.
type schedule struct {
	failFast bool
	mu       sync.Mutex
	verdicts []verdict.Verdict
	first    int                        // index of the first test case, in order, that is not accepted
	cancel   map[int]context.CancelFunc // of the test cases that run
}

// runCases judges the test cases in parallel. The verdict is that of the
// first one in order that is not accepted, whichever ended first.
func (s *session) runCases(ctx context.Context, cases []*problem.Case, x *examiner) (verdict.Verdict, error) {
	sch := &schedule{
		failFast: s.FailFast, verdicts: make([]verdict.Verdict, len(cases)),
		first: len(cases), cancel: map[int]context.CancelFunc{},
	}
	event := func(i int, e Event) Event {
		e.Case, e.Group, e.Index, e.Total = cases[i].Name, group(cases[i].Name), i+1, len(cases)
		return e
	}
	parallel(ctx, len(cases), s.Jobs, func(i int) {
		ctx, ok := sch.start(ctx, i)
		if !ok {
			return
		}
		s.emit(event(i, Event{Kind: Running}))
		result, err := x.examine(ctx, cases[i])
		if err != nil && ctx.Err() != nil {
			sch.end(i, verdict.Pending) // interrupted, or pointless by now
			return
		}
		if err != nil {
			result = judgeError(err)
		}
		sch.end(i, result.Verdict)
		result.Kind = Case
		s.emit(event(i, result))
	})
	if ctx.Err() != nil {
		return sch.verdict(), ctx.Err()
	}
	// With fail-fast it depends on chance which test cases behind the first
	// failing one have run; the report does not.
	for i := sch.first + 1; s.FailFast && i < len(cases); i++ {
		s.emit(event(i, Event{Kind: Case, Verdict: verdict.Skipped}))
	}
	return sch.verdict(), nil
}

// start tells whether test case i is still worth running, and gives it a
// context that ends when it no longer is.
func (s *schedule) start(ctx context.Context, i int) (context.Context, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failFast && i > s.first {
		return ctx, false
	}
	ctx, s.cancel[i] = context.WithCancel(ctx)
	return ctx, true
}

// end notes the verdict of test case i.
func (s *schedule) end(i int, v verdict.Verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel[i]()
	delete(s.cancel, i)
	s.verdicts[i] = v
	if v == verdict.Accepted || v == verdict.Pending || i > s.first {
		return
	}
	s.first = i
	for j, cancel := range s.cancel {
		if s.failFast && j > i {
			cancel()
		}
	}
}

// verdict folds the verdicts of the test cases: Pending if one that decides
// did not run.
func (s *schedule) verdict() verdict.Verdict {
	for _, v := range s.verdicts {
		if v != verdict.Accepted {
			return v
		}
	}
	return verdict.Accepted
}
