//go:build linux && (amd64 || arm64)

package native

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cgroups is where this process may make cgroups.
type cgroups struct {
	version string            // "v1", "v2", or "" if it may make none
	parents map[string]string // folder to make workers' folders in: v1 by controller, v2 under ""
	polled  bool              // v2 without memory.peak
	weak    string            // why there is none, or what is weak about it
}

// findCgroups makes a folder for this process where it may, v1 first: a
// machine with both has the controllers on v1.
func findCgroups() *cgroups {
	mounts, err := cgroupMounts("/proc/self/mountinfo")
	if err != nil {
		return withoutCgroups(err)
	}
	own, err := ownCgroups("/proc/self/cgroup")
	if err != nil {
		return withoutCgroups(err)
	}
	// One process may open several sandboxes.
	name := stalePrefix(os.Getpid()) + strings.ToLower(rand.Text()[:8])
	c, err := newCgroups1(mounts, own, name)
	if err == nil {
		return c
	}
	if mounts["memory"].readOnly() || mounts["memory"].point == "" && mounts[""].readOnly() {
		return withoutCgroups(errors.New("/sys/fs/cgroup is read-only, as in most containers: docker run --cap-add SYS_ADMIN, " +
			"and inside mount -o remount,bind,rw /sys/fs/cgroup; docs/containers.md has more"))
	}
	if mounts["memory"].point != "" {
		return withoutCgroups(fmt.Errorf("%w; only root may use cgroup v1: boot with "+
			"systemd.unified_cgroup_hierarchy=1 for cgroup v2, or run evalx as root", err))
	}
	if c, err = newCgroups2(mounts, own, name); err != nil {
		return withoutCgroups(err)
	}
	return c
}

func withoutCgroups(reason error) *cgroups {
	return &cgroups{weak: "no cgroup (" + strings.ReplaceAll(reason.Error(), "\n", "; ") + "): memory, CPU time and " +
		"process count are sampled and bounded by rlimits, so a short peak can be missed"}
}

// cgroupMount is where a hierarchy is mounted, and which part of it.
type cgroupMount struct {
	point, root string
}

// readOnly tells whether the hierarchy is mounted, and nobody may change it here.
func (m cgroupMount) readOnly() bool {
	var stat unix.Statfs_t
	return m.point != "" && unix.Statfs(m.point, &stat) == nil && stat.Flags&unix.ST_RDONLY != 0
}

// cgroupMounts reads the cgroup mounts from a mountinfo file (proc(5)), v1 by
// controller, v2 under "".
func cgroupMounts(mountinfo string) (map[string]cgroupMount, error) {
	data, err := os.ReadFile(mountinfo)
	if err != nil {
		return nil, err
	}
	mounts := map[string]cgroupMount{}
	for line := range strings.Lines(string(data)) {
		before, after, found := strings.Cut(line, " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if !found || len(left) < 5 || len(right) < 3 {
			continue
		}
		m := cgroupMount{point: left[4], root: left[3]}
		switch right[0] {
		case "cgroup2":
			mounts[""] = m
		case "cgroup":
			for option := range strings.SplitSeq(right[2], ",") {
				mounts[option] = m
			}
		}
	}
	return mounts, nil
}

// ownCgroups reads this process's cgroup from a file like /proc/self/cgroup
// (cgroups(7)), v1 by controller, v2 under "".
func ownCgroups(file string) (map[string]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	own := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(string(data))) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for controller := range strings.SplitSeq(parts[1], ",") {
			own[controller] = parts[2]
		}
	}
	return own, nil
}

// folder is where the cgroup own is seen below the mount. In a container the
// path can be one of outside; then the mount's root stands for it.
func (m cgroupMount) folder(own string) string {
	relative, err := filepath.Rel(m.root, own)
	if err != nil || !filepath.IsLocal(relative) {
		return m.point
	}
	folder := filepath.Join(m.point, relative)
	if _, err := os.Stat(folder); err != nil {
		return m.point
	}
	return folder
}

