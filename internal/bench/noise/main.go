// Command noise measures how far the CPU times and verdicts of evalx judge
// depend on what else the machine does. It judges a program that uses half the
// time limit on some test cases and twice the limit on others, at full
// parallelism, while as many other processes as there are processors keep the
// machine busy. `make bench-noise` calls it; docs/benchmarks.md says how to
// read it.
//
// usage: noise [flags] path/to/evalx
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/evalx/evalx/internal/timing"
)

// What is to be reached.
const (
	wantSpread = 0.10 // of the CPU time of a program that uses target when alone
	target     = 100 * time.Millisecond
	limit      = 2 * target
)

type options struct {
	evalx   string
	repeats int
	work    string
	load    int
}

func main() {
	var o options
	flag.IntVar(&o.repeats, "repeats", 500, "test cases at half the limit, and as many at twice the limit")
	flag.StringVar(&o.work, "work", "cpu", "what the program does: cpu, which needs nothing but a processor, or memory, which waits for it")
	flag.IntVar(&o.load, "load", runtime.NumCPU(), "processes that keep the machine busy")
	flag.Parse()
	if flag.NArg() != 1 || o.repeats < 20 || o.load < 0 {
		fmt.Fprintln(os.Stderr, "evalx: error: usage: noise [-repeats 20 or more] [-work cpu|memory] [-load n] path/to/evalx")
		os.Exit(2)
	}
	o.evalx = flag.Arg(0)
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(1)
	}
}

func run(o options, out io.Writer) error {
	dir, err := os.MkdirTemp("", "evalx-bench-noise-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.evalx, err = filepath.Abs(o.evalx); err != nil {
		return err
	}
	rounds, err := o.calibrate(dir)
	if err != nil {
		return err
	}
	quiet, err := o.measure(filepath.Join(dir, "quiet"), rounds, max(20, o.repeats/10), "--jobs=1")
	if err != nil {
		return err
	}
	stop := func() {}
	if o.load > 0 {
		if stop, err = timing.Busy(o.load); err != nil {
			return err
		}
	}
	defer stop()
	busy, err := o.measure(filepath.Join(dir, "busy"), rounds, o.repeats)
	if err != nil {
		return err
	}
	o.print(out, quiet, busy)
	return nil
}

// calibrate returns how many rounds of its loop the program does in target.
func (o options) calibrate(dir string) (int, error) {
	rounds := 1_000_000
	for try := range 3 {
		r, err := o.measure(filepath.Join(dir, fmt.Sprint("calibrate", try)), rounds, 5, "--jobs=1", "--only=secret/*-half", "--time-limit=20")
		if err != nil {
			return 0, err
		}
		rounds = int(float64(rounds) * float64(target) / float64(r.half().P50))
	}
	return rounds, nil
}

func (o options) print(out io.Writer, quiet, busy result) {
	fmt.Fprintf(out, "%d test cases at 0.5 and %d at 2 times the limit of %v; the program: %s; %d busy processes on %d processors\n",
		o.repeats, o.repeats, limit, o.work, o.load, runtime.NumCPU())
	for _, line := range []struct {
		name string
		result
	}{{"one at a time, quiet", quiet}, {"all places, busy", busy}} {
		q := line.half()
		fmt.Fprintf(out, "%-21s CPU p5 %v p50 %v p95 %v, spread %.1f %%; wall p50 %v\n", line.name+":",
			q.P5.Round(time.Microsecond), q.P50.Round(time.Microsecond), q.P95.Round(time.Microsecond), 100*q.Spread(),
			timing.QuantilesOf(line.wall).P50.Round(time.Microsecond))
	}
	spread, before := busy.half().Spread(), quiet.half().P50
	fmt.Fprintf(out, "median, busy/quiet: %.3f\n", float64(busy.half().P50)/float64(before))
	fmt.Fprintf(out, "spread of CPU time: %.1f %% (target %.0f %%: %s)\n", 100*spread, 100*wantSpread, met(spread <= wantSpread))
	fmt.Fprintf(out, "verdicts that flipped: %d of %d (target 0: %s); measured again alone: %d\n",
		busy.flips, busy.cases, met(busy.flips == 0), busy.again)
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "MISSED"
}
