package isolatetest

import (
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
)

// short keeps attacks that end by a limit from taking long.
func short() isolate.Limits {
	return isolate.Limits{CPU: 300 * time.Millisecond, Wall: time.Second, Memory: 64 << 20, Output: 1 << 20, Disk: 16 << 20}
}

// Which way they end by is a race between limits; that they end is not.
func anyLimit() []isolate.Status {
	return only(isolate.TimeLimit, isolate.WallLimit, isolate.MemoryLimit)
}

func resourceAttacks() []attack {
	writable := []string{"/w/box", "/tmp", "/dev/shm", "/w", "/prog", "/dev", "/"}
	slow := isolate.Limits{CPU: 5 * time.Second}
	busy := isolate.Limits{CPU: 200 * time.Millisecond} // and the usual wall time, for other work on the machine
	disk, output := needs(isolate.GapDisk), needs(isolate.GapOutput)
	large := short()
	large.Output = 8 << 20 // it bounds files in memory, too
	return []attack{
		{program: "fork_bomb", crowd: true, tries: "fork without end", limits: short(), want: anyLimit()},
		{program: "fork_bomb_sessions", crowd: true, tries: "fork into sessions of their own", limits: short(), want: anyLimit()},
		{program: "zombies", crowd: true, tries: "use up the process numbers by the dead", limits: slow},
		{program: "thread_bomb", crowd: true, tries: "use up the process numbers by threads", limits: slow},
		{program: "memory_bomb", tries: "use all memory", limits: short(), want: anyLimit()},
		{program: "memory_bomb_children", tries: "use all memory, each child a little", limits: short(), want: anyLimit()},
		{program: "memory_locked", tries: "use all memory, locked", limits: short(), want: anyLimit()},
		{program: "memory_memfd", tries: "use memory that no process has mapped", limits: large, want: anyLimit()},
		{program: "memory_pipes", tries: "use memory of the kernel", limits: slow, want: only(isolate.Exited, isolate.MemoryLimit)},
		{program: "memory_sockets", tries: "use memory of the kernel by what is sent", crowd: true, limits: slow,
			want: only(isolate.Exited, isolate.MemoryLimit)},
		{program: "memory_shared", tries: "use memory that others keep", limits: short(), want: anyLimit()},
		{program: "disk_fill", needs: disk, tries: "fill every folder", args: writable, limits: slow, want: only(isolate.Exited, isolate.MemoryLimit)},
		{program: "inode_fill", needs: disk, tries: "use up the inodes", args: writable, limits: slow},
		{program: "link_fill", needs: disk, tries: "use up memory by names", limits: slow},
		{program: "flood_output", needs: output, tries: "write without end to standard output", limits: short(), want: only(isolate.OutputLimit)},
		{program: "flood_errors", needs: output, tries: "write without end to standard error", limits: short(), want: only(isolate.OutputLimit)},
		{program: "flood_unimpressed", needs: output, tries: "go on writing after the limit", limits: short(), want: only(isolate.OutputLimit)},
		{program: "flood_sparse", needs: output, tries: "write far behind the end", limits: short(), want: only(isolate.OutputLimit)},
		{program: "flood_many", needs: output, tries: "write from many processes", limits: short(), want: only(isolate.OutputLimit)},
		{program: "sparse_terabyte", tries: "make files larger than the disk"},
		{program: "sleeper", tries: "rest without end", limits: short(), want: only(isolate.WallLimit)},
		{program: "deaf", tries: "ignore all signals", limits: short(), want: only(isolate.WallLimit)},
		{program: "stopped", tries: "be stopped", limits: short(), want: only(isolate.WallLimit)},
		{program: "stop_all", tries: "stop everybody", limits: short(), want: only(isolate.WallLimit)},
		{program: "spin", tries: "use the processor without end", limits: busy, want: only(isolate.TimeLimit)},
		{program: "spin_relay", tries: "use it in processes that do not live long", limits: short(), want: only(isolate.Exited), silent: true},
		{program: "spin_aside", needs: needs(isolate.GapTree), tries: "use it where nobody waits", limits: busy, want: only(isolate.TimeLimit)},
		{program: "spin_at_exit", crowd: true, tries: "use it and be gone before it is measured", limits: short(), want: only(isolate.TimeLimit, isolate.WallLimit)},
		{program: "descriptors", tries: "use up file descriptors"},
		{program: "timer_bomb", tries: "have timers run on", want: only(isolate.Signaled), signal: syscall.SIGALRM},
		{program: "raise_limits", tries: "raise its limits"},
		{program: "core_dump", tries: "have a memory image written", want: only(isolate.Signaled), signal: syscall.SIGABRT},
		{program: "signal_queue", tries: "use memory by pending signals", limits: slow},
	}
}

