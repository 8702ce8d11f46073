// Attacks by files: on the judge's, on the sandbox's own, and on whoever collects.
#include "subject.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/xattr.h>

#define SECRET "EVALX-SECRET"

static void peek(const char *how, const char *path) {
	char text[4096];
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0) return;
	ssize_t n = read(fd, text, sizeof text);
	close(fd);
	if (n > 0 && memmem(text, n, SECRET, strlen(SECRET))) breach("read the secret by %s: %s", how, path);
}

static void peek_by(const char *how, const char *before, const char *path) {
	char whole[PATH_MAX * 2];
	snprintf(whole, sizeof whole, "%s%s", before, path);
	peek(how, whole);
}

// read_secrets PATH...: of the host, by every road.
ATTACK(read_secrets) {
	static const char *roots[] = {"", "/proc/self/root", "/proc/thread-self/root", "../../../../../../..",
		"/prog/../..", "/w/../..", "/tmp/../..", "/dev/shm/../../..", "/oldroot", "/old_root", "/.old", "/put_old",
		"/.pivot_root", "/mnt", "/host", "/rootfs", "/proc/self/cwd/../../..", "/dev/fd/../../..", "/w/old"};
	for (int i = 1; i < argc; i++) {
		for (size_t r = 0; r < sizeof roots / sizeof *roots; r++) peek_by("path", roots[r], argv[i]);
		for (int pid = 1; pid < 400; pid++) {
			char before[64];
			snprintf(before, sizeof before, "/proc/%d/root", pid);
			peek_by("another's root", before, argv[i]);
			snprintf(before, sizeof before, "/proc/%d/cwd/../../../../../..", pid);
			peek_by("another's folder", before, argv[i]);
		}
		unlink("link");
		if (symlink(argv[i], "link") == 0) peek("symbolic link", "link");
		unlink("hard");
		if (link(argv[i], "hard") == 0) breach("hard link to %s", argv[i]);
	}
}

// Every descriptor of every process that can be seen.
ATTACK(read_descriptors) {
	char path[64];
	for (int fd = 3; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0) breach("descriptor %d is open", fd);
	for (int pid = 1; pid < 400; pid++) {
		if (pid == getpid()) continue;
		for (int fd = 0; fd < 64; fd++) {
			snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
			int copy = open(path, O_RDONLY | O_NONBLOCK);
			if (copy >= 0) breach("opened %s", path);
		}
	}
}

static int entries(const char *path) {
	DIR *d = opendir(path);
	if (!d) return 0;
	int n = 0;
	for (struct dirent *e; (e = readdir(d));) n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(d);
	return n;
}

ATTACK(read_judge) {
	static const char *folders[] = {"/root", "/home", "/sys", "/boot", "/run", "/var/lib", "/var/log", "/srv", "/mnt", "/media",
		"/work", "/opt/evalx", "/etc/ssh", "/etc/ssl/private", "/var/run", "/proc/sys/fs/binfmt_misc"};
	static const char *files[] = {"/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/hostname", "/etc/machine-id",
		"/proc/kcore", "/proc/kmsg", "/proc/kpageflags", "/proc/1/environ", "/proc/1/maps",
		"/proc/1/mem", "/proc/1/auxv", "/proc/1/syscall", "/proc/1/stack", "/proc/1/exe", "/proc/1/mountinfo",
		"/proc/slabinfo", "/proc/vmallocinfo", "/proc/timer_list", "/proc/config"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (entries(folders[i]) > 0) breach("%s can be listed", folders[i]);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char c;
		int fd = open(files[i], O_RDONLY | O_NONBLOCK);
		if (fd >= 0 && read(fd, &c, 1) > 0) breach("%s can be read", files[i]);
	}
}

// Of the processes, only our own may be seen.
ATTACK(see_processes) {
	DIR *d = opendir("/proc");
	if (!d) return;
	for (struct dirent *e; (e = readdir(d));)
		if (atoi(e->d_name) > 0 && atoi(e->d_name) != getpid()) breach("sees process %s", e->d_name);
}

