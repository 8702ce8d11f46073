// Command interactive measures what the sandbox costs programs that talk to
// each other: round trips per second of a submission and its validator under
// evalx judge, against the same two programs joined by two plain pipes, on one
// processor and wherever the kernel puts them. Only the ratios travel from one
// machine to another. `make bench-interactive` calls it.
//
// usage: interactive path/to/evalx [rounds]
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/evalx/evalx/judge"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(1)
	}
}

// trips is how many round trips one run makes.
const trips = 100_000

// player sends a byte to and fro: as a validator, which has arguments, it
// serves and says how many round trips there were in a second.
const player = `#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char **argv) {
	char c = 'x', path[4096];
	struct timespec a, b;
	if (argc < 4) {
		while (read(0, &c, 1) == 1) if (write(1, &c, 1) != 1) return 1;
		return 0;
	}
	for (int i = -1000; i < TRIPS; i++) {
		if (i == 0) clock_gettime(CLOCK_MONOTONIC, &a);
		if (write(1, &c, 1) != 1 || read(0, &c, 1) != 1) return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	snprintf(path, sizeof path, "%sjudgemessage.txt", argv[3]);
	FILE *f = fopen(path, "w");
	fprintf(f, "%.0f\n", TRIPS / ((b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9));
	fclose(f);
	return 42;
}
`

// bench is what is measured with.
type bench struct{ dir, evalx string }

func run(args []string, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("usage: interactive path/to/evalx [rounds]")
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
	dir, err := os.MkdirTemp("", "bench-interactive-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir, evalx}
	if err := b.prepare(); err != nil {
		return err
	}
	return b.measure(rounds, out)
}

// measure runs every way in turn, so that what else the machine does hits all
// of them, and prints the medians.
func (b *bench) measure(rounds int, out io.Writer) error {
	ways := []struct {
		name string
		do   func() (float64, error)
	}{
		{"plain pipes, one processor", func() (float64, error) { return b.plain(true) }},
		{"plain pipes, any processors", func() (float64, error) { return b.plain(false) }},
		{"evalx judge", b.judge},
	}
	rates := make([][]float64, len(ways))
	for range rounds {
		for i, w := range ways {
			rate, err := w.do()
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			rates[i] = append(rates[i], rate)
		}
	}
	base := median(rates[0])
	for i, w := range ways {
		rate := median(rates[i])
		fmt.Fprintf(out, "%-28s %9.0f round trips/s   %.2f of plain pipes on one processor\n", w.name, rate, rate/base)
	}
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// prepare writes the package and compiles the program for the plain runs.
func (b *bench) prepare() error {
	code := fmt.Sprintf("#define TRIPS %d\n%s", trips, player)
	for name, text := range map[string]string{
		"problem/problem.yaml":     "problem_format_version: 2025-09\nname: Ball\nuuid: 3d1c9a4e-57a5-4d1d-8c4e-0c5d4d3a5b11\ntype: interactive\nlimits: {time_limit: 60}\n",
		"problem/data/secret/1.in": "", "problem/data/secret/1.ans": "",
		"problem/output_validator/player.c": code, "player.c": code, "feedback/x": "",
	} {
		path := filepath.Join(b.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if words, err := exec.Command("gcc", "-O2", "-o", b.path("player"), b.path("player.c")).CombinedOutput(); err != nil {
		return fmt.Errorf("gcc: %w\n%s", err, words)
	}
	return nil
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// command runs the player, on the first processor if it is to be pinned.
func (b *bench) command(pinned bool, args ...string) *exec.Cmd {
	if pinned {
		return exec.Command("taskset", append([]string{"-c", "0", b.path("player")}, args...)...)
	}
	return exec.Command(b.path("player"), args...)
}

// plain joins the two programs without any sandbox.
func (b *bench) plain(pinned bool) (float64, error) {
	left, right := b.command(pinned, "in", "ans", b.path("feedback")+"/"), b.command(pinned)
	for _, way := range [][2]*exec.Cmd{{left, right}, {right, left}} {
		read, write, err := os.Pipe()
		if err != nil {
			return 0, err
		}
		defer read.Close()
		defer write.Close()
		way[0].Stdout, way[1].Stdin = write, read
	}
	if err := right.Start(); err != nil {
		return 0, err
	}
	defer right.Wait()
	defer right.Process.Kill() // it reads on: this process has an end, too
	if err := left.Run(); left.ProcessState.ExitCode() != 42 {
		return 0, fmt.Errorf("player: %w", err)
	}
	text, err := os.ReadFile(b.path("feedback/judgemessage.txt"))
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
}

// judge has evalx judge, and takes the rate from the validator's message.
func (b *bench) judge() (float64, error) {
	cmd := exec.Command(b.evalx, "judge", "--json", b.path("player.c"), b.path("problem"))
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+b.path("cache"))
	events, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, events)
	}
	for line := range bytes.Lines(events) {
		var e judge.Event
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, err
		}
		if e.Kind == judge.Case {
			return strconv.ParseFloat(e.Message, 64)
		}
	}
	return 0, fmt.Errorf("no test case in %q", events)
}
