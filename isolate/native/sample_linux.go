//go:build linux && (amd64 || arm64)

package native

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Ticks a second of the times in /proc/PID/stat; the same on every
// architecture, see times(2).
const clockTicks = 100

// procSampler adds up what the processes of a run use, for machines where
// there is no cgroup to ask. Each of two sums is at most what was used:
//
//   - of the processes that are there, zombies among them, with the children
//     that they have waited for. Nobody but the supervisor reaps orphans, and it
//     does so after the run, so this misses only the children of those who
//     ignore SIGCHLD;
//   - of every process that was ever seen, by its last sample. This misses what
//     lives shorter than the time between two samples.
type procSampler struct {
	run  uint64
	seen map[string]time.Duration // CPU time by process number and start time
}

// sample looks at the processes that are there in the given run, which may use
// so much memory. Pages that several processes have count for each, which is
// quick to find out, unless that is too much: then they are shared out.
func (s *procSampler) sample(run uint64, memory int64) (reply, error) {
	if s.run != run || s.seen == nil {
		s.run, s.seen = run, map[string]time.Duration{}
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return reply{}, err
	}
	var total reply
	var pids []string
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && pid != 1 {
			s.look(e.Name(), &total)
			pids = append(pids, e.Name())
		}
	}
	if memory > 0 && total.MaxRSS > memory && len(pids) > 1 {
		total.MaxRSS = min(total.MaxRSS, sharedOut(pids))
	}
	var ever time.Duration
	for _, cpu := range s.seen {
		ever += cpu
	}
	total.CPU = max(total.CPU, ever)
	return total, nil
}

// look adds one process. One that has just gone adds nothing new.
func (s *procSampler) look(pid string, total *reply) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return
	}
	p, ok := parseStat(stat)
	if !ok {
		return
	}
	s.seen[pid+":"+p.start] = p.cpu
	total.CPU += p.cpu + p.children
	total.MaxRSS += p.resident
}

// processStat is what we want of proc_pid_stat(5).
type processStat struct {
	cpu      time.Duration // its own
	children time.Duration // of those it waited for
	resident int64         // bytes
	start    string        // when it began, as the kernel writes it
}

// parseStat reads a stat file. The name in it, in parentheses, is the
// program's choice and may contain anything; what follows it may not. Fields
// count from the one behind it, which the manual calls the third.
func parseStat(stat []byte) (processStat, bool) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 22 {
		return processStat{}, false
	}
	number := func(field int) int64 {
		n, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return n
	}
	const tick = time.Second / clockTicks
	return processStat{
		cpu:      time.Duration(number(14)+number(15)) * tick,
		children: time.Duration(number(16)+number(17)) * tick,
		resident: number(24) * int64(os.Getpagesize()),
		start:    string(fields[22-3]),
	}, true
}

// waited adds up how long the threads that are alive have waited for a
// processor: the second number of their schedstat, see sched-stats in the
// kernel's documentation. What has ended, or cannot be read, adds nothing.
func waited() (total reply, err error) {
	threads, err := filepath.Glob("/proc/[0-9]*/task/*/schedstat")
	if err != nil {
		return total, err
	}
	for _, file := range threads {
		if !strings.HasPrefix(file, "/proc/1/") {
			total.Waited += readWaited(file)
		}
	}
	return total, nil
}

func readWaited(schedstat string) time.Duration {
	data, err := os.ReadFile(schedstat)
	fields := bytes.Fields(data)
	if err != nil || len(fields) < 2 {
		return 0
	}
	ns, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return time.Duration(ns)
}

// waitedAtEnd waits for the end of a process, without reaping it, and returns
// how long its first thread has waited for a processor: that is not known any
// more when it is reaped.
func waitedAtEnd(pid int) time.Duration {
	err := ignoringEINTR(func() error { return unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) })
	if err != nil {
		return 0
	}
	return readWaited(fmt.Sprintf("/proc/%d/schedstat", pid))
}

// sharedOut adds up the proportional set sizes of processes, proc_pid_smaps(5),
// in bytes: a page counts for each by the share that it has of it. It is more
// than any memory there is if one cannot be read, but a process that has gone
// or is a zombie has none.
func sharedOut(pids []string) (total int64) {
	for _, pid := range pids {
		data, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue
		}
		_, pss, found := strings.Cut(string(data), "\nPss:")
		var kib int64
		if n, _ := fmt.Sscan(pss, &kib); err != nil || !found || n != 1 {
			return math.MaxInt64
		}
		total += kib << 10
	}
	return total
}
