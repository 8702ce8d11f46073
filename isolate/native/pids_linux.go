//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// firstPID is the number of every run's first process. The numbers below are
// for the threads of the supervisor.
const firstPID = 100

// pids is the counter from which the kernel takes the numbers of processes in
// the sandbox (/proc/sys/kernel/ns_last_pid, see pid_namespaces(7)). It goes on
// from run to run, so that a run could tell the next one something by how many
// processes it makes.
type pids struct{ fd int }

// openPIDs opens the counter while /proc may be written to, and by a mount of
// its own: an open file would keep /proc from being made read-only. A kernel
// without CONFIG_CHECKPOINT_RESTORE has no counter to set.
func openPIDs() (pids, error) {
	proc, err := unix.OpenTree(unix.AT_FDCWD, "/proc", unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC)
	if err != nil {
		return pids{-1}, fmt.Errorf("open_tree /proc: %w", err)
	}
	defer unix.Close(proc)
	fd, err := unix.Openat(proc, "sys/kernel/ns_last_pid", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return pids{-1}, nil
	}
	if err != nil {
		return pids{-1}, fmt.Errorf("open ns_last_pid: %w", err)
	}
	return pids{fd}, nil
}

// restart makes the next process firstPID.
func (p pids) restart() error {
	if p.fd < 0 {
		return nil
	}
	if _, err := unix.Pwrite(p.fd, fmt.Append(nil, firstPID-1), 0); err != nil {
		return fmt.Errorf("set ns_last_pid: %w", err)
	}
	return nil
}
