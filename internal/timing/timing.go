// Package timing finds out how far the CPU times that a sandbox measures on
// this machine can be trusted: it runs one and the same program many times,
// alone, beside others, and on a machine that is busy with something else.
package timing

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
)

// Config says what to measure with.
type Config struct {
	Sandbox isolate.Sandbox
	Places  *cores.Pool // where runs are, and how many there are at one time
	Load    int         // processes that keep the machine busy; 1 or more
	Repeats int         // runs in each situation, 2 or more
	Root    fs.FS       // root of the file system, for /proc/stat

	program []string
}

// Report is what was measured.
type Report struct {
	Series []Series // in the order of the situations
	Stolen float64  // part of the processors' time that a hypervisor took away meanwhile
}

// The situations in which a program is measured.
const (
	Alone  = "alone"  // nothing else runs
	Beside = "beside" // at every place there is a run
	Loaded = "loaded" // and besides the machine is busy with other processes
)

// Series are the runs in one situation.
type Series struct {
	Situation string    `json:"situation"`
	Runs      int       `json:"runs"`
	CPU       Quantiles `json:"cpu"`  // CPU time of a run
	Wall      Quantiles `json:"wall"` // time from its start to its end
	Memory    int64     `json:"memory_bytes"`
}

// Quantiles are the 5th, 50th and 95th percentile.
type Quantiles struct {
	P5  time.Duration `json:"p5_ns"`
	P50 time.Duration `json:"p50_ns"`
	P95 time.Duration `json:"p95_ns"`
}

// Spread is how far apart nine tenths of all values are, as a part of the
// median.
func (q Quantiles) Spread() float64 {
	if q.P50 == 0 {
		return 0
	}
	return float64(q.P95-q.P5) / float64(q.P50)
}

// QuantilesOf returns the quantiles of values, of which there must be some.
func QuantilesOf(values []time.Duration) Quantiles {
	sorted := slices.Sorted(slices.Values(values))
	at := func(percent int) time.Duration { return sorted[(len(sorted)-1)*percent/100] }
	return Quantiles{P5: at(5), P50: at(50), P95: at(95)}
}

// Measure measures in each situation a loop of the shell, which every machine
// has, that uses about 0.1 s of CPU time. It takes about three seconds for each
// ten repeats.
func Measure(ctx context.Context, cfg Config) (r Report, err error) {
	if cfg.Repeats < 2 || cfg.Load < 1 {
		return r, fmt.Errorf("timing: Repeats %d, Load %d: want at least 2 and 1", cfg.Repeats, cfg.Load)
	}
	if err := cfg.calibrate(ctx); err != nil {
		return r, err
	}
	before := readTimes(cfg.Root)
	for _, situation := range []string{Alone, Beside, Loaded} {
		s, err := cfg.series(ctx, situation)
		if err != nil {
			return r, err
		}
		r.Series = append(r.Series, s)
	}
	r.Stolen = readTimes(cfg.Root).stolenSince(before)
	return r, nil
}

// series runs the program again and again in one situation.
func (c *Config) series(ctx context.Context, situation string) (Series, error) {
	take := c.Places.Take
	switch situation {
	case Alone:
		take = c.Places.TakeAll
	case Loaded:
		stop, err := Busy(c.Load)
		if err != nil {
			return Series{}, err
		}
		defer stop()
	}
	exits := make([]isolate.Exit, c.Repeats)
	errs := make([]error, c.Repeats)
	next := make(chan int, c.Repeats)
	for i := range c.Repeats {
		next <- i
	}
	close(next)
	var wait sync.WaitGroup
	for range c.Places.Size() {
		wait.Go(func() {
			for i := range next {
				exits[i], errs[i] = c.runAt(ctx, take)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return Series{}, err
		}
	}
	return summary(situation, exits), nil
}

func (c *Config) runAt(ctx context.Context, take func(context.Context) (*cores.Place, error)) (isolate.Exit, error) {
	at, err := take(ctx)
	if err != nil {
		return isolate.Exit{}, err
	}
	defer at.Free()
	return c.run(ctx, at.CPUs)
}

// run runs the program, which must end well: nothing that it could do wrong is
// the program's fault.
func (c *Config) run(ctx context.Context, cpus []int) (isolate.Exit, error) {
	exit, err := c.Sandbox.Run(ctx, isolate.Cmd{
		Args: c.program, Env: []string{"PATH=/usr/bin:/bin"}, CPUs: cpus,
		Limits: isolate.Limits{CPU: 10 * time.Second, Wall: time.Minute, Memory: 256 << 20, Output: 1 << 20, Processes: 16},
	})
	if err == nil && (exit.Status != isolate.Exited || exit.Code != 0) {
		err = fmt.Errorf("%s ended with %v, code %d", c.program[0], exit.Status, exit.Code)
	}
	return exit, err
}

func summary(situation string, exits []isolate.Exit) Series {
	s := Series{Situation: situation, Runs: len(exits)}
	var cpu, wall []time.Duration
	for _, e := range exits {
		cpu, wall = append(cpu, e.CPU), append(wall, e.Wall)
		s.Memory = max(s.Memory, e.Memory)
	}
	s.CPU, s.Wall = QuantilesOf(cpu), QuantilesOf(wall)
	return s
}

// target is the CPU time that the program is to use: little enough to repeat
// it often, and far more than it takes to start it.
const target = 100 * time.Millisecond

// calibrate makes the program a loop of the shell that takes about target.
func (c *Config) calibrate(ctx context.Context) error {
	rounds := 20_000
	for range 3 {
		c.program = []string{"/bin/sh", "-c", fmt.Sprintf("i=0; while [ $i -lt %d ]; do i=$((i+1)); done", rounds)}
		exit, err := c.runAt(ctx, c.Places.TakeAll)
		if err != nil {
			return fmt.Errorf("timing: %w", err)
		}
		rounds = int(float64(rounds) * float64(target) / float64(max(exit.CPU, time.Millisecond)))
	}
	return nil
}
