// Probes of what a program is given and of what it gives back.
#include "subject.h"
#include <dirent.h>
#include <ftw.h>

PROBE(calm) {
	return puts("calm") < 0;
}

// code CODE: exits with it.
PROBE(code) {
	return atoi(argv[1]);
}

// signal NUMBER: dies by it, and ends well if it is blocked or ignored.
PROBE(signal) {
	raise(atoi(argv[1]));
	return 0;
}

// copy: standard input to standard output and to standard error.
PROBE(copy) {
	static char buffer[1 << 16];
	ssize_t n;
	while ((n = read(0, buffer, sizeof buffer)) > 0)
		if (write(1, buffer, n) != n || write(2, buffer, n) != n) return 1;
	return n != 0;
}

// null: the three standard files must work though nobody connected them.
PROBE(null) {
	char c;
	if (read(0, &c, 1) != 0) return 1;
	if (write(1, "x", 1) != 1) return 2;
	return write(2, "x", 1) == 1 ? 0 : 3;
}

// arguments ...: prints them, each in brackets.
PROBE(arguments) {
	for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
	return 0;
}

extern char **environ;

PROBE(environment) {
	for (char **e = environ; *e; e++) printf("[%s]", *e);
	return 0;
}

PROBE(folder) {
	char path[PATH_MAX];
	return getcwd(path, sizeof path) ? puts(path) < 0 : 1;
}

static int show(const char *path, const struct stat *info, int kind, struct FTW *place) {
	(void)place;
	if (kind == FTW_F || kind == FTW_DP || kind == FTW_D)
		printf("%s %o %ld\n", path, info->st_mode & 07777, kind == FTW_F ? (long)info->st_size : 0);
	return 0;
}

// list PATH: the files and folders below it, in no order.
PROBE(list) {
	return nftw(argv[1], show, 16, FTW_PHYS);
}

// print PATH
PROBE(print) {
	char buffer[4096];
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0) return 1;
	for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;)
		if (write(1, buffer, n) != n) return 2;
	return 0;
}

static int make(const char *path, const char *text, mode_t mode) {
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) < 0) return 1;
	return close(fd);
}

// leave: files for the collector, of every kind that it must give or drop.
PROBE(leave) {
	if (mkdir("sub", 0755) || mkdir("sub/deeper", 0700) || mkdir("empty", 0755)) return 1;
	if (make("b", "bee", 0644) || make("a", "", 0600) || make("sub/deeper/c", "sea", 0755)) return 2;
	if (make("sub/d", "dee", 0444) || make("z", "ee", 0644)) return 3;
	if (symlink("b", "link") || symlink("/etc/passwd", "outside") || mkfifo("fifo", 0644)) return 4;
	return 0;
}

// change PATH: overwrites a file that was given, beside others.
PROBE(change) {
	return make(argv[1], "changed", 0644);
}

// tidy: the state in which a program starts must be that of a fresh process.
PROBE(tidy) {
	sigset_t blocked;
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int s = 1; s < 65; s++) {
		struct sigaction action;
		if (sigismember(&blocked, s) == 1) printf("signal %d is blocked\n", s);
		if (sigaction(s, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("signal %d is ignored or handled\n", s);
	}
	for (int fd = 3; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0) printf("descriptor %d is open\n", fd);
	if (getpid() == 1) puts("is process 1");
	if (getuid() == 0 || geteuid() == 0 || getgid() == 0) puts("is root");
	if (argc > 1 && getpriority(PRIO_PROCESS, 0) != atoi(argv[1])) puts("has another niceness");
	if (umask(022) & ~022) puts("has a strict umask");
	return 0;
}

// threads: creates and joins some, to see that nothing that libc needs is refused.
#include <pthread.h>
static void *add(void *p) {
	return __atomic_add_fetch((int *)p, 1, __ATOMIC_SEQ_CST), NULL;
}
PROBE(threads) {
	pthread_t t[8];
	int n = 0;
	for (int i = 0; i < 8; i++)
		if (pthread_create(&t[i], NULL, add, &n)) return 1;
	for (int i = 0; i < 8; i++) pthread_join(t[i], NULL);
	return n == 8 ? 0 : 2;
}
