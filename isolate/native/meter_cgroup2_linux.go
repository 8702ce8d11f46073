//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// meter2 measures by cgroup v2. Each run is born in a leaf (CLONE_INTO_CGROUP).
// A kernel that can reset memory.peak (6.12) uses one leaf for all runs; on an
// older one each run gets a leaf of its own.
type meter2 struct {
	dir   string // the worker's folder, parent of the leaves
	home  string // the leaf that the supervisor itself is in
	owner int    // host uid of the supervisor, who must be allowed to fork into a leaf
	leaf  *leaf
	count int
}

// peakFile has the most memory that a cgroup used at one time.
const peakFile = "memory.peak"

// leaf is the cgroup of a run.
type leaf struct {
	dir                              string
	fd                               int
	limit, swap, pids                controlFile
	peak, events, cpu                controlFile
	cache                            pageCache
	resettable                       bool
	polled                           bool  // peak is the use of now, there being no peak (before 5.19)
	seen                             int64 // the highest polled
	set                              isolate.Limits
	startCPU, startMemory, startKill int64
}

func newMeter2(parent, name string, owner int) (*meter2, error) {
	m := &meter2{dir: filepath.Join(parent, name), owner: owner}
	m.home = filepath.Join(m.dir, "supervisor")
	if err := os.MkdirAll(m.home, 0o755); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

// settle moves the supervisor from the worker's folder, where it was born so
// that its cgroup namespace has that as its root, into a leaf. Only then may
// the folder have controllers for its children.
func (m *meter2) settle(pid int) (err error) {
	if err := writeControl(m.home, "cgroup.procs", strconv.Itoa(pid)); err != nil {
		return err
	}
	if err := writeControl(m.dir, "cgroup.subtree_control", controllers2); err != nil {
		return err
	}
	m.leaf, err = m.newLeaf()
	return err
}

// newLeaf makes a leaf. To fork into it the supervisor must be allowed to
// write to its cgroup.procs and to that of the nearest common ancestor, the
// worker's folder, in another leaf of which the supervisor itself is.
func (m *meter2) newLeaf() (*leaf, error) {
	m.count++
	l := &leaf{dir: filepath.Join(m.dir, fmt.Sprintf("run%d", m.count)), fd: -1, set: isolate.Limits{Memory: -1, Processes: -1}}
	if err := os.Mkdir(l.dir, 0o755); err != nil {
		return nil, err
	}
	for _, dir := range []string{m.dir, l.dir} {
		if err := os.Chown(filepath.Join(dir, "cgroup.procs"), m.owner, -1); err != nil {
			return nil, errors.Join(err, l.close())
		}
	}
	if err := l.open(); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *leaf) open() (err error) {
	if l.fd, err = unix.Open(l.dir, unix.O_DIRECTORY|unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open %s: %w", l.dir, err)
	}
	for _, f := range []struct {
		file  *controlFile
		name  string
		flags int
	}{
		{&l.limit, "memory.max", unix.O_RDWR},
		{&l.pids, "pids.max", unix.O_RDWR},
		{&l.events, "memory.events", unix.O_RDONLY},
		{&l.cpu, "cpu.stat", unix.O_RDONLY},
	} {
		if *f.file, err = openControl(l.dir, f.name, f.flags); err != nil {
			return err
		}
	}
	if l.cache, err = openPageCache(l.dir, "memory.current", "file"); err != nil {
		return err
	}
	l.swap, _ = openControl(l.dir, "memory.swap.max", unix.O_RDWR) // missing without swap
	return l.openPeak()
}

// openPeak opens memory.peak, which is missing before Linux 5.19 and read-only
// before 6.12.
func (l *leaf) openPeak() (err error) {
	if l.peak, err = openControl(l.dir, peakFile, unix.O_RDWR); err == nil {
		l.resettable = l.peak.write("reset") == nil
		return nil
	}
	if l.peak, err = openControl(l.dir, peakFile, unix.O_RDONLY); errors.Is(err, unix.ENOENT) {
		l.polled = true
		l.peak, err = openControl(l.dir, "memory.current", unix.O_RDONLY)
	}
	return err
}

func (m *meter2) start(limits isolate.Limits) (int, error) {
	if m.leaf == nil {
		leaf, err := m.newLeaf()
		if err != nil {
			return -1, err
		}
		m.leaf = leaf
	}
	return m.leaf.fd, m.leaf.start(limits)
}

func (l *leaf) start(limits isolate.Limits) error {
	if err := l.setLimits(limits); err != nil {
		return err
	}
	if l.resettable {
		if err := l.peak.write("reset"); err != nil {
			return err
		}
	}
	var errs [4]error
	l.startMemory, errs[0] = l.peak.number()
	l.startKill, errs[1] = l.events.field("oom_kill")
	l.startCPU, errs[2] = l.cpu.field("usage_usec")
	_, errs[3] = l.cache.growth() // what went since the last run
	return errors.Join(errs[:]...)
}

func (l *leaf) setLimits(limits isolate.Limits) error {
	if limits.Memory != l.set.Memory {
		if err := l.limit.write(orUnlimited(limits.Memory, "max")); err != nil {
			return err
		}
		if l.swap.path != "" {
			if err := l.swap.write("0"); err != nil {
				return err
			}
		}
	}
	if limits.Processes != l.set.Processes {
		if err := l.pids.write(orUnlimited(int64(limits.Processes), "max")); err != nil {
			return err
		}
	}
	l.set = limits
	return nil
}

func (m *meter2) read() (usage, error) {
	cpu, err := m.leaf.cpu.field("usage_usec")
	if m.leaf.polled {
		now, err2 := m.leaf.peak.number()
		m.leaf.seen, err = max(m.leaf.seen, now), errors.Join(err, err2)
	}
	return usage{cpu: time.Duration(cpu-m.leaf.startCPU) * time.Microsecond}, err
}

func (m *meter2) finish(r *reply) (usage, error) {
	l := m.leaf
	cpu, err1 := l.cpu.field("usage_usec")
	peak, err2 := l.peak.number()
	kills, err3 := l.events.field("oom_kill")
	grown, err4 := l.cache.growth()
	used := usage{
		cpu:    time.Duration(cpu-l.startCPU) * time.Microsecond,
		memory: max(0, max(peak, l.seen)-l.startMemory-grown),
		oom:    kills > l.startKill,
	}
	if l.polled {
		used.memory = max(used.memory, r.MaxRSS)
	}
	if l.polled && used.oom {
		used.memory = max(used.memory, l.set.Memory)
	}
	if !l.resettable {
		m.leaf = nil
		if err := l.close(); err != nil {
			return used, err
		}
	}
	return used, errors.Join(err1, err2, err3, err4)
}

func (l *leaf) close() error {
	for _, f := range []controlFile{l.limit, l.swap, l.pids, l.peak, l.events, l.cpu} {
		f.close()
	}
	l.cache.close()
	if l.fd >= 0 {
		unix.Close(l.fd)
	}
	return removeCgroup(l.dir)
}

func (m *meter2) close() error {
	var err error
	if m.leaf != nil {
		err = m.leaf.close()
	}
	return errors.Join(err, removeCgroup(m.home), removeCgroup(m.dir))
}
