// Command sandbox measures what running a program in the native sandbox costs,
// as a ratio to fork+exec+wait of the same program in the same run. `make
// bench-sandbox` calls it; docs/benchmarks.md says how to read it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
)

func main() {
	native.Main()
	runs := flag.Int("runs", 300, "runs of the smallest program; the others get fewer")
	parts := flag.Bool("parts", false, "print where the time of a run goes instead; needs perf(1) and root")
	traced := flag.Bool("traced", false, "make the runs that -parts looks at")
	flag.Parse()
	do := measure
	switch {
	case *parts:
		do = measureParts
	case *traced:
		do = runTraced
	}
	if err := do(*runs); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(5)
	}
}

func measure(runs int) error {
	dir, err := os.MkdirTemp("", "evalx-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir)
	if err != nil {
		return err
	}
	sandbox, err := native.Open(native.Config{Workers: 2})
	if err != nil {
		return err
	}
	defer sandbox.Close()
	b := bench{sandbox: sandbox, dir: dir}
	fmt.Printf("cgroup %q; sandboxed / bare, run in turn\n\n", sandbox.Capabilities().Cgroup)
	fmt.Printf("%-34s %6s %10s %8s   %6s %8s\n", "", "pairs", "bare", "median", "p95", "")
	for _, c := range []struct {
		what        string
		program     program
		runs        int
		gap         time.Duration
		median, p95 float64 // targets; 0 is none
	}{
		{"static C hello, back to back", programs.hello, runs, 0, 1.5, 2},
		{"static C hello, 50 ms apart", programs.hello, runs / 3, 50 * time.Millisecond, 2, 2},
		{"Python print", programs.python, runs / 2, 0, 1.05, 0},
		{"Java hello", programs.java, runs / 6, 0, 1.03, 0},
	} {
		bare, boxed, err := b.latency(c.program, c.runs, c.gap)
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		fmt.Printf("%-34s %6d %10v %8.2f%s   %6.2f%s\n", c.what, c.runs, quantile(bare, 50),
			ratio(boxed, bare, 50), atMost(c.median), ratio(boxed, bare, 95), atMost(c.p95))
	}
	return b.throughput(programs.hello, runs)
}

func atMost(target float64) string {
	if target == 0 {
		return "        "
	}
	return fmt.Sprintf(" (≤%.2f)", target)
}

type bench struct {
	sandbox *native.Sandbox
	dir     string         // holds the programs
	files   []isolate.File // what sandboxed runs find in their working folder
}

// bare is the physical limit: vfork, exec and wait, with output into memory.
func (b *bench) bare(p program) error {
	out, err := isolate.Output()
	if err != nil {
		return err
	}
	defer out.Close()
	args := p.in(b.dir)
	pid, err := syscall.ForkExec(args[0], args, &syscall.ProcAttr{Dir: b.dir, Env: []string{}, Files: []uintptr{out.Fd(), out.Fd(), out.Fd()}})
	if err != nil {
		return err
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil || status != 0 {
		return fmt.Errorf("%v ended with %v: %w", args, status, err)
	}
	return nil
}

// boxed is the same in the sandbox with every protection and limit on.
func (b *bench) boxed(p program) error {
	out, err := isolate.Output()
	if err != nil {
		return err
	}
	defer out.Close()
	exit, err := b.sandbox.Run(context.Background(), isolate.Cmd{
		Args:   p.in(isolate.ProgramDir),
		Stdin:  out,
		Stdout: out,
		Stderr: out,
		Files:  b.files,
		Mounts: []isolate.Mount{{Source: b.dir, Target: isolate.ProgramDir}},
		Limits: isolate.Limits{CPU: 10 * time.Second, Wall: 20 * time.Second, Memory: 1 << 30, Output: 1 << 20, Processes: 128},
	})
	if err == nil && (exit.Status != isolate.Exited || exit.Code != 0) {
		return fmt.Errorf("%v ended with %+v", p, exit)
	}
	return err
}

// latency compares the two run by run, in turn, so that what else the machine
// does touches both alike.
func (b *bench) latency(p program, runs int, gap time.Duration) (bare, boxed []time.Duration, err error) {
	const warmUp = 5
	for i := range runs + warmUp {
		for _, side := range []struct {
			run   func(program) error
			times *[]time.Duration
		}{{b.bare, &bare}, {b.boxed, &boxed}} {
			time.Sleep(gap)
			start := time.Now()
			if err := side.run(p); err != nil {
				return nil, nil, err
			}
			if i >= warmUp {
				*side.times = append(*side.times, time.Since(start))
			}
		}
	}
	return bare, boxed, nil
}

// throughput compares how many runs two at a time get done, in rounds that
// alternate between the two.
func (b *bench) throughput(p program, runs int) error {
	var bare, boxed []time.Duration
	const rounds = 9
	for range rounds {
		for _, side := range []struct {
			run   func(program) error
			times *[]time.Duration
		}{{b.bare, &bare}, {b.boxed, &boxed}} {
			took, err := parallel(2, runs/2, func() error { return side.run(p) })
			if err != nil {
				return err
			}
			*side.times = append(*side.times, took)
		}
	}
	fmt.Printf("static C hello, two at a time: %.0f %% of the runs that bare does in the same time (≥80 %%)\n", 100/ratio(boxed, bare, 50))
	return nil
}

func parallel(clients, runs int, run func() error) (time.Duration, error) {
	var wg sync.WaitGroup
	errs := make([]error, clients)
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			for i := 0; i < runs && errs[c] == nil; i++ {
				errs[c] = run()
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

func quantile(times []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)*percent/100].Round(time.Microsecond)
}

func ratio(a, b []time.Duration, percent int) float64 {
	return float64(quantile(a, percent)) / float64(quantile(b, percent))
}