func newCgroups1(mounts map[string]cgroupMount, own map[string]string, name string) (*cgroups, error) {
	c := &cgroups{version: "v1", parents: map[string]string{}}
	for _, controller := range append(controllers1[:], scheduler1) {
		m, ok := mounts[controller]
		if !ok && controller == scheduler1 {
			continue
		}
		if !ok {
			return nil, errors.Join(fmt.Errorf("no cgroup controller %s", controller), c.close())
		}
		parent := m.folder(own[controller])
		removeStale(parent)
		dir := filepath.Join(parent, name)
		// Controllers that are mounted together share the folder.
		if err := os.Mkdir(dir, 0o755); err != nil && !os.IsExist(err) {
			return nil, errors.Join(err, c.close())
		}
		c.parents[controller] = dir
	}
	if dir := c.parents[scheduler1]; dir != "" {
		// As much as a session for each run would get, when all processors have one.
		if err := writeControl(dir, "cpu.shares", strconv.Itoa(1024*runtime.NumCPU())); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// schedules tells whether runs are in cgroups that share the processors out.
func (c *cgroups) schedules() bool { return c.version == "v2" || c.parents[scheduler1] != "" }

func newCgroups2(mounts map[string]cgroupMount, own map[string]string, name string) (*cgroups, error) {
	m, ok := mounts[""]
	if !ok {
		return nil, errors.New("no cgroup file system is mounted")
	}
	home, err := home2(m, own[""])
	if err != nil {
		return nil, err
	}
	removeStale(home)
	c := &cgroups{version: "v2", parents: map[string]string{"": filepath.Join(home, name)}}
	if err := os.Mkdir(c.parents[""], 0o755); err != nil {
		return nil, err
	}
	if err := c.delegate(home); err != nil {
		return nil, errors.Join(err, c.close())
	}
	if !exists(filepath.Join(c.parents[""], peakFile)) {
		c.polled = true
		c.weak = "peak memory is read every few milliseconds: a short peak of several processes together can be missed (the limit holds); Linux 5.19 and newer measure it"
	}
	return c, nil
}

// delegate switches the controllers on for the children of home and of our
// folder in it. A cgroup with controllers for its children may not hold
// processes itself, so this process moves to a folder of its own first where
// home is its own cgroup.
func (c *cgroups) delegate(home string) error {
	if !controllersOn(home) {
		if exists(filepath.Join(home, "cgroup.type")) {
			if err := moveFrom(home); err != nil {
				return err
			}
		}
		if err := writeControl(home, "cgroup.subtree_control", controllers2); err != nil {
			return err
		}
	}
	return writeControl(c.parents[""], "cgroup.subtree_control", controllers2)
}

// moveFrom moves this process into a leaf of its own, where it stays: another
// sandbox of the process may need it there. The leaf goes with the scope or
// container that home belongs to, which has no other process, or at the next
// start of evalx.
func moveFrom(home string) error {
	leaf := filepath.Join(home, stalePrefix(os.Getpid())+leafSuffix)
	if err := os.MkdirAll(leaf, 0o755); err != nil {
		return err
	}
	return writeControl(leaf, "cgroup.procs", strconv.Itoa(os.Getpid()))
}

func writeControl(folder, file, value string) error {
	return os.WriteFile(filepath.Join(folder, file), []byte(value), 0)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// stalePrefix begins the name of a folder made by the process pid of our pid
// namespace. The namespace is part of it because containers may share the
// cgroup file system, and none can tell whether a process of another lives.
func stalePrefix(pid int) string {
	namespace, _ := os.Readlink("/proc/self/ns/pid") // such as pid:[4026531836]
	return "evalx-" + strings.Trim(namespace, "pid:[]") + "-" + strconv.Itoa(pid) + "-"
}

// removeStale removes what processes of evalx in our pid namespace left that
// were killed. A folder that still holds a process is not removed by the
// kernel.
func removeStale(parent string) {
	entries, _ := os.ReadDir(parent)
	for _, entry := range entries {
		parts := strings.Split(entry.Name(), "-")
		if len(parts) < 3 {
			continue
		}
		pid, err := strconv.Atoi(parts[2])
		if err != nil || !strings.HasPrefix(entry.Name(), stalePrefix(pid)) || exists("/proc/"+parts[2]) {
			continue
		}
		removeDead(filepath.Join(parent, entry.Name()))
	}
}

// removeDead removes a cgroup with those below it. The processes in them end
// with the one that made them, but a moment later.
func removeDead(dir string) {
	for range 10 {
		for _, below := range []string{"*/*", "*", "."} {
			old, _ := filepath.Glob(filepath.Join(dir, below))
			for _, d := range old {
				os.Remove(d) // fails for the control files
			}
		}
		if !exists(dir) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// newMeter makes the meter of one worker.
func (c *cgroups) newMeter(name string, owner int) (meter, error) {
	// A nil pointer in an interface would not be nil.
	if c.version == "v1" {
		m, err := newMeter1(c.parents, name)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
	m, err := newMeter2(c.parents[""], name, owner)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// close removes what is left after every worker's meter was closed.
func (c *cgroups) close() error {
	var errs []error
	for _, dir := range c.parents {
		errs = append(errs, removeCgroup(dir))
	}
	return errors.Join(errs...)
}
