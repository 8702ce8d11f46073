//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// build compiles the program that is run.
func build(dir string) error {
	source := filepath.Join(dir, "program.c")
	if err := os.WriteFile(source, []byte(program), 0o644); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // for the sandboxed user
		return err
	}
	out, err := exec.Command("gcc", "-O1", "-static", "-w", "-o", filepath.Join(dir, "program"), source).CombinedOutput()
	if err != nil {
		return fmt.Errorf("compile the program: %w\n%s", err, out)
	}
	return nil
}

const program = `#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void files(void) {
	char name[64];
	for (int i = 0; i < 50; i++) {
		sprintf(name, "d%d", i % 5), mkdir(name, 0755);
		sprintf(name, "d%d/f%d", i % 5, i);
		int fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (write(fd, name, 64) != 64) exit(1);
		close(fd);
	}
	symlink("/etc/passwd", "link"), mkfifo("fifo", 0644);
	fsetxattr(1, "user.left", "left", 4, 0);
	memfd_create("left", 0);
}

int main(int argc, char **argv) {
	const char *kind = argv[1];
	if (!strcmp(kind, "good")) puts("good");
	if (!strcmp(kind, "crash")) raise(SIGSEGV);
	if (!strcmp(kind, "spin")) for (;;) {}
	if (!strcmp(kind, "rest")) for (;;) pause();
	if (!strcmp(kind, "flood")) for (;;) puts("a line of output");
	if (!strcmp(kind, "files")) files();
	if (!strcmp(kind, "hog"))
		for (;;) {
			char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			if (p != MAP_FAILED) memset(p, 1, 1 << 20);
		}
	if (!strcmp(kind, "orphans"))
		for (int i = 0; i < 8; i++)
			if (fork() == 0) {
				setsid();
				if (fork() == 0) for (;;) pause();
				_exit(0);
			}
	if (!strcmp(kind, "sockets"))
		for (int i = 0, pair[2]; i < 10; i++)
			if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], kind, 7) != 7) return 1;
	return 0;
}
`
