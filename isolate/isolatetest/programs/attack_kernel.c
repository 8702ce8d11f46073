// Attacks on the kernel's interfaces: each call must be refused.
#include "subject.h"
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>

static const struct {
	const char *name;
	int flag;
} namespaces[] = {
	{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS}, {"net", CLONE_NEWNET}, {"ipc", CLONE_NEWIPC},
	{"pid", CLONE_NEWPID}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP}, {"time", 0x80},
};
#define NAMESPACES (sizeof namespaces / sizeof *namespaces)

ATTACK(unshare) {
	for (size_t i = 0; i < NAMESPACES; i++) {
		refused(namespaces[i].name, unshare(namespaces[i].flag));
		refused(namespaces[i].name, unshare(namespaces[i].flag | CLONE_NEWUSER));
	}
}

static void cloned(const char *how, const char *name, long result) {
	if (result == 0) _exit(0);
	if (result > 0) breach("%s made a %s namespace", how, name);
}

ATTACK(clone_namespaces) {
	for (size_t i = 0; i < NAMESPACES; i++) {
		uint64_t flags = namespaces[i].flag;
		if (flags != 0x80) cloned("clone", namespaces[i].name, syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
		cloned("clone", namespaces[i].name, syscall(SYS_clone, (flags & ~0xffL) | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
		uint64_t args[11] = {flags, 0, 0, 0, SIGCHLD};
		cloned("clone3", namespaces[i].name, syscall(SYS_clone3, args, sizeof args));
		args[0] |= CLONE_NEWUSER;
		cloned("clone3", namespaces[i].name, syscall(SYS_clone3, args, sizeof args));
	}
}

ATTACK(setns) {
	const char *of[] = {"self", "1"};
	for (int p = 0; p < 2; p++)
		for (size_t i = 0; i < NAMESPACES; i++) {
			char path[64];
			snprintf(path, sizeof path, "/proc/%s/ns/%s", of[p], namespaces[i].name);
			int fd = open(path, O_RDONLY);
			if (fd >= 0) refused(path, setns(fd, 0));
		}
	int fd = syscall(SYS_pidfd_open, 1, 0);
	if (fd >= 0) refused("setns of process 1", setns(fd, CLONE_NEWNS | CLONE_NEWNET));
}

ATTACK(mounts) {
	mkdir("here", 0777);
	refused("tmpfs", mount("none", "here", "tmpfs", 0, ""));
	refused("proc", mount("none", "here", "proc", 0, ""));
	refused("sysfs", mount("none", "here", "sysfs", 0, ""));
	refused("cgroup", mount("none", "here", "cgroup2", 0, ""));
	refused("bind", mount("/", "here", NULL, MS_BIND | MS_REC, NULL));
	refused("remount", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
	refused("remount /prog", mount(NULL, "/prog", NULL, MS_REMOUNT | MS_BIND, NULL));
	refused("propagation", mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL));
	refused("umount /proc", umount2("/proc", MNT_DETACH));
	refused("umount /prog", umount2("/prog", MNT_DETACH));
	refused("umount /", umount2("/", MNT_DETACH));
	refused("pivot_root", syscall(SYS_pivot_root, ".", "."));
	refused("chroot", chroot("."));
	refused("fsopen", syscall(430, "tmpfs", 0));
	refused("open_tree", syscall(428, AT_FDCWD, "/", 1 | 0x8000));
	refused("move_mount", syscall(429, AT_FDCWD, "/prog", AT_FDCWD, "here", 0));
	uint64_t attr[4] = {0, 1, 0, 0};
	refused("mount_setattr", syscall(442, AT_FDCWD, "/prog", 0, attr, sizeof attr));
}

ATTACK(identity) {
	gid_t none[1] = {0};
	refused("setuid", setuid(0));
	refused("setgid", setgid(0));
	refused("setresuid", setresuid(0, 0, 0));
	refused("setresgid", setresgid(0, 0, 0));
	refused("setgroups", syscall(SYS_setgroups, 1, none));
	refused("dropping groups", syscall(SYS_setgroups, 0, none));
	refused("another user", setuid(getuid() + 1));
	setfsuid(0);
	if (setfsuid(-1) == 0) breach("setfsuid");
	if (getuid() == 0 || geteuid() == 0) breach("is user 0");
	if (getgid() == 0 || getegid() == 0) breach("is group 0");
	gid_t groups[64];
	int n = getgroups(64, groups);
	for (int i = 0; i < n; i++)
		if (groups[i] == 0) breach("is in group 0");
}

ATTACK(capabilities) {
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}}, have[2];
	refused("capset", syscall(SYS_capset, &header, all));
	if (syscall(SYS_capget, &header, have) == 0)
		for (int i = 0; i < 2; i++)
			if (have[i].permitted | have[i].effective | have[i].inheritable) breach("has capabilities");
	for (int c = 0; c < 41; c++) {
		refused("ambient capability", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, c, 0, 0));
		if (prctl(PR_CAPBSET_READ, c) == 1) breach("capability %d is in the bounding set", c);
	}
	refused("securebits", prctl(PR_SET_SECUREBITS, 1));
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) breach("no_new_privs is not set");
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) breach("no seccomp filter");
}

