//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// count is one thing that must not grow by more than its slack.
type count struct {
	name   string
	number int
	slack  int
	unit   string
}

// takeCensus counts what there is of ours, when nothing runs.
func takeCensus(dir string) ([]count, error) {
	time.Sleep(200 * time.Millisecond) // the kernel is still cleaning up
	runtime.GC()
	debug.FreeOSMemory()
	self := os.Getpid()
	family := descendants(self)
	supervisors, mounts, files := 0, 0, 0
	for _, pid := range family {
		supervisors += memory(pid)
		mounts += strings.Count(read(pid, "mountinfo"), "\n")
		files += entries(pid) // none where we may not look: supervisors are not dumpable
	}
	temporary, err := filepath.Glob(filepath.Join(os.TempDir(), "evalx-*"))
	if err != nil {
		return nil, err
	}
	return []count{
		{"processes", len(family), 0, ""},
		{"descriptors of evalx", entries(self), 0, ""},
		{"descriptors of supervisors", files, 0, ""},
		{"mounts of evalx", strings.Count(read(self, "mountinfo"), dir), 0, ""},
		{"mounts of supervisors", mounts, 0, ""},
		{"cgroups", cgroups(self), 0, ""},
		{"temporary folders", len(temporary), 0, ""},
		{"files in our folder", below(dir), 0, ""},
		{"memory of evalx", memory(self), 8 << 10, "KiB"},
		{"memory of supervisors", supervisors, 8 << 10, "KiB"},
		// Of the whole machine, so it says little while others work on it.
		{"slab that cannot be reclaimed", slab(), 128 << 10, "KiB"},
	}, nil
}

// compare prints two censuses and returns an error if something has grown.
func compare(out io.Writer, before, after []count) error {
	var grown []string
	fmt.Fprintf(out, "%-32s %10s %10s\n", "", "before", "after")
	for i, b := range before {
		a := after[i]
		fmt.Fprintf(out, "%-32s %10d %10d %s\n", b.name, b.number, a.number, b.unit)
		if a.number > b.number+b.slack {
			grown = append(grown, b.name)
		}
	}
	if len(grown) > 0 {
		return fmt.Errorf("grown: %s", strings.Join(grown, ", "))
	}
	fmt.Fprintln(out, "nothing has grown")
	return nil
}

// read reads a file of a process; what has gone is empty.
func read(pid int, name string) string {
	data, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
	return string(data)
}

func entries(pid int) int {
	list, _ := os.ReadDir(filepath.Join("/proc", strconv.Itoa(pid), "fd"))
	return len(list)
}

// memory is the resident memory of a process in KiB.
func memory(pid int) int { return field(read(pid, "status"), "VmRSS:") }

func slab() int {
	data, _ := os.ReadFile("/proc/meminfo")
	return field(string(data), "SUnreclaim:")
}

// field reads the number behind a name in files such as proc_pid_status(5).
func field(text, name string) int {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == name {
			n, _ := strconv.Atoi(words[1])
			return n
		}
	}
	return 0
}

// descendants returns the children of a process and theirs.
func descendants(pid int) (all []int) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		for _, word := range strings.Fields(string(data)) {
			child, _ := strconv.Atoi(word)
			all = append(append(all, child), descendants(child)...)
		}
	}
	return all
}

// cgroups counts the cgroups that the process pid made, with those below.
func cgroups(pid int) (n int) {
	mark := "-" + strconv.Itoa(pid) + "-"
	filepath.WalkDir("/sys/fs/cgroup", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && strings.Contains(path, "/evalx-") && strings.Contains(path, mark) {
			n++
		}
		return nil // others make and remove cgroups meanwhile
	})
	return n
}

// below counts the files and folders below dir.
func below(dir string) (n int) {
	filepath.WalkDir(dir, func(string, fs.DirEntry, error) error {
		n++
		return nil
	})
	return n
}
