//go:build linux

package native

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// runVictim runs for ever inside a sandbox, in a process that is going to be
// killed.
func runVictim() {
	s, err := Open(Config{Workers: 1})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go func() {
		time.Sleep(200 * time.Millisecond)
		fmt.Println("running")
	}()
	_, err = s.Run(context.Background(), isolate.Cmd{Args: []string{"/bin/sleep", "1000"}})
	fmt.Println(err)
	os.Exit(1)
}

func TestKilledJudgeLeavesNothing(t *testing.T) {
	victim := exec.Command("/proc/self/exe")
	victim.Env = append(os.Environ(), "EVALX_TEST_VICTIM=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "running\n" {
		t.Fatalf("victim said %q", line)
	}
	family := descendants(victim.Process.Pid)
	if len(family) != 2 {
		t.Fatalf("victim has descendants %v, want supervisor and sleep", family)
	}
	victim.Process.Kill()
	victim.Wait()
	for _, pid := range family {
		waitGone(t, pid)
	}
	openSandbox(t, 1) // sweeps
	for _, c := range []string{"memory", "cpuacct", "pids", "cpu", ""} {
		left, _ := filepath.Glob(filepath.Join("/sys/fs/cgroup", c, "*", "*", stalePrefix(victim.Process.Pid)+"*"))
		if len(left) > 0 {
			t.Errorf("cgroups left: %v", left)
		}
	}
}

// descendants returns the children of pid and theirs.
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

func waitGone(t *testing.T, pid int) {
	t.Helper()
	for range 100 {
		if !exists("/proc/" + strconv.Itoa(pid)) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

func TestCloseDuringRun(t *testing.T) {
	s := openSandbox(t, 2)
	done := make(chan error)
	go func() {
		_, err := s.Run(context.Background(), isolate.Cmd{Args: []string{"/bin/sleep", "1000"}})
		done <- err
	}()
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("Run returned no error although its sandbox was closed")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestOwnCgroupFolder(t *testing.T) {
	point := t.TempDir()
	if err := os.MkdirAll(filepath.Join(point, "user.slice", "a.scope"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ root, own, want string }{
		{"/", "/user.slice/a.scope", "/user.slice/a.scope"},
		{"/user.slice", "/user.slice/a.scope", ""}, // seen from a container: a.scope is not below the mount
		{"/docker/1", "/docker/1", ""},
		{"/docker/1", "/../elsewhere", ""},
		{"/", "/", ""},
	} {
		m := cgroupMount{point: point, root: test.root}
		if got := strings.TrimPrefix(m.folder(test.own), point); got != test.want {
			t.Errorf("mount of %s, cgroup %s: folder %q, want %q", test.root, test.own, got, test.want)
		}
	}
}

func TestCgroupFiles(t *testing.T) {
	dir := t.TempDir()
	mountinfo := filepath.Join(dir, "mountinfo")
	content := `30 23 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:10 - cgroup cgroup rw,cpu,cpuacct
31 23 0:27 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
32 23 0:28 / /sys/fs/cgroup/unified rw shared:3 master:1 - cgroup2 cgroup2 rw,nsdelegate
33 23 0:29 / / rw - ext4 /dev/sda rw
`
	if err := os.WriteFile(mountinfo, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	mounts, err := cgroupMounts(mountinfo)
	if err != nil {
		t.Fatal(err)
	}
	for controller, want := range map[string]cgroupMount{
		"cpuacct": {"/sys/fs/cgroup/cpu,cpuacct", "/"},
		"memory":  {"/sys/fs/cgroup/memory", "/docker/x"},
		"":        {"/sys/fs/cgroup/unified", "/"},
	} {
		if mounts[controller] != want {
			t.Errorf("%q: %v, want %v", controller, mounts[controller], want)
		}
	}
	own := filepath.Join(dir, "cgroup")
	if err := os.WriteFile(own, []byte("4:cpu,cpuacct:/a:b\n1:name=systemd:/s\n0::/user.slice\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	paths, err := ownCgroups(own)
	if err != nil || paths["cpuacct"] != "/a:b" || paths[""] != "/user.slice" {
		t.Errorf("own cgroups %v, %v", paths, err)
	}
}
