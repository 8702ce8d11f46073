package ioi

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

func TestRunArguments(t *testing.T) {
	cmd := isolate.Cmd{
		Args: []string{"/prog/a", "--run", "x y"},
		Env:  []string{"A=1", "EMPTY=", "B=x=y", "C=="},
		Limits: isolate.Limits{
			CPU: 1500 * time.Millisecond, Wall: 3 * time.Second, Memory: 64 << 20,
			Output: 1 << 20, Processes: 8, OpenFiles: 64,
		},
	}
	got, err := runArguments(cmd, "/t/meta", []string{"w/box=./box:rw"}, true)
	want := []string{
		"--silent", "--meta=/t/meta", "--no-default-dirs", "--dir=w/box=./box:rw",
		"--env=LIBC_FATAL_STDERR_=", "--env=A=1", "--env=EMPTY", "--env=B=x=y", "--env=C==",
		"--time=1.500", "--wall-time=3.000", "--cg-mem=65536", "--fsize=1025", "--processes=8", "--open-files=64",
		"--chdir=/w/box", "--run", "--", "/prog/a", "--run", "x y",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if own := emptyVariables(cmd.Env); !slices.Equal(own, []string{"EMPTY="}) {
		t.Errorf("isolate's own environment is %q", own)
	}
}

func TestNoLimits(t *testing.T) {
	got := strings.Join(limitArguments(isolate.Limits{}, true), " ")
	if want := "--processes --open-files=0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	sampled := isolate.Limits{Memory: 1 << 20, CPU: time.Second}
	if got := strings.Join(limitArguments(sampled, false), " "); strings.Contains(got, "mem") || strings.Contains(got, "time") {
		t.Errorf("limits that isolate cannot keep without a cgroup: %q", got)
	}
}

// To isolate, 0 means no limit and anything above 2^31-1 is undefined.
func TestLimitsAtTheEdges(t *testing.T) {
	for _, test := range []struct {
		limits isolate.Limits
		want   string
	}{
		{isolate.Limits{CPU: 1}, "--time=0.001"},
		{isolate.Limits{Wall: time.Millisecond + 1}, "--wall-time=0.002"},
		{isolate.Limits{CPU: math.MaxInt64}, "--time=2147483.647"},
		{isolate.Limits{Memory: 1}, "--cg-mem=1"},
		{isolate.Limits{Memory: math.MaxInt64}, "--cg-mem=2147483647"},
		{isolate.Limits{Output: 1}, "--fsize=1"},
		{isolate.Limits{Output: 1023}, "--fsize=1"},
		{isolate.Limits{Output: 1024}, "--fsize=2"},
		{isolate.Limits{Processes: math.MaxInt}, "--processes=2147483647"},
	} {
		if got := limitArguments(test.limits, true); got[0] != test.want {
			t.Errorf("%+v: got %q, want %s", test.limits, got, test.want)
		}
	}
}

func TestWhatIsolateCannotBeTold(t *testing.T) {
	if args, err := environmentArguments([]string{"NONE"}); err == nil {
		t.Errorf("a variable without a value: %q", args)
	}
	for _, m := range [][2]string{{"/a:rw", "/b"}, {"/a=b", "/c"}, {"/a", "/b:rw"}} {
		if rule, err := dirRule(m[0], m[1], ""); err == nil {
			t.Errorf("%q: got %q and no error", m, rule)
		}
	}
	if rule, err := dirRule("/a//b/", "/c=d", ""); rule != "a/b=/c=d" || err != nil {
		t.Errorf("got %q, %v", rule, err)
	}
}
