//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/evalx/evalx/isolate"
)

// folderWith makes a folder with files of the given contents.
func folderWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestHasControllers(t *testing.T) {
	for have, want := range map[string]string{ // part of the error; empty: none
		"cpuset cpu io memory pids\n": "",
		"memory pids\n":               "",
		"cpu pids\n":                  "has no controller memory",
		"memory\n":                    "has no controller pids",
		"\n":                          "has no controller memory",
	} {
		err := hasControllers(folderWith(t, map[string]string{"cgroup.controllers": have, "cgroup.type": "domain\n"}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", have, err, want)
		}
	}
	// The root of the hierarchy is the one folder without a type.
	err := hasControllers(folderWith(t, map[string]string{"cgroup.controllers": "pids\n"}))
	if err == nil || !strings.Contains(err.Error(), "boot with cgroup_enable=memory") {
		t.Errorf("got %v", err)
	}
}

func TestAlone(t *testing.T) {
	own := strconv.Itoa(os.Getpid())
	for procs, want := range map[string]bool{own + "\n": true, own + "\n1\n": false, "1\n": false, "": false} {
		if err := alone(folderWith(t, map[string]string{"cgroup.procs": procs})); (err == nil) != want {
			t.Errorf("%q: got %v, want alone %v", procs, err, want)
		}
	}
}

// TestCgroupsAreRemoved: what a sandbox makes goes with it, but for the leaf
// that this process is in.
func TestCgroupsAreRemoved(t *testing.T) {
	s := openSandbox(t, 1)
	t.Logf("cgroup %q %s", s.groups.version, s.groups.weak)
	if runShell(t, s, "true", isolate.Limits{}); len(s.groups.parents) == 0 && s.groups.version != "" {
		t.Error("a cgroup without a folder")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range s.groups.parents {
		left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), stalePrefix(os.Getpid())+"*"))
		own := filepath.Join(filepath.Dir(dir), stalePrefix(os.Getpid())+leafSuffix)
		if err != nil || slices.ContainsFunc(left, func(e string) bool { return e != own }) {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// TestStartedByEvalx: an evalx that another one started while it judges has
// cgroups as good.
func TestStartedByEvalx(t *testing.T) {
	s := openSandbox(t, 1)
	out, err := exec.Command("/proc/self/exe", "-test.v", "-test.run=^TestCgroupsAreRemoved$").CombinedOutput()
	if want := fmt.Sprintf("cgroup %q", s.groups.version); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("got %v, want %s:\n%s", err, want, out)
	}
	if exit, _, _ := runShell(t, s, "true", isolate.Limits{}); exit.Status != isolate.Exited {
		t.Errorf("afterwards: %+v", exit)
	}
}
