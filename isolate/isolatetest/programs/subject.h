// Shared by the programs of the suites. All are linked into one binary, called
// as "subject NAME [ARGUMENT...]".
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct program {
	const char *name;
	int (*probe)(int argc, char **argv);
	void (*attack)(int argc, char **argv);
};

#define ENTRY(id, kind, function)                                                   \
	static const struct program entry_##id __attribute__((used, section("programs"), \
		aligned(8))) = {.name = #id, .kind = function};

// PROBE defines a program that behaves well; its result is the exit code.
#define PROBE(id)                             \
	static int run_##id(int argc, char **argv); \
	ENTRY(id, probe, run_##id)                  \
	static int run_##id(int argc, char **argv)

// ATTACK defines a hostile program. It calls breach for whatever it should not
// have been able to do. If it returns without, main prints "held" and exits 0.
#define ATTACK(id)                             \
	static void run_##id(int argc, char **argv); \
	ENTRY(id, attack, run_##id)                  \
	static void run_##id(int argc, char **argv)

// breach prints one line that says what got through.
void breach(const char *format, ...) __attribute__((format(printf, 1, 2)));

// refused reports a breach if a call that returns -1 on failure succeeded.
void refused(const char *what, long result);

// unwritable reports a breach if text can be written to the file.
void unwritable(const char *path, const char *text);

// burn uses ms milliseconds of the calling process's CPU time.
void burn(long ms);

// background forks a process in a session of its own, whose parent ends at once;
// it returns 1 there and 0 in the caller.
int background(void);

// pause_ms sleeps.
void pause_ms(long ms);
