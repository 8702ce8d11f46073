package none

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/evalx/evalx/isolate"
)

// clockTick is the unit of times in proc(5): sysconf(_SC_CLK_TCK) is 100 on
// every Linux.
const clockTick = 10 * time.Millisecond

// dieTogether has the kernel kill the process when this one dies, also if it
// is killed; see PR_SET_PDEATHSIG in prctl(2). Its children live on.
func dieTogether(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// peak returns the largest resident memory in bytes; see getrusage(2).
func peak(usage *syscall.Rusage) int64 { return usage.Maxrss << 10 }

// limitProcess sets the rlimits of a process that has just begun; failing to
// leaves the sampling.
func limitProcess(pid int, limits isolate.Limits) {
	if limits.Output > 0 {
		unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: uint64(limits.Output) + 1, Max: uint64(limits.Output) + 1}, nil)
	}
	unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	unlimited := uint64(unix.RLIM_INFINITY)
	unix.Prlimit(pid, unix.RLIMIT_STACK, &unix.Rlimit{Cur: unlimited, Max: unlimited}, nil)
}

// usage returns the CPU time of a process with its reaped children, and its
// resident memory in bytes; zeros if it has gone.
func usage(pid int) (time.Duration, int64) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	// The command name, the second field, may contain anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 22 {
		return 0, 0
	}
	number := func(field int) int64 { // numbered as in proc(5)
		n, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return n
	}
	ticks := number(14) + number(15) + number(16) + number(17)
	return time.Duration(ticks) * clockTick, number(24) * int64(os.Getpagesize())
}

// waited returns how long the first thread of a process has wanted a processor
// and got none: the second number of schedstat.
func waited(pid int) time.Duration {
	var ran, stood int64
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if n, err := fmt.Sscan(string(text), &ran, &stood); n < 2 || err != nil {
		return 0
	}
	return time.Duration(stood)
}
