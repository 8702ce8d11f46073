//go:build linux && (amd64 || arm64)

package native

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/collect"
	"golang.org/x/sys/unix"
)

// How long a supervisor may take before it is given up: to answer a request,
// which may be to copy a large file, and to see the processes of a run dead
// that it has killed.
const (
	answerPatience = time.Minute
	killPatience   = 5 * time.Second
)

// worker is evalx's side of one supervisor. It runs one command at a time.
type worker struct {
	process *os.Process
	control *link
	runs    *link
	mu      sync.Mutex // one control request at a time
	meter   meter
	stderr  *os.File          // the supervisor's own
	opens   bool              // the supervisor opens mounts itself
	mounts  map[string]string // source by target, as the supervisor has them
	rlimits [4]rlimit         // as the supervisor has them
	space   space
	any     []int // processors of a run that does not name any
	cpus    []int // processors of the last run
	fresh   bool  // the writable folders are as new
	lastRun uint64
	broken  atomic.Bool
}

// startWorker starts a supervisor and waits until it is ready.
func startWorker(groups *cgroups, name string, id identity, cpus []int) (w *worker, err error) {
	w = &worker{opens: id.opens, mounts: map[string]string{}, any: cpus}
	defer func(begun *worker) { // returning nil, err sets w
		if err != nil {
			begun.close()
		}
	}(w)
	var tasks []int
	if groups.version != "" {
		if w.meter, err = groups.newMeter(name, id.supervisor); err != nil {
			return nil, fmt.Errorf("make cgroup: %w", err)
		}
	} else {
		w.meter = &sampler{ask: w.sample}
	}
	if m, ok := w.meter.(*meter1); ok {
		if tasks, err = m.tasks(); err != nil {
			return nil, err
		}
		defer closeAll(tasks)
	}
	if err := w.spawn(id); err != nil {
		return nil, err
	}
	if _, err = w.ask(&request{Op: opSetup, Setup: &setup{Rootless: id.rootless, Opens: id.opens, Shares: groups.schedules()}}, tasks...); err != nil {
		return nil, err
	}
	if m, ok := w.meter.(*meter2); ok {
		err = m.settle(w.process.Pid)
	}
	return w, err
}

// ask sends a control request and waits for its reply.
func (w *worker) ask(req *request, fds ...int) (reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var answer reply
	if err := w.control.send(req, fds...); err != nil {
		return answer, w.lost(err)
	}
	if ready, err := waitReadable(w.control.fd, answerPatience); err != nil || !ready {
		return answer, w.lost(errors.Join(err, fmt.Errorf("no answer to %s", req.Op)))
	}
	if _, err := w.control.receive(&answer); err != nil {
		return answer, w.lost(err)
	}
	if answer.Error != "" {
		return answer, errors.New(answer.Error)
	}
	return answer, nil
}

func (w *worker) sample(limit int64) (reply, error) {
	return w.ask(&request{Op: opUsage, Run: w.lastRun, Memory: limit})
}

// lost marks the worker as unusable and says what it last said.
func (w *worker) lost(err error) error {
	w.broken.Store(true)
	said := make([]byte, 4096)
	n, _ := w.stderr.ReadAt(said, 0)
	if text := strings.TrimSpace(string(said[:n])); text != "" {
		return fmt.Errorf("sandbox supervisor failed: %w: %s", err, text)
	}
	if errors.Is(err, io.EOF) {
		w.process.Kill() // it is ending already; its state stays what it is
		state, _ := w.process.Wait()
		return fmt.Errorf("sandbox supervisor ended unexpectedly (%v)", state)
	}
	return fmt.Errorf("sandbox supervisor failed: %w", err)
}

// run runs one command.
func (w *worker) run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if err := w.prepare(cmd); err != nil {
		return isolate.Exit{}, err
	}
	std, err := openStdio(cmd)
	defer std.close()
	if err != nil {
		return isolate.Exit{}, err
	}
	err = w.start(cmd, std.fds)
	runtime.KeepAlive(cmd) // its files are open for as long as they can be reached
	if err != nil {
		return isolate.Exit{}, err
	}
	cmd.Follow.TellGiven()
	exit, err := w.await(ctx, cmd, std)
	return exit, errors.Join(err, std.deliver())
}

// start asks the supervisor to run cmd with these standard files, -1 for none.
func (w *worker) start(cmd isolate.Cmd, stdio [3]int) error {
	w.lastRun++
	o := order{
		run: w.lastRun, args: cmd.Args, env: cmd.Env,
		dir: cmp.Or(cmd.Dir, isolate.WorkDir), box: cmd.Collect != nil, waited: cmd.Follow != nil,
	}
	fds := make([]int, 0, 4)
	for i, fd := range stdio {
		if fd >= 0 {
			o.stdio[i] = true
			fds = append(fds, fd)
		}
	}
	group, err := w.meter.start(cmd.Limits)
	if err != nil {
		return err
	}
	if group >= 0 {
		o.cgroup = true
		fds = append(fds, group)
	}
	w.fresh = false
	if err := w.runs.sendBytes(o.encode(), fds); err != nil {
		return w.lost(err)
	}
	return nil
}

