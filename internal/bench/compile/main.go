// Command compile measures what compiling costs: evalx judge against plain g++
// of the same file with the same flags, when the precompiled header is there
// and when it is not, and the start of evalx on a program that it knows. Only
// the ratios travel from one machine to another; docs/benchmarks.md says what
// is in them. `make bench-compile` calls it.
//
// usage: compile path/to/evalx [rounds]
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("usage: compile path/to/evalx [rounds]")
	}
	rounds := 9
	if len(args) == 2 {
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 {
			return fmt.Errorf("rounds: %q is not a positive number", args[1])
		}
		rounds = n
	}
	evalx, err := filepath.Abs(args[0])
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-compile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if err := writePackage(dir); err != nil {
		return err
	}
	b := &bench{dir: dir, evalx: evalx, times: map[string][]time.Duration{}}
	if err := b.first(); err != nil {
		return err
	}
	for range rounds + 1 {
		if err := b.round(); err != nil {
			return err
		}
	}
	for name := range b.times {
		if len(b.times[name]) > 2 {
			b.times[name] = b.times[name][1:] // the first round warms the file caches
		}
	}
	b.show(out)
	return nil
}

// What is measured.
const (
	plain   = "g++ by hand"
	before  = "g++ by hand, just before the first time"
	firstly = "evalx, the first time ever"
	making  = "evalx, making the precompiled header"
	cold    = "evalx, with the precompiled header"
	anew    = "evalx, without any cache"
	warm    = "evalx, nothing to compile"
	version = "evalx version, from start to end"
)

// bench measures in a folder with an evalx.
type bench struct {
	dir, evalx string
	sources    int // that were written
	times      map[string][]time.Duration
}

// add measures once.
func (b *bench) add(name string, measure func() (time.Duration, error)) error {
	took, err := measure()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.times[name] = append(b.times[name], took)
	return nil
}

// first measures the first two compile steps of a new user, as they can be
// measured only once, and plain g++ before.
func (b *bench) first() error {
	for _, step := range []struct {
		name    string
		measure func() (time.Duration, error)
	}{{before, b.gxx}, {before, b.gxx}, {firstly, b.cached}, {making, b.cached}} {
		if err := b.add(step.name, step.measure); err != nil {
			return err
		}
	}
	return nil
}

// round measures all else once, one after the other, so that a disturbance of
// the machine meets all of them.
func (b *bench) round() error {
	for _, step := range []struct {
		name    string
		measure func() (time.Duration, error)
	}{
		{plain, b.gxx},
		{cold, b.cached},
		{anew, b.uncached},
		{warm, b.start},
		{version, b.version},
	} {
		if err := b.add(step.name, step.measure); err != nil {
			return err
		}
	}
	return nil
}

// show prints the medians and the ratios of them.
func (b *bench) show(out io.Writer) {
	for _, name := range []string{plain, before, firstly, making, cold, anew, warm, version} {
		fmt.Fprintf(out, "%-40s %7.1f ms\n", name, 1000*b.median(name))
	}
	ratio := func(a, c string) float64 { return b.median(a) / b.median(c) }
	fmt.Fprintf(out, "cold compile / g++                       %7.2f (target 0.60)\n", ratio(cold, plain))
	fmt.Fprintf(out, "without any cache / g++                  %7.2f\n", ratio(anew, plain))
	fmt.Fprintf(out, "first ever / g++                         %7.2f\n", ratio(firstly, before))
	fmt.Fprintf(out, "making the precompiled header / g++      %7.2f\n", ratio(making, before))
	fmt.Fprintf(out, "warm start / evalx version               %7.2f\n", ratio(warm, version))
	fmt.Fprintf(out, "warm start                               %7.1f ms (target 50 ms)\n", 1000*b.median(warm))
}

// median returns the median in seconds.
func (b *bench) median(name string) float64 {
	times := slices.Sorted(slices.Values(b.times[name]))
	return (times[(len(times)-1)/2] + times[len(times)/2]).Seconds() / 2
}
