// Package cores knows the processors that this process may use and hands them
// out, so that no two runs which are measured share a core.
//
// A processor is what the operating system schedules on, and a core is the
// hardware behind one or, with SMT, several of them. Two programs on one core
// take turns at its units and caches, so that each uses more CPU time than it
// would alone.
package cores

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Core is a physical core.
type Core struct {
	CPUs []int // its processors that this process may use, ascending, at least one
	Fast bool  // of the fastest kind that this process may use
}

// Where Linux describes processors, see sysfs-devices-system-cpu in its
// documentation. Intel's hybrid machines name the small cores in atoms; others,
// and newer kernels on Intel's, give each processor's capacity.
const (
	described = "sys/devices/system/cpu"
	atoms     = "sys/devices/cpu_atom/cpus"
)

// A processor is of the fastest kind if its capacity is at least this part of
// the highest one: cores of one kind differ a little in how fast they get.
const sameKind = 0.9

// List returns the cores of the allowed processors, in the order of their
// first one. root is the root of the file system. What it does not tell is
// taken for a plain machine: each processor a core, all of one kind.
func List(root fs.FS, allowed []int) []Core {
	speed := speeds(root, allowed)
	var found []Core
	at := map[string]int{} // index in found by the list of all processors of the core
	for _, cpu := range slices.Sorted(slices.Values(allowed)) {
		siblings := read(root, path.Join(described, "cpu"+strconv.Itoa(cpu), "topology/thread_siblings_list"))
		i, known := at[siblings]
		if siblings != "" && known {
			found[i].CPUs = append(found[i].CPUs, cpu)
			continue
		}
		at[siblings] = len(found)
		found = append(found, Core{CPUs: []int{cpu}, Fast: speed[cpu] >= sameKind})
	}
	return found
}

// speeds returns for each processor its speed, from 0 to 1, relative to the
// fastest one.
func speeds(root fs.FS, allowed []int) map[int]float64 {
	small := parse(read(root, atoms))
	speed := map[int]float64{}
	fastest := 0.0
	for _, cpu := range allowed {
		capacity, err := strconv.ParseFloat(read(root, path.Join(described, "cpu"+strconv.Itoa(cpu), "cpu_capacity")), 64)
		switch {
		case err == nil:
		case slices.Contains(small, cpu):
			capacity = 0.5
		default:
			capacity = 1
		}
		speed[cpu] = capacity
		fastest = max(fastest, capacity)
	}
	for cpu := range speed {
		speed[cpu] /= fastest
	}
	return speed
}

func read(root fs.FS, name string) string {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// parse reads a list of processors such as 0-3,8. What is wrong in it is left
// out.
func parse(text string) (cpus []int) {
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if err == nil && ranged {
			to, err = strconv.Atoi(last)
		}
		for ; err == nil && from <= to; from++ {
			cpus = append(cpus, from)
		}
	}
	return cpus
}
