package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
)

// point is a moment in a run: an event of the kernel in one of the processes.
type point struct {
	process string // evalx, supervisor or program
	event   string // name of a tracepoint, without its group
	part    string // what the time since the point before was spent on
}

// The points of a run, in their order. On the way to the supervisor and back
// time is also spent on waking threads.
var boxedPoints, barePoints = []point{
	{"evalx", "sys_enter_memfd_create", ""},
	{"evalx", "sys_enter_sendmsg", "make the output's file, 5 accesses to cgroup files"},
	{"supervisor", "sys_exit_recvmsg", "message to the supervisor"},
	{"supervisor", "clone", "take the message, prepare"},
	{"program", "sched_process_exec", "vfork, user, process group, descriptors, exec"},
	{"program", "sched_process_exit", "the program"},
	{"supervisor", "sys_exit_wait4", "its end, wait"},
	{"supervisor", "sys_enter_sendmsg", "kill what is left, look at the writable folders"},
	{"evalx", "sys_exit_recvmsg", "message to evalx"},
	{"evalx", "sys_exit_sendfile64", "4 reads of cgroup files, move the output"},
}, []point{
	{"evalx", "sys_enter_memfd_create", ""},
	{"evalx", "clone", "make the output's file"},
	{"program", "sched_process_exec", "vfork, descriptors, exec"},
	{"program", "sched_process_exit", "the program"},
	{"evalx", "sys_exit_wait4", "its end, wait"},
}

// traced are the tracepoints of all points.
const traced = "syscalls:sys_enter_memfd_create,syscalls:sys_enter_sendmsg,syscalls:sys_exit_recvmsg," +
	"syscalls:sys_enter_clone,syscalls:sys_enter_clone3,sched:sched_process_exec,sched:sched_process_exit," +
	"syscalls:sys_exit_wait4,syscalls:sys_exit_sendfile64"

// measureParts runs this program again under perf(1) and prints where the time
// of a run goes. It needs root.
func measureParts(runs int) error {
	dir, err := os.MkdirTemp("", "evalx-parts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, "data")
	self, err := os.Executable()
	if err != nil {
		return err
	}
	record := exec.Command("perf", "record", "-q", "-e", traced, "-o", data, self, "-traced", "-runs", strconv.Itoa(runs))
	if out, err := record.CombinedOutput(); err != nil {
		return fmt.Errorf("perf record (Debian: apt install linux-perf; needs root): %w: %s", err, out)
	}
	events, err := exec.Command("perf", "script", "-i", data, "-F", "comm,time,event").Output()
	if err != nil {
		return fmt.Errorf("perf script: %w", err)
	}
	for _, kind := range []struct {
		title  string
		points []point
	}{{"bare", barePoints}, {"sandboxed", boxedPoints}} {
		if err := printParts(kind.title, kind.points, events); err != nil {
			return err
		}
	}
	return printRest(runs/10 + 1)
}

// printRest prints what not every run costs.
func printRest(runs int) error {
	dir, err := os.MkdirTemp("", "evalx-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir)
	if err != nil {
		return err
	}
	var start, clean, wiped []time.Duration
	for range runs {
		began := time.Now()
		sandbox, err := native.Open(native.Config{Workers: 1})
		if err != nil {
			return err
		}
		start = append(start, time.Since(began))
		for _, side := range []struct {
			files []isolate.File
			times *[]time.Duration
		}{{nil, nil}, {nil, &clean}, {[]isolate.File{{Path: "a"}}, nil}, {[]isolate.File{{Path: "a"}}, &wiped}} {
			b := bench{sandbox: sandbox, dir: dir, files: side.files}
			began := time.Now()
			if err := b.boxed(programs.hello); err != nil {
				return err
			}
			if side.times != nil {
				*side.times = append(*side.times, time.Since(began))
			}
		}
		if err := sandbox.Close(); err != nil {
			return err
		}
	}
	fmt.Printf("not in every run, median of %d, µs:\n", runs)
	fmt.Printf("%8d  a new sandbox with one worker: process, namespaces, mounts, filter, cgroups\n", quantile(start, 50).Microseconds())
	fmt.Printf("%8d  a file put into the working folder, and the folders made new after it\n", (quantile(wiped, 50) - quantile(clean, 50)).Microseconds())
	return nil
}

// runTraced is what is measured: runs of both kinds, in turn.
func runTraced(runs int) error {
	dir, err := os.MkdirTemp("", "evalx-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir)
	if err != nil {
		return err
	}
	sandbox, err := native.Open(native.Config{Workers: 1})
	if err != nil {
		return err
	}
	defer sandbox.Close()
	b := bench{sandbox: sandbox, dir: dir}
	_, _, err = b.latency(programs.hello, runs, 0)
	return err
}

// printParts prints the median time between the points, over the runs that
// have them all.
func printParts(title string, points []point, events []byte) error {
	times := make([][]time.Duration, len(points))
	var at []time.Duration
	for line := range bytes.Lines(events) {
		process, event, now, err := parseEvent(string(line))
		if err != nil {
			return err
		}
		if process == points[0].process && event == points[0].event {
			at = at[:0]
		}
		if n := len(at); n == len(points) || process != points[n].process || event != points[n].event {
			continue
		}
		at = append(at, now)
		for i := 1; i < len(at) && len(at) == len(points); i++ {
			times[i] = append(times[i], at[i]-at[i-1])
		}
	}
	if len(times[1]) == 0 {
		return errors.New("perf saw no complete run")
	}
	fmt.Printf("%s, median of %d runs, µs:\n", title, len(times[1]))
	for i, p := range points[1:] {
		fmt.Printf("%8d  %s\n", quantile(times[i+1], 50).Microseconds(), p.part)
	}
	return nil
}

// parseEvent reads a line such as "hello  1234.567890: sched:sched_process_exec:".
func parseEvent(line string) (process, event string, at time.Duration, err error) {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return "", "", 0, fmt.Errorf("perf script said %q", line)
	}
	last := len(fields) - 1 // the name of the process can have spaces
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(fields[last-1], ":"), 64)
	if err != nil {
		return "", "", 0, fmt.Errorf("perf script said %q: %w", line, err)
	}
	_, event, _ = strings.Cut(strings.TrimSuffix(fields[last], ":"), ":")
	if strings.HasPrefix(event, "sys_enter_clone") {
		event = "clone"
	}
	switch fields[0] {
	case "hello":
		process = "program"
	case "exe": // by which name evalx starts it
		process = "supervisor"
	default:
		process = "evalx"
	}
	return process, event, time.Duration(seconds * 1e9), nil
}
