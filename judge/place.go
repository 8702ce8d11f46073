package judge

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// place is where and for how long a program runs on a test case.
type place struct {
	cpus   []int         // processors; empty: any
	limit  time.Duration // time limit
	factor int           // wall time at which it is killed, in time limits
}

// enough is the number of runs alone, one after the other, that changed
// nothing, after which company is believed not to matter to a submission:
// above the limit and below it separately. It bounds what a submission costs that uses its time up on every test case.
const enough = 3

// doubts decides which test cases run again alone. Beside other runs a program
// uses more CPU time than alone, because they share caches and memory, the
// clock of the processor and with SMT its units. That matters where it can
// turn the verdict: in a band around the limit. How far above the limit a run
// would have come is not known, for it is killed there; as company can double
// the time of a program that mostly waits for memory, every one is doubted.
type doubts struct {
	limit time.Duration
	band  time.Duration // from this far below the limit on there is doubt; 0: there is none
	// Runs alone in a row that changed nothing for what was too slow beside
	// others, and for what was not.
	slow, fast atomic.Int32
}

// newDoubts returns the doubts for a time limit. part is judge.Config.Band.
func newDoubts(limit time.Duration, part float64) *doubts {
	return &doubts{limit: limit, band: time.Duration(part * float64(limit))}
}

// about tells whether a run beside others has to be repeated alone.
func (d *doubts) about(cpu time.Duration) bool {
	return d.band > 0 && cpu >= d.limit-d.band && d.settled(cpu).Load() < enough
}

// settle takes notice of what a run used beside others and then alone.
func (d *doubts) settle(beside, alone time.Duration) {
	if (beside > d.limit) == (alone > d.limit) {
		d.settled(beside).Add(1)
		return
	}
	d.slow.Store(0)
	d.fast.Store(0)
}

func (d *doubts) settled(cpu time.Duration) *atomic.Int32 {
	if cpu > d.limit {
		return &d.slow
	}
	return &d.fast
}

// measured is a run whose CPU time counts. It keeps its place until free is
// called, for what belongs to it.
type measured struct {
	outcome
	cpus   []int
	beside time.Duration // if it ran alone, what it had used before beside others
	free   func()
}

// runSurely runs the submission on a test case at a free place, and again
// alone if there is doubt about the first run.
func (x *examiner) runSurely(ctx context.Context, c *problem.Case) (m measured, err error) {
	if m.cpus, m.free, err = x.Places.Take(ctx); err != nil {
		return m, err
	}
	at := place{cpus: m.cpus, limit: x.limit, factor: idleFactor}
	m.outcome, err = x.runPatiently(ctx, c, at)
	if err == nil && x.doubtful(m.exit) {
		m.free()
		return x.runAlone(ctx, c, m)
	}
	if err != nil {
		m.free()
	}
	return m, err
}

// runAlone waits until it can be alone and repeats the run, unless other test
// cases have settled the doubt in the meantime.
func (x *examiner) runAlone(ctx context.Context, c *problem.Case, m measured) (measured, error) {
	var err error
	if m.cpus, m.free, err = x.Places.TakeAll(ctx); err != nil || !x.doubtful(m.exit) {
		return m, err
	}
	m.beside = m.exit.CPU
	m.outcome, err = x.runPatiently(ctx, c, place{cpus: m.cpus, limit: x.limit, factor: idleFactor})
	if err != nil {
		m.free()
		return m, err
	}
	x.doubts.settle(m.beside, m.exit.CPU)
	return m, nil
}

// doubtful tells whether a run has to be repeated alone: if it was not alone,
// and if its CPU time decides.
func (x *examiner) doubtful(exit isolate.Exit) bool {
	v, _ := x.ending(exit)
	return x.Places.Size() > 1 && (v == verdict.Accepted || v == verdict.TimeLimit) && x.doubts.about(exit.CPU)
}

// runPatiently runs the submission on a test case, a second time if the
// machine was too busy to tell whether the submission is.
func (x *examiner) runPatiently(ctx context.Context, c *problem.Case, at place) (outcome, error) {
	out, err := x.runCase(ctx, x.program, c, at)
	if err == nil && out.exit.Status == isolate.WallLimit && out.exit.CPU > x.limit/busyPart {
		at.factor *= patience
		return x.runCase(ctx, x.program, c, at)
	}
	return out, err
}

// slowestAlone returns the most CPU time that a program needs on one of the
// test cases, given what it needed beside other runs. The slowest one runs
// again alone, for company may have made it the slowest, until it is one that
// did, or enough have.
func (s *session) slowestAlone(ctx context.Context, p *program, cases []*problem.Case, took []time.Duration) (time.Duration, error) {
	alone := make([]bool, len(cases))
	for range enough {
		i := slices.Index(took, slices.Max(took))
		if s.Places.Size() == 1 || alone[i] {
			break
		}
		cpus, free, err := s.Places.TakeAll(ctx)
		if err != nil {
			return 0, err
		}
		out, err := s.runCase(ctx, p, cases[i], place{cpus: cpus, limit: generous, factor: idleFactor})
		free()
		if err != nil {
			return 0, err
		}
		took[i], alone[i] = out.exit.CPU, true
	}
	return slices.Max(took), nil
}
