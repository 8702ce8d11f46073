//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The user inside the sandbox.
const insideID = 1000

// spawner runs commands on an OS thread of its own. Whatever the thread is
// (its credentials, filter and cgroup) its children are too.
type spawner struct {
	link     *link
	rootless bool
	shares   bool // see setup.Shares
	writes   *writable
	pids     pids
	thread   int // its number in the sandbox, see gettid(2)
	// processes is the RLIMIT_NPROC of programs, set between runs.
	processes atomic.Uint64

	mu      sync.Mutex
	running uint64 // id of the run whose processes may be killed; 0 if none
	killed  uint64 // id of the run that was killed before it started
}

// startSpawner starts the thread and returns when it is ready. tasks are the
// cgroup v1 files by which it joins the run's cgroup.
func startSpawner(set setup, writes *writable, counter pids, tasks []int) (*spawner, error) {
	s := &spawner{link: newLink(runFD), rootless: set.Rootless, shares: set.Shares, writes: writes, pids: counter}
	s.processes.Store(unix.RLIM_INFINITY)
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: this thread must never run other code
		err := s.prepare(tasks)
		ready <- err
		if err == nil {
			s.loop()
		}
	}()
	return s, <-ready
}

// prepare turns the thread into what programs are to inherit. The order
// matters: a cgroup namespace has the cgroup that the thread is in by then as
// its root; making one and dropping the bounding set need capabilities; the
// filter would refuse what the steps before it do, and it needs no_new_privs,
// for which it would otherwise ask for a capability just given up.
func (s *spawner) prepare(tasks []int) error {
	s.thread = unix.Gettid()
	for _, fd := range tasks {
		if _, err := unix.Write(fd, []byte("0")); err != nil {
			return fmt.Errorf("join cgroup: %w", err)
		}
	}
	if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
		return fmt.Errorf("unshare cgroup namespace: %w", err)
	}
	if err := dropCapabilities(s.rootless); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("prctl(PR_SET_NO_NEW_PRIVS): %w", err)
	}
	return installFilter(policy())
}

// dropCapabilities leaves the thread what it needs to become the sandboxed
// user, to kill that user's processes and to set the counter of their numbers,
// and its children nothing.
func dropCapabilities(rootless bool) error {
	for c := 0; c <= unix.CAP_LAST_CAP; c++ {
		// The kernel may know fewer than we do: EINVAL.
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(c), 0, 0, 0); err != nil && !errors.Is(err, unix.EINVAL) {
			return fmt.Errorf("drop capability %d from the bounding set: %w", c, err)
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("clear ambient capabilities: %w", err)
	}
	var keep uint32
	if !rootless {
		keep = 1<<unix.CAP_SETUID | 1<<unix.CAP_SETGID | 1<<unix.CAP_KILL
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	const counter = 1 << (unix.CAP_CHECKPOINT_RESTORE - 32) // of the upper half
	data := [2]unix.CapUserData{{Effective: keep, Permitted: keep}, {Effective: counter, Permitted: counter}}
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("capset: %w", err)
	}
	return nil
}

// pin moves the thread, and what it starts from now on, to these processors.
// It is called by another thread, because the filter keeps this one, and so
// every program, from moving itself.
func (s *spawner) pin(cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(s.thread, &set); err != nil {
		return fmt.Errorf("sched_setaffinity to processors %v: %w", cpus, err)
	}
	return nil
}

// loop runs what it is asked to until evalx closes the socket.
func (s *spawner) loop() {
	for {
		data, fds, err := s.link.receiveBytes()
		if errors.Is(err, io.EOF) {
			os.Exit(0)
		}
		var o order
		if err == nil {
			o, err = decodeOrder(data)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "sandbox supervisor: %v\n", err)
			os.Exit(1)
		}
		answer, out := s.run(&o, fds)
		if err := s.link.sendBytes(answer.encode(), out); err != nil {
			os.Exit(1)
		}
	}
}

// run starts the command, waits for it, and kills what it left. The working
// folder's descriptor is returned if it was asked for.
func (s *spawner) run(o *order, fds []int) (answer reply, out []int) {
	threadCPU := threadTime()
	start := time.Now()
	pid, err := s.spawn(o, fds)
	closeAll(fds) // so that the program alone has them, and can close them
	if err != nil {
		errors.As(err, &answer.Errno)
		answer.Error = err.Error()
		return answer, nil
	}
	s.begin(o.run)
	if o.waited {
		answer.Waited = waitedAtEnd(pid)
	}
	var usage unix.Rusage
	answer.Status, err = reap(pid, &usage)
	answer.Wall = time.Since(start)
	s.end()
	if err != nil {
		answer.Error = err.Error()
		return answer, nil
	}
	answer.add(&usage)
	killRest(&answer)
	answer.Untouched = s.writes.untouched()
	answer.Spawner = threadTime() - threadCPU
	if o.box {
		out = []int{s.writes.box}
	}
	return answer, out
}

