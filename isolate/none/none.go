// Package none runs commands with no isolation at all: as plain processes of
// the user, in a temporary folder. It exists for machines and people that
// want evalx's engine and trust what they run. Limits hold for the first
// process, and for the rest of its process group only as a whole when it
// ends; a program that means harm escapes every one of them.
package none

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
)

// Sandbox implements isolate.Sandbox without isolation.
type Sandbox struct {
	root string
	runs sync.WaitGroup
	done context.Context // of the sandbox; cancelled by Close
	end  context.CancelFunc
}

// Open makes a Sandbox that keeps its working folders in a new folder below
// temp. Close removes it.
func Open(temp string) (*Sandbox, error) {
	root, err := os.MkdirTemp(temp, "none-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for runs: %w", err)
	}
	s := &Sandbox{root: root}
	s.done, s.end = context.WithCancel(context.Background())
	return s, nil
}

// Capabilities says that everything is weak.
func (s *Sandbox) Capabilities() isolate.Capabilities {
	return isolate.Capabilities{Backend: "none", Gaps: []isolate.Gap{
		isolate.GapView, isolate.GapNetwork, isolate.GapHardening, isolate.GapLeftovers, isolate.GapTree, isolate.GapSampled,
		isolate.GapProcesses, isolate.GapOpenFiles, isolate.GapDisk, isolate.GapOutput, isolate.GapDevices, isolate.GapPinning,
	}, Weak: []string{
		"no isolation: programs run with all rights of the user; use --sandbox=native for code that you do not trust",
		"limits are watched by sampling the first process, and a background process escapes them",
	}}
}

// Close kills what runs and removes the working folders.
func (s *Sandbox) Close() error {
	s.end()
	s.runs.Wait()
	return os.RemoveAll(s.root)
}

var errClosed = errors.New("sandbox is closed")

// Run runs cmd in a fresh folder. The paths isolate.WorkDir and the targets of
// mounts do not exist: they are replaced in Args and Env by the folders of
// the host that they stand for. Disk, Inodes, Processes and OpenFiles are
// ignored.
func (s *Sandbox) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if err := cmd.Validate(); err != nil {
		return isolate.Exit{}, err
	}
	s.runs.Add(1)
	defer s.runs.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.done, func() { cancel(errClosed) })()
	if err := cmp.Or(s.done.Err(), ctx.Err()); err != nil {
		return isolate.Exit{}, err
	}
	box, err := os.MkdirTemp(s.root, "box-*")
	if err != nil {
		return isolate.Exit{}, fmt.Errorf("make the working folder: %w", err)
	}
	defer removeAll(box)
	if err := copyIn(box, cmd.Files); err != nil {
		return isolate.Exit{}, err
	}
	exit, err := start(ctx, cmd, box)
	if err != nil || cmd.Collect == nil {
		return exit, err
	}
	return exit, collect(box, cmd.Collect)
}

