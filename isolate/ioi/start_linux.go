package ioi

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// cannotStart is the exit code of isolate's child when the kernel refuses to
// start the program. A program may choose it, too.
const cannotStart = 127

// startOn starts proc on the given processors, all if there are none given.
// isolate and the program inherit them; the program may change its own.
func startOn(cpus []int, proc *exec.Cmd) error {
	if len(cpus) == 0 {
		return proc.Start()
	}
	var before, set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("sched_getaffinity: %w", err)
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("sched_setaffinity to processors %v: %w", cpus, err)
	}
	err := proc.Start()
	return errors.Join(err, unix.SchedSetaffinity(0, &before))
}

// startable says why the program cannot have been started, or nil if it can
// have been. Nothing of this is the sandboxed program's to change: it did not
// run, or what it is lies outside of its reach.
func (r *run) startable() error {
	host, err := r.onHost(r.cmd.Args[0])
	if err != nil || host == "" {
		return err
	}
	info, err := os.Stat(host)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return errors.New("it is not an executable file")
	}
	f, err := os.Open(host)
	if err != nil {
		return nil // not ours to read, but maybe to execute
	}
	defer f.Close()
	first := make([]byte, 256)
	n, _ := f.ReadAt(first, 0)
	if script, ok := strings.CutPrefix(string(first[:n]), "#!"); ok {
		return r.interpreter(script)
	}
	if _, err := elf.NewFile(f); err != nil {
		return fmt.Errorf("it is not a program: %w", err)
	}
	return nil
}

// interpreter looks at the one that a script names in its first line.
func (r *run) interpreter(line string) error {
	fields := strings.Fields(strings.SplitN(line, "\n", 2)[0])
	if len(fields) == 0 {
		return errors.New("it names no interpreter")
	}
	host, err := r.onHost(fields[0])
	if err == nil && host != "" {
		_, err = os.Stat(host)
	}
	if err != nil {
		return fmt.Errorf("its interpreter: %w", err)
	}
	return nil
}

// onHost returns where a path of the view is on the host, or "" if we do not
// know, and an error if it is not in the view.
func (r *run) onHost(inside string) (string, error) {
	inside = filepath.Clean(inside)
	places := append([]isolate.Mount{{Source: filepath.Join(r.box.dir, "box"), Target: isolate.WorkDir}}, r.cmd.Mounts...)
	for _, dir := range hostFolders {
		places = append(places, isolate.Mount{Source: dir, Target: dir})
	}
	var best isolate.Mount
	for _, m := range places {
		target := filepath.Clean(m.Target)
		if (inside == target || strings.HasPrefix(inside, target+"/")) && len(target) > len(best.Target) {
			best = isolate.Mount{Source: m.Source, Target: target}
		}
	}
	if best.Target == "" {
		return "", fs.ErrNotExist
	}
	host := filepath.Join(best.Source, strings.TrimPrefix(inside, best.Target))
	if info, err := os.Lstat(host); err == nil && info.Mode()&os.ModeSymlink != 0 && best.Source != best.Target {
		return "", nil // a link may lead elsewhere inside than on the host
	}
	return host, nil
}
