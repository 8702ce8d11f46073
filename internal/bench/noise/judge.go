package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/timing"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

const metadata = `problem_format_version: 2025-09
name: {en: Noise}
uuid: 0a6f6c1c-5b0e-4a53-93f5-7d7c6c3e9d11
license: cc0
limits: {time_limit: %g}
`

// program does as many rounds of what the input says. A round of memory reads
// and writes at random in 16 MiB.
const program = `#include <stdio.h>
#include <stdlib.h>

enum { words = 1 << 21 };

int main(void) {
	char work[16];
	unsigned long rounds, x = 88172645463325252ul;
	if (scanf("%15s %lu", work, &rounds) != 2) return 1;
	unsigned long *table = calloc(words, sizeof *table);
	for (unsigned long i = 0; i < rounds; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		if (*work == 'm') x += ++table[(x ^ table[x % words]) % words];
	}
	puts(x ? "done" : "odd");
	return 0;
}
`

// result is what came out of judging.
type result struct {
	cpu, wall           []time.Duration // of the test cases at half the limit
	cases, flips, again int
}

func (r result) half() timing.Quantiles { return timing.QuantilesOf(r.cpu) }

// measure judges the program on n test cases of each kind, mixed.
func (o options) measure(dir string, rounds, n int, flags ...string) (result, error) {
	files := map[string]string{"noise.c": program, "p/problem.yaml": fmt.Sprintf(metadata, limit.Seconds())}
	for i := range n {
		for name, factor := range map[string]int{"half": 1, "twice": 4} {
			files[fmt.Sprintf("p/data/secret/%03d-%s.in", i, name)] = fmt.Sprintln(o.work, rounds*factor)
			files[fmt.Sprintf("p/data/secret/%03d-%s.ans", i, name)] = "done\n"
		}
	}
	if err := write(dir, files); err != nil {
		return result{}, err
	}
	cmd := exec.Command(o.evalx, append(append([]string{"judge", "--json"}, flags...), filepath.Join(dir, "noise.c"), filepath.Join(dir, "p"))...)
	var words bytes.Buffer
	cmd.Stderr = &words
	events, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 1) { // 1: some verdict is TLE
		return result{}, fmt.Errorf("evalx judge: %w\n%s", err, words.Bytes())
	}
	return fold(events)
}

func write(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fold reads the events of a run.
func fold(events []byte) (r result, err error) {
	lines := bufio.NewScanner(bytes.NewReader(events))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e judge.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return r, fmt.Errorf("event %q: %w", lines.Text(), err)
		}
		if e.Kind == judge.Case {
			r.add(e)
		}
	}
	if len(r.cpu) == 0 {
		return r, errors.New("no test case was judged")
	}
	return r, lines.Err()
}

func (r *result) add(e judge.Event) {
	r.cases++
	want := verdict.TimeLimit
	if strings.HasSuffix(e.Case, "-half") {
		want = verdict.Accepted
		r.cpu, r.wall = append(r.cpu, e.CPU), append(r.wall, e.Wall)
	}
	if e.Verdict != want {
		r.flips++
	}
	if e.Beside > 0 {
		r.again++
	}
}
