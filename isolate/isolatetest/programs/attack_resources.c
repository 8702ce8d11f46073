// Attacks that use up what the machine has.
#include "subject.h"
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>

ATTACK(fork_bomb) {
	for (;;) fork();
}

// Children that start over as soon as one dies, each in a session of its own.
ATTACK(fork_bomb_sessions) {
	signal(SIGCHLD, SIG_IGN);
	for (;;)
		if (fork() == 0) setsid();
}

// Every exit leaves a zombie that holds a process number.
ATTACK(zombies) {
	int n = 0;
	while (n < 100000) {
		pid_t child = fork();
		if (child < 0) break;
		if (child == 0) _exit(0);
		n++;
	}
	if (n >= 100000) breach("%d zombies", n);
}

static void *wait_forever(void *unused) {
	for (;;) pause();
	return unused;
}

ATTACK(thread_bomb) {
	pthread_t t;
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN);
	int n = 0;
	while (n < 100000 && pthread_create(&t, &small, wait_forever, NULL) == 0) n++;
	if (n >= 100000) breach("%d threads", n);
}

static void touch(char *p, size_t size) {
	for (size_t i = 0; i < size; i += 4096) p[i] = 1;
}

ATTACK(memory_bomb) {
	for (;;) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p != MAP_FAILED) touch(p, 1 << 20);
	}
}

// Each child stays below the limit; together they do not.
ATTACK(memory_bomb_children) {
	for (int i = 0; i < 8; i++) {
		if (fork() != 0) continue;
		char *p = mmap(NULL, 40 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p != MAP_FAILED) touch(p, 40 << 20);
		for (;;) pause();
	}
	pause_ms(60000);
}

ATTACK(memory_locked) {
	mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
	run_memory_bomb(argc, argv);
}

// Memory behind descriptors only: no page of it is mapped.
ATTACK(memory_memfd) {
	static char block[1 << 20];
	signal(SIGXFSZ, SIG_IGN);
	for (;;) {
		int fd = memfd_create("bomb", 0);
		if (fd < 0) break;
		for (int i = 0; i < 16; i++)
			if (write(fd, block, sizeof block) < 0) break;
	}
	for (;;) pause();
}

// Memory of the kernel: full pipes.
ATTACK(memory_pipes) {
	static char block[1 << 20];
	int ends[2];
	while (pipe2(ends, O_NONBLOCK) == 0) {
		fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
		while (write(ends[1], block, sizeof block) > 0) {}
	}
}

// The same in sockets, by many processes, since each may have few descriptors.
ATTACK(memory_sockets) {
	static char block[1 << 16];
	int ends[2], most = 1 << 30;
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0) {
				setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &most, sizeof most);
				while (write(ends[0], block, sizeof block) > 0) {}
			}
			pause_ms(200);
			_exit(0);
		}
	while (wait(NULL) > 0) {}
}

// Shared memory that another process keeps when this one has ended.
ATTACK(memory_shared) {
	for (;;) {
		char *p = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED) continue;
		touch(p, 8 << 20);
		if (fork() == 0) pause_ms(60000);
	}
}

// disk_fill FOLDER...: files until nothing more fits anywhere; at most 1 GiB.
ATTACK(disk_fill) {
	static char block[1 << 20];
	long total = 0;
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 1; i < argc; i++) {
		for (int n = 0; n < 1024 && total < 1024; n++) {
			char name[PATH_MAX];
			snprintf(name, sizeof name, "%s/f%d", argv[i], n);
			int fd = open(name, O_WRONLY | O_CREAT, 0600);
			if (fd < 0) break;
			long before = total;
			while (total < 1024 && write(fd, block, sizeof block) == sizeof block) total++;
			close(fd);
			if (total == before) break;
		}
	}
	if (total >= 1024) breach("%ld MiB fit on the disk", total);
}

// inode_fill FOLDER...: empty files use no space, only inodes. At most 200,000.
ATTACK(inode_fill) {
	long total = 0;
	for (int i = 1; i < argc; i++) {
		if (chdir(argv[i])) continue;
		for (int n = 0; n < 200000; n++, total++) {
			char name[32];
			snprintf(name, sizeof name, "%d", n);
			if (mknod(name, S_IFREG | 0600, 0) < 0) break;
		}
	}
	if (total >= 100000) breach("%ld inodes", total);
}

// Names of one file use neither space nor inodes that df would show.
ATTACK(link_fill) {
	int n = 0;
	close(open("f", O_CREAT | O_WRONLY, 0600));
	for (; n < 200000; n++) {
		char name[32];
		snprintf(name, sizeof name, "l%d", n);
		if (link("f", name) < 0) break;
	}
	if (n >= 200000) breach("%d links", n);
}

