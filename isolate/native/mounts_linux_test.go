//go:build linux && (amd64 || arm64)

package native

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// What is mounted below a folder that was shown stays mounted on the host when
// the folder is shown no more, also where mounts are shared as systemd has them.
func TestMountsOfTheHostStay(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount what could be lost")
	}
	shown := t.TempDir()
	below := filepath.Join(shown, "below")
	mount := func(target string) {
		t.Helper()
		if err := unix.Mount("tmpfs", target, "tmpfs", 0, "size=1m"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Unmount(target, unix.MNT_DETACH) })
		if err := unix.Mount("", target, "", unix.MS_SHARED, ""); err != nil {
			t.Fatal(err)
		}
	}
	mount(shown)
	if err := os.Mkdir(below, 0o755); err != nil {
		t.Fatal(err)
	}
	mount(below)
	if err := os.WriteFile(filepath.Join(below, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := openSandbox(t, 1)
	for _, mounts := range [][]isolate.Mount{{{Source: shown, Target: isolate.ProgramDir}}, nil} {
		cmd := shell("true")
		cmd.Mounts = mounts
		runCmd(t, s, cmd)
	}
	if _, err := os.Stat(filepath.Join(below, "file")); err != nil {
		t.Errorf("after the run: %v", err)
	}
}
