//go:build linux && (amd64 || arm64)

// Command soak runs thousands of programs in the native sandbox, good ones and
// bad ones, and fails if anything has grown: processes, descriptors, mounts,
// cgroups, temporary files, memory. `make soak` calls it; docs/security.md
// records what came out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
)

func main() {
	native.Main()
	runs := flag.Int("runs", 10_000, "how many programs to run")
	flag.Parse()
	if err := soak(os.Stdout, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "evalx: error:", err)
		os.Exit(5)
	}
}

const workers = 2

// soak runs n programs, prints what there was before and after, and returns an
// error if something has grown.
func soak(out io.Writer, n int) error {
	dir, err := os.MkdirTemp("", "evalx-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := build(dir); err != nil {
		return err
	}
	sandbox, err := native.Open(native.Config{Workers: workers})
	if err != nil {
		return err
	}
	defer sandbox.Close()
	s := soaker{sandbox: sandbox, dir: dir}
	// Caches of the kernel and of the Go run-time fill up first.
	if err := s.runAll(max(n/20, 5*len(kinds()))); err != nil {
		return err
	}
	before, err := takeCensus(dir)
	if err != nil {
		return err
	}
	start := time.Now()
	if err := s.runAll(n); err != nil {
		return err
	}
	took := time.Since(start)
	after, err := takeCensus(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d runs of %d kinds in %v, cgroup %q, user %d\n", n, len(kinds()), took.Round(time.Second),
		sandbox.Capabilities().Cgroup, os.Getuid())
	return compare(out, before, after)
}

// kind is a way for a program to behave, and how it must end.
type kind struct {
	name    string
	want    isolate.Status
	change  func(*isolate.Limits)
	collect bool
	cancel  time.Duration // after which the run is cancelled; 0 is never
}

func kinds() []kind {
	return []kind{
		{name: "good", want: isolate.Exited},
		{name: "crash", want: isolate.Signaled},
		{name: "spin", want: isolate.TimeLimit, change: func(l *isolate.Limits) { l.CPU = 5 * time.Millisecond }},
		{name: "rest", want: isolate.WallLimit, change: func(l *isolate.Limits) { l.Wall = 10 * time.Millisecond }},
		{name: "hog", want: isolate.MemoryLimit, change: func(l *isolate.Limits) { l.Memory = 24 << 20 }},
		{name: "orphans", want: isolate.Exited},
		{name: "files", want: isolate.Exited, collect: true},
		{name: "flood", want: isolate.OutputLimit, change: func(l *isolate.Limits) { l.Output = 64 << 10 }},
		{name: "sockets", want: isolate.Exited},
		{name: "rest", cancel: 5 * time.Millisecond},
	}
}

// soaker runs the programs.
type soaker struct {
	sandbox isolate.Sandbox
	dir     string
	next    atomic.Int64
}

// runAll runs n programs, each worker as many as it gets to.
func (s *soaker) runAll(n int) error {
	s.next.Store(0)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Add(1)
		go func() {
			defer wait.Done()
			all := kinds()
			for at := s.next.Add(1); at <= int64(n) && errs[i] == nil; at = s.next.Add(1) {
				errs[i] = s.run(all[int(at)%len(all)])
			}
		}()
	}
	wait.Wait()
	return errors.Join(errs...)
}

func (s *soaker) run(k kind) error {
	cmd := isolate.Cmd{
		Args:   []string{isolate.ProgramDir + "/program", k.name},
		Mounts: []isolate.Mount{{Source: s.dir, Target: isolate.ProgramDir}},
		Files:  []isolate.File{{Path: "given", Mode: 0o644, Data: []byte("given")}},
		Limits: isolate.Limits{
			CPU: 5 * time.Second, Wall: 30 * time.Second, Memory: 64 << 20, Output: 1 << 20,
			Disk: 16 << 20, Inodes: 1000, Processes: 32, OpenFiles: 64,
		},
	}
	if k.change != nil {
		k.change(&cmd.Limits)
	}
	if k.collect {
		cmd.Collect = func(_ string, _ fs.FileMode, _ int64, content io.Reader) error {
			_, err := io.Copy(io.Discard, content)
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if k.cancel > 0 {
		defer time.AfterFunc(k.cancel, cancel).Stop()
	}
	exit, err := s.execute(ctx, cmd)
	if k.cancel > 0 && errors.Is(err, context.Canceled) {
		return nil
	}
	// Without a cgroup what is over a limit may be seen late or die by itself.
	killed := exit.Status == isolate.Signaled && exit.Signal == syscall.SIGKILL
	if err == nil && exit.Status != k.want && !killed {
		err = fmt.Errorf("ended by %v, not by %v", exit.Status, k.want)
	}
	if err != nil {
		return fmt.Errorf("program %q: %w", k.name, err)
	}
	return nil
}

func (s *soaker) execute(ctx context.Context, cmd isolate.Cmd) (exit isolate.Exit, err error) {
	for _, f := range []**os.File{&cmd.Stdout, &cmd.Stderr} {
		if *f, err = isolate.Output(); err != nil {
			return exit, err
		}
		defer (*f).Close()
	}
	return s.sandbox.Run(ctx, cmd)
}
