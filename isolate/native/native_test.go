//go:build linux

package native

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

func TestMain(m *testing.M) {
	Main()
	if os.Getenv("EVALX_TEST_VICTIM") != "" {
		runVictim()
	}
	os.Exit(m.Run())
}

func runShell(t *testing.T, s *Sandbox, script string, l isolate.Limits) (isolate.Exit, string, string) {
	t.Helper()
	cmd := shell(script)
	cmd.Limits = l
	return runCmd(t, s, cmd)
}

func runPinned(t *testing.T, s *Sandbox, cpus []int, script string) (isolate.Exit, string, string) {
	t.Helper()
	cmd := shell(script)
	cmd.CPUs = cpus
	return runCmd(t, s, cmd)
}

func shell(script string) isolate.Cmd {
	return isolate.Cmd{Args: []string{"/bin/sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Limits: usual}
}

func runCmd(t *testing.T, s *Sandbox, cmd isolate.Cmd) (isolate.Exit, string, string) {
	t.Helper()
	out, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	errOut, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	defer errOut.Close()
	cmd.Stdout, cmd.Stderr = out, errOut
	exit, err := s.Run(context.Background(), cmd)
	if err != nil {
		t.Fatal(err)
	}
	return exit, contents(t, out), contents(t, errOut)
}

func contents(t *testing.T, f *os.File) string {
	t.Helper()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(io.NewSectionReader(f, 0, info.Size()))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(data))
}

func openSandbox(t *testing.T, workers int) *Sandbox {
	t.Helper()
	s, err := Open(Config{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

var usual = isolate.Limits{CPU: 2 * time.Second, Wall: 10 * time.Second, Memory: 256 << 20, Processes: 20, Output: 1 << 20}

func TestRunStartsWithNothingOfOthers(t *testing.T) {
	s := openSandbox(t, 1)
	for _, test := range []struct{ what, script, want string }{
		{"user", "id -u; id -g; id -G", "1000\n1000\n1000"},
		{"folder", "pwd; ls -A . /tmp /dev/shm | grep -v : | tr -d '\\n'", "/w/box"},
		{"descriptors", "ls /proc/self/fd | tr -d '\\n'", "0123"}, // 3 is ls's own
		{"environment", "env | grep -v PWD", "PATH=/usr/bin:/bin"},
		{"capabilities", "grep -c -E 'Cap(Inh|Prm|Eff|Bnd|Amb):.0000000000000000' /proc/self/status", "5"},
		{"no_new_privs and seccomp", "grep -c -E '(NoNewPrivs:.1|Seccomp:.2)' /proc/self/status", "2"},
		{"write files", "echo x > a; echo y > /tmp/b; echo z > /dev/shm/c; cat a /tmp/b /dev/shm/c | tr -d '\\n'", "xyz"},
		{"and find none of them", "ls -A . /tmp/. /dev/shm/. | grep -v : | tr -d '\\n'", ""},
	} {
		exit, out, errOut := runShell(t, s, test.script, usual)
		if exit.Signal != 0 || out != test.want {
			t.Errorf("%s: %+v, output %q, want %q; %s", test.what, exit, out, test.want, errOut)
		}
	}
}

func TestLimits(t *testing.T) {
	s := openSandbox(t, 1)
	for _, test := range []struct {
		script string
		limits isolate.Limits
		want   isolate.Status
	}{
		{"exit 3", usual, isolate.Exited},
		{"kill -SEGV $$", usual, isolate.Signaled},
		{"while :; do :; done", isolate.Limits{CPU: 100 * time.Millisecond, Wall: 9 * time.Second}, isolate.TimeLimit},
		{"sleep 9", isolate.Limits{CPU: time.Second, Wall: 100 * time.Millisecond}, isolate.WallLimit},
		{"exec yes", isolate.Limits{Wall: 9 * time.Second, Output: 1 << 10}, isolate.OutputLimit},
		{"sleep 9 & exit 0", usual, isolate.Exited},
	} {
		exit, _, _ := runShell(t, s, test.script, test.limits)
		if exit.Status != test.want || exit.Wall > 5*time.Second {
			t.Errorf("%s: %+v, want %v", test.script, exit, test.want)
		}
	}
}

func TestMemoryThatNoProcessHas(t *testing.T) {
	s := openSandbox(t, 1)
	if s.Capabilities().Cgroup == "" {
		t.Log("without a cgroup only processes' memory is measured")
		return
	}
	limits := usual
	limits.Memory, limits.Output = 32<<20, 0
	exit, _, _ := runShell(t, s, "head -c 100M /dev/zero > /tmp/a", limits)
	if exit.Status != isolate.MemoryLimit {
		t.Errorf("%+v, want a memory limit", exit)
	}
	if exit, out, _ := runShell(t, s, "echo still here", limits); out != "still here" {
		t.Errorf("the next run: %+v, %q", exit, out)
	}
}

func TestRunThatEndedWhileEvalxSlept(t *testing.T) {
	s := openSandbox(t, 1)
	w, err := s.take(isolate.Cmd{})
	if err != nil {
		t.Fatal(err)
	}
	cmd := isolate.Cmd{Args: []string{"/bin/true"}, Limits: isolate.Limits{Wall: 200 * time.Millisecond}}
	if err := w.prepare(cmd); err != nil {
		t.Fatal(err)
	}
	if err := w.start(cmd, [3]int{-1, -1, -1}); err != nil {
		t.Fatal(err)
	}
	watch := newWatch(cmd, 1, w.meter, stdio{ours: [2]int{-1, -1}})
	time.Sleep(400 * time.Millisecond)
	if err := watch.wait(w); err != nil || watch.killed != 0 {
		t.Errorf("killed for %v, %v", watch.killed, err)
	}
	if err := s.release(w); err != nil {
		t.Error(err)
	}
}
