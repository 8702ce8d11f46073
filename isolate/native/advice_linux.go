//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// What the sandbox needs of a kernel: mount_setattr(2) came with 5.12.
const oldestKernel = "5.12"

// advice says what commonly stands in the way of a sandbox: an old kernel, or
// a machine that refuses user namespaces.
func advice() string {
	if release := kernelRelease(); olderThan(release, oldestKernel) {
		return " (the native sandbox needs Linux " + oldestKernel + " or newer, this is " + release + ")"
	}
	for _, check := range []struct{ file, value, text string }{
		{"/proc/sys/user/max_user_namespaces", "0", "user namespaces are switched off: sysctl user.max_user_namespaces=10000"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "user namespaces are for root only: sysctl kernel.unprivileged_userns_clone=1"},
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor restricts user namespaces: docs/security.md has a profile for evalx; or sysctl kernel.apparmor_restrict_unprivileged_userns=0"},
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

// kernelRelease is what uname -r prints.
func kernelRelease() string {
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Release[:])
}

// olderThan compares the first two numbers of kernel releases, such as
// 5.10.0-32-amd64 and 5.12. What cannot be read is not older.
func olderThan(release, wanted string) bool {
	var have, want [2]int
	if n, _ := fmt.Sscanf(release, "%d.%d", &have[0], &have[1]); n != 2 {
		return false
	}
	fmt.Sscanf(wanted, "%d.%d", &want[0], &want[1])
	return have[0] < want[0] || have[0] == want[0] && have[1] < want[1]
}

// inherited says which limits evalx itself was started with that it or programs
// may meet before their own.
func inherited() string {
	var found []string
	for _, l := range []struct {
		flag     string
		resource int
	}{{"-f", unix.RLIMIT_FSIZE}, {"-t", unix.RLIMIT_CPU}, {"-v", unix.RLIMIT_AS}, {"-d", unix.RLIMIT_DATA}} {
		var limit unix.Rlimit
		if unix.Getrlimit(l.resource, &limit) == nil && limit.Cur != unix.RLIM_INFINITY {
			found = append(found, l.flag)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return "evalx was started under ulimit " + strings.Join(found, ", ") + ", which programs may meet before their own limits: start it without"
}
