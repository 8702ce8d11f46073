package ioi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/collect"
)

// tick is how often the processes of a box are looked at, and mercy how long
// isolate may take to end a run that it was told to end.
const (
	tick  = 10 * time.Millisecond
	mercy = 20 * time.Second
)

// run is one command in one box.
type run struct {
	s    *Sandbox
	box  *box
	cmd  isolate.Cmd
	args []string // isolate's
}

// do runs the command and collects its files. The box is to be cleaned up
// afterwards.
func (r *run) do(ctx context.Context) (isolate.Exit, error) {
	if err := r.prepare(); err != nil {
		return isolate.Exit{}, err
	}
	m, n, err := r.startAgain(ctx)
	if err := cmp.Or(context.Cause(ctx), err); err != nil {
		return isolate.Exit{}, err
	}
	if m.exited && m.code == cannotStart {
		if err := r.startable(); err != nil {
			return isolate.Exit{}, fmt.Errorf("start %s in the sandbox: %w", r.cmd.Args[0], err)
		}
	}
	if n.tooLong, err = r.trim(); err != nil {
		return isolate.Exit{}, err
	}
	exit := m.exit(r.cmd.Limits, n)
	if r.cmd.Collect != nil {
		if err = r.collect(); errors.Is(err, collect.ErrTooMuch) {
			exit.Status, err = isolate.OutputLimit, nil
		}
	}
	return exit, err
}

// prepare makes the box and puts the files there. No untrusted code has run in
// it, so there is nothing yet that could lead astray who writes.
func (r *run) prepare() error {
	if !r.box.fresh {
		if err := r.s.init(r.box); err != nil {
			return err
		}
	}
	rules, err := r.s.view.rules(r.cmd, r.box.id)
	if err != nil {
		return err
	}
	args, err := runArguments(r.cmd, r.metaFile(), rules, r.s.tool.cg)
	if err != nil {
		return err
	}
	r.args = r.s.tool.box(r.box.id, args...)
	return r.copyIn()
}

func (r *run) metaFile() string { return filepath.Join(r.s.temp, metaName(r.box.id)) }

func (r *run) copyIn() error {
	root, err := os.OpenRoot(filepath.Join(r.box.dir, "box"))
	if err != nil {
		return fmt.Errorf("open the working folder: %w", err)
	}
	defer root.Close()
	for _, f := range r.cmd.Files {
		if err := copyFile(root, f); err != nil {
			return fmt.Errorf("copy %s into the working folder: %w", f.Path, err)
		}
	}
	return nil
}

