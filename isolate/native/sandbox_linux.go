//go:build linux && (amd64 || arm64)

package native

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// Config says what a Sandbox may use.
type Config struct {
	// Workers is how many commands can run at once, 1 or more. Workers are
	// started when they are first needed.
	Workers int
}

// Sandbox is a pool of workers. It implements isolate.Sandbox.
type Sandbox struct {
	groups *cgroups
	cpus   []int         // processors that runs may use
	slots  chan struct{} // one for each command that may run at once

	mu      sync.Mutex
	idle    []*worker
	started int
	closed  bool
	ended   context.Context
	end     context.CancelFunc
}

var errClosed = errors.New("sandbox is closed")

// Open returns a sandbox, after having started one worker to see that this
// machine allows it. The error wraps isolate.ErrUnavailable if it does not.
func Open(cfg Config) (*Sandbox, error) {
	if cfg.Workers < 1 {
		return nil, fmt.Errorf("Workers: %d is not at least 1", cfg.Workers)
	}
	s := &Sandbox{groups: findCgroups(), cpus: allowedCPUs(), slots: make(chan struct{}, cfg.Workers)}
	s.ended, s.end = context.WithCancel(context.Background())
	w, err := s.start()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w%s", isolate.ErrUnavailable, err, advice()), s.Close())
	}
	s.idle = append(s.idle, w)
	return s, nil
}

// Capabilities says how strong the sandbox is here.
func (s *Sandbox) Capabilities() isolate.Capabilities {
	c := isolate.Capabilities{Backend: "native", Cgroup: s.groups.version}
	if s.groups.weak != "" {
		c.Weak = append(c.Weak, s.groups.weak)
		c.Gaps = []isolate.Gap{isolate.GapSampled, isolate.GapProcesses}
	}
	if limits := inherited(); limits != "" {
		c.Weak = append(c.Weak, limits)
	}
	if s.groups.polled {
		c.Gaps = []isolate.Gap{isolate.GapPeak}
	}
	return c
}

// Run runs cmd, waiting for a free worker first.
func (s *Sandbox) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if err := cmd.Validate(); err != nil {
		return isolate.Exit{}, err
	}
	if err := context.Cause(ctx); err != nil {
		return isolate.Exit{}, err
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return isolate.Exit{}, context.Cause(ctx)
	case <-s.ended.Done():
		return isolate.Exit{}, errClosed
	}
	w, err := s.take(cmd)
	if err != nil {
		return isolate.Exit{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.ended, func() { cancel(errClosed) })()
	exit, err := w.run(ctx, cmd)
	return exit, errors.Join(err, s.release(w))
}

// take returns an idle worker, the one that has least to change for cmd, or a
// new one.
func (s *Sandbox) take(cmd isolate.Cmd) (*worker, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errClosed
	}
	best := len(s.idle) - 1
	for i, w := range s.idle {
		if w.shows(cmd.Mounts) && (w.at(cmd.CPUs) || !s.idle[best].shows(cmd.Mounts)) {
			best = i
		}
	}
	if best < 0 {
		s.mu.Unlock()
		return s.start()
	}
	w := s.idle[best]
	s.idle = slices.Delete(s.idle, best, best+1)
	s.mu.Unlock()
	return w, nil
}

// release puts a worker back, or away if it is broken.
func (s *Sandbox) release(w *worker) error {
	s.mu.Lock()
	keep := !s.closed && !w.broken.Load()
	if keep {
		s.idle = append(s.idle, w)
	}
	s.mu.Unlock()
	if keep {
		return nil
	}
	return w.close()
}

// start starts a further worker.
func (s *Sandbox) start() (*worker, error) {
	s.mu.Lock()
	s.started++
	number := s.started
	s.mu.Unlock()
	return startWorker(s.groups, "worker"+strconv.Itoa(number), newIdentity(number), s.cpus)
}

// Close implements isolate.Sandbox. Commands under way are killed, and their
// Run returns an error.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	s.end()
	var errs []error
	for _, w := range idle {
		errs = append(errs, w.close())
	}
	for range cap(s.slots) {
		s.slots <- struct{}{} // every Run has returned
	}
	return errors.Join(append(errs, s.groups.close())...)
}

// Host users that own nothing, from the range that systemd documents as unused
// (uids-gids.md), and a fallback for containers that map fewer users.
const (
	firstUser         = 1879048192
	firstUserFallback = 59000
)

// newIdentity returns users for a worker, so that no two workers of two
// processes of evalx share one where enough users are mapped.
func newIdentity(number int) identity {
	if os.Geteuid() != 0 || !capable(unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_SETFCAP) {
		return identity{rootless: true, opens: true, supervisor: os.Geteuid(), program: os.Geteuid()}
	}
	base := firstUser + 2*(os.Getpid()%(1<<16)<<8+number%(1<<8))
	if !mapped(firstUser + 1<<26) {
		base = firstUserFallback + 2*(number%400)
	}
	if !capable(unix.CAP_SYS_ADMIN) {
		// Root of a container. The supervisor sees what evalx sees only as the same user.
		return identity{opens: true, supervisor: 0, program: base + 1}
	}
	return identity{supervisor: base, program: base + 1}
}

// capable tells whether this process has all of these capabilities.
func capable(wanted ...int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return false
	}
	return !slices.ContainsFunc(wanted, func(c int) bool { return data[c/32].Effective&(1<<(c%32)) == 0 })
}

// mapped tells whether the user exists in this process's user namespace.
func mapped(uid int) bool {
	data, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		var inside, outside, size int
		if n, _ := fmt.Sscan(line, &inside, &outside, &size); n == 3 && uid >= inside && uid-inside < size {
			return true
		}
	}
	return false
}
