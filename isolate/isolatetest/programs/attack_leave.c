// What a program leaves behind for the next one, and the next one that looks.
#include "subject.h"
#include <dirent.h>
#include <mqueue.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

#define KEY 0x65766178

static const char *folders[] = {"/w/box", "/tmp", "/dev/shm", "/w", "/var/tmp", "/run", "/run/lock", "/dev",
	"/dev/mqueue", "/prog", "/usr", "/etc", "/", "/proc/self", "/var/lock"};
#define FOLDERS (sizeof folders / sizeof *folders)

ATTACK(leave_files) {
	for (size_t i = 0; i < FOLDERS; i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%s/evalx-left", folders[i]);
		int fd = open(path, O_CREAT | O_WRONLY, 0777);
		if (fd >= 0 && write(fd, "left", 4) == 4) close(fd);
		setxattr(folders[i], "user.left", "left", 4, 0);
		setxattr(folders[i], "trusted.left", "left", 4, 0);
		snprintf(path, sizeof path, "%s/.evalx-left/deep", folders[i]);
		mkdir(path, 0), *strrchr(path, '/') = 0, mkdir(path, 0777);
	}
	chmod("/w/box", 0), chmod("/tmp", 0), chmod("/dev/shm", 0);
}

ATTACK(find_files) {
	for (size_t i = 0; i < FOLDERS; i++) {
		DIR *d = opendir(folders[i]);
		char value[16];
		for (struct dirent *e; d && (e = readdir(d));)
			if (i < 3 ? e->d_name[0] != '.' || strlen(e->d_name) > 2 : strstr(e->d_name, "evalx-left") != NULL)
				breach("%s in %s", e->d_name, folders[i]);
		if (!d && i < 3) breach("%s cannot be read", folders[i]);
		if (getxattr(folders[i], "user.left", value, sizeof value) > 0) breach("attribute of %s", folders[i]);
	}
}

// No file, only marks of the folders themselves.
ATTACK(leave_marks) {
	struct timespec old[2] = {{915148800, 7}, {915148800, 7}};
	for (int i = 0; i < 3; i++) {
		setxattr(folders[i], "user.left", "left", 4, 0);
		utimensat(AT_FDCWD, folders[i], old, 0);
		chmod(folders[i], 01751);
	}
}

ATTACK(find_marks) {
	char value[16];
	struct stat s;
	for (int i = 0; i < 3; i++) {
		if (getxattr(folders[i], "user.left", value, sizeof value) > 0) breach("attribute of %s", folders[i]);
		if (stat(folders[i], &s) < 0) continue;
		if (s.st_mtime == 915148800 || s.st_atime == 915148800) breach("time of %s", folders[i]);
		if ((s.st_mode & 07777) == 01751) breach("mode of %s", folders[i]);
	}
}

// Trees that rm -r has trouble with.
ATTACK(leave_trees) {
	chdir("/tmp");
	for (int i = 0; i < 3000; i++)
		if (mkdir("d", 0700) < 0 || chdir("d") < 0) break;
	chdir("/dev/shm");
	for (int i = 0; i < 50; i++) {
		mkdir("x", 0700), chdir("x");
		close(open("\xff\n-rf", O_CREAT | O_WRONLY, 0)), symlink("..", "l"), mkfifo("f", 0);
		chmod(".", 0100);
	}
}

ATTACK(leave_ipc) {
	int id = shmget(KEY, 4096, IPC_CREAT | 0666);
	char *p = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	if (p != (void *)-1) strcpy(p, "left");
	semget(KEY, 1, IPC_CREAT | 0666);
	int queue = msgget(KEY, IPC_CREAT | 0666);
	if (queue >= 0) msgsnd(queue, &(struct { long kind; char text[8]; }){1, "left"}, 8, IPC_NOWAIT);
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	mqd_t mq = mq_open("/evalx-left", O_CREAT | O_RDWR, 0666, &attr);
	if (mq >= 0) mq_send(mq, "left", 5, 0);
}

ATTACK(leave_key) {
	syscall(SYS_add_key, "user", "evalx-left", "left", 4, -4);
}

ATTACK(find_ipc) {
	refused("shared memory of the last run", shmget(KEY, 0, 0));
	refused("semaphore of the last run", semget(KEY, 0, 0));
	refused("queue of the last run", msgget(KEY, 0));
	refused("POSIX queue of the last run", mq_open("/evalx-left", O_RDONLY));
}

ATTACK(find_key) {
	refused("key of the last run", syscall(SYS_request_key, "user", "evalx-left", NULL, -4));
}

static int abstract(int connecting) {
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0evalx-left"};
	socklen_t size = offsetof(struct sockaddr_un, sun_path) + 11;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0) return -1;
	if (connecting) return connect(fd, (void *)&address, size);
	return bind(fd, (void *)&address, size) < 0 ? -1 : listen(fd, 5);
}

ATTACK(leave_socket) {
	int ends[2];
	char c;
	if (pipe(ends)) return;
	if (background()) {
		abstract(0);
		if (write(ends[1], "x", 1) == 1) for (;;) pause();
	}
	if (read(ends[0], &c, 1) != 1) return;
}

ATTACK(find_socket) {
	refused("socket of the last run", abstract(1));
}

// Processes that no kill of a process group or session reaches.
ATTACK(leave_processes) {
	for (int i = 0; i < 6; i++)
		if (background()) {
			for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
			if (i & 1) raise(SIGSTOP);
			for (;;) {}
		}
}

// One that writes to our output after our end.
ATTACK(leave_writer) {
	if (background())
		for (;;) {
			pause_ms(5);
			if (write(1, "late\n", 5) < 0 || write(2, "late\n", 5) < 0) {}
		}
}

// Ones that are still being born when we end.
ATTACK(leave_fork_bomb) {
	for (int i = 0; i < 4; i++)
		if (background()) {
			signal(SIGCHLD, SIG_IGN);
			for (;;)
				if (fork() == 0) setsid();
		}
}

// hold_lock FILE: a lock on what everybody reads could tell other runs something.
ATTACK(hold_lock) {
	int fd = open(argv[1], O_RDONLY);
	struct flock all = {.l_type = F_RDLCK};
	flock(fd, LOCK_EX | LOCK_NB);
	fcntl(fd, F_SETLK, &all);
	fcntl(fd, F_SETLEASE, F_RDLCK);
	dprintf(1, "holds\n");
	pause_ms(60000);
}

ATTACK(find_lock) {
	int fd = open(argv[1], O_RDONLY);
	if (flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK) breach("sees the lock of another run");
}
