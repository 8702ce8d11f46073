// Probes of limits and of measurements.
#include "subject.h"
#include <pthread.h>

// rest MS: sleeps.
PROBE(rest) {
	pause_ms(atol(argv[1]));
	return 0;
}

// work MS: uses CPU time in one process.
PROBE(work) {
	burn(atol(argv[1]));
	return 0;
}

static void *work(void *ms) {
	struct timespec start, now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	do {
		for (volatile int i = 0; i < 20000; i++) {}
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < (long)ms);
	return NULL;
}

// work_threads COUNT MS: uses MS in each thread.
PROBE(work_threads) {
	int n = atoi(argv[1]);
	pthread_t t[64];
	for (int i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, work, (void *)atol(argv[2]))) return 1;
	for (int i = 0; i < n; i++) pthread_join(t[i], NULL);
	return 0;
}

// work_children COUNT MS: uses MS in each child, all at once, and waits.
PROBE(work_children) {
	int n = atoi(argv[1]);
	for (int i = 0; i < n; i++) {
		pid_t child = fork();
		if (child < 0) return 1;
		if (child == 0) burn(atol(argv[2])), _exit(0);
	}
	while (wait(NULL) > 0) {}
	return 0;
}

// work_unseen COUNT MS: like work_children but one after the other, and nobody
// waits: the kernel then adds their time to no parent's.
PROBE(work_unseen) {
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < atoi(argv[1]); i++) {
		pid_t child = fork();
		if (child < 0) return 1;
		if (child == 0) burn(atol(argv[2])), _exit(0);
		while (kill(child, 0) == 0) pause_ms(1);
	}
	return 0;
}

// work_short COUNT MS: like work_children but one after the other, each too
// short for somebody who looks now and then.
PROBE(work_short) {
	for (int i = 0; i < atoi(argv[1]); i++) {
		pid_t child = fork();
		if (child < 0) return 1;
		if (child == 0) burn(atol(argv[2])), _exit(0);
		waitpid(child, NULL, 0);
	}
	return 0;
}

// work_orphans COUNT MS: the children of children that have ended work. They
// have ended when nobody holds the pipe any more.
PROBE(work_orphans) {
	int ends[2];
	if (pipe(ends) != 0) return 1;
	for (int i = 0; i < atoi(argv[1]); i++)
		if (background()) burn(atol(argv[2])), _exit(0);
	close(ends[1]);
	if (read(ends[0], ends, 1) != 0) return 1;
	pause_ms(50);
	return 0;
}

// use MIB: allocates and touches, and says so.
PROBE(use) {
	size_t size = (size_t)atol(argv[1]) << 20;
	char *p = malloc(size);
	if (!p) return puts("no memory"), 1;
	for (size_t i = 0; i < size; i += 1024) p[i] = 1;
	return puts("used") < 0;
}

// rest_use MS MIB: the same after a while.
PROBE(rest_use) {
	pause_ms(atol(argv[1]));
	return run_use(argc - 1, argv + 1);
}

// reserve GIB: address space that is never touched, as language run-times do.
PROBE(reserve) {
	size_t size = (size_t)atol(argv[1]) << 30;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED) return 1;
	*(char *)p = 1;
	return puts("reserved") < 0;
}

// use_shared MIB: the same in memory that is shared between processes.
PROBE(use_shared) {
	size_t size = (size_t)atol(argv[1]) << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) return 1;
	for (size_t i = 0; i < size; i += 1024) p[i] = 1;
	return puts("used") < 0;
}

// use_inherited MIB COUNT: so much in one process, whose children have it too.
PROBE(use_inherited) {
	size_t size = (size_t)atoi(argv[1]) << 20;
	char *memory = malloc(size);
	if (!memory) return 1;
	memset(memory, 1, size);
	for (int i = 0; i < atoi(argv[2]); i++) {
		pid_t child = fork();
		if (child < 0) return 1;
		if (child == 0) pause_ms(200), _exit(memory[i] != 1);
	}
	int status, failed = 0;
	while (wait(&status) > 0) failed |= status != 0;
	return failed || puts("used") < 0;
}

// use_children COUNT MIB: so much in each of the children, at one time.
PROBE(use_children) {
	int n = atoi(argv[1]);
	for (int i = 0; i < n; i++) {
		pid_t child = fork();
		if (child < 0) return 1;
		if (child == 0) {
			int failed = run_use(2, argv + 1);
			pause_ms(1000);
			_exit(failed);
		}
	}
	int status, failed = 0;
	while (wait(&status) > 0) failed |= status != 0;
	return failed ? 1 : 0;
}

