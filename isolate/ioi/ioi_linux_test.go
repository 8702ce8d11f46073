package ioi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// firstBox is above what any real isolate on this machine uses.
const firstBox = 90000

func openStandIn(t *testing.T, s standIn, workers int, noCgroup bool) *Sandbox {
	t.Helper()
	sandbox, err := Open(Config{Path: s.path(), Workers: workers, Temp: t.TempDir(), FirstBox: firstBox, NoCgroup: noCgroup})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sandbox.Close(); err != nil {
			t.Error(err)
		}
	})
	return sandbox
}

// commands leaves of each command line the box, --cg and the command.
func commands(calls [][]string) []string {
	var short []string
	for _, args := range calls {
		kept := slices.DeleteFunc(slices.Clone(args), func(a string) bool {
			return !slices.Contains([]string{"--cg", "--init", "--run", "--cleanup", "--version", "--check-config", "-vv"}, a)
		})
		short = append(short, strings.Join(kept, " "))
	}
	return short
}

func wantCommands(t *testing.T, s standIn, want ...string) {
	t.Helper()
	if got := commands(s.calls(t)); !slices.Equal(got, want) {
		t.Errorf("isolate was called with %q, want %q", got, want)
	}
}

func TestLifeOfARun(t *testing.T) {
	for _, test := range []struct {
		version string
		opening []string
	}{
		{"1.10.1", []string{"--version", "--cg --init", "--cg --run", "--cg --cleanup"}},
		{"2.6", []string{"--version", "--check-config -vv", "--cg --init", "--cg --run", "--cg --cleanup"}},
	} {
		s := newStandIn(t, test.version)
		sandbox := openStandIn(t, s, 1, false)
		wantCommands(t, s, test.opening...)
		exit, err := sandbox.Run(t.Context(), isolate.Cmd{
			Args:  []string{"/w/box/x"},
			Files: []isolate.File{{Path: "deep/x", Mode: 0o755, Data: []byte("text")}},
			Collect: func(path string, mode os.FileMode, size int64, _ io.Reader) error {
				if path != "deep/x" || mode != 0o755 || size != 4 {
					t.Errorf("collected %s %o %d", path, mode, size)
				}
				return nil
			},
		})
		if err != nil || exit.Status != isolate.Exited || exit.Memory != 1116<<10 {
			t.Errorf("%+v, %v", exit, err)
		}
		wantCommands(t, s, "--cg --init", "--cg --run", "--cg --cleanup")
		if c := sandbox.Capabilities(); c.Cgroup != "v"+test.version[:1] || len(c.Weak) != 1 {
			t.Errorf("%+v", c) // weak, since the recorded run has no cg-mem
		}
	}
}

func TestCommandLineOfARun(t *testing.T) {
	s := newStandIn(t, "2.6")
	sandbox := openStandIn(t, s, 1, true)
	s.calls(t)
	dir := t.TempDir()
	cmd := isolate.Cmd{Args: []string{"/prog/x"}, Mounts: []isolate.Mount{{Source: dir, Target: "/prog"}}}
	if _, err := sandbox.Run(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	args := s.calls(t)[1]
	for _, want := range []string{
		fmt.Sprint("--box-id=", firstBox), "--no-default-dirs", "--dir=prog=" + dir, "--dir=w/box=./box:rw", "--dir=proc=proc:fs",
		"--dir=usr=/usr", "--dir=tmp:tmp", "--env=LIBC_FATAL_STDERR_=", "--chdir=/w/box",
	} {
		if !slices.Contains(args, want) {
			t.Errorf("%q lacks %s", args, want)
		}
	}
	for i, a := range args {
		if rule, ok := strings.CutPrefix(a, "--dir="); ok && strings.HasSuffix(rule, ":rw") && rule != "w/box=./box:rw" {
			t.Errorf("argument %d: the program may write to %s", i, rule)
		}
	}
}

func TestVerdictsFromRecordedRuns(t *testing.T) {
	s := newStandIn(t, "1.10.1")
	sandbox := openStandIn(t, s, 1, true)
	for name, want := range map[string]isolate.Status{
		"v1-ok": isolate.Exited, "v1-signal": isolate.Signaled, "v2-cpu": isolate.TimeLimit,
		"v2-wall": isolate.WallLimit, "v1-output": isolate.OutputLimit,
	} {
		s.put(t, "play", recorded(t, name))
		if exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{"/bin/sh"}}); err != nil || exit.Status != want {
			t.Errorf("%s: %v, %v", name, exit.Status, err)
		}
	}
	for _, text := range []string{recorded(t, "v2-refused"), "", "status:TO\nstatus:XX\nmessage:broken\n", "time:0.1"} {
		s.put(t, "play", text)
		if exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{"/bin/sh"}}); err == nil {
			t.Errorf("%q: no error, but %+v", text, exit)
		}
	}
	s.put(t, "play", recorded(t, "v1-missing"))
	for program, fails := range map[string]bool{"/bin/sh": false, "/nonesuch": true, "/etc/passwd": true, "/usr": true, "/w/box/x": true} {
		if exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{program}}); (err != nil) != fails {
			t.Errorf("%s ended with code 127: %+v, %v", program, exit, err)
		}
	}
}

