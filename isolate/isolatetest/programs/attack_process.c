// Attacks on processes, and on the system-call filter itself.
#include "subject.h"
#include <pthread.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static void signal_by_all_ways(pid_t pid, int s) {
	char info[128] = {0};
	*(int *)info = s, *(int *)(info + 8) = -1;
	kill(pid, s);
	syscall(SYS_tkill, pid, s);
	syscall(SYS_tgkill, pid, pid, s);
	syscall(SYS_rt_sigqueueinfo, pid, s, info);
	syscall(SYS_rt_tgsigqueueinfo, pid, pid, s, info);
}

// Every signal to every process by every way. Whoever watches us must survive.
ATTACK(signal_everyone) {
	for (int pid = 1; pid < 400; pid++) {
		int fd = syscall(SYS_pidfd_open, pid, 0);
		for (int s = 1; s < 65; s++) {
			if (pid == getpid()) continue;
			signal_by_all_ways(pid, s);
			if (fd >= 0) syscall(SYS_pidfd_send_signal, fd, s, NULL, 0);
		}
		if (fd >= 0) close(fd);
	}
}

ATTACK(signal_broadcast) {
	uint64_t all = ~0UL; // libc would leave out two that it uses itself
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
	for (int s = 1; s < 65; s++) kill(-1, s);
	for (int s = 1; s < 65; s++)
		if (s != SIGKILL && s != SIGSTOP) kill(0, s);
}

// The kernel sends these signals on our behalf.
ATTACK(signal_by_owner) {
	int ends[2];
	pid_t targets[2] = {1, getppid()};
	for (int i = 0; i < 2; i++)
		for (int s = 1; s < 65 && targets[i] > 0; s++) {
			if (pipe(ends) < 0) return;
			fcntl(ends[0], F_SETOWN, targets[i]);
			fcntl(ends[0], F_SETSIG, s);
			fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK);
			if (write(ends[1], "x", 1) != 1) return;
			close(ends[0]), close(ends[1]);
		}
}

ATTACK(ptrace_others) {
	pid_t targets[2] = {1, getppid()};
	for (int i = 0; i < 2 && targets[i] > 0; i++) {
		refused("PTRACE_ATTACH", ptrace(PTRACE_ATTACH, targets[i], 0, 0));
		refused("PTRACE_SEIZE", ptrace(PTRACE_SEIZE, targets[i], 0, 0));
	}
}

// Even of its own children: a tracer can change system calls that were checked.
ATTACK(ptrace_own) {
	pid_t child = fork();
	if (child == 0) {
		refused("PTRACE_TRACEME", ptrace(PTRACE_TRACEME, 0, 0, 0));
		for (;;) pause();
	}
	refused("PTRACE_SEIZE of a child", ptrace(PTRACE_SEIZE, child, 0, 0));
	pause_ms(20);
	kill(child, SIGKILL);
}

ATTACK(memory_of_others) {
	static char buffer[64];
	struct iovec here = {buffer, sizeof buffer};
	pid_t targets[2] = {1, getppid()};
	for (int i = 0; i < 2 && targets[i] > 0; i++) {
		pid_t p = targets[i];
		for (uintptr_t at = 0x400000; at <= 0xc000000000; at = at == 0x400000 ? 0xc000000000 : at + 1) {
			struct iovec there = {(void *)at, sizeof buffer};
			refused("process_vm_readv", process_vm_readv(p, &here, 1, &there, 1, 0));
			refused("process_vm_writev", process_vm_writev(p, &here, 1, &there, 1, 0));
		}
		int pidfd = syscall(SYS_pidfd_open, p, 0);
		for (int fd = 0; pidfd >= 0 && fd < 64; fd++) refused("pidfd_getfd", syscall(438, pidfd, fd, 0));
		if (pidfd >= 0) refused("process_madvise", syscall(440, pidfd, &here, 1, 21, 0));
		refused("kcmp", syscall(SYS_kcmp, p, getpid(), 0, 0, 0));
		unsigned long node = 1;
		refused("migrate_pages", syscall(SYS_migrate_pages, p, 1, &node, &node));
		refused("move_pages", syscall(SYS_move_pages, p, 0, NULL, NULL, NULL, 0));
		refused("its robust list", syscall(SYS_get_robust_list, p, buffer, buffer + 8));
	}
}

// The judge's own program must not be there to run or to read.
ATTACK(run_judge) {
	char path[64];
	for (int pid = 1; pid < 400; pid++) {
		if (pid == getpid()) continue;
		snprintf(path, sizeof path, "/proc/%d/exe", pid);
		refused(path, open(path, O_RDONLY));
		if (access(path, X_OK) == 0) breach("%s can be run", path);
	}
}

