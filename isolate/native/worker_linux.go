//go:build linux && (amd64 || arm64)

package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// How long a supervisor may take to do what it always can do at once, before
// it is given up.
const patience = 5 * time.Second

// worker is evalx's side of one supervisor. It runs one command at a time.
type worker struct {
	process  *os.Process
	control  *link
	runs     *link
	mu       sync.Mutex // one control request at a time
	meter    meter
	stderr   *os.File
	rootless bool
	mounts   map[string]string // source by target, as the supervisor has them
	rlimits  [3]rlimit         // as the supervisor has them
	space    space
	fresh    bool // the writable folders are as new
	lastRun  uint64
	broken   atomic.Bool
}

// identity is which host users a worker's inside users are.
type identity struct {
	rootless   bool
	supervisor int // host uid and gid of the supervisor
	program    int // host uid and gid of programs
}

// startWorker starts a supervisor and waits until it is ready.
func startWorker(groups *cgroups, name string, id identity) (w *worker, err error) {
	w = &worker{rootless: id.rootless, mounts: map[string]string{}}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
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
	_, err = w.ask(&request{Op: opSetup, Setup: &setup{Rootless: id.rootless, Tasks: len(tasks)}}, tasks...)
	return w, err
}

// spawn starts the supervisor process.
func (w *worker) spawn(id identity) error {
	control, theirControl, err := newLinkPair()
	if err != nil {
		return err
	}
	w.control = newLink(control)
	defer unix.Close(theirControl)
	runs, theirRuns, err := newLinkPair()
	if err != nil {
		return err
	}
	w.runs = newLink(runs)
	defer unix.Close(theirRuns)
	if w.stderr, err = isolate.Output(); err != nil {
		return err
	}
	sys := id.attributes()
	if m, ok := w.meter.(*meter2); ok {
		dir, err := unix.Open(m.home, unix.O_DIRECTORY|unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(dir)
		sys.UseCgroupFD, sys.CgroupFD = true, dir
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	files := []*os.File{null, null, w.stderr,
		os.NewFile(uintptr(dup(theirControl)), "control"), os.NewFile(uintptr(dup(theirRuns)), "runs")}
	defer files[3].Close()
	defer files[4].Close()
	w.process, err = os.StartProcess("/proc/self/exe", []string{initName}, &os.ProcAttr{Dir: "/", Env: []string{}, Files: files, Sys: sys})
	return err
}

func dup(fd int) int {
	copied, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	return copied
}

// attributes are the namespaces and users of the supervisor. As root, two
// users of the host that own nothing are mapped: programs are never host
// root, nor the supervisor's user. Without root only one's own user can be
// mapped; the supervisor then keeps its capabilities as ambient ones, because
// it is not user 0 inside.
func (id identity) attributes() *syscall.SysProcAttr {
	sys := &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
			unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
		Setsid: true, // Ctrl-C in a terminal is evalx's to handle
	}
	if id.rootless {
		sys.UidMappings = []syscall.SysProcIDMap{{ContainerID: insideID, HostID: id.program, Size: 1}}
		sys.GidMappings = []syscall.SysProcIDMap{{ContainerID: insideID, HostID: os.Getegid(), Size: 1}}
		for c := range uintptr(unix.CAP_LAST_CAP + 1) {
			if c <= lastCapability() {
				sys.AmbientCaps = append(sys.AmbientCaps, c)
			}
		}
		return sys
	}
	mapping := []syscall.SysProcIDMap{
		{ContainerID: 0, HostID: id.supervisor, Size: 1},
		{ContainerID: insideID, HostID: id.program, Size: 1},
	}
	sys.UidMappings, sys.GidMappings = mapping, mapping
	sys.GidMappingsEnableSetgroups = true
	sys.Credential = &syscall.Credential{Uid: 0, Gid: 0}
	return sys
}

// lastCapability is the highest capability that the kernel knows.
func lastCapability() uintptr {
	c := uintptr(unix.CAP_LAST_CAP)
	for c > 0 {
		if _, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, c, 0, 0, 0); err == nil {
			break
		}
		c--
	}
	return c
}

