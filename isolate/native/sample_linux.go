//go:build linux && (amd64 || arm64)

package native

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Ticks a second of the times in /proc/PID/stat; the same on every
// architecture, see times(2).
const clockTicks = 100

// sampleUsage adds up what the processes of the sandbox use now, for machines
// where there is no cgroup to ask. Processes that have been reaped count by
// their CPU time; a process that ended between two samples and whose parent
// ignores its children's end does not count, which is why this is weaker.
func sampleUsage() (reply, error) {
	var children unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_CHILDREN, &children); err != nil {
		return reply{}, fmt.Errorf("getrusage: %w", err)
	}
	total := reply{CPU: time.Duration(children.Utime.Nano() + children.Stime.Nano())}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return reply{}, err
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && pid != 1 {
			total.sample(e.Name())
		}
	}
	return total, nil
}

// sample adds one process. One that has just gone adds nothing.
func (r *reply) sample(pid string) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return
	}
	// The name in parentheses may contain anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 22 {
		return
	}
	var ticks int64
	for _, f := range fields[11:15] { // utime, stime, cutime, cstime
		n, _ := strconv.ParseInt(string(f), 10, 64)
		ticks += n
	}
	pages, _ := strconv.ParseInt(string(fields[21]), 10, 64)
	threads, _ := strconv.Atoi(string(fields[17]))
	r.CPU += time.Duration(ticks) * time.Second / clockTicks
	r.MaxRSS += pages * int64(os.Getpagesize())
	r.Procs += threads
}
