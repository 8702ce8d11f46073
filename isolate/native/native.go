// Package native is evalx's own sandbox for Linux. It needs no set-up, no
// daemon and no root.
//
// # How it works
//
// A sandbox is a pool of workers. A worker is one long-lived child process of
// evalx, the supervisor: evalx itself, started anew inside fresh user, pid,
// mount, network, ipc, uts and cgroup namespaces, of which it is the first
// process. It builds a minimal read-only view of the machine, mounts a small
// tmpfs for the writable folders, and then runs commands one after the other.
//
//	evalx ──control socket──► supervisor, main thread: mounts, files, limits, kill
//	      ──run socket──────► supervisor, spawner thread: vfork, exec, wait, reap
//
// What every program of a worker has in common is prepared once, on the
// spawner thread: no_new_privs, an empty capability bounding set, the seccomp
// filter, and on cgroup v1 the membership of the run's cgroup. All of these
// are properties of a thread that a child inherits, so a run costs little more
// than the vfork and exec that anybody pays; and because a child is born in
// its cgroup, nothing is ever moved between cgroups, which costs milliseconds.
//
// After a run the supervisor, being process 1, kills every other process of
// its pid namespace, so nothing outlives a run. The writable folders are
// replaced by a fresh tmpfs unless the run left them untouched.
//
// evalx measures from outside, by the cgroup's own counters; where it may not
// make cgroups it falls back on rlimits and on sampling /proc, and says so in
// Capabilities.
package native