func TestMuchOutput(t *testing.T) {
	s := newStandIn(t, "1.10.1")
	sandbox := openStandIn(t, s, 1, true)
	for size, want := range map[int]isolate.Status{1000: isolate.Exited, 1001: isolate.OutputLimit, 1024: isolate.OutputLimit} {
		s.put(t, "stdout", strings.Repeat("o", size))
		out, err := isolate.Output()
		if err != nil {
			t.Fatal(err)
		}
		exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{"/bin/sh"}, Stdout: out, Limits: isolate.Limits{Output: 1000}})
		info, _ := out.Stat()
		if err != nil || exit.Status != want || info.Size() > 1001 {
			t.Errorf("%d bytes: %v, %v, kept %d", size, exit.Status, err, info.Size())
		}
		out.Close()
	}
}

// A program that goes on although it may write no more is not waited for.
func TestOutputWithoutEnd(t *testing.T) {
	s := newStandIn(t, "1.10.1")
	sandbox := openStandIn(t, s, 1, true)
	s.put(t, "stdout", strings.Repeat("o", 1001))
	s.put(t, "hang", recorded(t, "v1-terminated"))
	out, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{"/bin/sh"}, Stdout: out, Limits: isolate.Limits{Output: 1000}})
	if err != nil || exit.Status != isolate.OutputLimit {
		t.Errorf("%+v, %v", exit, err)
	}
}

