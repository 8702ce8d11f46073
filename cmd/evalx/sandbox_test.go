package main

import (
	"os/exec"
	"strings"
	"testing"
)

// walled is evalx where no further user namespace may be made, so that there
// is no native sandbox.
func walled(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	self, err := exec.LookPath("evalx")
	if err != nil {
		t.Fatal(err)
	}
	script := `echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"`
	dir, _ := sleeper(t)
	cmd := evalx(dir)
	cmd.Path, cmd.Args = "", append([]string{"unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", self}, args...)
	if cmd.Path, err = exec.LookPath("unshare"); err != nil {
		t.Fatal(err)
	}
	var out, words strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.Run() // the exit code is the caller's to judge
	return out.String(), words.String(), cmd.ProcessState.ExitCode()
}

func TestWithoutNativeSandbox(t *testing.T) {
	stdout, stderr, code := walled(t, "judge", "--sandbox=native", "main.sh", "p")
	for _, want := range []string{
		"evalx: error: sandbox native: sandbox unavailable: ",
		"(user namespaces are switched off: sysctl user.max_user_namespaces=10000)\n",
		"evalx: hint: `evalx doctor` says what to mend; or type --sandbox=none",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("standard error lacks %q:\n%s", want, stderr)
		}
	}
	if stdout != "" || code != exitInternal {
		t.Errorf("exit code %d, printed %q", code, stdout)
	}
}

func TestDoctorWithoutNativeSandbox(t *testing.T) {
	stdout, stderr, code := walled(t, "doctor")
	if code != exitInternal && code != exitUnexpected || !strings.Contains(stdout, " native: fork") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
