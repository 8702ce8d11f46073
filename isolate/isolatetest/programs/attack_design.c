// Attacks on how sandboxes of this kind are made: outputs in memory that are
// used again, a process that waits, calls that look harmless.
#include "subject.h"
#include <linux/filter.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>

#ifndef F_SET_RW_HINT
#define F_SET_RW_HINT 1036
#define F_GET_RW_HINT 1035
#endif

static const int standard[] = {0, 1, 2};

// Marks on the files that are its input and output.
ATTACK(mark_output) {
	struct timespec old[2] = {{915148800, 7}, {915148800, 7}};
	uint64_t hint = 5;
	for (int i = 0; i < 3; i++) {
		fsetxattr(i, "user.left", "left", 4, 0);
		futimens(i, old);
		fcntl(i, F_SET_RW_HINT, &hint);
		fchmod(i, 0);
		fcntl(i, F_SETLEASE, F_WRLCK);
		fcntl(i, F_SETFL, O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME);
		flock(i, LOCK_EX | LOCK_NB);
	}
}

ATTACK(find_marks_of_output) {
	char value[16];
	struct stat s;
	for (int i = 0; i < 3; i++) {
		uint64_t hint = 0;
		if (fgetxattr(i, "user.left", value, sizeof value) > 0) breach("attribute of descriptor %d", i);
		if (fstat(i, &s) == 0 && (s.st_mtime == 915148800 || s.st_atime == 915148800)) breach("time of descriptor %d", i);
		if (fstat(i, &s) == 0 && S_ISREG(s.st_mode) && (s.st_mode & 0700) == 0) breach("mode of descriptor %d", i);
		if (i > 0 && s.st_size > 0) breach("descriptor %d has %ld bytes", i, (long)s.st_size);
		if (i > 0 && s.st_blocks > 0) breach("descriptor %d has %ld blocks", i, (long)s.st_blocks);
		if (fcntl(i, F_GET_RW_HINT, &hint) == 0 && hint != 0) breach("hint of descriptor %d", i);
		if (fcntl(i, F_GETFL) & (O_NONBLOCK | O_DIRECT)) breach("flags of descriptor %d", i);
	}
}

// Memory behind the end of the output, which its size does not show.
ATTACK(output_behind_end) {
	for (int i = 1; i < 3; i++)
		if (fallocate(i, FALLOC_FL_KEEP_SIZE, 1 << 20, 6 << 20) < 0) fallocate(i, FALLOC_FL_KEEP_SIZE, 0, 1 << 16);
}

// Other ways to its own output than the descriptor that it was given.
ATTACK(output_reopened) {
	char path[32], byte = 'x';
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 1; i < 3; i++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", i);
		int again = open(path, O_RDWR), trunc = open(path, O_WRONLY | O_TRUNC);
		if (again < 0) continue;
		if (pwrite(again, &byte, 1, 1L << 40) == 1) breach("wrote at 1 TiB");
		refused("a size of 1 TiB", ftruncate(again, 1L << 40));
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0);
		int pair[2];
		if (p != MAP_FAILED && pipe(pair) == 0) {
			struct iovec page = {p, 4096};
			vmsplice(pair[1], &page, 1, 0);
		}
		ftruncate(again, 0);
		close(trunc);
	}
}

// Hands its output to a process that outlives it, by a socket.
ATTACK(output_in_flight) {
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) return;
	for (int i = 0; i < 200; i++) {
		char space[CMSG_SPACE(sizeof standard)] = {0}, byte = 'x';
		struct iovec data = {&byte, 1};
		struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(sizeof standard);
		memcpy(CMSG_DATA(c), standard, sizeof standard);
		if (sendmsg(pair[0], &m, MSG_DONTWAIT) < 0) break;
	}
	// A cycle: the sockets hold each other, and only the kernel's collector frees them.
	char space[CMSG_SPACE(sizeof pair)] = {0}, byte = 'x';
	struct iovec data = {&byte, 1};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(sizeof pair);
	memcpy(CMSG_DATA(c), pair, sizeof pair);
	sendmsg(pair[1], &m, MSG_DONTWAIT);
	if (background())
		for (;;) pause();
}

