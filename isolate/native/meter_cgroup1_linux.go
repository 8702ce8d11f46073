//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// Controllers of cgroup v1 that a worker has a folder in.
var controllers1 = [...]string{"memory", "cpuacct", "pids"}

// scheduler1 is one more, where there is one: it shares the processors out.
const scheduler1 = "cpu"

// meter1 measures by cgroup v1. The worker's spawner thread is in the cgroup
// for good, and its children are born there; the supervisor's other threads,
// and with them its memory, are not.
type meter1 struct {
	dirs                             []string
	limit, swap, peak, oom           controlFile
	cpu, pids                        controlFile
	cache                            pageCache
	set                              isolate.Limits // as the files have it
	startCPU, startMemory, startKill int64
}

func newMeter1(parents map[string]string, name string) (*meter1, error) {
	m := &meter1{set: isolate.Limits{Memory: -1, Processes: -1}}
	for _, c := range controllers1 {
		dir := filepath.Join(parents[c], name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, errors.Join(err, m.close())
		}
		m.dirs = append(m.dirs, dir)
	}
	if parents[scheduler1] != "" {
		dir := filepath.Join(parents[scheduler1], name)
		m.dirs = append(m.dirs, dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, errors.Join(err, m.close())
		}
	}
	if err := m.open(); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *meter1) open() (err error) {
	for _, f := range []struct {
		file  *controlFile
		dir   string
		name  string
		flags int
	}{
		{&m.limit, m.dirs[0], "memory.limit_in_bytes", unix.O_RDWR},
		{&m.peak, m.dirs[0], "memory.max_usage_in_bytes", unix.O_RDWR},
		{&m.oom, m.dirs[0], "memory.oom_control", unix.O_RDONLY},
		{&m.cpu, m.dirs[1], "cpuacct.usage", unix.O_RDONLY},
		{&m.pids, m.dirs[2], "pids.max", unix.O_RDWR},
	} {
		if *f.file, err = openControl(f.dir, f.name, f.flags); err != nil {
			return err
		}
	}
	if m.cache, err = openPageCache(m.dirs[0], "memory.usage_in_bytes", "cache"); err != nil {
		return err
	}
	// Only there where the kernel accounts for swap.
	if swap, err := openControl(m.dirs[0], "memory.memsw.limit_in_bytes", unix.O_RDWR); err == nil {
		m.swap = swap
	}
	return nil
}

// tasks opens the files by which a thread joins.
func (m *meter1) tasks() (fds []int, err error) {
	for _, dir := range m.dirs {
		f, err := openControl(dir, "tasks", unix.O_WRONLY)
		if err != nil {
			closeAll(fds)
			return nil, err
		}
		fds = append(fds, f.fd)
	}
	return fds, nil
}

func (m *meter1) start(l isolate.Limits) (int, error) {
	if err := m.setLimits(l); err != nil {
		return -1, err
	}
	if err := m.peak.write("0"); err != nil { // resets it to what is in use now
		return -1, err
	}
	var errs [4]error
	m.startMemory, errs[0] = m.peak.number()
	m.startKill, errs[1] = m.oom.field("oom_kill")
	m.startCPU, errs[2] = m.cpu.number()
	_, errs[3] = m.cache.growth() // what went since the last run
	return -1, errors.Join(errs[:]...)
}

func (m *meter1) setLimits(l isolate.Limits) error {
	if l.Memory != m.set.Memory {
		// The limit with swap must never be below the one without, so it is
		// lifted first and lowered last.
		if m.swap.path != "" {
			m.swap.write("-1")
		}
		if err := m.limit.write(orUnlimited(l.Memory, "-1")); err != nil {
			return err
		}
		if m.swap.path != "" {
			if err := m.swap.write(orUnlimited(l.Memory, "-1")); err != nil {
				return err
			}
		}
	}
	if l.Processes != m.set.Processes {
		limit := int64(l.Processes)
		if limit > 0 {
			limit++ // the spawner thread
		}
		if err := m.pids.write(orUnlimited(limit, "max")); err != nil {
			return err
		}
	}
	m.set = l
	return nil
}

func orUnlimited(n int64, unlimited string) string {
	if n <= 0 {
		return unlimited
	}
	return strconv.FormatInt(n, 10)
}

func (m *meter1) read() (usage, error) {
	cpu, err := m.cpu.number()
	return usage{cpu: time.Duration(cpu - m.startCPU)}, err
}

// finish leaves out what was charged to the cgroup before the run, page cache
// that the run brought in, and what the spawner thread itself used.
func (m *meter1) finish(r *reply) (usage, error) {
	cpu, err1 := m.cpu.number()
	peak, err2 := m.peak.number()
	kills, err3 := m.oom.field("oom_kill")
	grown, err4 := m.cache.growth()
	return usage{
		cpu:    max(0, time.Duration(cpu-m.startCPU)-r.Spawner),
		memory: max(0, peak-m.startMemory-grown),
		oom:    kills > m.startKill,
	}, errors.Join(err1, err2, err3, err4)
}

func (m *meter1) close() error {
	for _, f := range []controlFile{m.limit, m.swap, m.peak, m.oom, m.cpu, m.pids} {
		f.close()
	}
	m.cache.close()
	var errs []error
	for _, dir := range m.dirs {
		errs = append(errs, removeCgroup(dir))
	}
	return errors.Join(errs...)
}