ATTACK(keyrings) {
	refused("add_key", syscall(SYS_add_key, "user", "evalx", "x", 1, -4));
	refused("request_key", syscall(SYS_request_key, "user", "evalx", NULL, -4));
	refused("keyctl join", syscall(SYS_keyctl, 1, "evalx"));
	refused("keyctl id of the session", syscall(SYS_keyctl, 0, -3, 0));
	refused("keyctl id of the user", syscall(SYS_keyctl, 0, -4, 1));
	int fd = open("/proc/keys", O_RDONLY);
	char c;
	if (fd >= 0 && read(fd, &c, 1) > 0) breach("/proc/keys is readable");
}

ATTACK(kernel_objects) {
	char attr[256] = {0};
	refused("userfaultfd", syscall(SYS_userfaultfd, 0));
	refused("userfaultfd of user mode", syscall(SYS_userfaultfd, 1));
	refused("io_uring_setup", syscall(425, 4, attr));
	refused("io_uring_enter", syscall(426, 0, 0, 0, 0, NULL, 0));
	refused("io_uring_register", syscall(427, -1, 13, NULL, 0));
	memset(attr, 0, sizeof attr);
	attr[0] = BPF_MAP_TYPE_ARRAY, attr[4] = 4, attr[8] = 8, attr[12] = 1;
	refused("bpf map", syscall(SYS_bpf, BPF_MAP_CREATE, attr, 128));
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .exclude_kernel = 1};
	refused("perf_event_open", syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
	event.config = PERF_COUNT_SW_DUMMY, event.exclude_hv = 1;
	refused("perf_event_open", syscall(SYS_perf_event_open, &event, -1, 0, -1, 0));
	refused("fanotify_init", syscall(SYS_fanotify_init, 0, 0));
	refused("memfd_secret", syscall(447, 0));
}

static int connects(int family, const struct sockaddr *to, socklen_t size, int kind) {
	int fd = socket(family, kind, 0);
	return fd < 0 ? -1 : connect(fd, to, size);
}

ATTACK(network) {
	struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(22)};
	inet_pton(AF_INET, "127.0.0.1", &local.sin_addr);
	refused("connect to 127.0.0.1", connects(AF_INET, (void *)&local, sizeof local, SOCK_STREAM));
	inet_pton(AF_INET, "169.254.169.254", &local.sin_addr);
	local.sin_port = htons(80);
	refused("datagram to the cloud's metadata", connects(AF_INET, (void *)&local, sizeof local, SOCK_DGRAM));
	refused("connect to the cloud's metadata", connects(AF_INET, (void *)&local, sizeof local, SOCK_STREAM));
}

