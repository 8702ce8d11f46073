package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var kills = flag.Int("kills", 8, "kill evalx at this many moments, for each sandbox")

// latestKill is about how long the judging takes that is killed.
const latestKill = 2 * time.Second

// TestKilledAtAnyMoment kills evalx with SIGKILL, stopped or not, while it
// starts, compiles, runs and collects. Nothing may run on, and the next evalx
// removes what is left on disk and in the cgroups.
func TestKilledAtAnyMoment(t *testing.T) {
	adoptOrphans(t)
	for _, sandbox := range []string{"native", "none"} {
		t.Run(sandbox, func(t *testing.T) {
			dir := killPackage(t)
			var killed []int
			for i := range *kills {
				at := rand.N(latestKill)
				killed = append(killed, killAt(t, dir, sandbox, at, i))
				if left := survivors(t); len(left) > 0 {
					t.Fatalf("killed after %v: these run on: %q", at, left)
				}
			}
			out, err := evalx(dir, "judge", "--sandbox="+sandbox, quick, "a.c", "p").CombinedOutput()
			if err != nil {
				t.Fatalf("the next evalx: %v\n%s", err, out)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "evalx-*")); len(left) > 0 {
				t.Errorf("temporary folders are left: %v", left)
			}
			if left := cgroupsOf(killed); len(left) > 0 {
				t.Errorf("cgroups are left: %v", left)
			}
			if mounts := read("/proc/self/mountinfo"); strings.Contains(mounts, dir) {
				t.Errorf("mounts are left in %s: %s", dir, mounts)
			}
		})
	}
}

// killPackage is a problem whose judging takes a while in each of its parts.
func killPackage(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"p/problem.yaml": "problem_format_version: 2025-09\nuuid: 5\nname: p\nlimits: {time_limit: 2}\n",
		"a.c": "#include <stdio.h>\n#include <unistd.h>\nint main(void) {\n" +
			"\tint ms;\n\tif (scanf(\"%d\", &ms) == 1) usleep(ms * 1000);\n\tputs(\"a\");\n}\n",
	}
	for i := range 12 {
		// The first two last longer than survivors waits, and are not for judging
		// to the end.
		files[fmt.Sprintf("p/data/secret/%02d.in", i)] = fmt.Sprintln(9000 >> (i / 2 * 7))
		files[fmt.Sprintf("p/data/secret/%02d.ans", i)] = "a\n"
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// quick selects the test cases that are.
const quick = "--only=secret/1*"

// killAt starts evalx, kills it after a while and returns its process number.
// Every other time it is about to end, and every fourth time it is stopped.
func killAt(t *testing.T, dir, sandbox string, after time.Duration, number int) int {
	t.Helper()
	args := []string{"judge", "--no-cache", "--jobs=2", "--sandbox=" + sandbox, "a.c", "p"}
	if number%2 == 0 {
		args = append(args, quick)
	}
	stopped := number%4 == 3
	cmd := evalx(dir, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if stopped {
		cmd.Process.Signal(syscall.SIGSTOP)
		time.Sleep(20 * time.Millisecond)
	}
	cmd.Process.Kill()
	cmd.Wait()
	return cmd.Process.Pid
}

// adoptOrphans makes this process the parent of its grandchildren when their
// parent dies, see PR_SET_CHILD_SUBREAPER in prctl(2).
func adoptOrphans(t *testing.T) {
	t.Helper()
	const setChildSubreaper = 36
	set := func(on uintptr) {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, on, 0); errno != 0 {
			t.Fatal(errno)
		}
	}
	set(1)
	t.Cleanup(func() { set(0) })
}

// survivors waits for all children of this process to end, and returns the
// command lines of those that do not.
func survivors(t *testing.T) (left []string) {
	t.Helper()
	for range 500 {
		_, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.ECHILD) {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	files, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, pid := range strings.Fields(read(file)) {
			left = append(left, pid+": "+read("/proc/"+pid+"/cmdline"))
		}
	}
	return left
}

func read(file string) string {
	data, _ := os.ReadFile(file) // the process may have gone
	return string(data)
}

// cgroupsOf finds the cgroups that the processes made.
func cgroupsOf(pids []int) (left []string) {
	filepath.WalkDir("/sys/fs/cgroup", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return nil // others make and remove cgroups, too
		}
		for _, pid := range pids {
			if name := entry.Name(); strings.HasPrefix(name, "evalx-") && strings.Contains(name, "-"+strconv.Itoa(pid)+"-") {
				left = append(left, path)
			}
		}
		return nil
	})
	return left
}
