//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/evalx/evalx/isolate"
)

const where = "grep Cpus_allowed_list /proc/self/status | cut -f 2"

// A run is where it was told to be, also after a run that was elsewhere, and
// one that was told nothing is where evalx may be.
func TestRunsArePinned(t *testing.T) {
	s := openSandbox(t, 1)
	everywhere := list(s.cpus)
	for i := range 3 {
		for _, cpu := range s.cpus {
			if _, got, _ := runPinned(t, s, []int{cpu}, where); got != fmt.Sprint(cpu) {
				t.Errorf("round %d: asked for processor %d, got %s", i, cpu, got)
			}
		}
		if _, got, _ := runPinned(t, s, nil, where); list(parse(t, got)) != everywhere {
			t.Errorf("round %d: asked for none, got %s, want %s", i, got, everywhere)
		}
	}
}

// taskset(1) is told that all is well, and nothing happens.
func TestProgramsStayWhereTheyArePinned(t *testing.T) {
	s := openSandbox(t, 1)
	mine, all := s.cpus[0], list(s.cpus)
	script := fmt.Sprintf("taskset -c %s sh -c '%s' && taskset -cp %s $$ >/dev/null && %s", all, where, all, where)
	exit, got, words := runPinned(t, s, []int{mine}, script)
	if want := fmt.Sprintf("%d\n%d", mine, mine); exit.Code != 0 || got != want {
		t.Errorf("got %q, want %q; exit code %d, %s", got, want, exit.Code, words)
	}
}

// Two runs at one time are on the processors that each was given, and workers
// are not moved without need.
func TestPinnedRunsInParallel(t *testing.T) {
	s := openSandbox(t, 2)
	if len(s.cpus) < 2 {
		t.Skip("this process may use one processor only")
	}
	var wait sync.WaitGroup
	for i := range 2 {
		wait.Go(func() {
			for range 20 {
				if _, got, _ := runPinned(t, s, s.cpus[i:i+1], where); got != fmt.Sprint(s.cpus[i]) {
					t.Errorf("asked for processor %d, got %s", s.cpus[i], got)
				}
			}
		})
	}
	wait.Wait()
	if s.idle[0].at(s.cpus[:1]) == s.idle[1].at(s.cpus[:1]) {
		t.Error("both workers are on the same processor")
	}
}

func TestUnknownProcessorIsAnError(t *testing.T) {
	s := openSandbox(t, 1)
	for _, cpus := range [][]int{{isolate.MaxCPU}, {isolate.MaxCPU + 1}, {-1}} {
		cmd := shell(where)
		cmd.CPUs = cpus
		if exit, err := s.Run(t.Context(), cmd); err == nil {
			t.Errorf("processors %v: no error, but %+v", cpus, exit)
		}
	}
	if _, got, _ := runPinned(t, s, s.cpus[:1], where); got != fmt.Sprint(s.cpus[0]) {
		t.Errorf("after an error: asked for processor %d, got %s", s.cpus[0], got)
	}
}

func list(cpus []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(cpus), " ", ","), "[]")
}

// parse reads a list such as 0-2,5.
func parse(t *testing.T, text string) (cpus []int) {
	t.Helper()
	for part := range strings.SplitSeq(text, ",") {
		var first, last int
		if n, _ := fmt.Sscanf(part, "%d-%d", &first, &last); n < 2 {
			last = first
		}
		for ; first <= last; first++ {
			cpus = append(cpus, first)
		}
	}
	slices.Sort(cpus)
	return cpus
}
