package judge

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// enough is the number of runs alone, one after the other, that changed
// nothing, after which company is believed not to matter to a submission:
// above the limit and below it separately. It bounds what a submission costs
// that uses its time up on every test case.
const enough = 3

// doubts decides which test cases run again alone. Beside other runs a program
// uses more CPU time than alone, because they share caches and memory, the
// clock of the processor and with SMT its units. That matters where it can
// turn the verdict: in a band around the limit. Company can double the time of
// a program that mostly waits for memory, so that only a run of twice the limit
// is beyond doubt; most are killed before.
type doubts struct {
	limit time.Duration
	band  time.Duration // from this far below the limit on there is doubt; 0: there is none
	// Runs alone in a row that changed nothing for what was too slow beside
	// others, and for what was not.
	slow, fast atomic.Int32
}

// clearly is how many times the limit a run beside others has to use to be too
// slow without doubt.
const clearly = 2

// newDoubts returns the doubts for a time limit. part is judge.Config.Band.
func newDoubts(limit time.Duration, part float64) *doubts {
	return &doubts{limit: limit, band: time.Duration(part * float64(limit))}
}

// about tells whether a run beside others has to be repeated alone.
func (d *doubts) about(cpu time.Duration) bool {
	return d.band > 0 && cpu >= d.limit-d.band && cpu < clearly*d.limit && d.settled(cpu).Load() < enough
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

// measured is a run whose CPU time counts. It keeps its place, for what belongs
// to it, until that is freed.
type measured struct {
	outcome
	place  *cores.Place
	beside time.Duration // if it ran again alone, what it had used before
}

// runSurely runs the submission on a test case at a free place, and once more,
// alone and with more patience, if that can tell more: if there is doubt about
// the run, unless other test cases have settled it while this one waited to be
// alone, or if the machine was too busy to tell whether the submission is.
// There is never a third run: each is another chance for a program that
// behaves differently each time.
func (x *examiner) runSurely(ctx context.Context, c *problem.Case) (m measured, err error) {
	take := x.Places.Take
	if x.alone {
		take = x.Places.TakeAll
	}
	if m.place, err = take(ctx); err != nil {
		return m, err
	}
	if m.outcome, err = x.attempt(ctx, c, m.place, idleFactor); err != nil {
		return m.orFree(err)
	}
	starved, alone := x.starved(m.outcome), m.place.Alone()
	if m.exit.CPU >= clearly*x.limit {
		x.doubts.settle(m.exit.CPU, m.exit.CPU)
	}
	if !starved && (alone || !x.doubtful(m.outcome)) {
		return m, nil
	}
	if !alone {
		m.place.Free()
		if m.place, err = x.Places.TakeAll(ctx); err != nil || !starved && !x.doubtful(m.outcome) {
			return m, err
		}
		m.beside = m.exit.CPU
	}
	m.outcome, err = x.attempt(ctx, c, m.place, idleFactor*patience)
	if err == nil && !alone && !starved {
		x.doubts.settle(m.beside, m.exit.CPU)
	}
	return m.orFree(err)
}

// orFree frees the place if the run failed.
func (m measured) orFree(err error) (measured, error) {
	if err != nil {
		m.place.Free()
	}
	return m, err
}

// doubtful tells whether a run beside others has to be repeated alone: if its
// CPU time can decide.
func (x *examiner) doubtful(out outcome) bool {
	v, _ := x.ending(out.exit)
	return !out.early && (v == verdict.Accepted || v == verdict.TimeLimit) && x.doubts.about(out.exit.CPU)
}

// starved tells whether a program came to no end because the machine was busy.
func (x *examiner) starved(out outcome) bool {
	exit := out.exit
	switch {
	case exit.Status != isolate.WallLimit || out.early:
		return false
	case exit.Waited > 0:
		return exit.Waited > exit.Wall/waitedPart
	}
	return exit.CPU > x.limit/busyPart
}

// slowestAlone returns the most CPU time that a program needs on one of the
// test cases, given what it took and whether it was alone. If the slowest one
// was not it runs again alone, for company may have made it the slowest, until
// it is one that was, or enough have.
func (x *examiner) slowestAlone(ctx context.Context, cases []*problem.Case, took []time.Duration, alone []bool) (time.Duration, error) {
	for range enough {
		i := slices.Index(took, slices.Max(took))
		if alone[i] {
			break
		}
		at, err := x.Places.TakeAll(ctx)
		if err != nil {
			return 0, err
		}
		out, err := x.attempt(ctx, cases[i], at, idleFactor)
		at.Free()
		if err != nil {
			return 0, err
		}
		took[i], alone[i] = out.exit.CPU, true
	}
	return slices.Max(took), nil
}