// A program that is nowhere in the file system is still inside the sandbox.
ATTACK(run_memory) {
	static char block[1 << 16];
	int from = open("/prog/subject", O_RDONLY), to = memfd_create("evil", 0);
	for (ssize_t n; (n = read(from, block, sizeof block)) > 0;)
		if (write(to, block, n) != n) return;
	char *args[] = {"evil", "capabilities", NULL}, *env[] = {NULL};
	if (to >= 0) fexecve(to, args, env);
}

#if defined(__x86_64__)
static long call32(long number, long a, long b, long c) {
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void no_call32(int s) {
	dprintf(1, "held\n");
	_exit(s == SIGSEGV || s == SIGSYS ? 0 : 1);
}

// System calls of 32-bit programs have other numbers than those that are filtered.
ATTACK(calls_of_32_bit) {
	signal(SIGSEGV, no_call32);
	signal(SIGSYS, no_call32);
	if (call32(20, 0, 0, 0) > 0) breach("getpid");
	if (call32(359, 2, 1, 0) >= 0) breach("socket of IPv4");
	if (call32(310, CLONE_NEWUSER, 0, 0) >= 0) breach("unshare");
	if (call32(288, 0, -3, 0) >= 0) breach("keyctl");
	if (call32(26, 0, 0, 0) >= 0) breach("ptrace");
	if (call32(395, 0x1234, 4096, 01600) >= 0) breach("shmget");
	if (call32(117, 23, 0x1234, 4096) >= 0) breach("ipc");
	if (call32(374, 1, 0, 0) >= 0) breach("userfaultfd");
}

// So have those of the x32 kind: bit 30 is set, and a filter may compare for equality.
ATTACK(calls_of_x32) {
	const long x32 = 0x40000000;
	refused("getpid", syscall(x32 + SYS_getpid));
	refused("socket", syscall(x32 + SYS_socket, 2, 1, 0));
	refused("unshare", syscall(x32 + SYS_unshare, CLONE_NEWUSER));
	refused("keyctl", syscall(x32 + SYS_keyctl, 0, -3, 0));
	refused("ptrace", syscall(x32 + 521, 0, 0, 0, 0));
	refused("shmget", syscall(x32 + SYS_shmget, 0x1234, 4096, 01600));
	refused("execve", syscall(x32 + 520, NULL, NULL, NULL));
}
#endif

// Arguments have 64 bits in the register and 32 in the kernel.
ATTACK(calls_with_high_bits) {
	const unsigned long high = 0xdead00000000UL;
	refused("socket of IPv4", syscall(SYS_socket, high | 2, 1, 0));
	refused("socket of netlink", syscall(SYS_socket, high | 16, 3, 0));
	refused("socketpair of IPv4", syscall(SYS_socketpair, high | 2, 1, 0, NULL));
	refused("prlimit of process 1", syscall(SYS_prlimit64, high | 1, RLIMIT_NOFILE, NULL, NULL));
	long child = syscall(SYS_clone, high | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) _exit(0);
	if (child > 0) breach("clone with a user namespace");
	refused("TIOCSTI", syscall(SYS_ioctl, 0, high | 0x5412, "x"));
}

// The filter itself.
ATTACK(tamper_filter) {
	refused("strict seccomp off", prctl(PR_SET_SECCOMP, 0, NULL));
	refused("no_new_privs off", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
	refused("moving the program's limits", prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0));
	refused("a listener", syscall(SYS_seccomp, 1, 8, NULL));
}

// personality: only for ourselves, and gone with us.
ATTACK(personality) {
	personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC | ADDR_COMPAT_LAYOUT | PER_LINUX32);
	umask(0777);
	setpriority(PRIO_PROCESS, 0, 19);
	setpriority(PRIO_PGRP, 0, 19);
	setpriority(PRIO_USER, 0, 19);
	prctl(PR_SET_TIMERSLACK, 1000000000);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
	prctl(PR_TASK_PERF_EVENTS_DISABLE);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

// The next program must find nothing of that.
ATTACK(find_personality) {
	if (personality(0xffffffff) != 0) breach("personality is %#x", personality(0xffffffff));
	if (getpriority(PRIO_PROCESS, 0) == 19) breach("niceness is %d", getpriority(PRIO_PROCESS, 0));
	if (umask(022) == 0777) breach("umask is 0777");
	if (prctl(PR_GET_TIMERSLACK) > 50000) breach("timer slack is %d ns", prctl(PR_GET_TIMERSLACK));
	if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) != 0) breach("transparent huge pages are off");
}

// PR_SET_PDEATHSIG and a lost parent must not reach the one who waits.
ATTACK(lost_parent) {
	for (int i = 0; i < 20; i++)
		if (background()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;) pause();
		}
	raise(SIGKILL);
}

static void *spin(void *unused) {
	for (;;) {}
	return unused;
}

// The first thread ends and the process does not: whoever waits must go on.
ATTACK(lost_leader) {
	pthread_t t;
	pthread_create(&t, NULL, spin, NULL);
	syscall(SYS_exit, 0);
}
