//go:build linux && (amd64 || arm64)

package native

import (
	"os"
	"path/filepath"
	"testing"
)

// TestContainerFlags: each thing that a container puts in the way is named by
// the flag that takes it away, and nothing else is. The texts are those that a
// container of Docker 20.10 has, with and without the flags.
func TestContainerFlags(t *testing.T) {
	const (
		filtered = "Name:\tevalx\nNoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\n"
		free     = "Name:\tevalx\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n"
		masked   = "71 60 0:49 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n" +
			"83 71 0:54 / /proc/acpi ro,relatime - tmpfs tmpfs ro\n"
		whole = "71 60 0:49 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n"
	)
	for _, test := range []struct{ status, profile, mounts, want string }{
		{free, "unconfined\n", whole, ""},
		{filtered, "unconfined\n", whole, " --security-opt seccomp=unconfined"},
		{free, "docker-default (enforce)\n", whole, " --security-opt apparmor=unconfined"},
		{free, "", masked, " --security-opt systempaths=unconfined"},
		{filtered, "docker-default (enforce)\n", masked,
			" --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"},
	} {
		proc := t.TempDir()
		for name, text := range map[string]string{"status": test.status, "attr/current": test.profile, "mountinfo": test.mounts} {
			file := filepath.Join(proc, "self", name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := containerFlags(proc); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestOlderThan(t *testing.T) {
	for release, want := range map[string]bool{
		"5.10.0-32-amd64": true, "5.4.0": true, "4.18.0-553.el8.x86_64": true, "5.11.22-lts": true,
		"5.12.0": false, "5.15.0-25-generic": false, "6.1.0": false, "6.18.5+": false, "": false, "unknown": false,
	} {
		if got := olderThan(release, oldestKernel); got != want {
			t.Errorf("%q: %v, want %v", release, got, want)
		}
	}
}
