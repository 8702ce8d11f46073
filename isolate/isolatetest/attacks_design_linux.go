package isolatetest

import (
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
)

// designAttacks are against the ways in which sandboxes such as ours are made.
func designAttacks() []attack {
	busy, hardening := isolate.Limits{CPU: 200 * time.Millisecond}, needs(isolate.GapHardening)
	return []attack{
		{program: "mark_output", needs: hardening, tries: "leave marks on its input and output", next: "find_marks_of_output"},
		{program: "output_behind_end", needs: hardening, tries: "leave memory behind the end of its output", next: "find_marks_of_output"},
		{program: "output_reopened", tries: "reach its output by other ways"},
		{program: "output_in_flight", needs: hardening, tries: "keep its output open by sockets", next: "find_marks_of_output"},
		{program: "false_siblings", tries: "be taken for another child of the one who waits"},
		{program: "spin_sibling", needs: needs(isolate.GapTree), tries: "use the processor as somebody else's child", limits: busy, want: only(isolate.TimeLimit)},
		{program: "vfork_held", tries: "keep its parent waiting for a program", limits: short(), want: only(isolate.WallLimit)},
		{program: "exec_without_end", tries: "become new programs", limits: short(), want: only(isolate.TimeLimit, isolate.WallLimit)},
		{program: "exec_by_thread", needs: needs(isolate.GapHardening), tries: "vanish from under its first thread"},
		{program: "spin_under_name", tries: "confuse who reads /proc/PID/stat", limits: busy, want: only(isolate.TimeLimit)},
		{program: "urgent_flood", tries: "keep the watching process busy", limits: short(), want: only(isolate.TimeLimit, isolate.WallLimit)},
		{program: "spin_in_kernel", tries: "use the processor within the kernel", limits: busy, want: only(isolate.TimeLimit)},
		{program: "spin_in_threads", tries: "use it in threads that do not live long", limits: busy, want: only(isolate.TimeLimit)},
		{program: "spin_by_timer", tries: "use it in handlers of signals", limits: busy, want: only(isolate.TimeLimit)},
		{program: "evict_files", needs: hardening, tries: "have others wait for the disk"},
		{program: "sync_disks", needs: hardening, tries: "have the machine write to its disks"},
		{program: "huge_pages", needs: hardening, tries: "use memory that cgroups do not count"},
		{program: "core_scheduling", needs: hardening, tries: "keep the other half of its core idle"},
		{program: "socket_filters", needs: hardening, tries: "have the kernel run code for a socket"},
		{program: "watch_folders", needs: hardening, tries: "watch what others do with shared files"},
		{program: "mark_devices", needs: hardening, tries: "leave marks on devices"},
		{program: "ioctls", needs: hardening, tries: "reach drivers and file systems by ioctl"},
		{program: "new_calls", needs: hardening, tries: "use system calls newer than the sandbox"},
	}
}

// memoryAttacks use memory of the kernel. Their bounds differ between kernels;
// that there is one, and that the next run has its memory, does not.
func memoryAttacks() []attack {
	slow := isolate.Limits{CPU: 5 * time.Second, Wall: 10 * time.Second}
	either := only(isolate.Exited, isolate.MemoryLimit, isolate.TimeLimit, isolate.WallLimit)
	all := []attack{
		{program: "memory_epoll", tries: "use memory by watching descriptors", crowd: true},
		{program: "memory_timers", tries: "use memory by timers", crowd: true},
		{program: "memory_inotify", tries: "use memory by watching folders", crowd: true},
		{program: "memory_events", tries: "use memory by counters and timers with descriptors", crowd: true},
		{program: "memory_locks", tries: "use memory by locks of a file"},
		{program: "memory_attributes", tries: "use memory by attributes of files"},
		{program: "memory_mappings", tries: "use memory by mappings"},
		{program: "memory_connections", tries: "use memory by sockets that wait"},
		{program: "descriptors_in_flight", tries: "use up the descriptors that a user may have on their way", crowd: true},
		{program: "memory_names", tries: "use memory by names that do not exist"},
		{program: "memory_signals", tries: "use memory by signals that wait", crowd: true, want: only(isolate.Exited, isolate.Signaled), signal: syscall.SIGKILL},
	}
	for i := range all {
		all[i].limits, all[i].needs = slow, needs(isolate.GapTree)
		if all[i].want == nil {
			all[i].want = either
		}
	}
	tables := short()
	return append(all, attack{program: "memory_tables", needs: needs(isolate.GapTree), tries: "use memory by the tables that describe memory", limits: tables, want: anyLimit()})
}
