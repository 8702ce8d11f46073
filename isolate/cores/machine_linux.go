package cores

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// mostCPUs bounds the numbers of processors, as unix.CPUSet does.
const mostCPUs = 1024

// Allowed returns the processors that the calling thread may use, ascending:
// those of its affinity and, thereby, of its cgroup's cpuset.
func Allowed() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("sched_getaffinity: %w", err)
	}
	var cpus []int
	for cpu := range mostCPUs {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

// Confine moves every thread of this process, and all that it starts from now
// on, to these processors. A thread inherits its place from the one that made
// it, so it is done when a look at all of them finds no new one.
func Confine(cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	done := map[string]bool{}
	for again := true; again; {
		again = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil || done[t.Name()] {
				continue
			}
			done[t.Name()], again = true, true
			if err := unix.SchedSetaffinity(id, &set); err != nil && err != unix.ESRCH {
				return fmt.Errorf("sched_setaffinity to processors %v: %w", cpus, err)
			}
		}
	}
	return nil
}

// Claim claims up to n of cpus, in this order, for this process: two processes
// of evalx must not both believe that a core is theirs. A claim is a name among
// abstract unix sockets, see unix(7), which the kernel drops with the process
// whatever ends it. If fewer than n are free none is claimed.
func Claim(cpus []int, n int) (claimed []int, release func()) {
	var sockets []int
	release = func() {
		for _, fd := range sockets {
			unix.Close(fd)
		}
	}
	for _, cpu := range cpus {
		if len(claimed) == n {
			break
		}
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			break
		}
		sockets = append(sockets, fd)
		if unix.Bind(fd, &unix.SockaddrUnix{Name: "@evalx-cpu-" + strconv.Itoa(cpu)}) == nil {
			claimed = append(claimed, cpu)
		}
	}
	if len(claimed) < n {
		release()
		return nil, func() {}
	}
	return claimed, release
}
