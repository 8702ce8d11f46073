package judge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

// diligent uses as many seconds of CPU time as its input says.
const diligent = `import time
seconds = float(input())
while time.process_time() < seconds: pass
print("yes")
`

// diligence makes a package with a time limit of half a second.
func diligence(seconds ...float64) files {
	words := make([]string, len(seconds))
	for i, s := range seconds {
		words[i] = fmt.Sprint(s)
	}
	return files{".timelimit": "0.5\n"}.with(commands(words...))
}

// crowded is a sandbox in which runs that have company use 0.15 s more: the
// noise of a bad machine, at will.
type crowded struct {
	box
	active, alone atomic.Int32
}

func (s *crowded) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	company := s.active.Add(1) > 1
	exit, err := s.box.Run(ctx, cmd)
	company = s.active.Add(-1) > 0 || company
	if company {
		exit.CPU += 150 * time.Millisecond
	} else {
		s.alone.Add(1)
	}
	return exit, err
}

// again returns the indexes of the test cases that ran alone after a run
// beside others.
func again(r *judge.Report) (indexes []int) {
	for i, c := range r.Cases {
		if c.Beside > 0 {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// What a test case uses in company does not decide where it is near the limit.
func TestCompanyDoesNotDecide(t *testing.T) {
	p := load(t, diligence(0.4, 0.4, 0.4, 0.4))
	s := source(t, "main.py", diligent)
	for _, test := range []struct {
		band float64
		want verdict.Verdict
	}{{0.25, verdict.Accepted}, {0, verdict.TimeLimit}} {
		cfg := config(t, openNative(t))
		box := &crowded{box: openNative(t)}
		cfg.Sandbox, cfg.Band = box, test.band
		r := run(t, p, s, cfg)
		if r.Verdict != test.want {
			t.Errorf("band %g: got %s, want %s", test.band, verdicts(r), test.want)
		}
		cured := slices.ContainsFunc(r.Cases, func(c judge.Event) bool {
			return c.Beside > r.Limits.TimeLimit && c.CPU < r.Limits.TimeLimit
		})
		if cured != (test.band > 0) {
			t.Errorf("band %g: a run alone changed a verdict is %v: %+v", test.band, cured, r.Cases)
		}
	}
}

// Only what is near the limit or beyond runs again, and nothing does that was
// alone in the first place.
func TestOnlyWhatIsNearTheLimitRunsAgain(t *testing.T) {
	p := load(t, diligence(0.1, 0.44, 0.56, 5, 0.1))
	s := source(t, "main.py", diligent)
	for _, test := range []struct {
		jobs        int
		some, atAll []int // must run again, may run again
	}{{2, []int{1, 2}, []int{1, 2, 3}}, {1, nil, nil}} { // the fourth one may happen to be alone
		cfg := config(t, openNative(t))
		cfg.Jobs, cfg.Band = test.jobs, 0.2
		r := run(t, p, s, cfg)
		if got, want := verdicts(r), "AC AC TLE TLE AC = TLE"; got != want {
			t.Errorf("jobs %d: got %s, want %s", test.jobs, got, want)
		}
		if got := again(r); !slices.Equal(got, test.some) && !slices.Equal(got, test.atAll) {
			t.Errorf("jobs %d: ran again %v, want %v or %v", test.jobs, got, test.some, test.atAll)
		}
	}
}

// A submission that uses its time up on every test case does not run twice on
// every test case.
func TestRunningAgainIsBounded(t *testing.T) {
	p := load(t, files{}.with(diligence(slices.Repeat([]float64{0.09}, 16)...)).with(files{".timelimit": "0.1\n"}))
	cfg := config(t, openNative(t))
	cfg.Band = 0.5
	r := run(t, p, source(t, "main.py", diligent), cfg)
	flips := 0
	for _, c := range r.Cases {
		if (c.Beside > r.Limits.TimeLimit) != (c.CPU > r.Limits.TimeLimit) && c.Beside > 0 {
			flips++ // by chance, on a noisy machine
		}
	}
	if got := len(again(r)); got < 3 || got > 6*(flips+1) {
		t.Errorf("%d test cases ran again, of which %d had another verdict then", got, flips)
	}
}

// A time limit is derived from what the slowest test case uses alone.
func TestDerivedLimitsAreOfRunsAlone(t *testing.T) {
	f := files{".timelimit": "", "submissions/accepted/main.py": diligent, "problem.yaml": "name: Test\nlimits:\n  time_multiplier: 1\n"}
	p := load(t, diligence(0.2, 0.4, 0.3, 0.1).with(f))
	cfg := config(t, openNative(t))
	cfg.Sandbox = &crowded{box: openNative(t)}
	if r := run(t, p, source(t, "main.py", diligent), cfg); r.Limits.TimeLimit != time.Second || !strings.Contains(r.Limits.TimeLimitSource, "took 0.4") {
		t.Errorf("the limit is %v, %s", r.Limits.TimeLimit, r.Limits.TimeLimitSource)
	}
}

const whereabouts = `read -r word
grep Cpus_allowed_list /proc/self/status | cut -f 2 >&2
sleep 0.2
echo yes
`

// Each test case has a processor to itself, as its validator has, and a
// compiler has all of them.
func TestCasesHaveTheirOwnProcessors(t *testing.T) {
	cpus, err := cores.Allowed()
	if err != nil || len(cpus) < 2 {
		t.Fatalf("needs two processors, has %v, %v", cpus, err)
	}
	p := load(t, commands("a", "b", "c", "d", "e", "f"))
	cfg := config(t, openNative(t))
	cfg.Places = cores.NewPool(2, cpus)
	r := run(t, p, source(t, "main.sh", whereabouts), cfg)
	at := map[string]int{}
	for _, c := range r.Cases {
		at[c.Stderr]++
	}
	if want := fmt.Sprint(cpus[0]); len(at) != 2 || at[want] == 0 || r.Verdict != verdict.Accepted {
		t.Errorf("%s; test cases by processor: %v", verdicts(r), at)
	}
}

// starving is a sandbox whose first run of each wall limit comes to no end.
type starving struct {
	box
	waited time.Duration // of a second
	cpu    time.Duration
}

func (s *starving) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if cmd.Limits.Wall < 5*time.Second {
		return isolate.Exit{Status: isolate.WallLimit, CPU: s.cpu, Wall: time.Second, Waited: s.waited}, nil
	}
	return s.box.Run(ctx, cmd)
}

// A program that the machine had no time for runs again, more patiently, and
// one that slept does not.
func TestStarvedRunsAreRepeated(t *testing.T) {
	p := load(t, diligence(0.1))
	s := source(t, "main.py", diligent)
	for _, test := range []struct {
		waited, cpu time.Duration
		want        verdict.Verdict
	}{
		{900 * time.Millisecond, 10 * time.Millisecond, verdict.Accepted},
		{time.Millisecond, 300 * time.Millisecond, verdict.IdleLimit},
		{0, 300 * time.Millisecond, verdict.Accepted}, // not known, so its CPU time speaks
		{0, 10 * time.Millisecond, verdict.IdleLimit},
	} {
		cfg := config(t, openNative(t))
		cfg.Sandbox = &starving{openNative(t), test.waited, test.cpu}
		if r := run(t, p, s, cfg); r.Verdict != test.want {
			t.Errorf("waited %v, used %v: got %v, want %v", test.waited, test.cpu, r.Verdict, test.want)
		}
	}
}
