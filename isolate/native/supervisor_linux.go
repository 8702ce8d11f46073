//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// initName is argv[0] of a supervisor, by which Main knows it.
const initName = "evalx-sandbox-init"

// The descriptors that a supervisor is started with.
const (
	controlFD = 3
	runFD     = 4
)

// setup tells a supervisor what it needs to know about evalx's own situation.
type setup struct {
	Rootless bool // one user is mapped
	Opens    bool // the supervisor opens mounts itself
	Shares   bool // runs are in cgroups that share the processors out
}

// supervisor is the state of the process inside the sandbox.
type supervisor struct {
	control *link
	setup   setup
	host    *hostView // nil unless it opens mounts itself
	spawner *spawner
	writes  *writable
	sampler procSampler
}

// Main takes the process over when it was started as a sandbox's supervisor,
// and returns at once otherwise. It must be the first thing that main does,
// and TestMain in packages whose tests open sandboxes.
func Main() {
	if len(os.Args) != 1 || os.Args[0] != initName {
		return
	}
	// Nothing that evalx, or whoever started it, had open may reach a program,
	// least of all the sockets that command the supervisor.
	if err := unix.CloseRange(controlFD, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		fmt.Fprintf(os.Stderr, "close_range (needs Linux 5.11): %v\n", err)
		os.Exit(1)
	}
	s := &supervisor{control: newLink(controlFD)}
	if err := ignoreSignals(); err != nil {
		fmt.Fprintf(os.Stderr, "sandbox supervisor: %v\n", err)
		os.Exit(1)
	}
	if err := s.serve(); err != nil && !errors.Is(err, io.EOF) {
		fmt.Fprintf(os.Stderr, "sandbox supervisor: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve answers control requests until evalx closes the socket.
func (s *supervisor) serve() error {
	for {
		var req request
		fds, err := s.control.receive(&req)
		if err != nil {
			return err
		}
		answer, err := s.handle(&req, fds)
		closeAll(fds)
		if req.Op == opKill {
			continue
		}
		if err != nil {
			answer.Error = err.Error()
		}
		if err := s.control.send(answer); err != nil {
			return err
		}
	}
}

func (s *supervisor) handle(req *request, fds []int) (reply, error) {
	switch req.Op {
	case opSetup:
		return reply{}, s.start(req.Setup, fds)
	case opMount:
		return reply{}, s.mount(req, fds)
	case opUnmount:
		return reply{}, unmount(string(req.Path))
	case opPin:
		return reply{}, s.spawner.pin(req.CPUs)
	case opLimits:
		return reply{}, s.setRlimits(req.Rlimits)
	case opFile:
		return reply{}, s.writes.put(string(req.Path), req.Mode, fds)
	case opFresh:
		return reply{}, s.writes.refresh(*req.Space)
	case opKill:
		return reply{}, s.spawner.kill(req.Run)
	case opUsage:
		return s.sampler.sample(req.Run, req.Memory)
	case opWaited:
		return waited()
	}
	return reply{}, fmt.Errorf("unknown request %q", req.Op)
}

// start builds the sandbox. The order matters:
//   - the host's view is kept on a thread of its own before the root changes;
//   - /proc is mounted while the old /proc is still visible, which the kernel
//     demands of a user namespace;
//   - the counter of processes is opened, and the spawner's thread gets a
//     cgroup namespace, before namespaces are denied, and they are denied
//     through /proc/sys before /proc becomes read-only.
func (s *supervisor) start(set *setup, fds []int) (err error) {
	s.setup = *set
	if s.setup.Opens {
		if s.host, err = keepHostView(); err != nil {
			return err
		}
	}
	if err := buildRoot(); err != nil {
		return err
	}
	if err := boundPrograms(); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte("evalx")); err != nil {
		return fmt.Errorf("sethostname: %w", err)
	}
	if s.writes, err = newWritable(s.setup.Rootless); err != nil {
		return err
	}
	// Nobody of the same user may look into the supervisor.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("prctl(PR_SET_DUMPABLE): %w", err)
	}
	warmThreads()
	counter, err := openPIDs()
	if err != nil {
		return err
	}
	if s.spawner, err = startSpawner(s.setup, s.writes, counter, fds); err != nil {
		return err
	}
	if err := denyNamespaces(); err != nil {
		return err
	}
	slowMonitor(s.spawner.thread)
	return sealRoot()
}

// boundPrograms sets the limits that are the same for every run, so that it
// does not matter what whoever started evalx may do.
//
// RLIMIT_CORE is 1, not 0: a pattern in core_pattern(5) that begins with | has
// the kernel start a program of the host's root and hand it the memory of the
// one that died, whatever the limit, except for just this one, see core(5).
// Signals that wait are counted for the user, who without root is one's own.
func boundPrograms() error {
	for _, l := range []rlimit{
		{unix.RLIMIT_CORE, 1}, {unix.RLIMIT_RTPRIO, 0}, {unix.RLIMIT_NICE, 0},
		{unix.RLIMIT_MSGQUEUE, 0}, {unix.RLIMIT_SIGPENDING, maxSignals},
	} {
		if err := setSoftLimit(l); err != nil {
			return err
		}
	}
	return nil
}

// maxSignals is how many signals and timers may wait at one time.
const maxSignals = 4096

// warmThreads makes the run-time create the threads that it may need later,
// when a hostile program may have used up all that may exist.
func warmThreads() {
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			runtime.LockOSThread() // so that each one needs a thread of its own
			defer runtime.UnlockOSThread()
			pause := unix.NsecToTimespec(int64(2 * time.Millisecond))
			unix.Nanosleep(&pause, nil)
		}()
	}
	wg.Wait()
}

// setRlimits sets limits that programs are going to inherit. Only the soft
// limits move, or they could not be raised again; the seccomp policy keeps
// programs from raising them. The number of processes is left to the spawner,
// for the supervisor must always be able to start a thread.
func (s *supervisor) setRlimits(limits []rlimit) error {
	for _, l := range limits {
		if l.Resource == unix.RLIMIT_NPROC {
			s.spawner.processes.Store(l.Value)
			continue
		}
		if err := setSoftLimit(l); err != nil {
			return err
		}
	}
	return nil
}

func setSoftLimit(l rlimit) error {
	var have unix.Rlimit
	if err := unix.Getrlimit(l.Resource, &have); err != nil {
		return fmt.Errorf("getrlimit(%d): %w", l.Resource, err)
	}
	have.Cur = min(l.Value, have.Max)
	if err := unix.Setrlimit(l.Resource, &have); err != nil {
		return fmt.Errorf("setrlimit(%d): %w", l.Resource, err)
	}
	return nil
}
