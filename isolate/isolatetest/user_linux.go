package isolatetest

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ordinary is the user and group that AsOrdinaryUser becomes: one without
// rights, and without an entry in /etc/passwd.
const ordinary = 54321

// AsOrdinaryUser runs the tests of the same test binary whose names match the
// pattern once more, as a user without rights. Tests that do not run as root
// are that already, and it does nothing. The environment has env, as KEY=value,
// in addition to what every test needs.
func AsOrdinaryUser(t *testing.T, pattern string, env ...string) {
	if os.Getuid() != 0 {
		t.Logf("user %d is an ordinary one: the other tests say it all", os.Getuid())
		return
	}
	dir := ordinaryFolder(t)
	again := exec.Command(filepath.Join(dir, "test"), "-test.v", "-test.run", pattern)
	again.Dir = dir
	again.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir}
	again.Env = append(again.Env, env...)
	again.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: ordinary, Gid: ordinary},
		Pdeathsig:  syscall.SIGKILL,
	}
	out, err := again.CombinedOutput()
	passed := strings.Count(string(out), "--- PASS")
	if err != nil || passed == 0 {
		t.Errorf("as user %d: %v, %d tests passed\n%s", ordinary, err, passed, failures(string(out)))
	}
	t.Logf("%d tests passed as user %d", passed, ordinary)
}

// ordinaryFolder makes a folder of that user with a copy of the test binary.
// The test's own temporary folder would not do: only its owner can reach it.
func ordinaryFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "evalx-ordinary-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := copyProgram(filepath.Join(dir, "test"), "/proc/self/exe"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, ordinary, ordinary); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyProgram(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// failures leaves out the lines that only say that a test began or passed.
func failures(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		text := strings.TrimSpace(line)
		if !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "--- PASS") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
