package stress

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/evalx/evalx/judge"
)

// Result is what became of a trial.
type Result struct {
	Trial Trial
	// Failure says what failed, so that equal failures have equal words, such
	// as "WA of squares.py"; "" if nothing did.
	Failure string
	Culprit Culprit
	Name    string // of the submission or validator that failed, or of the one that refused
	Message string // why, for people
	Args    []string
	Input   []byte
	Answer  []byte      // what the reference wrote; nil if it did not run
	Event   judge.Event // of the submission, if one failed
}

// Culprit says what has to be mended.
type Culprit string

// The culprits.
const (
	Submission Culprit = "submission"       // it got another verdict than AC
	Reference  Culprit = "reference"        // it failed, or the output validator refused its output
	Generator  Culprit = "generator"        // it failed, or made an invalid input
	Validator  Culprit = "output validator" // it failed
)

// Try runs one trial. It is called from several goroutines at once.
type Try func(ctx context.Context, t Trial) (Result, error)

// Hunt says what trials to make.
type Hunt struct {
	Params []Param
	Seed   uint64
	Jobs   int // trials at one time, 1 or more
	Count  int // most trials; 0: until the context is done
	// Tell is called after every trial with the number of those done, by one
	// goroutine at a time. It may be nil.
	Tell func(done int)
}

// Find makes trials until one fails, and returns it, or nil, and how many were
// made. Of several it is that with the lowest index, whatever Jobs is and
// however fast they were. When ctx is done it returns its error.
func (h Hunt) Find(ctx context.Context, try Try) (found *Result, trials int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	next, end := 1, h.Count // the next index, and the last one
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if ctx.Err() != nil || end > 0 && next > end {
			return 0, false
		}
		next++
		return next - 1, true
	}
	put := func(r Result) {
		mu.Lock()
		defer mu.Unlock()
		trials++
		if r.Failure != "" && (found == nil || r.Trial.Index < found.Trial.Index) {
			found, end = &r, r.Trial.Index
		}
		if h.Tell != nil {
			h.Tell(trials)
		}
	}
	var wait sync.WaitGroup
	for range h.Jobs {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i, ok := take(); ok; i, ok = take() {
				r, err := try(ctx, plan(h.Params, h.Seed, i))
				if err != nil {
					stop(err)
					return
				}
				put(r)
			}
		}()
	}
	wait.Wait()
	if found == nil {
		err = context.Cause(ctx)
	}
	return found, trials, err
}

// seedsEach is how many seeds are tried for each set of values: another one
// than the first may fail with lower values where that does not.
const seedsEach = 4

// seedsLast is how many are tried in the end, for the smallest input.
const seedsLast = 16

// Shrink looks for a trial that fails in the same way with lower parameters,
// and then for one with a smaller input. It makes at most most trials, returns
// the best one that it knows when ctx is done, and how many trials it made. An
// error is one of try; best is as good as it was before that.
func (h Hunt) Shrink(ctx context.Context, first Result, most int, try Try) (best Result, trials int, err error) {
	s := &shrinker{Hunt: h, try: try, best: first, left: most}
	// Until every parameter was tried since another one was lowered.
	for i, settled := 0, 0; settled < len(h.Params) && s.more(ctx); i++ {
		settled++
		if s.lower(ctx, i%len(h.Params)) {
			settled = 1
		}
	}
	s.smallest(ctx)
	if ctx.Err() != nil {
		s.err = nil
	}
	return s.best, most - s.left, s.err
}

type shrinker struct {
	Hunt
	try  Try
	best Result
	left int // trials that may still be made
	err  error
}

// more tells whether more trials may be made.
func (s *shrinker) more(ctx context.Context) bool {
	return s.left > 0 && s.err == nil && ctx.Err() == nil
}

// lower brings one parameter as near to its simplest value as it gets: by
// steps that start with the whole way, become smaller where nothing fails
// behind them, and larger again where something does.
func (s *shrinker) lower(ctx context.Context, i int) (changed bool) {
	simple := s.Params[i].simplest()
	at := func() int64 { return s.best.Trial.Values[i] }
	for step := simple - at(); step != 0 && s.more(ctx); {
		values := slices.Clone(s.best.Trial.Values)
		values[i] += step
		if s.fails(ctx, values) {
			changed = true
			if way := simple - at(); abs(step) >= abs(way)/2 {
				step = way
			} else {
				step *= 2
			}
			continue
		}
		step /= 2
	}
	return changed
}

func abs(n int64) int64 { return max(n, -n) }

// fails tries values with several seeds and keeps the first that fails.
func (s *shrinker) fails(ctx context.Context, values []int64) bool {
	for _, r := range s.batch(ctx, values, seedsEach) {
		if r.Failure == s.best.Failure {
			s.best = r
			return true
		}
	}
	return false
}

// smallest tries more seeds with the values found, for the smallest input.
func (s *shrinker) smallest(ctx context.Context) {
	for _, r := range s.batch(ctx, s.best.Trial.Values, seedsLast) {
		if r.Failure == s.best.Failure && len(r.Input) < len(s.best.Input) {
			s.best = r
		}
	}
}

// batch runs trials at one time, the first with the best trial's seed, and
// returns those that came to an end, in order.
func (s *shrinker) batch(ctx context.Context, values []int64, seeds int) []Result {
	if !s.more(ctx) {
		return nil
	}
	seeds = min(seeds, s.left)
	s.left -= seeds
	results := make([]Result, seeds)
	errs := make([]error, seeds)
	free := make(chan struct{}, s.Jobs)
	var wait sync.WaitGroup
	for i := range seeds {
		t := Trial{Index: s.best.Trial.Index, Seed: s.best.Trial.Seed, Values: values}
		if i > 0 {
			t.Seed = plan(nil, uint64(s.best.Trial.Seed), i).Seed
		}
		free <- struct{}{}
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() { <-free }()
			results[i], errs[i] = s.try(ctx, t)
		}()
	}
	wait.Wait()
	s.err = errors.Join(errs...)
	return results
}
