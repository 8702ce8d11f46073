// Command sandbox measures what running a program in the native sandbox costs,
// as a ratio to fork+exec+wait of the same program in the same run. `make
// bench-sandbox` calls it; docs/benchmarks.md says how to read it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
)

func main() {
	native.Main()
	runs := flag.Int("runs", 300, "runs of each kind")
	flag.Parse()
	if err := measure(*runs); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(5)
	}
}

const hello = `#include <unistd.h>
int main() { return write(1, "hello\n", 6) != 6; }
`

func measure(runs int) error {
	dir, err := os.MkdirTemp("", "evalx-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := build(dir); err != nil {
		return err
	}
	sandbox, err := native.Open(native.Config{Workers: 2})
	if err != nil {
		return err
	}
	defer sandbox.Close()
	b := bench{sandbox: sandbox, dir: dir}
	fmt.Printf("cgroup %q; static C hello, medians of %d pairs, each pair in one go\n", sandbox.Capabilities().Cgroup, runs)
	for _, gap := range []time.Duration{0, 50 * time.Millisecond} {
		n := runs
		if gap > 0 {
			n = runs / 3
		}
		if err := b.latency(n, gap); err != nil {
			return err
		}
	}
	return b.throughput(runs)
}

// build compiles the program. Statically linked, it is the smallest that can
// be run, so that what the sandbox adds shows most.
func build(dir string) error {
	source := filepath.Join(dir, "hello.c")
	if err := os.WriteFile(source, []byte(hello), 0o644); err != nil {
		return err
	}
	out, err := exec.Command("gcc", "-O2", "-static", "-o", filepath.Join(dir, "hello"), source).CombinedOutput()
	if err != nil {
		return fmt.Errorf("gcc: %w: %s", err, out)
	}
	return os.Chmod(dir, 0o755)
}

type bench struct {
	sandbox *native.Sandbox
	dir     string
}

// bare is the physical limit: vfork, exec and wait, with output into memory.
func (b *bench) bare() error {
	out, err := isolate.Output()
	if err != nil {
		return err
	}
	defer out.Close()
	path := filepath.Join(b.dir, "hello")
	pid, err := syscall.ForkExec(path, []string{path}, &syscall.ProcAttr{Files: []uintptr{out.Fd(), out.Fd(), out.Fd()}})
	if err != nil {
		return err
	}
	_, err = syscall.Wait4(pid, nil, 0, nil)
	return err
}

// boxed is the same in the sandbox with every protection and limit on.
func (b *bench) boxed() error {
	out, err := isolate.Output()
	if err != nil {
		return err
	}
	defer out.Close()
	exit, err := b.sandbox.Run(context.Background(), isolate.Cmd{
		Args:   []string{isolate.ProgramDir + "/hello"},
		Stdin:  out,
		Stdout: out,
		Stderr: out,
		Mounts: []isolate.Mount{{Source: b.dir, Target: isolate.ProgramDir}},
		Limits: isolate.Limits{CPU: time.Second, Wall: 5 * time.Second, Memory: 256 << 20, Output: 1 << 20, Processes: 16},
	})
	if err == nil && (exit.Status != isolate.Exited || exit.Code != 0) {
		return fmt.Errorf("hello ended with %+v", exit)
	}
	return err
}

// latency compares the two run by run, in turn, so that what else the machine
// does touches both alike.
func (b *bench) latency(runs int, gap time.Duration) error {
	var bare, boxed []time.Duration
	for i := range runs + 10 {
		for _, side := range []struct {
			run   func() error
			times *[]time.Duration
		}{{b.bare, &bare}, {b.boxed, &boxed}} {
			time.Sleep(gap)
			start := time.Now()
			if err := side.run(); err != nil {
				return err
			}
			if i >= 10 { // the first warm up
				*side.times = append(*side.times, time.Since(start))
			}
		}
	}
	fmt.Printf("%v apart: bare %v p95 %v; sandboxed %v p95 %v; ratio %.2f p95 %.2f\n", gap,
		quantile(bare, 50), quantile(bare, 95), quantile(boxed, 50), quantile(boxed, 95),
		ratio(boxed, bare, 50), ratio(boxed, bare, 95))
	return nil
}

// throughput compares how many runs two at a time get done, in rounds that
// alternate between the two.
func (b *bench) throughput(runs int) error {
	var bare, boxed []time.Duration
	for range 5 {
		for _, side := range []struct {
			run   func() error
			times *[]time.Duration
		}{{b.bare, &bare}, {b.boxed, &boxed}} {
			took, err := parallel(2, runs/2, side.run)
			if err != nil {
				return err
			}
			*side.times = append(*side.times, took)
		}
	}
	fmt.Printf("two at a time: sandboxed does %.0f %% of the runs that bare does in the same time\n", 100/ratio(boxed, bare, 50))
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
