package verify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

const ms = time.Millisecond

// What is kept is used only if it says all that a new run would.
func TestTells(t *testing.T) {
	limit := judge.Limit{Time: 1000 * ms, Kill: 2000 * ms}
	for _, test := range []struct {
		verdict         verdict.Verdict
		cpu, time, kill time.Duration
		want            bool
	}{
		{verdict.Accepted, 500 * ms, 1000 * ms, 2000 * ms, true},
		{verdict.Accepted, 5000 * ms, 120_000 * ms, 120_000 * ms, true}, // too slow under this limit
		{verdict.WrongAnswer, 500 * ms, 600 * ms, 600 * ms, true},
		{verdict.TimeLimit, 700 * ms, 600 * ms, 1200 * ms, false}, // its output was not judged
		{verdict.TimeLimit, 2100 * ms, 1000 * ms, 2000 * ms, true},
		{verdict.TimeLimit, 1100 * ms, 1000 * ms, 1000 * ms, true}, // stopped at the limit, as it would be again
		{verdict.TimeLimit, 1100 * ms, 900 * ms, 900 * ms, false},  // nobody knows how much longer it takes
		{verdict.TimeLimit, 1100 * ms, 900 * ms, 1800 * ms, true},  // it ended by itself
		{verdict.IdleLimit, 0, 1000 * ms, 2000 * ms, true},
		{verdict.IdleLimit, 0, 500 * ms, 1000 * ms, false},
		{verdict.JudgeError, 0, 1000 * ms, 2000 * ms, false},
		{verdict.Pending, 0, 1000 * ms, 2000 * ms, false},
	} {
		k := kept{Event: judge.Event{Verdict: test.verdict, CPU: test.cpu}, Time: test.time, Kill: test.kill}
		if got := k.tells(limit); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// The margins of a time limit, and what is said of them.
func TestCheckLimit(t *testing.T) {
	for _, test := range []struct {
		stated     bool
		slow, fast time.Duration
		want       string
	}{
		{true, 400 * ms, 1600 * ms, ""},
		{true, 600 * ms, 1600 * ms, "time-limit-tight"},
		{false, 600 * ms, 3200 * ms, ""},
		{true, 400 * ms, 1400 * ms, "time-limit-loose"},
		{true, 900 * ms, 1200 * ms, "no-time-limit-fits time-limit-tight"},
		{false, 900 * ms, 1200 * ms, "no-time-limit-fits"},
	} {
		p := &problem.Problem{Limits: problem.Limits{ACToLimit: 2, LimitToTLE: 1.5, TimeResolution: 100 * ms}}
		w := &work{problem: p, report: &Report{}}
		l := &TimeLimit{
			Limit: 1000 * ms, Stated: test.stated, Slowest: &Timing{CPU: test.slow}, Fastest: &Timing{CPU: test.fast},
			Lower: 2, Upper: 1.5, Least: w.least(test.slow), Most: test.fast * 2 / 3,
		}
		w.checkLimit(l)
		var got []string
		for _, f := range w.findings {
			got = append(got, f.Rule)
		}
		if !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%+v: %q", test, w.findings)
		}
	}
}

// Jobs are done in the order of packages, of what waits for them, and of how
// long they take.
func TestOrderOfJobs(t *testing.T) {
	p := &pool{}
	p.come.L = &p.mu
	var got []int
	for _, j := range []struct {
		job
		place int
	}{
		{job{pack: 1, class: compileClass}, 5}, {job{class: dataClass}, 4}, {job{class: runClass, expected: 10 * ms}, 3},
		{job{class: runClass, expected: 20 * ms}, 1}, {job{class: runClass, expected: 20 * ms}, 2}, {job{class: compileClass}, 0},
	} {
		j.do = func() { got = append(got, j.place) }
		p.add(j.job)
	}
	p.wait.Go(p.work)
	p.close()
	if !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
		t.Errorf("%v", got)
	}
}