// ask sends a control request and waits for its reply.
func (w *worker) ask(req *request, fds ...int) (reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var answer reply
	if err := w.control.send(req, fds...); err != nil {
		return answer, w.lost(err)
	}
	if ready, err := waitReadable(w.control.fd, patience); err != nil || !ready {
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

func (w *worker) sample() (reply, error) { return w.ask(&request{Op: opUsage}) }

// lost marks the worker as unusable and says what it last said.
func (w *worker) lost(err error) error {
	w.broken.Store(true)
	said := make([]byte, 4096)
	n, _ := w.stderr.ReadAt(said, 0)
	if text := strings.TrimSpace(string(said[:n])); text != "" {
		return fmt.Errorf("sandbox supervisor failed: %w: %s", err, text)
	}
	if errors.Is(err, io.EOF) {
		return errors.New("sandbox supervisor ended unexpectedly")
	}
	return fmt.Errorf("sandbox supervisor failed: %w", err)
}

// run runs one command.
func (w *worker) run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if err := w.prepare(cmd); err != nil {
		return isolate.Exit{}, err
	}
	w.lastRun++
	req := &request{Op: opRun, Run: w.lastRun, Args: cmd.Args, Env: cmd.Env, Box: cmd.Collect != nil}
	var fds []int
	for i, f := range []*os.File{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		if f != nil {
			req.Stdio[i] = true
			fds = append(fds, int(f.Fd()))
		}
	}
	group, err := w.meter.start(cmd.Limits)
	if err != nil {
		return isolate.Exit{}, err
	}
	if group >= 0 {
		req.Cgroup = true
		fds = append(fds, group)
	}
	w.fresh = false
	if err := w.runs.send(req, fds...); err != nil {
		return isolate.Exit{}, w.lost(err)
	}
	return w.await(ctx, cmd)
}

// await watches over the run, takes its result, and collects files.
func (w *worker) await(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	stop := context.AfterFunc(ctx, w.kill)
	defer stop()
	watch := newWatch(cmd.Limits, w.meter)
	if err := watch.wait(w); err != nil {
		return isolate.Exit{}, err
	}
	var answer reply
	fds, err := w.runs.receive(&answer)
	defer closeAll(fds)
	if err != nil {
		return isolate.Exit{}, w.lost(err)
	}
	used, err := w.meter.finish(&answer)
	if err := errors.Join(ctx.Err(), err); err != nil {
		return isolate.Exit{}, err
	}
	if answer.Error != "" {
		return isolate.Exit{}, fmt.Errorf("start %s in the sandbox: %s", cmd.Args[0], answer.Error)
	}
	exit := watch.judge(answer, used, cmd)
	if cmd.Collect != nil && len(fds) == 1 {
		err = collect(fds[0], cmd.Collect)
	}
	return exit, err
}

// kill kills what runs now. It comes from other goroutines.
func (w *worker) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	// If this fails the worker is lost, which await notices.
	_ = w.control.send(&request{Op: opKill, Run: w.lastRun})
}

// prepare makes the sandbox what cmd wants: mounts, files, limits. What it is
// already costs nothing.
func (w *worker) prepare(cmd isolate.Cmd) error {
	if err := w.refresh(spaceOf(cmd.Limits)); err != nil {
		return err
	}
	if err := w.showMounts(cmd.Mounts); err != nil {
		return err
	}
	if err := w.putFiles(cmd.Files); err != nil {
		return err
	}
	return w.setRlimits(rlimitsOf(cmd.Limits))
}

// shows tells whether the worker shows just these mounts already.
func (w *worker) shows(mounts []isolate.Mount) bool {
	if len(mounts) != len(w.mounts) {
		return false
	}
	for _, m := range mounts {
		if w.mounts[m.Target] != m.Source {
			return false
		}
	}
	return true
}