func kernelAttacks() []attack {
	hardening := needs(isolate.GapHardening)
	return []attack{
		{program: "unshare", needs: hardening, tries: "make namespaces by unshare"},
		{program: "clone_namespaces", needs: hardening, tries: "make namespaces by clone and clone3"},
		{program: "setns", tries: "join namespaces"},
		{program: "mounts", tries: "mount, unmount, change its root"},
		{program: "identity", tries: "become another user"},
		{program: "capabilities", needs: hardening, tries: "get capabilities"},
		{program: "keyrings", known: "isolate before 2.4", needs: hardening, tries: "use keyrings, which runs share"},
		{program: "kernel_objects", known: "isolate 2.x", needs: hardening, tries: "reach userfaultfd, io_uring, bpf, perf and the like"},
		{program: "network", needs: needs(isolate.GapNetwork), tries: "reach the network"},
		{program: "network_sockets", needs: needs(isolate.GapNetwork, isolate.GapHardening), tries: "make sockets for it"},
		{program: "spare_calls", needs: hardening, tries: "make system calls that nobody needs"},
		{program: "precautions", needs: hardening, tries: "find a second line of defence missing"},
		{program: "odd_sockets", needs: hardening, tries: "make sockets of every other family"},
		{program: "machine", tries: "reboot, load modules, set the clock, swap, and the like"},
		{program: "handles", tries: "open files by handles, past the view"},
		{program: "scheduling", tries: "run before others"},
		{program: "tamper_init", tries: "limit or slow down the process that watches it"},
		{program: "terminal", tries: "type into the judge's terminal"},
	}
}

func processAttacks() []attack {
	hardening := needs(isolate.GapHardening)
	all := []attack{
		{program: "signal_everyone", tries: "kill the process that watches it"},
		{program: "signal_broadcast", tries: "kill all processes"},
		{program: "signal_by_owner", tries: "have the kernel send the signals"},
		{program: "ptrace_others", tries: "trace the process that watches it"},
		{program: "ptrace_own", needs: hardening, tries: "trace its children"},
		{program: "memory_of_others", tries: "read and write other processes' memory and files"},
		{program: "run_judge", tries: "read or run the judge's program"},
		{program: "run_memory", needs: hardening, tries: "run a program that is in no folder"},
		{program: "calls_of_32_bit", needs: hardening, tries: "use system calls by their 32-bit numbers", amd64: true,
			want: only(isolate.Exited, isolate.Signaled), signal: syscall.SIGSYS},
		{program: "calls_of_x32", needs: hardening, tries: "use system calls by their x32 numbers", amd64: true},
		{program: "calls_with_high_bits", needs: hardening, tries: "hide arguments behind bits that the kernel ignores"},
		{program: "tamper_filter", tries: "change the filter"},
		{program: "personality", needs: hardening, tries: "leave attributes of a process to the next", next: "find_personality"},
		{program: "lost_parent", tries: "leave orphans and die", want: only(isolate.Signaled), signal: syscall.SIGKILL},
		{program: "lost_leader", tries: "end its first thread only", limits: isolate.Limits{CPU: 200 * time.Millisecond}, want: only(isolate.TimeLimit)},
	}
	return slices.DeleteFunc(all, func(a attack) bool { return a.amd64 && runtime.GOARCH != "amd64" })
}

func fileAttacks() []attack {
	view := needs(isolate.GapView)
	return []attack{
		{program: "read_secrets", tries: "read test data and answers by every road", args: []string{secrets}},
		{program: "read_descriptors", tries: "use other processes' open files"},
		{program: "read_judge", needs: view, tries: "read the judge's files and environment"},
		{program: "see_processes", needs: view, tries: "see other processes"},
		{program: "proc_games", needs: view, tries: "write to /proc and /sys"},
		{program: "write_program", tries: "change the program for the next test case"},
		{program: "write_folders", needs: view, tries: "write to the system's folders"},
		{program: "devices", needs: needs(isolate.GapView, isolate.GapDevices), tries: "open or make devices"},
		{program: "setuid_programs", tries: "gain by setuid programs, planted or found", prints: "held\nheld\n"},
		{program: "close_output", tries: "end without open files", silent: true},
		{program: "tamper_output", tries: "spoil its output for the reader"},
	}
}

// legacyAttacks leave something to the next run, which looks for it.
func legacyAttacks() []attack {
	slow := isolate.Limits{Wall: 5 * time.Second}
	leftovers := needs(isolate.GapLeftovers)
	return []attack{
		{program: "leave_files", needs: leftovers, tries: "leave files in every folder", next: "find_files"},
		{program: "leave_marks", needs: leftovers, tries: "leave attributes and times of folders", next: "find_marks"},
		{program: "leave_trees", needs: leftovers, tries: "leave trees that cannot be removed", next: "find_files"},
		{program: "leave_ipc", needs: leftovers, tries: "leave shared memory, semaphores and queues", next: "find_ipc"},
		{program: "leave_key", needs: needs(isolate.GapLeftovers, isolate.GapHardening), tries: "leave keys", next: "find_key"},
		{program: "leave_socket", needs: leftovers, tries: "leave an abstract socket", next: "find_socket"},
		{program: "leave_processes", needs: leftovers, tries: "leave processes that work", limits: slow, next: "see_processes"},
		// The kernel frees what a refused fork took only when it finds the time.
		{program: "leave_fork_bomb", needs: leftovers, crowd: true, tries: "leave processes that fork", limits: slow, next: "see_processes"},
	}
}
