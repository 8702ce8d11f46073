//go:build linux && (amd64 || arm64)

package native

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// What a program reads from a disk is charged to its cgroup if it is the first
// to do so. It is not the program's memory.
func TestPeakMemoryIsThatOfWarmFiles(t *testing.T) {
	s := openMeasured(t)
	dir := bigFile(t)
	for _, script := range []string{
		"exec cat /prog/big >/dev/null",
		`exec python3 -c "import mmap; f = open('/prog/big'); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); print(sum(m[::4096]))"`,
	} {
		cmd := reads(dir, script)
		runCmd(t, s, cmd) // what the interpreter reads is warm from now on
		forget(t, dir)
		cold, _, errOut := runCmd(t, s, cmd)
		warm, _, _ := runCmd(t, s, cmd)
		if cold.Code != 0 || cold.Memory > warm.Memory+1<<20 || cold.Memory < warm.Memory-1<<20 {
			t.Errorf("%s: peak %d KiB cold, %d KiB warm; %s", script, cold.Memory>>10, warm.Memory>>10, errOut)
		}
	}
}

// The page cache of an earlier run, which gives way to the memory of the next,
// hides none of it.
func TestPeakMemoryWithPageCacheInTheWay(t *testing.T) {
	s := openMeasured(t)
	dir := bigFile(t)
	forget(t, dir)
	runCmd(t, s, reads(dir, "exec cat /prog/big >/dev/null"))
	cmd := reads(dir, `exec python3 -c "b = bytearray(40 << 20)"`)
	cmd.Limits.Memory = 64 << 20
	exit, _, errOut := runCmd(t, s, cmd)
	if exit.Code != 0 || exit.Memory < 40<<20 || exit.Memory > 60<<20 {
		t.Errorf("%+v, want a peak of 40 MiB and what python needs; %s", exit, errOut)
	}
}

// openMeasured opens a sandbox that measures by cgroup.
func openMeasured(t *testing.T) *Sandbox {
	t.Helper()
	s := openSandbox(t, 1)
	if s.Capabilities().Cgroup == "" {
		t.Skip("without a cgroup a process's memory is what it has mapped, page cache or not")
	}
	return s
}

func reads(dir, script string) isolate.Cmd {
	cmd := shell(script)
	cmd.Mounts = []isolate.Mount{{Source: dir, Target: isolate.ProgramDir}}
	return cmd
}

// bigFile makes a folder with a file big of 50 MiB. It is in the package's own
// folder, for temporary ones can be in memory.
func bigFile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(".", "cold-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if dir, err = filepath.Abs(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "big"), bytes.Repeat([]byte("evalx"), 10<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// forget makes the kernel drop the file from its page cache.
func forget(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "big"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil { // dirty pages stay
		t.Fatal(err)
	}
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		t.Fatal(err)
	}
}
