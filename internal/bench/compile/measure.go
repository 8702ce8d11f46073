package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	solution = `#include <bits/stdc++.h>
using namespace std;

int main() {
	int n;
	cin >> n;
	vector<long long> numbers(n);
	for (auto &x : numbers) cin >> x;
	sort(numbers.begin(), numbers.end());
	map<long long, int> count;
	for (auto x : numbers) count[x]++;
	long long sum = 0;
	for (auto [x, times] : count) sum += x * times;
	cout << sum << '\n';
}
`
	metadata = `problem_format_version: 2025-09
name: {en: Bench}
uuid: 6f1d8e52-3c86-4b7c-9b55-0f6f3a1f0b0e
license: cc0
limits: {time_limit: 5.0}
`
	testCases = 100
)

// writePackage writes the problem package bench into dir.
func writePackage(dir string) error {
	files := map[string]string{"problem.yaml": metadata}
	for i := range testCases {
		files[fmt.Sprintf("data/secret/%03d.in", i)] = fmt.Sprintf("2\n%d 7\n", i)
		files[fmt.Sprintf("data/secret/%03d.ans", i)] = fmt.Sprintln(i + 7)
	}
	for name, text := range files {
		path := filepath.Join(dir, "bench", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// newSource writes a solution that nobody has compiled yet.
func (b *bench) newSource() error {
	b.sources++
	text := fmt.Sprintf("%s// %d\n", solution, b.sources)
	return os.WriteFile(filepath.Join(b.dir, "a.cpp"), []byte(text), 0o644)
}

// gxx compiles a new source by hand.
func (b *bench) gxx() (time.Duration, error) {
	if err := b.newSource(); err != nil {
		return 0, err
	}
	start := time.Now()
	err := b.command("g++", "-x", "c++", "-std=gnu++20", "-O2", "-pipe", "-DONLINE_JUDGE", "-DEVALX", "-o", "program", "a.cpp").Run()
	return time.Since(start), err
}

// compile judges a new source, and returns the time from the event start to
// the event limits: all that goes by between knowing what to compile, and
// having compiled and kept it.
func (b *bench) compile(flags ...string) (time.Duration, error) {
	if err := b.newSource(); err != nil {
		return 0, err
	}
	times, _, err := b.judge(flags...)
	return times["limits"].Sub(times["start"]), err
}

func (b *bench) cached() (time.Duration, error)   { return b.compile() }
func (b *bench) uncached() (time.Duration, error) { return b.compile("--no-cache") }

// start judges the same source again, and returns the time from the start of
// the process to the event running of the first test case.
func (b *bench) start() (time.Duration, error) {
	if _, _, err := b.judge(); err != nil {
		return 0, err
	}
	times, begin, err := b.judge()
	if !times["compiling"].IsZero() {
		return 0, fmt.Errorf("it was compiled again")
	}
	return times["running"].Sub(begin), err
}

func (b *bench) version() (time.Duration, error) {
	start := time.Now()
	err := b.command(b.evalx, "version").Run()
	return time.Since(start), err
}

// judge judges on one test case of 100, and returns when each kind of event
// came first and when the process was started.
func (b *bench) judge(flags ...string) (times map[string]time.Time, begin time.Time, err error) {
	cmd := b.command(b.evalx, append([]string{"judge", "--json", "--only=secret/000", "a.cpp", "bench"}, flags...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begin = time.Now()
	if err := cmd.Run(); err != nil {
		return nil, begin, fmt.Errorf("%w: %s", err, stderr.String())
	}
	times = map[string]time.Time{}
	lines := bufio.NewScanner(&stdout)
	for lines.Scan() {
		var event struct {
			Kind string
			Time time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			return nil, begin, err
		}
		if times[event.Kind].IsZero() {
			times[event.Kind] = event.Time
		}
	}
	if times["start"].IsZero() || times["limits"].IsZero() || times["running"].IsZero() {
		return nil, begin, fmt.Errorf("events are missing: %v", times)
	}
	return times, begin, nil
}

// command runs in the folder of the benchmark, with a cache of its own.
func (b *bench) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(b.dir, "cache"))
	return cmd
}