// await watches over the run, takes its result, and collects files.
func (w *worker) await(ctx context.Context, cmd isolate.Cmd, std stdio) (isolate.Exit, error) {
	stop := context.AfterFunc(ctx, w.kill)
	defer stop()
	defer w.killOn(cmd.Follow.Stopped())()
	watch := newWatch(cmd, len(w.cpus), w.meter, std)
	defer watch.abandon()
	cmd.Follow.TellBegan(func() time.Duration { return watch.busy(w) })
	if err := watch.wait(w); err != nil {
		return w.mourn(watch, err)
	}
	answer, fds, err := w.result()
	defer closeAll(fds)
	if err != nil {
		return w.mourn(watch, w.lost(err))
	}
	cmd.Follow.TellEnded()
	used, err := watch.finish(&answer)
	if err := errors.Join(context.Cause(ctx), err); err != nil {
		return isolate.Exit{}, err
	}
	if answer.Error != "" {
		return isolate.Exit{}, startError(cmd, answer)
	}
	exit := watch.judge(answer, used, std.tooLong(cmd.Limits.Output))
	if cmd.Collect != nil && len(fds) == 1 {
		space := spaceOf(cmd.Limits)
		err = collect.Files(fds[0], cmd.Collect, space.Bytes, space.Inodes)
	}
	if errors.Is(err, collect.ErrTooMuch) {
		exit.Status, err = isolate.OutputLimit, nil
	}
	return exit, err
}

// result takes the reply to an order.
func (w *worker) result() (reply, []int, error) {
	data, fds, err := w.runs.receiveBytes()
	if err != nil {
		return reply{}, nil, err
	}
	answer, err := decodeReply(data)
	w.fresh = answer.Untouched
	return answer, fds, err
}

// startError says why a command did not start. The disk that its program lies
// on may be what is behind one that may not be executed although it is
// executable.
func startError(cmd isolate.Cmd, r reply) error {
	for _, m := range cmd.Mounts {
		var stat unix.Statfs_t
		if r.Errno == unix.EACCES && unix.Statfs(m.Source, &stat) == nil && stat.Flags&unix.ST_NOEXEC != 0 {
			return fmt.Errorf("start %s in the sandbox: %w (%s is on a disk mounted noexec: set TMPDIR to a folder on another one)",
				cmd.Args[0], r.Errno, m.Source)
		}
	}
	if r.Errno == 0 || r.Errno == unix.EAGAIN {
		return fmt.Errorf("start %s in the sandbox: %s", cmd.Args[0], r.Error)
	}
	return &isolate.StartError{Program: cmd.Args[0], Errno: r.Errno}
}

// mourn gives the supervisor up, and finds out whether the program is to
// blame. It is if it was being killed for breaking a limit, and has so many
// processes that a busy machine takes too long to end them. It is, too, if it
// had used up its memory: on cgroup v1 the spawner thread is in the run's
// cgroup, and when the memory there is charged to files and sockets rather
// than to processes, the kernel may choose to kill the supervisor. Any other
// end is the sandbox's failure.
func (w *worker) mourn(watch *watch, lost error) (isolate.Exit, error) {
	w.process.Kill()
	w.process.Wait() // returns when every process of the namespace is dead
	watch.follow.TellEnded()
	used, err := watch.finish(&reply{})
	status := watch.killed
	if status == 0 && used.oom {
		status = isolate.MemoryLimit
	}
	if err != nil || status == 0 {
		return isolate.Exit{}, errors.Join(lost, err)
	}
	return isolate.Exit{
		Status: status, Signal: syscall.SIGKILL,
		CPU: used.cpu, Wall: time.Since(watch.start), Memory: used.memory,
	}, nil
}

// killOn kills what runs now as soon as stop is closed, until the function that
// it returns is called.
func (w *worker) killOn(stop <-chan struct{}) func() {
	if stop == nil {
		return func() {}
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-stop:
			w.kill()
		case <-over:
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}

// kill kills what runs now. It comes from other goroutines.
func (w *worker) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	// If this fails the worker is lost, which await notices.
	_ = w.control.send(&request{Op: opKill, Run: w.lastRun})
}

// close ends the supervisor, and with it every process of its namespace.
func (w *worker) close() error {
	w.broken.Store(true)
	if w.process != nil {
		w.process.Kill()
		w.process.Wait()
	}
	for _, l := range []*link{w.control, w.runs} {
		if l != nil {
			unix.Close(l.fd)
		}
	}
	if w.stderr != nil {
		w.stderr.Close()
	}
	if w.meter != nil {
		return w.meter.close()
	}
	return nil
}
