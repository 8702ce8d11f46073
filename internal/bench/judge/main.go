// Command judge compares evalx judge with a bare shell loop: a C++
// solution on 100 small test cases. Only the ratios travel from one machine to
// another; docs/benchmarks.md says what is in them. `make bench-judge` calls it.
//
// usage: judge path/to/evalx [rounds]
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
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

// contestants are measured in turn in every round, so that a disturbance of
// the machine meets all of them.
const (
	loop    = "shell loop, output not compared"
	loopCmp = "shell loop with cmp"
	jobs    = "evalx judge"
	oneJob  = "evalx judge --jobs 1"
)

// cost is the wall time of one contestant in one round.
type cost struct{ compile, tests time.Duration }

func run(args []string, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("usage: judge path/to/evalx [rounds]")
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
	dir, err := os.MkdirTemp("", "bench-judge-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := writePackage(dir); err != nil {
		return err
	}
	contestants := []struct {
		name    string
		measure func() (cost, error)
	}{
		{loop, func() (cost, error) { return shell(dir, "") }},
		{loopCmp, func() (cost, error) { return shell(dir, ` && cmp -s out "${input%.in}.ans"`) }},
		{jobs, func() (cost, error) { return judge(dir, evalx) }},
		{oneJob, func() (cost, error) { return judge(dir, evalx, "--jobs=1") }},
	}
	costs := map[string][]cost{}
	for i := range rounds + 1 {
		for j, c := range contestants {
			// Each compiles a source that nobody has compiled before.
			if err := writeSolution(dir, fmt.Sprint(i, j)); err != nil {
				return err
			}
			measured, err := c.measure()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			costs[c.name] = append(costs[c.name], measured)
		}
	}
	for name := range costs {
		costs[name] = costs[name][1:] // the first round warms the file caches
	}
	show(out, costs)
	return nil
}

// shell compiles and runs all test cases one after the other, as one would by
// hand.
func shell(dir, compare string) (cost, error) {
	compile, err := timed(dir, "g++", "-std=gnu++20", "-O2", "-pipe", "-o", "program", "sum.cpp")
	if err != nil {
		return cost{}, err
	}
	tests, err := timed(dir, "sh", "-c",
		`for input in bench/data/secret/*.in; do ./program <"$input" >out`+compare+` || exit 1; done`)
	return cost{compile, tests}, err
}

func timed(dir, name string, args ...string) (time.Duration, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	start := time.Now()
	output, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", name, err, output)
	}
	return time.Since(start), nil
}

// judge runs evalx judge. By its events it tells the time for compiling from
// the rest; everything else, its own start and end too, is counted to the
// tests.
func judge(dir, evalx string, flags ...string) (cost, error) {
	cmd := exec.Command(evalx, append([]string{"judge", "--json", "sum.cpp", "bench"}, flags...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	events, err := cmd.Output()
	total := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%w: %s", err, stderr.String())
	}
	compile, err := compileTime(events)
	return cost{compile, total - compile}, err
}

func compileTime(events []byte) (time.Duration, error) {
	times := map[string]time.Time{}
	lines := bufio.NewScanner(bytes.NewReader(events))
	for lines.Scan() {
		var event struct {
			Kind string
			Time time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			return 0, err
		}
		times[event.Kind] = event.Time
	}
	if times["compiling"].IsZero() || times["compiled"].IsZero() {
		return 0, fmt.Errorf("no events of compiling in:\n%s", events)
	}
	return times["compiled"].Sub(times["compiling"]), nil
}

// show prints the medians, and the medians of the ratios within each round.
func show(out io.Writer, costs map[string][]cost) {
	tests := func(c cost) float64 { return c.tests.Seconds() }
	total := func(c cost) float64 { return (c.compile + c.tests).Seconds() }
	fmt.Fprintf(out, "%-34s %12s %12s\n", "", "tests only", "with compile")
	for _, name := range []string{loop, loopCmp, jobs, oneJob} {
		fmt.Fprintf(out, "%-34s %9.0f ms %9.0f ms\n", name,
			1000*median(each(costs[name], tests)), 1000*median(each(costs[name], total)))
	}
	for _, name := range []string{jobs, oneJob} {
		for _, base := range []string{loop, loopCmp} {
			fmt.Fprintf(out, "%-21s / %-33s %5.2f tests only, %5.2f with compile\n", name, base,
				median(ratios(costs[name], costs[base], tests)), median(ratios(costs[name], costs[base], total)))
		}
	}
}

func each(costs []cost, of func(cost) float64) []float64 {
	var values []float64
	for _, c := range costs {
		values = append(values, of(c))
	}
	return values
}

func ratios(a, b []cost, of func(cost) float64) []float64 {
	var values []float64
	for i := range a {
		values = append(values, of(a[i])/of(b[i]))
	}
	return values
}

func median(values []float64) float64 {
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
