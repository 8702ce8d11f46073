package isolatetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// How far a limit on CPU time may be overrun before it is noticed, and how
// late a loaded machine may be in saying so.
const (
	cpuSlack  = 150 * time.Millisecond
	wallSlack = 900 * time.Millisecond
)

// attempts is how often a check of how soon a limit is noticed may be made: on
// a busy machine the one who watches may have to wait for its turn.
const attempts = 3

// limitCheck is one program under one limit.
type limitCheck struct {
	name    string
	args    []string
	limits  isolate.Limits // over the usual ones
	want    []isolate.Status
	stdout  string                // exactly, if not empty
	also    func(r result) string // returns what else is wrong
	timed   bool                  // also is about times
	watched bool                  // also is about how soon a limit is noticed
	needs   []isolate.Gap         // that the sandbox must not have
	weak    []isolate.Status      // also fine with a sandbox whose measurements are sampled
}

func limitChecks() []check {
	var checks []check
	timed := timeLimits()
	for i := range timed {
		timed[i].timed = true
	}
	for _, c := range slices.Concat(timed, memoryLimits(), countLimits()) {
		checks = append(checks, check{c.name, c.needs, c.check})
	}
	return checks
}

func (c limitCheck) check(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cmd := s.command(c.args...)
	cmd.Limits = s.limited(c.limits)
	r := run(t, sandbox, cmd)
	want := c.want
	if s.lacks(isolate.GapSampled) {
		want = slices.Concat(want, c.weak)
	}
	if !slices.Contains(want, r.Status) || r.Status == isolate.Exited && r.Code != 0 {
		t.Errorf("want %v: %v", want, r)
	}
	if c.stdout != "" && r.stdout != c.stdout {
		t.Errorf("want %q: %v", c.stdout, r)
	}
	if c.timed && s.Emulated {
		return
	}
	if c.also != nil && r.Status == c.want[0] {
		wrong := c.also(r)
		for try := 1; c.watched && wrong != "" && try < attempts; try++ {
			t.Logf("%s: %v; once more", wrong, r)
			if r = run(t, sandbox, cmd); r.Status != c.want[0] {
				t.Errorf("want %v: %v", c.want, r)
			}
			wrong = c.also(r)
		}
		if wrong != "" {
			t.Errorf("%s: %v", wrong, r)
		}
	}
}

func only(s ...isolate.Status) []isolate.Status { return s }

// cpuNear checks the measured CPU time.
func cpuNear(want time.Duration) func(result) string {
	return func(r result) string {
		if r.CPU < want-20*time.Millisecond || r.CPU > want+want/10+60*time.Millisecond {
			return "CPU time is not near " + want.String()
		}
		return ""
	}
}

func cpuOver(limit time.Duration) func(result) string {
	return func(r result) string {
		if r.CPU < limit || r.CPU > limit+cpuSlack {
			return "CPU time is not just over " + limit.String()
		}
		return ""
	}
}

func wallNear(want time.Duration) func(result) string {
	return func(r result) string {
		if r.Wall < want || r.Wall > want+wallSlack {
			return "wall time is not near " + want.String()
		}
		if r.CPU > 50*time.Millisecond {
			return "CPU time for doing nothing"
		}
		return ""
	}
}

// memoryNear checks the measured peak, in MiB. The kernel's accounts run ahead
// and behind by a batch for each processor, so a little less is fine.
func memoryNear(low, high int64) func(result) string {
	return func(r result) string {
		if r.Memory < (low<<20)-(1<<20) || r.Memory > high<<20 {
			return "peak memory is implausible"
		}
		return ""
	}
}

