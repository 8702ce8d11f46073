//go:build linux && (amd64 || arm64)

package native

import (
	"os"
	"syscall"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// identity is which host users a worker's inside users are.
type identity struct {
	rootless   bool // one user is mapped, evalx's own
	opens      bool // the supervisor opens mounts itself, because evalx has no right to
	supervisor int  // host uid and gid of the supervisor
	program    int  // host uid and gid of programs
}

// spawn starts the supervisor process.
func (w *worker) spawn(id identity) error {
	control, theirControl, err := newLinkPair()
	if err != nil {
		return err
	}
	w.control = newLink(control)
	theirEnds := [2]*os.File{os.NewFile(uintptr(theirControl), "control")}
	defer theirEnds[0].Close()
	runs, theirRuns, err := newLinkPair()
	if err != nil {
		return err
	}
	w.runs = newLink(runs)
	theirEnds[1] = os.NewFile(uintptr(theirRuns), "runs")
	defer theirEnds[1].Close()
	if w.stderr, err = isolate.Output(); err != nil {
		return err
	}
	sys := id.attributes()
	if m, ok := w.meter.(*meter2); ok {
		dir, err := unix.Open(m.dir, unix.O_DIRECTORY|unix.O_RDONLY|unix.O_CLOEXEC, 0)
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
	files := []*os.File{null, null, w.stderr, theirEnds[0], theirEnds[1]} // controlFD and runFD
	w.process, err = os.StartProcess("/proc/self/exe", []string{initName}, &os.ProcAttr{Dir: "/", Env: supervisorEnv[:], Files: files, Sys: sys})
	return err
}

// attributes are the namespaces and users of the supervisor. As root, two
// users of the host that own nothing are mapped: programs are never host
// root, nor the supervisor's user. Without root only one's own user can be
// mapped; the supervisor then keeps its capabilities as ambient ones, because
// it is not user 0 inside.
func (id identity) attributes() *syscall.SysProcAttr {
	sys := &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
			unix.CLONE_NEWIPC | unix.CLONE_NEWUTS, // the cgroup namespace comes in spawner.prepare
		Setsid: true, // Ctrl-C in a terminal is evalx's to handle
	}
	if id.rootless {
		sys.UidMappings = []syscall.SysProcIDMap{{ContainerID: insideID, HostID: id.program, Size: 1}}
		sys.GidMappings = []syscall.SysProcIDMap{{ContainerID: insideID, HostID: os.Getegid(), Size: 1}}
		for c := range lastCapability() + 1 {
			sys.AmbientCaps = append(sys.AmbientCaps, c)
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