ATTACK(proc_games) {
	unwritable("/proc/sysrq-trigger", "h");
	unwritable("/proc/self/oom_score_adj", "-1000");
	unwritable("/proc/1/oom_score_adj", "1000");
	unwritable("/proc/1/oom_adj", "15");
	unwritable("/proc/1/mem", "x");
	unwritable("/proc/1/comm", "evil");
	unwritable("/proc/1/clear_refs", "1");
	unwritable("/proc/1/attr/current", "x");
	unwritable("/proc/1/sched", "0");
	unwritable("/proc/self/uid_map", "0 0 1");
	unwritable("/proc/self/gid_map", "0 0 1");
	unwritable("/proc/self/setgroups", "allow");
	unwritable("/proc/self/loginuid", "0");
	unwritable("/proc/self/timens_offsets", "monotonic 1 0");
	unwritable("/proc/sys/kernel/core_pattern", "|/w/box/x");
	unwritable("/proc/sys/kernel/hostname", "evil");
	unwritable("/proc/sys/kernel/ns_last_pid", "1");
	unwritable("/proc/sys/kernel/modprobe", "/w/box/x");
	unwritable("/proc/sys/kernel/randomize_va_space", "0");
	unwritable("/proc/sys/kernel/msgmax", "1");
	unwritable("/proc/sys/kernel/shmmax", "1");
	unwritable("/proc/sys/kernel/sem", "1 1 1 1");
	unwritable("/proc/sys/fs/mqueue/msg_max", "1000");
	unwritable("/proc/sys/user/max_user_namespaces", "1000");
	unwritable("/proc/sys/user/max_mnt_namespaces", "1000");
	unwritable("/proc/sys/vm/drop_caches", "1");
	unwritable("/proc/sys/vm/overcommit_memory", "0");
	unwritable("/proc/sys/net/ipv4/ip_forward", "1");
	unwritable("/proc/sys/fs/binfmt_misc/register", ":x:M::evil::/w/box/x:");
	unwritable("/proc/irq/default_smp_affinity", "1");
	unwritable("/proc/mtrr", "x");
	unwritable("/proc/scsi/scsi", "x");
	unwritable("/sys/kernel/uevent_helper", "/w/box/x");
	unwritable("/sys/fs/cgroup/cgroup.procs", "0");
}

// Files of the program and of the system, which the next test case runs too.
ATTACK(write_program) {
	static const char *files[] = {"/prog/subject", "/proc/self/exe", "/usr/bin/env", "/bin/sh", "/etc/passwd",
		"/etc/ld.so.cache", "/lib64/ld-linux-x86-64.so.2"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *f = files[i];
		refused(f, open(f, O_WRONLY));
		refused(f, open(f, O_RDWR | O_TRUNC));
		refused(f, truncate(f, 0));
		refused(f, chmod(f, 0777));
		refused(f, chown(f, getuid(), getgid()));
		refused(f, unlink(f));
		refused(f, rename(f, "moved"));
		refused(f, link(f, "linked"));
		refused(f, utimensat(AT_FDCWD, f, NULL, 0));
		refused(f, setxattr(f, "user.evalx", "x", 1, 0));
		int fd = open(f, O_RDONLY);
		if (fd < 0) continue;
		if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED) breach("%s mapped", f);
		refused(f, ftruncate(fd, 0));
		refused(f, fchmod(fd, 0777));
		refused(f, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
		close(fd);
	}
	// Our own memory may be written, but it must be a copy of the program's.
	int memory = open("/proc/self/mem", O_RDWR);
	if (memory >= 0) pwrite(memory, "evil", 4, (off_t)(uintptr_t)run_write_program);
}

ATTACK(write_folders) {
	static const char *folders[] = {"/", "/prog", "/usr", "/usr/bin", "/etc", "/lib", "/dev", "/proc", "/opt",
		"/var", "/run", "/home", "/root"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[64];
		snprintf(path, sizeof path, "%s/evil", folders[i]);
		refused(path, open(path, O_CREAT | O_WRONLY, 0600));
		refused(path, mkdir(path, 0700));
		refused(path, symlink("/etc", path));
		refused(folders[i], chmod(folders[i], 0777));
	}
	refused("moving /dev/null", rename("/dev/null", "/dev/null2"));
	refused("changing /dev/null", chmod("/dev/null", 0));
}

