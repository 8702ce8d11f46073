//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// watch enforces the limits of one run that the kernel does not enforce.
type watch struct {
	limits  isolate.Limits
	follow  *isolate.Follow
	excused time.Duration // as Follow last said
	cpus    int           // how many processors it has
	std     stdio
	start   time.Time
	killed  isolate.Status // why it was killed; 0 if it was not
	killAt  time.Time
	waited  time.Duration // how long a run that came to its wall limit had waited for processors
	sampled bool          // the meter must be read often, for it forgets

	mu    sync.Mutex // one look at the meter at a time: whoever follows the run looks, too
	meter meter
	cpu   time.Duration // as last read
	stood time.Duration // how long it has waited for processors, as last read
	over  bool          // meter and worker are another run's business now
}

// Shortest and longest time between two looks at a run.
const (
	soonest   = time.Millisecond
	sampleGap = 5 * time.Millisecond
	outputGap = 100 * time.Millisecond // not every program ends that may write no more
	latest    = time.Hour
)

func newWatch(cmd isolate.Cmd, cpus int, m meter, std stdio) *watch {
	_, sampled := m.(*sampler)
	m2, ok := m.(*meter2)
	return &watch{
		limits: cmd.Limits, follow: cmd.Follow, cpus: cpus, meter: m, std: std, start: time.Now(),
		sampled: sampled || ok && m2.leaf.polled,
	}
}

// read reads the meter while the run is under way.
func (w *watch) read() (usage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	used, err := w.meter.read()
	if err == nil {
		w.cpu = used.cpu
	}
	return used, err
}

// finish reads the meter for the last time.
func (w *watch) finish(r *reply) (usage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	used, err := w.meter.finish(r)
	w.cpu, w.stood, w.over = max(w.cpu, used.cpu), max(w.stood, r.Waited), true
	return used, err
}

// busy is for whoever follows the run, now or later.
func (w *watch) busy(worker *worker) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return w.cpu + w.stood
	}
	// Errors come up again.
	if used, err := w.meter.read(); err == nil {
		w.cpu = max(w.cpu, used.cpu)
	}
	if answer, err := worker.ask(&request{Op: opWaited}); err == nil {
		w.stood = max(w.stood, answer.Waited)
	}
	return w.cpu + w.stood
}

// abandon keeps whoever follows the run from what is no longer its meter.
func (w *watch) abandon() {
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
}

// wallLeft is how much wall time is left. What is excused is asked for only
// when it matters: that costs something, and of a program that is measured.
func (w *watch) wallLeft(passed time.Duration) time.Duration {
	if left := w.limits.Wall + w.excused - passed; left > 0 {
		return left
	}
	w.excused = w.follow.AskExcused()
	return w.limits.Wall + w.excused - passed
}

// wait returns when the worker has a reply, having killed the run if it broke
// a limit. An error means that the worker is lost.
func (w *watch) wait(worker *worker) error {
	for {
		pause, err := w.next()
		if err != nil {
			return worker.lost(err)
		}
		if pause <= 0 {
			// evalx itself may have been stopped or starved, and the run over long ago.
			if over, err := waitReadable(worker.runs.fd, 0); err == nil && over {
				w.killed = 0
				return nil
			}
			if w.killed == isolate.WallLimit {
				answer, _ := worker.ask(&request{Op: opWaited}) // an error comes up again
				w.waited = answer.Waited
			}
			worker.kill()
			w.killAt = time.Now()
			continue
		}
		ready, err := waitReadable(worker.runs.fd, pause)
		if err != nil {
			return worker.lost(err)
		}
		if ready {
			return nil
		}
		if w.killed != 0 && time.Since(w.killAt) > killPatience {
			return worker.lost(errors.New("processes do not die"))
		}
	}
}

// next decides how long the run may go on unwatched, 0 if it must be killed.
func (w *watch) next() (time.Duration, error) {
	if w.killed != 0 {
		return killPatience, nil
	}
	if w.std.tooLong(w.limits.Output) {
		w.killed = isolate.OutputLimit
		return 0, nil
	}
	pause := latest
	if w.limits.Output > 0 && w.std.replaced() {
		pause = outputGap
	}
	if w.limits.Wall > 0 {
		pause = min(pause, w.wallLeft(time.Since(w.start)))
		if pause <= 0 {
			w.killed = isolate.WallLimit
			return 0, nil
		}
	}
	if w.sampled {
		pause = min(pause, sampleGap)
	}
	if w.limits.CPU <= 0 && !w.sampled {
		return pause, nil
	}
	used, err := w.read()
	if err != nil {
		return 0, err
	}
	if w.killed = w.broken(used); w.killed != 0 {
		return 0, nil
	}
	if w.limits.CPU > 0 {
		// It can use up what is left no sooner than on all its processors at once.
		left := (w.limits.CPU - used.cpu) / time.Duration(w.cpus)
		pause = min(pause, max(left, soonest))
	}
	return pause, nil
}

// broken tells which limit the run is beyond, of those that must be looked at.
func (w *watch) broken(used usage) isolate.Status {
	switch {
	case used.oom:
		return isolate.MemoryLimit
	case w.limits.CPU > 0 && used.cpu > w.limits.CPU:
		return isolate.TimeLimit
	}
	return 0
}

// judge makes the exit of what the supervisor saw and the meter measured, in
// the order of precedence of isolate.Status.
func (w *watch) judge(r reply, used usage, tooLong bool) isolate.Exit {
	exit := isolate.Exit{CPU: used.cpu, Wall: r.Wall, Memory: used.memory, Status: isolate.Exited}
	if r.Status.Signaled() {
		exit.Status, exit.Signal = isolate.Signaled, r.Status.Signal()
	} else {
		exit.Code = r.Status.ExitStatus()
	}
	switch {
	case used.oom:
		exit.Status = isolate.MemoryLimit
	case w.killed == isolate.OutputLimit || tooLong || exit.Signal == syscall.SIGXFSZ:
		exit.Status = isolate.OutputLimit
	case w.killed == isolate.TimeLimit || w.limits.CPU > 0 && used.cpu > w.limits.CPU:
		exit.Status = isolate.TimeLimit
	case w.killed == isolate.WallLimit || w.limits.Wall > 0 && w.wallLeft(r.Wall) < 0:
		exit.Status, exit.Waited = isolate.WallLimit, w.waited
		exit.Wall = max(exit.Wall, w.killAt.Sub(w.start)) // the start itself took some of it
	}
	return exit
}

// waitReadable waits until fd has something to read, or its other end is gone.
func waitReadable(fd int, limit time.Duration) (bool, error) {
	deadline := time.Now().Add(limit)
	for {
		timeout := unix.NsecToTimespec(int64(max(0, time.Until(deadline))))
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Ppoll(fds, &timeout, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("poll: %w", err)
		}
		return n > 0, nil
	}
}
