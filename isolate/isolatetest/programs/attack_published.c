// The mechanisms of published vulnerabilities in other sandboxes and judges.
#include "subject.h"
#include <arpa/inet.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>

// plant_links TARGET NAME...: under every name that whoever runs us may write
// to next, a link to a file of the host.
ATTACK(plant_links) {
	for (int i = 2; i < argc; i++) {
		char *slash = strrchr(argv[i], '/');
		if (slash) *slash = 0, mkdir(argv[i], 0777), *slash = '/';
		unlink(argv[i]), rmdir(argv[i]);
		symlink(argv[1], argv[i]);
	}
	rename("/w/box", "/w/elsewhere"), symlink("/", "/w/box");
}

// The services that the published attack reached by a callback, and others
// that trust whoever comes from the same machine.
ATTACK(call_home) {
	static const struct { const char *address; int port; } services[] = {
		{"127.0.0.1", 2358}, {"127.0.0.1", 5432}, {"127.0.0.1", 6379}, {"127.0.0.1", 2375}, {"127.0.0.1", 22},
		{"172.17.0.1", 80}, {"10.0.0.1", 80}, {"169.254.169.254", 80}, {"0.0.0.0", 8080},
	};
	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(services[i].port)};
		inet_pton(AF_INET, services[i].address, &to.sin_addr);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (fd < 0) continue;
		if (connect(fd, (void *)&to, sizeof to) == 0 || errno == EINPROGRESS) breach("connects to %s", services[i].address);
	}
	static const char *paths[] = {"/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket",
		"/run/systemd/private", "/run/containerd/containerd.sock", "/var/run/nscd/socket", "/tmp/.X11-unix/X0",
		"/dev/log", "/run/systemd/journal/socket", "/nix/var/nix/daemon-socket/socket"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct sockaddr_un to = {.sun_family = AF_UNIX};
		strcpy(to.sun_path, paths[i]);
		for (int kind = SOCK_STREAM; kind <= SOCK_DGRAM; kind++) {
			int fd = socket(AF_UNIX, kind, 0);
			if (fd >= 0) refused(paths[i], connect(fd, (void *)&to, sizeof to));
		}
	}
}

ATTACK(vsock) {
	for (int kind = SOCK_STREAM; kind <= SOCK_SEQPACKET; kind++) {
		int fd = socket(AF_VSOCK, kind, 0);
		if (fd < 0) continue;
		breach("a vsock of kind %d", kind);
		for (unsigned cid = 0; cid < 4; cid++) {
			struct sockaddr_vm to = {.svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = 1};
			connect(fd, (void *)&to, sizeof to);
		}
	}
}

ATTACK(io_uring) {
	char ring[256] = {0};
	int fd = syscall(425, 8, ring);
	if (fd >= 0) breach("io_uring_setup");
	refused("io_uring_enter", syscall(426, fd, 1, 0, 0, NULL, 0));
	refused("io_uring_register", syscall(427, fd, 0, NULL, 0));
	refused("a registered ring", syscall(426, 0, 1, 0, 1 << 4, NULL, 0));
}

static const char *shared_folders[] = {"/dev/shm", "/tmp", "/var/tmp", "/run/shm", "/dev/mqueue", "/dev/hugepages"};

ATTACK(leave_shared) {
	char path[64];
	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof path, "%s/evalx-shared", shared_folders[i]);
		int fd = open(path, O_CREAT | O_RDWR, 0666);
		if (fd < 0) continue;
		ftruncate(fd, 4096);
		char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p != MAP_FAILED) strcpy(p, "left");
	}
	if (background())
		for (;;) pause(); // keeps it mapped
}

ATTACK(find_shared) {
	char path[64];
	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof path, "%s/evalx-shared", shared_folders[i]);
		refused(path, access(path, F_OK));
	}
}

// Where mounts lie below mounts: each must be read-only and without setuid
// programs, not only the outermost.
ATTACK(submounts) {
	char line[4096], point[1024], options[256];
	FILE *f = fopen("/proc/self/mountinfo", "r");
	while (f && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%*d %*d %*s %*s %1023s %255s", point, options) != 2) continue;
		struct statvfs s;
		if (statvfs(point, &s) == 0 && !(s.f_flag & ST_NOSUID)) breach("%s is not nosuid", point);
		if (strcmp(point, "/w") == 0 || strncmp(point, "/w/", 3) == 0) continue;
		if (statvfs(point, &s) == 0 && !(s.f_flag & ST_RDONLY)) breach("%s is not read-only", point);
		snprintf(line, sizeof line, "%s/evalx-wrote", point);
		refused(line, open(line, O_CREAT | O_WRONLY, 0600));
	}
}

// setuid_below PROGRAM: setuid root, in a mount below a mount.
ATTACK(setuid_below) {
	unwritable(argv[1], "evil");
	if (fork() == 0) execl(argv[1], "planted", "identity", NULL), _exit(0);
	wait(NULL);
}

// As many files as were once enough for a file system without a quota.
ATTACK(files_176677) {
	int made = 0;
	for (int d = 0; d < 200; d++) {
		char name[64];
		snprintf(name, sizeof name, "d%d", d);
		if (mkdir(name, 0755) < 0) break;
		for (int i = 0; i < 1000 && made < 176677; i++, made++) {
			snprintf(name, sizeof name, "d%d/%d", d, i);
			int fd = open(name, O_CREAT | O_WRONLY, 0600);
			if (fd < 0) break;
			close(fd);
		}
	}
	if (made >= 176677) breach("%d files", made);
}

// Every kind of thing that unprivileged users may ask the kernel for.
ATTACK(open_elsewhere) {
	signal(SIGXFSZ, SIG_IGN);
	refused("add_key", syscall(SYS_add_key, "user", "a", "b", 1, -2));
	refused("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC | 1));
	refused("netlink", socket(16, SOCK_RAW, 0));
	refused("netlink for audit", socket(16, SOCK_RAW, 9));
	pid_t child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	refused("ptrace of a child", syscall(SYS_ptrace, 0x4206, child, 0, 0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	// memfd is open on purpose: it is memory, counted and gone with the run.
	int fd = memfd_create("x", MFD_ALLOW_SEALING);
	if (fd >= 0 && ftruncate(fd, 1L << 40) == 0) breach("a memfd of 1 TiB");
}
