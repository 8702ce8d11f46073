package ioi

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of times in proc(5): sysconf(_SC_CLK_TCK) is 100 on
// every Linux.
const clockTick = 10 * time.Millisecond

// sampler adds up what the processes in a box use, seen from outside. isolate
// has one child, the first process of the box's pid namespace, and whatever
// runs in the box descends from that.
//
// There are two accounts of CPU time, and the larger one counts: that of every
// process when it was last seen, which knows those that nobody waited for; and
// that of the living with the children that they waited for, which knows those
// that were never seen.
type sampler struct {
	isolate int                      // process number
	limit   int64                    // on memory, bytes; 0 is none
	seen    map[string]time.Duration // CPU time by process number and start time
	used    usage
	stood   time.Duration // the longest that a process has waited for a processor
}

func newSampler(isolate int, limit int64) *sampler {
	return &sampler{isolate: isolate, limit: limit, seen: map[string]time.Duration{}}
}

// sample looks at the processes that are alive. Pages that several processes
// have count for each, which is quick to find out, unless that is too much:
// then they are shared out, if we may read that.
func (s *sampler) sample() usage {
	var living usage
	var pids []int
	for _, proxy := range children(s.isolate) {
		pids = children(proxy)
		for i := 0; i < len(pids); i++ { // it grows
			s.look(pids[i], &living)
			pids = append(pids, children(pids[i])...)
		}
	}
	if s.limit > 0 && living.memory > s.limit && len(pids) > 1 {
		if shared, err := sharedOut(pids); err == nil {
			living.memory = min(living.memory, shared)
		}
	}
	var all time.Duration
	for _, cpu := range s.seen {
		all += cpu
	}
	s.used.cpu = max(s.used.cpu, all, living.cpu)
	s.used.memory = max(s.used.memory, living.memory)
	return s.used
}

// look adds a process to the living. One that has just gone adds nothing.
func (s *sampler) look(pid int, living *usage) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return
	}
	// The name in parentheses may contain anything. Fields count from the one
	// behind it, which proc_pid_stat(5) calls the third.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 22 {
		return
	}
	number := func(field int) int64 {
		n, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return n
	}
	s.stood = max(s.stood, stood(pid))
	own, waitedFor := number(14)+number(15), number(16)+number(17)
	s.seen[strconv.Itoa(pid)+" "+string(fields[22-3])] = time.Duration(own) * clockTick
	living.cpu += time.Duration(own+waitedFor) * clockTick
	living.memory += number(24) * int64(os.Getpagesize())
}

// stood is how long the first thread of a process has wanted a processor and
// got none: the second number of schedstat, see sched-stats in the kernel's
// documentation.
func stood(pid int) time.Duration {
	var ran, waited int64
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if n, err := fmt.Sscan(string(text), &ran, &waited); n < 2 || err != nil {
		return 0
	}
	return time.Duration(waited)
}

// sharedOut adds up the proportional set sizes of processes, in bytes, see
// proc_pid_smaps(5): a page counts for each by the share that it has of it. A
// process that has gone has none. It fails where evalx is not root: the
// processes are another user's.
func sharedOut(pids []int) (total int64, err error) {
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue
		}
		if err != nil {
			return 0, err
		}
		_, pss, _ := strings.Cut(string(text), "\nPss:")
		var kib int64
		if _, err := fmt.Sscan(pss, &kib); err != nil {
			return 0, fmt.Errorf("smaps_rollup without Pss: %w", err)
		}
		total += kib << 10
	}
	return total, nil
}

// children returns the processes that the threads of a process have started.
func children(pid int) []int {
	task := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(task)
	if err != nil {
		return nil
	}
	var pids []int
	for _, thread := range threads {
		text, _ := os.ReadFile(task + "/" + thread.Name() + "/children")
		for _, field := range bytes.Fields(text) {
			if n, err := strconv.Atoi(string(field)); err == nil {
				pids = append(pids, n)
			}
		}
	}
	return pids
}