func copyFile(root *os.Root, f isolate.File) error {
	name := filepath.FromSlash(f.Path)
	if f.Mode.IsDir() {
		return root.MkdirAll(name, 0o755)
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	var content io.Reader = bytes.NewReader(f.Data)
	if f.Source != "" {
		in, err := os.Open(f.Source)
		if err != nil {
			return err
		}
		defer in.Close()
		content = in
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	// Chmod, because the mode that a file is made with is cut by the umask.
	return errors.Join(err, out.Chmod(f.Mode.Perm()), out.Close())
}

// attempts is how often a run is begun that isolate gives up on because of what
// the program does.
const attempts = 3

// startAgain is start, repeated when the program was quicker than isolate: one
// that has orphans before isolate has found it makes isolate fail. If that is
// so every time, it is taken for the program's death by isolate's SIGKILL: a
// program must not be able to have the sandbox at fault.
func (r *run) startAgain(ctx context.Context) (meta, noticed, error) {
	again, err := remember(r.cmd)
	if err != nil {
		return meta{}, noticed{}, err
	}
	most := attempts
	if r.cmd.Follow != nil {
		most = 1 // who follows it has acted upon its end
	}
	for range most {
		m, n, err := r.start(ctx)
		if err == nil || !strings.Contains(m.message, "unexpected children found") {
			return m, n, err
		}
		if err := errors.Join(again(), r.s.cleanup(r.box), r.prepare()); err != nil {
			return m, n, err
		}
	}
	return meta{status: "SG", killed: true}, noticed{}, nil
}

// remember returns a function that puts the standard files back to where they
// are now. There is no such thing for a pipe, which stays as it is.
func remember(cmd isolate.Cmd) (func() error, error) {
	type place struct {
		file         *os.File
		offset, size int64
	}
	var places []place
	for i, f := range []*os.File{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		if f == nil {
			continue
		}
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			continue
		}
		p := place{file: f, size: info.Size()}
		if i == 0 {
			p.size = -1
		}
		if p.offset, err = f.Seek(0, io.SeekCurrent); err != nil {
			return nil, err
		}
		places = append(places, p)
	}
	return func() error {
		var errs []error
		for _, p := range places {
			_, err := p.file.Seek(p.offset, io.SeekStart)
			if p.size >= 0 {
				err = errors.Join(err, p.file.Truncate(p.size))
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}, nil
}

// start runs isolate to its end and returns its account and ours.
func (r *run) start(ctx context.Context) (meta, noticed, error) {
	if err := os.Remove(r.metaFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return meta{}, noticed{}, err
	}
	proc := exec.CommandContext(ctx, r.s.tool.path, r.args...)
	proc.Env = emptyVariables(r.cmd.Env)
	// A session of its own has no terminal to reach, and no Ctrl-C reaches it.
	// SIGKILL would end isolate and leave the program running.
	proc.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
	proc.Cancel = func() error { return proc.Process.Signal(syscall.SIGTERM) }
	proc.WaitDelay = mercy
	// A nil *os.File in an interface is not nil, hence the conditions.
	if r.cmd.Stdin != nil {
		proc.Stdin = r.cmd.Stdin
	}
	if r.cmd.Stdout != nil {
		proc.Stdout = r.cmd.Stdout
	}
	if r.cmd.Stderr != nil {
		proc.Stderr = r.cmd.Stderr
	}
	r.box.fresh = false
	if err := startOn(r.cmd.CPUs, proc); err != nil {
		return meta{}, noticed{}, fmt.Errorf("start isolate: %w", err)
	}
	var busy atomic.Int64
	r.cmd.Follow.TellBegan(func() time.Duration { return time.Duration(busy.Load()) })
	n := r.watch(proc, &busy)
	r.cmd.Follow.TellEnded()
	m, err := r.account(proc.ProcessState)
	return m, n, err
}

// watch waits for isolate, looking at what runs in the box meanwhile. busy is
// for whoever follows the run.
func (r *run) watch(proc *exec.Cmd, busy *atomic.Int64) noticed {
	begin := time.Now()
	done := make(chan struct{})
	go func() {
		proc.Wait() // the state in proc says all that its error could
		close(done)
	}()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var n noticed
	stopped := false
	for s := newSampler(proc.Process.Pid, r.cmd.Limits.Memory); ; {
		select {
		case <-done:
			return n
		case <-ticker.C:
			select {
			case <-r.cmd.Follow.Stopped():
				stopped = true
			default:
			}
			n.used = s.sample()
			busy.Store(int64(n.used.cpu + s.stood))
			if n.killed == 0 {
				n.killed = r.broken(n.used, time.Since(begin))
			}
			if n.killed != 0 || stopped {
				proc.Process.Signal(syscall.SIGTERM) // again and again: it may have come too early
			}
		}
	}
}

// broken returns the limit that the run breaks, or 0. With a cgroup, memory is
// the kernel's business.
func (r *run) broken(used usage, passed time.Duration) isolate.Status {
	switch l := r.cmd.Limits; {
	case !r.s.tool.cg && l.Memory > 0 && used.memory > l.Memory:
		return isolate.MemoryLimit
	case l.Output > 0 && (longer(r.cmd.Stdout, l.Output) || longer(r.cmd.Stderr, l.Output)):
		return isolate.OutputLimit
	case l.CPU > 0 && used.cpu > l.CPU:
		return isolate.TimeLimit
	case l.Wall > 0 && excuses(r.cmd) && passed > l.Wall && passed > l.Wall+r.cmd.Follow.AskExcused():
		return isolate.WallLimit
	}
	return 0
}

// account reads the meta file. isolate's exit code is 0 or 1 if it is to be
// believed.
func (r *run) account(state *os.ProcessState) (meta, error) {
	text, err := os.ReadFile(r.metaFile())
	if err != nil {
		return meta{}, fmt.Errorf("isolate --run: %v, and wrote no meta file: %w", state, err)
	}
	m, err := parseMeta(string(text))
	if err != nil {
		return m, fmt.Errorf("%w%s", err, r.s.tool.advice(m.message))
	}
	if code := state.ExitCode(); code != 0 && code != 1 || m.status == "" && !m.exited {
		return m, fmt.Errorf("isolate --run: %v, having written %q", state, text)
	}
	if !r.s.tool.cg {
		m.cgMemory, m.oom = 0, false
	}
	return m, nil
}

// trim tells whether the run wrote more than it may, and cuts off what is too
// much: isolate counts in KiB.
func (r *run) trim() (tooLong bool, err error) {
	limit := r.cmd.Limits.Output
	for _, f := range []*os.File{r.cmd.Stdout, r.cmd.Stderr} {
		if limit == 0 || !longer(f, limit) {
			continue
		}
		tooLong = true
		if err := f.Truncate(limit + 1); err != nil {
			return true, fmt.Errorf("cut off output: %w", err)
		}
	}
	return tooLong, nil
}

// longer tells whether f is a regular file of more than limit bytes.
func longer(f *os.File, limit int64) bool {
	if f == nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular() && info.Size() > limit
}

// collect hands out what the run left. isolate has made the files ours again,
// and the folder that box is in was never the program's to change.
func (r *run) collect() error {
	dir := filepath.Join(r.box.dir, "box")
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	box, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	defer box.Close()
	l := r.cmd.Limits
	return collect.Files(int(box.Fd()), r.cmd.Collect, cmp.Or(l.Disk, math.MaxInt64), cmp.Or(l.Inodes, math.MaxInt64))
}