// start runs the process of cmd in the folder box to its end.
func start(ctx context.Context, cmd isolate.Cmd, box string) (isolate.Exit, error) {
	paths := newMapper(cmd.Mounts, box)
	args := paths.all(cmd.Args)
	proc := &exec.Cmd{
		Path: args[0], Args: args, Dir: paths.one(cmp.Or(cmd.Dir, isolate.WorkDir)), Env: paths.all(cmd.Env),
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	// A nil *os.File in an interface is not nil, hence the conditions.
	if cmd.Stdin != nil {
		proc.Stdin = cmd.Stdin
	}
	if cmd.Stdout != nil {
		proc.Stdout = cmd.Stdout
	}
	if cmd.Stderr != nil {
		proc.Stderr = cmd.Stderr
	}
	// The thread that starts the process must live until its end.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	dieTogether(proc.SysProcAttr)
	begin := time.Now()
	if err := proc.Start(); err != nil {
		var errno syscall.Errno
		if errors.As(err, &errno) && errno != syscall.EAGAIN {
			return isolate.Exit{}, &isolate.StartError{Program: cmd.Args[0], Errno: errno}
		}
		return isolate.Exit{}, fmt.Errorf("start %s: %w", cmd.Args[0], err)
	}
	limitProcess(proc.Process.Pid, cmd.Limits)
	live := &live{pid: proc.Process.Pid}
	cmd.Follow.TellBegan(live.busy)
	cmd.Follow.TellGiven()
	broken := supervise(ctx, proc, cmd, live)
	exit := describe(proc.ProcessState, time.Since(begin), cmd, broken)
	live.end(exit.CPU)
	cmd.Follow.TellEnded()
	return exit, context.Cause(ctx)
}

// supervise waits for the process, kills it when it breaks a limit or ctx is
// done, and returns the limit that it broke, or 0.
func supervise(ctx context.Context, proc *exec.Cmd, cmd isolate.Cmd, live *live) isolate.Status {
	done := make(chan struct{})
	begin := time.Now()
	go func() {
		proc.Wait() // the state in proc says all that its error could
		live.end(0) // its number may be another's from now on
		close(done)
	}()
	// The group is killed once more after the first process is reaped, for
	// what it left behind: its id cannot be reused while a member lives.
	kill := func() { syscall.Kill(-proc.Process.Pid, syscall.SIGKILL) }
	defer kill()
	var wall <-chan time.Time
	if cmd.Limits.Wall > 0 {
		timer := time.NewTimer(cmd.Limits.Wall)
		defer timer.Stop()
		wall = timer.C
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var broken isolate.Status
	stop := cmd.Follow.Stopped()
	for {
		select {
		case <-done:
			return broken
		case <-stop:
			stop = nil
			kill()
		case <-ctx.Done():
			kill()
			<-done
			return broken
		case <-wall:
			if left := cmd.Limits.Wall + cmd.Follow.AskExcused() - time.Since(begin); left > 0 {
				wall = time.After(left)
				continue
			}
			broken = isolate.WallLimit
			kill()
		case <-tick.C:
			if cmd.Follow != nil {
				live.busy() // the last look counts when it is dead
			}
			if broken == 0 {
				if broken = sample(proc.Process.Pid, cmd); broken != 0 {
					kill()
				}
			}
		}
	}
}

// sample returns the limit that the process breaks at this moment, or 0.
func sample(pid int, cmd isolate.Cmd) isolate.Status {
	cpu, memory := usage(pid)
	switch l := cmd.Limits; {
	case l.Memory > 0 && memory > l.Memory:
		return isolate.MemoryLimit
	case tooLong(cmd):
		return isolate.OutputLimit
	case l.CPU > 0 && cpu > l.CPU:
		return isolate.TimeLimit
	}
	return 0
}

func tooLong(cmd isolate.Cmd) bool {
	for _, f := range []*os.File{cmd.Stdout, cmd.Stderr} {
		if f == nil || cmd.Limits.Output == 0 {
			continue
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > cmd.Limits.Output {
			return true
		}
	}
	return false
}

// describe turns the end of a process into an Exit. The limits are looked at
// again, since the process may have ended between two samples.
func describe(state *os.ProcessState, wall time.Duration, cmd isolate.Cmd, broken isolate.Status) isolate.Exit {
	status := state.Sys().(syscall.WaitStatus)
	exit := isolate.Exit{
		Code: status.ExitStatus(), CPU: state.UserTime() + state.SystemTime(), Wall: wall,
		Memory: peak(state.SysUsage().(*syscall.Rusage)),
	}
	if status.Signaled() {
		exit.Code, exit.Signal = 0, status.Signal()
	}
	limits := cmd.Limits
	switch {
	case broken == isolate.MemoryLimit, limits.Memory > 0 && exit.Memory > limits.Memory:
		exit.Status = isolate.MemoryLimit
	case broken == isolate.OutputLimit, exit.Signal == syscall.SIGXFSZ, tooLong(cmd):
		exit.Status = isolate.OutputLimit
	case broken == isolate.TimeLimit, limits.CPU > 0 && exit.CPU > limits.CPU:
		exit.Status = isolate.TimeLimit
	case broken == isolate.WallLimit:
		exit.Status = isolate.WallLimit
	case exit.Signal != 0:
		exit.Status = isolate.Signaled
	default:
		exit.Status = isolate.Exited
	}
	return exit
}

// mapper replaces paths inside a sandbox by those of the host.
type mapper []isolate.Mount

func newMapper(mounts []isolate.Mount, box string) mapper {
	m := append(mapper{{Source: box, Target: isolate.WorkDir}}, mounts...)
	// The longest target first, so that a mount below another one wins.
	sort.SliceStable(m, func(i, j int) bool { return len(m[i].Target) > len(m[j].Target) })
	return m
}

func (m mapper) all(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = m.one(text)
	}
	return out
}

// one replaces every whole path in text, wherever it begins: after a = or a :
// as in PATH, or after an option letter.
func (m mapper) one(text string) string {
	var out strings.Builder
	for text != "" {
		mount, ok := m.at(text)
		if !ok {
			out.WriteByte(text[0])
			text = text[1:]
			continue
		}
		out.WriteString(mount.Source)
		text = text[len(filepath.Clean(mount.Target)):]
	}
	return out.String()
}

// at finds the mount whose target text begins with, as a whole path.
func (m mapper) at(text string) (isolate.Mount, bool) {
	for _, mount := range m {
		rest, ok := strings.CutPrefix(text, filepath.Clean(mount.Target))
		if ok && (rest == "" || strings.ContainsRune("/:,;'\" ", rune(rest[0]))) {
			return mount, true
		}
	}
	return isolate.Mount{}, false
}