// isolate must be asked to end: if it were killed, the program would run on.
func TestCancelTerminatesIsolate(t *testing.T) {
	s := newStandIn(t, "2.6")
	sandbox := openStandIn(t, s, 1, false)
	s.calls(t)
	s.put(t, "hang", recorded(t, "v2-terminated"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if exit, err := sandbox.Run(ctx, isolate.Cmd{Args: []string{"/bin/sh"}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", exit, err)
	}
	wantCommands(t, s, "--cg --init", "--cg --run", "--cg --cleanup")
}

// A program that is quicker than isolate is not the sandbox's failure.
func TestProgramThatIsolateGivesUpOn(t *testing.T) {
	s := newStandIn(t, "2.6")
	sandbox := openStandIn(t, s, 1, true)
	s.calls(t)
	s.put(t, "play", "status:XX\nmessage:Error parsing /proc/7/task/7/children: unexpected children found\n")
	s.put(t, "stdout", "twice")
	out, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	exit, err := sandbox.Run(t.Context(), isolate.Cmd{Args: []string{"/bin/sh"}, Stdout: out})
	if err != nil || exit.Status != isolate.Signaled {
		t.Errorf("%+v, %v", exit, err)
	}
	if n := strings.Count(strings.Join(commands(s.calls(t)), " "), "--run"); n != attempts {
		t.Errorf("it was begun %d times, want %d", n, attempts)
	}
	if info, err := out.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("output of a run that did not count: %v, %v", info.Size(), err)
	}
}

func TestBoxesAreSharedOut(t *testing.T) {
	s := newStandIn(t, "1.10.1")
	s.put(t, "taken", fmt.Sprint(firstBox+1)) // by somebody without our locks
	a, b := openStandIn(t, s, 1, true), openStandIn(t, s, 1, true)
	if a.idle[0].id != firstBox || b.idle[0].id != firstBox+2 {
		t.Errorf("boxes %d and %d", a.idle[0].id, b.idle[0].id)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if c := openStandIn(t, s, 1, true); c.idle[0].id != firstBox {
		t.Errorf("box %d, though %d is free again", c.idle[0].id, firstBox)
	}
	s.put(t, "fail-init", "Sandbox ID out of range (allowed: 0-999)")
	if _, err := Open(Config{Path: s.path(), Workers: 1, Temp: t.TempDir(), FirstBox: firstBox}); !errors.Is(err, isolate.ErrUnavailable) || !strings.Contains(err.Error(), "raise num_boxes") {
		t.Errorf("no box is left: %v", err)
	}
}

// With isolate 2, --init would empty the box of whoever uses it.
func TestBoxOfSomebodyElse(t *testing.T) {
	s := newStandIn(t, "2.6")
	theirs := filepath.Join(s.dir, "boxes", fmt.Sprint(firstBox), "box")
	if err := os.MkdirAll(theirs, 0o700); err != nil {
		t.Fatal(err)
	}
	if sandbox := openStandIn(t, s, 1, true); sandbox.idle[0].id != firstBox+1 {
		t.Errorf("box %d", sandbox.idle[0].id)
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// An evalx that died leaves a note, in a file that nobody locks, and maybe an
// isolate that waits for its program.
func TestSweep(t *testing.T) {
	const id = firstBox + 7
	s := newStandIn(t, "1.10.1")
	s.put(t, "hang", recorded(t, "v1-terminated"))
	s.put(t, "stdout", "runs\n")
	orphan := exec.Command(s.path(), fmt.Sprint("--box-id=", id), "--cg", "--meta="+filepath.Join(s.dir, metaName(id)), "--run")
	out, err := orphan.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	s.put(t, "hang", "") // for those who come later
	s.calls(t)
	dead, err := lockBox(lockDir(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := dead.note(tool{path: s.path(), cg: true}.owner()); err != nil {
		t.Fatal(err)
	}
	dead.release(false)
	openStandIn(t, s, 1, true)
	orphan.Wait() // its exit code is the recorded run's
	if _, err := os.Stat(filepath.Join(s.dir, metaName(id))); err != nil {
		t.Errorf("the orphan was not asked to end: %v", err)
	}
	if calls, want := s.calls(t), []string{fmt.Sprint("--box-id=", id), "--cg", "--cleanup"}; !slices.Equal(calls[1], want) {
		t.Errorf("after --version it was called with %q, want %q", calls[1], want)
	}
	if _, err := os.Stat(dead.file.Name()); err == nil {
		t.Errorf("%s is still there", dead.file.Name())
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for message, want := range map[string]string{
		"Must be started as root":                                                "chmod 4755",
		"User isolate not found in /etc/subuid":                                  "/etc/subgid",
		"New sandboxes can be created only by root":                              "restricted_init = 0",
		"Error in config file, line 3: Unknown configuration item":               "--check-config",
		"Cannot open /usr/local/etc/isolate: No such file":                       "docs/sandboxes.md",
		"Cannot open /run/isolate/cgroup: No such file":                          "systemctl start isolate",
		"Failed to create control group /x: File exists":                         "cgroup v1",
		"Cannot write /sys/fs/cgroup/memory/box-0/tasks: No such file":           "cgroup v1",
		"Control group root /sys/fs/cgroup/isolate.slice/isolate does not exist": "systemctl start isolate",
	} {
		s := newStandIn(t, "2.6")
		s.put(t, "fail-init", message)
		_, err := Open(Config{Path: s.path(), Workers: 1, Temp: t.TempDir(), FirstBox: firstBox})
		if !errors.Is(err, isolate.ErrUnavailable) || !strings.Contains(err.Error(), message) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", message, err)
		}
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]string{
		"1.9": "too old", "2.0": "too old", "2.3.1": "too old", "3.0": "not known", "x": "not isolate's version",
		"1.10.1": "", "2.4.1": "", "2.6": "", "2.10": "",
	} {
		_, _, err := parseVersion("The process isolator " + text + "\n")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := Open(Config{Path: "/nonesuch/isolate", Workers: 1}); !errors.Is(err, isolate.ErrUnavailable) || !strings.Contains(err.Error(), "install isolate") {
		t.Errorf("no binary: %v", err)
	}
}
