package isolatetest

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

//go:embed programs
var programs embed.FS

// subject is where the programs are inside the sandbox.
const subject = isolate.ProgramDir + "/subject"

// Sandbox is a sandbox that says what it can do.
type Sandbox interface {
	isolate.Sandbox
	Capabilities() isolate.Capabilities
}

// Backend is the sandbox under test.
type Backend struct {
	// Open returns a sandbox with this many workers. It fails the test if that
	// is impossible, and leaves it to the caller to close the sandbox.
	Open func(t testing.TB, workers int) Sandbox
	// Gaps are those that the sandbox is known to declare in this
	// configuration. What needs them is reported as skipped, by name; a
	// sandbox that declares others fails.
	Gaps []isolate.Gap
	// Emulated says that the processor is emulated: times are not compared.
	Emulated bool
}

// suite is a backend with the compiled programs.
type suite struct {
	Backend
	dir string // host folder of the subject
}

// lacks tells whether the backend declares the gap.
func (s *suite) lacks(g isolate.Gap) bool { return slices.Contains(s.Gaps, g) }

// missing returns those of needs that the backend declares as gaps.
func (s *suite) missing(needs []isolate.Gap) []isolate.Gap {
	return slices.DeleteFunc(slices.Clone(needs), func(g isolate.Gap) bool { return !s.lacks(g) })
}

// require skips a test of what the backend declares that it does not promise.
func (s *suite) require(t *testing.T, needs []isolate.Gap) {
	t.Helper()
	for _, g := range s.missing(needs) {
		t.Skipf("declared gap %v: %s", g, g.Text())
	}
}

// checkGaps compares what the sandbox declares with what is known of it.
func (s *suite) checkGaps(t *testing.T) {
	sandbox := s.open(t, 1)
	got := sandbox.Capabilities().Gaps
	if !slices.Equal(got, s.Gaps) {
		t.Errorf("declared gaps are %v, known are %v", got, s.Gaps)
	}
	t.Logf("declared gaps: %v", got)
}

func needs(gaps ...isolate.Gap) []isolate.Gap { return gaps }

func newSuite(t *testing.T, b Backend) *suite {
	t.Helper()
	s := &suite{b, t.TempDir()}
	source := t.TempDir()
	var units []string
	sub, err := fs.Sub(programs, "programs")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(sub, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(sub, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(source, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".c" {
			units = append(units, name)
		}
	}
	compile(t, source, filepath.Join(s.dir, "subject"), units)
	return s
}

// compile links the programs statically: they then need nothing of the view
// that they are to run in.
func compile(t *testing.T, dir, target string, units []string) {
	t.Helper()
	gcc := exec.Command("gcc", append([]string{"-O1", "-static", "-pthread", "-w", "-o", target}, units...)...)
	gcc.Dir = dir
	if out, err := gcc.CombinedOutput(); err != nil {
		t.Fatalf("compile the programs: %v (install gcc and the static C library)\n%s", err, out)
	}
}

// open opens a sandbox for one test and closes it at the end of the test.
func (s *suite) open(t *testing.T, workers int) Sandbox {
	t.Helper()
	sandbox := s.Open(t, workers)
	t.Cleanup(func() {
		if err := sandbox.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return sandbox
}

// result is what became of one run.
type result struct {
	isolate.Exit
	stdout, stderr string
}

func (r result) String() string {
	return fmt.Sprintf("%v code %d signal %d, CPU %v, wall %v, memory %d KiB\nstdout: %s\nstderr: %s",
		r.Status, int(r.Code), int(r.Signal), r.CPU, r.Wall, r.Memory>>10, shorten(r.stdout), shorten(r.stderr))
}

func shorten(text string) string {
	if len(text) > 2000 {
		return fmt.Sprintf("%q and %d bytes more", text[:2000], len(text)-2000)
	}
	return fmt.Sprintf("%q", text)
}

// limits are those of a run that asks for no others.
func limits() isolate.Limits {
	return isolate.Limits{
		CPU: 2 * time.Second, Wall: 20 * time.Second, Memory: 128 << 20, Output: 8 << 20,
		Disk: 32 << 20, Inodes: 4096, Processes: 32, OpenFiles: 64,
	}
}

// limited returns the usual limits with those of over that are set; a negative
// one lifts the limit.
func (s *suite) limited(over isolate.Limits) isolate.Limits {
	l := limits()
	if s.Emulated {
		l.CPU *= 10 // what is emulated takes that much longer
	}
	override(&l.CPU, over.CPU)
	override(&l.Wall, over.Wall)
	override(&l.Memory, over.Memory)
	override(&l.Output, over.Output)
	override(&l.Disk, over.Disk)
	override(&l.Inodes, over.Inodes)
	override(&l.Processes, over.Processes)
	override(&l.OpenFiles, over.OpenFiles)
	return l
}

func override[T ~int | ~int64](value *T, with T) {
	if with != 0 {
		*value = max(0, with)
	}
}

// command is a run of one of the programs with the usual limits.
func (s *suite) command(args ...string) isolate.Cmd {
	return isolate.Cmd{
		Args:   append([]string{subject}, args...),
		Env:    []string{"PATH=/usr/bin:/bin"},
		Mounts: []isolate.Mount{{Source: s.dir, Target: isolate.ProgramDir}},
		Limits: s.limited(isolate.Limits{}),
	}
}

// run runs cmd with empty input, unless it has its own, and with both outputs
// caught. The sandbox must not fail.
func run(t *testing.T, sandbox isolate.Sandbox, cmd isolate.Cmd) result {
	t.Helper()
	r, err := try(t, context.Background(), sandbox, cmd)
	if err != nil {
		t.Fatalf("%q: the sandbox failed: %v", cmd.Args, err)
	}
	return r
}

// try is run for a sandbox that may fail.
func try(t *testing.T, ctx context.Context, sandbox isolate.Sandbox, cmd isolate.Cmd) (result, error) {
	t.Helper()
	if cmd.Stdin == nil {
		cmd.Stdin = input(t, "")
	}
	cmd.Stdout, cmd.Stderr = output(t), output(t)
	exit, err := sandbox.Run(ctx, cmd)
	return result{exit, contents(t, cmd.Stdout), contents(t, cmd.Stderr)}, err
}

func input(t *testing.T, text string) *os.File {
	t.Helper()
	f, err := isolate.Input(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func output(t *testing.T) *os.File {
	t.Helper()
	f, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func contents(t *testing.T, f *os.File) string {
	t.Helper()
	data, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<40))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
