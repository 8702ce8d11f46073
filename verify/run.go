package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/evalx/evalx/isolate/cores"
)

// Run verifies one package. Whatever is wrong with the package is in the
// report; an error means that evalx or the machine failed, or that ctx ended,
// and the report then has what was known until then.
func Run(ctx context.Context, p Package, cfg Config) (*Report, error) {
	reports, err := RunAll(ctx, []Package{p}, cfg)
	return reports[0], err
}

// mostOpen is how many packages are open at one time: the next one begins when
// those before leave a processor with nothing to do.
const mostOpen = 4

// RunAll verifies packages, and returns a report for each, in their order. A
// package that is broken does not keep the others from being verified. Errors
// are those of Run.
func RunAll(ctx context.Context, packages []Package, cfg Config) ([]*Report, error) {
	reports := make([]*Report, len(packages))
	for i, p := range packages {
		reports[i] = newReport(p)
	}
	if err := cfg.Validate(); err != nil {
		return reports, fmt.Errorf("verify: config: %w", err)
	}
	if cfg.Engine.Places == nil {
		cfg.Engine.Places = cores.NewPool(max(1, cfg.Engine.Jobs), nil)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t := newTeller(cfg)
	jobs := newPool(max(1, cfg.Engine.Jobs))
	var wait sync.WaitGroup
	open := make(chan struct{}, mostOpen)
	done := make([]chan struct{}, len(packages))
	for i := range done {
		done[i] = make(chan struct{})
	}
	t.reportInOrder(reports, done)
	for i, p := range packages {
		if ctx.Err() != nil {
			close(done[i])
			continue
		}
		open <- struct{}{}
		w := &work{Config: cfg, pool: jobs, index: i, tell: t, path: p.Path, report: reports[i]}
		wait.Go(func() {
			defer func() { close(done[i]); <-open }()
			if err := w.run(ctx); err != nil {
				stop(err)
			}
		})
		if i+1 < len(packages) {
			w.awaitHunger(ctx, done[i])
		}
	}
	wait.Wait()
	jobs.close()
	t.close()
	if err := context.Cause(ctx); err != nil {
		return reports, err
	}
	return reports, nil
}

// awaitHunger waits until the pool has a worker with nothing to do, or the
// package is done.
func (w *work) awaitHunger(ctx context.Context, done chan struct{}) {
	select { // what is left from before the package began
	case <-w.pool.hungry:
	default:
	}
	select {
	case <-w.pool.hungry:
	case <-done:
	case <-ctx.Done():
	}
}

// teller calls Progress and Done from one goroutine.
type teller struct {
	cfg    Config
	calls  chan func()
	done   chan struct{}
	orders sync.WaitGroup
}

func newTeller(cfg Config) *teller {
	t := &teller{cfg: cfg, calls: make(chan func(), 256), done: make(chan struct{})}
	go func() {
		defer close(t.done)
		for call := range t.calls {
			call()
		}
	}()
	return t
}

// progress tells what happens.
func (t *teller) progress(p Progress) {
	if t.cfg.Progress != nil {
		p.V = Version
		t.calls <- func() { t.cfg.Progress(p) }
	}
}

// reportInOrder tells of each report when it is complete.
func (t *teller) reportInOrder(reports []*Report, done []chan struct{}) {
	if t.cfg.Done == nil {
		return
	}
	t.orders.Go(func() {
		for i, r := range reports {
			<-done[i]
			t.calls <- func() { t.cfg.Done(r) }
		}
	})
}

// close waits until everything is told.
func (t *teller) close() {
	t.orders.Wait()
	close(t.calls)
	<-t.done
}

// interrupted tells whether err is that somebody ended ctx, not a failure.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Cause(ctx)))
}