ATTACK(devices) {
	static const char *hosts[] = {"/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/vda", "/dev/sda",
		"/dev/nvme0n1", "/dev/root", "/dev/loop0", "/dev/loop-control", "/dev/fuse", "/dev/net/tun", "/dev/kvm",
		"/dev/userfaultfd", "/dev/vhost-vsock", "/dev/vsock", "/dev/mapper/control", "/dev/rtc0", "/dev/watchdog",
		"/dev/snapshot", "/dev/cpu_dma_latency", "/dev/ptmx", "/dev/hpet"};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) refused(hosts[i], open(hosts[i], O_RDONLY | O_NONBLOCK));
	refused("mknod of memory", mknod("m", S_IFCHR | 0666, 0x0101));
	refused("mknod of null", mknod("n", S_IFCHR | 0666, 0x0103));
	refused("mknod of a disk", mknod("d", S_IFBLK | 0666, 0xfe00));
}

// A file that is setuid, planted or found, must give nothing.
// What stands behind the other defences.
ATTACK(precautions) {
	static const char *planted[] = {"/w/box", "/tmp", "/dev/shm", "/usr", "/prog", "/"};
	for (int i = 0; i < 6; i++) {
		struct statvfs s;
		if (statvfs(planted[i], &s) == 0 && !(s.f_flag & ST_NOSUID)) breach("%s is not nosuid", planted[i]);
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) breach("no_new_privs is not set");
	if (getsid(0) == 0) breach("its session is one of the judge's processes'");
}

ATTACK(setuid_programs) {
	static char block[1 << 16];
	int from = open("/prog/subject", O_RDONLY), to = open("planted", O_CREAT | O_WRONLY, 0755);
	for (ssize_t n; (n = read(from, block, sizeof block)) > 0;)
		if (write(to, block, n) != n) return;
	refused("giving it to root", fchown(to, 0, 0));
	fchmod(to, 06755);
	refused("file capability", fsetxattr(to, "security.capability", "\1\0\0\2\377\377\377\377\0\0\0\0\377\377\377\377\0\0\0\0", 20, 0));
	close(to);
	if (fork() == 0) execl("./planted", "planted", "identity", NULL), _exit(0);
	wait(NULL);
	if (fork() == 0) execl("/usr/bin/su", "su", "-c", "echo breach: su", "root", NULL), _exit(0);
	wait(NULL);
}