// refresh makes the writable folders new, if they are not.
func (w *worker) refresh(size space) error {
	if w.fresh && w.space == size {
		return nil
	}
	if _, err := w.ask(&request{Op: opFresh, Space: &size}); err != nil {
		return err
	}
	w.space, w.fresh = size, true
	return nil
}

// Defaults where Limits says nothing, and what bounds a program that the
// kernel would otherwise not bound.
const (
	defaultDisk   = 256 << 20
	defaultInodes = 16 << 10
)

func spaceOf(l isolate.Limits) space {
	s := space{Bytes: l.Disk, Inodes: l.Inodes}
	if s.Bytes == 0 {
		s.Bytes = defaultDisk
	}
	if s.Inodes == 0 {
		s.Inodes = defaultInodes
	}
	return s
}

// rlimitsOf returns the rlimits of a run. One byte more than allowed may be
// written to a file, so that what reached the limit and what went beyond it
// can be told apart.
func rlimitsOf(l isolate.Limits) [3]rlimit {
	limits := [3]rlimit{
		{unix.RLIMIT_FSIZE, unix.RLIM_INFINITY}, {unix.RLIMIT_NOFILE, 1024}, {unix.RLIMIT_STACK, unix.RLIM_INFINITY},
	}
	if l.Output > 0 {
		limits[0].Value = uint64(l.Output) + 1
	}
	if l.OpenFiles > 0 {
		limits[1].Value = uint64(l.OpenFiles)
	}
	return limits
}

func (w *worker) setRlimits(limits [3]rlimit) error {
	if w.rlimits == limits {
		return nil
	}
	_, err := w.ask(&request{Op: opLimits, Rlimits: append(limits[:], rlimit{unix.RLIMIT_CORE, 0})})
	w.rlimits = limits
	return err
}

// showMounts makes the shown folders what mounts says: first what is no longer
// wanted goes, deepest first, then what is new comes, outermost first.
func (w *worker) showMounts(mounts []isolate.Mount) error {
	if w.shows(mounts) {
		return nil
	}
	want := map[string]string{}
	for _, m := range mounts {
		want[m.Target] = m.Source
	}
	for _, target := range slices.Backward(slices.Sorted(maps.Keys(w.mounts))) {
		if w.mounts[target] == want[target] {
			continue
		}
		if _, err := w.ask(&request{Op: opUnmount, Path: target}); err != nil {
			return err
		}
		delete(w.mounts, target)
	}
	for _, target := range slices.Sorted(maps.Keys(want)) {
		if w.mounts[target] != "" {
			continue
		}
		if err := w.showMount(want[target], target); err != nil {
			return fmt.Errorf("show %s in the sandbox: %w", want[target], err)
		}
		w.mounts[target] = want[target]
	}
	return nil
}

// showMount mounts one folder. As root evalx opens it, because the
// supervisor's user may see less; otherwise evalx has no right to.
func (w *worker) showMount(source, target string) error {
	req := &request{Op: opMount, Path: target, Source: source}
	if w.rootless {
		_, err := w.ask(req)
		return err
	}
	fd, err := openMount(source)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = w.ask(req, fd)
	return err
}

// putFiles copies files into the working folder.
func (w *worker) putFiles(files []isolate.File) error {
	if len(files) == 0 {
		return nil
	}
	// The supervisor writes them, and is under the programs' rlimits.
	if err := w.setRlimits(rlimitsOf(isolate.Limits{})); err != nil {
		return err
	}
	w.fresh = false
	for _, f := range files {
		if err := w.putFile(f); err != nil {
			return fmt.Errorf("put %s into the sandbox: %w", f.Path, err)
		}
	}
	return nil
}

func (w *worker) putFile(f isolate.File) error {
	req := &request{Op: opFile, Path: f.Path, Mode: f.Mode}
	if f.Mode.IsDir() {
		_, err := w.ask(req)
		return err
	}
	content, err := open(f)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = w.ask(req, int(content.Fd()))
	return err
}

func open(f isolate.File) (*os.File, error) {
	if f.Source != "" {
		return os.Open(f.Source)
	}
	return isolate.Input(strings.NewReader(string(f.Data)))
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
