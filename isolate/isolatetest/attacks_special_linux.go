package isolatetest

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// specialAttack is one whose outcome has to be looked at from outside.
type specialAttack struct {
	name  string
	needs []isolate.Gap // that the sandbox must not have
	run   func(t *testing.T, s *suite, paths []string)
}

func specialAttacks() []specialAttack {
	return []specialAttack{
		{"write_input", nil, attackInput},
		{"output_after_end", nil, attackLateOutput},
		{"program_unchanged", nil, attackProgram},
		{"environment_of_judge", nil, attackEnvironment},
		{"huge_arguments", nil, attackArguments},
		{"locks (isolate before 2.4)", nil, attackLocks},
		{"core_file", nil, attackCoreFile},
		{"collect_links", nil, attackCollectLinks},
		{"collect_special (isolate before 1.10)", nil, attackCollectSpecial},
		{"collect_names", nil, attackCollectNames},
		{"collect_locked", nil, attackCollectLocked},
		{"collect_deep", nil, attackCollectDeep},
		{"collect_sparse", nil, attackCollectSparse},
		{"collect_race (isolate before 1.9)", nil, attackCollectRace},
		{"collect_moved", nil, attackCollectMoved},
		{"steal_CPU_from_next", nil, attackNextRuns},
		{"type_ahead", nil, attackTerminal},
	}
}

// The input is shared between the runs that read it: it must stay as it was.
func attackInput(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	const text = "the input\n"
	cmd := s.command("write_input")
	cmd.Stdin = input(t, text)
	attack{program: "write_input"}.judge(t, run(t, sandbox, cmd))
	if got := contents(t, cmd.Stdin); got != text {
		t.Errorf("the input is now %q", got)
	}
	s.calm(t, sandbox)
}

// Nothing may write to the output once Run has returned.
func attackLateOutput(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	cmd := s.command("leave_writer")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input(t, ""), output(t), output(t)
	if exit, err := sandbox.Run(t.Context(), cmd); err != nil || exit.Status != isolate.Exited {
		t.Errorf("%+v, %v", exit, err)
	}
	before := contents(t, cmd.Stdout) + contents(t, cmd.Stderr)
	time.Sleep(50 * time.Millisecond)
	if after := contents(t, cmd.Stdout) + contents(t, cmd.Stderr); after != before {
		t.Errorf("output was %q and is %q", before, after)
	}
	s.calm(t, sandbox)
}

// The program of the next test case, on the host, is what it was.
func attackProgram(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	file := filepath.Join(s.dir, "subject")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"write_program", "write_folders"} {
		attack{program: program}.judge(t, run(t, sandbox, s.command(program)))
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the program on the host was changed (%v)", err)
	}
	if entries, err := os.ReadDir(s.dir); err != nil || len(entries) != 1 {
		t.Errorf("the program's folder has %v, %v", entries, err)
	}
}

// No environment that can be read is the judge's.
func attackEnvironment(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	own, err := os.ReadFile("/proc/self/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/proc/1/environ", "/proc/self/environ", "/proc/2/environ", "/proc/thread-self/environ"} {
		cmd := s.command("print", path)
		cmd.Env = []string{"ONLY=this"}
		r := run(t, sandbox, cmd)
		if r.stdout != "" && r.stdout != "ONLY=this\x00" {
			t.Errorf("%s: %v", path, r)
		}
		if len(own) > 0 && strings.Contains(r.stdout, string(own)) {
			t.Errorf("%s is the judge's", path)
		}
	}
}

// What the kernel refuses at the start of a program must not harm the worker.
func attackArguments(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	cmd := s.command("code", "0", strings.Repeat("x", 3<<20)) // execve(2): 128 KiB each at most
	if r, err := try(t, t.Context(), sandbox, cmd); err == nil {
		t.Errorf("no error, but %v", r)
	}
	s.calm(t, sandbox)
	cmd = s.command("arguments")
	for range 100 {
		cmd.Env = append(cmd.Env, "E="+strings.Repeat("e", 1000))
	}
	if r := run(t, sandbox, cmd); r.Code != 0 {
		t.Errorf("100 KB of environment: %v", r)
	}
}

// A lock on the program, which every run can read, ends with the run.
func attackLocks(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	cmd := s.command("hold_lock", subject)
	cmd.Limits.Wall = 300 * time.Millisecond
	if r := run(t, sandbox, cmd); r.Status != isolate.WallLimit || r.stdout != "holds\n" {
		t.Errorf("the holder: %v", r)
	}
	attack{program: "find_lock"}.judge(t, run(t, sandbox, s.command("find_lock", subject)))
}