// spawn starts the command. A file that was just written can be busy for a
// moment because another process was forked while it was open for writing.
func (s *spawner) spawn(o *order, fds []int) (pid int, err error) {
	attr := s.attributes(o, fds)
	if n := s.processes.Load(); n != unix.RLIM_INFINITY {
		if err := s.limitProcesses(n); err != nil {
			return 0, err
		}
		defer s.limitProcesses(unix.RLIM_INFINITY) // the hard limit, which cannot fail
	}
	if err := s.pids.restart(); err != nil {
		return 0, err
	}
	for try := range 20 {
		pid, err = syscall.ForkExec(o.args[0], o.args, attr)
		if !errors.Is(err, unix.ETXTBSY) {
			break
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
	return pid, err
}

// limitProcesses sets the number of processes that a child is born with, on
// another thread, since this one's filter refuses it. Nothing else runs now
// that could use the supervisor's own share up.
func (s *spawner) limitProcesses(n uint64) error {
	done := make(chan error)
	go func() {
		if n != unix.RLIM_INFINITY {
			// They count when the child is born, for it then is the same user's.
			n += ownThreads()
		}
		done <- setSoftLimit(rlimit{unix.RLIMIT_NPROC, n})
	}()
	return <-done
}

func ownThreads() uint64 {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0
	}
	return uint64(len(threads))
}

func (s *spawner) attributes(o *order, fds []int) *syscall.ProcAttr {
	// Signals to its process group must not reach the supervisor. A session of
	// its own matters where no cgroup keeps a program's processes from taking
	// the processors from the supervisor: the kernel shares them out among
	// sessions then. Elsewhere it would only cost time, on each processor.
	sys := &syscall.SysProcAttr{Setsid: !s.shares, Setpgid: s.shares}
	if !s.rootless {
		// The id changes in the child, which thereby loses all capabilities.
		sys.Credential = &syscall.Credential{Uid: insideID, Gid: insideID}
	}
	if o.cgroup {
		sys.UseCgroupFD, sys.CgroupFD = true, fds[len(fds)-1]
	}
	files := make([]uintptr, 3)
	next := 0
	for i, given := range o.stdio {
		if given {
			files[i] = uintptr(fds[next])
			next++
		} else {
			files[i] = uintptr(s.writes.null)
		}
	}
	return &syscall.ProcAttr{Dir: o.dir, Env: o.env, Files: files, Sys: sys}
}

// begin opens the run to kill, and carries out one that came too early.
func (s *spawner) begin(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = id
	if s.killed == id {
		killAll()
	}
}

func (s *spawner) end() {
	s.mu.Lock()
	s.running = 0
	s.mu.Unlock()
}

// kill kills the processes of the run with this id, and of no other.
func (s *spawner) kill(id uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killed = id
	if s.running == id {
		killAll()
	}
	return nil
}

// killAll kills every process of the namespace but the supervisor. The kernel
// does so under the lock that a fork needs, so none escapes.
func killAll() { unix.Kill(-1, unix.SIGKILL) }

// killRest kills what the command left and reaps it. Every process of the
// namespace descends from the supervisor, so when there is no child left to
// wait for there is no process left either.
func killRest(answer *reply) {
	if unix.Kill(-1, unix.SIGKILL) != nil {
		return // ESRCH, the usual case: nothing was left
	}
	for {
		var usage unix.Rusage
		if _, err := reap(-1, &usage); err != nil {
			return // ECHILD
		}
		answer.add(&usage)
	}
}

// reap waits for a process, or for any with -1.
func reap(pid int, usage *unix.Rusage) (status syscall.WaitStatus, err error) {
	var raw unix.WaitStatus
	for {
		got, err := unix.Wait4(pid, &raw, unix.WALL, usage)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("wait4: %w", err)
		}
		if pid == -1 || got == pid {
			return syscall.WaitStatus(raw), nil
		}
	}
}

// add counts a reaped process and the children that it reaped itself. A
// process begins as a copy of the supervisor and has its peak memory as a
// floor, so what does not rise above that says nothing.
func (r *reply) add(u *unix.Rusage) {
	r.CPU += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	var own unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &own) == nil && u.Maxrss > own.Maxrss {
		r.MaxRSS = max(r.MaxRSS, u.Maxrss<<10)
	}
}

// threadTime is the CPU time of the calling thread.
func threadTime() time.Duration {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now) != nil {
		return 0
	}
	return time.Duration(now.Nano())
}