func timeLimits() []limitCheck {
	const limit = 200 * time.Millisecond
	cpu := isolate.Limits{CPU: limit, Processes: 64}
	over, exited := only(isolate.TimeLimit), only(isolate.Exited)
	tree, exact := needs(isolate.GapTree), needs(isolate.GapTree, isolate.GapSampled)
	return []limitCheck{
		{name: "wall limit", args: []string{"rest", "60000"}, limits: isolate.Limits{Wall: 300 * time.Millisecond},
			want: only(isolate.WallLimit), also: wallNear(300 * time.Millisecond)},
		{name: "wall time", args: []string{"rest", "200"}, want: exited, also: wallNear(200 * time.Millisecond)},
		{name: "CPU limit", args: []string{"work", "60000"}, limits: cpu, want: over, watched: true, also: cpuOver(limit)},
		{name: "CPU limit, threads", args: []string{"work_threads", "4", "150"}, limits: cpu, want: over, watched: true, also: cpuOver(limit)},
		{name: "CPU limit, children", args: []string{"work_children", "4", "150"}, limits: cpu, want: over, watched: true, also: cpuOver(limit), needs: tree},
		{name: "CPU limit, orphans", args: []string{"work_orphans", "8", "150"}, limits: cpu, want: over, watched: true, also: cpuOver(limit), needs: tree},
		{name: "CPU limit, short children", args: []string{"work_short", "600", "2"}, limits: cpu, want: over, watched: true, also: cpuOver(limit), needs: tree},
		{name: "CPU limit, unseen children", args: []string{"work_unseen", "40", "30"}, limits: cpu, want: over,
			watched: true, also: cpuOver(limit), needs: tree, weak: only(isolate.Exited)},
		{name: "CPU time", args: []string{"work", "300"}, want: exited, also: cpuNear(300 * time.Millisecond)},
		{name: "CPU time just below the limit", args: []string{"work", "300"}, limits: isolate.Limits{CPU: 400 * time.Millisecond},
			want: exited, also: cpuNear(300 * time.Millisecond)},
		{name: "CPU time of threads", args: []string{"work_threads", "3", "100"}, want: exited, also: cpuNear(300 * time.Millisecond)},
		{name: "CPU time of children", args: []string{"work_children", "3", "100"}, want: exited, also: cpuNear(300 * time.Millisecond)},
		{name: "CPU time of orphans", args: []string{"work_orphans", "3", "100"}, want: exited, watched: true, also: cpuNear(300 * time.Millisecond), needs: tree},
		{name: "CPU time of unseen children", args: []string{"work_unseen", "3", "100"}, want: exited, also: cpuNear(300 * time.Millisecond),
			needs: exact},
		{name: "no limits", args: []string{"work", "50"}, want: exited,
			limits: isolate.Limits{CPU: -1, Wall: -1, Memory: -1, Output: -1, Disk: -1, Inodes: -1, Processes: -1, OpenFiles: -1}},
	}
}

func memoryLimits() []limitCheck {
	exceeded, exited := only(isolate.MemoryLimit), only(isolate.Exited)
	small := isolate.Limits{Memory: 64 << 20}
	large := isolate.Limits{Memory: 256 << 20, Disk: 128 << 20}
	tree, exact := needs(isolate.GapTree), needs(isolate.GapTree, isolate.GapSampled)
	return []limitCheck{
		{name: "memory limit", args: []string{"use", "100"}, limits: small, want: exceeded, needs: tree},
		{name: "memory limit, shared", args: []string{"use_shared", "100"}, limits: small, want: exceeded, needs: tree},
		{name: "memory limit, children", args: []string{"use_children", "4", "30"}, limits: small, want: exceeded, needs: tree},
		{name: "memory limit, files", args: []string{"fill", "/tmp", "100"}, limits: isolate.Limits{Memory: 64 << 20, Disk: 128 << 20, Output: 128 << 20},
			want: exceeded, needs: exact},
		{name: "memory below the limit", args: []string{"use", "48"}, limits: small, want: exited, stdout: "used\n",
			also: memoryNear(48, 64), needs: tree},
		{name: "memory below the limit, inherited", args: []string{"use_inherited", "40", "3"}, limits: small, want: exited, stdout: "used\n",
			also: memoryNear(40, 64), needs: needs(isolate.GapTree, isolate.GapShared)},
		{name: "peak memory", args: []string{"use", "64"}, want: exited, also: memoryNear(64, 80), needs: tree},
		{name: "peak memory, shared", args: []string{"use_shared", "64"}, want: exited, also: memoryNear(64, 80), needs: tree},
		{name: "peak memory of children", args: []string{"use_children", "3", "32"}, want: exited, also: memoryNear(96, 112),
			needs: append(exact, isolate.GapPeak)},
		{name: "peak memory of little", args: []string{"calm"}, want: exited, also: memoryNear(0, 4), needs: exact},
		{name: "address space is free", args: []string{"reserve", "64"}, want: exited, stdout: "reserved\n", also: memoryNear(0, 24), needs: tree},
		{name: "deep recursion", args: []string{"recurse", "150"}, limits: large, want: exited, stdout: "returned\n", needs: tree},
		{name: "too deep recursion", args: []string{"recurse", "150"}, limits: small,
			want: only(isolate.MemoryLimit, isolate.Signaled), needs: tree},
	}
}