// fill FOLDER MIB: writes a file of that size there.
PROBE(fill) {
	static char block[1 << 20];
	memset(block, 'x', sizeof block);
	if (chdir(argv[1])) return 1;
	int fd = open("filling", O_WRONLY | O_CREAT, 0600);
	for (int i = 0; i < atoi(argv[2]); i++)
		if (write(fd, block, sizeof block) != sizeof block) return puts(strerror(errno)), 2;
	return puts("filled") < 0;
}

static int __attribute__((noinline)) descend(long bytes) {
	volatile char frame[1024];
	memset((void *)frame, 1, sizeof frame);
	return bytes <= 0 ? 0 : descend(bytes - (long)sizeof frame) + frame[bytes % 1000] - 1;
}

// recurse MIB: uses so much stack.
PROBE(recurse) {
	if (descend(atol(argv[1]) << 20) != 0) return 1;
	return puts("returned") < 0;
}

// output FD BYTES: writes so many.
PROBE(output) {
	static char block[4096];
	memset(block, 'o', sizeof block);
	int fd = atoi(argv[1]);
	for (long left = atol(argv[2]); left > 0;) {
		ssize_t n = write(fd, block, left < 4096 ? left : 4096);
		if (n <= 0) return 3;
		left -= n;
	}
	return 0;
}

// output_on FD BYTES: the same, but does not die of the limit, nor stop at it.
PROBE(output_on) {
	signal(SIGXFSZ, SIG_IGN);
	long left = atol(argv[2]);
	for (int fd = atoi(argv[1]); left > 0;)
		if (write(fd, "0123456789", 10) > 0) left -= 10;
	return 0;
}

// output_rest BYTES: does not die of the limit, and rests when it is there.
PROBE(output_rest) {
	signal(SIGXFSZ, SIG_IGN);
	for (long left = atol(argv[1]); left > 0; left -= 10)
		if (write(1, "0123456789", 10) < 0) pause_ms(60000);
	return 0;
}

// output_code BYTES: does not die of the limit, but ends with exit code 120.
PROBE(output_code) {
	signal(SIGXFSZ, SIG_IGN);
	for (long left = atol(argv[1]); left > 0; left -= 10)
		if (write(1, "0123456789", 10) < 0) return errno == EFBIG ? 120 : 1;
	return 0;
}

// output_file BYTES: the same in a file of the working folder, without a code.
PROBE(output_file) {
	signal(SIGXFSZ, SIG_IGN);
	int fd = open("file", O_WRONLY | O_CREAT, 0600);
	for (long left = atol(argv[1]); left > 0; left -= 10)
		if (write(fd, "0123456789", 10) < 0) return errno == EFBIG ? 0 : 1;
	return 2;
}

// count_processes MAX: how many can live at one time, itself included.
PROBE(count_processes) {
	int n = 1;
	while (n < atoi(argv[1])) {
		pid_t child = fork();
		if (child < 0) break;
		if (child == 0) {
			for (;;) pause();
		}
		n++;
	}
	printf("%d\n", n);
	return 0;
}

// count_files MAX: how many descriptors it can have, the standard ones included.
PROBE(count_files) {
	int n = 3;
	while (n < atoi(argv[1]) && dup(0) >= 0) n++;
	printf("%d\n", n);
	return 0;
}

// count_inodes MAX: how many files it can make.
PROBE(count_inodes) {
	int n = 0;
	char name[32];
	for (; n < atoi(argv[1]); n++) {
		snprintf(name, sizeof name, "%d", n);
		if (mknod(name, S_IFREG | 0600, 0) < 0) break;
	}
	printf("%d\n", n);
	return 0;
}

// processors: tries to get to other processors, and prints those that it and
// its threads were on in the end.
static void *wander(void *seen) {
	cpu_set_t all;
	memset(&all, 0xff, sizeof all);
	sched_setaffinity(0, sizeof all, &all);
	sched_setaffinity(syscall(SYS_gettid), sizeof all, &all);
	sched_setaffinity(getppid(), sizeof all, &all);
	for (int i = 0; i < 20; i++) {
		int cpu = sched_getcpu();
		if (cpu >= 0 && cpu < CPU_SETSIZE) __atomic_store_n(&((char *)seen)[cpu], 1, __ATOMIC_SEQ_CST);
		burn(1);
	}
	return NULL;
}
PROBE(processors) {
	static char seen[CPU_SETSIZE];
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, wander, seen)) return 1;
	for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (seen[cpu]) printf("%d\n", cpu);
	return 0;
}

// work_then_copy MS: uses CPU time, then reads standard input to its end.
PROBE(work_then_copy) {
	char c;
	burn(atol(argv[1]));
	while (read(0, &c, 1) > 0) {}
	return 0;
}
