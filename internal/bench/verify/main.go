// Command verify compares evalx verify with a bare shell loop: a package with
// 30 submissions and 100 test cases, of which each submission is compiled and
// run on each test case. Only the ratios travel from one machine to another;
// docs/benchmarks.md says what is in them. `make bench-verify` calls it.
//
// usage: verify [-submissions n] [-cases n] [-work ms] path/to/evalx
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	b := bench{}
	flags.IntVar(&b.submissions, "submissions", 30, "how many submissions")
	flags.IntVar(&b.cases, "cases", 100, "how many test cases")
	flags.IntVar(&b.work, "work", 30, "how many ms of CPU time a run takes in the mean, on a fast processor")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || b.submissions < 1 || b.cases < 1 || b.work < 1 {
		return errors.New("usage: verify [-submissions n] [-cases n] [-work ms] path/to/evalx")
	}
	var err error
	if b.evalx, err = filepath.Abs(flags.Arg(0)); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "bench-verify-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if err := b.writePackage(); err != nil {
		return err
	}
	return b.compare(out)
}

// bench is one comparison.
type bench struct {
	evalx, dir               string
	submissions, cases, work int
}

// cost is what a contestant needed: wall time, and CPU time of all its
// processes.
type cost struct{ wall, cpu time.Duration }

// report is what is read of a report of evalx verify.
type report struct {
	Packages []struct {
		Outcome string
		Counts  struct {
			Runs, Ran, Cached, Programs int
			CPU                         time.Duration `json:"cpu_ns"`
		}
		Elapsed time.Duration `json:"elapsed_ns"`
	}
}

func (b *bench) compare(out io.Writer) error {
	first, ran, err := b.verify()
	if err != nil {
		return err
	}
	second, cached, err := b.verify()
	if err != nil {
		return err
	}
	compiling, loop, err := b.shell()
	if err != nil {
		return err
	}
	counts := ran.Packages[0].Counts
	cores := float64(runtime.NumCPU())
	fmt.Fprintf(out, "%d submissions, %d test cases, %d runs, %d processors\n\n", b.submissions, b.cases, counts.Ran, runtime.NumCPU())
	fmt.Fprintf(out, "%-44s %8.2f s\n", "CPU time of the submissions (evalx)", counts.CPU.Seconds())
	fmt.Fprintf(out, "%-44s %8.2f s wall, %8.2f s CPU\n", "shell: compile", compiling.wall.Seconds(), compiling.cpu.Seconds())
	fmt.Fprintf(out, "%-44s %8.2f s wall, %8.2f s CPU\n", "shell: run and cmp", loop.wall.Seconds(), loop.cpu.Seconds())
	fmt.Fprintf(out, "%-44s %8.2f s wall, %8.2f s CPU\n", "evalx verify, all of it", first.wall.Seconds(), first.cpu.Seconds())
	c := cached.Packages[0].Counts
	fmt.Fprintf(out, "%-44s %8.2f s wall, %d runs cached, %d programs started\n\n", "evalx verify once more", second.wall.Seconds(), c.Cached, c.Programs)
	fmt.Fprintf(out, "evalx / shell, wall time                  %.3f\n", first.wall.Seconds()/(compiling.wall+loop.wall).Seconds())
	own := (counts.CPU + compiling.cpu).Seconds()
	fmt.Fprintf(out, "processors × wall / CPU of programs, evalx  %.3f\n", cores*first.wall.Seconds()/own)
	fmt.Fprintf(out, "processors × wall / CPU of programs, shell  %.3f\n", cores*(compiling.wall+loop.wall).Seconds()/own)
	return nil
}

// verify runs evalx verify with a cache of its own.
func (b *bench) verify() (cost, report, error) {
	cmd := exec.Command(b.evalx, "verify", "--json", "bench")
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(b.dir, "cache"))
	var text, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &words
	c, err := timed(cmd)
	var r report
	if err == nil {
		err = json.Unmarshal(text.Bytes(), &r)
	}
	if err != nil || len(r.Packages) != 1 || r.Packages[0].Counts.Runs != b.submissions*b.cases {
		return c, r, fmt.Errorf("evalx verify: %w: %+v\n%s\n%s", err, r, words.Bytes(), text.Bytes()[:min(2000, text.Len())])
	}
	return c, r, nil
}

// shell does the same by hand, with as many processes at one time as there are
// processors. A program that is too slow is killed when evalx would, too.
func (b *bench) shell() (compiling, loop cost, err error) {
	parallel := fmt.Sprintf("xargs -P %d -n 1 ", runtime.NumCPU())
	compile := "ls bench/submissions/*/*.cpp | " + parallel + `sh -c 'g++ -std=gnu++20 -O2 -pipe -o "programs/$(basename "$0" .cpp)" "$0"'`
	runs := `for p in programs/*; do for i in bench/data/secret/*.in; do echo "$p:$i"; done; done | ` + parallel +
		`sh -c 'p=${0%:*} i=${0#*:}; ulimit -t 4; "$p" <"$i" >"out/$$" 2>/dev/null; cmp -s "out/$$" "${i%.in}.ans"; rm "out/$$"; true'`
	for _, dir := range []string{"programs", "out"} {
		if err := os.Mkdir(filepath.Join(b.dir, dir), 0o755); err != nil {
			return compiling, loop, err
		}
	}
	for _, step := range []struct {
		script string
		to     *cost
	}{{compile, &compiling}, {runs, &loop}} {
		cmd := exec.Command("sh", "-c", step.script)
		cmd.Dir, cmd.Stderr = b.dir, os.Stderr
		if *step.to, err = timed(cmd); err != nil {
			return compiling, loop, fmt.Errorf("shell: %w", err)
		}
	}
	return compiling, loop, nil
}

func timed(cmd *exec.Cmd) (cost, error) {
	begin, before := time.Now(), children()
	err := cmd.Run()
	return cost{time.Since(begin), children() - before}, err
}

// children is the CPU time of all processes that have ended and were waited
// for, see getrusage(2).
func children() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