func countLimits() []limitCheck {
	exceeded, exited := only(isolate.OutputLimit), only(isolate.Exited)
	mebi := isolate.Limits{Output: 1 << 20}
	output, processes, disk := needs(isolate.GapOutput), needs(isolate.GapProcesses), needs(isolate.GapDisk)
	// One byte more may be let through, to tell too much from just enough.
	size := func(limit int) func(result) string {
		return func(r result) string {
			if len(r.stdout) > limit+1 || len(r.stderr) > limit+1 {
				return "more output than allowed"
			}
			return ""
		}
	}
	soon := func(r result) string {
		if r.Wall > wallSlack {
			return "was not stopped soon"
		}
		return size(1 << 20)(r)
	}
	return []limitCheck{
		{name: "output limit", args: []string{"output", "1", "2000000"}, limits: mebi, want: exceeded, also: size(1 << 20), needs: output},
		{name: "output limit, errors", args: []string{"output", "2", "2000000"}, limits: mebi, want: exceeded, also: size(1 << 20), needs: output},
		{name: "output without end", args: []string{"output_on", "1", "2000000"}, limits: mebi, want: exceeded, timed: true, watched: true, also: soon, needs: output},
		{name: "errors without end", args: []string{"output_on", "2", "2000000"}, limits: mebi, want: exceeded, timed: true, watched: true, also: soon, needs: output},
		{name: "output, then rest", args: []string{"output_rest", "2000000"}, limits: mebi, want: exceeded, timed: true, watched: true, also: soon, needs: output},
		{name: "output limit and an exit code", args: []string{"output_code", "2000000"}, limits: mebi, want: exceeded, also: size(1 << 20)},
		{name: "output limit of a file", args: []string{"output_file", "2000000"}, limits: mebi, want: exited},
		{name: "output just below the limit", args: []string{"output", "1", "1000000"}, limits: mebi, want: exited,
			stdout: strings.Repeat("o", 1_000_000)},
		{name: "output as large as the limit", args: []string{"output", "1", "1048576"}, limits: mebi, want: exited,
			stdout: strings.Repeat("o", 1<<20)},
		{name: "process limit", args: []string{"count_processes", "100"}, limits: isolate.Limits{Processes: 8}, want: exited,
			stdout: "8\n", needs: processes},
		{name: "one process", args: []string{"count_processes", "100"}, limits: isolate.Limits{Processes: 1}, want: exited,
			stdout: "1\n", needs: processes},
		{name: "open files", args: []string{"count_files", "1000"}, limits: isolate.Limits{OpenFiles: 64}, want: exited,
			stdout: "64\n", needs: needs(isolate.GapOpenFiles)},
		{name: "inodes", args: []string{"count_inodes", "1000"}, limits: isolate.Limits{Inodes: 100}, want: exited,
			stdout: "100\n", needs: disk},
		{name: "disk below the limit", args: []string{"fill", "/dev/shm", "7"}, limits: isolate.Limits{Disk: 8 << 20}, want: exited,
			stdout: "filled\n", needs: disk},
	}
}
