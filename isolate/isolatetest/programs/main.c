#include "subject.h"
#include <stdarg.h>

extern const struct program __start_programs[], __stop_programs[];

static int breaches;

void breach(const char *format, ...) {
	char line[PATH_MAX + 200];
	va_list list;
	va_start(list, format);
	int n = vsnprintf(line, sizeof line - 1, format, list);
	va_end(list);
	if (n > (int)sizeof line - 2) n = sizeof line - 2;
	breaches++;
	dprintf(1, "breach: %.*s\n", n, line);
}

void refused(const char *what, long result) {
	if (result != -1) breach("%s succeeded", what);
}

void unwritable(const char *path, const char *text) {
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) return;
	if (write(fd, text, strlen(text)) >= 0) breach("wrote %s to %s", text, path);
	close(fd);
}

void pause_ms(long ms) {
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	while (nanosleep(&t, &t) < 0 && errno == EINTR) {}
}

void burn(long ms) {
	struct timespec start, now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	do {
		for (volatile int i = 0; i < 20000; i++) {}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

int background(void) {
	pid_t child = fork();
	if (child < 0) return 0;
	if (child > 0) {
		waitpid(child, NULL, 0);
		return 0;
	}
	setsid();
	if (fork() != 0) _exit(0);
	return 1;
}

int main(int argc, char **argv) {
	if (argc < 2) return 91;
	for (const struct program *p = __start_programs; p < __stop_programs; p++) {
		if (strcmp(p->name, argv[1]) != 0) continue;
		if (p->probe) return p->probe(argc - 1, argv + 1);
		p->attack(argc - 1, argv + 1);
		if (breaches == 0) dprintf(1, "held\n");
		return 0;
	}
	fprintf(stderr, "no program %s\n", argv[1]);
	return 92;
}