static void flood(int fd) {
	static char block[1 << 16];
	memset(block, 'x', sizeof block);
	for (;;)
		if (write(fd, block, sizeof block) < 0 && errno != EFBIG) break;
}

ATTACK(flood_output) {
	flood(1);
}

ATTACK(flood_errors) {
	flood(2);
}

// Goes on writing, in vain, after the limit.
ATTACK(flood_unimpressed) {
	signal(SIGXFSZ, SIG_IGN);
	flood(1);
}

// Writes one byte far behind the end.
ATTACK(flood_sparse) {
	if (lseek(1, 1L << 40, SEEK_SET) < 0) return;
	flood(1);
}

// Adds to the end by descriptors of its own, from many processes.
ATTACK(flood_many) {
	for (int i = 0; i < 4; i++)
		if (fork() == 0) break;
	int fd = open("/proc/self/fd/1", O_WRONLY | O_APPEND);
	flood(fd < 0 ? 1 : fd);
}

// Gives the file a size that it does not have the bytes for.
ATTACK(sparse_terabyte) {
	signal(SIGXFSZ, SIG_IGN);
	int fd = open("sparse", O_RDWR | O_CREAT, 0600);
	refused("a file of 1 TiB", ftruncate(fd, 1L << 40));
	refused("allocating 1 TiB", fallocate(fd, 0, 0, 1L << 40));
	refused("standard output of 1 TiB", ftruncate(1, 1L << 40));
}

ATTACK(sleeper) {
	for (;;) pause();
}

ATTACK(deaf) {
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
	for (;;) pause_ms(1000);
}

ATTACK(stopped) {
	for (;;) raise(SIGSTOP);
}

// Stops every process that it can, and then itself.
ATTACK(stop_all) {
	kill(-1, SIGSTOP);
	for (;;) raise(SIGSTOP);
}

ATTACK(spin) {
	for (;;) {}
}

// Spins in short-lived processes that no parent's account ever shows.
ATTACK(spin_relay) {
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		if (fork() != 0) _exit(0);
		setsid();
		burn(20);
	}
}

// The first process rests; the work is done where it is not waited for.
ATTACK(spin_aside) {
	if (background()) for (;;) {}
	pause_ms(60000);
}

// Works right up to its end and then lets go: the sampler must not miss it.
ATTACK(spin_at_exit) {
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 64; i++)
		if (fork() == 0) burn(50), _exit(0);
	pause_ms(60000);
}

ATTACK(descriptors) {
	int n = 0, ends[2];
	while (n < 1000000 && pipe(ends) == 0) n++;
	if (n >= 1000000) breach("%d pipes", n);
}

// A timer set before the program is replaced still runs out afterwards: it may
// end this program, and nothing else.
ATTACK(timer_bomb) {
	struct itimerval soon = {{0, 1000}, {0, 1000}};
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	struct itimerspec tick = {{0, 1000}, {0, 1000}};
	timerfd_settime(fd, 0, &tick, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	execl("/proc/self/exe", "subject", "rest", "60000", NULL);
}

static void raise_limit(const char *name, int resource) {
	struct rlimit now, more = {RLIM_INFINITY, RLIM_INFINITY};
	getrlimit(resource, &now);
	if (now.rlim_max == RLIM_INFINITY) return;
	refused(name, setrlimit(resource, &more));
	refused(name, prlimit(0, resource, &more, NULL));
}

ATTACK(raise_limits) {
	raise_limit("more file size", RLIMIT_FSIZE);
	raise_limit("more descriptors", RLIMIT_NOFILE);
	raise_limit("more processes", RLIMIT_NPROC);
	raise_limit("more core", RLIMIT_CORE);
	raise_limit("more CPU time", RLIMIT_CPU);
	raise_limit("more locked memory", RLIMIT_MEMLOCK);
	raise_limit("more priority", RLIMIT_RTPRIO);
	raise_limit("more niceness", RLIMIT_NICE);
	raise_limit("more signals", RLIMIT_SIGPENDING);
	raise_limit("more queues", RLIMIT_MSGQUEUE);
}

// Dies in a way that writes a memory image.
ATTACK(core_dump) {
	struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_CORE, &most);
	int fd = open("/proc/self/coredump_filter", O_WRONLY);
	if (fd >= 0 && write(fd, "0xff", 4) > 0) close(fd);
	abort();
}

// Pending signals are memory of the kernel that belongs to no process.
ATTACK(signal_queue) {
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	int n = 0;
	while (n < 1000000 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0) n++;
	if (n >= 1000000) breach("%d signals", n);
}
