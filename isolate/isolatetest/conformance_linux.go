package isolatetest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"golang.org/x/sys/unix"
)

// check is one promise of isolate.Sandbox.
type check struct {
	name  string
	needs []isolate.Gap // that the sandbox must not have
	run   func(t *testing.T, s *suite, sandbox isolate.Sandbox)
}

// Conformance checks what isolate.Sandbox promises. Most checks share one
// sandbox and run at the same time, so that they also check that a worker is
// as good as new after each of the others.
func Conformance(t *testing.T, b Backend) {
	s := newSuite(t, b)
	t.Run("declared gaps", s.checkGaps)
	t.Run("close", s.checkClose) // alone: it looks at all our child processes
	shared := s.open(t, 2)
	for _, c := range slices.Concat(exitChecks(), pipeChecks(), fileChecks(), lifeChecks(), limitChecks()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s.require(t, c.needs)
			c.run(t, s, shared)
		})
	}
}

func exitChecks() []check {
	return []check{
		{"exit codes", nil, checkCodes},
		{"signals", nil, checkSignals},
		{"input and output", nil, checkStreams},
		{"no input and output", nil, checkNull},
		{"arguments", nil, checkArguments},
		{"environment", nil, checkEnvironment},
		{"tidy start", needs(isolate.GapView), checkTidy},
		{"threads", nil, checkThreads},
		{"missing program", nil, checkMissing},
		{"not a program", nil, checkNotProgram},
		{"shell", needs(isolate.GapView), checkShell},
		{"processors", needs(isolate.GapPinning), checkProcessors},
	}
}

func checkCodes(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for _, code := range []int{0, 1, 42, 127, 128 + 9, 255} {
		r := run(t, sandbox, s.command("code", fmt.Sprint(code)))
		if r.Status != isolate.Exited || r.Code != code {
			t.Errorf("exit code %d: %v", code, r)
		}
	}
}

func checkSignals(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for _, number := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 26, 27, 29, 30, 31, 34, 64} {
		r := run(t, sandbox, s.command("signal", fmt.Sprint(number)))
		if r.Status != isolate.Signaled || r.Signal != syscall.Signal(number) {
			t.Errorf("signal %d: %v", number, r)
		}
	}
}

func checkStreams(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for _, text := range []string{"", "x", "no newline\nat the end", "\x00\xff\r\n", strings.Repeat("0123456789\n", 5<<20/11)} {
		cmd := s.command("copy")
		cmd.Stdin = input(t, text)
		r := run(t, sandbox, cmd)
		if r.Status != isolate.Exited || r.Code != 0 || r.stdout != text || r.stderr != text {
			t.Errorf("%d bytes: %v", len(text), r)
		}
	}
}

func checkNull(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	exit, err := sandbox.Run(t.Context(), s.command("null"))
	if err != nil || exit.Status != isolate.Exited || exit.Code != 0 {
		t.Errorf("%+v, %v", exit, err)
	}
}

func checkArguments(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	args := []string{"arguments", "", "a b", "$HOME", `"'\`, "*", "-x", "é\xff", "new\nline"}
	r := run(t, sandbox, s.command(args...))
	if want := "[" + strings.Join(args[1:], "][") + "]"; r.stdout != want {
		t.Errorf("want %q: %v", want, r)
	}
}

// The environment is what is asked for: nothing of the judge's is in it.
func checkEnvironment(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for _, env := range [][]string{{}, {"A=1", "EMPTY=", "B=x=y", "Ä=ö ü"}} {
		cmd := s.command("environment")
		cmd.Env = env
		want := ""
		for _, e := range env {
			want += "[" + e + "]"
		}
		if r := run(t, sandbox, cmd); r.stdout != want {
			t.Errorf("want %q: %v", want, r)
		}
	}
}

func checkTidy(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	niceness := strconv.Itoa(20 - priority) // the system call's answer, see getpriority(2)
	if r := run(t, sandbox, s.command("tidy", niceness)); r.Status != isolate.Exited || r.stdout != "" {
		t.Error(r)
	}
	if r := run(t, sandbox, s.command("folder")); r.stdout != isolate.WorkDir+"\n" {
		t.Errorf("working folder: %v", r)
	}
}

func checkThreads(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	if r := run(t, sandbox, s.command("threads")); r.Status != isolate.Exited || r.Code != 0 {
		t.Error(r)
	}
}

// A program that cannot be started is an error, not an exit: nothing ran, so
// whatever were said of the submission would be made up.
func checkMissing(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for _, path := range []string{"/prog/nonesuch", "/nonesuch/x", "/etc"} {
		cmd := s.command("calm")
		cmd.Args[0] = path
		r, err := try(t, t.Context(), sandbox, cmd)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names it; %v", path, err, r)
		}
	}
	s.calm(t, sandbox)
}

func checkNotProgram(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for name, text := range map[string]string{"empty": "", "text": "hello\n", "elf": "\x7fELF", "script": "#!/nonesuch\n"} {
		cmd := s.command("calm")
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		cmd.Mounts = append(cmd.Mounts, isolate.Mount{Source: dir, Target: "/odd"})
		cmd.Args[0] = "/odd/" + name
		if s.lacks(isolate.GapView) {
			cmd.Args[0] = filepath.Join(dir, name)
		}
		if r, err := try(t, t.Context(), sandbox, cmd); err == nil {
			t.Errorf("%s: no error, but %v", name, r)
		}
	}
	s.calm(t, sandbox)
}

// What scripting languages need of the view: a shell with pipes and here-documents.
func checkShell(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cmd := s.command()
	script := "printf 'b\\na\\n' | sort >/tmp/x && cat /tmp/x <<E && echo $(id -u) ~ >/dev/null && test -r /dev/fd/0\nE"
	cmd.Args = []string{"/bin/sh", "-c", script}
	if r := run(t, sandbox, cmd); r.Code != 0 || r.stdout != "a\nb\n" {
		t.Error(r)
	}
}

// A run is on the processor that it was given and stays there, whatever it
// does and wherever the run before it was.
func checkProcessors(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cpus, err := cores.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for _, cpu := range cpus {
			cmd := s.command("processors")
			cmd.CPUs = []int{cpu}
			if r := run(t, sandbox, cmd); r.stdout != fmt.Sprintln(cpu) {
				t.Errorf("given processor %d of %v: %v", cpu, cpus, r)
			}
		}
	}
}
