//go:build linux && (amd64 || arm64)

package native

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// advice says what commonly stands in the way of user namespaces.
func advice() string {
	for _, check := range []struct{ file, value, text string }{
		{"/proc/sys/user/max_user_namespaces", "0", "user namespaces are switched off: sysctl user.max_user_namespaces=10000"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "user namespaces are for root only: sysctl kernel.unprivileged_userns_clone=1"},
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor restricts user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0"},
	} {
		data, err := os.ReadFile(check.file)
		if err == nil && strings.TrimSpace(string(data)) == check.value {
			return " (" + check.text + ")"
		}
	}
	if flags := containerFlags("/proc"); flags != "" {
		return " (evalx seems to be in a container, which needs: docker run" + flags + "; docs/containers.md has more)"
	}
	return ""
}

// containerFlags returns the flags of docker run that take away what is in the
// way of a sandbox, as far as it can be seen below proc: a seccomp filter and
// an AppArmor profile, which refuse namespaces and mounts; folders of /proc
// that are covered, for the kernel allows a new /proc only to those who see all
// of the old one; and a root that may not map itself into a user namespace.
func containerFlags(proc string) string {
	flags := ""
	if status, err := os.ReadFile(proc + "/self/status"); err == nil && strings.Contains(string(status), "\nSeccomp:\t2\n") {
		flags += " --security-opt seccomp=unconfined"
	}
	if profile, err := os.ReadFile(proc + "/self/attr/current"); err == nil && strings.Contains(string(profile), "(enforce)") {
		flags += " --security-opt apparmor=unconfined"
	}
	if mounts, err := os.ReadFile(proc + "/self/mountinfo"); err == nil && strings.Contains(string(mounts), " /proc/") {
		flags += " --security-opt systempaths=unconfined"
	}
	if os.Geteuid() == 0 && !capable(unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_SETFCAP) {
		flags += " --user 1000:1000"
	}
	return flags
}
