package ioi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/evalx/evalx/isolate"
)

// Sandbox is a pool of boxes. It implements isolate.Sandbox.
type Sandbox struct {
	cfg   Config
	tool  tool
	locks string // folder of the lock files
	temp  string // our own folder
	view  *view
	caps  isolate.Capabilities
	slots chan struct{} // one for each command that may run at once
	ended context.Context
	end   context.CancelFunc

	mu     sync.Mutex
	idle   []*box
	closed bool
}

var errClosed = errors.New("sandbox is closed")

// Open returns a sandbox, after having run a program in it to see that this
// machine allows it: with a cgroup, or if that does not work without one. The
// error wraps isolate.ErrUnavailable if neither does. It also cleans up what
// an evalx left that died.
func Open(cfg Config) (*Sandbox, error) {
	if cfg.Workers < 1 {
		return nil, fmt.Errorf("Workers: %d is not at least 1", cfg.Workers)
	}
	t, err := findTool(cfg.Path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", isolate.ErrUnavailable, err)
	}
	if err := raiseOpenFiles(); err != nil {
		return nil, err
	}
	s := &Sandbox{cfg: cfg, tool: t, locks: lockDir(), slots: make(chan struct{}, cfg.Workers)}
	if s.temp, err = os.MkdirTemp(cfg.Temp, "isolate-"); err != nil {
		return nil, fmt.Errorf("make a folder for the sandbox: %w", err)
	}
	s.ended, s.end = context.WithCancel(context.Background())
	s.sweepAll()
	if err := s.try(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", isolate.ErrUnavailable, err), s.Close())
	}
	return s, nil
}

// raiseOpenFiles lets isolate have as many open files as it may: it needs one
// for each level of the trees that programs leave. The Go runtime gives
// programs that it starts the lower limit that it was started with, unless the
// limit was set explicitly.
func raiseOpenFiles() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("getrlimit: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("setrlimit: %w", err)
	}
	return nil
}

// try settles whether --cg works here.
func (s *Sandbox) try() error {
	var why error
	if !s.cfg.NoCgroup {
		if why = s.tryWith(true); why == nil {
			return nil
		}
	}
	if err := s.tryWith(false); err != nil {
		return err
	}
	weak := "no cgroup: memory, and CPU time of children, are sampled; a program can use more for a moment, and memory of the kernel's is not counted"
	if why != nil {
		weak = fmt.Sprintf("no cgroup (%v): memory, and CPU time of children, are sampled", why)
	}
	s.caps.Weak = append(s.caps.Weak, weak)
	return nil
}

// tryWith runs one program with or without a cgroup.
func (s *Sandbox) tryWith(cg bool) error {
	s.tool.cg = cg
	var err error
	if s.view, err = newView(filepath.Join(s.temp, fmt.Sprint("cg-", cg)), cg); err != nil {
		return err
	}
	b, err := s.acquire()
	if err != nil {
		return err
	}
	m, err := s.trial(b)
	if err != nil {
		return errors.Join(err, s.drop(b))
	}
	s.caps = s.capable(m)
	s.idle = append(s.idle, b)
	return nil
}

// trial runs a program that does nothing.
func (s *Sandbox) trial(b *box) (meta, error) {
	r := run{s: s, box: b, cmd: isolate.Cmd{Args: []string{"/bin/sh", "-c", ":"}}}
	if err := r.prepare(); err != nil {
		return meta{}, err
	}
	m, _, err := r.start(s.ended)
	if err == nil && (!m.exited || m.code != 0) {
		err = fmt.Errorf("isolate cannot run /bin/sh: %s", m.message)
	}
	return m, errors.Join(err, s.cleanup(b))
}

// capable says what the sandbox can do, given what a run reported.
func (s *Sandbox) capable(m meta) isolate.Capabilities {
	// isolate 1 filters no system calls, isolate 2 few; the capability bounding
	// set stays full, and only isolate 2 sets no_new_privs.
	c := isolate.Capabilities{Backend: "isolate", Gaps: []isolate.Gap{isolate.GapHardening}}
	if s.tool.cg {
		c.Cgroup = fmt.Sprint("v", s.tool.major) // isolate 1 knows v1 only, isolate 2 v2 only
	} else {
		c.Gaps = append(c.Gaps, isolate.GapSampled)
		if os.Geteuid() != 0 {
			c.Gaps = append(c.Gaps, isolate.GapShared) // see sharedOut
		}
	}
	if s.tool.cg && m.cgMemory == 0 {
		c.Gaps = append(c.Gaps, isolate.GapPeak)
		c.Weak = append(c.Weak, "this kernel does not report the peak memory of a cgroup: that of the largest process is given (it needs Linux 5.19)")
	}
	c.Gaps = append(c.Gaps, isolate.GapDisk)
	if s.view.hostDev {
		c.Gaps = append(c.Gaps, isolate.GapDevices)
	}
	c.Gaps = append(c.Gaps, isolate.GapPinning)
	return c
}

// Capabilities says how strong the sandbox is here.
func (s *Sandbox) Capabilities() isolate.Capabilities { return s.caps }

// Run runs cmd, waiting for a free box first.
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
	b, err := s.take()
	if err != nil {
		return isolate.Exit{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.ended, func() { cancel(errClosed) })()
	r := run{s: s, box: b, cmd: cmd}
	exit, err := r.do(ctx)
	return exit, errors.Join(err, s.release(b))
}

// take returns an idle box or a new one.
func (s *Sandbox) take() (*box, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errClosed
	}
	if n := len(s.idle); n > 0 {
		b := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return b, nil
	}
	s.mu.Unlock()
	return s.acquire()
}

// release puts a box back, empty. One that cannot be emptied is given up: it
// stays noted in its lock file.
func (s *Sandbox) release(b *box) error {
	if err := s.cleanup(b); err != nil {
		b.lock.release(false)
		return err
	}
	s.mu.Lock()
	keep := !s.closed
	if keep {
		s.idle = append(s.idle, b)
	}
	s.mu.Unlock()
	if !keep {
		b.lock.release(true)
	}
	return nil
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
	for _, b := range idle {
		errs = append(errs, s.drop(b))
	}
	for range cap(s.slots) {
		s.slots <- struct{}{} // every Run has returned
	}
	return errors.Join(append(errs, os.RemoveAll(s.temp))...)
}
