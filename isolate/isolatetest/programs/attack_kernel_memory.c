// Attacks on the kernel's memory: objects that no process has mapped. All are
// bounded by something, and whatever it is must not outlast the run.
#include "subject.h"
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/xattr.h>

// In several processes, since each may have few descriptors.
static void in_children(int n, void (*fill)(void)) {
	for (int i = 0; i < n; i++)
		if (fork() == 0) {
			fill();
			pause_ms(100);
			_exit(0);
		}
	while (wait(NULL) > 0) {}
}

static void fill_epoll(void) {
	struct epoll_event e = {.events = EPOLLIN};
	int ends[2], n = 0;
	for (; n < 10000; n++) {
		int set = epoll_create1(0);
		if (set < 0 || pipe(ends) < 0) break;
		for (int fd = 0; fd < 1024; fd++) epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
	}
}

ATTACK(memory_epoll) {
	in_children(8, fill_epoll);
}

static void fill_timers(void) {
	struct sigevent none = {.sigev_notify = SIGEV_NONE};
	struct itimerspec far = {{1000, 0}, {1000, 0}};
	timer_t timer;
	int n = 0;
	while (n < 1000000 && syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &timer) == 0) {
		timer_settime(timer, 0, &far, NULL);
		n++;
	}
	if (n >= 1000000) breach("%d timers", n);
}

ATTACK(memory_timers) {
	in_children(8, fill_timers);
}

static void fill_inotify(void) {
	for (int n = 0; n < 10000; n++) {
		int fd = inotify_init();
		if (fd < 0) break;
		for (int i = 0; i < 100; i++) {
			char name[32];
			snprintf(name, sizeof name, "i%d", i);
			mkdir(name, 0700);
			inotify_add_watch(fd, name, IN_ALL_EVENTS);
		}
	}
}

// Its instances and watches are counted for the user, who may be the judge's.
ATTACK(memory_inotify) {
	in_children(4, fill_inotify);
}

static void fill_events(void) {
	int n = 0;
	while (n < 100000 && eventfd(0, 0) >= 0 && timerfd_create(CLOCK_REALTIME, 0) >= 0) n++;
	if (n >= 100000) breach("%d events", n);
}

ATTACK(memory_events) {
	in_children(16, fill_events);
}

// Every lock of a range of a file is an object of its own.
ATTACK(memory_locks) {
	int fd = open("locked", O_CREAT | O_RDWR, 0600);
	int n = 0;
	for (; n < 300000; n++) {
		struct flock one = {.l_type = n & 1 ? F_RDLCK : F_WRLCK, .l_start = n, .l_len = 1};
		if (fcntl(fd, F_SETLK, &one) < 0) break;
		if (n % 2000 == 1999) { // the list of a file is walked from its start
			char name[32];
			snprintf(name, sizeof name, "locked%d", n);
			close(dup(fd));
			fd = open(name, O_CREAT | O_RDWR, 0600);
			if (fd < 0) break;
		}
	}
}

ATTACK(memory_attributes) {
	static char value[60000];
	char name[64];
	memset(value, 'x', sizeof value);
	for (int f = 0; f < 64; f++) {
		snprintf(name, sizeof name, "a%d", f);
		int fd = f % 2 ? memfd_create(name, 0) : open(name, O_CREAT | O_WRONLY, 0600);
		if (fd < 0) break;
		for (int i = 0; i < 200; i++) {
			snprintf(name, sizeof name, "user.a%d", i);
			if (fsetxattr(fd, name, value, sizeof value, 0) < 0) break;
		}
	}
}

// One byte in each of the tables that describe memory.
ATTACK(memory_tables) {
	for (size_t at = 0; at < 1UL << 45; at += 1UL << 40) {
		char *p = mmap(NULL, 1UL << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED) break;
		for (size_t i = 0; i < 1UL << 40; i += 1UL << 21) *(volatile char *)(p + i);
	}
	breach("touched 32 TiB");
}

// As many mappings as there can be.
ATTACK(memory_mappings) {
	int n = 0;
	for (; n < 1000000; n++) {
		int access = n & 1 ? PROT_READ : PROT_NONE;
		if (mmap(NULL, 4096, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) break;
	}
	if (n >= 1000000) breach("%d mappings", n);
}

// Sockets with names, full of connections that nobody accepts.
ATTACK(memory_connections) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int n = 0;
	for (; n < 10000; n++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (fd < 0) break;
		snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "evalx%d", n);
		bind(fd, (void *)&address, sizeof address), listen(fd, 1 << 20);
	}
}

// Descriptors on their way in sockets that are on their way themselves.
static void fill_flight(void) {
	int pair[2], last = 0;
	for (int n = 0; n < 20000 && socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0; n++) {
		char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
		struct iovec data = {&byte, 1};
		struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &last, sizeof last);
		if (sendmsg(pair[0], &m, MSG_DONTWAIT) < 0) break;
		if (last) close(last);
		close(pair[0]);
		last = pair[1];
	}
	pause_ms(300);
}

ATTACK(descriptors_in_flight) {
	in_children(8, fill_flight);
}

// Names that do not exist are remembered, too.
ATTACK(memory_names) {
	char name[300];
	for (int n = 0; n < 100000; n++) {
		snprintf(name, sizeof name, "/usr/%0200d", n);
		access(name, F_OK);
	}
}

// A full queue of signals in each of many processes.
ATTACK(memory_signals) {
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	long total = 0;
	for (int i = 0; i < 8; i++) {
		pid_t child = fork();
		if (child == 0)
			for (;;) pause();
		while (total < 1000000 && child > 0 && sigqueue(child, SIGRTMIN, (union sigval){0}) == 0) total++;
	}
	if (total >= 100000) breach("%ld signals", total);
	kill(-1, SIGKILL);
}

// Anything, many times. It must end, and nothing else may.
ATTACK(random_calls) {
	unsigned long seed = getpid() * 2654435761UL + time(NULL);
	for (int i = 0; i < 16; i++)
		if (fork() == 0) {
			alarm(1);
			seed += i * 40503;
			static char space[1 << 16];
			for (int n = 0; n < 20000; n++) {
				unsigned long a[7];
				for (int k = 0; k < 7; k++) {
					seed = seed * 6364136223846793005UL + 1442695040888963407UL;
					unsigned long r = seed >> 20;
					unsigned long kinds[] = {r % 500, r % 8, (unsigned long)(space + r % sizeof space), r, 0, -1UL, 1UL << r % 64, 4096};
					a[k] = k == 0 ? kinds[0] : kinds[r / 7 % 8];
				}
				syscall(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
			}
			_exit(0);
		}
	for (int i = 0; i < 16; i++) wait(NULL);
}
