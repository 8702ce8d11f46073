package doctor

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// version reads the release of the kernel, such as 6.1.0-18-amd64; see
// uname(2).
func (m Machine) version() (major, minor int, release string) {
	release = m.text("proc/sys/kernel/osrelease")
	fmt.Sscanf(release, "%d.%d", &major, &minor) // what is not a number is 0
	return major, minor, release
}

// older tells whether the kernel is older than a version.
func (m Machine) older(major, minor int) bool {
	a, b, release := m.version()
	return release != "" && (a < major || a == major && b < minor)
}

func (m Machine) kernel() remark {
	_, _, release := m.version()
	found := "Linux " + release
	switch {
	case release == "":
		return remark{Warning, "the version of the kernel cannot be read from /proc", "mount -t proc proc /proc"}
	case m.older(5, 12):
		return remark{Warning, found + ": the native sandbox needs 5.12 or newer", "install a newer kernel"}
	case m.older(5, 19) && m.cgroups().version() == "v2":
		return remark{Warning, found + ": without memory.peak, which came with 5.19, short peaks of memory on cgroup v2 can be missed", "install a newer kernel"}
	}
	return remark{OK, found, ""}
}

// userNamespaces looks at the switches that distributions have for them. Root
// is free of the last two.
func (m Machine) userNamespaces() remark {
	switch {
	case !m.exists("proc/self/ns/user"):
		return remark{Warning, "the kernel has no user namespaces", "use a kernel with CONFIG_USER_NS"}
	case m.text("proc/sys/user/max_user_namespaces") == "0":
		return remark{Warning, "user namespaces are switched off", "sysctl user.max_user_namespaces=10000"}
	case m.User == 0:
		return remark{OK, "user namespaces are permitted", ""}
	case m.text("proc/sys/kernel/unprivileged_userns_clone") == "0":
		return remark{Warning, "user namespaces are for root only", "sysctl kernel.unprivileged_userns_clone=1"}
	case m.text("proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
		return remark{Warning, "AppArmor restricts the user namespaces of ordinary users", "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for evalx with the rule userns,"}
	}
	return remark{OK, "user namespaces are permitted", ""}
}

func (m Machine) seccomp() remark {
	if m.exists("proc/sys/kernel/seccomp/actions_avail") || strings.Contains(m.text("proc/self/status"), "\nSeccomp:") {
		return remark{OK, "seccomp filters system calls", ""}
	}
	return remark{Warning, "the kernel has no seccomp", "use a kernel with CONFIG_SECCOMP_FILTER"}
}

// hierarchies is what /proc/self/mountinfo says of cgroups (proc(5)).
type hierarchies struct {
	v1 map[string]string // mount point by controller
	v2 string            // mount point
}

func (m Machine) cgroups() hierarchies {
	h := hierarchies{v1: map[string]string{}}
	for line := range strings.Lines(m.text("proc/self/mountinfo")) {
		before, after, _ := strings.Cut(line, " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if len(left) < 5 || len(right) < 3 {
			continue
		}
		switch right[0] {
		case "cgroup2":
			h.v2 = left[4]
		case "cgroup":
			for controller := range strings.SplitSeq(right[2], ",") {
				h.v1[controller] = left[4]
			}
		}
	}
	return h
}

// version is the one that evalx uses: v1 where memory is accounted for there.
func (h hierarchies) version() string {
	switch {
	case h.v1["memory"] != "":
		return "v1"
	case h.v2 != "":
		return "v2"
	}
	return ""
}

func (m Machine) cgroup() remark {
	h := m.cgroups()
	var have []string
	needs := []string{"memory", "pids"} // v2 counts CPU time without a controller
	switch h.version() {
	case "":
		return remark{Warning, "no cgroups are mounted: memory, CPU time and the number of processes are sampled", "mount -t cgroup2 cgroup2 /sys/fs/cgroup; in a container, see docs/containers.md"}
	case "v1":
		needs = append(needs, "cpuacct")
		for controller := range h.v1 {
			have = append(have, controller)
		}
	case "v2":
		have = strings.Fields(m.text(strings.Trim(h.v2, "/") + "/cgroup.controllers"))
	}
	for _, needed := range needs {
		if !slices.Contains(have, needed) {
			return remark{Warning, fmt.Sprintf("cgroup %s has no controller %s", h.version(), needed), fixController(needed)}
		}
	}
	found := "cgroup " + h.version() + " with all controllers that are needed"
	if h.version() == "v1" && h.v2 != "" {
		found += ", beside v2 (hybrid)"
	}
	return remark{OK, found, ""}
}

func fixController(name string) string {
	if name == "memory" {
		return "boot the kernel with cgroup_enable=memory; in a container, its host decides"
	}
	return "use a kernel that has it; in a container, its host decides"
}

// container tells whether evalx itself runs in a container, whose limits and
// rules are then above its own.
func (m Machine) container() remark {
	kind := m.text("run/systemd/container")
	switch {
	case kind != "":
	case m.exists(".dockerenv"):
		kind = "docker"
	case m.exists("run/.containerenv"):
		kind = "podman"
	case strings.Contains(m.text("proc/1/cgroup"), "kubepods"):
		kind = "kubernetes"
	case strings.Contains(m.text("proc/version"), "Microsoft"), strings.Contains(m.text("proc/version"), "microsoft"):
		kind = "wsl"
	default:
		return remark{}
	}
	return remark{Note, "evalx itself runs in a container (" + kind + "): its host sets the limits above these", ""}
}

func (m Machine) links() remark {
	for _, name := range []string{"protected_symlinks", "protected_hardlinks"} {
		if m.text("proc/sys/fs/"+name) == "0" {
			return remark{Warning, "links in folders like /tmp can lead programs astray: fs." + name + " is 0", "sysctl fs." + name + "=1"}
		}
	}
	return remark{OK, "links in shared folders are guarded", ""}
}

// coreDumps looks for a handler of crashes (core(5)). The native sandbox keeps
// programs from starting it.
func (m Machine) coreDumps() remark {
	pattern := m.text("proc/sys/kernel/core_pattern")
	if handler, piped := strings.CutPrefix(pattern, "|"); piped {
		name, _, _ := strings.Cut(handler, " ")
		return remark{Note, "crashes outside of the native sandbox start " + name + ", as root", "on a machine that only judges: sysctl kernel.core_pattern=core"}
	}
	return remark{OK, "crashes start no handler", ""}
}

// processorBugs are those that the kernel knows of and does nothing about.
func (m Machine) processorBugs() remark {
	const dir = "sys/devices/system/cpu/vulnerabilities"
	entries, err := fs.ReadDir(m.Root, dir)
	if err != nil {
		return remark{}
	}
	var open []string
	for _, entry := range entries {
		if strings.HasPrefix(m.text(dir+"/"+entry.Name()), "Vulnerable") {
			open = append(open, entry.Name())
		}
	}
	if len(open) == 0 {
		return remark{OK, "no processor bug is left open", ""}
	}
	return remark{Note, "processor bugs that are left open: " + strings.Join(open, ", "),
		"programs may measure what others compute: update kernel and microcode, boot without mitigations=off, and keep secrets off this machine"}
}