// collected runs an attack on the collector and returns what was collected.
// None of it may be of the host.
func collected(t *testing.T, s *suite, args ...string) []string {
	t.Helper()
	sandbox := s.open(t, 1)
	cmd := s.command(args...)
	cmd.Limits.Inodes = 20000
	var got []string
	cmd.Collect = collector(&got)
	r := run(t, sandbox, cmd)
	if args[0] != "core_dump" {
		attack{program: args[0]}.judge(t, r)
	}
	for _, file := range got {
		if strings.Contains(file, secretText) || strings.Contains(file, "root:") {
			t.Errorf("a file of the host was collected: %q", file)
		}
	}
	s.calm(t, sandbox)
	return got
}

func wantCollected(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("collected %q, want %q", got, want)
	}
}

func attackCoreFile(t *testing.T, s *suite, _ []string) {
	wantCollected(t, collected(t, s, "core_dump"))
}

func attackCollectLinks(t *testing.T, s *suite, paths []string) {
	wantCollected(t, collected(t, s, append([]string{"collect_links"}, paths...)...), "real 644 0 ")
}

func attackCollectSpecial(t *testing.T, s *suite, _ []string) {
	wantCollected(t, collected(t, s, "collect_special"), "real 644 0 ")
}

func attackCollectNames(t *testing.T, s *suite, _ []string) {
	names := []string{
		"new\nline", "\xff\xfe", "-rf", "...", "..x", " ", `a\b`, "%2e%2e%2f", "\x1b[2J",
		strings.Repeat("n", 255), "C:",
	}
	var want []string
	for _, name := range names {
		want = append(want, name+" 644 4 text")
	}
	wantCollected(t, collected(t, s, "collect_names"), want...)
}

// Whether files that their owner may not read are collected is left open; that
// they stop nothing is not. A setuid bit never reaches the host.
func attackCollectLocked(t *testing.T, s *suite, _ []string) {
	got := collected(t, s, "collect_locked")
	if !slices.Contains(got, "real 644 4 text") {
		t.Errorf("collected %q", got)
	}
	if slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "setuid ") && f != "setuid 755 4 text" }) {
		t.Errorf("collected with a setuid bit: %q", got)
	}
}

// The path of the file is longer than the kernel takes: it may be dropped.
func attackCollectDeep(t *testing.T, s *suite, _ []string) {
	for _, file := range collected(t, s, "collect_deep") {
		if !strings.HasSuffix(file, "/bottom 644 4 text") {
			t.Errorf("collected %q", file)
		}
	}
}

// Files with holes and names for one file must not become more than the limit
// on the host's disk.
func attackCollectSparse(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	cmd := s.command("collect_sparse")
	var total int64
	cmd.Collect = func(_ string, _ fs.FileMode, size int64, _ io.Reader) error {
		total += size
		return nil
	}
	r, err := try(t, t.Context(), sandbox, cmd)
	if total > cmd.Limits.Disk {
		t.Errorf("%d MiB were collected, and %d may be used: %v, %v", total>>20, cmd.Limits.Disk>>20, err, r)
	}
	s.calm(t, sandbox)
}

func attackCollectRace(t *testing.T, s *suite, paths []string) {
	for range 5 {
		for _, file := range collected(t, s, "collect_race", paths[0]) {
			if !strings.HasSuffix(file, " 644 4 text") {
				t.Errorf("collected %q", file)
			}
		}
	}
}

func attackCollectMoved(t *testing.T, s *suite, _ []string) {
	wantCollected(t, collected(t, s, "collect_moved"), "real 644 4 text")
}

// Processes left behind must not use the CPU time of those who come after.
func attackNextRuns(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	for i := range 5 {
		run(t, sandbox, s.command("leave_processes"))
		r := run(t, sandbox, s.command("work", "100"))
		if wrong := cpuNear(100 * time.Millisecond)(r); !s.Emulated && wrong != "" || r.Wall > 2*time.Second {
			t.Error(fmt.Sprint("run ", i, ": "), wrong, r)
		}
	}
}

// A program whose input is the judge's terminal must not type into it.
func attackTerminal(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	master, slave := terminal(t)
	cmd := s.command("type_ahead")
	cmd.Stdin = slave
	attack{program: "type_ahead"}.judge(t, run(t, sandbox, cmd))
	if n, err := unix.IoctlGetInt(int(slave.Fd()), unix.TIOCINQ); err != nil || n != 0 {
		t.Errorf("%d characters wait to be read from the terminal, %v", n, err)
	}
	if n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCINQ); err != nil || n != 0 {
		t.Errorf("the terminal shows %d characters, %v", n, err)
	}
	s.calm(t, sandbox)
}

// terminal makes a new one, see pts(4).
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}