// Children of whoever waits for us, with exit codes of their own.
static long sibling(void) {
	return syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

ATTACK(false_siblings) {
	for (int i = 0; i < 20; i++)
		if (sibling() == 0) _exit(43);
	if (sibling() == 0) raise(SIGSEGV);
	pause_ms(30);
}

ATTACK(spin_sibling) {
	if (sibling() == 0) for (;;) {}
	pause_ms(60000);
}

// A child that shares our memory and never starts a program: we wait for ever.
ATTACK(vfork_held) {
	if (vfork() == 0)
		for (;;) pause();
}

// Becomes a new program again and again.
ATTACK(exec_without_end) {
	char *args[] = {"subject", "exec_without_end", NULL}, *env[] = {NULL};
	execve("/proc/self/exe", args, env);
	breach("exec: %m");
}

static void *exec_here(void *unused) {
	char *args[] = {"subject", "capabilities", NULL}, *env[] = {NULL};
	execve("/proc/self/exe", args, env);
	return unused;
}

// A thread that is not the first becomes a program: the others vanish.
ATTACK(exec_by_thread) {
	pthread_t t;
	pthread_create(&t, NULL, exec_here, NULL);
	for (;;) pause();
}

// The name of a process, which tables of processes print in parentheses.
ATTACK(spin_under_name) {
	prctl(PR_SET_NAME, ") R 0 0\n0 0");
	for (;;) {}
}

// Signals that a run-time system keeps for itself.
ATTACK(urgent_flood) {
	for (;;) kill(1, SIGURG);
}

// All of its time is the kernel's.
ATTACK(spin_in_kernel) {
	static char block[1 << 20];
	int fd = open("/dev/urandom", O_RDONLY);
	while (read(fd, block, sizeof block) > 0) {}
	breach("no random bytes");
}

// Time of threads that are gone.
ATTACK(spin_in_threads) {
	for (;;) {
		pthread_t t;
		if (pthread_create(&t, NULL, (void *(*)(void *))burn, (void *)2L) == 0) pthread_join(t, NULL);
	}
}

// Handlers of a timer, on top of a process that rests.
static void on_tick(int s) {
	(void)s;
	burn(1);
}

ATTACK(spin_by_timer) {
	struct itimerspec often = {{0, 100000}, {0, 100000}};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	timer_t timer;
	signal(SIGUSR1, on_tick);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &often, NULL);
	for (;;) pause();
}

// What the machine keeps in memory for everybody.
ATTACK(evict_files) {
	static char page[4096];
	struct iovec one = {page, sizeof page};
	const char *files[] = {"/usr/bin/env", "/usr/bin/tail", "/usr/bin/sort"};
	for (int i = 0; i < 3; i++) {
		int fd = open(files[i], O_RDONLY);
		if (fd < 0 || pread(fd, page, sizeof page, 0) <= 0) continue;
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		if (preadv2(fd, &one, 1, 0, 8 /* RWF_NOWAIT */) < 0 && errno == EAGAIN) breach("%s is no longer in memory", files[i]);
		close(fd);
	}
}

// Makes the machine write everything to its disks.
ATTACK(sync_disks) {
	int fd = open("/usr/bin/env", O_RDONLY);
	for (int i = 0; i < 2000; i++) sync(), fsync(fd), fdatasync(fd);
	refused("syncfs", syscall(SYS_syncfs, fd));
}

// Memory that cgroups do not count.
ATTACK(huge_pages) {
	const int sizes[] = {0, 21 << 26, 30 << 26};
	for (int i = 0; i < 3; i++) {
		int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | sizes[i];
		if (mmap(NULL, 1 << 21, PROT_READ, flags | MAP_NORESERVE, -1, 0) != MAP_FAILED) breach("mapped huge pages");
		refused("a file of huge pages", memfd_create("huge", 4U | sizes[i]));
	}
}

// Keeps the other half of its core idle.
ATTACK(core_scheduling) {
	refused("PR_SCHED_CORE of itself", prctl(62, 1, 0, 0, 0));
	refused("PR_SCHED_CORE of its group", prctl(62, 1, 0, 1, 0));
	refused("PR_SCHED_CORE to process 1", prctl(62, 2, 1, 0, 0));
}

// Programs for the kernel to interpret.
ATTACK(socket_filters) {
	struct sock_filter pass = {0x06, 0, 0, 0xffffffff};
	struct sock_fprog program = {1, &pass};
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) return;
	refused("SO_ATTACH_FILTER", setsockopt(pair[0], SOL_SOCKET, 26, &program, sizeof program));
	refused("SO_ATTACH_BPF", setsockopt(pair[0], SOL_SOCKET, 50, pair, sizeof *pair));
	refused("SO_ATTACH_REUSEPORT_CBPF", setsockopt(pair[0], SOL_SOCKET, 51, &program, sizeof program));
}