// The input of this run must be unchangeable: others may read the same.
ATTACK(write_input) {
	int fds[] = {0, open("/proc/self/fd/0", O_RDWR), open("/proc/self/fd/0", O_WRONLY | O_TRUNC), open("/dev/stdin", O_RDWR)};
	for (int i = 0; i < 4; i++) {
		if (fds[i] < 0) continue;
		if (pwrite(fds[i], "evil", 4, 0) > 0) breach("wrote to the input");
		refused("truncating the input", ftruncate(fds[i], 0));
		refused("growing the input", ftruncate(fds[i], 1 << 20));
		refused("punching the input", fallocate(fds[i], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
		refused("sealing the input", fcntl(fds[i], F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
		if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fds[i], 0) != MAP_FAILED) breach("mapped the input");
	}
}

// Leaves an output that is harder to read than it looks.
ATTACK(tamper_output) {
	refused("sealing the output", fcntl(1, F_ADD_SEALS, F_SEAL_WRITE));
	dprintf(1, "x");
	ftruncate(1, 1 << 16);
	char *p = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, 1, 0);
	if (p != MAP_FAILED) memset(p, 'y', 1 << 16);
	fcntl(1, F_SETFL, O_APPEND | O_NONBLOCK | O_ASYNC);
	fcntl(1, F_SETLEASE, F_WRLCK);
	ftruncate(1, 0);
	lseek(1, 0, SEEK_SET);
}

ATTACK(close_output) {
	close(0), close(1), close(2);
}

// collect_links PATH...: for a collector that follows them.
ATTACK(collect_links) {
	char name[32];
	for (int i = 1; i < argc; i++) {
		snprintf(name, sizeof name, "secret%d", i);
		symlink(argv[i], name);
		snprintf(name, sizeof name, "secret%d.hard", i);
		refused("hard link to the host", link(argv[i], name));
	}
	symlink("/etc", "etc"), symlink("/", "root"), symlink("..", "up"), symlink("/proc/self/fd/0", "input");
	symlink("self", "self"), symlink("/dev/zero", "zero"), symlink("/dev/stdin", "stdin"), symlink("real", "chain");
	mkdir("dir", 0755), symlink("../..", "dir/up"), symlink("/etc/passwd", "dir/passwd");
	refused("hard link to /etc/passwd", link("/etc/passwd", "passwd.hard"));
	close(open("real", O_CREAT | O_WRONLY, 0644));
}

ATTACK(collect_special) {
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
	mkfifo("fifo", 0644);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(fd, (void *)&address, sizeof address);
	listen(fd, 5);
	mknod("device", S_IFCHR | 0666, 0x0105);
	mknod("whiteout", S_IFCHR | 0666, 0); // the one device that anybody may make
	mkdir("dir", 0755), mkfifo("dir/fifo", 0);
	close(open("real", O_CREAT | O_WRONLY, 0644));
}

static void put(const char *name, mode_t mode) {
	int fd = open(name, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0 && write(fd, "text", 4) == 4) fchmod(fd, mode);
	close(fd);
}

// Names that a careless program would take for something else.
ATTACK(collect_names) {
	char longest[256];
	memset(longest, 'n', 255), longest[255] = 0;
	put("new\nline", 0644), put("\xff\xfe", 0644), put("-rf", 0644), put("...", 0644), put("..x", 0644);
	put(" ", 0644), put("a\\b", 0644), put("%2e%2e%2f", 0644), put("\x1b[2J", 0644), put(longest, 0644), put("C:", 0644);
}

// Files and folders that their owner may not read.
ATTACK(collect_locked) {
	mkdir("dark", 0700), put("dark/file", 0), mkdir("dark/er", 0700), put("dark/er/file", 0644);
	chmod("dark/er", 0), chmod("dark", 0);
	put("unreadable", 0), put("writeonly", 0200), put("setuid", 06755);
	put("real", 0644);
}

ATTACK(collect_deep) {
	for (int i = 0; i < 5000; i++)
		if (mkdir("d", 0755) < 0 || chdir("d") < 0) break;
	put("bottom", 0644);
}

// collect_race PATH: another process swaps files and links while we end.
ATTACK(collect_race) {
	mkdir("d", 0755), put("d/f", 0644), put("f", 0644);
	symlink(argv[1], "l"), symlink("/etc", "e");
	if (background()) {
		signal(SIGTERM, SIG_IGN);
		for (;;) {
			syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "l", 2);
			syscall(SYS_renameat2, AT_FDCWD, "d", AT_FDCWD, "e", 2);
		}
	}
	pause_ms(20);
}

// collect_moved: the working folder is elsewhere, and another is in its place.
ATTACK(collect_moved) {
	put("real", 0644);
	chdir("/");
	mkdir("/w/tmp/other", 0777), put("/w/tmp/other/false", 0644);
	if (rename("/w/box", "/w/gone") == 0) symlink("/etc", "/w/box");
	syscall(SYS_renameat2, AT_FDCWD, "/w/box", AT_FDCWD, "/w/tmp/other", 2);
	rename("/w/tmp/other", "/w/box");
	rmdir("/w/tmp"), symlink("/etc", "/w/tmp"), rename("/w/shm", "/w/tmp");
}

// collect_sparse: small here, large for whoever copies it.
ATTACK(collect_sparse) {
	for (int i = 0; i < 200; i++) {
		char name[32];
		snprintf(name, sizeof name, "sparse%d", i);
		int fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd >= 0) ftruncate(fd, 8 << 20);
		close(fd);
	}
}