ATTACK(network_sockets) {
	refused("TCP", socket(AF_INET, SOCK_STREAM, 0));
	refused("UDP", socket(AF_INET, SOCK_DGRAM, 0));
	refused("TCP over IPv6", socket(AF_INET6, SOCK_STREAM, 0));
	refused("MPTCP", socket(AF_INET, SOCK_STREAM, 262));
	refused("ping", socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
	refused("SCTP", socket(AF_INET, SOCK_SEQPACKET, 132));
}

ATTACK(odd_sockets) {
	refused("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	refused("raw IPv6", socket(AF_INET6, SOCK_RAW, 58));
	refused("packet", socket(AF_PACKET, SOCK_RAW, htons(3)));
	for (int protocol = 0; protocol < 32; protocol++)
		refused("netlink", socket(AF_NETLINK, SOCK_RAW, protocol));
	refused("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
	refused("vsock datagram", socket(AF_VSOCK, SOCK_DGRAM, 0));
	refused("crypto", socket(AF_ALG, SOCK_SEQPACKET, 0));
	refused("kcm", socket(41, SOCK_DGRAM, 0));
	for (int family = 2; family < 50; family++)
		for (int kind = 1; kind < 6; kind++) {
			char name[32];
			snprintf(name, sizeof name, "family %d kind %d", family, kind);
			refused(name, socket(family, kind, 0));
		}
	int pair[2];
	refused("pair of TCP", socketpair(AF_INET, SOCK_STREAM, 0, pair));
	refused("pair of TIPC", socketpair(30, SOCK_STREAM, 0, pair));
}

// Calls that fail of themselves, or do no harm, and are still not for programs.
ATTACK(spare_calls) {
	char text[16] = "x";
	refused("quotactl", syscall(SYS_quotactl, 0x800001 << 8, NULL, 0, text));
#if defined(__x86_64__)
	refused("modify_ldt", syscall(SYS_modify_ldt, 1, text, 16));
#endif
}

ATTACK(machine) {
	char text[256] = "x";
	struct timeval past = {1, 0};
	refused("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, 0x89abcdef, 0)); // only enables Ctrl-Alt-Del
	refused("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
	refused("kexec_file_load", syscall(SYS_kexec_file_load, -1, -1, 0, "", 0));
	refused("init_module", syscall(SYS_init_module, text, 1, ""));
	refused("finit_module", syscall(SYS_finit_module, 0, "", 0));
	refused("delete_module", syscall(SYS_delete_module, "nonesuch", O_NONBLOCK));
	refused("swapon", syscall(SYS_swapon, "/prog/subject", 0));
	refused("swapoff", syscall(SYS_swapoff, "/prog/subject"));
	refused("acct", syscall(SYS_acct, NULL));
	refused("settimeofday", syscall(SYS_settimeofday, &past, NULL));
	struct timespec same;
	clock_gettime(CLOCK_REALTIME, &same);
	refused("clock_settime", clock_settime(CLOCK_REALTIME, &same));
	refused("sethostname", sethostname("evil", 4));
	refused("setdomainname", setdomainname("evil", 4));
	refused("vhangup", syscall(SYS_vhangup));
	refused("syslog", syscall(SYS_syslog, 3, text, sizeof text));
	refused("syslog size", syscall(SYS_syslog, 10, NULL, 0));
	refused("nfsservctl", syscall(SYS_nfsservctl, 0, NULL, NULL));
	refused("lookup_dcookie", syscall(SYS_lookup_dcookie, 0L, text, sizeof text));
#if defined(__x86_64__)
	refused("iopl", syscall(SYS_iopl, 3));
	refused("ioperm", syscall(SYS_ioperm, 0x80, 1, 1));
#endif
}

ATTACK(handles) {
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + 128];
	} h;
	int mount_id;
	memset(&h, 0, sizeof h);
	h.handle.handle_bytes = 128;
	int named = name_to_handle_at(AT_FDCWD, "/prog/subject", &h.handle, &mount_id, 0);
	int fd = open("/prog", O_RDONLY | O_DIRECTORY);
	if (named == 0) refused("open_by_handle_at", open_by_handle_at(fd, &h.handle, O_RDONLY));
	// The root folder of ext4 has inode 2; this is how containers were once left.
	h.handle.handle_bytes = 8, h.handle.handle_type = 1;
	memset(h.handle.f_handle, 0, 128);
	h.handle.f_handle[0] = 2;
	refused("open_by_handle_at of the host's root", open_by_handle_at(fd, &h.handle, O_RDONLY));
}

ATTACK(scheduling) {
	struct sched_param real = {.sched_priority = 1};
	refused("FIFO", sched_setscheduler(0, SCHED_FIFO, &real));
	refused("RR", sched_setscheduler(0, SCHED_RR, &real));
	uint64_t deadline[6] = {48 | (6ULL << 32), 0, 0, 1000000, 2000000, 2000000};
	refused("DEADLINE", syscall(SYS_sched_setattr, 0, deadline, 0));
	refused("niceness -1", setpriority(PRIO_PROCESS, 0, -1));
	refused("real-time disk priority", syscall(SYS_ioprio_set, 1, 0, 1 << 13));
}

// The limits, the scheduling and the place of the process that watches us.
ATTACK(tamper_init) {
	struct rlimit none = {0, 0};
	cpu_set_t first;
	struct sched_param idle = {0};
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	pid_t targets[2] = {1, getppid()};
	for (int i = 0; i < 2 && targets[i] > 0; i++) { // the parent is 0 if it is outside
		pid_t p = targets[i];
		for (int r = 0; r < RLIM_NLIMITS; r++)
			if (r != RLIMIT_CORE) refused("prlimit of process 1", prlimit(p, r, &none, NULL));
		refused("reading its limits", prlimit(p, RLIMIT_NOFILE, NULL, &none));
		// A sandbox may pretend that these succeed; what counts is the effect.
		int before = sched_getscheduler(p);
		sched_setaffinity(p, sizeof first, &first);
		sched_setscheduler(p, SCHED_IDLE, &idle);
		if (sched_getscheduler(p) != before) breach("sched_setscheduler of process 1");
		cpu_set_t places[2];
		int known = sched_getaffinity(0, sizeof first, &places[0]) == 0 && sched_getaffinity(p, sizeof first, &places[1]) == 0;
		if (known && !CPU_EQUAL(&places[0], &places[1])) breach("sched_setaffinity of process 1");
		refused("setpriority of process 1", setpriority(PRIO_PROCESS, p, 19));
		refused("ioprio_set of process 1", syscall(SYS_ioprio_set, 1, p, 3 << 13));
		refused("setpgid of process 1", setpgid(p, 0));
	}
	refused("autogroup of process 1", open("/proc/1/autogroup", O_WRONLY));
}

ATTACK(terminal) {
	char c = 'x';
	struct winsize size = {1, 1, 1, 1};
	refused("open /dev/tty", open("/dev/tty", O_RDWR));
	refused("open /dev/console", open("/dev/console", O_RDWR));
	refused("open /dev/ptmx", open("/dev/ptmx", O_RDWR));
	for (int fd = 0; fd < 3; fd++) {
		refused("TIOCSTI", ioctl(fd, TIOCSTI, &c));
		refused("TIOCSWINSZ", ioctl(fd, TIOCSWINSZ, &size));
		refused("TIOCSCTTY", ioctl(fd, TIOCSCTTY, 1));
		if (isatty(fd)) breach("descriptor %d is a terminal", fd);
	}
	refused("TIOCLINUX", ioctl(0, TIOCLINUX, &c));
}

// Its input is a terminal, as when somebody judges by hand.
ATTACK(type_ahead) {
	char c = 'x', text[] = {2, 'x'};
	setsid();
	ioctl(0, TIOCSCTTY, 1);
	int fds[] = {0, open("/dev/tty", O_RDWR), open("/proc/self/fd/0", O_RDWR)};
	for (int i = 0; i < 3; i++) {
		if (fds[i] < 0) continue;
		refused("TIOCSTI", ioctl(fds[i], TIOCSTI, &c));
		refused("TIOCLINUX", ioctl(fds[i], TIOCLINUX, text));
	}
}
