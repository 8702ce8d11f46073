package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

// kept is a run of a submission on a test case, as it is kept for the next
// time: what happened, and under which limits.
type kept struct {
	Event judge.Event   `json:"event"`
	Time  time.Duration `json:"time_ns"` // see judge.Limit
	Kill  time.Duration `json:"kill_ns"`
	Alone bool          `json:"alone,omitempty"`
}

// stopped tells whether the run was stopped for its time.
func (k kept) stopped() bool { return k.Event.CPU >= k.Kill && k.Event.Verdict == verdict.TimeLimit }

// tells tells whether the run says all that another run with this limit would.
func (k kept) tells(limit judge.Limit) bool {
	switch k.Event.Verdict {
	case verdict.Pending, verdict.Skipped, verdict.JudgeError:
		return false
	case verdict.IdleLimit:
		return k.Time >= limit.Time
	case verdict.TimeLimit:
		return k.Event.CPU > limit.Time && (k.Time == limit.Time || k.Kill >= limit.Kill || !k.stopped())
	}
	return true
}

// runsKey names all that decides what the submission does but the test cases;
// "" if that cannot be told.
func (w *work) runsKey(s *sub) string {
	if s.compiled.Key == "" || w.validators == "" || w.Engine.LookUp == nil || w.Engine.Store == nil {
		return ""
	}
	c, l := w.Engine.Capabilities, w.problem.Limits
	h := sha256.New()
	fmt.Fprintln(h, w.helpers)
	fmt.Fprintf(h, "%s\n%q %q %q\n%s\n%s\n", w.Version, c.Backend, c.Cgroup, c.Weak, s.compiled.Key, w.validators)
	fmt.Fprintln(h, w.problem.Kind, w.problem.Draft, w.problem.Grading, l.Memory, l.Output, w.problem.FileWriting, w.Engine.Band)
	return "runs 1 " + hex.EncodeToString(h.Sum(nil))
}

// restore finds the runs of the submission that are kept.
func (w *work) restore(s *sub) {
	s.kept = map[string]kept{}
	s.key = w.runsKey(s)
	if s.key == "" || w.Fresh {
		return
	}
	if data, ok := w.Engine.LookUp(s.key); ok && json.Unmarshal(data, &s.kept) != nil {
		s.kept = map[string]kept{}
	}
	for _, k := range s.kept {
		if k.Time == generous && k.Event.Verdict == verdict.TimeLimit || k.Time == brief && k.Event.Verdict == verdict.IdleLimit {
			s.hopeless.Store(true)
		}
	}
}

// fromKept takes the result on a test case from what is kept.
func (w *work) fromKept(s *sub, i int, limit judge.Limit) bool {
	k, ok := s.kept[w.keys[i]]
	if !ok || k.Event.V != judge.Version || !k.tells(limit) {
		return false
	}
	s.results[i] = result{kept: k, known: true, cached: true}
	return true
}

// mostCarried is how many times as many runs as the package has test cases are
// kept, so that those of test cases that come back are still there.
const mostCarried = 4

// keepAll stores the runs and timings for the next time. That it fails is no
// harm.
func (w *work) keepAll() {
	for _, v := range w.validating {
		if v.checks != nil {
			v.checks.keep()
		}
	}
	if w.answers != nil {
		w.answers.keep()
	}
	ran := false
	for _, s := range w.subs {
		if !s.changed || s.key == "" {
			continue
		}
		ran = true
		if len(s.kept) > mostCarried*len(w.cases) {
			s.kept = w.current(s)
		}
		if data, err := json.Marshal(s.kept); err == nil {
			_ = w.Engine.Store(s.key, data)
		}
	}
	if ran {
		w.storeTimings()
	}
}

// current returns the kept runs on the test cases of the package.
func (w *work) current(s *sub) map[string]kept {
	now := map[string]kept{}
	for _, key := range w.keys {
		if k, ok := s.kept[key]; ok {
			now[key] = k
		}
	}
	return now
}

// timings are how long submissions took on test cases at the last time, in
// milliseconds of CPU time, by path and name.
type timings map[string]map[string]int64

func (w *work) timingsKey() string { return "timings 1\n" + w.problem.Dir }

func (w *work) loadTimings() timings {
	t := timings{}
	if w.Engine.LookUp == nil {
		return t
	}
	if data, ok := w.Engine.LookUp(w.timingsKey()); ok && json.Unmarshal(data, &t) != nil {
		return timings{}
	}
	return t
}

func (w *work) storeTimings() {
	t := timings{}
	for _, s := range w.subs {
		t[s.Path] = map[string]int64{}
		for i, c := range w.cases {
			if r := s.results[w.first[i]]; r.known {
				t[s.Path][c.Name] = r.Event.CPU.Milliseconds()
			}
		}
	}
	if data, err := json.Marshal(t); err == nil {
		_ = w.Engine.Store(w.timingsKey(), data)
	}
}

// of returns how long a submission took on a test case.
func (t timings) of(submission, name string) (time.Duration, bool) {
	ms, ok := t[submission][name]
	return time.Duration(ms) * time.Millisecond, ok
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
