package docker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// agentUser is who the agent is once it has set up its container: one of the
// engine's machine that owns nothing, next to those of the native sandbox in
// the range that systemd documents as unused (uids-gids.md).
const agentUser = 1879048190

// Settle sets the container up for the native sandbox, and then becomes an
// ordinary user: it starts evalx anew as one, with no capability left, and
// does not return. Where it is an ordinary user already it does nothing.
//
// A user namespace that an ordinary user makes is a smaller thing to break out
// of. Where the system keeps those from ordinary users, it stays root.
func Settle() error {
	if os.Getpid() != 1 {
		return errors.New("the agent is for the inside of a container, as its first process")
	}
	if os.Geteuid() != 0 {
		return nil
	}
	own, err := openCgroups()
	if err != nil {
		return err
	}
	if !ordinaryUsersMay() {
		return nil
	}
	for _, path := range append(own, MountsDir) {
		if err := os.Chown(path, agentUser, agentUser); err != nil {
			return err
		}
	}
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(agentUser), syscall.Setuid(agentUser)); err != nil {
		return fmt.Errorf("become an ordinary user: %w", err)
	}
	return fmt.Errorf("start evalx anew: %w", syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
}

// openCgroups makes the container's own part of the cgroup file system, which
// engines mount read-only, writable. It returns the files by which whoever owns
// them may make cgroups there (cgroups(7), delegation).
func openCgroups() (owned []string, err error) {
	data, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		before, after, _ := strings.Cut(line, " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if len(left) < 5 || len(right) < 1 || right[0] != "cgroup" && right[0] != "cgroup2" {
			continue
		}
		point := left[4]
		flags := uintptr(unix.MS_REMOUNT | unix.MS_BIND | unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC)
		if err := unix.Mount("", point, "", flags, ""); err != nil {
			return nil, fmt.Errorf("make %s writable: %w", point, err)
		}
		owned = append(owned, point)
		for _, name := range []string{"tasks", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control"} {
			if _, err := os.Stat(filepath.Join(point, name)); err == nil {
				owned = append(owned, filepath.Join(point, name))
			}
		}
	}
	return owned, nil
}

// ordinaryUsersMay tells whether ordinary users may make user namespaces.
func ordinaryUsersMay() bool {
	for file, no := range map[string]string{
		"/proc/sys/kernel/unprivileged_userns_clone":             "0",
		"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
	} {
		if data, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(data)) == no {
			return false
		}
	}
	return true
}