// Learns what others do with files that everybody sees.
ATTACK(watch_folders) {
	const char *shared[] = {"/usr/bin", "/usr/lib", "/prog", "/etc", "/dev/null", "/"};
	int watch = inotify_init1(IN_NONBLOCK);
	for (int i = 0; i < 6; i++) {
		if (watch >= 0) refused(shared[i], inotify_add_watch(watch, shared[i], IN_ALL_EVENTS));
		int fd = open(shared[i], O_RDONLY | O_NONBLOCK);
		refused("F_NOTIFY", fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT));
		refused("F_SETLEASE to read", fcntl(fd, F_SETLEASE, F_RDLCK));
		refused("F_SETLEASE to write", fcntl(fd, F_SETLEASE, F_WRLCK));
	}
}

// Times and attributes of devices, which are the host's own files.
ATTACK(mark_devices) {
	const char *devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
	for (int i = 0; i < 5; i++) {
		refused(devices[i], utimensat(AT_FDCWD, devices[i], NULL, 0));
		refused(devices[i], chmod(devices[i], 0666));
		refused(devices[i], setxattr(devices[i], "user.left", "left", 4, 0));
	}
}

// ioctl has as many calls as there are drivers and file systems.
ATTACK(ioctls) {
	const char *files[] = {"/", "/usr", "/prog/subject", "/w/box", "/dev/null", "/dev/urandom", "/proc/self/ns/user",
		"/proc/self/ns/pid", "/proc/self/ns/mnt", "/proc/self/ns/net", "/proc/self"};
	const unsigned long calls[] = {
		0xc0045877 /* FIFREEZE */, 0xc0045878 /* FITHAW */, 0xc0185879 /* FITRIM */, 0x8004587d /* shut down */,
		0x40086602 /* FS_IOC_SETFLAGS */, 0x401c5820 /* FS_IOC_FSSETXATTR */, 0xc020660b /* FIEMAP */, 1 /* FIBMAP */,
		0x5011940c & 0xffff /* nothing */, 0x40049409 /* FICLONE */, 0xc0189436 /* FIDEDUPERANGE */,
		0x125d /* BLKROSET */, 0x5203 /* RNDADDENTROPY */, 0x5206 /* RNDCLEARPOOL */, 0x5207 /* RNDRESEEDCRNG */,
		0xb701 /* NS_GET_USERNS */, 0xb702 /* NS_GET_PARENT */, 0x8008b705 /* NS_GET_MNTNS_ID */,
		0x8912 /* SIOCGIFCONF */, 0x8914 /* SIOCSIFFLAGS */, 0x8933 /* SIOCGIFINDEX */, 0x89a0 /* SIOCBRADDBR */,
		0x5413 & 0 /* nothing */, 0x40045431 /* TIOCSPTLCK */, 0x540e /* TIOCSCTTY */, 0x541d /* TIOCCONS */,
	};
	for (int i = 0; i < 13; i++) {
		int fd = i < 11 ? open(files[i], O_RDONLY) : socket(AF_UNIX, SOCK_STREAM, 0);
		if (fd < 0) continue;
		for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
			char space[4096] = {0};
			if (ioctl(fd, calls[c], space) >= 0) breach("ioctl %#lx of %s", calls[c], i < 11 ? files[i] : "a socket");
		}
		close(fd);
	}
}

// host_sockets FOLDER: services of the host that listen in a folder that is shown.
ATTACK(host_sockets) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *names[] = {"stream", "datagram", "packets"};
	const int kinds[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
	for (int i = 0; i < 3; i++) {
		snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", argv[1], names[i]);
		int fd = socket(AF_UNIX, kinds[i], 0), pair[2];
		if (fd >= 0) {
			refused(names[i], connect(fd, (void *)&address, sizeof address));
			refused(names[i], sendto(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (void *)&address, sizeof address));
		}
		if (socketpair(AF_UNIX, kinds[i], 0, pair) < 0 || kinds[i] != SOCK_DGRAM) continue;
		struct iovec data = {"x", 1};
		struct msghdr m = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &data, .msg_iovlen = 1};
		refused("message of a pair", sendmsg(pair[0], &m, MSG_DONTWAIT | MSG_NOSIGNAL));
	}
}

// Calls that are newer than the sandbox.
ATTACK(new_calls) {
	static const int known[] = {424, 434, 435, 436, 437, 439, 441, 449};
	for (int n = 424; n < 600; n++) {
		int is_known = 0;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) is_known |= known[i] == n;
		if (is_known) continue;
		if (syscall(n, -1, -1, -1, -1, -1, -1) >= 0 || (errno != ENOSYS && errno != EPERM)) breach("call %d: %m", n);
	}
}
