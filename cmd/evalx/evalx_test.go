package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/evalx/evalx/isolate/native"
)

func TestMain(m *testing.M) {
	native.Main()
	testscript.Main(m, map[string]func(){"evalx": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			// For scripts that hide everything else from PATH.
			self, err := exec.LookPath("evalx")
			if err != nil {
				return err
			}
			env.Setenv("EVALX", self)
			examples, err := filepath.Abs("../../problems")
			env.Setenv("PROBLEMS", examples)
			if err != nil {
				return err
			}
			scripts, err := filepath.Abs("../../scripts")
			env.Setenv("SCRIPTS", scripts)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "damage": damage},
	})
}

// exits runs a command and wants the exit code that is its first argument.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	if strings.Contains(ts.ReadFile("stderr"), "goroutine ") {
		ts.Fatalf("a stack trace was printed")
	}
}

// damage cuts the last byte off every file in a folder.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage FOLDER")
	}
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*"))
	ts.Check(err)
	for _, file := range files {
		info, err := os.Stat(file)
		ts.Check(err)
		ts.Check(os.Truncate(file, info.Size()-1))
	}
}

// sleeper makes a package and a submission that sleeps for a time that no
// other process sleeps for.
func sleeper(t *testing.T) (dir, marker string) {
	t.Helper()
	dir, marker = t.TempDir(), "98765."+strconv.Itoa(os.Getpid())
	for name, content := range map[string]string{
		"p/problem.yaml":      "name: P\nlimits:\n  time_limit: 60\n",
		"p/data/secret/1.in":  "quick\n",
		"p/data/secret/1.ans": "quick\n",
		"p/data/secret/2.in":  "slow\n",
		"p/data/secret/2.ans": "slow\n",
		"main.sh":             "read -r w; [ $w = quick ] || { sleep " + marker + " & sleep " + marker + "; }; echo $w\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir, marker
}

// evalx is a real process of evalx with a temporary folder of its own.
func evalx(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("evalx", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "XDG_CACHE_HOME="+dir)
	return cmd
}

func TestInterruptLeavesNothingBehind(t *testing.T) {
	for _, sandbox := range []string{"native", "none"} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(sandbox+" "+signal.String(), func(t *testing.T) { interrupt(t, sandbox, signal) })
		}
	}
}

func interrupt(t *testing.T, sandbox string, signal syscall.Signal) {
	dir, marker := sleeper(t)
	cmd := evalx(dir, "judge", "--json", "--jobs=1", "--sandbox="+sandbox, "main.sh", "p")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var sent time.Time
	last := ""
	for lines.Scan() {
		last = lines.Text()
		if strings.Contains(last, `"running"`) && strings.Contains(last, `"secret/2"`) {
			waitFor(t, marker)
			sent = time.Now()
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd.Wait()
	if took := time.Since(sent); took > time.Second {
		t.Errorf("took %v to end", took)
	}
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if !strings.Contains(last, `"finished"`) || !strings.Contains(last, `"interrupted"`) {
		t.Errorf("the last event is %s", last)
	}
	if n := running(t, marker); n > 0 {
		t.Errorf("%d processes are left", n)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "evalx-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// running counts the processes with marker in their command line.
func running(t *testing.T, marker string) int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		// A process may end between the listing and the reading.
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), "sleep\x00"+marker) {
			n++
		}
	}
	return n
}

// waitFor waits until the program has really begun to sleep, twice.
func waitFor(t *testing.T, marker string) {
	t.Helper()
	for range 500 {
		if running(t, marker) == 2 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the program never slept")
}

func TestClosedOutputIsAnError(t *testing.T) {
	dir, _ := sleeper(t)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	cmd := evalx(dir, "judge", "--sandbox=none", "--json", "--only=secret/1", "main.sh", "p")
	var words strings.Builder
	cmd.Stdout, cmd.Stderr = write, &words
	err = cmd.Run()
	write.Close()
	if cmd.ProcessState.ExitCode() != exitInternal || !strings.Contains(words.String(), "evalx: error: write /dev/stdout: broken pipe") {
		t.Errorf("got %v: %s", err, words.String())
	}
}

func TestStaleFoldersAreRemoved(t *testing.T) {
	dir, _ := sleeper(t)
	old := time.Now().Add(-time.Hour)
	leave := func(name string) string {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.Mkdir(path, 0o700), os.WriteFile(filepath.Join(path, lockName), nil, 0o600), os.Chtimes(path, old, old)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	stale, living := leave("evalx-stale"), leave("evalx-living")
	lock, err := os.Open(filepath.Join(living, lockName))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := flock(lock); err != nil {
		t.Fatal(err)
	}
	if out, err := evalx(dir, "judge", "--sandbox=none", "--only=secret/1", "main.sh", "p").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of a dead process is still there: %v", err)
	}
	if _, err := os.Stat(living); err != nil {
		t.Errorf("the folder of a living process is gone: %v", err)
	}
}
