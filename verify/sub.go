package verify

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// sub is a submission that is being verified.
type sub struct {
	problem.Submission
	index     int
	reference bool // its runs bound the time limit from below

	compiled *judge.Submission // nil before, and if it could not be compiled
	notRun   string            // why there is no result
	refused  *Finding          // it is refused before anything of it runs

	mu      sync.Mutex
	results []result        // by test case; those that share one with another are empty
	pending int             // test cases that are queued
	clear   atomic.Int32    // test cases on which it was stopped, clearly too slow or idle
	kept    map[string]kept // by key of the test case; nil before restore
	key     string          // of what is kept; "" if nothing is
	changed bool            // something is to be kept
	started bool            // some program of it was started now

	static map[string]judge.Event // of its sources, by group; nil before they are queued
	events []judge.Event          // of all test cases, under the time limit
	judged judge.Report           // what comes of them

	referred bool        // a reference whose runs are complete; guarded by work.mu
	hopeless atomic.Bool // a reference that is too slow to bound the time limit
}

// result is what is known of a submission on a test case.
type result struct {
	kept
	known  bool
	cached bool // it ran earlier
	queued bool
}

func newSub(w *work, index int, s problem.Submission) *sub {
	return &sub{Submission: s, index: index, results: make([]result, len(w.cases))}
}

// compile compiles a submission.
func (w *work) compile(ctx context.Context, s *sub) {
	at, err := w.place(ctx)
	if err != nil {
		return
	}
	hear, started := w.hear(s.Path), false
	compiled, err := w.session.Compile(ctx, s.Program, func(e judge.Event) {
		started = started || e.Kind == judge.Compiling
		hear(e)
	})
	at()
	if interrupted(ctx, err) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s.compiled, s.started = compiled, started
	var refused *judge.SubmissionError
	switch why := missing(err); {
	case why != "":
		s.notRun = why
	case errors.As(err, &refused):
		s.refused = &Finding{Message: err.Error(), Hint: refused.Hint()}
	case err != nil:
		w.fail(ctx, err)
		return
	}
	if s.judgeable() {
		w.releaseSub(ctx, s)
	} else {
		w.referenceDone(ctx, s)
	}
}

// judgeable tells whether the submission can run.
func (s *sub) judgeable() bool { return s.compiled != nil && s.compiled.OK }

// missing says why a program cannot be compiled or run on this machine, or "".
func missing(err error) string {
	var missing *language.Missing
	var broken *language.Broken
	var unsupported *language.Unsupported
	if errors.As(err, &missing) || errors.As(err, &broken) || errors.As(err, &unsupported) {
		return err.Error()
	}
	return ""
}

// release queues what waited for the output validators or the time limit. The
// caller holds w.mu, as of all that follow.
func (w *work) release(ctx context.Context) {
	for _, s := range w.subs {
		if s.judgeable() {
			w.releaseSub(ctx, s)
		}
	}
}

// releaseSub queues the test cases of a submission if they can run.
func (w *work) releaseSub(ctx context.Context, s *sub) {
	if !w.ready || w.invalid || w.limit.none != "" {
		return
	}
	if s.kept == nil {
		w.restore(s)
	}
	w.releaseStatic(ctx, s)
	if !w.limit.known() && !s.reference {
		return
	}
	class := runClass
	if !w.limit.known() {
		class = limitClass
	}
	limit, deriving := w.limitFor(s)
	s.mu.Lock()
	var todo []int
	for i := range w.cases {
		if w.first[i] == i && !s.results[i].known && !s.results[i].queued {
			if w.fromKept(s, i, limit) || s.hopeless.Load() && deriving {
				continue
			}
			s.results[i].queued = true
			todo = append(todo, i)
		}
	}
	s.pending += len(todo)
	idle := s.pending == 0
	s.mu.Unlock()
	for _, i := range todo {
		w.add(job{class: class, expected: w.expected(s, i)}, func() { w.runCase(ctx, s, i) })
	}
	if idle {
		w.referenceDone(ctx, s)
	}
}

// runCase runs a submission on a test case.
func (w *work) runCase(ctx context.Context, s *sub, i int) {
	defer w.caseDone(ctx, s, i)
	limit, deriving := w.limitFor(s)
	if ctx.Err() != nil || s.hopeless.Load() && deriving {
		return
	}
	c := w.cases[i]
	w.say(Running, judge.Event{Kind: judge.Running, Submission: s.Path, Case: c.Name, Index: i + 1, Total: len(w.cases)})
	e, err := w.session.Try(ctx, s.compiled, c, limit)
	if err == nil && deriving && e.Verdict == verdict.TimeLimit {
		limit = judge.Limit{Time: generous, Kill: generous}
		e, err = w.session.Try(ctx, s.compiled, c, limit)
	}
	if err != nil {
		w.fail(ctx, err)
		return
	}
	if limit.Kill > limit.Time && (e.CPU >= limit.Kill || e.Verdict == verdict.IdleLimit) {
		s.clear.Add(1)
	}
	s.take(w.keys[i], i, kept{Event: e, Time: limit.Time, Kill: limit.Kill})
	if deriving && e.Verdict.Fold() == verdict.TimeLimit {
		s.hopeless.Store(true)
	}
	e.Submission, e.Index, e.Total = s.Path, i+1, len(w.cases)
	w.say(Running, e)
}

// take notes the result on a test case.
func (s *sub) take(key string, i int, k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results[i], s.started = result{kept: k, known: true}, true
	if k.Event.Verdict != verdict.JudgeError {
		s.kept[key], s.changed = k, true
	}
}

// caseDone notes that a queued test case has its result, or will get none now.
func (w *work) caseDone(ctx context.Context, s *sub, i int) {
	s.mu.Lock()
	s.results[i].queued = false
	s.pending--
	idle := s.pending == 0
	s.mu.Unlock()
	if idle && ctx.Err() == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.referenceDone(ctx, s)
	}
}

// enough is on how many test cases a submission runs on after the time limit,
// to tell by how much it is too slow.
const enough = 2

// limitFor returns the limit for the next run of a submission, and whether that
// is to derive the time limit.
func (w *work) limitFor(s *sub) (limit judge.Limit, deriving bool) {
	known := w.limit.value.Load()
	if known == nil {
		return judge.Limit{Time: brief, Kill: brief}, true
	}
	l := *known
	if s.clear.Load() >= enough {
		l.Kill = l.Time
	}
	return l, false
}

// expected guesses how long a submission runs on a test case.
func (w *work) expected(s *sub, i int) time.Duration {
	if d, ok := w.timings.of(s.Path, w.cases[i].Name); ok {
		return d
	}
	guess := 10*time.Millisecond + time.Duration(fileSize(w.cases[i].Input))*50*time.Nanosecond
	if slices.ContainsFunc(s.Expect.Rules, func(r problem.Rule) bool { return slices.Contains(r.Required, verdict.TimeLimit) }) {
		guess *= 100
	}
	return guess
}
