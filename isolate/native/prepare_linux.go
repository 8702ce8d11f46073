//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

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
	if err := w.pin(cmd.CPUs); err != nil {
		return err
	}
	return w.setRlimits(w.rlimitsOf(cmd.Limits))
}

// pin sets the processors of the next runs, if the last one had others.
func (w *worker) pin(cpus []int) error {
	if w.at(cpus) {
		return nil
	}
	cpus = cpusOr(cpus, w.any)
	if _, err := w.ask(&request{Op: opPin, CPUs: cpus}); err != nil {
		return err
	}
	w.cpus = cpus
	return nil
}

// at tells whether the worker is at these processors already.
func (w *worker) at(cpus []int) bool { return slices.Equal(w.cpus, cpusOr(cpus, w.any)) }

func cpusOr(cpus, any []int) []int {
	if len(cpus) == 0 {
		return any
	}
	return cpus
}

// allowedCPUs are the processors that the calling thread may use.
func allowedCPUs() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil { // more of them than the set can name
		for cpu := range isolate.MaxCPU + 1 {
			set.Set(cpu)
		}
	}
	var cpus []int
	for cpu := range isolate.MaxCPU + 1 {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
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
// can be told apart. The number of processes is the cgroup's business where
// there is one.
func (w *worker) rlimitsOf(l isolate.Limits) [4]rlimit {
	limits := [4]rlimit{
		{unix.RLIMIT_FSIZE, unix.RLIM_INFINITY}, {unix.RLIMIT_NOFILE, 1024},
		{unix.RLIMIT_STACK, unix.RLIM_INFINITY}, {unix.RLIMIT_NPROC, unix.RLIM_INFINITY},
	}
	if l.Output > 0 {
		limits[0].Value = uint64(l.Output) + 1
	}
	if l.OpenFiles > 0 {
		limits[1].Value = uint64(l.OpenFiles)
	}
	if _, sampled := w.meter.(*sampler); sampled && l.Processes > 0 {
		limits[3].Value = uint64(l.Processes)
	}
	return limits
}

func (w *worker) setRlimits(limits [4]rlimit) error {
	if w.rlimits == limits {
		return nil
	}
	_, err := w.ask(&request{Op: opLimits, Rlimits: limits[:]})
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
		if _, err := w.ask(&request{Op: opUnmount, Path: []byte(target)}); err != nil {
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
	req := &request{Op: opMount, Path: []byte(target), Source: []byte(source)}
	if w.opens {
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
	if err := w.setRlimits(w.rlimitsOf(isolate.Limits{})); err != nil {
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
	req := &request{Op: opFile, Path: []byte(f.Path), Mode: f.Mode}
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
