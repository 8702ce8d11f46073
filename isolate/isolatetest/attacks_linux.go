package isolatetest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// attack is one hostile program and what must become of it.
type attack struct {
	program string   // its name, and that of the test
	known   string   // the published vulnerability whose mechanism it uses, for its name
	tries   string   // what it is after
	args    []string // SECRETS stands for host files that it must not get at
	limits  isolate.Limits
	// want are the ways in which it may end; none means that it must end by
	// itself, with code 0, and print "held": nothing that it tried worked.
	want   []isolate.Status
	signal syscall.Signal // by which, if it is Signaled
	needs  []isolate.Gap  // that the sandbox must not have
	// crowd attacks may be killed for having too many processes where these
	// are not limited exactly.
	crowd  bool
	prints string // instead of "held"
	silent bool   // prints nothing instead of "held"
	next   string // program to run in the same worker afterwards, which must print "held"
	amd64  bool   // exists there only
}

// secrets in the arguments of an attack stands for the paths of host files that
// contain secretText.
const (
	secrets    = "SECRETS"
	secretText = "EVALX-SECRET: the answer is 42\n"
)

// Attacks runs the hostile programs, and after each a harmless one in the same
// worker, which must not notice anything.
func Attacks(t *testing.T, b Backend) {
	s := newSuite(t, b)
	paths := s.hide(t)
	for _, a := range slices.Concat(resourceAttacks(), kernelAttacks(), processAttacks(), fileAttacks(), legacyAttacks(),
		designAttacks(), memoryAttacks(), publishedAttacks()) {
		t.Run(a.name(), func(t *testing.T) {
			t.Parallel()
			s.require(t, a.needs)
			a.run(t, s, paths)
		})
	}
	for _, c := range slices.Concat(specialAttacks(), publishedSpecials()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s.require(t, c.needs)
			c.run(t, s, paths)
		})
	}
}

// hide makes files of the kind that a judge has and a program must not see. In
// the tests as an ordinary user their owner is the user that the program is.
func (s *suite) hide(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"1.ans", "config", "next/2.in"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(secretText), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// name is that of the test.
func (a attack) name() string {
	if a.known != "" {
		return a.program + " (" + a.known + ")"
	}
	return a.program
}

func (a attack) run(t *testing.T, s *suite, paths []string) {
	sandbox := s.open(t, 1)
	s.calm(t, sandbox) // so that the attack is not the worker's first run
	args := []string{a.program}
	for _, arg := range a.args {
		if arg == secrets {
			args = append(args, paths...)
		} else {
			args = append(args, arg)
		}
	}
	cmd := s.command(args...)
	cmd.Limits = s.limited(a.limits)
	start := time.Now()
	r := run(t, sandbox, cmd)
	if killed := a.crowd && s.lacks(isolate.GapProcesses) && r.Status == isolate.Signaled && r.Signal == syscall.SIGKILL; !killed {
		a.judge(t, r)
	}
	if r.Memory > cmd.Limits.Memory+cmd.Limits.Memory/8 && !s.lacks(isolate.GapSampled) {
		t.Errorf("%s used more memory than it may: %v", a.program, r)
	}
	if took := time.Since(start); took > cmd.Limits.Wall+3*time.Second {
		t.Errorf("took %v: %v", took, r)
	}
	if a.next != "" {
		attack{program: a.next}.judge(t, run(t, sandbox, s.command(a.next)))
	}
	s.calm(t, sandbox)
	if t.Failed() {
		t.Logf("it tries: %s", a.tries)
	}
}

// judge compares how the attack ended with what is stated.
func (a attack) judge(t *testing.T, r result) {
	t.Helper()
	want := a.want
	if len(want) == 0 {
		want = only(isolate.Exited)
	}
	prints := a.prints
	if prints == "" && !a.silent {
		prints = "held\n"
	}
	switch {
	case strings.Contains(r.stdout, "breach") || strings.Contains(r.stdout, secretText):
		t.Errorf("%s got through: %v", a.program, r)
	case !slices.Contains(want, r.Status):
		t.Errorf("%s: want %v: %v", a.program, want, r)
	case r.Status == isolate.Exited && (r.Code != 0 || r.stdout != prints):
		t.Errorf("%s: want code 0 and %q: %v", a.program, prints, r)
	case r.Status == isolate.Signaled && r.Signal != a.signal:
		t.Errorf("%s: want signal %v: %v", a.program, a.signal, r)
	}
}
